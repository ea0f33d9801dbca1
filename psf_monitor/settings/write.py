"""Write single values into settings.toml and keep everything else in it, including comments."""

import os
import tomllib
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable, Item, Key, Table, Whitespace

from psf_monitor import settings
from psf_monitor.files import reason, write_atomic
from psf_monitor.settings import Settings, SettingsError
from psf_monitor.settings.errors import together
from psf_monitor.settings.file_formats import toml_tables
from psf_monitor.settings.text_file import read_text

Value = str | int | bool


def save(path: Path, section: str, values: Mapping[str, Value]) -> Settings:
    """Write ``values`` into ``[section]``; return the settings according to the file alone.

    Everything is checked as at the start, before the file is touched. Raises ``SettingsError``.
    """
    changed = _changed(path, section, values)
    try:
        return write_atomic(path, changed.encode(), _read_as_at_the_start)
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {reason(error)}.") from error


def preview(path: Path | None, section: str, values: Mapping[str, Value]) -> Settings:
    """Return the settings as ``save`` would, without touching a file of the user; ``None`` for no file.

    Raises ``SettingsError``.
    """
    with TemporaryDirectory() as folder:
        draft = Path(folder) / "settings.toml"
        try:
            draft.write_bytes(_changed(draft if path is None else path, section, values).encode())
        except OSError as error:
            raise SettingsError(f"{draft} cannot be written: {reason(error)}.") from error
        return _read_as_at_the_start(draft)


def _changed(path: Path, section: str, values: Mapping[str, Value]) -> str:
    text = read_text(path)
    toml_tables(path, text or "")
    try:
        changed = with_values(text or "", section, values)
    except TOMLKitError as error:
        raise SettingsError(f"this is not TOML: {error}.", file=path) from error
    if text is None and os.linesep != "\n":
        changed = changed.replace("\n", os.linesep)
    return changed


def _read_as_at_the_start(written: Path) -> Settings:
    nowhere = written.with_name(f"{written.name}.env")
    try:
        # A login that the file switches off is checked, too.
        return settings.load(
            path=written, environment={"IBKR_ENABLED": "true"}, dotenv=nowhere, password=lambda: ""
        )
    except SettingsError as error:
        # The file that is read is a draft, which the trader has never seen.
        raise together(
            SettingsError(fault.sentence, fault.problem, field=fault.field, accepted=fault.accepted)
            for fault in error.faults
        ) from None


def with_values(text: str, section: str, values: Mapping[str, Value]) -> str:
    """Return the text with these values in ``section``, in whatever form of TOML it is written.

    An existing value keeps its comment; a new one is added at the end of its table, above the comments of the
    next. Raises ``TOMLKitError`` for text that is no TOML, ``SettingsError`` if a name stands for something
    else than a table.
    """
    document = tomlkit.parse(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    table = _table(document, section)
    if table is None:
        document = tomlkit.parse(_with_header(text, section, newline))
        table = _table(document, section)
        assert table is not None
    for key, value in values.items():
        _set(table, key, value)
    changed = document.as_string()
    if newline == "\r\n":
        changed = changed.replace("\r\n", "\n").replace("\n", "\r\n")
    if not _reads_back(changed, section, values):
        raise SettingsError(
            f"[{section}] is written in a way that cannot be changed from here; change it in the file itself."
        )
    return changed


def _reads_back(text: str, section: str, values: Mapping[str, Value]) -> bool:
    """Return whether the standard library, with which settings are read, finds these values there."""
    try:
        table: Any = tomllib.loads(text)
        for name in section.split("."):
            table = table[name]
        return all(table[key] == value for key, value in values.items())
    except (tomllib.TOMLDecodeError, KeyError, TypeError):
        return False


def _table(document: tomlkit.TOMLDocument, section: str) -> MutableMapping[str, Any] | None:
    """Return the table with this name, expanded from an inline table; ``None`` if it needs a header."""
    found: MutableMapping[str, Any] = document
    for name in section.split("."):
        if name not in found:
            if not isinstance(found, InlineTable):
                return None
            found[name] = tomlkit.inline_table()
        inner = found[name]
        if not isinstance(inner, MutableMapping):
            raise SettingsError(f"{name} is not a table in this file; change it in the file itself.")
        found = inner
    return found


def _with_header(text: str, section: str, newline: str) -> str:
    """Return the text with an empty table of this name at its end, after a blank line."""
    above = text.rstrip()
    return f"{above}{2 * newline if above else ''}[{section}]{newline}"


def _set(table: MutableMapping[str, Any], key: str, value: Value) -> None:
    known = table.get(key)
    if known is not None and hasattr(known, "trivia"):
        item = tomlkit.item(value)
        item.trivia.indent = known.trivia.indent
        item.trivia.comment_ws = known.trivia.comment_ws
        item.trivia.comment = known.trivia.comment
        item.trivia.trail = known.trivia.trail
        table[key] = item
        return
    below = _detach_below(table.value.body) if isinstance(table, Table) else []
    table[key] = value
    if isinstance(table, Table):
        table.value.body.extend(below)


def _detach_below(body: list[tuple[Key | None, Item]]) -> list[tuple[Key | None, Item]]:
    """Remove and return what follows a table's last value and belongs to the next table.

    tomlkit counts it as part of the previous table. A blank line separates what belongs to it from what does
    not; without one, all of it belongs to the next.
    """
    last = max((place for place, (key, _) in enumerate(body) if key is not None), default=-1)
    lines = [item for _, item in body[last + 1 :]]
    parted = next((place for place, item in enumerate(lines) if isinstance(item, Whitespace)), 0)
    below = body[last + 1 + parted :]
    del body[last + 1 + parted :]
    return below
