"""Where an order stands in the market, and what it waits for."""

from datetime import timedelta
from typing import Any

import pytest

from psf_monitor.domain.market_hours import SessionPhase
from psf_monitor.domain.orders import order_standing
from psf_monitor.domain.orders.order_standing import Circumstances, MarketPosition
from psf_monitor.domain.quote import Quote
from tests.conftest import named_in_failure
from tests.support.records import NOON, order

QUOTE = Quote(bid=24.52, ask=24.60, last=24.55, prev_close=24.47)
IN_SESSION = Circumstances(NOON, SessionPhase.REGULAR)
EXTENDED = Circumstances(NOON, SessionPhase.EXTENDED)
AT_NIGHT = Circumstances(NOON, SessionPhase.CLOSED)


def test_that_distances_and_texts_of_a_limit_order_agree() -> None:
    for side, limit, to_touch, to_fill, text in (
        ("BUY", 24.52, 0.00, 0.08, MarketPosition.AT_BID),
        ("BUY", 24.55, -0.03, 0.05, MarketPosition.INSIDE),
        ("BUY", 24.40, 0.12, 0.20, MarketPosition.BEHIND_BID),
        ("BUY", 24.60, -0.08, 0.00, MarketPosition.CROSSES_ASK),
        ("SELL", 24.60, 0.00, 0.08, MarketPosition.AT_ASK),
        ("SELL", 24.56, -0.04, 0.04, MarketPosition.INSIDE),
        ("SELL", 24.75, 0.15, 0.23, MarketPosition.BEHIND_ASK),
        ("SELL", 24.50, -0.10, -0.02, MarketPosition.CROSSES_BID),
    ):
        with named_in_failure(side, limit, to_touch, to_fill, text):
            working = order(side=side, limit_price=limit)
            assert order_standing.standing(working, QUOTE).to_touch == pytest.approx(to_touch)
            assert order_standing.standing(working, QUOTE).to_fill == pytest.approx(to_fill)
            assert order_standing.market_position(working, QUOTE) is text


@pytest.mark.parametrize("side", ["BUY", "SELL"])
@pytest.mark.parametrize("limit", [24.50, 24.52, 24.55, 24.60, 24.62])
def test_that_a_crossed_market_gives_no_distance_and_no_near_fill(side: str, limit: float) -> None:
    crossed = Quote(bid=24.60, ask=24.52, last=24.55)
    standing = order_standing.standing(order(side=side, limit_price=limit), crossed, IN_SESSION)
    assert standing == (MarketPosition.CROSSED, None, None, False)
    locked = Quote(bid=24.52, ask=24.52, last=24.55)
    assert order_standing.standing(order(side=side, limit_price=limit), locked, IN_SESSION)[2] is not None


def test_that_a_stop_that_waits_has_no_distance() -> None:
    for status in ("PreSubmitted", "PendingSubmit", "PendingCancel"):
        with named_in_failure(status):
            waiting = order(order_type="STP LMT", status=status, stop_price=24.7)
            assert order_standing.market_position(waiting, QUOTE) is MarketPosition.STOP_WAITING
            assert order_standing.standing(waiting, QUOTE).to_touch is None
            assert order_standing.standing(waiting, QUOTE).to_fill is None


def test_that_a_triggered_stop_limit_is_in_the_market() -> None:
    triggered = order(order_type="STP LMT", status="Submitted", limit_price=24.52, stop_price=24.7)
    assert order_standing.market_position(triggered, QUOTE) is MarketPosition.AT_BID


def test_that_a_market_order_and_an_unknown_side_have_texts_of_their_own() -> None:
    assert (
        order_standing.market_position(order(order_type="MKT", limit_price=None), QUOTE)
        is MarketPosition.MARKET
    )
    assert order_standing.market_position(order(side="SSHORT"), QUOTE) is MarketPosition.UNKNOWN


def test_that_without_its_own_side_of_the_market_a_buy_has_no_text() -> None:
    for quote in (None, Quote(), Quote(ask=24.6)):
        with named_in_failure(quote):
            assert order_standing.market_position(order(side="BUY"), quote) is MarketPosition.NO_QUOTE


def test_that_near_fill_is_five_cents_and_submitted() -> None:
    for limit, status, near in (
        (24.55, "Submitted", True),
        (24.54, "Submitted", False),
        (24.55, "PreSubmitted", False),
    ):
        with named_in_failure(limit, status, near):
            assert order_standing.is_near_fill(order(limit_price=limit, status=status), QUOTE) is near


def test_that_how_near_is_near_is_for_the_trader_to_set() -> None:
    bid = order("CIM PRB", limit_price=24.5)
    market = Quote(bid=24.45, ask=24.6)
    assert not order_standing.is_near_fill(bid, market)
    assert order_standing.is_near_fill(bid, market, 0.1)
    assert not order_standing.is_near_fill(bid, market, 0.02)


def test_that_an_order_held_back_shows_why_and_no_distance() -> None:
    held_back: tuple[tuple[dict[str, Any], MarketPosition], ...] = (
        ({"good_after": "20991130 09:30:00 US/Eastern"}, MarketPosition.WAITS_FOR_TIME),
        ({"good_after": "20991130-14:30:00"}, MarketPosition.WAITS_FOR_TIME),
        ({"good_after": "a time that nobody can read"}, MarketPosition.WAITS_FOR_TIME),
        ({"conditions": 2}, MarketPosition.WAITS_FOR_CONDITION),
        ({"order_type": "LIT", "stop_price": 25.0}, MarketPosition.NOT_TOUCHED),
        ({"order_type": "MIT", "stop_price": 25.0}, MarketPosition.NOT_TOUCHED),
        ({"order_type": "TRAIL LIMIT", "stop_price": 24.0}, MarketPosition.STOP_WAITING),
        ({"parent_id": 20, "why_held": "child"}, MarketPosition.WAITS_FOR_PARENT),
        ({"why_held": "locate"}, MarketPosition.HELD_FOR_LOCATE),
        ({"why_held": "child"}, MarketPosition.WAITS_FOR_PARENT),
        ({"why_held": "child,trigger", "parent_id": 20}, MarketPosition.WAITS_FOR_PARENT),
        ({"why_held": "trigger"}, MarketPosition.HELD),
        ({"why_held": "a reason of tomorrow"}, MarketPosition.HELD),
        ({"order_type": "LOC"}, MarketPosition.CLOSING_AUCTION),
        ({"order_type": "LMTCLS"}, MarketPosition.CLOSING_AUCTION),
        ({"order_type": "MKTCLS"}, MarketPosition.CLOSING_AUCTION),
        ({"tif": "CLS"}, MarketPosition.CLOSING_AUCTION),
        ({"order_type": "LOO"}, MarketPosition.OPENING_AUCTION),
        ({"tif": "OPG"}, MarketPosition.OPENING_AUCTION),
    )
    for terms, text in held_back:
        with named_in_failure(terms):
            held = order(
                side="SELL", limit_price=24.5, status="PreSubmitted", **{"outside_hours": True, **terms}
            )
            for at in (IN_SESSION, EXTENDED, AT_NIGHT):
                assert order_standing.market_position(held, QUOTE, at) is text, at
                assert order_standing.standing(held, QUOTE, at).to_fill is None, at
                assert order_standing.standing(held, QUOTE, at).to_touch is None, at
                assert not order_standing.is_near_fill(held, QUOTE, at=at), at


@pytest.mark.parametrize("terms", [{"order_type": "LOC"}, {"order_type": "MOC"}, {"tif": "OPG"}])
@pytest.mark.parametrize("at", [IN_SESSION, EXTENDED, AT_NIGHT])
def test_that_an_order_of_an_auction_is_never_near_fill_though_it_is_submitted(
    terms: dict[str, Any], at: Circumstances
) -> None:
    routed = order(side="SELL", limit_price=24.5, status="Submitted", **terms)
    assert not order_standing.is_near_fill(routed, QUOTE, at=at)
    assert order_standing.standing(routed, QUOTE, at).to_fill is None


def test_that_a_child_waits_while_its_parent_is_open_and_not_longer() -> None:
    child = order(side="SELL", limit_price=24.54, status="PreSubmitted", parent_id=20)
    before = Circumstances(NOON, SessionPhase.REGULAR, parent_is_open=True)
    assert order_standing.market_position(child, QUOTE, before) is MarketPosition.WAITS_FOR_PARENT
    filled = order(side="SELL", limit_price=24.54, status="Submitted", parent_id=20)
    assert order_standing.market_position(filled, QUOTE, IN_SESSION) is MarketPosition.INSIDE
    assert order_standing.is_near_fill(filled, QUOTE, at=IN_SESSION)


def test_that_a_time_that_has_come_holds_nothing_back() -> None:
    ten = NOON - timedelta(hours=1)
    bid = order(limit_price=24.55, status="Submitted", good_after="20260918 11:00:00 Narnia", begins_at=ten)
    assert order_standing.is_near_fill(bid, QUOTE, at=IN_SESSION)
    early = Circumstances(NOON - timedelta(hours=2), SessionPhase.REGULAR)
    assert order_standing.market_position(bid, QUOTE, early) is MarketPosition.WAITS_FOR_TIME


def test_that_a_limit_is_live_in_the_extended_session_by_its_own_flag() -> None:
    for outside, at, is_near, text in (
        (True, EXTENDED, True, MarketPosition.INSIDE),
        (False, EXTENDED, False, MarketPosition.WAITS_FOR_OPEN),
        (True, AT_NIGHT, False, MarketPosition.WAITS_FOR_OPEN),
        (True, IN_SESSION, False, MarketPosition.INSIDE),
    ):
        with named_in_failure(outside, at, is_near, text):
            bid = order(limit_price=24.55, status="PreSubmitted", outside_hours=outside)
            assert order_standing.is_near_fill(bid, QUOTE, at=at) is is_near
            assert order_standing.market_position(bid, QUOTE, at) is text


@pytest.mark.parametrize(
    ("at", "text"), [(EXTENDED, MarketPosition.UNKNOWN), (AT_NIGHT, MarketPosition.WAITS_FOR_OPEN)]
)
def test_that_a_limit_with_an_unreadable_flag_is_not_shown_as_waiting_while_it_may_trade(
    at: Circumstances, text: MarketPosition
) -> None:
    bid = order(limit_price=24.55, status="PreSubmitted", unread=("outside_rth",))
    assert order_standing.market_position(bid, QUOTE, at) is text
    assert not order_standing.is_near_fill(bid, QUOTE, at=at)


def test_that_a_cap_and_a_price_of_an_unknown_type_is_no_place_in_the_market() -> None:
    for order_type in ("REL", "PEG MID", "MIDPRICE", "PASSV REL", "A TYPE OF TOMORROW"):
        with named_in_failure(order_type):
            capped = order(limit_price=24.60, order_type=order_type)
            assert order_standing.market_position(capped, QUOTE, IN_SESSION) is MarketPosition.UNKNOWN
            assert order_standing.standing(capped, QUOTE, IN_SESSION).to_fill is None
            assert not order_standing.is_near_fill(capped, QUOTE, at=IN_SESSION)


def test_that_an_inactive_order_does_not_work() -> None:
    inactive = order(limit_price=24.55, status="Inactive")
    assert order_standing.market_position(inactive, QUOTE, IN_SESSION) is MarketPosition.NOT_WORKING
    assert order_standing.standing(inactive, QUOTE, IN_SESSION).to_fill is None
