"""An intact SQLite file with values that this program never writes: reported, and nothing is lost."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from psf_monitor.cli.export import FAILED, ExportRequest, export
from psf_monitor.domain.account import AccountSummary
from psf_monitor.domain.fills.journal_records import HeldPosition, Snapshot, SnapshotKind
from psf_monitor.journal.errors import JournalError
from psf_monitor.journal.journal import Journal
from psf_monitor.journal.writer import Batch
from tests.journal.records import TODAY, coverage, recorded_fill
from tests.journal.test_bad_disk import recording
from tests.support.fill_records import fill
from tests.support.records import GUN, NOON
from tests.support.waiting import until

WRONG = [
    ("at", "yesterday"),
    ("first_seen_at", ""),
    ("mode", "IBKR_JOE"),
    ("quantity", "many"),
    ("price", b"\xff"),
    ("con_id", "abc"),
    ("revision", "x"),
    ("symbol", b"\xff\xfe"),
    ("commission", "free"),
    ("order_id", 1e400),
    ("order_id", 3.7),
    ("perm_id", "1_0"),
    ("con_id", "\u0661\u0662"),
    ("quantity", 1e400),
    ("commission", -1e400),
    ("at", "2026-09-18T12:00:00"),
    ("first_seen_at", "2026-09-18"),
]


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """Two executions of today in a file that is closed."""
    path = tmp_path / "psf_monitor" / "journal.sqlite3"
    journal = Journal(path)
    await journal.write(
        Batch(fills=(recorded_fill("0001"), recorded_fill("0002")), coverage=(coverage(NOON, NOON),))
    )
    await journal.close()
    return path


def spoil(path: Path, column: str, value: object, table: str = "fills", of: str = "fill_id = '0002'") -> None:
    with closing(sqlite3.connect(path)) as connection:
        changed = connection.execute(f"UPDATE {table} SET {column} = ? WHERE {of}", (value,))
        assert changed.rowcount == 1
        connection.commit()


@pytest.mark.parametrize(("column", "value"), WRONG)
async def test_that_the_row_is_named_and_the_next_message_corrects_it(
    path: Path, column: str, value: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(path, column, value)
    journal = Journal(path)
    try:
        with pytest.raises(JournalError, match=r"a value that .* never wrote, in the row U1240821, 0002"):
            await journal.day(TODAY)
        asked = ExportRequest(tmp_path / "fills.csv", "U1240821", date(2026, 1, 1), date(2026, 12, 31))
        assert await export(path, asked, NOON) == FAILED
        assert "cannot be read" in capsys.readouterr().err
        assert not (tmp_path / "fills.csv").exists()
        (reported,) = await journal.write(Batch(fills=(recorded_fill("0002"),)))
        assert reported == recorded_fill("0002")
        assert [each.fill_id for each in (await journal.day(TODAY)).fills] == ["0001", "0002"]
    finally:
        await journal.close()


@pytest.mark.parametrize(
    ("table", "column", "value", "named"),
    [
        ("snapshots", "at", "2026-09-18T12:00:00", "'2026-09-18T12:00:00' is a time without a zone"),
        ("snapshots", "kind", "lunch", "in the row "),
        ("snapshots", "mode", "IBKR_JOE", "in the row "),
        ("snapshots", "values_as_of", "noon", "in the row "),
        ("snapshot_values", "net_liquidation", "much", "in the row IBKR_GUN, U1240821: 'much' is no number"),
        ("snapshot_values", "total_cash", 1e400, "in the row IBKR_GUN, U1240821: inf is no number"),
        ("snapshot_positions", "quantity", 1e400, "in the row U1240821, 7: inf is no number"),
    ],
)
async def test_that_a_wrong_value_of_a_snapshot_is_named(
    path: Path, table: str, column: str, value: object, named: str
) -> None:
    held = HeldPosition("U1240821", 7, "X", "USD", 1.0, 5.0, None, None, "MISSING", None, None, None)
    values = AccountSummary(GUN, "U1240821", "USD", net_liquidation=1e6)
    journal = Journal(path)
    try:
        await journal.write(
            Batch(snapshots=(Snapshot(NOON, SnapshotKind.ASKED, GUN, False, (held,), (values,)),))
        )
        spoil(path, column, value, table, "true")
        with pytest.raises(JournalError) as error:
            await journal.day(TODAY)
        assert named in str(error.value)
    finally:
        await journal.close()


async def test_that_a_wrong_day_is_named_among_the_days(path: Path) -> None:
    spoil(path, "day", "2026-99-99", table="watched", of="account = 'U1240821'")
    journal = Journal(path)
    try:
        with pytest.raises(JournalError, match="in the row 2026-99-99"):
            await journal.days()
    finally:
        await journal.close()


async def test_that_the_window_shows_every_execution_and_names_what_is_wrong(path: Path) -> None:
    spoil(path, "price", "x")
    async with recording(path.parents[1]) as (recorder, shown):
        recorder.fills_reported(GUN, [fill("0003")])
        await until(lambda: recorder.problem, what="the problem")
        await until(lambda: len(shown.fills()) == 1, what="the execution that was reported")
        assert recorder.problem is not None
        assert "'x' is no number" in recorder.problem.why
        spoil(path, "price", 24.5)
        await until(lambda: recorder.problem is None, what="the end of the problem")
        await until(lambda: len(shown.fills()) == 3, what="all three")
