"""When the recorder writes down what is held: the open, the close, on demand."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import IBKR_MODES, AccountMode, AccountSummary
from psf_monitor.domain.fills.journal_records import RecordedDay, SnapshotKind
from psf_monitor.domain.quote import Quote
from psf_monitor.journal.snapshots import due_kinds
from tests.journal.recorder.recorder_on_a_disk import Room, read
from tests.journal.records import TODAY
from tests.support.records import GUN, NOON, PED, position
from tests.support.waiting import PATIENCE_S, until


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite3"


async def test_that_how_long_a_day_was_watched_is_written_once_a_minute(path: Path) -> None:
    async with Room(path).recording() as room:

        async def listed(seconds: float) -> datetime:
            room.clock.advance(seconds)
            count = len(room.screen.shown)
            room.recorder.fills_listed(GUN, ["U1240821"])
            await until(lambda: len(room.screen.shown) > count)
            return (await room.disk.day(TODAY)).coverage[0].last_at

        assert await listed(0) == NOON
        assert await listed(30) == NOON
        assert await listed(30) == NOON + timedelta(seconds=60)
        assert await listed(30) == NOON + timedelta(seconds=60)
    (watched,) = (await read(path)).coverage
    assert (watched.first_at, watched.last_at) == (NOON, NOON + timedelta(seconds=90))


def ready(room: Room, mode: AccountMode, quantity: float = 1000) -> None:
    """Connected, with a position, its price and the account values, as the window has drained them."""
    room.links[mode].report(LinkState.READY)
    account = f"U{mode.short}"
    room.book.accounts_named(mode, [account])
    room.book.positions_replaced(mode, [position("CIM PRB", quantity, account=account, mode=mode)])
    room.book.summaries_replaced(mode, [AccountSummary(mode, account, "USD", net_liquidation=1e5)])
    room.book.quotes_live()
    room.book.quotes_changed({"CIM PRB": Quote(bid=24.5, ask=24.6, last=24.55)})
    room.book.drain()


OPEN = datetime(2026, 9, 18, 13, 30, tzinfo=UTC)


CLOSE = datetime(2026, 9, 18, 20, 0, tzinfo=UTC)


async def test_that_snapshots_at_open_and_close_are_taken_once_for_each_ready_login(path: Path) -> None:
    room = Room(path, look_every_s=0.005)
    room.clock.now = OPEN - timedelta(minutes=1)
    async with room.recording():
        ready(room, GUN)

        async def snapshots(count: int) -> list[tuple[SnapshotKind, AccountMode, datetime]]:
            found: RecordedDay = await room.disk.day(TODAY)
            async with asyncio.timeout(PATIENCE_S):
                while len(found.snapshots) < count:
                    found = await room.disk.day(TODAY)
            return [(each.kind, each.mode, each.at) for each in found.snapshots]

        room.clock.now = OPEN
        late = OPEN + timedelta(minutes=20)
        assert await snapshots(1) == [(SnapshotKind.OPEN, GUN, OPEN)]
        room.clock.now = late
        ready(room, PED)
        room.clock.now = CLOSE
        at_close = [(SnapshotKind.CLOSE, mode, CLOSE) for mode in IBKR_MODES]
        assert await snapshots(3) == [(SnapshotKind.OPEN, GUN, OPEN), *at_close]
    # The same day again adds nothing.
    room = Room(path, look_every_s=0.005)
    room.clock.now = CLOSE + timedelta(minutes=5)
    async with room.recording():
        ready(room, GUN)
        await until(lambda: (TODAY, GUN, SnapshotKind.CLOSE) in room.recorder.snapped)
    found = await read(path)
    assert len(found.snapshots) == 3
    (held,) = found.snapshots[0].positions
    assert (held.symbol, held.quantity, held.mark, held.mark_state) == ("CIM PRB", 1000, 24.55, "LIVE")
    assert held.market_value == 24550
    assert found.snapshots[0].values[0].net_liquidation == 1e5


async def test_that_one_that_has_just_become_ready_is_looked_at_twice(path: Path) -> None:
    room = Room(path)
    room.clock.now = OPEN
    async with room.recording():
        ready(room, GUN)
        room.recorder.take_due_snapshots()
        assert room.recorder.snapped == set()
        room.recorder.take_due_snapshots()
        assert room.recorder.snapped == {(TODAY, GUN, SnapshotKind.OPEN)}


async def test_that_a_snapshot_on_demand_names_what_is_old(path: Path) -> None:
    async with Room(path).recording() as room:
        assert room.recorder.take_snapshot() == []
        ready(room, GUN)
        assert room.recorder.take_snapshot() == [GUN]
        room.clock.advance(60)
        lost_at = room.clock()
        room.links[GUN].report(LinkState.CUT_OFF)
        room.book.account_lost(GUN, lost_at)
        room.book.quotes_frozen(lost_at)
        room.book.drain()
        assert room.recorder.take_snapshot() == [GUN]
    now, then = (await read(path)).snapshots
    assert (now.is_current, now.values_as_of, now.positions[0].stale_since) == (True, None, None)
    assert (then.is_current, then.values_as_of, then.positions[0].stale_since) == (False, lost_at, lost_at)
    assert then.positions[0].mark_state == "FROZEN"


@pytest.mark.parametrize(
    ("at", "kinds"),
    [
        (datetime(2026, 11, 27, 17, 59, tzinfo=UTC), []),
        (datetime(2026, 11, 27, 18, 0, tzinfo=UTC), [SnapshotKind.CLOSE]),
        (datetime(2026, 11, 26, 18, 0, tzinfo=UTC), []),
        (datetime(2026, 11, 25, 14, 44, 59, tzinfo=UTC), [SnapshotKind.OPEN]),
        (datetime(2026, 11, 25, 14, 45, tzinfo=UTC), []),
        (datetime(2026, 11, 26, 4, 59, tzinfo=UTC), [SnapshotKind.CLOSE]),
    ],
)
def test_that_half_days_and_holidays_have_their_own_close(at: datetime, kinds: list[SnapshotKind]) -> None:
    assert list(due_kinds(at)) == kinds
