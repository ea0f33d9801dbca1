"""One table's rows: what each is now, which have to be calculated again, and who is woken for it.

It knows their keys and how to have one calculated, not what is in them.
"""

from collections.abc import Callable, Collection, Hashable, Iterable
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
R = TypeVar("R")

_ONE_MOMENT = timedelta(milliseconds=100)
"""What differs by time alone is looked for no more often."""


class RowCache(Generic[K, R]):
    """Rows by key, calculated only when somebody looks.

    ``compute`` gives the row of a key as it is now, ``None`` for none. What was ``add``ed is calculated
    the next time that anybody looks; a row of which only the price ``moved`` may wait while others are
    looked at. ``settle`` lets nothing wait, unless it is given a limit for one turn. ``renew`` is given
    the keys that were ``add``ed before they are calculated: only in these may differ what no price moves.
    """

    def __init__(
        self, compute: Callable[[K], R | None], renew: Callable[[Iterable[K]], None] | None = None
    ) -> None:
        self._compute = compute
        self._renew = renew
        self._rows: dict[K, R] = {}
        # In the order in which they came, so that none waits for ever; whether it is to be renewed.
        self._due: dict[K, bool] = {}
        self._moved: set[K] = set()
        self._undrained: dict[K, R | None] = {}
        self.is_behind = False
        """Whether the last turn left rows for the next."""

    def add(self, keys: Iterable[K], *, is_renewed: bool = True) -> None:
        """Mark rows that may differ; unless ``is_renewed``, in nothing that is cached between two reads."""
        for key in keys:
            self._due[key] = is_renewed or self._due.get(key, False)

    def moved(self, keys: Iterable[K]) -> None:
        self._moved.update(keys)

    def add_all(self) -> None:
        """Mark every row: it may differ."""
        self._due.update(dict.fromkeys(self._rows, True))

    def bring_up(self) -> None:
        """Have what moved calculated in the next turns, looked at or not."""
        for key in self._moved:
            self._due.setdefault(key, False)
        self._moved.clear()
        self.is_behind = bool(self._due)

    @property
    def waiting(self) -> int:
        """How many rows have to be calculated, those that only moved among them."""
        return len(self._due) + len(self._moved)

    @property
    def progress(self) -> tuple[int, int]:
        """How many rows have been calculated, and how many there will be when nothing is due."""
        done = len(self._rows)
        return done, done + len(self._due.keys() - self._rows.keys())

    def settle(self, looked_at: Collection[Hashable] | None = None, most: int | None = None) -> bool:
        """Calculate what is due; whether any row differs. ``looked_at``: of those that moved only these.

        ``most``: so many at the most besides the ones that are looked at, which come first.
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
        """Remove from what is due, and return, what this turn calculates."""
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
        """Return whether anything may differ now, as in ``settle``."""
        return bool(self._due or self._undrained) or not self._moved.isdisjoint(looked_at)

    def drain(self, looked_at: Collection[Hashable] | None = None) -> dict[K, R | None]:
        """Return what differs since the last drain; ``None`` is a row that left.

        With ``looked_at`` of these alone, and of the others when all are asked for.
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
    """The rows of positions and of orders, calculated together, in turns where there are very many."""

    def __init__(self, positions: RowCache[Any, Any], orders: RowCache[Any, Any]) -> None:
        self._positions = positions
        self._orders = orders

    @property
    def is_behind(self) -> bool:
        """Whether the last turn has left rows for the next: until then sums are of old rows and new ones."""
        return self._positions.is_behind or self._orders.is_behind

    @property
    def waiting(self) -> int:
        """How many rows would be calculated now if none might wait."""
        return self._positions.waiting + self._orders.waiting

    @property
    def progress(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """How many rows of positions and orders have been calculated, and how many there will be."""
        return self._positions.progress, self._orders.progress

    def bring_up(self) -> None:
        """Have what moved calculated in the next turns, looked at or not."""
        self._positions.bring_up()
        self._orders.bring_up()

    def add(
        self, positions: Iterable[Hashable], orders: Iterable[Hashable], *, is_renewed: bool = True
    ) -> None:
        """Mark rows that may differ; unless ``is_renewed``, in nothing that is cached between two reads."""
        self._positions.add(positions, is_renewed=is_renewed)
        self._orders.add(orders, is_renewed=is_renewed)

    def moved(self, positions: Iterable[Hashable], orders: Iterable[Hashable]) -> None:
        """Mark rows of which only the price may differ."""
        self._positions.moved(positions)
        self._orders.moved(orders)

    def add_every(self, *, positions: bool = True, orders: bool = True) -> None:
        """Mark every row of these kinds: it may differ."""
        if positions:
            self._positions.add_all()
        if orders:
            self._orders.add_all()

    def has_news_of(self, looked_at: Collection[Hashable]) -> bool:
        """Return whether anything may differ now, as in ``settle``."""
        return self._positions.has_news_of(looked_at) or self._orders.has_news_of(looked_at)

    def drain(self, looked_at: Collection[Hashable] | None) -> tuple[dict[Any, Any], dict[Any, Any]]:
        """The positions and the orders that differ; of those looked at alone while any row is behind."""
        wanted = looked_at if self.is_behind else None
        return self._positions.drain(wanted), self._orders.drain(wanted)

    def settle(self, looked_at: Collection[Hashable] | None = None, most: int | None = None) -> bool:
        """Calculate what is due, ``most`` rows besides those looked at; return whether a position differs."""
        differs = self._positions.settle(looked_at, most)
        self._orders.settle(looked_at, 0 if self._positions.is_behind else most)
        return differs


class Moment:
    """When something was done last, and under which number."""

    def __init__(self) -> None:
        self._number = -1
        self._at: datetime | None = None

    def is_same(self, number: int, now: datetime) -> bool:
        """Return whether it was done under this number a moment ago; the clock may have been set since."""
        return number == self._number and self._at is not None and timedelta() <= now - self._at < _ONE_MOMENT

    def note(self, number: int, now: datetime) -> None:
        """Note that it has been done now."""
        self._number, self._at = number, now


class Dirty:
    """Something that is drained: ``wake`` is called when it goes from drained to dirty.

    ``revision`` grows whenever anything was reported, ``changes`` whenever it was more than a price; time
    alone changes neither.
    """

    def __init__(self) -> None:
        self.revision = 0
        self.changes = 0
        self._drained = -1
        """What ``changes`` was when it was drained last."""
        self._is_dirty = False
        self._wake: Callable[[], None] = lambda: None
        self._on_news: Callable[[], None] = lambda: None

    def when_news(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` whenever more than a price was reported; one listener, which watches all day."""
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
        self._stay_dirty()

    def _rest_unless(self, has_news: bool) -> bool:
        """Whether there is anything to drain; if not, the next news wakes again."""
        self._is_dirty = self._is_dirty and has_news
        return has_news

    def _stay_dirty(self) -> None:
        """Note that there is something to drain."""
        if not self._is_dirty:
            self._is_dirty = True
            self._wake()
