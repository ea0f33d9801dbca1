"""What a session makes of its frames does not depend on which of them came together."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from psf_monitor.connection.status import LinkError
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.quote import Print, Quote
from psf_monitor.hammer import errors
from psf_monitor.hammer.caches import Caches
from psf_monitor.hammer.session import HammerSession
from psf_monitor.hammer.sink import HammerSinks
from psf_monitor.hammer.symbols import SymbolTable
from psf_monitor.hammer.timing import DEFAULT
from psf_monitor.hammer.websocket import LineEvents
from psf_monitor.settings import HammerProfile
from tests.hammer.running_adapter import RecordingSink
from tests.support.python_calls import python_calls

AT = datetime(2026, 9, 18, 18, 26, tzinfo=UTC)
Received = tuple[dict[str, Quote], dict[str, tuple[Print, ...]], Counter[str]]


def _update(symbol: str, seconds: int | None = None, **figures: Any) -> bytes:
    fields = {"sym": symbol, **figures}
    if seconds is not None:
        fields["timeStamp"] = (AT + timedelta(seconds=seconds)).isoformat()
    return json.dumps({"cmd": "L1Update", "result": fields}).encode()


PRICES = (
    _update("CIM-B", bid=24.5, ask=24.6),
    _update("CIM-B", bid=24.4, ask=24.5, volume=52_700),
    _update("CIM-B", -1, bid=24.3),
    _update("CIM-B", -30, bid=24.2),
    _update("cim-b", ask=24.7),
    _update("SPY", last=580.1, bidSize=300),
    _update("SPY", bid=580.0, ask=580.2),
    _update("SPY", price=580.2, size=100, exchange="ARCA"),
    _update("SPY", volume=1_000),
    _update("UNWANTED", bid=1.0, size=100, last=1.0),
)
OTHERS = (
    _update("CIM-B", bid="24.45", ask=None),
    _update("SPY", price="580.3", size="200"),
    _update("CIM-B", halted=True),
    _update("CIM-B", bid=[24.5]),
    _update("SPY", bid={}),
    b'{"cmd": "heartbeat"}',
    b'{"cmd": "newsUpdate", "result": {}}',
    b'{"cmd": "L2Update", "result": {"sym": "SPY"}}',
    b"no JSON",
)


async def _reader(sink: RecordingSink, unreadable: Counter[str]) -> Callable[[list[bytes]], None]:
    """What a session does with a turn of frames."""
    reads: list[Callable[[list[bytes]], None]] = []

    async def never() -> None: ...

    async def opened(_host: str, _port: int, events: LineEvents, *_: Any, **__: Any) -> None:
        reads.append(events.read)
        raise LinkError(errors.no_answer(1.0))

    symbols = SymbolTable({})
    symbols.set_wanted(("CIM PRB", "SPY"))
    session = HammerSession(
        HammerProfile("127.0.0.1", 1, "demo"),
        Caches(symbols, HammerSinks(sink, sink), lambda: AT),
        Link("HAMMER", "127.0.0.1:1", never, lambda: AT),
        lambda: AT,
        lambda: 0.0,
        unreadable,
        DEFAULT,
    )
    session.renew_subscriptions()
    with patch("psf_monitor.hammer.session.open_socket", opened), pytest.raises(LinkError):
        await session.run()
    return reads[0]


def _received(turns: Iterable[list[bytes]]) -> Received:
    """What was reported to the sink in the end, and what could not be read."""
    unreadable, sink = Counter[str](), RecordingSink()

    async def story() -> None:
        read = await _reader(sink, unreadable)
        for turn in turns:
            read(turn)

    asyncio.run(story())
    return sink.quotes, {symbol: tuple(prints) for symbol, prints in sink.prints.items()}, unreadable


@given(st.lists(st.sampled_from(PRICES + OTHERS), max_size=12))
@example([*PRICES, *OTHERS, *PRICES])
@example([PRICES[0], OTHERS[3], PRICES[0]])
@example([PRICES[6], PRICES[7], PRICES[6], PRICES[7]])
def test_that_frames_that_come_together_report_what_each_reports_alone(frames: list[bytes]) -> None:
    assert _received([frames]) == _received([frame] for frame in frames)


def test_that_of_a_turn_the_last_update_of_each_share_counts() -> None:
    quotes, prints, unreadable = _received([[*PRICES[:2], OTHERS[8], *PRICES[4:8]]])
    assert (quotes["CIM PRB"].bid, quotes["CIM PRB"].ask) == (24.4, 24.7)
    assert (quotes["SPY"].last, quotes["SPY"].bid_size) == (580.2, 300)
    (trade,) = prints["SPY"]
    assert (trade.bid, trade.ask, trade.venue) == (580.0, 580.2, "ARCA")
    assert sum(unreadable.values()) == 1


def test_that_a_plain_update_costs_one_call() -> None:
    async def story() -> None:
        read = await _reader(RecordingSink(), Counter())
        with_time = _update("SPY", 0, bid=580.0, ask=580.2, price=580.1, size=0, volume=1_000)
        turn = [PRICES[0], PRICES[6], with_time] * 1000
        read(turn)
        assert python_calls(lambda: read(turn)) < 1.1 * len(turn)

    asyncio.run(story())
