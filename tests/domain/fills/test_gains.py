"""The realized gains are the broker's own, and what is missing in the table is named."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.coverage import Coverage, gaps
from psf_monitor.domain.fills.gains import COVER, SELL, Gains, realized
from psf_monitor.domain.fills.journal_records import RecordedFill
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.market_hours import session_of
from tests.support.fill_records import fill
from tests.support.records import GUN, NOON

ACCOUNT = "U1240821"
YEAR_END = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)


def whole_year() -> list[Coverage]:
    """Every trading day of 2026 watched until its close."""
    days = (date(2026, 1, 1) + timedelta(days=n) for n in range(365))
    return [
        Coverage(day, GUN, ACCOUNT, session[0], session[1]) for day in days if (session := session_of(day))
    ]


def closing(side: str = "SELL", pnl: float | None = 12.5, fill_id: str = "1", **details: Any) -> RecordedFill:
    given = {"commission": 1.0, "quantity": 100, "price": 25.0} | details
    return RecordedFill(fill(fill_id, side=side, realized_pnl=pnl, **given), NOON)


def table(*kept: RecordedFill, watched: list[Coverage] | None = None, now: datetime = YEAR_END) -> Gains:
    return realized(ACCOUNT, 2026, kept, whole_year() if watched is None else watched, now)


def test_that_a_sale_has_its_proceeds_after_commission_and_the_cost_that_the_gain_implies() -> None:
    (row,) = table(closing("SELL", 12.5)).rows
    assert (row.action, row.quantity, row.day, row.symbol) == (SELL, 100, date(2026, 9, 18), "CIM PRB")
    assert (row.proceeds, row.cost_basis, row.gain) == (2499.0, 2486.5, 12.5)


def test_that_a_cover_has_its_cost_with_commission_and_the_proceeds_that_the_gain_implies() -> None:
    (row,) = table(closing("BUY", -30.0)).rows
    assert (row.action, row.cost_basis, row.proceeds, row.gain) == (COVER, 2501.0, 2471.0, -30.0)


def test_that_a_multiplier_counts() -> None:
    option = Instrument(7, "SPY 261218C00600000", "OPT", multiplier=100.0)
    sold = closing("SELL", 40.0, quantity=2, price=3.0)
    (row,) = table(RecordedFill(replace(sold.fill, instrument=option), NOON)).rows
    assert (row.proceeds, row.cost_basis) == (599.0, 559.0)


def test_that_executions_that_opened_or_added_are_neither_rows_nor_missing() -> None:
    found = table(closing("BUY", None), closing("SELL", None, "2"))
    assert found.rows == ()
    assert found.missing == ()


def test_that_a_rebate_adds_to_the_proceeds() -> None:
    (row,) = table(closing("SELL", 10.0, commission=-0.5)).rows
    assert (row.proceeds, row.cost_basis) == (2500.5, 2490.5)


@pytest.mark.parametrize(
    ("kept", "message"),
    [
        (
            closing(pnl=None, commission=None),
            "IBKR has not reported the cost of 1 execution: CIM PRB on 2026-09-18.",
        ),
        (closing(pnl=5.0, commission=None), "IBKR has not reported the cost of 1 execution: "),
        (closing(pnl=0.0), "exactly 0, which may mean that nothing was closed: CIM PRB on 2026-09-18."),
        (closing(quantity=None), "not the whole trade: CIM PRB on 2026-09-18."),
        (closing(price=None), "not the whole trade: "),
        (closing("SSHORT"), "not the whole trade: "),
        (
            closing(mode=AccountMode.HAMMER_PRO),
            "HAMMER reports no realized P&L: 1 execution of its account left out.",
        ),
    ],
)
def test_that_a_fill_that_cannot_be_a_row_is_reported(kept: RecordedFill, message: str) -> None:
    found = table(kept)
    assert found.rows == ()
    (sentence,) = found.missing
    assert message in sentence


def test_that_a_cost_in_another_currency_is_reported() -> None:
    sold = closing()
    foreign = replace(sold.fill, commission_currency="EUR")
    unnamed = replace(sold.fill, fill_id="2", commission_currency=None)
    found = table(RecordedFill(foreign, NOON), RecordedFill(unnamed, NOON))
    assert found.rows == ()
    assert found.missing == (
        "The cost and the P&L are not in the currency of the contract: CIM PRB on 2026-09-18 (2).",
    )


def test_that_currencies_are_never_added_together() -> None:
    euro = replace(closing().fill, fill_id="2", instrument=Instrument(9, "ADS", currency="EUR"))
    euro = replace(euro, commission_currency="EUR")
    found = table(closing(), closing(fill_id="3"), RecordedFill(euro, NOON))
    assert [(each.currency, each.rows, each.gain) for each in found.sums] == [
        ("EUR", 1, 12.5),
        ("USD", 2, 25.0),
    ]
    assert found.sums[1].proceeds - found.sums[1].cost_basis == found.sums[1].gain


def test_that_a_combination_beside_its_legs_counts_once() -> None:
    legs = [closing(fill_id=f"leg{n}", perm_id=5) for n in range(2)]
    found = table(*legs, closing(fill_id="bag", perm_id=5, kind="BAG"))
    assert [row.broker_id for row in found.rows] == ["leg0.01", "leg1.01"]


def test_that_a_combination_without_its_legs_is_flagged_and_no_row_at_a_worth_that_nobody_reported() -> None:
    bag = closing(kind="BAG", quantity=5, price=-1.85)
    found = table(bag)
    assert found.rows == ()
    assert found.missing == (
        "TWS reported no legs of a combination, and what its price is worth its legs say: "
        "CIM PRB combo on 2026-09-18.",
    )


def test_that_other_accounts_and_other_years_are_not_in_it() -> None:
    other = closing(fill_id="2", account="U999")
    last_year = closing(fill_id="3", at=datetime(2025, 12, 31, 20, 0, tzinfo=UTC))
    # Still New York's 31st of December; from 20:00 on it is booked on the next trading day.
    late = closing(fill_id="4", at=datetime(2027, 1, 1, 0, 59, tzinfo=UTC))
    overnight = closing(fill_id="5", at=datetime(2027, 1, 1, 1, 0, tzinfo=UTC))
    found = table(closing(), other, last_year, late, overnight)
    assert [row.broker_id for row in found.rows] == ["1.01", "4.01"]


def test_that_days_on_which_nothing_was_watched_are_reported() -> None:
    kept = [w for w in whole_year() if w.day not in (date(2026, 3, 4), date(2026, 7, 6), date(2026, 7, 7))]
    kept = [w for w in kept if w.day != date(2026, 5, 5)]
    half = session_of(date(2026, 5, 5))
    assert half is not None
    kept.append(Coverage(date(2026, 5, 5), GUN, ACCOUNT, half[0], half[1] - timedelta(minutes=40)))
    assert table(watched=sorted(kept, key=lambda w: w.day)).missing == (
        "Nothing was watched on 2026-03-04.",
        "2026-05-05 was watched until 15:20:00 New York; the session ends at 16:00:00.",
        "Nothing was watched on 2 trading days, 2026-07-06 to 2026-07-07.",
    )


def test_that_days_to_come_are_not_missing_and_today_only_once_it_began() -> None:
    first, today = date(2026, 9, 18), date(2026, 9, 21)
    friday = [Coverage(first, GUN, ACCOUNT, NOON, NOON + timedelta(hours=5))]
    before_the_open = datetime(2026, 9, 21, 12, 0, tzinfo=UTC)
    assert gaps(friday, first, date(2026, 12, 31), before_the_open) == []
    during = datetime(2026, 9, 21, 15, 0, tzinfo=UTC)
    assert gaps(friday, first, date(2026, 12, 31), during) == [f"Nothing was watched on {today}."]


_money = st.floats(-1e6, 1e6, allow_nan=False)


@given(
    st.lists(
        st.builds(
            closing,
            side=st.sampled_from(["BUY", "SELL", "?"]),
            pnl=st.none() | _money,
            fill_id=st.uuids().map(str),
            commission=st.none() | _money,
            quantity=st.none() | st.floats(0.01, 1e6),
            price=st.none() | st.floats(0.01, 1e4),
        ),
        max_size=12,
    )
)
def test_that_every_execution_is_a_row_or_opened_or_is_counted_as_missing(kept: list[RecordedFill]) -> None:
    found = table(*kept)
    opened = sum(each.fill.is_reported and each.fill.realized_pnl is None for each in kept)
    left_out = len(kept) - opened - len(found.rows)
    assert (left_out > 0) == bool(found.missing)
    for row in found.rows:
        assert row.gain == next(k.fill.realized_pnl for k in kept if k.fill.broker_id == row.broker_id)
        assert row.proceeds - row.cost_basis == pytest.approx(row.gain, abs=1e-3)
