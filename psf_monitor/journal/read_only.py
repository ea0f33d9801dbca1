"""How the file is opened by those who read it and cannot write, and what their failures are called."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from psf_monitor.files import require_file_or_none
from psf_monitor.journal import rows, schema
from psf_monitor.journal.errors import FAILURES, explained, wrong_value

_BUSY_S = 2.0


def connected(path: Path) -> sqlite3.Connection:
    """Open the file as it stands, for the thread that asks."""
    return sqlite3.connect(_read_only(path), uri=True, timeout=_BUSY_S, isolation_level=None)


def begin(connection: sqlite3.Connection, path: Path) -> None:
    """Have all that is read until the transaction ends be of one moment. ``JournalError`` of its version."""
    connection.execute("BEGIN")
    schema.check_version(connection, path)


def require_journal(path: Path) -> None:
    """Raise ``JournalError`` where something else than a file stands: opening that might never end."""
    try:
        require_file_or_none(path)
    except OSError as error:
        raise explained(error, path, "read") from error


@contextlib.contextmanager
def explaining(path: Path) -> Iterator[None]:
    """Raise ``JournalError`` for whatever SQLite, or a value that cannot be read, fails with."""
    try:
        yield
    except FAILURES as error:
        raise explained(error, path, "read") from error
    except rows.WrongValueError as error:
        raise wrong_value(path, str(error)) from error


def _read_only(path: Path) -> str:
    """The file as SQLite's URI, drive letters and network names included."""
    name = quote(path.absolute().as_posix(), safe="/:")
    return f"file://{'' if name.startswith('/') else '/'}{name}?mode=ro"
