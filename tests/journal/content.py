"""What is in the file of a journal, and beside it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from psf_monitor.domain.fills.journal_records import RecordedFill
from psf_monitor.journal import rows


def content(path: Path) -> bytes:
    return path.read_bytes()


def files_beside(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


def every_fill(path: Path) -> list[RecordedFill]:
    with closing(sqlite3.connect(path)) as connection:
        return [rows.fill_of(row) for row in connection.execute(f"SELECT {rows.FILL_COLUMNS} FROM fills")]
