"""The only connection that writes. It belongs to one thread."""

import contextlib
import logging
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from msgspec import structs

from psf_monitor.domain.fills.coverage import Coverage, merged
from psf_monitor.domain.fills.fill import FillKey
from psf_monitor.domain.fills.journal_records import DayPoint, PositionPoint, RecordedFill, Snapshot
from psf_monitor.domain.fills.merge import merged_fill
from psf_monitor.domain.instrument import with_terms
from psf_monitor.domain.listing_exchange import is_priced_in_currency
from psf_monitor.files import require_file_or_none
from psf_monitor.journal import rows, schema
from psf_monitor.journal.errors import FAILURES, DamagedError, explained, is_damage
from psf_monitor.journal.private_files import make_private

_log = logging.getLogger(__name__)

BUSY_S = 2.0
"""How long to wait for another window's write."""

_WRITTEN = "written"

_UPSERT_FILL = f"INSERT OR REPLACE INTO fills ({rows.FILL_COLUMNS}) VALUES ({rows.places(rows.FILL_COLUMNS)})"
_KNOWN_FILL = f"SELECT {rows.FILL_COLUMNS} FROM fills WHERE account = ? AND fill_id = ?"
_LEARN = """
    UPDATE fills SET price_unit = coalesce(price_unit, ?), multiplier = coalesce(multiplier, ?)
    WHERE con_id = ? AND kind = ? AND currency = ? AND (price_unit IS NULL OR multiplier IS NULL)
"""
_LEARNT = """
    SELECT max(price_unit), max(multiplier) FROM fills WHERE con_id = ? AND kind = ? AND currency = ?
"""
_UPSERT_COVERAGE = (
    f"INSERT OR REPLACE INTO watched ({rows.COVERAGE_COLUMNS}) VALUES ({rows.places(rows.COVERAGE_COLUMNS)})"
)
_KNOWN_COVERAGE = f"SELECT {rows.COVERAGE_COLUMNS} FROM watched WHERE day = ? AND account = ?"
_INSERT_POINT = "INSERT OR IGNORE INTO day_points (day, mode, at, day_pnl) VALUES (?, ?, ?, ?)"
_INSERT_POSITION_POINT = """
    INSERT OR IGNORE INTO position_points (day, account, con_id, symbol, minute, day_pnl)
    VALUES (?, ?, ?, ?, ?, ?)
"""
_FORGET_POSITION_POINTS = "DELETE FROM position_points WHERE day < ?"
_INSERT_SNAPSHOT = """
    INSERT OR IGNORE INTO snapshots (at, day, kind, mode, is_current, values_as_of) VALUES (?, ?, ?, ?, ?, ?)
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """What is written in one transaction, all of it or nothing. Fills are as reported, with the time they
    were first seen.
    """

    fills: tuple[RecordedFill, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    points: tuple[DayPoint, ...] = ()
    position_points: tuple[PositionPoint, ...] = ()


class Writer:
    """Opens, migrates and writes the file. Every failure is a ``JournalError`` and leaves it closed.

    Several windows may each have one for the same file: their writes are merged without duplicates.
    """

    def __init__(self, path: Path, *, busy_s: float = BUSY_S) -> None:
        self._path = path
        self._busy_s = busy_s
        self._connection: sqlite3.Connection | None = None

    def open(self) -> Path | None:
        """Open the file, created or migrated if needed.

        A file that is damaged or not a journal is renamed, never deleted, and replaced by a new one; its new
        name is then returned. Raises ``JournalError``.
        """
        self.close()
        try:
            require_file_or_none(self._path)
            make_private(self._path)
            try:
                self._connection = _connect(self._path, self._busy_s)
            except DamagedError as damage:
                aside = _set_aside(self._path)
                make_private(self._path)
                _log.warning("the journal is damaged (%s) and was set aside as %s", damage, aside)
                self._connection = _connect(self._path, self._busy_s)
                return aside
        except DamagedError as damage:
            raise explained(sqlite3.DatabaseError(str(damage)), self._path, _WRITTEN) from damage
        except (*FAILURES, OSError) as error:
            raise explained(error, self._path, _WRITTEN) from error
        return None

    def write(self, batch: Batch) -> list[RecordedFill]:
        """Write the batch through to the disk; return its fills as stored now, in its order.

        Raises ``JournalError``.
        """
        if self._connection is None:
            self.open()
        connection = self._connection
        assert connection is not None
        try:
            connection.execute("BEGIN IMMEDIATE")
            for incoming in batch.fills:
                _write_fill(connection, incoming)
            # Read at the end: one execution may give the price unit of another.
            recorded = [_known(connection, incoming.fill.key) for incoming in batch.fills]
            for each in batch.coverage:
                _write_coverage(connection, each)
            for snapshot in batch.snapshots:
                _write_snapshot(connection, snapshot)
            connection.executemany(_INSERT_POINT, map(rows.of_point, batch.points))
            _write_position_points(connection, batch.position_points)
            connection.execute("COMMIT")
        except BaseException as error:
            # Closed without a commit, the file has nothing of it.
            self.close()
            if isinstance(error, FAILURES):
                raise explained(error, self._path, _WRITTEN) from error
            raise
        return [each for each in recorded if each is not None]

    def close(self) -> None:
        """Close the file; uncommitted changes are discarded."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            # The last connection to close merges the write-ahead log; on a full disk the log stays, complete.
            with contextlib.suppress(sqlite3.Error):
                connection.close()


def _write_position_points(connection: sqlite3.Connection, points: Sequence[PositionPoint]) -> None:
    """Keep only the points of the latest day: the day line of an earlier one is never shown."""
    if points:
        connection.execute(_FORGET_POSITION_POINTS, (max(point.day for point in points).isoformat(),))
        connection.executemany(_INSERT_POSITION_POINT, map(rows.of_position_point, points))


def _connect(path: Path, busy_s: float) -> sqlite3.Connection:
    """Return a connection to an intact file of this version. Raises ``DamagedError``, ``JournalError``,
    ``sqlite3.Error``.
    """
    connection = sqlite3.connect(path, timeout=busy_s, isolation_level=None)
    try:
        schema.check_whole(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        schema.migrate(connection)
    except BaseException as error:
        connection.close()
        if is_damage(error):
            raise DamagedError(str(error)) from error
        raise
    return connection


def _set_aside(path: Path) -> Path:
    """Rename the file and SQLite's files beside it; return the new name. Raises ``OSError``."""
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%S}"
    number = 1
    aside = path.with_name(f"{path.name}.bad-{stamp}")
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.bad-{stamp}-{number}")
    for end in ("-wal", "-shm"):
        beside = path.with_name(path.name + end)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + end))
    return path.rename(aside)


def _known(connection: sqlite3.Connection, key: FillKey) -> RecordedFill | None:
    row = connection.execute(_KNOWN_FILL, key).fetchone()
    try:
        return rows.fill_of(row) if row else None
    except rows.WrongValueError as error:
        # What the broker sends for it replaces this.
        _log.warning("the journal has an execution that cannot be read, and it is written anew: %s", error)
        return None


def _write_fill(connection: sqlite3.Connection, incoming: RecordedFill) -> None:
    """Merge one execution with what the file has of it."""
    known = _known(connection, incoming.fill.key)
    if known is None:
        recorded = incoming
    else:
        first_seen_at = min(known.first_seen_at, incoming.first_seen_at)
        recorded = replace(known, fill=merged_fill(known.fill, incoming.fill), first_seen_at=first_seen_at)
    if recorded != known:
        recorded = _with_terms(connection, recorded)
        connection.execute(_UPSERT_FILL, rows.of_fill(recorded))


def _with_terms(connection: sqlite3.Connection, incoming: RecordedFill) -> RecordedFill:
    """Share the price unit and multiplier of a contract among its executions.

    For a share in US dollars both are 1, and nothing is looked up.
    """
    instrument = incoming.fill.instrument
    is_plain = instrument.price_unit == instrument.multiplier == 1.0 and is_priced_in_currency(
        instrument.kind, instrument.currency
    )
    if not instrument.con_id or is_plain:
        return incoming
    contract = (rows.whole(instrument.con_id), instrument.kind, instrument.currency)
    if instrument.price_unit is not None or instrument.multiplier is not None:
        connection.execute(_LEARN, (instrument.price_unit, instrument.multiplier, *contract))
    if instrument.has_all_terms:
        return incoming
    price_unit, multiplier = connection.execute(_LEARNT, contract).fetchone()
    known = structs.replace(instrument, price_unit=price_unit, multiplier=multiplier)
    return replace(incoming, fill=replace(incoming.fill, instrument=with_terms(instrument, known)))


def _write_coverage(connection: sqlite3.Connection, incoming: Coverage) -> None:
    """Merge an account's coverage of a day with what the file has of it."""
    row = connection.execute(_KNOWN_COVERAGE, (incoming.day.isoformat(), incoming.account)).fetchone()
    known = None
    with contextlib.suppress(rows.WrongValueError):
        known = rows.coverage_of(row) if row is not None else None
    if known is not None:
        # A record without spans covers the whole day.
        spans = merged((*known.spans, *incoming.spans)) if known.spans and incoming.spans else ()
        incoming = Coverage(
            incoming.day,
            known.mode,
            incoming.account,
            min(known.first_at, incoming.first_at),
            max(known.last_at, incoming.last_at),
            spans,
        )
    connection.execute(_UPSERT_COVERAGE, rows.of_coverage(incoming))


def _write_snapshot(connection: sqlite3.Connection, snapshot: Snapshot) -> None:
    as_of = None if snapshot.values_as_of is None else rows.time_text(snapshot.values_as_of)
    inserted = connection.execute(
        _INSERT_SNAPSHOT,
        (
            rows.time_text(snapshot.at),
            snapshot.day.isoformat(),
            snapshot.kind.value,
            snapshot.mode.value,
            snapshot.is_current,
            as_of,
        ),
    )
    if inserted.rowcount == 0:
        return
    _insert(
        connection,
        "snapshot_positions",
        rows.POSITION_COLUMNS,
        inserted.lastrowid,
        [rows.of_position(p) for p in snapshot.positions],
    )
    _insert(
        connection,
        "snapshot_values",
        rows.VALUE_COLUMNS,
        inserted.lastrowid,
        [rows.of_values(v) for v in snapshot.values],
    )


def _insert(
    connection: sqlite3.Connection,
    table: str,
    columns: str,
    snapshot: int | None,
    lines: Sequence[tuple[object, ...]],
) -> None:
    connection.executemany(
        f"INSERT INTO {table} (snapshot, {columns}) VALUES (?, {rows.places(columns)})",
        [(snapshot, *line) for line in lines],
    )
