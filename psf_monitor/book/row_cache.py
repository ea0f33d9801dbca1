"""One table's rows: what each is now, which are to be worked out again, and who is to be woken for it.

It knows their keys and how to have one worked out, not what is in them.
"""

from collections.abc import Callable, Collection, Hashable, Iterable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
R = TypeVar("R")

_ONE_MOMENT = timedelta(milliseconds=100)
"""What differs by time alone is looked for no more often."""


class RowCache(Generic[K, R]):
    """Rows by key, worked out when somebody looks and no oftener.

    ``compute`` gives the row of a key as it is now, ``None`` for none. What was ``add``ed is worked
    out the next time that anybody looks; a row of which only the price ``moved`` may wait while others are
    looked at. ``settle`` lets nothing wait. ``renew`` is given the keys that were ``add``ed, before they are
    worked out: what no price moves may differ of these alone.
    """

    def __init__(
        self, compute: Callable[[K], R | None], renew: Callable[[Iterable[K]], None] | None = None
    ) -> None:
        self._compute = compute
        self._renew = renew
        self._rows: dict[K, R] = {}
        self._due: set[K] = set()
        self._moved: set[K] = set()
        self._undrained: dict[K, R | None] = {}

    def add(self, keys: Iterable[K]) -> None:
        self._due.update(keys)

    def moved(self, keys: Iterable[K]) -> None:
        self._moved.update(keys)

    def add_all(self) -> None:
        """Every row may differ."""
        self._due.update(self._rows)

    def settle(self, looked_at: Collection[Hashable] | None = None) -> bool:
        """Work out what is due, whether any row differs; ``looked_at``: of those that moved only these."""
        if looked_at is None:
            keys, self._moved = self._due | self._moved, set()
        else:
            moved = self._moved.intersection(looked_at)
            self._moved -= moved
            keys = self._due | moved
        if self._renew is not None:
            self._renew(self._due)
        self._due.clear()
        differs = False
        for key in keys:
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

    def has_news_of(self, looked_at: Collection[Hashable]) -> bool:
        """Whether there may be anything to tell now, as in ``settle``."""
        return bool(self._due or self._undrained) or not self._moved.isdisjoint(looked_at)

    def drain(self) -> dict[K, R | None]:
        """What was found to differ since the last time that it was told; ``None`` is a row that left."""
        drained, self._undrained = self._undrained, {}
        return drained

    def find(self, key: K) -> R | None:
        """The row as it was worked out last."""
        return self._rows.get(key)

    def found(self, keys: Iterable[K]) -> list[R]:
        """The rows of these keys as they were worked out last, without those that have left."""
        return [self._rows[key] for key in keys if key in self._rows]

    def rows(self) -> Collection[R]:
        """Every row as it was worked out last."""
        return self._rows.values()


class Moment:
    """When something was done last, and under which number."""

    def __init__(self) -> None:
        self._number = -1
        self._at: datetime | None = None

    def is_same(self, number: int, now: datetime) -> bool:
        """Whether it was done under this number a moment ago; the clock may have been set since."""
        return number == self._number and self._at is not None and timedelta() <= now - self._at < _ONE_MOMENT

    def note(self, number: int, now: datetime) -> None:
        """It has been done now."""
        self._number, self._at = number, now


class Dirty:
    """What is drained: ``wake`` is called when it goes from drained to dirty.

    ``revision`` is another one whenever anything was told, ``changes`` whenever it was more than a price;
    time alone makes none.
    """

    def __init__(self) -> None:
        self.revision = 0
        self.changes = 0
        self._drained = -1
        """What ``changes`` was when it was drained last."""
        self._is_dirty = False
        self._wake: Callable[[], None] = lambda: None
        self._on_news: Callable[[], None] = lambda: None

    def when_told(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` whenever more than a price was told; one listener, whoever watches all day."""
        self._on_news = listener

    def when_dirty(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` once each time there is something to drain again; at once if there is."""
        self._wake = wake
        if self._is_dirty:
            wake()

    def _become_dirty(self, *, is_of_prices: bool = False) -> None:
        self.revision += 1
        if not is_of_prices:
            self.changes += 1
            self._on_news()
        if not self._is_dirty:
            self._is_dirty = True
            self._wake()
