"""One table's rows: their values, which of them have to be recalculated, and who is notified.

The cache knows keys and how to have a row calculated, but nothing about the contents of rows.
"""

from collections.abc import Callable, Collection, Hashable, Iterable
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
R = TypeVar("R")

_ONE_MOMENT = timedelta(milliseconds=100)
"""Changes with time alone are looked for no more often than this."""


class RowCache(Generic[K, R]):
    """Rows by key, calculated only when they are read.

    ``compute`` returns the current row of a key, ``None`` if there is none. Keys passed to ``add`` are
    calculated at the next read; a row of which only the price ``moved`` may wait while others are read.
    ``settle`` leaves nothing waiting, unless it is given a limit for one turn. ``renew`` is given the keys
    passed to ``add`` before they are calculated: only those may have changed in more than price.
    """

    def __init__(
        self, compute: Callable[[K], R | None], renew: Callable[[Iterable[K]], None] | None = None
    ) -> None:
        self._compute = compute
        self._renew = renew
        self._rows: dict[K, R] = {}
        # In order of arrival, so that none waits for ever; the value says whether it is renewed.
        self._due: dict[K, bool] = {}
        self._moved: set[K] = set()
        self._undrained: dict[K, R | None] = {}
        self.is_behind = False
        """Whether the last turn left rows for the next."""

    def add(self, keys: Iterable[K], *, is_renewed: bool = True) -> None:
        """Mark rows that may have changed; unless ``is_renewed``, only in what is not cached between two
        reads.
        """
        for key in keys:
            self._due[key] = is_renewed or self._due.get(key, False)

    def moved(self, keys: Iterable[K]) -> None:
        """Mark rows of which only the price may have changed."""
        self._moved.update(keys)

    def add_all(self) -> None:
        """Mark every row as possibly changed."""
        self._due.update(dict.fromkeys(self._rows, True))

    def schedule_moved(self) -> None:
        """Have moved rows calculated in the next turns, whether or not they are read."""
        for key in self._moved:
            self._due.setdefault(key, False)
        self._moved.clear()
        self.is_behind = bool(self._due)

    @property
    def waiting(self) -> int:
        """How many rows have to be calculated, including those that only moved."""
        return len(self._due) + len(self._moved)

    @property
    def progress(self) -> tuple[int, int]:
        """How many rows have been calculated, and how many there will be when nothing is due."""
        done = len(self._rows)
        return done, done + len(self._due.keys() - self._rows.keys())

    def settle(self, looked_at: Collection[Hashable] | None = None, most: int | None = None) -> bool:
        """Calculate what is due; return whether any row changed. With ``looked_at``, of the moved rows only
        these.

        ``most`` limits how many rows are calculated besides those in ``looked_at``, which come first.
        """
        if looked_at is None:
            moved, self._moved = self._moved, set()
        else:
            moved = self._moved.intersection(looked_at)
            self._moved -= moved
        due = self._taken(looked_at, most)
        if self._renew is not None:
            self._renew([key for key, is_renewed in due.items() if is_renewed])
        differs = False
        for key in due.keys() | moved:
            row = self._compute(key)
            if row == self._rows.get(key):
                continue
            differs = True
            self._undrained[key] = row
            if row is None:
                del self._rows[key]
            else:
                self._rows[key] = row
        return differs

    def _taken(self, looked_at: Collection[Hashable] | None, most: int | None) -> dict[K, bool]:
        """Remove from what is due, and return, the keys to calculate in this turn."""
        self.is_behind = not (looked_at is None or most is None or len(self._due) <= most)
        if not self.is_behind:
            whole, self._due = self._due, {}
            return whole
        due: dict[Any, bool] = self._due
        taken: dict[Any, bool] = {key: due.pop(key) for key in looked_at or () if key in due}
        rest = list(islice(self._due, most))
        taken.update((key, self._due.pop(key)) for key in rest)
        return taken

    def has_news_of(self, looked_at: Collection[Hashable]) -> bool:
        """Return whether anything may have changed, as in ``settle``."""
        return bool(self._due or self._undrained) or not self._moved.isdisjoint(looked_at)

    def drain(self, looked_at: Collection[Hashable] | None = None) -> dict[K, R | None]:
        """Return what has changed since the last drain; ``None`` is a row that left.

        With ``looked_at``, only these rows are returned; the others follow once all are drained.
        """
        if looked_at is None:
            drained, self._undrained = self._undrained, {}
            return drained
        undrained: dict[Any, R | None] = self._undrained
        found: list[Any] = [key for key in looked_at if key in undrained]
        return {key: undrained.pop(key) for key in found}

    def find(self, key: K) -> R | None:
        """Return the row as last calculated."""
        return self._rows.get(key)

    def found(self, keys: Iterable[K]) -> list[R]:
        """Return the rows of these keys as last calculated, without those that have left."""
        return [self._rows[key] for key in keys if key in self._rows]

    def rows(self) -> Collection[R]:
        """Return every row as last calculated."""
        return self._rows.values()


class RowTables:
    """The rows of positions and orders, calculated together, in several turns if there are very many."""

    def __init__(self, positions: RowCache[Any, Any], orders: RowCache[Any, Any]) -> None:
        self._positions = positions
        self._orders = orders

    @property
    def is_behind(self) -> bool:
        """Whether the last turn left rows for the next: until then sums mix old and new rows."""
        return self._positions.is_behind or self._orders.is_behind

    @property
    def waiting(self) -> int:
        """How many rows would be calculated now if none were allowed to wait."""
        return self._positions.waiting + self._orders.waiting

    @property
    def progress(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """For positions and for orders: how many rows have been calculated, and how many there will be."""
        return self._positions.progress, self._orders.progress

    def schedule_moved(self) -> None:
        """Have moved rows calculated in the next turns, whether or not they are read."""
        self._positions.schedule_moved()
        self._orders.schedule_moved()

    def add(
        self, positions: Iterable[Hashable], orders: Iterable[Hashable], *, is_renewed: bool = True
    ) -> None:
        """Mark rows that may have changed; unless ``is_renewed``, only in what is not cached between two
        reads.
        """
        self._positions.add(positions, is_renewed=is_renewed)
        self._orders.add(orders, is_renewed=is_renewed)

    def moved(self, positions: Iterable[Hashable], orders: Iterable[Hashable]) -> None:
        """Mark rows of which only the price may have changed."""
        self._positions.moved(positions)
        self._orders.moved(orders)

    def add_every(self, *, positions: bool = True, orders: bool = True) -> None:
        """Mark every row of these kinds as possibly changed."""
        if positions:
            self._positions.add_all()
        if orders:
            self._orders.add_all()

    def has_news_of(self, looked_at: Collection[Hashable]) -> bool:
        """Return whether anything may have changed, as in ``settle``."""
        return self._positions.has_news_of(looked_at) or self._orders.has_news_of(looked_at)

    def drain(self, looked_at: Collection[Hashable] | None) -> tuple[dict[Any, Any], dict[Any, Any]]:
        """Return the positions and orders that have changed; only those looked at while any row is behind."""
        wanted = looked_at if self.is_behind else None
        return self._positions.drain(wanted), self._orders.drain(wanted)

    def settle(self, looked_at: Collection[Hashable] | None = None, most: int | None = None) -> bool:
        """Calculate what is due, at most ``most`` rows besides those looked at; return whether a position
        changed.
        """
        differs = self._positions.settle(looked_at, most)
        self._orders.settle(looked_at, 0 if self._positions.is_behind else most)
        return differs


class LastRun:
    """When something was last done, and for which revision."""

    def __init__(self) -> None:
        self._number = -1
        self._at: datetime | None = None

    def is_same(self, number: int, now: datetime) -> bool:
        """Return whether it was done for this revision a moment ago; the clock may have been set since."""
        return number == self._number and self._at is not None and timedelta() <= now - self._at < _ONE_MOMENT

    def note(self, number: int, now: datetime) -> None:
        """Record that it has been done now."""
        self._number, self._at = number, now


class Dirty:
    """Something that is drained; ``wake`` is called when it changes from drained to dirty.

    ``revision`` grows with every report, ``changes`` with every report that is more than a price; time alone
    changes neither.
    """

    def __init__(self) -> None:
        self.revision = 0
        self.changes = 0
        self._drained = -1
        """The value of ``changes`` at the last drain."""
        self._is_dirty = False
        self._wake: Callable[[], None] = lambda: None
        self._on_news: Callable[[], None] = lambda: None

    def when_news(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` whenever more than a price was reported; there is one listener."""
        self._on_news = listener

    def when_dirty(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` once each time there is something to drain again, and at once if there is."""
        self._wake = wake
        if self._is_dirty:
            wake()

    def _become_dirty(self, *, is_of_prices: bool = False) -> None:
        self.revision += 1
        if not is_of_prices:
            self.changes += 1
            self._on_news()
        self._stay_dirty()

    def _rest_unless(self, has_news: bool) -> bool:
        """Return whether there is anything to drain; if not, the next news wakes the reader again."""
        self._is_dirty = self._is_dirty and has_news
        return has_news

    def _stay_dirty(self) -> None:
        """Record that there is something to drain."""
        if not self._is_dirty:
            self._is_dirty = True
            self._wake()
