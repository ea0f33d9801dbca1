"""The tables of the journal, and the steps that migrate a file of any earlier version.

A released step is never changed; later changes are steps of their own. Times are ISO 8601 in UTC, days are
trade dates, empty if no time was reported, money and quantities are as reported, and unknown values are NULL.
"""

import sqlite3
from pathlib import Path

from psf_monitor.domain.fills.trade_date import trade_date
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.listing_exchange import is_priced_in_currency
from psf_monitor.journal import rows
from psf_monitor.journal.errors import DamagedError, of_another_version

STEPS: tuple[tuple[str, ...], ...] = (
    (
        # A number too large for SQLite is stored as text: these columns have no type.
        """
        CREATE TABLE fills (
            account TEXT NOT NULL,
            fill_id TEXT NOT NULL,
            day TEXT NOT NULL,
            first_seen_at TEXT NOT NULL,
            mode TEXT NOT NULL,
            revision NOT NULL,
            broker_id TEXT NOT NULL,
            at TEXT,
            con_id NOT NULL,
            symbol TEXT NOT NULL,
            kind TEXT NOT NULL,
            currency TEXT NOT NULL,
            exchange TEXT NOT NULL,
            multiplier REAL,
            side TEXT NOT NULL,
            quantity REAL,
            price REAL,
            venue TEXT NOT NULL,
            order_id NOT NULL,
            perm_id NOT NULL,
            client_id NOT NULL,
            hammer_id TEXT NOT NULL,
            commission REAL,
            commission_currency TEXT,
            realized_pnl REAL,
            PRIMARY KEY (account, fill_id)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX fills_by_day ON fills (day, account)",
        """
        CREATE TABLE watched (
            day TEXT NOT NULL,
            account TEXT NOT NULL,
            mode TEXT NOT NULL,
            first_at TEXT NOT NULL,
            last_at TEXT NOT NULL,
            PRIMARY KEY (day, account)
        ) WITHOUT ROWID
        """,
    ),
    (
        """
        CREATE TABLE snapshots (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            day TEXT NOT NULL,
            kind TEXT NOT NULL,
            mode TEXT NOT NULL,
            is_current INTEGER NOT NULL,
            values_as_of TEXT
        )
        """,
        "CREATE INDEX snapshots_by_day ON snapshots (day)",
        # The open and the close of a day are stored once, even if two windows are watching; so is a snapshot
        # that is written again because it was unknown whether the first write succeeded.
        "CREATE UNIQUE INDEX snapshots_told_once ON snapshots (mode, at, kind)",
        "CREATE UNIQUE INDEX snapshots_once ON snapshots (day, mode, kind) WHERE kind != 'asked'",
        """
        CREATE TABLE snapshot_positions (
            snapshot INTEGER NOT NULL REFERENCES snapshots (id),
            account TEXT NOT NULL,
            con_id NOT NULL,
            symbol TEXT NOT NULL,
            currency TEXT NOT NULL,
            multiplier REAL,
            quantity REAL NOT NULL,
            average_price REAL,
            mark REAL,
            mark_state TEXT NOT NULL,
            market_value REAL,
            unrealized_pnl REAL,
            stale_since TEXT
        )
        """,
        "CREATE INDEX snapshot_positions_of ON snapshot_positions (snapshot)",
        """
        CREATE TABLE snapshot_values (
            snapshot INTEGER NOT NULL REFERENCES snapshots (id),
            account TEXT NOT NULL,
            currency TEXT,
            net_liquidation REAL,
            excess_liquidity REAL,
            available_funds REAL,
            buying_power REAL,
            total_cash REAL,
            gross_position_value REAL,
            unrealized_pnl REAL,
            realized_pnl REAL
        )
        """,
        "CREATE INDEX snapshot_values_of ON snapshot_values (snapshot)",
    ),
    (
        "ALTER TABLE fills ADD COLUMN time_words TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE fills ADD COLUMN is_liquidation INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE watched ADD COLUMN spans TEXT NOT NULL DEFAULT ''",
        # Days were New York's calendar days, or of first sight if no time was reported.
        "UPDATE fills SET day = trade_date(at, kind, currency)",
    ),
    (
        # A broker may name a position without its quantity.
        "ALTER TABLE snapshot_positions RENAME TO snapshot_positions_before",
        """
        CREATE TABLE snapshot_positions (
            snapshot INTEGER NOT NULL REFERENCES snapshots (id),
            account TEXT NOT NULL,
            con_id NOT NULL,
            symbol TEXT NOT NULL,
            currency TEXT NOT NULL,
            multiplier REAL,
            quantity REAL,
            average_price REAL,
            mark REAL,
            mark_state TEXT NOT NULL,
            market_value REAL,
            unrealized_pnl REAL,
            stale_since TEXT
        )
        """,
        "INSERT INTO snapshot_positions SELECT * FROM snapshot_positions_before",
        "DROP TABLE snapshot_positions_before",
        "CREATE INDEX snapshot_positions_of ON snapshot_positions (snapshot)",
    ),
    (
        "ALTER TABLE fills ADD COLUMN legs TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE fills ADD COLUMN price_unit REAL",
        "UPDATE fills SET price_unit = 1 WHERE is_priced_in_currency(kind, currency)",
    ),
    (
        # Two windows sample the same minute: it is one point.
        """
        CREATE TABLE day_points (
            day TEXT NOT NULL,
            mode TEXT NOT NULL,
            at TEXT NOT NULL,
            day_pnl REAL NOT NULL,
            PRIMARY KEY (day, mode, at)
        ) WITHOUT ROWID
        """,
    ),
    (
        # Only the points of the last day are kept for positions: they restore its day line after a restart.
        """
        CREATE TABLE position_points (
            day TEXT NOT NULL,
            account TEXT NOT NULL,
            con_id NOT NULL,
            symbol TEXT NOT NULL,
            minute INTEGER NOT NULL,
            day_pnl REAL NOT NULL,
            PRIMARY KEY (day, account, con_id, symbol, minute)
        ) WITHOUT ROWID
        """,
    ),
    ("ALTER TABLE fills ADD COLUMN liquidity TEXT NOT NULL DEFAULT ''",),
    ("ALTER TABLE fills ADD COLUMN model TEXT NOT NULL DEFAULT ''",),
    # As a window shows them: without it the first page of a day sorts all of that day.
    (
        "CREATE INDEX fills_newest_first ON fills "
        "(day, coalesce(at, first_seen_at) DESC, symbol, account, fill_id)",
    ),
)

VERSION = len(STEPS)
"""The schema that this version of psf_monitor writes and reads; stored in the file as ``user_version``."""


def version_of(connection: sqlite3.Connection) -> int:
    """Return the file's schema; 0 for a new file."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def check_version(connection: sqlite3.Connection, path: Path) -> None:
    """Raise ``JournalError`` for a file of any other version."""
    version = version_of(connection)
    if version != VERSION:
        raise of_another_version(path, version, VERSION)


def check_whole(connection: sqlite3.Connection, path: Path) -> None:
    """Raise ``DamagedError`` for a file that is damaged or not a journal, ``JournalError`` for a newer one.

    Nothing is written. The driver's own errors propagate.
    """
    # In one transaction: another window may be creating the tables right now.
    connection.execute("BEGIN")
    try:
        version = version_of(connection)
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    finally:
        connection.rollback()
    if version > VERSION:
        raise of_another_version(path, version, VERSION)
    if version == 0 and tables:
        raise DamagedError("it is a database of something else")
    if found != "ok":
        raise DamagedError(str(found))


def migrate(connection: sqlite3.Connection) -> None:
    """Migrate the file to ``VERSION``, each step completely or not at all; the connection commits by
    itself.
    """
    connection.create_function("trade_date", 3, _trade_date, deterministic=True)
    connection.create_function("is_priced_in_currency", 2, is_priced_in_currency, deterministic=True)
    while version_of(connection) < VERSION:
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another window may have taken the step in the meantime.
            version = version_of(connection)
            if version < VERSION:
                for statement in STEPS[version]:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {version + 1}")
            connection.execute("COMMIT")
        finally:
            connection.rollback()


def _trade_date(at: str | None, kind: str, currency: str) -> str:
    if at is None:
        return rows.UNDATED
    return trade_date(rows.time_of(at), Instrument(0, "", kind, currency)).isoformat()
