"""Files of earlier and newer versions: nothing of them is lost."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from psf_monitor.domain.fills.journal_records import RecordedFill, Snapshot, SnapshotKind
from psf_monitor.journal import rows, schema
from psf_monitor.journal.errors import JournalError
from psf_monitor.journal.journal import Journal
from psf_monitor.journal.writer import Batch, Writer
from tests.journal.content import content, every_fill, files_beside
from tests.journal.records import TODAY, recorded_fill
from tests.support.records import GUN, NOON

FIRST_COLUMNS = (
    "account, fill_id, day, first_seen_at, mode, revision, broker_id, at, con_id, symbol, kind, currency, "
    "exchange, multiplier, side, quantity, price, venue, order_id, perm_id, client_id, hammer_id, "
    "commission, commission_currency, realized_pnl"
)


def version_1(path: Path, *reported: RecordedFill, day: str = "2026-09-18") -> None:
    """A file of the first version, with each execution on ``day``."""
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection:
        for statement in schema.STEPS[0]:
            connection.execute(statement)
        connection.execute("PRAGMA user_version = 1")
        connection.executemany(
            f"INSERT INTO fills ({FIRST_COLUMNS}) VALUES ({rows.places(FIRST_COLUMNS)})",
            [
                (*rows.of_fill(each)[:2], day, *rows.of_fill(each)[3 : FIRST_COLUMNS.count(",") + 1])
                for each in reported
            ],
        )
        connection.commit()


async def test_that_the_days_of_an_earlier_version_become_trade_dates(path: Path) -> None:
    evening = datetime(2026, 9, 17, 0, 30, tzinfo=UTC)
    version_1(path, recorded_fill("a", at=evening), recorded_fill("b", at=None), day="2026-09-16")
    journal = Journal(path)
    await journal.open()
    assert [each.fill_id for each in (await journal.day(date(2026, 9, 17))).fills] == ["a"]
    assert [each.fill.fill_id for each in await journal.undated(())] == ["b"]
    await journal.close()


async def test_that_a_file_of_version_1_is_brought_up_to_date_with_all_it_holds(path: Path) -> None:
    version_1(path, recorded_fill("a"), recorded_fill("b"))
    journal = Journal(path)
    with pytest.raises(JournalError, match="Open the window of this version once"):
        await journal.day(TODAY)
    assert await journal.open() is None
    await journal.write(
        Batch((recorded_fill("c"),), snapshots=(Snapshot(NOON, SnapshotKind.OPEN, GUN, True, (), ()),))
    )
    day = await journal.day(TODAY)
    await journal.close()
    assert [each.fill_id for each in day.fills] == ["a", "b", "c"]
    assert len(day.snapshots) == 1


async def test_that_the_positions_of_an_earlier_version_stay(path: Path) -> None:
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection:
        for statement in (*schema.STEPS[0], *schema.STEPS[1]):
            connection.execute(statement)
        connection.execute("PRAGMA user_version = 2")
        connection.execute(
            "INSERT INTO snapshots VALUES (1, ?, '2026-09-18', 'asked', 'IBKR_GUN', 1, NULL)",
            (NOON.isoformat(),),
        )
        connection.execute(
            "INSERT INTO snapshot_positions VALUES "
            "(1, 'U1240821', 7, 'CIM PRB', 'USD', 1.0, 300.0, 24.0, NULL, 'OFF', NULL, NULL, NULL)"
        )
        connection.commit()
    journal = Journal(path)
    assert await journal.open() is None
    (shot,) = (await journal.day(TODAY)).snapshots
    await journal.close()
    assert [(held.symbol, held.quantity) for held in shot.positions] == [("CIM PRB", 300.0)]


def test_that_a_step_that_fails_leaves_the_old_version_whole(path: Path) -> None:
    version_1(path, recorded_fill("a"))
    # In the way of the last table of the step, after the others have been made.
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE snapshot_values (at TEXT)")
    with pytest.raises(JournalError):
        Writer(path).open()
    with closing(sqlite3.connect(path)) as connection:
        assert schema.version_of(connection) == 1
        assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'snapshots'").fetchall() == []
        connection.execute("DROP TABLE snapshot_values")
    store = Writer(path)
    store.open()
    store.close()
    assert [each.fill.fill_id for each in every_fill(path)] == ["a"]


async def test_that_a_file_of_a_newer_version_is_refused_and_left_as_it_is(path: Path) -> None:
    version_1(path, recorded_fill("a"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    before = content(path)
    journal = Journal(path)
    for asking in (journal.open(), journal.day(TODAY)):
        with pytest.raises(JournalError) as refused:
            await asking
        assert str(path) in str(refused.value)
        assert (
            f"has schema {schema.VERSION + 1}; this psf_monitor knows {schema.VERSION}"
            in refused.value.problem.what
        )
    await journal.close()
    assert content(path) == before
    assert files_beside(path) == [path.name]
