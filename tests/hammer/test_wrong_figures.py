"""Figures of HAMMER that are none: each costs itself, and nothing that comes with it."""

import json
from typing import Any

import pytest
from msgspec import UNSET, Raw

from psf_monitor.domain.orders.order import Side
from psf_monitor.hammer.account.messages import balances_of, listing_of, quantity_of, summary_of, symbol_of
from psf_monitor.hammer.messages import DepthFrame, ProtocolError, Reply, decode
from psf_monitor.hammer.prices.l1_update import L1Update
from psf_monitor.hammer.prices.l2_update import l2_update_of, levels_in
from psf_monitor.hammer.prices.replies import snapshot_of
from tests.conftest import named_in_failure


def test_that_a_figure_of_the_day_that_is_none_costs_itself_alone_and_is_named() -> None:
    no_figures: list[Any] = ["x", True, [], {}, [24.5], -24.5, "24,5", "24.5 USD"]
    for wrong in no_figures:
        for name in ("prevClose", "open", "high", "low", "volume"):
            with named_in_failure(wrong, name):
                answer = {"sym": "CIM-B", "bid": 24.5, "ask": 24.6, "last": 24.55, name: wrong}
                frame = {"cmd": "getSymbolSnapshot", "reqID": "7", "success": "OK", "result": answer}
                reply = decode(json.dumps(frame).encode())
                assert isinstance(reply, Reply)
                snapshot = snapshot_of(reply)
                assert (snapshot.bid, snapshot.ask, snapshot.last) == (24.5, 24.6, 24.55)
                assert snapshot.unread == {name: wrong}
                figures = (snapshot.prev_close, snapshot.open, snapshot.high, snapshot.low, snapshot.volume)
                assert set(figures) == {UNSET}


def test_that_a_figure_that_json_cannot_write_costs_itself_alone() -> None:
    for written in ("NaN", "nan", "-nan(ind)", "Infinity", "-inf", "1.#QNAN", "-1.#IND00"):
        with named_in_failure(written):
            result = f'{{"sym": "CIM-B", "bid": {written} , "ask": 24.6}}'
            update = decode(f'{{"cmd": "L1Update", "result": {result}}}'.encode())
            assert isinstance(update, L1Update)
            assert (update.bid, update.ask) == (None, 24.6)
            result = f'[{{"Symbol": "CIM-B", "Paid": {written}}}, {{"Symbol": "MS-K", "Paid": 24.1}}]'
            listed = decode(f'{{"cmd": "getPositions", "success": "OK", "result": {result}}}'.encode())
            assert isinstance(listed, Reply)
            assert [each["Paid"] for each in json.loads(bytes(listed.result))] == ["NaN", 24.1]
    with pytest.raises(ProtocolError):
        decode(b'{"cmd":"connect","result":{"reason":"a:nan,b"}')


VAST = (
    "1e309",
    "-1e400",
    "1.5E+999",
    "9" * 309,
    "-" + "9" * 400,
    "9" * 5000,
    "9" * 400 + ".5",
    "9" * 310 + "e-2",
)


@pytest.mark.parametrize("vast", VAST, ids=lambda written: written[:8])
def test_that_a_number_too_large_for_any_program_costs_itself_alone(vast: str) -> None:
    figures = f'"sym": "CIM-B", "bid": 24.5, "ask": 24.6, "last": 24.55, "volume": {vast}'
    update = decode(f'{{"cmd": "L1Update", "result": {{{figures}}}}}'.encode())
    assert isinstance(update, L1Update)
    assert (update.bid, update.ask, update.last, update.volume) == (24.5, 24.6, 24.55, None)
    answer = snapshot_of(
        Reply("getSymbolSnapshot", "7", True, Raw(f'{{{figures}, "prevClose": {vast}}}'.encode()))
    )
    assert (answer.bid, answer.ask, answer.last, answer.volume) == (24.5, 24.6, 24.55, None)
    assert not isinstance(answer.prev_close, float)
    held = f'[{{"Symbol": "CIM-B", "QTY": {vast}, "Paid": 24.1}}, {{"Symbol": "MS-K", "QTY": 100}}]'
    listed = listing_of(Raw(held.encode()), "positions", "").entries
    assert [(symbol_of(entry), quantity_of(entry)) for entry in listed] == [("CIM-B", None), ("MS-K", 100.0)]
    balances = balances_of(Raw(f'{{"BuyingPower": {vast}, "NetLiq": 5000}}'.encode()), "")
    summary = summary_of(balances, "A1")
    assert (summary.net_liquidation, summary.buying_power) == (5000.0, None)
    rows = f'[{{"price": 24.5, "size": {vast}}}, {{"price": 24.4, "size": 700}}, "24.3,{vast},NYSE"]'
    levels, unreadable = levels_in(Raw(rows.encode()), Side.BUY)
    assert ([(level.price, level.size) for level in levels], unreadable) == ([(24.4, 700.0)], 2)
    failure = Reply("getPositions", "7", False, Raw(f'{{"code": {vast}, "reason": "not yet"}}'.encode()))
    assert failure.text == "not yet"


def test_that_a_text_that_contains_an_odd_number_stays_as_it_is() -> None:
    rows = '["24.5,NaN,NYSE", {"price": NaN, "size": 100}, "24.4,700,NYSE"]'
    depth = decode(f'{{"cmd":"L2Update","result":{{"sym":"CIM-B","bids":{rows}}}}}'.encode())
    assert isinstance(depth, DepthFrame)
    update = l2_update_of(depth.frame)
    assert update.raw_bids is not None
    levels, unreadable = levels_in(update.raw_bids, Side.BUY)
    assert ([(level.price, level.size) for level in levels], unreadable) == ([(24.4, 700.0)], 2)


def test_that_an_answer_without_a_word_is_a_success_by_its_number() -> None:
    for outcome, is_ok in (
        ({"resultcode": 200}, True),
        ({"resultcode": "200", "success": None}, True),
        ({"resultcode": 401}, False),
        ({"resultcode": 200, "success": "fail"}, False),
        ({"resultcode": 401, "success": "OK"}, True),
        ({"success": "false"}, False),
        ({}, False),
    ):
        with named_in_failure(outcome):
            reply = decode(json.dumps({"cmd": "connect", "reqID": "1", "result": {}, **outcome}).encode())
            assert isinstance(reply, Reply)
            assert reply.is_ok is is_ok
