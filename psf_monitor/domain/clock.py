"""The time now, right also where the computer's clock is wrong.

TWS sends its time with every heartbeat. As long as the computer agrees with it the computer's clock is read,
which is finer; where it does not, time is counted on from TWS's last message by a clock that nobody can set.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

TOLERANCE_S = 5.0
"""A clock that is wrong by more than this is said to be wrong, and not followed."""
_BOOT_TIME: int | None = getattr(time, "CLOCK_BOOTTIME", None)


def system_clock() -> datetime:
    """Return the computer's time now, in UTC."""
    return datetime.now(UTC)


def steady_s() -> float:
    """Seconds that no setting of the clock moves, the time that the computer sleeps included."""
    # The other systems' own monotonic clock goes on in sleep.
    return time.monotonic() if _BOOT_TIME is None else time.clock_gettime(_BOOT_TIME)


class Clock:
    """UTC now. Several sources may tell the time; the one that agrees best with the computer is believed.

    With another ``system`` clock than the computer's own, and no ``elapsed_s``, time passes as it does there.
    """

    def __init__(
        self,
        system: Callable[[], datetime] = system_clock,
        elapsed_s: Callable[[], float] | None = None,
    ) -> None:
        self._system = system
        if elapsed_s is None:
            elapsed_s = steady_s if system is system_clock else lambda: system().timestamp()
        self._elapsed_s = elapsed_s
        self._begins_s: dict[str, float] = {}
        """By source, what its time was, in Unix seconds, when ``elapsed_s`` was 0."""

    def __call__(self) -> datetime:
        now = self._system()
        if not self._begins_s:
            return now
        error_s = self._error_s(now)
        return now if abs(error_s) <= TOLERANCE_S else now - timedelta(seconds=error_s)

    @property
    def error_s(self) -> float:
        """How far the computer's clock is ahead of the right time, below 0: behind it. 0 while unknown."""
        return self._error_s(self._system())

    def set_by(self, source: str, right: datetime) -> float:
        """Take the time that ``source`` tells; returns ``error_s``."""
        self._begins_s[source] = right.timestamp() - self._elapsed_s()
        return self.error_s

    def _error_s(self, now: datetime) -> float:
        # Read all day long, by every row: figures cost less than records of time.
        began_s = now.timestamp() - self._elapsed_s()
        return min([began_s - each for each in self._begins_s.values()], key=abs, default=0.0)


def as_clock(clock: Callable[[], datetime]) -> Clock:
    """Return the clock itself, or one that reads ``clock`` and can be corrected."""
    return clock if isinstance(clock, Clock) else Clock(clock)
