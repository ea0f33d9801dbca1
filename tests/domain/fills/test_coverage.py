"""Of which evenings before is known what was traded: the overnight session begins on them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from psf_monitor.book.day.coverage_log import CoverageLog
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.coverage import Coverage, gaps, unknown_after_hours, unknown_evenings
from psf_monitor.domain.fills.fill import WHOLE_DAY, ListReach
from tests.support.records import GUN

FRIDAY, NOW = date(2026, 9, 18), datetime(2026, 9, 21, 20, 0, tzinfo=UTC)
MONDAY = FRIDAY + timedelta(days=3)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of September 2026 in New York."""
    return (
        datetime(2026, 9, day, hour + 4, minute, tzinfo=UTC) if hour < 20 else at(day + 1, hour - 24, minute)
    )


def watched(*lists: tuple[datetime, datetime | None], mode: AccountMode = GUN) -> tuple[Coverage, ...]:
    """What the journal has of lists that came at these moments, reaching back to others, without a pause."""
    log = CoverageLog()
    for moment, since in lists:
        log.listed(mode, ["U1"], WHOLE_DAY if since is None else ListReach(since), moment)
    return log.due(0)


def sentences(found: tuple[Coverage, ...], first: date = FRIDAY, last: date = FRIDAY) -> str:
    return " ".join(unknown_evenings(found, first, last, NOW))


def test_that_a_list_of_the_day_alone_knows_nothing_of_the_evening_before() -> None:
    assert sentences(watched((at(18, 12), at(18, 0)))) == (
        "2026-09-18: what was traded on the evening before, 20:00:00 to 00:00:00 New York, is not known; "
        "the broker's list began after it."
    )


@pytest.mark.parametrize(
    "lists",
    [
        [(at(18, 12), at(17, 17))],
        [(at(17, 19), at(17, 0)), (at(18, 1), at(18, 0))],
    ],
    ids=["a list that reaches back", "received live over midnight"],
)
def test_that_an_evening_that_was_covered_is_known(lists: list[tuple[datetime, datetime]]) -> None:
    assert sentences(watched(*lists)) == ""


def test_that_an_evening_that_was_watched_in_part_is_unknown_in_part() -> None:
    assert "20:00:00 to 22:30:00" in sentences(watched((at(17, 23), at(17, 22, 30)), (at(18, 1), at(18, 0))))


def test_that_many_days_give_one_sentence() -> None:
    every = [(at(day, 12), at(day, 0)) for day in (16, 17, 18, 21)]
    days = [coverage for each in every for coverage in watched(each)]
    first = date(2026, 9, 16)
    assert sentences(tuple(days), first, MONDAY) == (
        "What was traded on the evening before, from 20:00:00 New York, is not known of any watched day; "
        "the broker's lists began after it."
    )
    known = watched((at(17, 12), at(16, 17)))
    others = tuple(each for each in days if each.day != date(2026, 9, 17))
    assert "of 3 of 4 watched days" in sentences((*others, *known), first, MONDAY)


def test_that_mondays_evening_before_is_sundays() -> None:
    assert sentences(watched((at(21, 12), at(20, 17))), MONDAY, MONDAY) == ""
    assert sentences(watched((at(21, 12), at(21, 0))), MONDAY, MONDAY) != ""


def test_that_nothing_is_unknown_of_a_day_on_which_nothing_is_traded() -> None:
    saturday = FRIDAY + timedelta(days=1)
    assert sentences(watched((at(19, 12), at(19, 0))), saturday, saturday) == ""


def test_that_hammer_lists_the_evening_too() -> None:
    assert sentences(watched((at(18, 12), None), mode=AccountMode.HAMMER_PRO)) == ""


def after_hours(found: tuple[Coverage, ...], now: datetime = NOW, last: date = FRIDAY) -> str:
    return " ".join(unknown_after_hours(found, FRIDAY - timedelta(days=2), last, now))


def test_that_what_was_traded_after_the_last_list_is_not_known_until_the_evening() -> None:
    found = watched((at(18, 16, 5), at(18, 0)))
    assert after_hours(found) == (
        "2026-09-18: what was traded after hours, 16:05:00 to 20:00:00 New York, is not known; "
        "the broker's last list came before."
    )
    # The evening has not come yet.
    assert after_hours(found, at(18, 19)) == ""
    assert after_hours(found, at(18, 20)) != ""
    # That the session was not watched to its end is said otherwise.
    assert after_hours(watched((at(18, 15), at(18, 0)))) == ""
    assert after_hours(watched((at(18, 20), at(18, 0)))) == ""
    # A list of a later day that reaches back.
    assert after_hours(watched((at(18, 16, 5), at(18, 0)), (at(19, 12), at(18, 0)))) == ""
    assert after_hours(watched((at(18, 16, 5), None), mode=AccountMode.HAMMER_PRO)) == ""
    assert after_hours(watched((at(19, 16, 5), at(19, 0))), last=date(2026, 9, 19)) == ""


def test_that_after_hours_end_earlier_on_a_day_that_closes_early() -> None:
    thanksgiving = datetime(2026, 11, 28, tzinfo=UTC)
    closed = datetime(2026, 11, 27, 18, 30, tzinfo=UTC)
    found = watched((closed, closed - timedelta(hours=13)))
    (sentence,) = unknown_after_hours(found, date(2026, 11, 27), date(2026, 11, 27), thanksgiving)
    assert "13:30:00 to 17:00:00 New York" in sentence


def test_that_after_hours_of_several_days_give_one_sentence() -> None:
    days = [coverage for day in (16, 17, 18) for coverage in watched((at(day, 16, 5), at(day, 0)))]
    assert after_hours(tuple(days)) == (
        "What was traded after hours, from the broker's last list to 20:00:00 New York, is not known of any "
        "watched day."
    )
    known = watched((at(17, 20), at(17, 0)))
    others = tuple(each for each in days if each.day != date(2026, 9, 17))
    assert "of 2 of 3 watched days" in after_hours((*others, *known))


def test_that_a_thousand_days_are_written_with_the_comma_of_a_thousand_shares() -> None:
    (sentence,) = gaps([], FRIDAY - timedelta(days=5 * 365), FRIDAY, NOW)
    assert sentence.startswith("Nothing was watched on 1,2")
