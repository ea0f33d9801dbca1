"""Figures of HAMMER that are none: each costs itself, and nothing that comes with it."""

import json
from typing import Any

import pytest
from msgspec import UNSET

from psf_monitor.hammer.messages import ProtocolError, Reply, decode
from psf_monitor.hammer.prices.l1_update import L1Update
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
