"""Open the journal for reading only, and name its failures."""

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
    """Open the file in its current state, for the calling thread."""
    return sqlite3.connect(_read_only(path), uri=True, timeout=_BUSY_S, isolation_level=None)


def begin(connection: sqlite3.Connection, path: Path) -> None:
    """Begin a transaction, so that all reads are of one moment. Raises ``JournalError`` for another
    version.
    """
    connection.execute("BEGIN")
    schema.check_version(connection, path)


def require_journal(path: Path) -> None:
    """Raise ``JournalError`` if the path is not a regular file: opening it might block forever."""
    try:
        require_file_or_none(path)
    except OSError as error:
        raise explained(error, path, "read") from error


@contextlib.contextmanager
def explaining(path: Path) -> Iterator[None]:
    """Raise ``JournalError`` for any failure of SQLite, or a value that cannot be read."""
    try:
        yield
    except FAILURES as error:
        raise explained(error, path, "read") from error
    except rows.WrongValueError as error:
        raise wrong_value(path, str(error)) from error


def _read_only(path: Path) -> str:
    """Return the file as an SQLite URI, including drive letters and network names."""
    name = quote(path.absolute().as_posix(), safe="/:")
    return f"file://{'' if name.startswith('/') else '/'}{name}?mode=ro"
