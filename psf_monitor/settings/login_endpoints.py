"""Where the logins connect to: two profiles may share one TWS."""

from collections.abc import Mapping
from typing import Any

from psf_monitor.domain.account import AccountMode
from psf_monitor.settings.model import IbkrProfile

_LOOPBACK = {"localhost": "127.0.0.1"}
_MOST = 2**31 - 1


def same_place(host: str, port: int, other_host: str, other_port: int) -> bool:
    """Return whether both name one port of one computer, as far as the names alone show."""
    first, second = (_LOOPBACK.get(name.lower(), name.lower()) for name in (host, other_host))
    return (first, port) == (second, other_port)


def equal_profile(logins: Mapping[AccountMode, IbkrProfile], mode: AccountMode) -> AccountMode | None:
    """Return the other profile with the same place and client id, only one of which TWS accepts (326)."""
    mine = logins[mode]
    for other, profile in logins.items():
        is_same = same_place(mine.host, mine.port, profile.host, profile.port)
        if other is not mode and is_same and mine.client_id == profile.client_id:
            return other
    return None


def keep_client_ids_apart(gun: dict[str, Any], ped: dict[str, Any]) -> None:
    """Give IBKR_PED the next client id if one source sets the same id for both logins at the same place.

    Source: TWS API, a client id can be used by one connection at a time (326).
    """
    if (
        same_place(gun["host"], gun["port"], ped["host"], ped["port"])
        and gun["client_id"] == ped["client_id"]
    ):
        ped["client_id"] += 1 if ped["client_id"] < _MOST else -1
