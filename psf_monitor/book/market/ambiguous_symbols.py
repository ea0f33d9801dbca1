"""Held contracts of different conIds and one symbol: HAMMER, which has no conId, means one of them."""

from collections import defaultdict
from collections.abc import Set

from msgspec.structs import replace

from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.listing_exchange import is_over_the_counter, unpriced

_Contract = tuple[int, str]


class AmbiguousSymbols:
    """Follows which contracts are priced under which symbol, and marks those that HAMMER may not mean.

    A symbol is given to one share at a time, at an exchange or over the counter: of two contracts one is from
    before a merger, a split or a delisting. The only one at an exchange is the share, else it is not known.
    """

    def __init__(self) -> None:
        self._listings: defaultdict[str, dict[_Contract, Instrument]] = defaultdict(dict)
        self._symbols: dict[_Contract, str] = {}
        self._doubtful: dict[str, frozenset[_Contract]] = {}

    def follow(self, contract: _Contract, listing: Instrument | None) -> Set[_Contract]:
        """Set as what a contract is priced, ``None`` once nobody holds it; return the contracts that are
        marked now or no longer.
        """
        before = self._symbols.pop(contract, None)
        if before is not None:
            del self._listings[before][contract]
        now = None
        if listing is not None and listing.con_id and unpriced(listing) is None:
            now = self._symbols[contract] = listing.symbol
            self._listings[now][contract] = listing
        return frozenset().union(*(self._judge(symbol) for symbol in {before, now} if symbol is not None))

    def marked(self, listing: Instrument) -> Instrument:
        """Return the listing; if HAMMER may mean another contract by its symbol, it says so."""
        if listing.identity in self._doubtful.get(listing.symbol, ()):
            return replace(listing, has_namesake=True)
        return listing

    def _judge(self, symbol: str) -> Set[_Contract]:
        listings, before = self._listings[symbol], self._doubtful.pop(symbol, frozenset[_Contract]())
        if len(listings) < 2:
            if not listings:
                del self._listings[symbol]
            return before
        listed = [each for each, of in listings.items() if not is_over_the_counter(of.exchange)]
        doubtful = frozenset(listings) - frozenset(listed if len(listed) == 1 else ())
        self._doubtful[symbol] = doubtful
        return doubtful ^ before
