"""Writes single values into settings.toml and leaves all else in it as it stands, comments too. No Qt."""

import json
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from psf_monitor import settings
from psf_monitor.files import write_atomic
from psf_monitor.settings import Settings, SettingsError

Value = str | int | bool
_HEADER = re.compile(r"\s*\[")


def save(path: Path, section: str, values: Mapping[str, Value]) -> Settings:
    """Write ``values`` into ``[section]``; the settings as the file alone then tells them.

    Everything is checked as at the start, before the file is touched. ``SettingsError`` says what is wrong.
    """
    text, newline = _read(path)
    changed = with_values(text, section, values)

    def check(written: Path) -> Settings:
        nowhere = written.with_name(f"{written.name}.env")
        try:
            return settings.load(path=written, environment={}, dotenv=nowhere, password=lambda: "")
        except SettingsError as error:
            raise SettingsError(str(error).removeprefix(f"{written}: ")) from None

    try:
        return write_atomic(path, changed.replace("\n", newline).encode(), check)
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror or error}.") from error


def with_values(text: str, section: str, values: Mapping[str, Value]) -> str:
    """The text with these values in ``[section]``. ``SettingsError`` where it is written unusually."""
    lines = text.split("\n")
    head = re.compile(rf"\s*\[\s*{re.escape(section)}\s*\]\s*(#.*)?")
    begins = next((i for i, line in enumerate(lines) if head.fullmatch(line)), None)
    if begins is None:
        while lines and not lines[-1].strip():
            lines.pop()
        lines += [""] * bool(lines) + [f"[{section}]", ""]
        begins = len(lines) - 2
    for key, value in values.items():
        following = (i for i in range(begins + 1, len(lines)) if _HEADER.match(lines[i]))
        ends = next(following, len(lines))
        mine = re.compile(rf"""(\s*{key}\s*=\s*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'#\[{{]+)(\s*(?:#.*)?)""")
        for place in range(begins + 1, ends):
            found = mine.fullmatch(lines[place])
            if found:
                lines[place] = f"{found[1]}{_written(value)}{found[3]}"
                break
        else:
            while ends > begins + 1 and not lines[ends - 1].strip():
                ends -= 1
            lines.insert(ends, f"{key} = {_written(value)}")
    changed = "\n".join(lines)
    if not _says(changed, section, values):
        raise SettingsError(
            f"[{section}] is written in a way that cannot be changed from here; change it in the file itself."
        )
    return changed


def _says(text: str, section: str, values: Mapping[str, Value]) -> bool:
    try:
        table: Any = tomllib.loads(text)
        for name in section.split("."):
            table = table[name]
        return all(table[key] == value for key, value in values.items())
    except (tomllib.TOMLDecodeError, KeyError, TypeError):
        return False


def _read(path: Path) -> tuple[str, str]:
    """The text with plain newlines, and the newline that the file has."""
    try:
        raw = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return "", os.linesep
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}.") from error
    return raw.replace("\r\n", "\n"), "\r\n" if "\r\n" in raw else "\n"


def _written(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False)
