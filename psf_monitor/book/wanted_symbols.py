"""The symbols that need a price: exactly those held or ordered, as far as HAMMER prices them."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable

from psf_monitor.book.quotes import is_priced_by_hammer
from psf_monitor.domain.instrument import Instrument


class WantedSymbols:
    """Counts for each symbol how many positions and orders, by their keys, have it."""

    def __init__(self) -> None:
        self.symbols: frozenset[str] = frozenset()
        self._on_changed: Callable[[], None] = lambda: None
        self._of: dict[Hashable, frozenset[tuple[str, bool]]] = {}
        self._uses: Counter[tuple[str, bool]] = Counter()

    def when_changed(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` whenever ``symbols`` changes, inside the call that changes it."""
        self._on_changed = listener

    def replace(self, instruments: Iterable[tuple[Hashable, Iterable[Instrument]]]) -> set[str]:
        """Set the instruments of these keys; return the symbols that nothing has any more."""
        touched: set[tuple[str, bool]] = set()
        for key, of_one in instruments:
            before = self._of.get(key, frozenset())
            now = frozenset([(i.symbol, is_priced_by_hammer(i)) for i in of_one])
            if now == before:
                continue
            if now:
                self._of[key] = now
            else:
                del self._of[key]
            # Counter.update inspects its argument, which takes longer than counting.
            for use in before:
                self._uses[use] -= 1
            for use in now:
                self._uses[use] += 1
            touched |= before ^ now
        gone = {use for use in touched if not self._uses[use]}
        for use in gone:
            del self._uses[use]
        new = {symbol for symbol, is_priced in touched - gone if is_priced}
        old = {symbol for symbol, is_priced in gone if is_priced}
        if not new <= self.symbols or not old.isdisjoint(self.symbols):
            self.symbols = (self.symbols | new) - old
            self._on_changed()
        return {symbol for symbol, _ in gone if not {(symbol, True), (symbol, False)} & self._uses.keys()}
