"""What HAMMER says, read into records or called by its kind."""

import json
import math
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from psf_monitor.domain.quote import Print
from psf_monitor.hammer.messages import (
    COMMANDS,
    AccountUpdate,
    Closing,
    Greeting,
    HeartbeatFrame,
    ProtocolError,
    Reply,
    StreamerState,
    UnreadableQuoteError,
    decode,
)
from psf_monitor.hammer.prices.figures import utc_of
from psf_monitor.hammer.prices.l1_update import L1Update
from psf_monitor.hammer.prices.replies import Streamer, snapshot_of, streamers_of, subscribed_of
from tests.conftest import named_in_failure


def frame(cmd: str, **parts: Any) -> bytes:
    return json.dumps({"cmd": cmd, **parts}).encode()


def l1(**fields: Any) -> L1Update:
    message = decode(frame("L1Update", result={"sym": "CIM-B", **fields}))
    assert isinstance(message, L1Update)
    return message


def reply(cmd: str, **parts: Any) -> Reply:
    message = decode(frame(cmd, reqID="7", **parts))
    assert isinstance(message, Reply)
    return message


def test_that_the_greeting_may_be_bare_text() -> None:
    for greeting in (b"CONNECTED", b"CONNECTED\r\n", b'"CONNECTED"'):
        with named_in_failure(greeting):
            assert decode(greeting) == Greeting()


def test_that_any_frame_that_contains_a_heartbeat_is_read_as_one() -> None:
    for beat in (b"heartbeat", b'{"cmd":"heartbeat"}', b'{"type": "Heartbeat", "n": 3}'):
        with named_in_failure(beat):
            assert decode(beat) == HeartbeatFrame()


def test_that_news_of_a_share_that_is_called_heartbeat_are_no_heartbeat() -> None:
    fields = {"accountKey": "A", "positions": [{"Symbol": "HBT", "Description": "HEARTBEAT MEDICAL PFD"}]}
    frame = json.dumps({"cmd": "positionsUpdate", "result": fields}).encode()
    assert isinstance(decode(frame), AccountUpdate)
    reply = json.dumps({"cmd": "getPositions", "reqID": "1", "success": "OK", "result": fields}).encode()
    assert isinstance(decode(reply), Reply)


def test_that_the_name_of_a_message_is_case_insensitive() -> None:
    for name in ("l1update", "L1UPDATE", "l1Update"):
        with named_in_failure(name):
            reported = decode(
                json.dumps({"cmd": name, "result": {"Sym": "CIM-B", "Bid": 24.5, "ASK": 24.6}}).encode()
            )
            assert isinstance(reported, L1Update)
            assert (reported.symbol, reported.bid, reported.ask) == ("CIM-B", 24.5, 24.6)
            assert decode(b'{"cmd": "CLOSING"}') == Closing()
            assert isinstance(decode(b'{"cmd": "PositionsUpdate", "result": []}'), AccountUpdate)
            with pytest.raises(UnreadableQuoteError):
                decode(json.dumps({"cmd": name, "result": [24.5]}).encode())


def test_that_the_text_of_a_failure_is_found_and_put_on_one_line() -> None:
    for result, text in (
        ({"reason": "busy"}, "busy"),
        ({"Error": "limit reached", "code": 7}, "limit reached"),
        ({"message": "no\nlicense\x07"}, "no license"),
        ([{"msg": "later"}], "later"),
        (["later"], "later"),
        ({"code": 7}, '{"code": 7}'),
        (401, "401"),
        (None, ""),
        ("", ""),
        ([], ""),
        ({}, ""),
    ):
        with named_in_failure(result, text):
            reported = decode(json.dumps({"cmd": "subscribe", "success": "fail", "result": result}).encode())
            assert isinstance(reported, Reply)
            assert reported.text == text


def test_that_a_snapshot_is_read_in_whatever_case_and_has_no_range_that_cannot_be() -> None:
    fields = {"Sym": "CIM-B", "BID": 24.5, "prevclose": "24.4", "High": 20, "Low": 30}
    frame = json.dumps({"cmd": "getSymbolSnapshot", "success": "OK", "result": fields}).encode()
    reply = decode(frame)
    assert isinstance(reply, Reply)
    snapshot = snapshot_of(reply)
    assert (snapshot.symbol, snapshot.bid, snapshot.prev_close) == ("CIM-B", 24.5, 24.4)
    assert (snapshot.high, snapshot.low) == (None, None)


def test_that_closing_is_understood() -> None:
    assert decode(b'{"cmd": "closing"}') == Closing()


def test_that_an_update_may_carry_numbers_or_numbers_in_strings() -> None:
    update = l1(bid=24.5, ask="24.60", price="24.55", size=100, volume="52700", bidSize=600, askSize="400")
    assert (update.bid, update.ask, update.last) == (24.5, 24.6, 24.55)
    assert (update.size, update.volume, update.bid_size, update.ask_size) == (100, 52700, 600, 400)


def test_that_missing_null_and_empty_fields_change_nothing() -> None:
    update = l1(bid="", ask=None, price="", last="", size="", volume=None)
    for figure in (update.bid, update.ask, update.last, update.size, update.volume, update.bid_size):
        assert figure is UNSET


def test_that_a_bid_and_ask_of_zero_are_unknown() -> None:
    for zero in (0, 0.0, "0", "0.00"):
        update = l1(bid=zero, ask=zero)
        assert (update.bid, update.ask) == (None, None)


def test_that_a_price_that_cannot_be_true_is_unknown() -> None:
    for wrong in ("nan", "NaN", "inf", "-Infinity", "-24.5", -24.5, "1e999", "abc", "24,5"):
        with named_in_failure(wrong):
            update = l1(bid=wrong, ask=24.6, price=wrong, volume=wrong)
            assert (update.bid, update.ask, update.last, update.volume) == (None, 24.6, None, None)


def test_that_the_last_trade_may_be_called_price_or_last() -> None:
    assert l1(price=24.55).last == 24.55
    assert l1(last="24.55").last == 24.55
    assert l1(price="", last=24.55).last == 24.55
    assert l1(price=24.56, last=24.55).last == 24.56


def test_that_a_last_of_zero_does_not_undo_the_last_trade() -> None:
    assert l1(price=0).last is UNSET
    assert l1(price="0", last=24.55).last == 24.55


def test_that_a_size_above_zero_is_a_print() -> None:
    received = datetime(2026, 9, 18, 18, 26, 1, tzinfo=UTC)
    traded = datetime(2026, 9, 18, 18, 26, tzinfo=UTC)
    update = l1(price=24.55, size="200", timeStamp="2026-09-18T18:26:00")
    assert update.is_print
    assert update.trade(received) == Print(24.55, 200, traded)
    assert l1(price=24.55, size=200).trade(received) == Print(24.55, 200, received)


def test_that_an_update_without_size_or_price_is_no_print() -> None:
    received = datetime(2026, 9, 18, tzinfo=UTC)
    for update in (l1(price=24.55), l1(price=24.55, size=0), l1(size=100), l1(price="x", size=100)):
        assert not update.is_print
        assert update.trade(received) is None


def test_that_hammers_times_are_utc() -> None:
    for stamp in (
        "2026-09-18T18:26:00Z",
        "2026-09-18T18:26:00",
        "2026-09-18T18:26:00.000Z",
        "2026-09-18T18:26:00.0000000",
        "2026-09-18T14:26:00-04:00",
    ):
        with named_in_failure(stamp):
            assert utc_of(stamp) == datetime(2026, 9, 18, 18, 26, tzinfo=UTC)


def test_that_an_unreadable_time_is_no_time() -> None:
    for stamp in ("", "yesterday", "14:26", "0001-01-01T00:00:00+23:00"):
        with named_in_failure(stamp):
            assert utc_of(stamp) is None


def test_that_a_reply_names_its_request_and_its_outcome() -> None:
    good = reply("connect", success="OK", result="fine")
    assert (good.command, good.request_id, good.is_ok, good.text) == ("connect", "7", True, "fine")
    bad = reply("connect", success="fail", result={"reason": "wrong password"})
    assert (bad.is_ok, bad.text) == (False, "wrong password")
    bare = reply("getSymbolSnapshot", success="fail", result="unknown symbol")
    assert (bare.is_ok, bare.text) == (False, "unknown symbol")


def test_that_a_reply_may_have_a_numeric_id_or_none() -> None:
    numbered = decode(b'{"cmd":"connect","reqID":12,"success":"OK"}')
    assert isinstance(numbered, Reply)
    assert numbered.request_id == "12"
    nameless = decode(b'{"cmd":"connect","success":"OK"}')
    assert isinstance(nameless, Reply)
    assert nameless.request_id == ""


def test_that_an_answer_succeeds_however_hammer_writes_it() -> None:
    for success in (True, 1, 1.0, "true", "True", "1", "ok", " OK ", "yes"):
        with named_in_failure(success):
            read = decode(frame("connect", reqID="7", success=success, result="fine"))
            assert isinstance(read, Reply)
            assert (read.is_ok, read.request_id) == (True, "7")


def test_that_any_other_answer_fails_and_is_not_lost() -> None:
    answers: tuple[object, ...] = (False, 0, 2, None, "", "fail", "0", "false", [], {}, [1])
    for success in answers:
        with named_in_failure(success):
            read = decode(frame("connect", reqID="7", success=success, result="wrong password"))
            assert isinstance(read, Reply)
            assert (read.is_ok, read.text) == (False, "wrong password")


def test_that_data_sources_come_as_objects_or_names() -> None:
    listed = [
        {"streamerID": "GSMQUOTES", "name": "Gsm", "isSet": False},
        {"streamerID": "ALARICQ", "name": "Alaric", "isSet": True},
    ]
    assert streamers_of(reply("enumDataStreamers", success="OK", result=listed)) == (
        Streamer("GSMQUOTES", is_set=False),
        Streamer("ALARICQ", is_set=True),
    )
    assert streamers_of(reply("enumDataStreamers", success="OK", result=["ALARICQ"])) == (
        Streamer("ALARICQ", is_set=False),
    )


def test_that_the_state_of_a_data_source_is_understood() -> None:
    ready = decode(
        frame("dataStreamerStateUpdate", result={"streamerID": "ALARICQ", "state": "IdleOrStreaming"})
    )
    assert ready == StreamerState("ALARICQ", "IdleOrStreaming")
    assert isinstance(ready, StreamerState)
    assert ready.is_ready
    other = decode(frame("dataStreamerStateUpdate", result={"streamerID": "ALARICQ", "state": "Connecting"}))
    assert isinstance(other, StreamerState)
    assert not other.is_ready


def test_that_the_accepted_symbols_are_read() -> None:
    assert subscribed_of(reply("subscribe", success="OK", result={"subbed": ["CIM-B", "SPY"]})) == {
        "CIM-B",
        "SPY",
    }
    assert subscribed_of(reply("subscribe", success="OK", result={"subbed": "SPY"})) == {"SPY"}


def test_that_a_snapshot_has_the_previous_close() -> None:
    result = {"sym": "CIM-B", "bid": "24.52", "ask": 24.6, "last": 24.55, "prevClose": "24.47", "volume": ""}
    snapshot = snapshot_of(reply("getSymbolSnapshot", success="OK", result=result))
    assert (snapshot.symbol, snapshot.bid, snapshot.ask) == ("CIM-B", 24.52, 24.6)
    assert (snapshot.last, snapshot.prev_close, snapshot.volume) == (24.55, 24.47, UNSET)


def test_that_rubbish_is_called_by_its_kind() -> None:
    for rubbish, kind in (
        (b"", "not JSON"),
        (b"hello", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b'{"cmd": "connect"', "not JSON"),
        (b"[]", "not a message"),
        (b"{}", "not a message"),
        (b'{"cmd": 7}', "not a message"),
        (b'{"cmd": "tradeCommandNew", "success": "OK"}', "an unknown message 'tradeCommandNew'"),
        (b'{"cmd": "L1Update"}', "an unreadable L1Update"),
        (b'{"cmd": "L1Update", "result": {}}', "an unreadable L1Update"),
        (b'{"cmd": "L1Update", "result": {"sym": 5}}', "an unreadable L1Update"),
        (b'{"cmd": "L1Update", "result": {"sym": "A", "bid": true}}', "an unreadable L1Update"),
        (b'{"cmd": "dataStreamerStateUpdate", "result": 1}', "an unreadable streamer state"),
        (b'{"cmd": "connect", "result": ' + b"[" * 100_000, "not JSON"),
        (b'{"cmd": "L1Update", "result": ' + b"[" * 100_000, "an unreadable L1Update"),
    ):
        with named_in_failure(rubbish[:80]):
            with pytest.raises(ProtocolError) as raised:
                decode(rubbish)
            assert raised.value.kind == kind


def test_that_one_unreadable_entry_of_an_answer_costs_that_entry_alone() -> None:
    listed = [None, {"streamerID": 5}, {"name": "x"}, "", {"streamerID": "GSMQUOTES", "isSet": "TRUE"}]
    assert streamers_of(reply("enumDataStreamers", success="OK", result=listed)) == (
        Streamer("GSMQUOTES", is_set=True),
    )
    some = {"Subbed": [None, "CIM-B", {"Sym": "SPY"}]}
    assert subscribed_of(reply("subscribe", success="OK", result=some)) == {"CIM-B", "SPY"}


def test_that_spaces_around_a_venue_are_ignored() -> None:
    update = decode(
        b'{"cmd":"L1Update","result":{"sym":"A","price":24.5,"size":100,"volume":500,"venue":" FNRA "}}'
    )
    assert isinstance(update, L1Update)
    trade = update.trade(datetime(2026, 9, 18, tzinfo=UTC))
    assert trade is not None
    assert trade.venue == "FNRA"


def test_that_an_unreadable_answer_is_an_error() -> None:
    for result in (
        "text",
        5,
        None,
        {"subbed": 5},
        {"subbed": ["SPY", 7]},
        {"sym": 1},
        {"sym": ""},
        {"sym": " ", "bid": 24.5},
        {"sym": "SPY", "ask": "24,6"},
        {"sym": "SPY", "last": -2},
        [[1]],
        [{"name": "x"}],
    ):
        with named_in_failure(result):
            for read in (streamers_of, subscribed_of, snapshot_of):
                with pytest.raises(ProtocolError):
                    read(reply("subscribe", success="OK", result=result))


def _check(message: object) -> None:
    if isinstance(message, L1Update):
        for price in (message.bid, message.ask, message.last):
            assert price is UNSET or price is None or (math.isfinite(price) and price > 0)
        for size in (message.size, message.volume, message.bid_size, message.ask_size):
            assert size is UNSET or size is None or (math.isfinite(size) and size >= 0)
        message.trade(datetime(2026, 9, 18, tzinfo=UTC))
    if isinstance(message, Reply):
        assert isinstance(message.text, str)
        for read in (streamers_of, subscribed_of, snapshot_of):
            try:
                read(message)
            except ProtocolError:
                continue


def _decode_or_complain(data: bytes) -> None:
    try:
        message = decode(data)
    except ProtocolError:
        return
    _check(message)


@given(st.binary(max_size=200))
def test_that_any_bytes_are_a_message_or_a_protocol_error(data: bytes) -> None:
    _decode_or_complain(data)


wire_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.just("24.5"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)


figures = st.one_of(
    st.none(), st.floats(), st.integers(), st.text(max_size=6), st.floats().map(str), st.just("")
)


names = st.sampled_from([*sorted(COMMANDS), "L1Update", "dataStreamerStateUpdate", "closing", "other"])


@given(names, wire_values, wire_values, wire_values, st.binary(max_size=4), st.integers(0, 60))
def test_that_any_json_with_any_damage_is_a_message_or_a_protocol_error(
    cmd: str, request_id: object, success: object, result: object, damage: bytes, at: int
) -> None:
    data = frame(cmd, reqID=request_id, success=success, result=result)
    _decode_or_complain(data)
    _decode_or_complain(data[:at] + damage + data[at + len(damage) :])


@given(
    st.dictionaries(st.sampled_from(["bid", "ask", "price", "last", "size", "volume", "bidSize"]), figures)
)
def test_that_no_update_lets_an_impossible_figure_through(fields: dict[str, Any]) -> None:
    _decode_or_complain(frame("L1Update", result={"sym": "CIM-B", **fields}))
