from datetime import UTC, date, datetime, time

import pytest

from psf_monitor.domain.market_hours import NEW_YORK, DayPhase, day_phase, opened_at, session_of
from tests.conftest import named_in_failure

# The exchange's own calendars.
HOLIDAYS = """
2024-01-01 2024-01-15 2024-02-19 2024-03-29 2024-05-27 2024-06-19 2024-07-04 2024-09-02 2024-11-28 2024-12-25
2025-01-01 2025-01-09 2025-01-20 2025-02-17 2025-04-18 2025-05-26 2025-06-19 2025-07-04 2025-09-01 2025-11-27
2025-12-25 2026-01-01 2026-01-19 2026-02-16 2026-04-03 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-11-26
2026-12-25 2027-01-01 2027-01-18 2027-02-15 2027-03-26 2027-05-31 2027-06-18 2027-07-05 2027-09-06 2027-11-25
2027-12-24 2028-01-17 2028-02-21 2028-04-14 2028-05-29 2028-06-19 2028-07-04 2028-09-04 2028-11-23 2028-12-25
2029-01-01 2029-01-15 2029-02-19 2029-03-30 2029-05-28 2029-06-19 2029-07-04 2029-09-03 2029-11-22 2029-12-25
2030-01-01 2030-01-21 2030-02-18 2030-04-19 2030-05-27 2030-06-19 2030-07-04 2030-09-02 2030-11-28 2030-12-25
"""
EARLY = """
2024-07-03 2024-11-29 2024-12-24 2025-07-03 2025-11-28 2025-12-24 2026-11-27 2026-12-24 2027-11-26
2028-07-03 2028-11-24 2029-07-03 2029-11-23 2029-12-24 2030-07-03 2030-11-29 2030-12-24
"""


def _days(year: int) -> list[date]:
    first = date(year, 1, 1).toordinal()
    return [date.fromordinal(n) for n in range(first, date(year + 1, 1, 1).toordinal())]


@pytest.mark.parametrize("year", range(2024, 2031))
def test_that_the_holidays_and_early_closes_are_the_exchanges(year: int) -> None:
    closed, early = [], []
    for day in _days(year):
        session = session_of(day)
        if session is None and day.weekday() < 5:
            closed.append(day.isoformat())
        elif session is not None:
            assert session[0].time() == time(9, 30)
            if session[1].time() != time(16):
                assert session[1].time() == time(13)
                early.append(day.isoformat())
    assert closed == [day for day in HOLIDAYS.split() if day.startswith(str(year))]
    assert early == [day for day in EARLY.split() if day.startswith(str(year))]


def test_that_weekends_have_no_session() -> None:
    assert session_of(date(2026, 9, 19)) is None
    assert session_of(date(2026, 9, 20)) is None


def test_that_the_session_follows_new_yorks_summer_time() -> None:
    assert opened_at(datetime(2026, 9, 18, 13, 30, tzinfo=UTC)) is not None
    assert opened_at(datetime(2026, 12, 18, 13, 30, tzinfo=UTC)) is None
    assert opened_at(datetime(2026, 12, 18, 14, 30, tzinfo=UTC)) is not None


def test_that_the_session_ends_at_the_close() -> None:
    assert opened_at(datetime(2026, 9, 18, 15, 59, 59, tzinfo=NEW_YORK)) == datetime(
        2026, 9, 18, 9, 30, tzinfo=NEW_YORK
    )
    assert opened_at(datetime(2026, 9, 18, 16, 0, tzinfo=NEW_YORK)) is None
    assert opened_at(datetime(2026, 11, 27, 13, 0, tzinfo=NEW_YORK)) is None


def test_that_a_day_is_before_its_session_in_it_or_after_it() -> None:
    for day, hour, minute, phase in (
        (18, 0, 0, DayPhase.BEFORE_OPEN),
        (18, 9, 29, DayPhase.BEFORE_OPEN),
        (18, 9, 30, DayPhase.SESSION),
        (18, 15, 59, DayPhase.SESSION),
        (18, 16, 0, DayPhase.AFTER_CLOSE),
        (18, 23, 59, DayPhase.AFTER_CLOSE),
        (19, 8, 0, DayPhase.AFTER_CLOSE),
        (20, 23, 59, DayPhase.AFTER_CLOSE),
        (21, 0, 0, DayPhase.BEFORE_OPEN),
    ):
        with named_in_failure(day, hour, minute):
            assert day_phase(datetime(2026, 9, day, hour, minute, tzinfo=NEW_YORK)) is phase
    assert day_phase(datetime(2026, 11, 27, 13, 0, tzinfo=NEW_YORK)) is DayPhase.AFTER_CLOSE, "a half day"
    # Of the days on which the clocks are changed only the next ones have a session.
    assert day_phase(datetime(2026, 11, 2, 14, 29, tzinfo=UTC)) is DayPhase.BEFORE_OPEN
    assert day_phase(datetime(2026, 11, 2, 14, 30, tzinfo=UTC)) is DayPhase.SESSION
    assert day_phase(datetime(2026, 3, 9, 13, 30, tzinfo=UTC)) is DayPhase.SESSION
