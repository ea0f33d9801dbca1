"""What was held when the day began, by the position and the executions that are listed since."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from psf_monitor.domain.position import PositionKey

SETTLES_AFTER = timedelta(seconds=3)
"""How long the opening quantity is kept when a position moves just before or after its execution is
reported.
"""

MOVED = "it moved without an execution of today"

_NOTHING = 5e-9


class _Derived(Struct, frozen=True):
    """An opening quantity that follows from the position ``held`` and the executions, accepted at ``at``.

    ``earlier`` are those accepted before it today.
    """

    quantity: float
    held: float
    at: datetime
    earlier: frozenset[float] = frozenset()


class OpenQuantities:
    """The opening quantities of today, and by how much positions moved since without an execution."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._derived: dict[PositionKey, _Derived] = {}
        # How much is missing, and since when.
        self._missing: dict[PositionKey, tuple[float, datetime]] = {}
        self._contradicted: dict[PositionKey, float] = {}

    def clear(self) -> None:
        """Begin another day."""
        self._derived.clear()
        self._missing.clear()
        self._contradicted.clear()

    def note(self, key: PositionKey, held: float, net: float) -> None:
        """Accept what follows from this position and what was bought, less sold, until now."""
        self._derived.setdefault(key, _Derived(held - net, held, self._clock()))

    def undecided(self) -> Collection[PositionKey]:
        """Return the contracts whose position and executions do not agree yet."""
        return self._missing.keys()

    def due(self) -> set[PositionKey]:
        """Return those of which it is decided now."""
        now = self._clock()
        looks = {key: now - since for key, (_, since) in self._missing.items()}
        # Those of before the clock was set back are looked at to begin anew.
        return {key for key, waited in looks.items() if waited >= SETTLES_AFTER or waited < timedelta()}

    def derived(
        self, key: PositionKey, held: float, net: float, listed_at: datetime | None, *, is_new: bool
    ) -> tuple[float, str]:
        """Return what was held at the open: what is ``held`` less ``net``, which was bought since; or why
        that is unknown. ``is_new``: it was not held at the open, unless that was noted.

        While the position stands, another list of executions is the better one. A position that moves by
        anything else than executions has not been held since the open.
        """
        now, found = self._clock(), held - net
        known = self._derived.get(key)
        if known is None:
            known = _Derived(0.0, net, now) if is_new else _Derived(found, held, now)
            self._derived[key] = known
        missing = found - known.quantity
        if abs(missing) < _NOTHING:
            self._agrees(key)
            if held != known.held:
                self._derived[key] = replace(known, held=held)
            return known.quantity, ""
        if self._is_decided(key, missing):
            return known.quantity, MOVED
        since = self._missing_since(key, missing)
        is_other_list = held == known.held or found in known.earlier or since - known.at < SETTLES_AFTER
        if not is_other_list:
            return known.quantity, self.why_contradicted(key, missing, listed_at)
        if now - since < SETTLES_AFTER:
            return known.quantity, ""
        self._agrees(key)
        self._derived[key] = _Derived(found, held, now, known.earlier | {known.quantity})
        return found, ""

    def why_contradicted(
        self, key: PositionKey, missing: float, listed_at: datetime | None, why: str = ""
    ) -> str:
        """Return why what is known of the open does not hold: executions of ``missing`` are not known of.

        They may be on their way, unless ``why`` says that they are not listed; empty while it holds.
        """
        if abs(missing) < _NOTHING:
            self._agrees(key)
            return ""
        if why or self._is_decided(key, missing):
            return why or MOVED
        since = self._missing_since(key, missing)
        if listed_at is None or listed_at < since or self._clock() - since < SETTLES_AFTER:
            return ""
        self._missing.pop(key, None)
        self._contradicted[key] = missing
        return MOVED

    def _agrees(self, key: PositionKey) -> None:
        self._missing.pop(key, None)
        self._contradicted.pop(key, None)

    def _is_decided(self, key: PositionKey, missing: float) -> bool:
        return abs(self._contradicted.get(key, 0.0) - missing) < _NOTHING

    def _missing_since(self, key: PositionKey, missing: float) -> datetime:
        now = self._clock()
        before, since = self._missing.get(key, (missing, now))
        if abs(before - missing) >= _NOTHING or since > now:
            # It is another quantity, or the clock was set back.
            since = now
        self._missing[key] = (missing, since)
        return since
