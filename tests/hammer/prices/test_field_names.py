"""Fields of HAMMER's messages under names in any spelling, under unknown ones, and under one twice."""

import json
from typing import Any

import pytest

from psf_monitor.hammer.messages import Reply, StreamerState, UnreadableQuoteError, decode
from psf_monitor.hammer.prices.l1_update import L1Update, PartlyRead
from psf_monitor.hammer.prices.replies import snapshot_of


def frame(cmd: str, **parts: Any) -> bytes:
    return json.dumps({"cmd": cmd, **parts}).encode()


def l1(**fields: Any) -> L1Update:
    message = decode(frame("L1Update", result={"sym": "CIM-B", **fields}))
    assert isinstance(message, L1Update)
    return message


def test_that_a_price_in_another_spelling_beside_others_is_not_lost() -> None:
    assert (
        l1(volume=5, Bid=24.5).bid == l1(ask=24.6, bid=None, BID="24.5").bid == l1(bidPrice=24.5).bid == 24.5
    )
    update = l1(volume=5, Bid=24.5, bid_size=600)
    assert (update.volume, update.bid_size) == (5, 600)
    fields = {"sym": "CIM-B", "last": 24.5, "PrevClose": 24.4, "bid": 0, "Ask": "24.6"}
    reply = decode(frame("getSymbolSnapshot", reqID="7", success="OK", result=fields))
    assert isinstance(reply, Reply)
    snapshot = snapshot_of(reply)
    assert (snapshot.last, snapshot.prev_close, snapshot.ask) == (24.5, 24.4, 24.6)


@pytest.mark.parametrize(
    "fields",
    [
        {"sym": "CIM-B", "bid": 24.5, "Bid": 24.4},
        {"sym": "CIM-B", "Symbol": "CIM", "bid": 24.5},
        {"sym": "", "bid": 24.5},
        {"sym": " ", "Volume": 5},
        {"bid": 24.5},
    ],
)
def test_that_a_figure_of_two_values_or_of_no_share_makes_an_update_unreadable(
    fields: dict[str, Any],
) -> None:
    with pytest.raises(UnreadableQuoteError) as raised:
        decode(frame("L1Update", result=fields))
    assert raised.value.symbol == ("CIM-B" if fields.get("sym") == "CIM-B" else "")


def test_that_what_is_not_understood_of_an_update_is_named() -> None:
    assert isinstance(l1(bid=24.5), L1Update)
    assert not isinstance(l1(bid="24.5", ask="n/a", last="", halted=None), PartlyRead)
    unknown = l1(bid=24.5, halted=True, quote={"ask": 24.6})
    assert isinstance(unknown, PartlyRead)
    assert (unknown.bid, unknown.unread) == (24.5, {"halted": True, "quote": {"ask": 24.6}})
    assert not unknown.lacks_price
    negative = l1(bid=-24.5, ask=-1, volume=5)
    assert isinstance(negative, PartlyRead)
    assert (negative.unread, negative.lacks_price) == ({"bid": -24.5}, True)
    no_figure = l1(bid="24,5", volume="many")
    assert isinstance(no_figure, PartlyRead)
    assert (no_figure.unread, no_figure.lacks_price) == ({"bid": "24,5", "volume": "many"}, True)


def test_that_the_parts_of_a_frame_are_known_in_other_capitals() -> None:
    update = decode(b'{"CMD": "L1Update", "Result": {"sym": "CIM-B", "bid": 24.5}}')
    assert isinstance(update, L1Update)
    assert (update.symbol, update.bid) == ("CIM-B", 24.5)
    state = {"StreamerID": "ALARICQ", "State": "Idle"}
    assert decode(frame("dataStreamerStateUpdate", result=state)) == StreamerState("ALARICQ", "Idle")
