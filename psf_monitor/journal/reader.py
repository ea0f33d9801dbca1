"""The reading connection, which cannot write. It belongs to one thread."""

import contextlib
import math
import sqlite3
from array import array
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import TypeVar

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.coverage import Coverage, day_before
from psf_monitor.domain.fills.gains import Gains, realized
from psf_monitor.domain.fills.journal_records import DayCount, DayLine, RecordedDay, RecordedFill, Snapshot
from psf_monitor.domain.fills.position_history import RecordedShare
from psf_monitor.domain.position import PositionKey
from psf_monitor.journal import rows
from psf_monitor.journal.read_only import begin, connected, explaining, require_journal

_OF_SHARE = "((con_id = ? AND con_id != 0) OR (con_id = 0 AND symbol = ?))"
_CLOSES = f"""
    SELECT s.day, s.mode, v.account, p.quantity, p.average_price, p.market_value, p.account IS NULL
    FROM snapshots s JOIN snapshot_values v ON v.snapshot = s.id
    LEFT JOIN (SELECT * FROM snapshot_positions WHERE {_OF_SHARE}) p
        ON p.snapshot = s.id AND p.account = v.account
    WHERE s.kind = 'close' AND s.is_current ORDER BY s.day, s.mode, v.account
"""
_SINCE = "SELECT min(day) FROM (SELECT min(day) AS day FROM watched UNION ALL SELECT min(day) FROM snapshots)"

_FILLS = f"SELECT {rows.FILL_COLUMNS} FROM fills WHERE day BETWEEN ? AND ?"
_UNDATED = f"SELECT {rows.FILL_COLUMNS} FROM fills WHERE day = '{rows.UNDATED}'"
_COVERAGE = f"SELECT {rows.COVERAGE_COLUMNS} FROM watched WHERE day BETWEEN ? AND ?"
_POINTS = "SELECT mode, at, day_pnl FROM day_points WHERE day = ? ORDER BY at, mode"
_POSITION_POINTS = """
    SELECT account, con_id, symbol, minute, day_pnl FROM position_points WHERE day = ?
    ORDER BY account, con_id, symbol, minute
"""
_DAYS = """
    SELECT day, sum(fills), sum(snapshots) FROM (
        SELECT day, count(*) AS fills, 0 AS snapshots FROM fills GROUP BY day
        UNION ALL SELECT day, 0, count(*) FROM snapshots GROUP BY day
        UNION ALL SELECT day, 0, 0 FROM watched GROUP BY day
    ) WHERE day != '' GROUP BY day ORDER BY day
"""
_ACCOUNTS = """
    SELECT mode, account FROM (SELECT mode, account FROM fills UNION SELECT mode, account FROM watched)
    ORDER BY mode, account
"""

_Found = TypeVar("_Found")


class Reader:
    """Reads the file in its current state. Every failure is a ``JournalError``, even a missing file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def day(self, day: date) -> RecordedDay:
        """Return everything of one New York day, oldest first."""
        return self._read(
            lambda connection: RecordedDay(
                day,
                fills=tuple(recorded.fill for recorded in _fills(connection, (), day, day)),
                coverage=tuple(coverage_on(connection, (), day, day)),
                snapshots=tuple(_snapshots(connection, day)),
                points=tuple(map(rows.point_of, connection.execute(_POINTS, (day.isoformat(),)))),
                lines=_lines(connection, day),
            )
        )

    def days(self) -> list[DayCount]:
        """Return the recorded days, oldest first."""
        return self._read(lambda connection: [rows.count_of(row) for row in connection.execute(_DAYS)])

    def accounts(self) -> list[tuple[AccountMode, str]]:
        """Return the recorded accounts, each with the profiles that reached it."""
        return self._read(lambda connection: [rows.account_of(row) for row in connection.execute(_ACCOUNTS)])

    def fills(self, accounts: Collection[str], first: date, last: date) -> list[RecordedFill]:
        """Return the executions of these accounts, or of all, from one day to another, oldest first."""
        return self._read(lambda connection: list(_fills(connection, accounts, first, last)))

    def over_fills(
        self,
        accounts: Collection[str],
        first: date,
        last: date,
        use: Callable[[Iterator[RecordedFill]], _Found],
    ) -> _Found:
        """Return the result of ``use`` over the same executions, given one by one to save memory."""
        return self._read(lambda connection: use(_fills(connection, accounts, first, last)))

    def undated(self, accounts: Collection[str]) -> list[RecordedFill]:
        """Return the executions of these accounts whose time is unknown, by when they were first seen."""
        return self._read(lambda connection: list(_undated(connection, accounts)))

    def coverage(self, accounts: Collection[str], first: date, last: date) -> list[Coverage]:
        """Return the coverage of the same days."""
        return self._read(lambda connection: coverage_on(connection, accounts, first, last))

    def realized(self, account: str, year: int, now: datetime) -> Gains:
        """Return the realized gains of one account and year; days after ``now`` are still to come."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        return self._read(
            lambda connection: realized(
                account,
                year,
                chain(_fills(connection, (account,), first, last), _undated(connection, (account,))),
                coverage_on(connection, (account,), day_before(first), last),
                now,
            )
        )

    def share(self, con_id: int, symbol: str) -> RecordedShare:
        """Return everything recorded about one contract, by IBKR's conId, and by name for HAMMER's."""
        return self._read(lambda connection: _share(connection, con_id, symbol))

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            with contextlib.suppress(sqlite3.Error):
                connection.close()

    def _read(self, query: Callable[[sqlite3.Connection], _Found]) -> _Found:
        require_journal(self._path)
        try:
            with explaining(self._path):
                if self._connection is None:
                    self._connection = connected(self._path)
                # One transaction, so that an answer is of one moment.
                begin(self._connection, self._path)
                found = query(self._connection)
                self._connection.execute("COMMIT")
        except BaseException:
            self.close()
            raise
        return found


def _of_accounts(accounts: Collection[str]) -> str:
    return f" AND account IN ({', '.join('?' * len(accounts))})" if accounts else ""


def _fills(
    connection: sqlite3.Connection, accounts: Collection[str], first: date, last: date
) -> Iterator[RecordedFill]:
    # SQLite sorts without blocking the event loop, which shares the interpreter.
    found = connection.execute(
        f"{_FILLS}{_of_accounts(accounts)} ORDER BY coalesce(at, first_seen_at), account, fill_id",
        (first.isoformat(), last.isoformat(), *accounts),
    )
    return map(rows.fill_of, found)


def _share(connection: sqlite3.Connection, con_id: int, symbol: str) -> RecordedShare:
    of = (con_id, symbol)
    fills = connection.execute(
        f"SELECT {rows.FILL_COLUMNS} FROM fills WHERE {_OF_SHARE} AND kind != 'BAG' "
        "ORDER BY coalesce(at, first_seen_at), account, fill_id",
        of,
    )
    recorded = tuple(rows.fill_of(row).fill for row in fills)
    closes = tuple(rows.close_of(row) for row in connection.execute(_CLOSES, of))
    (since,) = connection.execute(_SINCE).fetchone()
    concerned = {each.account for each in closes if each.quantity} | {fill.account for fill in recorded}
    return RecordedShare(
        recorded,
        tuple(each for each in closes if each.account in concerned),
        date.fromisoformat(since) if since else None,
    )


def _undated(connection: sqlite3.Connection, accounts: Collection[str]) -> Iterator[RecordedFill]:
    found = connection.execute(
        f"{_UNDATED}{_of_accounts(accounts)} ORDER BY first_seen_at, account, fill_id", (*accounts,)
    )
    return map(rows.fill_of, found)


def coverage_on(
    connection: sqlite3.Connection, accounts: Collection[str], first: date, last: date
) -> list[Coverage]:
    """Return the coverage of these accounts, or of all, from one day to another."""
    found = connection.execute(
        f"{_COVERAGE}{_of_accounts(accounts)} ORDER BY day, account",
        (first.isoformat(), last.isoformat(), *accounts),
    )
    return [rows.coverage_of(row) for row in found]


def _lines(connection: sqlite3.Connection, day: date) -> tuple[DayLine, ...]:
    """Return the points of each position as one line."""
    lines: dict[PositionKey, array[float]] = {}
    for row in connection.execute(_POSITION_POINTS, (day.isoformat(),)):
        key, minute, day_pnl = rows.point_on_line(row)
        line = lines.setdefault(key, array("f"))
        line.extend([math.nan] * (minute - len(line)))
        line.append(day_pnl)
    return tuple(DayLine(day, key, line) for key, line in lines.items())


def _snapshots(connection: sqlite3.Connection, day: date) -> list[Snapshot]:
    found = connection.execute(
        "SELECT id, at, kind, mode, is_current, values_as_of FROM snapshots WHERE day = ? ORDER BY at, id",
        (day.isoformat(),),
    )
    return [_whole(connection, number, rows.snapshot_of(row)) for number, *row in found.fetchall()]


def _whole(connection: sqlite3.Connection, number: int, snapshot: Snapshot) -> Snapshot:
    """Return the snapshot with this number, with its positions and account values."""
    positions = _of_snapshot(connection, "snapshot_positions", rows.POSITION_COLUMNS, number)
    values = _of_snapshot(connection, "snapshot_values", rows.VALUE_COLUMNS, number)
    return replace(
        snapshot,
        positions=tuple(map(rows.position_of, positions)),
        values=tuple(rows.values_of((snapshot.mode, *row)) for row in values),
    )


def _of_snapshot(
    connection: sqlite3.Connection, table: str, columns: str, number: int
) -> list[tuple[object, ...]]:
    return connection.execute(
        f"SELECT {columns} FROM {table} WHERE snapshot = ? ORDER BY rowid", (number,)
    ).fetchall()
