"""The time stamps of TWS and its names of time zones. Pure.

Source: TWS API, recorded messages and public reports. ``YYYYMMDD-HH:MM:SS`` is UTC. A stamp with a zone is in
that zone; any other is on the clock of the computer that runs TWS, whose zone TWS names in its handshake with
Java's names (CLDR, JRE), Windows' names, or in the letters of a local code page. The zone of this computer is
never used.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from psf_monitor.ibkr.errors import letters

_STAMP = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})(-| +)(\d{1,2}):(\d{2}):(\d{2})(?:\.\d+)?(?: +(\S.*?))? *", re.ASCII
)
_WITHOUT_SECONDS = re.compile(r"(\d{4}-?\d{2}-?\d{2}(?:-| +)\d{1,2}:\d{2})(?= |$)", re.ASCII)
_EPOCH = re.compile(r"(?!2147483647$)\d{9,11}", re.ASCII)
_OFFSET = re.compile(r"(?:(?:GMT|UTC|UT) ?)?([+-])(\d{1,2})(?::?(\d{2}))?", re.ASCII | re.IGNORECASE)
_EARLIEST_YEAR = 1990
_WALL_CLOCK_TOLERANCE = timedelta(minutes=10)
"""A name that several zones share is resolved by the clock that TWS showed at that moment."""


_HALF_HOUR = timedelta(minutes=30)
_QUARTERS = (timedelta(hours=5, minutes=45), timedelta(hours=8, minutes=45), timedelta(hours=12, minutes=45))
"""The offsets from UTC that are no whole half hours (tz database: Nepal, Eucla, Chatham)."""
_CLOCK_TOLERANCE = timedelta(minutes=5)
_FARTHEST = timedelta(hours=14)
_OFFSET_LASTS = timedelta(days=2)


class TwsClock(NamedTuple):
    """TWS's clock according to its handshake: ``name`` as received, ``zone`` ``None`` if it is not
    recognized.

    ``since`` is set if the name says nothing and only the clock's offset is known: the midnight on this clock
    from which on the offset counts, for two days.
    """

    name: str = ""
    zone: tzinfo | None = None
    since: datetime | None = None

    def zone_at(self, wall: datetime) -> tzinfo | None:
        """Return the zone if it is known for when this clock shows ``wall``."""
        is_known = self.since is None or self.since <= wall < self.since + _OFFSET_LASTS
        return self.zone if is_known else None


UNKNOWN_CLOCK = TwsClock()


def tws_clock(connection_time: str, now: datetime) -> TwsClock:
    """Parse the time at the end of the handshake, ``20250415 19:38:30 British Summer Time``."""
    read = _STAMP.fullmatch(letters(connection_time))
    if read is None or not read[8]:
        return TwsClock()
    wall = _wall(read)
    return TwsClock(read[8], None if wall is None else zone_named(read[8], wall, now=now))


def clock_by_its_time(connection_time: str, at: datetime) -> TwsClock:
    """Return TWS's clock by what it showed in the handshake at the moment ``at``, whatever it calls its zone.

    Its zone is ``None`` if no zone's clocks can have shown that.
    """
    read = _STAMP.fullmatch(letters(connection_time))
    wall = None if read is None else _wall(read)
    if read is None or wall is None:
        return UNKNOWN_CLOCK
    ahead = wall - at.astimezone(UTC).replace(tzinfo=None)
    offset = min((_HALF_HOUR * round(ahead / _HALF_HOUR), *_QUARTERS), key=lambda each: abs(each - ahead))
    if abs(offset - ahead) > _CLOCK_TOLERANCE or abs(offset) > _FARTHEST:
        return TwsClock(read[8] or "")
    return TwsClock(read[8] or "", timezone(offset), wall.replace(hour=0, minute=0, second=0))


def execution_time(stamp: str, clock: TwsClock) -> datetime | None:
    """Return the time of an execution (message 11) in UTC; ``None`` if its stamp is not unambiguous."""
    stamp = letters(stamp)
    if _EPOCH.fullmatch(stamp):
        return datetime.fromtimestamp(int(stamp), UTC)
    read = _STAMP.fullmatch(stamp)
    wall = None if read is None else _wall(read)
    if read is None or wall is None:
        return None
    zone: tzinfo | None
    if read[8]:
        is_clocks = read[8] == clock.name
        zone = clock.zone_at(wall) if is_clocks else zone_named(read[8], wall, likely=clock.zone)
    else:
        zone = UTC if read[4] == "-" else clock.zone_at(wall)
    if zone is None or is_ambiguous(wall, zone):
        return None
    return wall.replace(tzinfo=zone).astimezone(UTC)


def order_time(text: str, clock: TwsClock) -> datetime | None:
    """Return the time in goodAfterTime or goodTillDate (message 5) in UTC, likewise; seconds may be
    missing.
    """
    return execution_time(_WITHOUT_SECONDS.sub(r"\1:00", text.strip()), clock)


def is_ambiguous(wall: datetime, zone: tzinfo) -> bool:
    """Return whether the clocks of ``zone`` show this time twice or never, as when summer time changes."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return first != second


def midnight_before(at: datetime, zone: tzinfo) -> datetime:
    """Return when the day of ``at`` began on the clocks of ``zone``, in UTC."""
    return at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def zone_named(
    name: str, wall: datetime, *, now: datetime | None = None, likely: tzinfo | None = None
) -> tzinfo | None:
    """Return the zone that TWS calls ``name`` when its clock shows ``wall``; ``None`` if it is not known.

    A name of standard or summer time means its offset; it stands for the whole zone if that has this offset
    then. Among several zones of one name it is ``likely``, or the one in which it is ``wall`` ``now``.
    """
    if offset := _offset(name):
        return offset
    known = _ZONE_NAMES.get(" ".join(name.casefold().split()))
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
    is_meant = zone.utcoffset(wall) == offset and not is_ambiguous(wall, zone)
    return zone if is_meant else timezone(offset)


def _offset(name: str) -> tzinfo | None:
    """Return a zone that is written as an offset from UTC, ``GMT+03:00``."""
    read = _OFFSET.fullmatch(name)
    if read is None:
        return None
    away = timedelta(hours=int(read[2]), minutes=int(read[3] or 0))
    return timezone(-away if read[1] == "-" else away) if away <= timedelta(hours=15) else None


def _listed_zone(name: str) -> tzinfo | None:
    """Return a zone of the tz database, ``US/Eastern``."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return None


_Zones = tuple[tuple[int | None, str], ...]

_US = (
    ("Eastern", "E", -300, "America/New_York"),
    ("Central", "C", -360, "America/Chicago"),
    ("Mountain", "M", -420, "America/Denver"),
    ("Pacific", "P", -480, "America/Los_Angeles"),
    ("Alaska", "AK", -540, "America/Anchorage"),
)

_NAMED = """
Pacific/Honolulu -600: Hawaii Standard Time; Hawaii-Aleutian Standard Time; HST
America/Halifax -240: Atlantic Standard Time; Atlantic Time
America/Halifax -180: Atlantic Daylight Time; ADT
America/St_Johns -210: Newfoundland Standard Time; NST
America/St_Johns -150: Newfoundland Daylight Time; NDT
America/Sao_Paulo -180: Brasilia Time; Brasilia Standard Time; BRT
America/Argentina/Buenos_Aires -180: Argentina Time; Argentina Standard Time; ART
America/Bogota -300: Colombia Time; Colombia Standard Time; COT
America/Lima -300: Peru Time; Peru Standard Time; PET
America/Santiago -240: Chile Time; Chile Standard Time; CLT
America/Santiago -180: Chile Summer Time; CLST
America/Caracas -240: Venezuela Time; VET
America/Montevideo -180: Uruguay Time; Uruguay Standard Time; UYT
Europe/London 0: Greenwich Mean Time; GMT; Mittlere Greenwich-Zeit; Western European Time
Europe/London 0: Western European Standard Time; WET
Europe/London 60: British Summer Time; British Time
Europe/Dublin 60: Irish Standard Time; Irish Summer Time
Europe/Lisbon 60: Western European Summer Time; WEST
UTC 0: Coordinated Universal Time; UTC; UCT; Zulu; Z; Universal
Europe/Berlin 60: Central European Time; Central European Standard Time; CET; MEZ
Europe/Berlin 60: Mitteleuropäische Zeit; Mitteleuropäische Normalzeit; heure normale d’Europe centrale
Europe/Berlin 60: heure normale d'Europe centrale; Ora standard dell’Europa centrale
Europe/Berlin 60: hora estándar de Europa central
Europe/Berlin 120: Central European Summer Time; CEST; MESZ; Mitteleuropäische Sommerzeit
Europe/Berlin 120: heure d’été d’Europe centrale; heure d'été d'Europe centrale
Europe/Berlin 120: Ora legale dell’Europa centrale; hora de verano de Europa central
Europe/Athens 120: Eastern European Time; Eastern European Standard Time; EET; OEZ; Osteuropäische Zeit
Europe/Athens 180: Eastern European Summer Time; EEST; OESZ; Osteuropäische Sommerzeit
Europe/Istanbul 180: Turkey Time; Türkiye Time; Türkiye Saati; Turkey Standard Time; TRT
Europe/Moscow 180: Moscow Standard Time; Moscow Time; MSK
Asia/Jerusalem 120: Israel Standard Time
Asia/Jerusalem 180: Israel Daylight Time; Israel Summer Time; IDT
Africa/Johannesburg 120: South Africa Time; South Africa Standard Time; SAST
Africa/Nairobi 180: Eastern African Time; East Africa Time; EAT
Africa/Lagos 60: West Africa Time; Western African Time; WAT
Asia/Riyadh 180: Arabia Standard Time; Arabian Standard Time
Asia/Dubai 240: Gulf Standard Time; GST
Asia/Karachi 300: Pakistan Time; Pakistan Standard Time; PKT
Asia/Kolkata 330: India Standard Time
Asia/Kathmandu 345: Nepal Time; NPT
Asia/Dhaka 360: Bangladesh Time; Bangladesh Standard Time
Asia/Bangkok 420: Indochina Time; ICT
Asia/Jakarta 420: West Indonesia Time; Western Indonesia Time; WIB
Asia/Shanghai 480: China Standard Time; 中国标准时间
Asia/Hong_Kong 480: Hong Kong Time; Hong Kong Standard Time; HKT; 香港時間; 香港标准时间; 香港標準時間
Asia/Singapore 480: Singapore Time; Singapore Standard Time; SGT
Asia/Kuala_Lumpur 480: Malaysia Time; MYT
Asia/Manila 480: Philippines Standard Time; Philippines Time; Philippine Standard Time; PHT
Asia/Taipei 480: Taipei Standard Time; Taipei Time; 台北標準時間
Australia/Perth 480: Australian Western Standard Time; Western Standard Time (Australia); AWST
Asia/Tokyo 540: Japan Standard Time; Japan Time; JST; 日本標準時
Asia/Seoul 540: Korea Standard Time; Korean Standard Time; Korean Time; KST
Australia/Sydney 600: Australian Eastern Standard Time; Eastern Standard Time (New South Wales)
Australia/Sydney 600: Australian Eastern Standard Time (New South Wales); AEST
Australia/Sydney 660: Australian Eastern Daylight Time
Australia/Sydney 660: Australian Eastern Daylight Time (New South Wales); AEDT
Pacific/Auckland 720: New Zealand Standard Time; NZST
Pacific/Auckland 780: New Zealand Daylight Time; NZDT
Pacific/Apia 780: West Samoa Standard Time; West Samoa Time; Apia Standard Time; Apia Time; WSST
"""
"""Zones, their minutes ahead of UTC, and the names they then have; a zone may have several lines."""

_SHARED: dict[str, _Zones] = {
    "ast": ((-240, "America/Halifax"), (180, "Asia/Riyadh")),
    "bst": ((60, "Europe/London"), (360, "Asia/Dhaka")),
    "cst": ((-360, "America/Chicago"), (480, "Asia/Shanghai"), (-300, "America/Havana")),
    "cdt": ((-300, "America/Chicago"), (-240, "America/Havana")),
    "ist": ((330, "Asia/Kolkata"), (120, "Asia/Jerusalem"), (60, "Europe/Dublin")),
    "pst": ((-480, "America/Los_Angeles"), (480, "Asia/Manila")),
}


def _table() -> Mapping[str, _Zones]:
    found: dict[str, _Zones] = {}
    for long, short, standard, key in _US:
        for kind, letter, offset in (("Standard", "S", standard), ("Daylight", "D", standard + 60)):
            for name in (f"{long} {kind} Time", f"{short}{letter}T"):
                found[name.casefold()] = ((offset, key),)
        found[f"{long} Time".casefold()] = ((None, key),)
    for line in _NAMED.split("\n"):
        place, _, names = line.partition(": ")
        key, _, minutes = place.partition(" ")
        for name in filter(None, names.split("; ")):
            found[name.casefold()] = ((int(minutes), key),)
    return MappingProxyType(found | _SHARED)


_ZONE_NAMES = _table()
"""The zones by lower-case name, with minutes ahead of UTC (``None``: what its clocks show)."""
