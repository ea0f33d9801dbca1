"""The quotes that HAMMER has sent, and whether each is still current."""

from collections.abc import Callable, Mapping
from datetime import datetime

from psf_monitor.book.rows import QuoteState
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.listing_exchange import unpriced
from psf_monitor.domain.quote import Quote


def is_priced_by_hammer(instrument: Instrument) -> bool:
    """Return whether HAMMER's symbol means the same instrument, which is so only for shares listed at a US
    market.
    """
    return unpriced(instrument) is None


_NOTHING = Quote()
"""What a source sends for a symbol that it lost and has not received again."""


class Quotes:
    """The latest quote of every symbol, by the symbol the trader reads.

    A quote from before a gap in HAMMER's messages stays old until it is reported as current again; its own
    fields say so (``Quote.stale_since``, ``Quote.late_s``).
    """

    def __init__(self) -> None:
        self.state = QuoteState.OFF
        self.frozen_since: datetime | None = None
        self.refused: frozenset[str] = frozenset()
        self.hammer_symbols: Mapping[str, str] = {}
        self._quotes: dict[str, Quote] = {}
        self._news: dict[str, Mapping[str, Quote]] = {}
        """Quotes that arrived since the last read: most are replaced before anybody reads them."""
        self._old_since: dict[str, datetime] = {}
        self._on_changed: list[Callable[[Mapping[str, Quote]], None]] = []

    def when_changed(self, listener: Callable[[Mapping[str, Quote]], None]) -> None:
        """Call ``listener`` with every quote that arrives."""
        self._on_changed.append(listener)

    def set_hammer_symbols(self, hammer_symbols: Mapping[str, str]) -> set[str]:
        """Set the name under which HAMMER is asked for each symbol; return the symbols for which it
        changed.
        """
        before, self.hammer_symbols = self.hammer_symbols, dict(hammer_symbols)
        return {symbol for symbol, _name in before.items() ^ self.hammer_symbols.items()}

    def refuse(self, symbols: frozenset[str]) -> frozenset[str]:
        """Set all symbols that HAMMER does not know; return those that changed."""
        before, self.refused = self.refused, symbols
        return before ^ symbols

    def change(self, quotes: Mapping[str, Quote]) -> None:
        """Store these quotes; each is looked up when it is read."""
        self._news.update(dict.fromkeys(quotes, quotes))
        for listener in self._on_changed:
            listener(quotes)

    def forget_all_but(self, symbols: frozenset[str]) -> None:
        """Drop the quotes of shares that nobody holds or orders any more; bought again later, they start
        unknown.
        """
        for symbol in self._news.keys() - symbols:
            del self._news[symbol]
        for symbol in self._quotes.keys() - symbols:
            del self._quotes[symbol]
            self._old_since.pop(symbol, None)

    def await_first(self, *, are_awaited: bool) -> bool:
        """Record whether the first quotes are awaited; return whether that is news."""
        if self.state not in (QuoteState.OFF, QuoteState.WAITING):
            return False
        before, self.state = self.state, QuoteState.WAITING if are_awaited else QuoteState.OFF
        return self.state is not before

    def go_live(self) -> None:
        """Treat prices as current from now on; older ones stay old until they are sent again.

        Listeners are called with all that have arrived, as some may be current only now.
        """
        self.state = QuoteState.LIVE
        self.frozen_since = None
        for symbol in tuple(self._news):
            self._latest(symbol)
        for listener in self._on_changed:
            listener(self._quotes)

    def freeze(self, since: datetime) -> None:
        """Mark every price as old: as of its arrival, or of ``since`` (UTC) if that is unknown."""
        self.state = QuoteState.FROZEN
        self.frozen_since = since
        for symbol in tuple(self._news):
            self._latest(symbol)
        for symbol, quote in self._quotes.items():
            self._old_since.setdefault(symbol, quote.received_at or since)

    def drop(self) -> None:
        """Forget every price: the trader disconnected HAMMER."""
        self.state = QuoteState.OFF
        self.frozen_since = None
        self.refused = frozenset()
        self._news.clear()
        self._quotes.clear()
        self._old_since.clear()

    def current(self, symbol: str) -> Quote | None:
        """Return the quote of a share if it is current; never an old, late or refused one."""
        quote, state = self.of(Instrument(0, symbol))
        return quote if state is QuoteState.LIVE else None

    def state_of(self, symbol: str) -> QuoteState:
        """Return the state of a share's quote."""
        return self.of(Instrument(0, symbol))[1]

    def lacks_sizes(self, symbol: str) -> bool:
        """Return whether the quote of a share lacks the size at its bid or ask."""
        quote = self._latest(symbol)
        return quote is not None and (quote.bid_size is None or quote.ask_size is None)

    def of(self, instrument: Instrument) -> tuple[Quote | None, QuoteState]:
        """Return the quote of an instrument and its state; if it is old, ``stale_since`` says since when."""
        if self.state in (QuoteState.OFF, QuoteState.WAITING):
            return None, self.state
        if not is_priced_by_hammer(instrument) or instrument.symbol in self.refused:
            return None, QuoteState.MISSING
        quote = self._latest(instrument.symbol)
        if quote is None or not _is_known(quote):
            return None, QuoteState.WAITING
        since = self._old_since.get(instrument.symbol)
        if since is None and self.state is QuoteState.FROZEN:
            # It arrived after the loss, from a source that is not current yet.
            since = quote.received_at or self.frozen_since
        if since is not None:
            return quote._replace(stale_since=since), QuoteState.FROZEN
        if self.state is QuoteState.LIVE and quote.late_s is not None:
            return quote, QuoteState.LATE
        return quote, self.state

    def _latest(self, symbol: str) -> Quote | None:
        """Return the quote that arrived last, whatever its state."""
        news = self._news.pop(symbol, None)
        if news is None:
            return self._quotes.get(symbol)
        quote = self._quotes[symbol] = news[symbol]
        if quote.stale_since is not None:
            self._old_since[symbol] = quote.stale_since
        else:
            self._old_since.pop(symbol, None)
        return quote


def _is_known(quote: Quote) -> bool:
    """Return whether it has content: a source sends an empty quote for a symbol that it lost."""
    return quote != _NOTHING
