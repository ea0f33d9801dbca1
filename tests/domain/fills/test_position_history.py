"""The history of a position follows from its executions and recorded closes, never from a guess."""

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.domain.fills.fill import Fill
from psf_monitor.domain.fills.position_history import (
    HeldNow,
    HistoryEvent,
    HistoryRow,
    RecordedClose,
    RecordedShare,
    position_history,
)
from tests.support.fill_records import fill
from tests.support.records import GUN, PED

ACCOUNT = "U1240821"
TODAY = date(2026, 9, 18)


def done(day: int, side: str, quantity: float, price: float = 24.5, hour: int = 15, **more: Any) -> Fill:
    at = datetime(2026, 9, day, hour, tzinfo=UTC)
    return fill(f"{day}.{side}.{hour}.{quantity}", "CIM PRB", side, quantity, price, at=at, **more)


def close(day: int, quantity: float, average: float | None = None) -> RecordedClose:
    return RecordedClose(date(2026, 9, day), GUN, ACCOUNT, quantity, average)


def reported(
    fills: tuple[Fill, ...],
    closes: tuple[RecordedClose, ...] = (),
    now: float | None = None,
    average: float | None = None,
) -> list[HistoryRow]:
    recorded = RecordedShare(fills, closes, date(2026, 9, 1))
    return position_history(recorded, [] if now is None else [HeldNow(GUN, ACCOUNT, now, average)], TODAY)[
        ::-1
    ]


def test_that_it_is_opened_added_to_reduced_and_closed_with_what_was_held_after_each() -> None:
    rows = reported(
        (
            done(8, "BUY", 1000, 23.0),
            done(9, "BUY", 100, 23.2, 15),
            done(9, "BUY", 300, 23.6, 16),
            done(10, "SELL", 400, 24.0, commission=1.0, realized_pnl=361.04),
            done(11, "SELL", 1000, 24.2),
        ),
        (close(8, 1000), close(9, 1400), close(10, 1000), close(11, 0)),
        0,
    )
    assert [(row.event, row.quantity, row.held, row.days_held, row.fills) for row in rows] == [
        (HistoryEvent.OPENED, 1000, 1000, 0, 1),
        (HistoryEvent.ADDED, 400, 1400, 1, 2),
        (HistoryEvent.REDUCED, -400, 1000, 2, 1),
        (HistoryEvent.CLOSED, -1000, 0, 3, 1),
    ]
    assert rows[1].price == (100 * 23.2 + 300 * 23.6) / 400
    assert [row.realized_pnl for row in rows] == [None, None, 361.04, None]


def test_that_a_change_without_an_execution_is_shown_as_not_watched_and_has_no_price() -> None:
    rows = reported((done(8, "BUY", 1000),), (close(8, 1000), close(10, 1200)), 1500)
    assert [(row.event, row.quantity, row.price, row.realized_pnl, row.held) for row in rows[1:]] == [
        (HistoryEvent.NOT_WATCHED, 200, None, None, 1200),
        (HistoryEvent.NOT_WATCHED, 300, None, None, 1500),
    ]
    assert rows[2].day == TODAY


def test_that_a_position_held_before_the_journal_began_has_no_opening_day() -> None:
    rows = reported((done(9, "BUY", 200),), (close(8, 1000), close(9, 1200)), 1200)
    assert [(row.event, row.held, row.days_held) for row in rows] == [
        (HistoryEvent.HELD_BEFORE, 1000, None),
        (HistoryEvent.ADDED, 1200, None),
    ]
    assert rows[0].day == date(2026, 9, 1)


def test_that_a_position_that_turns_is_open_from_that_day() -> None:
    rows = reported((done(8, "SELL", 300), done(9, "BUY", 500), done(10, "BUY", 100)), now=300)
    assert [(row.event, row.held, row.days_held) for row in rows] == [
        (HistoryEvent.OPENED, -300, 0),
        (HistoryEvent.TURNED, 200, 1),
        (HistoryEvent.ADDED, 300, 1),
    ]


def test_that_a_day_is_reported_in_the_order_of_its_trades() -> None:
    rows = reported((done(8, "BUY", 100), done(9, "SELL", 100, hour=14), done(9, "BUY", 50, hour=16)), now=50)
    assert [row.event for row in rows] == [HistoryEvent.OPENED, HistoryEvent.CLOSED, HistoryEvent.OPENED]


def test_that_the_average_after_an_event_is_the_brokers_next_report_and_never_calculated() -> None:
    rows = reported(
        (
            done(8, "BUY", 1000, 23.0),
            done(9, "BUY", 400, 23.5),
            done(10, "SELL", 400, 24.0, hour=14),
            done(10, "BUY", 200, 24.1, hour=16),
            done(14, "SELL", 1200, 24.2),
            done(15, "BUY", 300, 24.0),
        ),
        (
            close(8, 1000, 23.01),
            close(9, 1400),
            close(11, 1200, 23.2),
            close(14, 0, 0.0),
            close(16, 500, 24.2),
        ),
        500,
        24.25,
    )
    assert [(row.day.day, row.event.value, row.held, row.average_price) for row in rows] == [
        (8, "Opened", 1000, 23.01),
        (9, "Added", 1400, None),
        (10, "Reduced", 1000, None),
        (10, "Added", 1200, 23.2),
        (14, "Closed", 0, None),
        (15, "Opened", 300, None),
        (16, "Not watched", 500, 24.2),
    ]
    (before,) = reported((), (), 700, 23.456)
    assert (before.event, before.average_price) == (HistoryEvent.HELD_BEFORE, 23.456)


def test_that_each_login_has_a_history_of_its_own() -> None:
    other = RecordedClose(date(2026, 9, 8), PED, "U7654037", 400)
    recorded = RecordedShare((done(8, "BUY", 1000),), (close(8, 1000), other), None)
    rows = position_history(recorded, [HeldNow(GUN, ACCOUNT, 1000), HeldNow(PED, "U7654037", 400)], TODAY)
    assert {(row.mode, row.event) for row in rows} == {
        (GUN, HistoryEvent.OPENED),
        (PED, HistoryEvent.HELD_BEFORE),
    }


days = st.lists(
    st.tuples(st.integers(-300, 300), st.booleans(), st.integers(-50, 50)), min_size=1, max_size=8
)


@given(before=st.integers(-500, 500), walked=days)
def test_that_the_quantities_chain_from_row_to_row_and_end_at_what_is_held(
    before: int, walked: list[tuple[int, bool, int]]
) -> None:
    held, fills, closes = before, list[Fill](), [close(1, before)]
    for number, (quantity, is_recorded, transferred) in enumerate(walked, 2):
        if quantity:
            fills.append(done(number, "BUY" if quantity > 0 else "SELL", abs(quantity)))
        held += quantity + transferred
        if is_recorded:
            closes.append(close(number, held))
    rows = reported(tuple(fills), tuple(closes), held)
    at = 0.0 if not rows or rows[0].event is not HistoryEvent.HELD_BEFORE else rows[0].held
    for row in rows:
        if row.quantity is not None:
            assert at is not None
            at += row.quantity
        assert row.held == at
    assert not rows or rows[-1].held == held
    assert sum(row.fills for row in rows) == len(fills)
