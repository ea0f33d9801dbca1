"""Executions that are reported more than once, and the totals of a day."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from psf_monitor.domain.fills.fill_totals import counted, totals
from psf_monitor.domain.fills.merge import merged_fill
from tests.support.fill_records import fill
from tests.support.records import GUN, PED


def test_that_a_correction_replaces_whenever_it_comes() -> None:
    first, corrected = fill(price=24.5), fill(revision=2, price=24.45)
    assert merged_fill(first, corrected) == corrected
    assert merged_fill(corrected, first) == corrected


def test_that_a_cost_that_came_joins_and_stays() -> None:
    bare, reported = fill(), fill(commission=1.0, realized_pnl=12.5)
    assert merged_fill(bare, reported) == reported
    assert merged_fill(reported, bare) == reported


def test_that_the_cost_of_what_was_corrected_is_not_that_of_the_correction() -> None:
    corrected = merged_fill(fill(commission=1.0), fill(revision=2, quantity=90))
    assert (corrected.quantity, corrected.commission) == (90, None)


def test_that_an_execution_reached_by_two_profiles_is_the_first_ones() -> None:
    gun, ped = fill(mode=GUN), fill(mode=PED, revision=2)
    assert merged_fill(gun, ped) == replace(ped, mode=GUN)
    assert merged_fill(ped, gun) == replace(ped, mode=GUN)


# Totals.


def test_that_a_day_is_added_up_for_each_account_and_symbol() -> None:
    day = [
        fill("a", quantity=100, price=24.0, commission=1.0),
        fill("b", quantity=300, price=25.0, commission=1.5),
        fill("c", side="SELL", quantity=150, price=26.0, commission=1.25, realized_pnl=180.5),
        fill("d", "SPY", quantity=5, price=600.0),
        fill("e", account="U2", quantity=7, price=20.0),
    ]
    first, spy, other = totals(day)
    assert (first.account, first.symbol, first.fills) == ("U1240821", "CIM PRB", 3)
    assert (first.bought, first.bought_average) == (400, 24.75)
    assert (first.sold, first.sold_average, first.net) == (150, 26.0, 250)
    assert (first.commission, first.realized_pnl, first.currency) == (3.75, 180.5, "USD")
    assert (first.without_commission, first.without_realized, first.unknown) == (0, 0, 0)
    assert (spy.symbol, spy.bought, spy.sold_average, spy.commission) == ("SPY", 5, None, None)
    assert (other.account, other.net) == ("U2", 7)


def test_that_unreported_fills_are_counted_and_not_guessed() -> None:
    (total,) = totals([fill("a", commission=1.0), fill("b"), fill("c", side="SELL")])
    assert (total.commission, total.without_commission, total.without_realized) == (1.0, 2, 2)
    assert total.realized_pnl is None


@pytest.mark.parametrize("unknown", [{"quantity": None}, {"price": None}, {"side": "EXCH"}])
def test_that_an_execution_that_is_not_known_in_full_is_in_no_quantity(unknown: dict[str, object]) -> None:
    (total,) = totals([fill("a"), fill("b", **unknown)])  # type: ignore[arg-type]
    assert (total.fills, total.bought, total.sold, total.unknown) == (2, 100, 0, 1)


def test_that_costs_in_two_currencies_are_not_added() -> None:
    euro = replace(fill("b", commission=1.0, realized_pnl=2.0), commission_currency="EUR")
    (total,) = totals([fill("a", commission=1.0, realized_pnl=3.0), euro])
    assert (total.commission, total.realized_pnl, total.currency) == (None, None, None)


def test_that_two_instruments_of_one_name_are_two_totals() -> None:
    other = fill("b")
    other = replace(other, instrument=structs.replace(other.instrument, con_id=1))
    assert [total.bought for total in totals([fill("a"), other])] == [100, 100]


def test_that_a_combination_is_not_counted_beside_its_legs() -> None:
    legs = [
        fill("1", "ESZ6", kind="FUT", quantity=2, price=6000.0, perm_id=7, commission=4.0),
        fill("2", "ESH7", "SELL", kind="FUT", quantity=2, price=6050.0, perm_id=7, commission=4.0),
    ]
    whole = fill("0", "ES combo", kind="BAG", quantity=2, price=50.0, perm_id=7)
    assert [total.symbol for total in totals([whole, *legs])] == ["ESH7", "ESZ6"]
    assert [total.symbol for total in totals([whole])] == ["ES combo"]
    of_another_order = replace(whole, perm_id=8)
    assert len(counted([of_another_order, *legs])) == 3


def test_that_combinations_without_a_perm_id_go_by_their_order() -> None:
    whole = fill("0", kind="BAG", client_id=3, order_id=11)
    leg = fill("1", "SPY", client_id=3, order_id=11)
    assert counted([whole, leg]) == [leg]
    assert len(counted([whole, replace(leg, order_id=12)])) == 2


_AMOUNTS = st.none() | st.integers(-10_000, 10_000).map(lambda cents: cents / 100)


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["CIM PRB", "SPY"]),
            st.sampled_from(["BUY", "SELL", "?"]),
            st.none() | st.integers(1, 900),
            st.none() | st.integers(1, 9_999).map(lambda cents: cents / 100),
            _AMOUNTS,
            _AMOUNTS,
        ),
        max_size=12,
    ),
    seed=st.integers(),
)
def test_that_the_order_in_which_a_day_is_read_changes_no_total(
    rows: list[tuple[str, str, float | None, float | None, float | None, float | None]], seed: int
) -> None:
    day = [
        fill(str(n), symbol, side, quantity, price, commission=commission, realized_pnl=realized)
        for n, (symbol, side, quantity, price, commission, realized) in enumerate(rows)
    ]
    shuffled = random.Random(seed).sample(day, len(day))
    assert totals(shuffled) == totals(day)
    assert sum(total.fills for total in totals(day)) == len(day)
