"""When TWS says that something happened: its stamps and its names of time zones. Pure.

Source: TWS API, recorded messages and public reports. ``YYYYMMDD-HH:MM:SS`` is UTC. A stamp that names a zone
is in that zone; any other is on the clock of the computer that TWS runs on, whose zone TWS names in its
handshake. The zone of this computer is never asked.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from psf_monitor.ibkr.executions.zone_names import ZONE_NAMES

_STAMP = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})(-| +)(\d{1,2}):(\d{2}):(\d{2})(?:\.\d+)?(?: +(\S.*?))? *", re.ASCII
)
_EPOCH = re.compile(r"\d{9,11}", re.ASCII)
_OFFSET = re.compile(r"(?:(?:GMT|UTC|UT) ?)?([+-])(\d{1,2})(?::?(\d{2}))?", re.ASCII | re.IGNORECASE)
_EARLIEST_YEAR = 1990
_WALL_CLOCK_TOLERANCE = timedelta(minutes=10)
"""A name that several zones share is decided by the clock that TWS showed at that moment."""


class TwsClock(NamedTuple):
    """What TWS's handshake says of its clock: ``name`` as it came, ``zone`` ``None`` when nobody knows it."""

    name: str = ""
    zone: tzinfo | None = None


def tws_clock(connection_time: str, now: datetime) -> TwsClock:
    """Read the time that concludes the handshake, ``20250415 19:38:30 British Summer Time``."""
    read = _STAMP.fullmatch(unescaped(connection_time))
    if read is None or not read[8]:
        return TwsClock()
    wall = _wall(read)
    return TwsClock(read[8], None if wall is None else zone_named(read[8], wall, now=now))


def execution_time(stamp: str, clock: TwsClock) -> datetime | None:
    """The time of an execution (message 11) in UTC; ``None`` when its stamp does not tell the moment."""
    stamp = unescaped(stamp)
    if _EPOCH.fullmatch(stamp):
        return datetime.fromtimestamp(int(stamp), UTC)
    read = _STAMP.fullmatch(stamp)
    wall = None if read is None else _wall(read)
    if read is None or wall is None:
        return None
    zone: tzinfo | None
    if read[8]:
        zone = clock.zone if read[8] == clock.name else zone_named(read[8], wall, likely=clock.zone)
    else:
        zone = UTC if read[4] == "-" else clock.zone
    return None if zone is None else wall.replace(tzinfo=zone).astimezone(UTC)


def midnight_before(at: datetime, zone: tzinfo) -> datetime:
    """When the day of ``at`` began on the clocks of ``zone``, in UTC."""
    return at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def zone_named(
    name: str, wall: datetime, *, now: datetime | None = None, likely: tzinfo | None = None
) -> tzinfo | None:
    """The zone that TWS calls ``name`` when its clock shows ``wall``; ``None`` when it is not known.

    A name of standard or of summer time is its offset; the zone behind it is meant where that has this offset
    then. Of several zones of one name it is ``likely``, or the one in which it is ``wall`` ``now``.
    """
    if offset := _offset(name):
        return offset
    known = ZONE_NAMES.get(" ".join(name.casefold().split()))
    if known is None:
        return _listed_zone(name)
    meant = [_zone(minutes, key, wall) for minutes, key in known]
    if len(meant) == 1:
        return meant[0]
    if likely in meant:
        return likely
    if now is None:
        return None
    shown = [zone for zone in meant if abs(wall.replace(tzinfo=zone) - now) <= _WALL_CLOCK_TOLERANCE]
    return shown[0] if len(shown) == 1 else None


def unescaped(text: str) -> str:
    """Text of TWS with its letters: from version 153 on it writes ``\\uXXXX`` for what is not ASCII."""
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text)


def _wall(read: re.Match[str]) -> datetime | None:
    year, month, day, hour, minute, second = (int(read[group]) for group in (1, 2, 3, 5, 6, 7))
    try:
        return datetime(year, month, day, hour, minute, second) if year >= _EARLIEST_YEAR else None  # noqa: DTZ001
    except ValueError:
        return None


def _zone(minutes: int | None, key: str, wall: datetime) -> tzinfo:
    zone = ZoneInfo(key)
    if minutes is None:
        return zone
    offset = timedelta(minutes=minutes)
    return zone if zone.utcoffset(wall) == offset else timezone(offset)


def _offset(name: str) -> tzinfo | None:
    """A zone that is written as its distance from UTC, ``GMT+03:00``."""
    read = _OFFSET.fullmatch(name)
    if read is None:
        return None
    away = timedelta(hours=int(read[2]), minutes=int(read[3] or 0))
    return timezone(-away if read[1] == "-" else away) if away <= timedelta(hours=15) else None


def _listed_zone(name: str) -> tzinfo | None:
    """A zone of the tz database, ``US/Eastern``."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return None
