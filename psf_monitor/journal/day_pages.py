"""The executions of one day, a page at a time: the newest first, as a window shows them."""

import contextlib
import sqlite3
from datetime import date
from pathlib import Path

from psf_monitor.domain.fills.journal_records import DayPage
from psf_monitor.journal import rows
from psf_monitor.journal.errors import reopened
from psf_monitor.journal.read_only import begin, connected, explaining, require_journal
from psf_monitor.journal.reader import watched_on

_COUNT = "SELECT count(*) FROM fills WHERE day = ?"
NEWEST_FIRST = f"""
    SELECT {rows.FILL_COLUMNS} FROM fills WHERE day = ?
    ORDER BY coalesce(at, first_seen_at) DESC, symbol, account, fill_id
"""
"""As the file's index has them: the first page waits for no other to be read."""


class DayPages:
    """Reads one day, all of it as of the moment of the first page. It belongs to one thread.

    Every failure is a ``JournalError``, which ends it.
    """

    def __init__(self, path: Path, day: date) -> None:
        self._path = path
        self._day = day
        self._connection: sqlite3.Connection | None = None
        self._is_closed = False
        self._begin = DayPage(day, 0, (), ())
        self._left = 0
        self._found: sqlite3.Cursor | None = None

    def read(self, most: int) -> DayPage | None:
        """The next ``most`` executions at most; no page when there are none left, but for the first."""
        if self._is_closed:
            raise reopened(self._path)
        try:
            with explaining(self._path):
                return self._next(most) if self._connection else self._first(most)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let the file go."""
        self._is_closed = True
        self._found = None
        if self._connection is not None:
            connection, self._connection = self._connection, None
            with contextlib.suppress(sqlite3.Error):
                connection.close()

    def _first(self, most: int) -> DayPage:
        require_journal(self._path)
        self._connection = connection = connected(self._path)
        begin(connection, self._path)
        day = self._day.isoformat()
        ((self._left,),) = connection.execute(_COUNT, (day,))
        watched = watched_on(connection, (), self._day, self._day)
        self._begin = DayPage(self._day, self._left, tuple(watched), ())
        self._found = connection.execute(NEWEST_FIRST, (day,))
        return self._page(most)

    def _next(self, most: int) -> DayPage | None:
        return self._page(most) if self._left else None

    def _page(self, most: int) -> DayPage:
        assert self._found is not None
        fills = tuple(rows.fill_of(row).fill for row in self._found.fetchmany(most))
        if self._left and not fills:
            raise rows.WrongValueError(f"{self._day}: it has less than it counts")
        self._left -= len(fills)
        return self._begin._replace(fills=fills)
