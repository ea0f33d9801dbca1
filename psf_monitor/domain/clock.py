"""The current time, correct even where the computer's clock is wrong.

TWS sends its time with every heartbeat. As long as the two agree, the computer's clock is used because it has
the finer resolution. Otherwise time is counted on from TWS's last message with a monotonic clock.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

_Key = TypeVar("_Key")

TOLERANCE_S = 5.0
"""An error larger than this is reported, and the computer's clock is no longer used."""
_BOOT_TIME: int | None = getattr(time, "CLOCK_BOOTTIME", None)


def system_clock() -> datetime:
    """Return the computer's time now, in UTC."""
    return datetime.now(UTC)


def steady_s() -> float:
    """Return monotonic seconds that include the time the computer sleeps."""
    # On other systems the monotonic clock keeps running during sleep.
    return time.monotonic() if _BOOT_TIME is None else time.clock_gettime(_BOOT_TIME)


def long_past(noted: dict[_Key, datetime], seconds: float, now: datetime) -> list[_Key]:
    """Return the keys of what was noted at least so many seconds ago.

    What was noted before the clock was set back past it counts from ``now`` on.
    """
    for key, at in noted.items():
        if at > now:
            noted[key] = now
    return [key for key, at in noted.items() if (now - at).total_seconds() >= seconds]


class Clock:
    """The current time in UTC. Several sources may supply the time; the one closest to the computer is used.

    With a ``system`` clock other than the computer's own, and without ``elapsed_s``, time passes as it does
    there.
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
        """By source: its time in Unix seconds when ``elapsed_s`` was 0."""

    def __call__(self) -> datetime:
        now = self._system()
        if not self._begins_s:
            return now
        error_s = self._error_s(now)
        return now if abs(error_s) <= TOLERANCE_S else now - timedelta(seconds=error_s)

    @property
    def error_s(self) -> float:
        """The seconds by which the computer's clock is ahead of the correct time; negative if behind, 0 if
        unknown.
        """
        return self._error_s(self._system())

    def set_by(self, source: str, right: datetime) -> float:
        """Set the time that ``source`` supplies, and return ``error_s``."""
        self._begins_s[source] = right.timestamp() - self._elapsed_s()
        return self.error_s

    def _error_s(self, now: datetime) -> float:
        # Read all day long, by every row: floats are cheaper than datetimes.
        began_s = now.timestamp() - self._elapsed_s()
        return min([began_s - each for each in self._begins_s.values()], key=abs, default=0.0)


def as_clock(clock: Callable[[], datetime]) -> Clock:
    """Return the clock itself if it is a ``Clock``, else one that reads ``clock`` and can be corrected."""
    return clock if isinstance(clock, Clock) else Clock(clock)
