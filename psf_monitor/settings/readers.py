"""What a single value may be: each reader takes it as it was given and says what is accepted instead."""

import re
from ipaddress import AddressValueError, IPv4Address


class SettingsError(Exception):
    """A setting is wrong: the sentence names its source, its value and what is accepted."""


def text(value: object) -> str:
    if not isinstance(value, str):
        raise SettingsError("text is accepted.")
    return value.strip()


def host(value: object) -> str:
    name = text(value)
    if not name or any(c.isspace() or c in "/:" for c in name.removeprefix("[").removesuffix("]")):
        raise SettingsError("a computer's name or IPv4 address is accepted, without port.")
    return name


_DIGITS = re.compile("-?[0-9]{1,12}")


def whole(value: object, low: int, high: int, accepted: str) -> int:
    if isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
        value = int(value.strip())
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise SettingsError(accepted)
    return value


def port(value: object) -> int:
    return whole(value, 1, 65535, "a whole number from 1 to 65535 is accepted.")


def client_id(value: object) -> int:
    accepted = "a whole number from 1 to 2147483647 is accepted."
    if whole(value, -(2**31), 2**31 - 1, accepted) == 0:
        raise SettingsError(
            "client id 0 is refused, because TWS binds orders placed by hand to it, "
            "and psf_monitor must not touch them; " + accepted
        )
    return whole(value, 1, 2**31 - 1, accepted)


def expects(value: object) -> bool:
    word = text(value).lower()
    if word not in ("live", "paper"):
        raise SettingsError('"live" or "paper" is accepted.')
    return word == "paper"


def yes_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in words:
        raise SettingsError("true or false is accepted.")
    return words[word]


def loopback(value: object) -> str:
    """An address that nobody outside this computer reaches, as it is bound."""
    name = text(value).lower().removeprefix("[").removesuffix("]")
    if name in ("localhost", "::1"):
        return "127.0.0.1" if name == "localhost" else name
    try:
        is_loopback = IPv4Address(name).is_loopback
    except AddressValueError:
        is_loopback = False
    if not is_loopback:
        raise SettingsError("an address of this computer itself is accepted: 127.0.0.1, ::1 or localhost.")
    return name


def free_port(value: object) -> int:
    return whole(value, 0, 65535, "a whole number from 0 (a free one) to 65535 is accepted.")


def poll_seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value <= 60:
        raise SettingsError("a number of seconds from 1 to 60 is accepted.")
    return float(value)


def silence_seconds(value: object) -> float:
    return _number(value, 5, 600, "a number of seconds from 5 to 600 is accepted.")


def shares(value: object) -> float:
    return _number(value, 1, 1_000_000, "a number of shares from 1 to 1000000 is accepted.")


def weight(value: object) -> float:
    return _number(value, 0, 100, "a weight from 0 to 100 is accepted.")


def multiplier(value: object) -> float:
    return _number(value, 0.01, 1000, "a multiplier from 0.01 to 1000 is accepted.")


def _number(value: object, low: float, high: float, accepted: str) -> float:
    try:
        number = float(value) if isinstance(value, str | int | float) else None
    except (ValueError, OverflowError):
        number = None
    if isinstance(value, bool) or number is None or not low <= number <= high:
        raise SettingsError(accepted)
    return number
