"""What Java calls time zones in the languages and lengths in which TWS writes them.

Source: names of the CLDR and of the JRE. Each name leads to the zones that go by it: minutes ahead of UTC
(``None``: whatever that zone's clocks show) and the tz database's key. Several zones share some short names.
"""

from collections.abc import Mapping
from types import MappingProxyType

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
"""A zone, its minutes ahead of UTC, and names that it then goes by; a zone may have several lines."""

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


ZONE_NAMES = _table()
"""By the name in small letters."""
