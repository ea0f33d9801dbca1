"""Checks of single values: each function takes a value of a file, the environment or a form as given.

All raise ``SettingsError``, which states what is accepted instead.
"""

import ipaddress
import os
import re
import unicodedata
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from psf_monitor import files
from psf_monitor.settings import typed_figure
from psf_monitor.settings.errors import BACKSLASHES, SettingsError

Checked = TypeVar("Checked")


def text(value: object) -> str:
    """Return a text without spaces around it."""
    if not isinstance(value, str):
        raise SettingsError("text is accepted.")
    # Environment bytes that are not UTF-8 arrive as surrogates; TWS ends a field at a control character.
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in value.strip()):
        raise SettingsError("text in UTF-8 and without control characters is accepted.")
    return value.strip()


def account_id(value: object) -> str:
    """Return one account id as IBKR writes it; empty, or the word All, means every account of the login."""
    name = text(value)
    return "" if name.lower() == "all" else name


_LONGEST_HOST = 253
"""RFC 1035, in characters."""


def host(value: object) -> str:
    """Return a name or IPv4 address of a computer, without port."""
    name = text(value)
    is_wrong = any(c.isspace() or not c.isprintable() or c in "/:[]" for c in name)
    if not name or is_wrong or len(name) > _LONGEST_HOST:
        raise SettingsError("a computer's name or IPv4 address is accepted, without port.")
    return name


_DIGITS = re.compile("-?[0-9]{1,18}")


def checked(value: object, kind: type[Checked] | Any, accepted: str) -> Checked:
    """Return the value converted to this type by msgspec, which also checks the layout.

    A text may spell a number. Raises ``SettingsError`` that states ``accepted``.
    """
    if isinstance(value, str):
        value = _spelt(value.strip(), kind, accepted)
    try:
        found: Checked = msgspec.convert(value, kind)
    except msgspec.ValidationError:
        raise SettingsError(accepted) from None
    return found


def _spelt(text: str, kind: type | Any, accepted: str) -> float:
    if _DIGITS.fullmatch(text):
        return int(text)
    try:
        return typed_figure.figure_of(text)
    except typed_figure.NoFigureError as error:
        advice = typed_figure.what_to_write([each for each in error.meanings if _is_taken(each, kind)])
        raise SettingsError(f"{accepted} {advice}".rstrip()) from None


def _is_taken(figure: str, kind: type | Any) -> bool:
    try:
        checked(figure, kind, "")
    except SettingsError:
        return False
    return True


Port = Annotated[int, Meta(ge=1, le=65535)]
PortOrFree = Annotated[int, Meta(ge=0, le=65535)]
ClientId = Annotated[int, Meta(ge=1, le=2**31 - 1)]
PollSeconds = Annotated[float, Meta(ge=1, le=60)]
SilenceSeconds = Annotated[float, Meta(ge=5, le=600)]
Shares = Annotated[float, Meta(ge=1, le=1_000_000)]
Days = Annotated[int, Meta(ge=1, le=3650)]
Weight = Annotated[float, Meta(ge=0, le=100)]
Multiplier = Annotated[float, Meta(ge=0.01, le=1000)]
Par = Annotated[float, Meta(gt=0, le=1_000_000)]


def port(value: object) -> int:
    """Return a TCP port to connect to."""
    return checked(value, Port, "a whole number from 1 to 65535 is accepted.")


def client_id(value: object) -> int:
    """Return a client id of the TWS API, never 0."""
    accepted = "a whole number from 1 to 2147483647 is accepted."
    if checked(value, int, accepted) == 0:
        raise SettingsError(
            "client id 0 is refused, because TWS binds orders placed by hand to it, "
            "and psf_monitor must not touch them; " + accepted
        )
    return checked(value, ClientId, accepted)


def expects(value: object) -> bool:
    """Return whether a paper login is expected."""
    word = text(value).lower()
    if word not in ("live", "paper"):
        raise SettingsError('"live" or "paper" is accepted.')
    return word == "paper"


_YES, _NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


def yes_no(value: object) -> bool:
    """Return a switch, which the environment may spell yes, on or 1."""
    if isinstance(value, bool):
        return value
    meanings = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in meanings:
        raise SettingsError("true or false is accepted.")
    return meanings[word]


def loopback(value: object) -> str:
    """Return an address that cannot be reached from other computers, in the form it is bound to."""
    name = text(value).lower().removeprefix("[").removesuffix("]")
    if name in ("localhost", "::1"):
        return "127.0.0.1" if name == "localhost" else name
    try:
        is_loopback = ipaddress.IPv4Address(name).is_loopback
    except ipaddress.AddressValueError:
        is_loopback = False
    if not is_loopback:
        raise SettingsError("an address of this computer itself is accepted: 127.0.0.1, ::1 or localhost.")
    return name


def free_port(value: object) -> int:
    """Return a TCP port to listen at; 0 means a free one."""
    return checked(value, PortOrFree, "a whole number from 0 (a free one) to 65535 is accepted.")


def poll_seconds(value: object) -> float:
    """Return a number of seconds between two requests."""
    return checked(value, PollSeconds, "a number of seconds from 1 to 60 is accepted.")


def silence_seconds(value: object) -> float:
    """Return a number of seconds without a price."""
    return checked(value, SilenceSeconds, "a number of seconds from 5 to 600 is accepted.")


def days(value: object) -> int:
    """Return a number of days."""
    return checked(value, Days, "a whole number of days from 1 to 3650 is accepted.")


def shares(value: object) -> float:
    """Return a size in shares."""
    return checked(value, Shares, "a number of shares from 1 to 1000000 is accepted.")


def weight(value: object) -> float:
    """Return the weight of a print in the indicators (PSFALGO)."""
    return checked(value, Weight, "a weight from 0 to 100 is accepted.")


def multiplier(value: object) -> float:
    """Return a factor for the weight of a print (PSFALGO)."""
    return checked(value, Multiplier, "a multiplier from 0.01 to 1000 is accepted.")


def par(value: object) -> float:
    """Return what a share is issued at, in USD."""
    return checked(value, Par, "what a share is issued at is accepted, a number above 0 such as 25.")


def paths(value: object) -> tuple[Path, ...]:
    """Return names of files without duplicates; in one text they are separated as in PATH."""
    accepted = f"a list of file names is accepted, in the environment with {os.pathsep} between them."
    names = value.split(os.pathsep) if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) and name.strip() for name in names):
        raise SettingsError(accepted)
    if any(unicodedata.category(letter) == "Cc" for name in names for letter in name.strip()):
        # In double quotes TOML reads the path C:\trading with a tab.
        raise SettingsError(f"{accepted} {BACKSLASHES}")
    return tuple(dict.fromkeys(files.expanded(name.strip()) for name in names))
