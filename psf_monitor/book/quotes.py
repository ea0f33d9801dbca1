"""What HAMMER has said, and what each of its words is still worth."""

from collections.abc import Mapping
from datetime import datetime

from psf_monitor.book.rows import QuoteState
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.listing import unpriced
from psf_monitor.domain.quote import Quote


def is_priced_by_hammer(instrument: Instrument) -> bool:
    """Whether HAMMER's symbol means the same thing: shares listed at a US market only."""
    return unpriced(instrument) is None


_NOTHING = Quote()
"""What a source sends for a symbol that it lost and has not heard of again."""


class Quotes:
    """The latest quote of every symbol, by the symbol the trader reads.

    A quote from before a loss stays frozen after the return until HAMMER speaks of that symbol again.
    """

    def __init__(self) -> None:
        self.state = QuoteState.OFF
        self.frozen_since: datetime | None = None
        self.refused: frozenset[str] = frozenset()
        self.hammer_symbols: Mapping[str, str] = {}
        self._quotes: dict[str, Quote] = {}
        self._unconfirmed: set[str] = set()

    def change(self, quotes: Mapping[str, Quote]) -> None:
        self._quotes.update(quotes)
        self._unconfirmed.difference_update(quotes)

    def forget_all_but(self, symbols: frozenset[str]) -> None:
        """Drop what nobody holds or orders any more; bought again later, it starts unknown."""
        for symbol in self._quotes.keys() - symbols:
            del self._quotes[symbol]

    def go_live(self) -> None:
        self.state = QuoteState.LIVE
        self.frozen_since = None

    def freeze(self, since: datetime) -> None:
        self.state = QuoteState.FROZEN
        self.frozen_since = since
        self._unconfirmed = set(self._quotes)

    def drop(self) -> None:
        """The trader disconnected HAMMER: there are no prices."""
        self.state = QuoteState.OFF
        self.frozen_since = None
        self.refused = frozenset()
        self._quotes.clear()
        self._unconfirmed.clear()

    def of(self, instrument: Instrument) -> tuple[Quote | None, QuoteState]:
        """The quote of an instrument and its worth."""
        if self.state is QuoteState.OFF:
            return None, QuoteState.OFF
        if not is_priced_by_hammer(instrument) or instrument.symbol in self.refused:
            return None, QuoteState.MISSING
        quote = self._quotes.get(instrument.symbol)
        if quote is None or quote == _NOTHING:
            return None, QuoteState.WAITING
        return quote, QuoteState.FROZEN if instrument.symbol in self._unconfirmed else self.state
