"""What the tests of the adapter stand on: a sink that remembers, and waiting for what must become true."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Self
from weakref import WeakKeyDictionary

from psf_monitor.book.book import Book
from psf_monitor.book.rows import PositionRow, QuoteState
from psf_monitor.connection.backoff import Backoff
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.quote import Print, Quote
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.hammer.sink import HammerSinks
from psf_monitor.hammer.timing import HammerTiming
from psf_monitor.runtime.symbol_forwarder import forward_wanted_symbols
from psf_monitor.settings import HammerProfile
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from tests.hammer.passing_time import LONGEST_REST_S, WatchedClock, seconds_of
from tests.support.records import GUN, position
from tests.support.scripted_hammer import ScriptedHammer
from tests.support.waiting import PATIENCE_S, until

QUICK = HammerTiming(
    check_every_s=0.001,
    account_answer_s=PATIENCE_S,
    account_again_s=0.05,
    account_retry_s=0.05,
    account_poll_s=0.1,
    account_soonest_s=0.01,
    subscribe_pause_s=0.001,
    unseen_rest_s=0.0,
    quiet_rest_s=0.0,
    rest_s=LONGEST_REST_S,
    half_frame_s=LONGEST_REST_S,
)
"""For our own servers, and for clocks that are turned on by seconds in less time than reading rests."""
IMPATIENT = replace(QUICK, account_answer_s=0.2)
"""For a part of HAMMER's own account that never comes."""
KNOWN = ("CIM PRB", "SPY", "BAC PRL")


class RecordingSink:
    """Keeps what a window would show, and the order of the reports."""

    def __init__(self) -> None:
        self.quotes: dict[str, Quote] = {}
        self.prints: dict[str, Sequence[Print]] = {}
        self.asked: dict[str, str] = {}
        self.refused: frozenset[str] = frozenset()
        self.states: list[str] = []
        self.are_awaited = False
        self.turns: list[frozenset[str]] = []
        self.frozen_since: datetime | None = None

    def quotes_changed(self, quotes: Mapping[str, Quote]) -> None:
        self.quotes.update(quotes)
        self.turns.append(frozenset(quotes))

    def prints_changed(self, prints: Mapping[str, Sequence[Print]]) -> None:
        self.prints.update(prints)

    def symbols_requested(self, hammer_symbols: Mapping[str, str]) -> None:
        self.asked = dict(hammer_symbols)

    def symbols_refused(self, symbols: frozenset[str]) -> None:
        self.refused = symbols

    def quotes_awaited(self, *, are_awaited: bool) -> None:
        self.are_awaited = are_awaited

    def quotes_live(self) -> None:
        self.states.append("live")

    def quotes_frozen(self, since: datetime) -> None:
        self.states.append("frozen")
        self.frozen_since = since

    def quotes_dropped(self) -> None:
        self.states.append("dropped")
        self.quotes.clear()


class Shown:
    """The rows of a book that holds the known symbols, priced by the adapter."""

    def __init__(self, book: Book, adapter: HammerAdapter, clock: WatchedClock) -> None:
        self.book = book
        self.adapter = adapter
        self.clock = clock

    @classmethod
    def of(cls, hammer: SimHammer, market: Market, clock: WatchedClock, **more: Any) -> Self:
        """An adapter that is not connected, and its book."""
        book = Book(market.clock)
        book.accounts_named(GUN, ["U1240821"])
        book.positions_replaced(GUN, [position(symbol) for symbol in KNOWN])
        adapter = adapter_of(hammer, book, clock, **more)
        follow(book, adapter)
        return cls(book, adapter, clock)

    def row(self, symbol: str = "CIM PRB") -> PositionRow:
        return next(row for row in self.book.position_rows() if row.symbol == symbol)

    def state(self, symbol: str = "CIM PRB") -> QuoteState:
        return self.row(symbol).quote_state

    def states(self) -> set[QuoteState]:
        return {row.quote_state for row in self.book.position_rows()}

    @property
    def link_state(self) -> LinkState:
        return self.adapter.link.status.state

    @property
    def warning(self) -> str:
        return str(self.adapter.link.status.warning or "")


def adapter_of(
    hammer: SimHammer | ScriptedHammer,
    sink: RecordingSink | Book,
    clock: Callable[[], datetime],
    *,
    host: str = "127.0.0.1",
    password: str = "demo",
    streamer: str = "",
    silent_after_s: float = 15.0,
    elapsed_s: Callable[[], float] | None = None,
    timing: HammerTiming = QUICK,
) -> HammerAdapter:
    """An adapter whose elapsed time follows the clock, unless ``elapsed_s`` is given."""
    adapter = HammerAdapter(
        HammerProfile(host, hammer.port, password, streamer, silent_after_s=silent_after_s),
        HammerSinks(sink, prints=sink),
        clock,
        timing=replace(timing, backoff=Backoff(first_s=0.02, most_s=0.05)),
        elapsed_s=elapsed_s or _elapsed_on(clock),
    )
    if isinstance(clock, WatchedClock) and isinstance(hammer, SimHammer):
        clock.watch(adapter.link, hammer)
    return adapter


def _elapsed_on(clock: Callable[[], datetime]) -> Callable[[], float]:
    return clock.elapsed_s if isinstance(clock, WatchedClock) else lambda: seconds_of(clock())


_followed: WeakKeyDictionary[HammerAdapter, Book] = WeakKeyDictionary()


def follow(book: Book, adapter: HammerAdapter) -> None:
    """Let the adapter ask for what the book wants while it is ``running``, as the monitor does."""
    _followed[adapter] = book


@contextlib.asynccontextmanager
async def running(adapter: HammerAdapter) -> AsyncIterator[None]:
    """The adapter at work, and ended like the product ends it."""
    parts = [adapter.run()]
    if (book := _followed.get(adapter)) is not None:
        parts.append(forward_wanted_symbols(book, adapter.set_wanted))
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextlib.asynccontextmanager
async def connected(adapter: HammerAdapter) -> AsyncIterator[None]:
    """The adapter at work, clicked on and ready."""
    async with running(adapter):
        adapter.link.connect()
        await until(lambda: adapter.link.status.state is LinkState.READY)
        yield


async def settled(adapter: HammerAdapter) -> LinkState:
    """How the click ended."""
    await until(lambda: adapter.link.status.state in (LinkState.READY, LinkState.FAILED))
    return adapter.link.status.state


def as_in(market: Market, symbol: str) -> Quote:
    """The market's own quote of a symbol, without times."""
    s = market.security(symbol)
    return Quote(
        bid=s.bid,
        ask=s.ask,
        bid_size=s.bid_size,
        ask_size=s.ask_size,
        last=s.last,
        volume=s.volume,
        prev_close=s.prev_close,
        open=s.open,
        high=s.high,
        low=s.low,
    )


def timeless(quote: Quote) -> Quote:
    return quote._replace(changed_at=None, received_at=None)


def agrees(sink: RecordingSink, market: Market, symbols: tuple[str, ...] = KNOWN) -> bool:
    return all(timeless(sink.quotes[s]) == as_in(market, s) for s in symbols)
