"""Where the logins are reached: two profiles may name one TWS."""

from typing import Any

_LOOPBACK = {"localhost": "127.0.0.1"}
_MOST = 2**31 - 1


def same_place(host: str, port: int, other_host: str, other_port: int) -> bool:
    """Return whether both name one port of one computer, as far as the names alone tell."""
    first, second = (_LOOPBACK.get(name.lower(), name.lower()) for name in (host, other_host))
    return (first, port) == (second, other_port)


def keep_client_ids_apart(gun: dict[str, Any], ped: dict[str, Any]) -> None:
    """Give IBKR_PED the next client id where one source names one id for both logins at the same place.

    Source: TWS API, a client id is taken by one connection at a time (326).
    """
    if (
        same_place(gun["host"], gun["port"], ped["host"], ped["port"])
        and gun["client_id"] == ped["client_id"]
    ):
        ped["client_id"] += 1 if ped["client_id"] < _MOST else -1
