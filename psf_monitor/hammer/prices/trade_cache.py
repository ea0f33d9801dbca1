"""The trades that HAMMER reported, read from its two sources, each counted once.

A trade is streamed as it happens, and is listed again among the earlier trades that are requested when a
symbol is subscribed. Neither source numbers its trades, so two reports are one trade if price and size are
the same and the times agree within HAMMER's precision. In doubt a trade is left out, never counted twice.
"""

import sys
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from psf_monitor.connection.link_log import link_log
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.indicators import PRINTS_USED
from psf_monitor.domain.quote import Print
from psf_monitor.formatting import counted
from psf_monitor.hammer.messages import Reply, result_of, unreadable_answer
from psf_monitor.hammer.prices.field_names import read_fields
from psf_monitor.hammer.prices.figures import finite, is_no_figure, is_yes, positive_price, time_of
from psf_monitor.hammer.prices.l1_update import L1Update
from psf_monitor.hammer.sink import PrintSink
from psf_monitor.hammer.symbols import SymbolTable

_log = link_log(__name__, AccountMode.HAMMER_PRO.link_name)

SAME_TRADE_WITHIN = timedelta(seconds=2)
"""How much the two sources' times of one trade may differ: one of them may have whole seconds only, and a
report without a time is dated on receipt.
"""

STILL_COMING = timedelta(seconds=2)
"""For how long after the list a trade in it may still be streamed."""

TRADES_KEPT = 2 * PRINTS_USED
"""The last prints kept for a symbol; many of them are too small to count."""

Touch = tuple[float | None, float | None]


class Ticks(NamedTuple):
    """The earlier ``trades`` of one HAMMER symbol, oldest first; ``unread`` more could not be read."""

    symbol: str
    trades: tuple[Print, ...]
    unread: int = 0


class _Ticks(Struct):
    sym: str
    data: list[Any]


_anything = msgspec.json.Decoder()
_NAMES = {"sym": "sym", "symbol": "sym", "data": "data"}
_ROW_NAMED = frozenset({"t", "p", "s"})
_ROW = {name: name for name in ("t", "p", "s", "e", "b", "a", "bf")}


def history_fields(hammer_symbol: str) -> dict[str, Any]:
    """Return the fields of ``getTicks`` that request the last trades, including those out of hours."""
    return {"sym": hammer_symbol, "lastFew": PRINTS_USED, "tradesOnly": True, "regHoursOnly": False}


def ticks_of(reply: Reply) -> Ticks:
    """Return the trades in the answer to ``getTicks``.

    Rows that are no trade are left out: one made up from a candle (``bf``), a quote (no price or no size), an
    unreadable one, which is counted. Raises ``ProtocolError`` if it names no share, or no row can be read.
    """
    received = result_of(_anything, reply)
    try:
        found = msgspec.convert(
            read_fields(received, _NAMES)[0] if isinstance(received, dict) else received, _Ticks
        )
    except msgspec.ValidationError:
        raise unreadable_answer(reply) from None
    rows = found.data
    readable = [row for row in rows if isinstance(row, dict)]
    if not found.sym.strip() or (rows and not readable):
        raise unreadable_answer(reply)
    # A share's prices and sizes repeat: sharing equal ones halves the memory of all its trades.
    once: dict[float | None, float | None] = {}
    trades: list[Print] = []
    unread = len(rows) - len(readable)
    for row in readable:
        named = row if row.keys() >= _ROW_NAMED else read_fields(row, _ROW)[0]
        if (trade := _print(named, once.setdefault)) is not None:
            trades.append(trade)
        elif _is_unread(named):
            unread += 1
    if trades and trades[0].at >= trades[-1].at:
        # The newest comes first; trades of the same moment keep their order.
        trades.reverse()
    return Ticks(found.sym, tuple(sorted(trades, key=lambda trade: trade.at)), unread)


def _is_unread(row: dict[str, Any]) -> bool:
    """Return whether a row may be a trade that cannot be read, rather than a quote or a candle's."""
    if is_no_figure(row.get("p")) or is_no_figure(row.get("s")):
        return True
    is_trade = positive_price(row.get("p")) is not None and (finite(row.get("s")) or 0.0) > 0
    return is_trade and time_of(row.get("t")) is None


def _print(row: dict[str, Any], once: Callable[[Any, Any], Any]) -> Print | None:
    price, size, at = positive_price(row.get("p")), finite(row.get("s")), time_of(row.get("t"))
    if price is None or size is None or at is None or size <= 0:
        return None
    if is_yes(row.get("bf")):
        return None
    venue = row.get("e")
    bid, ask = (positive_price(row.get(name)) for name in ("b", "a"))
    name = sys.intern(venue.strip()) if isinstance(venue, str) else ""
    price, size, bid, ask = (once(figure, figure) for figure in (price, size, bid, ask))
    return Print(price, size, at, name, bid, ask, is_history=True)


class TradeLog:
    """The last ``TRADES_KEPT`` prints of one HAMMER symbol, oldest first."""

    def __init__(self) -> None:
        self._prints: deque[Print] = deque(maxlen=TRADES_KEPT)
        self._may_repeat = False
        self._not_streamed: list[Print] = []
        self._not_streamed_until = datetime.min.replace(tzinfo=UTC)

    @property
    def prints(self) -> tuple[Print, ...]:
        """The trades known, oldest first."""
        return tuple(self._prints)

    def subscribed(self) -> None:
        """Expect that a new subscription may begin by repeating the last trade."""
        self._may_repeat = True

    def apply(self, trade: Print, now: datetime) -> bool:
        """Add a trade from the stream; return whether it was new."""
        may_repeat, self._may_repeat = self._may_repeat, False
        if may_repeat and self._prints and _is_same(trade, self._prints[-1]):
            return False
        if self._not_streamed:
            if now > self._not_streamed_until:
                self._not_streamed = []
            elif (known := next((p for p in self._not_streamed if _is_same(trade, p)), None)) is not None:
                self._not_streamed.remove(known)
                return False
        self._prints.append(trade)
        return True

    def apply_history(self, history: Sequence[Print], now: datetime) -> None:
        """Add the earlier trades that HAMMER lists; one that the stream has sent already is not added
        again.
        """
        listed: defaultdict[tuple[float, float], list[Print]] = defaultdict(list)
        for trade in history:
            listed[trade.price, trade.size].append(trade)
        merged: list[Print] = []
        for live in self._prints:
            same = listed[live.price, live.size]
            twin = min(same, key=lambda trade: abs(trade.at - live.at), default=None)
            if twin is not None and _is_same(live, twin):
                same.remove(twin)
                merged.append(replace(live, venue=twin.venue or live.venue))
            else:
                merged.append(live)
        self._not_streamed = [trade for same in listed.values() for trade in same]
        self._not_streamed_until = now + STILL_COMING
        merged += self._not_streamed
        self._prints = deque(sorted(merged, key=lambda trade: trade.at), maxlen=TRADES_KEPT)


def _is_same(one: Print, other: Print) -> bool:
    return one.price == other.price and one.size == other.size and abs(one.at - other.at) <= SAME_TRADE_WITHIN


class TradeCache:
    """The prints of the wanted symbols, and which of them are still to be reported.

    The cache outlives a session, since a reported trade cannot be undone. Without a sink it does nothing.
    """

    def __init__(self, symbols: SymbolTable, sink: PrintSink | None) -> None:
        self.is_wanted = sink is not None
        self._symbols = symbols
        self._sink = sink
        self._logs: dict[str, TradeLog] = {}
        self._moved: set[str] = set()
        self._has_logged_unread = False

    def renew_wanted(self) -> None:
        """Read the wanted symbols again, after they or their names at HAMMER have changed."""
        wanted, renamed = self._symbols.requested, self._symbols.renamed
        for gone in self._logs.keys() - set(wanted.values()):
            del self._logs[gone]
        self._moved &= self._logs.keys()
        if renamed and self._sink is not None:
            self._sink.prints_changed(dict.fromkeys(sorted(renamed), ()))
        others = renamed | self._symbols.added
        self._moved.update(wanted[symbol] for symbol in others if wanted[symbol] in self._logs)
        self.flush()

    def subscribed(self, hammer_symbols: frozenset[str]) -> None:
        """Expect that the new subscriptions of these may begin by repeating the last trade."""
        for name in hammer_symbols & self._logs.keys():
            self._logs[name].subscribed()

    def apply(self, update: L1Update, now: datetime, touch: Touch = (None, None)) -> None:
        """Process a report of the stream with ``touch``, the bid and ask at that moment."""
        log = self._log(update.symbol)
        trade = None if log is None else update.trade(now, *touch)
        if trade is not None and log is not None and log.apply(trade, now):
            self._moved.add(update.symbol)

    def apply_history(self, ticks: Ticks, now: datetime) -> None:
        """Add the earlier trades of the share that HAMMER names."""
        hammer_symbol = self._symbols.as_requested(ticks.symbol)
        if ticks.unread and not self._has_logged_unread:
            self._has_logged_unread = True
            _log.warning(
                "HAMMER lists %s of %s that cannot be read (logged once)",
                counted(ticks.unread, "earlier trade"),
                hammer_symbol,
            )
        log = self._log(hammer_symbol)
        if log is not None:
            log.apply_history(ticks.trades, now)
            self._moved.add(hammer_symbol)

    def flush(self) -> None:
        """Report what changed since the last time."""
        if not self._moved:
            return
        prints: dict[str, Sequence[Print]] = {}
        for name in self._moved:
            kept = self._logs[name].prints
            for symbol in self._symbols.readers_of(name):
                prints[symbol] = kept
        self._moved.clear()
        if self._sink is not None:
            self._sink.prints_changed(prints)

    def drop(self) -> None:
        """Forget everything: the trader wants no quotes, and the sink has dropped its prints."""
        self._logs.clear()
        self._moved.clear()

    def _log(self, hammer_symbol: str) -> TradeLog | None:
        if not self.is_wanted or not self._symbols.readers_of(hammer_symbol):
            return None
        log = self._logs.get(hammer_symbol)
        if log is None:
            log = self._logs[hammer_symbol] = TradeLog()
        return log
