"""Load the settings: defaults < settings.toml < environment, .env < command line.

Every value is checked when it is read, and an error names its source and what is accepted.
"""

import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.domain.indicators import IndicatorRules
from psf_monitor.problem import shown
from psf_monitor.settings import file_formats, misspelt, paths, value_checks
from psf_monitor.settings.errors import SettingsError, not_accepted, raise_together
from psf_monitor.settings.login_endpoints import keep_client_ids_apart
from psf_monitor.settings.model import (
    ApiSettings,
    FactsSettings,
    HammerProfile,
    IbkrProfile,
    RecordSettings,
    Settings,
)
from psf_monitor.settings.password import stored_password
from psf_monitor.settings.text_file import read_text

_log = logging.getLogger(__name__)

_MOST_NAME = 60

_Reader = Callable[[object], Any]

_IBKR_KEYS: dict[str, tuple[str, _Reader]] = {
    "enabled": ("enabled", value_checks.yes_no),
    "host": ("host", value_checks.host),
    "port": ("port", value_checks.port),
    "client_id": ("client_id", value_checks.client_id),
    "account_id": ("account_id", value_checks.account_id),
    "expects": ("expects_paper", value_checks.expects),
    "reconnect": ("reconnect", value_checks.yes_no),
    "orders_every_s": ("orders_every_s", value_checks.poll_seconds),
}
_HAMMER_KEYS: dict[str, tuple[str, _Reader]] = {
    "host": ("host", value_checks.host),
    "port": ("port", value_checks.port),
    "streamer": ("streamer", value_checks.text),
    "account_key": ("account_key", value_checks.text),
    "reconnect": ("reconnect", value_checks.yes_no),
    "silent_after_s": ("silent_after_s", value_checks.silence_seconds),
}
_OWN_KEYS: dict[str, dict[str, tuple[str, _Reader]]] = {
    "api": {
        "enabled": ("enabled", value_checks.yes_no),
        "host": ("host", value_checks.loopback),
        "port": ("port", value_checks.free_port),
    },
    "journal": {"enabled": ("records_journal", value_checks.yes_no)},
    "record": {"enabled": ("enabled", value_checks.yes_no), "days": ("days", value_checks.days)},
    "indicators": {
        "least_size": ("least_size", value_checks.shares),
        "history_least_size": ("history_least_size", value_checks.shares),
        "exchange_weight": ("exchange_weight", value_checks.weight),
        "finra_round_weight": ("finra_round_weight", value_checks.weight),
        "finra_hundreds_weight": ("finra_hundreds_weight", value_checks.weight),
        "finra_odd_weight": ("finra_odd_weight", value_checks.weight),
        "rwvap_volume_multiplier": ("rwvap_volume_multiplier", value_checks.multiplier),
    },
    "facts": {"files": ("files", value_checks.paths), "par": ("par", value_checks.par)},
}
"""psf_monitor's own sections; in the environment their keys are PSF_MONITOR_SECTION_KEY."""
_FILE_SECTIONS: dict[str, dict[str, tuple[str, _Reader]]] = {
    "ibkr.gun": _IBKR_KEYS,
    "ibkr.ped": _IBKR_KEYS,
    "hammer": _HAMMER_KEYS,
    **_OWN_KEYS,
}
_COMMON_KEYS = ("host", "port", "client_id", "account_id")
_ENVIRONMENT_KEYS = (*_COMMON_KEYS, "expects", "enabled")
_HAMMER_OPTIONS = ("host", "port", "streamer", "account_key", "silent_after_s")
# PSFALGO's own programs sign in to TWS as clients 19 and 21, similar ones as 1 to 9.
_DEFAULTS: dict[str, dict[str, object]] = {
    "gun": {"host": "127.0.0.1", "port": 4001, "client_id": 71},
    "ped": {"host": "127.0.0.1", "port": 4002, "client_id": 72},
    "hammer": {"host": "127.0.0.1", "port": 16400},
}

OPTIONS: tuple[tuple[str, str, str], ...] = (
    *((s, k, f"--{s}-{k.replace('_', '-')}") for s in ("gun", "ped") for k in _COMMON_KEYS),
    *(("hammer", key, f"--hammer-{key.replace('_', '-')}") for key in _HAMMER_OPTIONS),
    *(("api", key, f"--api-{key}") for key in ("host", "port")),
    ("journal", "enabled", "--journal-enabled"),
)
"""The command line's options: section, key and flag. The password has none, as command lines can be read."""

SWITCHES: tuple[tuple[str, str, str], ...] = (("api", "enabled", "--api"),)
"""The command line's options without a value: if given, the setting is true."""


class _Given(Struct, frozen=True):
    """One given value: its setting, its text, and the name of its source.

    ``located`` is the source with its line; for a TOML ``file`` the line is searched for in ``text``.
    """

    section: str
    key: str
    value: object
    source: str
    located: str = ""
    file: Path | None = None
    text: str = ""

    def not_accepted(self, field: str, error: SettingsError) -> SettingsError:
        """Return the error of this value, which its reader refused."""
        value = "" if self.key == "password" else f" {_without_password(self.value)}"
        line = None if self.file is None else _line(self.text, self.section, self.key)
        named = f"{self.located or self.source}:{value}"
        return not_accepted(named, error, field=field, file=self.file, line=line)


_PASSWORD = re.compile("(.*?password).*", re.IGNORECASE | re.DOTALL)


def _without_password(value: object) -> str:
    """Return the value without a password that follows on the same line."""
    is_run_into = isinstance(value, str) and _PASSWORD.fullmatch(value)
    return f"{shown(is_run_into[1])}.." if is_run_into else shown(value)


_Faults = list[SettingsError]


def load(
    *,
    path: Path | None = None,
    environment: Mapping[str, str] | None = None,
    dotenv: Path | None = None,
    options: Mapping[tuple[str, str], str] | None = None,
    password: Callable[[], str] | None = None,
) -> Settings:
    """Read all sources, lowest first, and check every value. Raises ``SettingsError`` with all errors.

    ``options`` are the command line's, by section and key. ``password`` is called for HAMMER's password if no
    environment gives it. Sources that are left out are the user's own.
    """
    environment = os.environ if environment is None else environment
    file, faults = path or paths.user_paths().settings, _Faults()
    in_file = _from_file(file, faults)
    above = [
        *_from_dotenv(dotenv or Path(".env"), faults),
        *_from_environment(environment, "environment", faults),
        *_from_options(options or {}),
    ]
    given = [*in_file, *above]
    read = _read(given, faults)
    raise_together(faults)
    ids = {item.section: item.source for item in given if item.key == "client_id"}
    if ids.get("gun", "") == ids.get("ped"):
        keep_client_ids_apart(read["gun"], read["ped"])
    if "password" not in read["hammer"]:
        read["hammer"]["password"] = (password or stored_password)()
    return Settings(
        ibkr=_logins(read),
        hammer=HammerProfile(**read["hammer"]),
        symbols=paths.user_paths().symbols,
        api=ApiSettings(**read["api"]),
        record=RecordSettings(**read["record"]),
        **read["journal"],
        indicators=IndicatorRules(**read["indicators"]),
        facts=_facts(read["facts"], file.parent),
        overruled={(item.section, item.key): item.source for item in above},
    )


def switch_on(mode: AccountMode) -> str:
    """Return how to use a login again that is switched off."""
    return f"set enabled = true under [ibkr.{mode.short.lower()}] in settings.toml, or {mode}_ENABLED=true"


def _logins(read: Mapping[str, dict[str, Any]]) -> dict[AccountMode, IbkrProfile]:
    """Return the profiles that are not switched off. Raises ``SettingsError`` if both are."""
    sections = {mode: dict(read[mode.short.lower()]) for mode in IBKR_MODES}
    enabled = {mode: section for mode, section in sections.items() if section.pop("enabled", True)}
    if not enabled:
        raise SettingsError(f"both IBKR logins are switched off; {switch_on(IBKR_MODES[0])}.")
    return {mode: IbkrProfile(mode=mode, **section) for mode, section in enabled.items()}


def _facts(read: Mapping[str, Any], folder: Path) -> FactsSettings:
    """Return the trader's fact files; a name without a folder is beside settings.toml."""
    return FactsSettings(**{**read, "files": tuple(folder / name for name in read.get("files", ()))})


def api_settings(options: Mapping[tuple[str, str], str]) -> ApiSettings:
    """Return the settings of the local API from the command line alone. Raises ``SettingsError``."""
    faults = _Faults()
    read = _read(_from_options(options), faults)
    raise_together(faults)
    return ApiSettings(**read["api"])


def changed(profile: IbkrProfile, values: Mapping[str, object]) -> IbkrProfile:
    """Return the profile with other values, by key of its section. Raises ``SettingsError``."""
    read: dict[str, Any] = {}
    faults = _Faults()
    for key, value in values.items():
        name, reader = _IBKR_KEYS[key]
        try:
            read[name] = reader(value)
        except SettingsError as error:
            faults.append(not_accepted(f"{key}: {shown(value)}", error))
    raise_together(faults)
    return replace(profile, **read)


def _keys_of(section: str) -> dict[str, tuple[str, _Reader]]:
    if section == "hammer":
        return _HAMMER_KEYS | {"password": ("password", value_checks.text)}
    return _OWN_KEYS.get(section, _IBKR_KEYS)


def _read(given: Iterable[_Given], faults: _Faults) -> dict[str, dict[str, Any]]:
    """Return the checked values by section; the last one wins, and defaults fill the rest."""
    read: dict[str, dict[str, Any]] = {s: dict(_DEFAULTS.get(s, {})) for s in (*_DEFAULTS, *_OWN_KEYS)}
    for item in given:
        name, reader = _keys_of(item.section)[item.key]
        try:
            read[item.section][name] = reader(item.value)
        except SettingsError as error:
            faults.append(item.not_accepted(name, error))
    return read


def _from_options(options: Mapping[tuple[str, str], str]) -> Iterator[_Given]:
    for section, key, flag in (*OPTIONS, *SWITCHES):
        if (section, key) in options:
            yield _Given(section, key, options[section, key], flag)


def _from_file(path: Path, faults: _Faults) -> list[_Given]:
    try:
        text = read_text(path)
        tables = {} if text is None else file_formats.toml_tables(path, text)
    except SettingsError as error:
        faults.append(error)
        return []
    text = text or ""
    ibkr = tables.pop("ibkr", {})
    is_table = isinstance(ibkr, dict)
    found = {f"ibkr.{name}": table for name, table in ibkr.items()} if is_table else {"ibkr": ibkr}
    given = []
    for name, table in (found | tables).items():
        keys = _FILE_SECTIONS.get(name)
        if keys is None:
            wrong = f"[{name[:_MOST_NAME]}] is not known; {_listed(_FILE_SECTIONS)} are accepted."
        elif not isinstance(table, dict):
            wrong = f"{name} is to be a table: the line [{name}], and its keys below it."
        else:
            section = name.removeprefix("ibkr.")
            for key, value in table.items():
                if key in keys:
                    if (section, key) == ("facts", "files") and isinstance(value, str):
                        # One name, which may hold what separates the names in an environment.
                        value = [value]
                    given.append(_Given(section, key, value, f"[{name}] {key}", file=path, text=text))
                else:
                    faults.append(_unknown(path, text, name, key))
            continue
        line = file_formats.toml_line(text, [name] if name in tables else name.split("."))
        faults.append(SettingsError(wrong, file=path, line=line))
    return given


def _unknown(path: Path, text: str, name: str, key: str) -> SettingsError:
    section = name.removeprefix("ibkr.")
    wrong = f"[{name}] {key[:_MOST_NAME]} is not known; {_listed(_FILE_SECTIONS[name])} are accepted."
    if (section, key) == ("hammer", "password"):
        wrong = "a password does not belong in this file; give it in the window or as HAMMER_PASSWORD."
    return SettingsError(wrong, file=path, line=_line(text, section, key))


def _line(text: str, section: str, key: str) -> int | None:
    """Return the line of settings.toml with this key of this section."""
    return file_formats.toml_line(text, [*(["ibkr"] if section in ("gun", "ped") else []), section, key])


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(sorted(names))


def _from_dotenv(path: Path, faults: _Faults) -> list[_Given]:
    try:
        text = read_text(path)
        found = {} if text is None else file_formats.dotenv_values(path, text)
    except SettingsError as error:
        faults.append(error)
        return []
    values = {name: value for name, (value, _line) in found.items()}
    return _from_environment(values, ".env", faults, {name: line for name, (_value, line) in found.items()})


_PREFIXES = {"IBKR": ("gun", "ped"), "IBKR_GUN": ("gun",), "IBKR_PED": ("ped",)}
_TRADING_MODE = "TRADING_MODE"
"""What earlier systems called the expected login, live or paper."""


def _environment_names() -> frozenset[str]:
    own = (f"PSF_MONITOR_{section}_{key}" for section, keys in _OWN_KEYS.items() for key in keys)
    logins = (f"{prefix}_{key}" for prefix in _PREFIXES for key in _ENVIRONMENT_KEYS)
    hammer = (f"HAMMER_{key}" for key in (*_HAMMER_OPTIONS, "password"))
    return frozenset(name.upper() for name in (*own, *logins, *hammer))


def _from_environment(
    values: Mapping[str, str], source: str, faults: _Faults, lines: Mapping[str, int] | None = None
) -> list[_Given]:
    """Put values for both logins first, so that one login's own value wins within the same source."""

    def where(name: str) -> str:
        return f"{source}, line {lines[name]}" if lines else source

    def of(section: str, key: str, name: str) -> _Given:
        return _Given(section, key, values[name], f"{name} ({source})", f"{name} ({where(name)})")

    faults += misspelt.faults(values, _environment_names(), where)
    named = [(section, "expects", _TRADING_MODE) for section in ("gun", "ped")]
    for prefix, sections in _PREFIXES.items():
        for key in _ENVIRONMENT_KEYS:
            named += [(section, key, f"{prefix}_{key.upper()}") for section in sections]
    named += [("hammer", key, f"HAMMER_{key.upper()}") for key in (*_HAMMER_OPTIONS, "password")]
    for section, keys in _OWN_KEYS.items():
        named += [(section, key, f"PSF_MONITOR_{section.upper()}_{key.upper()}") for key in keys]
    return [of(*each) for each in named if each[2] in values]
