"""What the product is told before it starts: defaults < settings.toml < environment, .env < command line.

Every value is checked where it is read, and a wrong one is named with its source and what is accepted. The
HAMMER password that no environment gives is kept by the system's credential store and by nothing else.
"""

import logging
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from dotenv.parser import parse_stream
from platformdirs import user_config_path, user_log_path, user_pictures_path

from psf_monitor.domain.account import IBKR_MODES, AccountMode

_log = logging.getLogger(__name__)

_APP = "psf_monitor"
_PASSWORD_NAME = "HAMMER password"


class SettingsError(Exception):
    """A setting is wrong: the sentence names its source, its value and what is accepted."""


@dataclass(frozen=True, slots=True)
class IbkrProfile:
    """How to reach one IBKR login.

    ``account_id`` empty means every account of the login. ``expects_paper`` is what the trader believes the
    login to be; the account id that arrives decides. ``orders_every_s`` is how often TWS is asked for its
    orders: by itself it tells a client only of the client's own, and this one has none.
    """

    mode: AccountMode
    host: str
    port: int
    client_id: int
    account_id: str = ""
    expects_paper: bool = False
    reconnect: bool = True
    orders_every_s: float = 2.5


@dataclass(frozen=True, slots=True)
class HammerProfile:
    """How to reach Hammer Pro. An empty ``streamer``: the adapter chooses. No repr shows the password."""

    host: str
    port: int
    password: str = field(default="", repr=False)
    streamer: str = ""
    account_key: str = ""
    reconnect: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """The checked settings: one profile per IBKR login and the one of HAMMER.

    ``symbols`` is the trader's table of HAMMER symbols, a file that need not exist; ``None``: there is none.
    """

    ibkr: Mapping[AccountMode, IbkrProfile]
    hammer: HammerProfile
    symbols: Path | None = None

    @property
    def expects_paper(self) -> frozenset[AccountMode]:
        return frozenset(mode for mode, profile in self.ibkr.items() if profile.expects_paper)


@dataclass(frozen=True, slots=True)
class Paths:
    """Where the product keeps its files for this user."""

    settings: Path
    symbols: Path
    logs: Path
    pictures: Path


def user_paths() -> Paths:
    """The folders that the operating system sets aside; on Windows the roaming ``%APPDATA%\\psf_monitor``."""
    config = user_config_path(_APP, appauthor=False, roaming=True)
    return Paths(
        settings=config / "settings.toml",
        symbols=config / "symbols.csv",
        logs=user_log_path(_APP, appauthor=False),
        pictures=user_pictures_path() / _APP,
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise SettingsError("text is accepted.")
    return value.strip()


def _host(value: object) -> str:
    host = _text(value)
    if not host or any(c.isspace() or c in "/:" for c in host.removeprefix("[").removesuffix("]")):
        raise SettingsError("a computer's name or IPv4 address is accepted, without port.")
    return host


_DIGITS = re.compile("-?[0-9]{1,12}")


def _whole(value: object, low: int, high: int, accepted: str) -> int:
    if isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
        value = int(value.strip())
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise SettingsError(accepted)
    return value


def _port(value: object) -> int:
    return _whole(value, 1, 65535, "a whole number from 1 to 65535 is accepted.")


def _client_id(value: object) -> int:
    accepted = "a whole number from 1 to 2147483647 is accepted."
    if _whole(value, -(2**31), 2**31 - 1, accepted) == 0:
        raise SettingsError(
            "client id 0 is refused, because TWS binds orders placed by hand to it, "
            "and psf_monitor must not touch them; " + accepted
        )
    return _whole(value, 1, 2**31 - 1, accepted)


def _expects(value: object) -> bool:
    word = _text(value).lower()
    if word not in ("live", "paper"):
        raise SettingsError('"live" or "paper" is accepted.')
    return word == "paper"


def _yes_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in words:
        raise SettingsError("true or false is accepted.")
    return words[word]


def _poll_seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value <= 60:
        raise SettingsError("a number of seconds from 1 to 60 is accepted.")
    return float(value)


_Reader = Callable[[object], Any]

_IBKR_KEYS: dict[str, tuple[str, _Reader]] = {
    "host": ("host", _host),
    "port": ("port", _port),
    "client_id": ("client_id", _client_id),
    "account_id": ("account_id", _text),
    "expects": ("expects_paper", _expects),
    "reconnect": ("reconnect", _yes_no),
    "orders_every_s": ("orders_every_s", _poll_seconds),
}
_HAMMER_KEYS: dict[str, tuple[str, _Reader]] = {
    "host": ("host", _host),
    "port": ("port", _port),
    "streamer": ("streamer", _text),
    "account_key": ("account_key", _text),
    "reconnect": ("reconnect", _yes_no),
}
_ENVIRONMENT_KEYS = ("host", "port", "client_id", "account_id")
_DEFAULTS: dict[str, dict[str, object]] = {
    "gun": {"host": "127.0.0.1", "port": 4001, "client_id": 1},
    "ped": {"host": "127.0.0.1", "port": 4002, "client_id": 2},
    "hammer": {"host": "127.0.0.1", "port": 16400},
}

OPTIONS: tuple[tuple[str, str, str], ...] = (
    *((s, k, f"--{s}-{k.replace('_', '-')}") for s in ("gun", "ped") for k in _ENVIRONMENT_KEYS),
    *(
        ("hammer", key, f"--hammer-{key.replace('_', '-')}")
        for key in ("host", "port", "streamer", "account_key")
    ),
)
"""The command line's options: section, key and flag. The password has none: a command line can be read."""


@dataclass(frozen=True, slots=True)
class _Given:
    """One value as it was given: where it belongs, what it was, and what to call its source."""

    section: str
    key: str
    value: object
    source: str


def load(
    *,
    path: Path | None = None,
    environment: Mapping[str, str] | None = None,
    dotenv: Path | None = None,
    options: Mapping[tuple[str, str], str] | None = None,
    password: Callable[[], str] | None = None,
) -> Settings:
    """Read all sources, lowest first, and check every value; ``SettingsError`` for the first wrong one.

    ``options`` are the command line's, by section and key. ``password`` is asked for the one of HAMMER where
    no environment gives it. Left out, the sources are the user's own.
    """
    environment = os.environ if environment is None else environment
    given = [
        *_from_file(path or user_paths().settings),
        *_from_environment(_read_dotenv(dotenv or Path(".env")), ".env"),
        *_from_environment(environment, "environment"),
        *(
            _Given(section, key, options[section, key], flag)
            for section, key, flag in OPTIONS
            if options and (section, key) in options
        ),
    ]
    read: dict[str, dict[str, Any]] = {section: dict(values) for section, values in _DEFAULTS.items()}
    for item in given:
        name, reader = _keys_of(item.section)[item.key]
        try:
            read[item.section][name] = reader(item.value)
        except SettingsError as error:
            shown = "" if item.key == "password" else f" {item.value!r}"
            raise SettingsError(f"{item.source}:{shown} is not accepted; {error}") from None
    if "password" not in read["hammer"]:
        read["hammer"]["password"] = (password or stored_password)()
    return Settings(
        ibkr={mode: IbkrProfile(mode=mode, **read[mode.short.lower()]) for mode in IBKR_MODES},
        hammer=HammerProfile(**read["hammer"]),
        symbols=user_paths().symbols,
    )


def stored_password() -> str:
    """The HAMMER password in the system's credential store; empty where there is none, or no store."""
    import keyring
    from keyring.errors import KeyringError, NoKeyringError

    try:
        return keyring.get_password(_APP, _PASSWORD_NAME) or ""
    except NoKeyringError:
        _log.info("this computer has no credential store; the password may be given as HAMMER_PASSWORD")
    except KeyringError as error:
        _log.warning("the credential store did not give the HAMMER password: %s", error)
    return ""


def store_password(password: str) -> None:
    """Keep the HAMMER password in the system's credential store; an empty one is deleted from it.

    ``SettingsError`` when there is no store or it refuses.
    """
    import keyring
    from keyring.errors import KeyringError, NoKeyringError

    try:
        if password:
            keyring.set_password(_APP, _PASSWORD_NAME, password)
        elif keyring.get_password(_APP, _PASSWORD_NAME) is not None:
            keyring.delete_password(_APP, _PASSWORD_NAME)
    except NoKeyringError:
        raise SettingsError(
            "this computer has no credential store; give the password as HAMMER_PASSWORD instead."
        ) from None
    except KeyringError as error:
        raise SettingsError(f"the credential store did not take the password: {error}.") from error


def _keys_of(section: str) -> dict[str, tuple[str, _Reader]]:
    if section == "hammer":
        return _HAMMER_KEYS | {"password": ("password", _text)}
    return _IBKR_KEYS


def _read_text(path: Path) -> str | None:
    try:
        # Windows editors put a byte order mark in front.
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: the file cannot be read: {error}.") from error


def _from_file(path: Path) -> Iterator[_Given]:
    text = _read_text(path)
    if text is None:
        return
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: this is not TOML: {error}.") from error
    ibkr = tables.pop("ibkr", {})
    sections = {
        "ibkr.gun": ("gun", _IBKR_KEYS),
        "ibkr.ped": ("ped", _IBKR_KEYS),
        "hammer": ("hammer", _HAMMER_KEYS),
    }
    found = (
        {f"ibkr.{name}": table for name, table in ibkr.items()} if isinstance(ibkr, dict) else {"ibkr": ibkr}
    )
    for name, table in (found | tables).items():
        if name not in sections or not isinstance(table, dict):
            raise SettingsError(f"{path}: [{name}] is not known; {_listed(sections)} are accepted.")
        section, keys = sections[name]
        for key, value in table.items():
            if (section, key) == ("hammer", "password"):
                raise SettingsError(
                    f"{path}: a password does not belong in this file; "
                    "give it in the window or as HAMMER_PASSWORD."
                )
            if key not in keys:
                raise SettingsError(f"{path}: [{name}] {key} is not known; {_listed(keys)} are accepted.")
            yield _Given(section, key, value, f"{path}: [{name}] {key}")


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(sorted(names))


def _read_dotenv(path: Path) -> dict[str, str]:
    text = _read_text(path)
    values: dict[str, str] = {}
    for binding in parse_stream(StringIO(text or "")):
        is_ours = (binding.key or "").startswith(("IBKR_", "HAMMER_"))
        if binding.error or (is_ours and binding.value is None):
            raise SettingsError(f"{path}: line {binding.original.line} is not NAME=value.")
        if binding.key and binding.value is not None:
            values[binding.key] = binding.value
    return values


def _from_environment(values: Mapping[str, str], source: str) -> Iterator[_Given]:
    """What holds for both logins first, so that one login's own value wins within the same source."""
    for prefix, sections in (("IBKR", ("gun", "ped")), ("IBKR_GUN", ("gun",)), ("IBKR_PED", ("ped",))):
        for key in _ENVIRONMENT_KEYS:
            name = f"{prefix}_{key.upper()}"
            for section in sections:
                if name in values:
                    yield _Given(section, key, values[name], f"{name} ({source})")
    for key in ("host", "port", "password", "streamer", "account_key"):
        name = f"HAMMER_{key.upper()}"
        if name in values:
            yield _Given("hammer", key, values[name], f"{name} ({source})")
