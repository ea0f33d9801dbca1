"""Arithmetic that the trader checks with a pocket calculator."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.domain import valuation
from psf_monitor.domain.position import Position
from psf_monitor.domain.quote import Quote
from psf_monitor.domain.valuation import MarkRule, MarkSource
from tests.conftest import named_in_failure
from tests.support.records import position

QUOTE = Quote(bid=24.52, ask=24.60, last=24.55, prev_close=24.47)

prices = st.integers(1, 200_000).map(lambda ticks: ticks / 100)
maybe_prices = st.none() | prices


def test_that_the_mark_is_last_held_inside_bid_and_ask() -> None:
    for bid, ask, last, expected in (
        (24.52, 24.60, 24.55, (24.55, MarkSource.LAST)),
        (24.52, 24.60, 24.40, (24.52, MarkSource.BID)),
        (24.52, 24.60, 24.90, (24.60, MarkSource.ASK)),
        (24.52, 24.60, None, (24.56, MarkSource.MID)),
        (24.52, None, 24.40, (24.52, MarkSource.BID)),
        (24.52, None, 24.90, (24.90, MarkSource.LAST)),
        (None, 24.60, 24.90, (24.60, MarkSource.ASK)),
        (None, 24.60, None, (24.60, MarkSource.ASK)),
        (24.52, None, None, (24.52, MarkSource.BID)),
        (24.60, 24.52, 24.55, (24.55, MarkSource.LAST)),
        (24.60, 24.52, None, None),
        (24.60, 24.60, None, (24.60, MarkSource.MID)),
        (None, None, 24.55, (24.55, MarkSource.LAST)),
        (None, None, None, None),
    ):
        with named_in_failure(bid, ask, last, expected):
            marked = valuation.mark(Quote(bid=bid, ask=ask, last=last))
            assert (marked and marked[1]) == (expected and expected[1])
            assert (marked and marked[0]) == pytest.approx(expected and expected[0])


@given(bid=maybe_prices, ask=maybe_prices, last=maybe_prices)
def test_that_a_mark_never_leaves_an_uncrossed_market(
    bid: float | None, ask: float | None, last: float | None
) -> None:
    marked = valuation.mark(Quote(bid=bid, ask=ask, last=last))
    has_no_price = valuation.is_crossed(bid, ask) or valuation.is_stub(bid, ask, None)
    assert (marked is None) == (last is None and (has_no_price or (bid is None and ask is None)))
    if marked and bid is not None and ask is not None and bid <= ask:
        assert bid <= marked[0] <= ask


def test_that_nothing_is_valued_at_a_stub_quote() -> None:
    for bid, ask, last, close, expected in (
        (0.01, 199_999.99, None, 24.4, None),
        (0.01, 199_999.99, 24.55, 24.4, (24.55, MarkSource.LAST)),
        (18.0, 30.0, None, 24.4, None),
        (18.0, 30.0, 24.55, 24.4, (24.55, MarkSource.LAST)),
        (18.0, 30.0, 17.0, 24.4, (18.0, MarkSource.BID)),
        (21.0, 28.0, None, 24.4, (24.5, MarkSource.MID)),
        (None, 199_999.99, None, 24.4, None),
        (0.01, None, None, 24.4, None),
        (23.0, None, None, 24.4, (23.0, MarkSource.BID)),
        (None, 25.0, None, 24.4, (25.0, MarkSource.ASK)),
    ):
        with named_in_failure(bid, ask, last, close):
            quote = Quote(bid=bid, ask=ask, last=last, prev_close=close)
            for rule in MarkRule:
                is_middle = rule is MarkRule.MID and (bid, ask) == (21.0, 28.0)
                right = (24.5, MarkSource.MID) if is_middle else expected
                if rule is MarkRule.LAST and last is not None:
                    right = (last, MarkSource.LAST)
                assert valuation.mark(quote, rule) == right, rule


def profit(held: Position, price: float) -> float | None:
    return valuation.unrealized_pnl(valuation.market_value(held, price), valuation.cost_basis(held))


def test_that_a_long_position_is_valued_at_the_mark() -> None:
    held = position(quantity=3000, average_cost=23.4186)
    assert valuation.market_value(held, 24.55) == pytest.approx(73_650)
    assert profit(held, 24.55) == pytest.approx(3_394.2)


def test_that_a_short_position_is_worth_less_than_nothing_and_gains_when_the_price_falls() -> None:
    held = position(quantity=-800, average_cost=21.642)
    assert valuation.market_value(held, 21.5) == pytest.approx(-17_200)
    assert profit(held, 21.5) == pytest.approx(113.6)


def test_that_the_average_cost_of_a_future_already_holds_its_multiplier() -> None:
    held = position("ESU6", 1, 315_114.75, kind="FUT", multiplier=50.0)
    assert held.average_price == pytest.approx(6_302.295)
    assert valuation.market_value(held, 6_300) == pytest.approx(315_000)
    assert profit(held, 6_300) == pytest.approx(-114.75)


def test_that_an_unreadable_multiplier_leaves_every_value_unknown() -> None:
    held = position(multiplier=None)
    assert held.average_price is None
    assert valuation.market_value(held, 24) is None
    assert profit(held, 24) is None


def test_that_an_unknown_cost_leaves_the_profit_unknown() -> None:
    assert profit(position(average_cost=None), 24.0) is None


@given(left=prices, right=prices)
def test_that_a_rounded_difference_is_never_minus_zero(left: float, right: float) -> None:
    difference = valuation.rounded(left - right)
    assert difference is not None
    assert str(difference) != "-0.0"
    assert difference == pytest.approx(left - right, abs=1e-4)


def test_that_prices_below_a_cent_differ_by_less_than_a_hundredth_of_one() -> None:
    assert valuation.difference(0.00003, 0.00001) == 0.00002
    assert valuation.difference(24.55, 24.549999237) == 0.0


def test_that_a_position_is_marked_by_the_rule_that_the_trader_chose() -> None:
    for rule, bid, ask, last, expected in (
        (MarkRule.HELD, 24.0, 24.2, 24.5, (24.2, MarkSource.ASK)),
        (MarkRule.LAST, 24.0, 24.2, 24.5, (24.5, MarkSource.LAST)),
        (MarkRule.LAST, 24.0, 24.2, None, (24.1, MarkSource.MID)),
        (MarkRule.LAST, 24.0, None, None, (24.0, MarkSource.BID)),
        (MarkRule.MID, 24.0, 24.2, 24.5, (24.1, MarkSource.MID)),
        (MarkRule.MID, 24.0, None, 24.5, (24.5, MarkSource.LAST)),
        (MarkRule.MID, None, 24.2, 24.5, (24.2, MarkSource.ASK)),
        (MarkRule.MID, 24.3, 24.2, 24.5, (24.5, MarkSource.LAST)),
        (MarkRule.MID, 24.3, 24.2, None, None),
        (MarkRule.LAST, 24.3, 24.2, None, None),
        (MarkRule.MID, None, None, None, None),
        (MarkRule.LAST, None, None, None, None),
    ):
        with named_in_failure(rule, bid, ask, last, expected):
            found = valuation.mark(Quote(bid=bid, ask=ask, last=last), rule)
            assert (found and found[1]) == (expected and expected[1])
            assert (found and found[0]) == pytest.approx(expected and expected[0])
