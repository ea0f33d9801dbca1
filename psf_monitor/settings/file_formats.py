"""Parse settings files: the tables of TOML, the lines of a .env."""

import re
import tomllib
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import dotenv.parser as dotenv

from psf_monitor.settings.errors import BACKSLASHES, SettingsError, raise_together

_OURS = ("IBKR_", "HAMMER_", "PSF_MONITOR_")
_MOST_LINES = 2000
"""How far down a line is searched: each line is parsed again together with all lines above it."""
_KEYS, _KEY = re.compile(r"\(('[^']*',? ?)+\)"), re.compile("'([^']*)'")
_AT_LINE = re.compile(r"at line (\d+)")
_MENTIONS_OURS = re.compile("|".join((*_OURS, "TRADING_MODE")))


def toml_tables(path: Path, text: str) -> dict[str, Any]:
    """Return the tables of a settings.toml. Raises ``SettingsError`` that says where it is no TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(_not_toml(str(error), text), file=path) from error
    except ValueError as error:
        raise SettingsError("a number in it is too long to be read.", file=path) from error
    except RecursionError as error:
        raise SettingsError("its brackets are nested too deeply to be read.", file=path) from error


def _not_toml(why: str, text: str) -> str:
    """Return the parser's message in the trader's words; it shows keys as Python tuples."""
    why = _KEYS.sub(lambda keys: f"[{'.'.join(_KEY.findall(keys[0]))}]", why)
    sentence = f"this is not TOML: {why}."
    at = _AT_LINE.search(why)
    line = text.split("\n")[int(at[1]) - 1] if at is not None else ""
    return f"{sentence} {BACKSLASHES}" if "\\" in line.partition('"')[2] else sentence


def toml_line(text: str, keys: Sequence[str]) -> int | None:
    """Return the line of a TOML text on which the value of these nested keys begins."""
    lines = text.split("\n")[:_MOST_LINES]
    begin = 1
    for number in range(1, len(lines) + 1):
        try:
            found: Any = tomllib.loads("\n".join(lines[:number]))
        except (ValueError, RecursionError):
            continue
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        if found is not None:
            return begin
        begin = number + 1
    return None


def dotenv_values(path: Path, text: str) -> dict[str, tuple[str, int]]:
    """Return the names of a .env with their values and lines.

    Raises ``SettingsError`` for lines of ours that cannot be read; other programs' lines are ignored.
    """
    values: dict[str, tuple[str, int]] = {}
    faults = []
    # With Windows line endings, the parser counts unreadable lines twice.
    for binding in dotenv.parse_stream(StringIO(text.replace("\r\n", "\n"))):
        is_ours = (binding.key or "").startswith(_OURS)
        if binding.error:
            is_ours = _MENTIONS_OURS.search(binding.original.string) is not None
        if is_ours and (binding.error or binding.value is None):
            faults.append(SettingsError(f"line {binding.original.line} is not NAME=value.", file=path))
        elif binding.key and binding.value is not None:
            values[binding.key] = binding.value, _line_of(binding)
    raise_together(faults)
    return values


def _line_of(binding: "dotenv.Binding") -> int:
    """Return the line of the name; the parser counts blank lines above it as part of it."""
    above = binding.original.string.partition(binding.key or "")[0]
    return binding.original.line + above.count("\n")
