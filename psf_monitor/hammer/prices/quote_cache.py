"""The quotes of the wanted symbols: what was reported to the sink, what is yet to be, and their state.

The cache outlives a session, so that a quote from before a loss is never taken for a new one. A quote is live
only because a price of that symbol was received since the last gap in HAMMER's messages.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime

from psf_monitor.connection.link_log import link_log
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.market_hours import DayPhase
from psf_monitor.domain.quote import Quote
from psf_monitor.hammer.prices.earlier_quote import EarlierQuote
from psf_monitor.hammer.prices.l1_update import L1Update
from psf_monitor.hammer.prices.quote_record import Moment, QuoteRecord
from psf_monitor.hammer.prices.replies import QuoteSnapshot
from psf_monitor.hammer.prices.trade_cache import Touch
from psf_monitor.hammer.sink import HammerSink
from psf_monitor.hammer.symbols import SymbolTable, plain_name

_log = link_log(__name__, AccountMode.HAMMER_PRO.link_name)

_MOST_LOGGED = 10
"""Of so many shares it is logged that HAMMER sends them unsolicited."""


class LazyQuotes(Mapping[str, Quote]):
    """The quotes of some symbols, each assembled at the time it is read.

    Most quotes are replaced before anybody reads them. Whether late quotes are marked is decided when they
    are reported; if that changes, they are reported again.
    """

    __slots__ = ("_marks_late", "_records")

    def __init__(self, records: Mapping[str, QuoteRecord], *, marks_late: bool) -> None:
        self._records = records
        self._marks_late = marks_late

    def __getitem__(self, symbol: str) -> Quote:
        quote = self._records[symbol].as_quote()
        return quote if quote.late_s is None or self._marks_late else quote._replace(late_s=None)

    def __contains__(self, symbol: object) -> bool:
        return symbol in self._records

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)


class QuoteCache:
    """The records of this session by HAMMER symbol, for wanted symbols only, and which of them changed.

    ``is_live``: the sink treats its quotes as current. Freezing and going live are reported once.
    ``sequence`` counts the turns of reading in which the stream sent anything. Times named ``_s`` are
    monotonic seconds.
    """

    def __init__(self, symbols: SymbolTable, sink: HammerSink) -> None:
        self.is_live = False
        self.marks_late = False
        """Whether a price that is late by HAMMER's own time is marked as late: only during the session."""
        self.sequence = 0
        self.gaps = 0
        """How often news may have been missed."""
        self.day = date.min
        self.phase = DayPhase.SESSION
        """The phase of ``day``."""
        self._symbols = symbols
        self._sink = sink
        self._records: dict[str, QuoteRecord] = {}
        self._earlier: dict[str, EarlierQuote] = {}
        self._moved: set[str] = set()
        self._confirmed: set[str] = set()
        """Symbols that were only confirmed: nothing but the time changed."""
        self._handed: set[str] = set()
        self._priced: set[str] = set()
        """Symbols that were reported with a price."""
        self._refused_names: set[str] = set()
        self._requested: set[str] = set()
        """The plain names of all shares that were ever requested: some may still come when left."""
        self._unsolicited: set[str] = set()
        self._refused: frozenset[str] = frozenset()

    def begin(self) -> None:
        """Begin a new session: of the last one counts only what shows that nothing has changed."""
        earlier = {symbol: record.as_earlier() for symbol, record in self._records.items()}
        self._earlier.update({symbol: known for symbol, known in earlier.items() if known is not None})
        self._records.clear()
        self._moved.clear()
        self._confirmed.clear()
        self._priced.clear()

    def begin_day(self, day: date, phase: DayPhase) -> None:
        """Begin another trading day: a later one, or an earlier one if the clock was set back."""
        self.day, self.phase = day, phase
        for symbol, record in self._records.items():
            record.begin_day(day, phase)
            self._moved.add(symbol)

    def be_on(self, day: date, phase: DayPhase) -> None:
        """Correct the trading day, which was wrong before: everything known belongs to it."""
        self.day, self.phase = day, phase
        for symbol, record in self._records.items():
            record.close.be_on(day, phase)
            self._moved.add(symbol)

    def begin_session(self) -> None:
        """Begin the session of the day."""
        self.phase = DayPhase.SESSION
        for symbol, record in self._records.items():
            record.close.begin_session()
            self._moved.add(symbol)

    def end_session(self) -> None:
        """End the session of the day."""
        self.phase = DayPhase.AFTER_CLOSE
        for record in self._records.values():
            record.close.end_session()

    def mark_late(self, *, is_session: bool) -> None:
        """Mark late prices from now on, or stop marking them."""
        if is_session != self.marks_late:
            self.marks_late = is_session
            self._moved.update(
                symbol for symbol, record in self._records.items() if record.late_s is not None
            )

    def renew_wanted(self) -> None:
        """Read the wanted symbols again, after they or their names at HAMMER have changed."""
        wanted = self._symbols.requested
        self._requested.update(map(plain_name, self._symbols.hammer_symbols))
        renamed = self._handed & self._symbols.renamed
        if renamed:
            # What was reported may be another share's quote.
            self._sink.quotes_changed(dict.fromkeys(renamed, Quote()))
        self._handed = (self._handed & wanted.keys()) - renamed
        self._priced &= self._handed
        for symbol in self._records.keys() - self._symbols.hammer_symbols:
            del self._records[symbol]
        for symbol in self._earlier.keys() - self._symbols.hammer_symbols:
            del self._earlier[symbol]
        self._moved &= self._records.keys()
        # A new symbol may use a record that is already there.
        self._moved.update(
            hammer
            for symbol, hammer in wanted.items()
            if symbol not in self._handed and hammer in self._records
        )
        self._refused_names.intersection_update(self._symbols.hammer_symbols)
        self._report_refused()
        self.flush()

    def apply_all(
        self,
        updates: Iterable[L1Update],
        at: datetime,
        now_s: float = 0.0,
        on_report: Callable[[L1Update, datetime, Touch], object] = lambda *_: None,
    ) -> list[str]:
        """Apply updates of the stream in order; return the symbols of those older than the known state.

        ``on_report`` is called for each update that may report a trade, with the bid and ask at that moment.
        HAMMER's time says how old an update is.
        """
        records, moved, older = self._records, self._moved, list[str]()
        self.sequence += 1
        moment = Moment(at, now_s, self.sequence)
        for update in updates:
            symbol = update.symbol
            record = records.get(symbol)
            if record is None:
                if not self._symbols.readers_of(symbol):
                    self._note_unsolicited(symbol)
                    continue
                record = records[symbol] = self._new_record(symbol)
            if record.apply(update, moment):
                moved.add(symbol)
            else:
                older.append(symbol)
            if update.size:
                on_report(update, at, (record.bid, record.ask))
        return older

    def _note_unsolicited(self, symbol: str) -> None:
        """Log once that HAMMER sends a share that was never requested; it may mean one that was."""
        name = plain_name(symbol)
        if name in self._requested or len(self._unsolicited) >= _MOST_LOGGED or name in self._unsolicited:
            return
        self._unsolicited.add(name)
        _log.warning("HAMMER sends %s, which it was not asked for: left out (logged once)", symbol[:40])

    def apply_snapshot(
        self, snapshot: QuoteSnapshot, at: datetime, *, sequence: int = 0, now_s: float = 0.0
    ) -> bool:
        """Apply an answer; return whether it disagrees with the known state. The later of the two is kept.

        ``sequence`` is its value when the request was sent. Figures that the stream has sent since are
        ignored.
        """
        if not self._symbols.readers_of(snapshot.symbol):
            return False
        record = self._records.get(snapshot.symbol)
        if record is not None and record.confirm(snapshot, at, now_s):
            self._confirmed.add(snapshot.symbol)
            return False
        known = None if record is None else record.as_quote()
        if record is None:
            record = self._records[snapshot.symbol] = self._new_record(snapshot.symbol)
        is_newer = record.sequence <= sequence
        is_volume_newer = record.volume_sequence <= sequence
        differs = record.has_price and record.differs_from(snapshot)
        record.apply_snapshot(snapshot, at, now_s, is_newer=is_newer, is_volume_newer=is_volume_newer)
        if known is not None and record.as_quote()._replace(received_at=known.received_at) == known:
            self._confirmed.add(snapshot.symbol)
        else:
            self._moved.add(snapshot.symbol)
        return differs

    def answer(self, accepted: frozenset[str], refused: frozenset[str]) -> None:
        """Record which of its symbols HAMMER accepts and which it refuses."""
        for symbol in accepted & self._records.keys():
            self._records[symbol].on_subscribed()
        if refused - self._refused_names:
            _log.warning("HAMMER refuses %s", ", ".join(sorted(refused - self._refused_names)))
        self._refused_names -= accepted
        self._refused_names |= refused & set(self._symbols.hammer_symbols)
        self._report_refused()

    def flush(self) -> None:
        """Report what changed since the last time."""
        if not self._moved:
            return
        records, readers_of = self._records, self._symbols.readers_of
        handed = {symbol: records[hammer] for hammer in self._moved for symbol in readers_of(hammer)}
        self._moved.clear()
        self._handed.update(handed)
        # Most have a bid: the more expensive check is only for the others.
        priced = {symbol for symbol, r in handed.items() if r.bid is not None or r.has_price}
        self._priced |= priced
        self._priced -= handed.keys() - priced
        self._sink.quotes_changed(LazyQuotes(handed, marks_late=self.marks_late))

    def await_first(self) -> None:
        """Record that HAMMER has let this program in."""
        self._sink.quotes_awaited(are_awaited=True)

    def go_live(self) -> None:
        """Treat prices received since the gap as current, as prices arrive again; the others stay old."""
        if self.is_live:
            return
        self.is_live = True
        gone = {
            symbol
            for symbol in self._handed & self._refused
            if self._symbols.requested[symbol] not in self._records
        }
        if gone:
            self._sink.quotes_changed(dict.fromkeys(gone, Quote()))
            self._handed -= gone
        self.flush()
        self._sink.quotes_live()

    def freeze(self, since: datetime) -> None:
        """Mark every price as old, as of when it was last sent: HAMMER is gone or silent."""
        self._moved |= self._confirmed & self._records.keys()
        self._confirmed.clear()
        self.flush()
        self.begin_gap(self._records)
        if not self.is_live:
            # From a source that was not current yet: the next one must not make them current.
            self.flush()
            self._sink.quotes_awaited(are_awaited=False)
            return
        self._moved.clear()
        self.is_live = False
        self._sink.quotes_frozen(since)

    def begin_gap(self, symbols: Collection[str], *, of_prices_only: bool = False) -> None:
        """Mark prices as old until they are sent again: news about these symbols may have been missed."""
        self.gaps += 1
        for symbol in symbols:
            record = self._records.get(symbol)
            if record is not None:
                record.begin_gap(of_prices_only=of_prices_only)
                self._moved.add(symbol)

    def drop(self) -> None:
        """Forget everything: the trader wants no quotes."""
        self.begin()
        self._earlier.clear()
        self.is_live = False
        self._handed.clear()
        self._refused_names.clear()
        self._report_refused()
        self._sink.quotes_dropped()

    def record_of(self, symbol: str) -> QuoteRecord | None:
        """Return the record of a HAMMER symbol in this session."""
        return self._records.get(symbol)

    def records(self) -> Iterator[tuple[str, QuoteRecord]]:
        """Return the records of this session by HAMMER symbol."""
        yield from self._records.items()

    @property
    def last_price_at(self) -> datetime | None:
        """Return when HAMMER last sent a price (UTC)."""
        return max((r.received_at for r in self._records.values() if r.received_at is not None), default=None)

    @property
    def quoted(self) -> int:
        """How many of the wanted symbols were reported with a price in this session."""
        return len(self._priced)

    def _new_record(self, symbol: str) -> QuoteRecord:
        return QuoteRecord(self.day, self.phase, self._earlier.pop(symbol, None))

    def _report_refused(self) -> None:
        refused = frozenset(
            s for s, hammer in self._symbols.requested.items() if hammer in self._refused_names
        )
        if refused != self._refused:
            self._refused = refused
            self._sink.symbols_refused(refused)
