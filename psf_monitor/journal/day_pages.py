"""The executions of one day, page by page, newest first, as a window shows them."""

import contextlib
import sqlite3
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from psf_monitor.domain.fills.coverage import day_before
from psf_monitor.domain.fills.journal_records import DayPage
from psf_monitor.journal import rows
from psf_monitor.journal.errors import reopened
from psf_monitor.journal.read_only import begin, connected, explaining, require_journal
from psf_monitor.journal.reader import coverage_on

_COUNT = "SELECT count(*) FROM fills WHERE day = ?"
_MOMENT = "coalesce(at, first_seen_at)"
_OF_DAY = f"SELECT {rows.FILL_COLUMNS}, {_MOMENT} FROM fills WHERE day = ?"
_NEWEST_FIRST = f"ORDER BY {_MOMENT} DESC, symbol, account, fill_id"
_FIRST = f"{_OF_DAY} {_NEWEST_FIRST} LIMIT ?"
_BEHIND = f"""
    {_OF_DAY} AND ({_MOMENT} < ? OR ({_MOMENT} = ? AND (symbol, account, fill_id) > (?, ?, ?)))
    {_NEWEST_FIRST}
"""
"""Everything after the last row read, compared by value, so that no row appears twice."""


class DayPages:
    """Reads one day as of the moment of the first page. It belongs to one thread.

    Every failure is a ``JournalError`` and ends it.
    """

    def __init__(self, path: Path, day: date) -> None:
        self._path = path
        self._day = day
        self._connection: sqlite3.Connection | None = None
        self._is_closed = False
        self._begin = DayPage(day, 0, (), ())
        self._left = 0
        self._last: Sequence[str] = ()
        self._behind: sqlite3.Cursor | None = None

    def read(self, most: int) -> DayPage | None:
        """Return the next page of at most ``most`` executions; after the first, ``None`` if none are left.

        Raises ``JournalError``.
        """
        if self._is_closed:
            raise reopened(self._path)
        try:
            with explaining(self._path):
                return self._next(most) if self._connection else self._first(most)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._is_closed = True
        self._behind = None
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
        coverage = coverage_on(connection, (), day_before(self._day), self._day)
        self._begin = DayPage(self._day, self._left, tuple(coverage), ())
        return self._page(connection.execute(_FIRST, (day, most)).fetchall())

    def _next(self, most: int) -> DayPage | None:
        assert self._connection is not None
        if not self._left:
            return None
        if self._behind is None:
            moment, *rest = self._last
            self._behind = self._connection.execute(_BEHIND, (self._day.isoformat(), moment, moment, *rest))
        return self._page(self._behind.fetchmany(most))

    def _page(self, found: Sequence[tuple[Any, ...]]) -> DayPage:
        if self._left and not found:
            # A row that sorts after itself was not written by this program.
            raise rows.WrongValueError(f"{self._day} behind {', '.join(self._last)}")
        fills = tuple(rows.fill_of(row[:-1]).fill for row in found)
        if found:
            self._last = found[-1][-1], fills[-1].instrument.symbol, *fills[-1].key
        self._left -= len(fills)
        return self._begin._replace(fills=fills)
