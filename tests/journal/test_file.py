"""The file itself: what goes in comes out, whole, and never twice."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from msgspec import structs

from psf_monitor.domain.account import AccountSummary
from psf_monitor.domain.fills.fill import Fill, FillKey
from psf_monitor.domain.fills.journal_records import (
    DayCount,
    HeldPosition,
    PositionPoint,
    RecordedFill,
    Snapshot,
    SnapshotKind,
)
from psf_monitor.domain.fills.merge import merged_fill
from psf_monitor.domain.instrument import with_terms
from psf_monitor.domain.listing_exchange import is_priced_in_currency
from psf_monitor.domain.position import PositionKey
from psf_monitor.journal.errors import JournalError
from psf_monitor.journal.journal import Journal
from psf_monitor.journal.reader import Reader
from psf_monitor.journal.writer import Batch, Writer
from tests.journal.content import every_fill, files_beside
from tests.journal.records import TODAY, coverage, recorded_fill, recorded_fills, reported
from tests.support.fill_records import fill
from tests.support.records import GUN, NOON, PED


def put_in(known: dict[FillKey, Fill], received: Fill) -> None:
    """As in the journal, a contract has one price unit and one multiplier, reported sooner or later."""
    before, latest = known.get(received.key), merged_fill(known.get(received.key), received)
    instrument = latest.instrument
    is_plain = is_priced_in_currency(instrument.kind, instrument.currency) and (
        instrument.price_unit == instrument.multiplier == 1.0
    )
    if latest != before and instrument.con_id and not is_plain:
        for key, each in known.items():
            if contract_of(each) == contract_of(latest):
                known[key] = replace(each, instrument=with_terms(each.instrument, instrument))
        same = [each.instrument for each in known.values() if contract_of(each) == contract_of(latest)]
        units = [each.price_unit for each in same if each.price_unit is not None]
        multipliers = [each.multiplier for each in same if each.multiplier is not None]
        learnt = structs.replace(
            instrument,
            price_unit=max(units, default=None),
            multiplier=max(multipliers, default=None),
        )
        latest = replace(latest, instrument=with_terms(instrument, learnt))
    known[received.key] = latest


def contract_of(fill: Fill) -> tuple[int, str, str]:
    return (fill.instrument.con_id, fill.instrument.kind, fill.instrument.currency)


# Shrinking a failing list of records with thirty fields takes minutes and shows little.
@settings(deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(st.lists(recorded_fills, max_size=8))
def test_that_an_execution_comes_out_as_it_went_in(
    tmp_path_factory: Any, received: list[RecordedFill]
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal.sqlite3"
    store = Writer(path)
    known: dict[FillKey, Fill] = {}
    for each in received:
        put_in(known, each.fill)
    try:
        given_back = store.write(Batch(fills=tuple(received)))
        assert {each.fill.key: each.fill for each in given_back} == known
    finally:
        store.close()
    assert {each.fill.key: each.fill for each in every_fill(path)} == known


async def test_that_an_execution_is_given_back_with_the_unit_that_a_later_one_of_its_batch_reports(
    journal: Journal,
) -> None:
    contract = structs.replace(recorded_fill().fill.instrument, con_id=72)
    fields = tuple(
        RecordedFill(replace(fill(fill_id), instrument=structs.replace(contract, price_unit=unit)), NOON)
        for fill_id, unit in (("a", None), ("b", 0.01))
    )
    given_back = await journal.write(Batch(fields))
    assert [each.fill.instrument.price_unit for each in given_back] == [0.01, 0.01]
    assert [each.instrument.price_unit for each in (await journal.day(TODAY)).fills] == [0.01, 0.01]


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ({"price_unit": 0.01, "multiplier": 5000.0}, {"price_unit": None, "multiplier": None}),
        ({"price_unit": 1.0, "multiplier": 50.0}, {"price_unit": None, "multiplier": 50.0}),
        ({"price_unit": 10.0, "multiplier": 1.0}, {"price_unit": None, "multiplier": 1.0}),
    ],
)
@pytest.mark.parametrize("is_reported_first", [True, False])
async def test_that_the_terms_of_a_contract_reach_its_executions_of_other_days_and_starts(
    path: Path, first: dict[str, float], later: dict[str, float | None], *, is_reported_first: bool
) -> None:
    contract = structs.replace(recorded_fill().fill.instrument, con_id=72, kind="FUT")
    received, unreported = (
        RecordedFill(replace(fill(name, at=at), instrument=structs.replace(contract, **terms)), NOON)
        for name, at, terms in (("a", NOON - timedelta(days=3), first), ("b", NOON, later))
    )
    for each in (received, unreported) if is_reported_first else (unreported, received):
        store = Writer(path)
        store.write(Batch((each,)))
        store.close()
    found = {(each.fill.instrument.price_unit, each.fill.instrument.multiplier) for each in every_fill(path)}
    assert found == {(first["price_unit"], first["multiplier"])}


async def test_that_the_terms_of_one_contract_are_not_those_of_another(journal: Journal) -> None:
    future = structs.replace(recorded_fill().fill.instrument, con_id=72, kind="FUT", price_unit=0.01)
    others = (
        structs.replace(future, con_id=73, price_unit=None),
        structs.replace(future, con_id=0, price_unit=None),
        structs.replace(future, kind="BOND", price_unit=None),
    )
    received = [
        RecordedFill(replace(fill(str(number)), instrument=instrument), NOON)
        for number, instrument in enumerate((future, *others))
    ]
    given_back = await journal.write(Batch(tuple(received)))
    assert [each.fill.instrument.price_unit for each in given_back] == [0.01, None, None, None]


async def test_that_a_snapshot_comes_out_as_it_went_in(journal: Journal) -> None:
    held = HeldPosition(
        "U1240821", 2**70, "CIM PRB", "USD", 1.0, -300.0, 23.5, 24.55, "FROZEN", -7365.0, -315.0, NOON
    )
    unknown = HeldPosition("U1240821", 7, "X", "EUR", None, None, None, None, "MISSING", None, None, None)
    values = AccountSummary(GUN, "U1240821", "USD", net_liquidation=1e6, realized_pnl=None)
    asked = Snapshot(NOON, SnapshotKind.ASKED, GUN, False, (held, unknown), (values,), NOON)
    closed = Snapshot(NOON + timedelta(hours=4), SnapshotKind.CLOSE, PED, True, (), ())
    await journal.write(Batch(snapshots=(asked, closed)))
    assert (await journal.day(TODAY)).snapshots == (asked, closed)
    assert await journal.days() == [DayCount(TODAY, 0, 2)]


async def test_that_open_and_close_of_a_day_are_kept_once_and_an_asked_one_as_often_as_asked(
    journal: Journal,
) -> None:
    for minute in range(2):
        at = NOON + timedelta(minutes=minute)
        kinds = (SnapshotKind.OPEN, SnapshotKind.CLOSE, SnapshotKind.ASKED)
        shots = tuple(Snapshot(at, kind, GUN, True, (), ()) for kind in kinds)
        await journal.write(Batch(snapshots=shots))
        # Written again because nobody knew whether it had been.
        await journal.write(Batch(snapshots=shots))
    found = (await journal.day(TODAY)).snapshots
    assert sorted(each.kind for each in found) == ["asked", "asked", "close", "open"]


async def test_that_the_points_of_positions_come_out_as_lines_and_only_the_last_day_is_kept(
    journal: Journal,
) -> None:
    key, other = PositionKey("U1240821", 7), PositionKey("H1", 0, "CIM-B")

    def points(day: date, *minutes: int) -> tuple[PositionPoint, ...]:
        return tuple(
            PositionPoint(day, minute, GUN, each, minute / 4) for minute in minutes for each in (key, other)
        )

    yesterday = TODAY - timedelta(days=1)
    await journal.write(Batch(position_points=points(yesterday, 600)))
    await journal.write(Batch(position_points=points(TODAY, 2)))
    await journal.write(Batch(position_points=points(TODAY, 2, 4)))
    assert (await journal.day(yesterday)).lines == ()
    lines = (await journal.day(TODAY)).lines
    assert {line.key: str(list(line.day_pnl)) for line in lines} == dict.fromkeys(
        (key, other), "[nan, nan, 0.5, nan, 1.0]"
    )


async def test_that_a_correction_and_a_late_cost_join_what_is_in_the_file(journal: Journal) -> None:
    await journal.write(Batch((recorded_fill("a", price=24.5), recorded_fill("b"))))
    corrected = recorded_fill("a", revision=2, price=24.4)
    late = RecordedFill(reported("b", realized_pnl=12.5), NOON + timedelta(minutes=5))
    given_back = await journal.write(Batch((corrected, late, recorded_fill("a", price=24.5))))
    assert [each.fill.price for each in given_back] == [24.4, 24.5, 24.4]
    day = await journal.day(TODAY)
    assert day.fills == (corrected.fill, late.fill)
    assert (await journal.fills((), TODAY, TODAY))[1].first_seen_at == NOON


async def test_that_a_day_is_the_trade_date_and_one_without_a_time_is_of_no_day(journal: Journal) -> None:
    # Wednesday 20:30 in New York, in the overnight session, is booked on Thursday.
    before = datetime(2026, 9, 16, 23, 59, tzinfo=UTC)
    evening = datetime(2026, 9, 17, 0, 30, tzinfo=UTC)
    fields = (
        recorded_fill("a", before, at=before),
        recorded_fill("b", evening, at=None),
        recorded_fill("c", evening, at=evening),
    )
    await journal.write(Batch(fields))
    # Reported again the next day, it is no younger.
    await journal.write(Batch((recorded_fill("b", NOON, at=None),)))
    wednesday, thursday = date(2026, 9, 16), date(2026, 9, 17)
    assert [each.fill_id for each in (await journal.day(thursday)).fills] == ["c"]
    assert await journal.days() == [DayCount(wednesday, 1, 0), DayCount(thursday, 1, 0)]
    assert [(each.fill.fill_id, each.first_seen_at) for each in await journal.undated(())] == [("b", evening)]


async def test_that_a_repeated_report_corrects_a_wrongly_recorded_day(journal: Journal) -> None:
    wrong = NOON - timedelta(hours=13)
    await journal.write(
        Batch(
            (
                recorded_fill("a", at=wrong),
                recorded_fill("b", at=wrong),
                recorded_fill("c", at=NOON, reported_time="x"),
            )
        )
    )
    fields = (
        recorded_fill("a", at=NOON, reported_time="20260918-16:00:00"),
        recorded_fill("b", at=None, reported_time="16:00"),
    )
    await journal.write(Batch((*fields, recorded_fill("c", at=None, reported_time="16:00"))))
    assert [each.fill_id for each in (await journal.day(TODAY)).fills] == ["a", "c"]
    assert (await journal.day(TODAY - timedelta(days=1))).fills == ()
    assert [each.fill.fill_id for each in await journal.undated(())] == ["b"]


async def test_that_fills_are_found_by_account_and_days(journal: Journal) -> None:
    # Friday to Tuesday: executions of Saturday and Sunday are booked on Monday.
    days = [NOON + timedelta(days=n) for n in (0, 1, 2, 4)]
    received = [
        recorded_fill(f"{account}-{n}", at, at=at, account=account)
        for account in ("U1", "U2")
        for n, at in enumerate(days)
    ]
    await journal.write(Batch(tuple(received)))
    first = last = date(2026, 9, 21)
    found = await journal.fills(("U1",), first, last)
    assert [each.fill.fill_id for each in found] == ["U1-1", "U1-2"]
    assert len(await journal.fills((), first, last)) == 4
    assert len(await journal.fills(("U1", "U2"), first, first)) == 4
    assert await journal.accounts() == [(GUN, "U1"), (GUN, "U2")]


async def test_that_how_long_a_day_was_watched_only_grows(journal: Journal) -> None:
    at = [NOON + timedelta(minutes=n) for n in range(4)]
    for first, last in ((at[1], at[2]), (at[0], at[1]), (at[2], at[3])):
        await journal.write(Batch(coverage=(coverage(first, last),)))
    assert (await journal.day(TODAY)).coverage == (coverage(at[0], at[3]),)
    assert await journal.days() == [DayCount(TODAY, 0, 0)]


async def test_that_changes_of_two_windows_are_merged(path: Path) -> None:
    both = [Journal(path), Journal(path)]
    for journal in both:
        await journal.open()
    received = [recorded_fill(f"{n:03}") for n in range(60)]
    costs = [RecordedFill(reported(each.fill.fill_id, 1.0), each.first_seen_at) for each in received]
    await asyncio.gather(
        *(both[0].write(Batch(tuple(received[n : n + 3]))) for n in range(0, 60, 3)),
        *(both[1].write(Batch(tuple(costs[n : n + 4]))) for n in range(56, -4, -4)),
    )
    found = await both[0].day(TODAY)
    for journal in both:
        await journal.close()
    assert sorted(each.fill_id for each in found.fills) == [each.fill.fill_id for each in received]
    assert all(each.is_reported for each in found.fills)


@pytest.fixture
def held(path: Path) -> Iterator[sqlite3.Connection]:
    """Another program that has locked a whole journal for itself."""
    store = Writer(path)
    store.write(Batch((recorded_fill("a"),)))
    store.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


async def test_that_a_file_held_by_another_program_is_reported_and_written_later(
    path: Path, held: sqlite3.Connection
) -> None:
    journal = Journal(path, busy_s=0.05)
    with pytest.raises(JournalError, match="Another program holds the file"):
        await journal.write(Batch((recorded_fill("b"),)))
    # Reading needs nobody's leave.
    assert len((await journal.day(TODAY)).fills) == 1
    held.execute("ROLLBACK")
    await journal.write(Batch((recorded_fill("b"),)))
    assert len((await journal.day(TODAY)).fills) == 2
    await journal.close()


async def test_that_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    journal = Journal(tmp_path / "file" / "journal.sqlite3")
    with pytest.raises(JournalError, match="cannot be written") as failed:
        await journal.open()
    assert failed.value.problem.why.startswith("The system says: ")
    await journal.close()


async def test_that_reading_makes_no_file(path: Path) -> None:
    path.parent.mkdir(parents=True)
    journal = Journal(path)
    with pytest.raises(JournalError, match=r"cannot be (opened|read)"):
        await journal.day(TODAY)
    await journal.close()
    assert files_beside(path) == []


async def test_that_a_batch_is_written_whole_or_not_at_all(journal: Journal, path: Path) -> None:
    bad = recorded_fill("b", account=None)
    with pytest.raises(JournalError):
        await journal.write(Batch((recorded_fill("a"), bad)))
    assert every_fill(path) == []
    await journal.write(Batch((recorded_fill("a"),)))
    assert len(every_fill(path)) == 1


async def test_that_records_passed_on_are_written_even_if_the_caller_is_cancelled(
    journal: Journal, path: Path
) -> None:
    writes = [asyncio.ensure_future(journal.write(Batch((recorded_fill(f"{n}"),)))) for n in range(20)]
    await asyncio.sleep(0)
    for each in writes:
        each.cancel()
    await asyncio.gather(*writes, return_exceptions=True)
    await journal.close()
    assert len(every_fill(path)) == 20


async def test_that_a_closed_journal_leaves_one_file_and_reports_that_it_is_closed(path: Path) -> None:
    journal = Journal(path)
    await journal.write(Batch((recorded_fill("a"),)))
    await journal.day(TODAY)
    await journal.close()
    await journal.close()
    assert files_beside(path) == [path.name]
    with pytest.raises(JournalError, match="is closed"):
        await journal.day(TODAY)


@contextmanager
def connections(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[sqlite3.Connection]]:
    """The connections to SQLite that are opened within the block."""
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def noted(*arguments: Any, **more: Any) -> sqlite3.Connection:
        opened.append(connect(*arguments, **more))
        return opened[-1]

    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", noted)
        yield opened


def test_that_a_reader_cannot_write(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Writer(path)
    store.write(Batch((recorded_fill("a"),)))
    reader = Reader(path)
    with connections(monkeypatch) as opened:
        reader.days()
    (connection,) = opened
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM fills")
    reader.close()
    store.close()


def test_that_an_unchanged_execution_is_not_written_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Writer(path)
    received = Batch((RecordedFill(fill("a"), NOON),))
    with connections(monkeypatch) as opened:
        store.write(received)
    connection = opened[-1]
    before = connection.total_changes
    store.write(received)
    assert connection.total_changes == before
    store.write(replace(received, fills=(RecordedFill(reported("a"), NOON),)))
    assert connection.total_changes > before
    store.close()
