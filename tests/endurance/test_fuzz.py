"""Rubbish into both decoders: a message or a named error comes out, and no figure that nobody sent.

The short form is the same rubbish every time, the long form new rubbish by a seed that it prints.
"""

import json
import math
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import pytest
from msgspec import UNSET

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.orders.order import Order
from psf_monitor.domain.position import Position
from psf_monitor.domain.quote import Quote
from psf_monitor.hammer.messages import ProtocolError, Reply, decode
from psf_monitor.hammer.prices.l1_update import L1Update
from psf_monitor.hammer.prices.quote_cache import QuoteCache
from psf_monitor.hammer.prices.replies import snapshot_of, streamers_of, subscribed_of
from psf_monitor.hammer.prices.trade_cache import ticks_of
from psf_monitor.hammer.symbols import SymbolTable
from psf_monitor.ibkr import parsing
from psf_monitor.ibkr.accounts.account_summaries import summaries
from psf_monitor.ibkr.client import ReadOnlyIB
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.scenarios import scenario
from psf_monitor.sim.tws.server import SimTws
from tests.conftest import ExpectedErrors
from tests.hammer.running_adapter import RecordingSink
from tests.support.tws_messages import greet

SHORT, LONG = 15_000, 1_000_000
NOW = datetime(2026, 9, 18, 16, 0, tzinfo=UTC)
GUN = AccountMode.IBKR_GUN


def frame(cmd: str, **parts: Any) -> bytes:
    return json.dumps({"cmd": cmd, **parts}).encode()


FRAMES = (
    b"CONNECTED",
    b'{"cmd":"heartbeat"}',
    frame("closing"),
    frame("connect", reqID="1", success="OK", result="connected"),
    frame("enumDataStreamers", reqID="2", success="OK", result=[{"streamerID": "ALARICQ", "isSet": True}]),
    frame("enumDataStreamers", reqID="2", success="OK", result=["ALARICQ", "GSMQUOTES"]),
    frame("startDataStreamer", reqID="3", success="fail", result={"reason": "no such data streamer"}),
    frame("dataStreamerStateUpdate", result={"streamerID": "ALARICQ", "state": "IdleOrStreaming"}),
    frame("subscribe", reqID="4", success="OK", result={"subbed": ["CIM-B", "MS-K"]}),
    frame(
        "L1Update",
        result={
            "sym": "CIM-B",
            "bid": 24.52,
            "ask": "24.6",
            "price": 24.55,
            "last": "",
            "size": 100,
            "volume": "52700",
            "bidSize": 600,
            "askSize": 400,
            "timeStamp": "2026-09-18T16:00:00.123Z",
        },
    ),
    frame("L1Update", result={"sym": "CIM-B", "bid": 0, "ask": 0}),
    frame(
        "getSymbolSnapshot",
        reqID="5",
        success="OK",
        result={"sym": "CIM-B", "bid": 24.52, "ask": 24.6, "last": 24.55, "prevClose": 24.47, "volume": 1},
    ),
    frame(
        "getTicks",
        reqID="6",
        success="OK",
        result={"sym": "CIM-B", "data": [{"t": "2026-09-18T16:00:00", "p": 24.5, "s": 100, "e": "N"}]},
    ),
    frame("positionsUpdate", result={"accountKey": "A:1", "positions": [{"Symbol": "CIM-B", "QTY": -3}]}),
)
PIECES = (b"", b"null", b"NaN", b"-1", b"1e999", b'""', b"[]", b"{}", b"[" * 2000, b"\xff", b"\\ud800", b'"')


def mangled(whole: bytes, rng: random.Random) -> bytes:
    """The same bytes with one to three things done to them."""
    data = bytearray(whole)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(data) + 1)
        to = min(at + rng.randint(0, 9), len(data))
        match rng.randrange(6):
            case 0:
                data[at:to] = rng.randbytes(to - at)
            case 1:
                del data[at:to]
            case 2:
                data[at:at] = rng.choice(PIECES)
            case 3:
                data[at:to] = data[at:to] * 3
            case 4:
                del data[at:]
            case 5:
                data[at:at] = rng.choice(FRAMES)
    return bytes(data)


def judged(number: object) -> bool:
    """Whether a figure is one that a quote may hold."""
    return number is None or number is UNSET or (isinstance(number, float) and 0 <= number < math.inf)


READERS: tuple[Callable[[Reply], object], ...] = (streamers_of, subscribed_of, snapshot_of, ticks_of)


def rubbish(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> tuple[random.Random, int]:
    if not request.config.getoption("--long"):
        return random.Random(7), SHORT
    seed = random.SystemRandom().getrandbits(32)
    with capsys.disabled():
        print(f"\n{request.node.name}: seed {seed}, {LONG:,} messages")  # noqa: T201
    return random.Random(seed), LONG


def test_that_no_frame_breaks_what_reads_hammer(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    rng, count = rubbish(request, capsys)
    symbols = SymbolTable(MappingProxyType({}))
    symbols.set_wanted(["CIM PRB", "MS PRK"])
    sink = RecordingSink()
    quotes = QuoteCache(symbols, sink)
    quotes.go_live()
    refused = 0
    for _ in range(count):
        data = mangled(rng.choice(FRAMES), rng)
        try:
            message = decode(data)
            if isinstance(message, L1Update):
                quotes.apply_all([message], NOW)
                message.trade(NOW)
            elif isinstance(message, Reply):
                assert isinstance(message.text, str)
                for reader in READERS:
                    try:
                        reader(message)
                    except ProtocolError:
                        refused += 1
        except ProtocolError:
            refused += 1
        except Exception as error:
            raise AssertionError(f"{data!r} broke it: {error!r}") from error
        quotes.flush()
    assert refused > count // 20
    assert sink.quotes
    for quote in sink.quotes.values():
        assert_honest(quote)


def assert_honest(quote: Quote) -> None:
    figures = (quote.bid, quote.ask, quote.bid_size, quote.ask_size, quote.last, quote.volume)
    assert all(judged(figure) for figure in figures), quote


async def recorded() -> list[list[str]]:
    """The messages of a whole connection: handshake, positions, orders, account values."""
    received: list[list[str]] = []
    async with SimTws(Market(scenario("normal")), "IBKR_GUN") as tws:
        ib = ReadOnlyIB()
        interpret = ib.client.decoder.interpret

        def listen(fields: list[str]) -> None:
            received.append(list(fields))
            interpret(fields)  # type: ignore[no-untyped-call]

        ib.client.decoder.interpret = listen  # type: ignore[method-assign]
        ib.wrapper.clientId = 1
        await ib.client.connectAsync("127.0.0.1", tws.port, 1, 5)
        await ib.reqPositionsAsync()
        await ib.reqAllOpenOrdersAsync()
        await ib.reqAccountSummaryAsync()
        await ib.reqCurrentTimeAsync()
        ib.client.disconnect()
    return received


TEXTS = (
    "",
    "0",
    "-1",
    "nan",
    "inf",
    "1e400",
    "1.7976931348623157E308",
    "2147483647",
    "9" * 400,
    "\ud83d",
    "é",
    "x",
)


def garbled(message: Sequence[str], others: Sequence[Sequence[str]], rng: random.Random) -> list[str]:
    fields = list(message)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(fields) + 1)
        match rng.randrange(5):
            case 0:
                fields[at : at + 1] = [rng.choice(TEXTS)]
            case 1:
                del fields[at : at + rng.randint(1, 3)]
            case 2:
                fields[at:at] = [rng.choice(TEXTS)] * rng.randint(1, 3)
            case 3:
                del fields[at:]
            case 4:
                fields[at:] = rng.choice(others)[at:]
    return fields


def numbers_of(record: Position | Order) -> Iterator[float | None]:
    if isinstance(record, Position):
        yield from (record.quantity, record.average_cost, record.average_price)
    else:
        yield from (record.limit_price, record.stop_price, record.filled, record.remaining, record.quantity)


@pytest.mark.filterwarnings("ignore:There is no current event loop")
async def test_that_no_message_breaks_what_reads_tws(
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
    expected_errors: ExpectedErrors,
) -> None:
    # Both log what they cannot read.
    expected_errors.allow(
        "ib_insync.wrapper", "ib_insync.client", "psf_monitor.ibkr.unreadable", "eventkit.event"
    )
    shapes = await recorded()
    assert {"61", "5", "3", "63"} <= {fields[0] for fields in shapes}
    rng, count = rubbish(request, capsys)
    shown = 0
    unreadable = 0
    for number in range(count):
        if number % 2000 == 0:
            ib = ReadOnlyIB()
            greet(ib)

            def on_unreadable(*_what: str) -> None:
                nonlocal unreadable
                unreadable += 1

            ib.unreadableEvent += on_unreadable
        fields = garbled(rng.choice(shapes), shapes, rng)
        try:
            ib.client.decoder.interpret(fields)
        except Exception as error:
            raise AssertionError(f"{fields!r} broke it: {error!r}") from error
        if number % 50 == 49:
            records: list[Position | Order] = [parsing.position(GUN, p) for p in ib.positions()]
            shown += len(records)
            records += [parsing.order(GUN, trade) for trade in ib.trades()]
            for record in records:
                assert all(x is None or math.isfinite(x) for x in numbers_of(record)), record
            for summary in summaries(GUN, ib.wrapper.acctSummary.values()):
                known = (summary.net_liquidation, summary.excess_liquidity, summary.buying_power)
                assert all(x is None or math.isfinite(x) for x in known), summary
    assert shown
    assert unreadable > count // 20


@pytest.mark.parametrize(
    ("quantity", "named"), [("inf", 1), ("nan", 1), ("-inf", 1), ("1.7976931348623157E308", 0)]
)
async def test_that_a_position_without_a_quantity_is_shown_with_an_unknown_one(
    quantity: str, named: int
) -> None:
    ib = ReadOnlyIB()
    greet(ib)
    lost: list[tuple[str, ...]] = []
    ib.unreadableEvent += lambda *what: lost.append(what)
    contract = ["7", "SPY", "STK", "", "0", "", "", "ARCA", "USD", "SPY", "SPY"]
    for shares in ("34", quantity):
        ib.client.decoder.interpret(["61", "3", "U1240821", *contract, shares, "644.4"])
    (held,) = [parsing.position(GUN, reported) for reported in ib.positions()]
    assert (held.quantity, held.average_cost) == (None, 644.4)
    assert lost == [("figure of a position", "quantity of SPY")] * named
