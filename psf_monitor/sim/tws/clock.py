"""The clock of the computer that a simulated TWS runs on, and how it writes times."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from zoneinfo import ZoneInfo

NEW_YORK = "America/New_York"


class Stamp(Enum):
    """How the time of an execution is written."""

    ZONED = auto()
    """The wall clock and the zone's name, ``20260918 14:26:00 America/New_York``."""
    BARE = auto()
    """The wall clock alone, two spaces after the date."""
    UTC = auto()
    """``20260918-18:26:00``."""


@dataclass(slots=True)
class TwsClock:
    """``zone`` is a key of the tz database, ``name`` TWS's name of it; an empty one is left out."""

    zone: str = NEW_YORK
    name: str = NEW_YORK
    stamp: Stamp = Stamp.ZONED

    def now(self, at: datetime) -> str:
        """Return the time that concludes the handshake."""
        return f"{self._wall(at):%Y%m%d %H:%M:%S} {self.name}".rstrip()

    def execution(self, at: datetime) -> str:
        if self.stamp is Stamp.UTC:
            return f"{at.astimezone(UTC):%Y%m%d-%H:%M:%S}"
        wall = self._wall(at)
        if self.stamp is Stamp.BARE or not self.name:
            return f"{wall:%Y%m%d  %H:%M:%S}"
        return f"{wall:%Y%m%d %H:%M:%S} {self.name}"

    def midnight(self, now: datetime) -> datetime:
        """Return the time from which executions are listed."""
        return self._wall(now).replace(hour=0, minute=0, second=0, microsecond=0)

    def is_since(self, at: datetime, since: str) -> bool:
        """Return whether a moment is not before a client's time, ``20260918 14:00:00`` on this clock."""
        return f"{self._wall(at):%Y%m%d %H:%M:%S}" >= since

    def _wall(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.zone))
