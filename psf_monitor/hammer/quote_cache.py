"""What the sink was told and what it is still to be told: the quotes of the wanted symbols.

It outlives a session, so that a quote from before a loss is never taken for a new one.
"""

from datetime import datetime

from psf_monitor.domain.quote import Quote
from psf_monitor.hammer.messages import L1Update, Snapshot
from psf_monitor.hammer.quotes import QuoteRecord
from psf_monitor.hammer.sink import HammerSink
from psf_monitor.hammer.symbols import SymbolTable


class QuoteCache:
    """The records of this session by HAMMER symbol, wanted symbols only, and which of them moved.

    ``is_live``: the sink holds what it has for current. Freezing and going live are told once.
    """

    def __init__(self, symbols: SymbolTable, sink: HammerSink) -> None:
        self.is_live = False
        self._symbols = symbols
        self._sink = sink
        self._records: dict[str, QuoteRecord] = {}
        self._moved: set[str] = set()
        self._handed: set[str] = set()
        self._asked: dict[str, str] = {}
        self._refused_names: set[str] = set()
        self._refused: frozenset[str] = frozenset()

    def begin(self) -> None:
        """A new session: nothing of the last one counts any more."""
        self._records.clear()
        self._moved.clear()

    def begin_day(self) -> None:
        for symbol, record in self._records.items():
            record.begin_day()
            self._moved.add(symbol)

    def want_changed(self) -> None:
        """The wanted symbols are others now, or are called otherwise at HAMMER."""
        wanted = self._symbols.asked
        renamed = {s for s in self._handed & wanted.keys() if self._asked.get(s) != wanted[s]}
        if renamed:
            # What was handed over may be another share's quote.
            self._sink.quotes_changed(dict.fromkeys(renamed, Quote()))
        self._asked = dict(wanted)
        self._handed = (self._handed & wanted.keys()) - renamed
        for symbol in self._records.keys() - self._symbols.hammer_symbols:
            del self._records[symbol]
        self._moved &= self._records.keys()
        # One more symbol may read a record that is already there.
        self._moved.update(
            hammer
            for symbol, hammer in wanted.items()
            if symbol not in self._handed and hammer in self._records
        )
        self._refused_names.intersection_update(self._symbols.hammer_symbols)
        self._tell_refused()
        self.flush()

    def take(self, update: L1Update, at: datetime) -> None:
        record = self._records.get(update.symbol)
        if record is None:
            if not self._symbols.readers_of(update.symbol):
                return
            record = self._records[update.symbol] = QuoteRecord()
        record.take(update, at)
        self._moved.add(update.symbol)

    def take_snapshot(self, snapshot: Snapshot, at: datetime) -> None:
        if not self._symbols.readers_of(snapshot.symbol):
            return
        self._records.setdefault(snapshot.symbol, QuoteRecord()).take_snapshot(snapshot, at)
        self._moved.add(snapshot.symbol)

    def answer(self, accepted: frozenset[str], refused: frozenset[str]) -> None:
        """HAMMER said which of its symbols it takes and which it does not."""
        self._refused_names -= accepted
        self._refused_names |= refused & set(self._symbols.hammer_symbols)
        self._tell_refused()

    def flush(self) -> None:
        """Hand over what moved since the last time."""
        if not self._moved:
            return
        quotes: dict[str, Quote] = {}
        for hammer in self._moved:
            quote = self._records[hammer].frozen()
            for symbol in self._symbols.readers_of(hammer):
                quotes[symbol] = quote
        self._moved.clear()
        self._hand(quotes)

    def go_live(self) -> None:
        """What is handed over is current; what only the last session knew is taken back first."""
        if self.is_live:
            return
        self.is_live = True
        asked = self._symbols.asked
        unheard = {symbol for symbol in self._handed if asked[symbol] not in self._records}
        if unheard:
            self._sink.quotes_changed(dict.fromkeys(unheard, Quote()))
            self._handed -= unheard
        self.flush()
        self._sink.quotes_live()

    def freeze(self, since: datetime) -> None:
        if self.is_live:
            self.is_live = False
            self._sink.quotes_frozen(since)

    def drop(self) -> None:
        """The trader wants no quotes."""
        self.begin()
        self.is_live = False
        self._handed.clear()
        self._refused_names.clear()
        self._tell_refused()
        self._sink.quotes_dropped()

    @property
    def quoted(self) -> int:
        """How many of the wanted symbols have a price."""
        has_price = {hammer for hammer, record in self._records.items() if record.has_price}
        return sum(hammer in has_price for hammer in self._symbols.asked.values())

    def _hand(self, quotes: dict[str, Quote]) -> None:
        self._handed |= quotes.keys()
        self._sink.quotes_changed(quotes)

    def _tell_refused(self) -> None:
        refused = frozenset(s for s, hammer in self._symbols.asked.items() if hammer in self._refused_names)
        if refused != self._refused:
            self._refused = refused
            self._sink.symbols_refused(refused)
