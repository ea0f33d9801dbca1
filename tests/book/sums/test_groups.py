"""Subtotals add up to the total whatever is held; what is unknown is in none of them, and named."""

from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.book.rows import PositionRow, QuoteState
from psf_monitor.book.sums.groups import GroupBy, grouped
from psf_monitor.book.sums.totals import Totals, counted_modes, not_valued, totals_of
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.instrument import issuer
from psf_monitor.domain.position import PositionKey
from tests.conftest import named_in_failure
from tests.support.records import GUN, NOON, PED
from tests.ui.rows import a_position

HAMMER = AccountMode.HAMMER_PRO
SYMBOLS = ("CIM PRB", "CIM PRD", "AGNCN", "AGNCP", "NLY PRF", "TWO PRB")
MONEY = st.one_of(st.none(), st.floats(-1e6, 1e6))
FIGURES = ("market_value", "long_value", "short_value", "cost_basis", "unrealized_pnl", "day_pnl")
COUNTS = ("positions", "without_quote", "without_quantity", "without_cost", "without_close")


@st.composite
def held(draw: st.DrawFn) -> PositionRow:
    value = draw(MONEY)
    return a_position(
        draw(st.sampled_from(SYMBOLS)),
        mode=draw(st.sampled_from(list(AccountMode))),
        key=PositionKey("U1", draw(st.integers(1, 10**6))),
        market_value=value,
        unrealized_pnl=None if value is None else draw(MONEY),
        day_pnl=None if value is None else draw(MONEY),
        quote_state=draw(st.sampled_from([QuoteState.LIVE, QuoteState.FROZEN])),
        is_excluded=draw(st.booleans()),
    )._replace(quantity=draw(st.one_of(st.none(), st.integers(-9999, 9999).map(float))))


def amount(totals: Totals, name: str) -> float:
    return getattr(totals, name) or 0.0


@given(st.lists(held(), max_size=30), st.sampled_from([GroupBy.SHARE, GroupBy.ISSUER, GroupBy.LOGIN]))
def test_that_subtotals_add_up_to_the_total(rows: list[PositionRow], by: GroupBy) -> None:
    modes = counted_modes({row.mode for row in rows})
    whole = totals_of(rows, modes)
    groups = grouped(rows, by, modes)
    for name in FIGURES:
        summed = sum(amount(group.totals, name) for group in groups)
        assert isclose(summed, amount(whole, name), rel_tol=1e-9, abs_tol=1e-6)
    for name in COUNTS:
        assert sum(getattr(group.totals, name) for group in groups) == getattr(whole, name)
    assert any(group.totals.is_frozen for group in groups) is whole.is_frozen
    assert sorted(row.key.con_id for group in groups for row in group.rows) == sorted(
        row.key.con_id for row in rows
    )
    assert sum(group.uncounted for group in groups) == len(rows) - whole.positions


@given(st.lists(held(), min_size=1, max_size=30))
def test_that_unknown_amounts_are_in_no_sum_and_are_named(rows: list[PositionRow]) -> None:
    for group in grouped(rows, GroupBy.ISSUER, tuple(AccountMode)):
        reported = [row for row in group.rows if not row.is_excluded]
        known = [r.market_value for r in reported if r.quantity is not None and r.market_value is not None]
        assert isclose(amount(group.totals, "market_value"), sum(known), rel_tol=1e-9, abs_tol=1e-6)
        unknown = len(reported) - len(known)
        text = " ".join(not_valued(group.totals))
        assert ("without quote" in text or "unknown quantity" in text) is bool(unknown)


def test_that_the_issuer_is_the_root_of_the_symbol() -> None:
    for symbol, root in (
        ("CIM PRB", "CIM"),
        ("AGNCN", "AGNC"),
        ("AGNCP", "AGNC"),
        ("AGNCL", "AGNC"),
        ("RILYZ", "RILY"),
        ("AGNC", "AGNC"),
        ("GOOGL", "GOOG"),
        ("CMCSA", "CMCSA"),
        ("T PRC", "T"),
        ("BRK B", "BRK"),
        ("SPY", "SPY"),
        ("", ""),
    ):
        with named_in_failure(symbol, root):
            assert issuer(symbol) == root


def test_that_the_same_share_in_both_logins_is_one_group() -> None:
    rows = [a_position(), a_position(mode=PED), a_position("CIM PRD"), a_position(currency="CAD")]
    shares = grouped(rows, GroupBy.SHARE, (GUN, PED))
    assert [(group.name, len(group.rows)) for group in shares] == [
        ("CIM PRB", 2),
        ("CIM PRB", 1),
        ("CIM PRD", 1),
    ]
    (cim,) = grouped(rows[:3], GroupBy.ISSUER, (GUN, PED))
    assert (cim.name, cim.shares, len(cim.rows)) == ("CIM", 2, 3)


def test_that_hammers_own_account_is_added_to_no_login_of_ibkr() -> None:
    rows = [a_position(), a_position(mode=HAMMER)]
    (group,) = grouped(rows, GroupBy.SHARE, counted_modes((GUN, HAMMER)))
    assert (group.totals.market_value, group.uncounted) == (73_650, 1)
    (alone,) = grouped(rows[1:], GroupBy.SHARE, counted_modes((HAMMER,)))
    assert (alone.totals.market_value, alone.uncounted) == (73_650, 0)


def test_that_currencies_are_never_added() -> None:
    rows = [a_position(), a_position("CIM PRD", currency="CAD")]
    (cim,) = grouped(rows, GroupBy.ISSUER, (GUN,))
    assert (cim.totals.market_value, cim.totals.other_currencies) == (None, ("CAD", "USD"))


def test_that_a_frozen_row_marks_its_group_alone() -> None:
    frozen = a_position("NLY PRF", quote_state=QuoteState.FROZEN)
    lost = a_position("MS PRK", stale_since=NOON)
    groups = grouped([a_position(), frozen, lost], GroupBy.SHARE, (GUN,))
    assert {group.name: group.totals.is_frozen for group in groups} == {
        "CIM PRB": False,
        "MS PRK": True,
        "NLY PRF": True,
    }
