"""All that the journal has of one share, for its position history."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from psf_monitor.domain.account import AccountSummary
from psf_monitor.domain.fills.journal_records import HeldPosition, Snapshot, SnapshotKind
from psf_monitor.domain.fills.position_history import RecordedClose
from psf_monitor.journal.journal import Journal
from psf_monitor.journal.writer import Batch
from tests.journal.records import TODAY, recorded_fill
from tests.support.records import GUN, NOON, instrument

CIM = instrument("CIM PRB")


def closing(held: float | None, days_ago: int, *, is_current: bool = True) -> Snapshot:
    position = HeldPosition(
        "U1240821", CIM.con_id, "CIM PRB", "USD", 1.0, held, 23.5, 24.5, "LIVE", 24_500.0, None, None
    )
    other = replace(position, con_id=7, symbol="SPY", quantity=3.0)
    positions = (other,) if held is None else (position, other)
    values = (AccountSummary(GUN, "U1240821", "USD", 1.0),)
    at = NOON - timedelta(days=days_ago)
    return Snapshot(at, SnapshotKind.CLOSE, GUN, is_current, positions, values)


async def test_that_its_executions_and_what_was_held_at_each_close_come_back(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite3")
    snapshots = (closing(1000, 3), closing(None, 2), closing(400, 1, is_current=False))
    opened = replace(closing(600, 1), kind=SnapshotKind.OPEN)
    mine = recorded_fill("a", symbol="CIM PRB")
    await journal.write(Batch((mine, recorded_fill("b", symbol="SPY")), (), (*snapshots, opened)))
    found = await journal.share(CIM.con_id, "CIM PRB")
    await journal.close()
    assert found.fills == (mine.fill,)
    assert found.closes == (
        RecordedClose(TODAY - timedelta(days=3), GUN, "U1240821", 1000.0, 23.5, 24_500.0),
        RecordedClose(TODAY - timedelta(days=2), GUN, "U1240821", 0.0),
    ), "what was not current at the close is no record of it"
    assert found.since == TODAY - timedelta(days=3)


async def test_that_of_a_share_that_was_never_held_there_is_nothing(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite3")
    await journal.write(Batch((), (), (closing(1000, 3),)))
    found = await journal.share(99, "MS PRK")
    await journal.close()
    assert (found.fills, found.closes) == ((), ())
