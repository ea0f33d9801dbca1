"""Whether HAMMER's previous close, which has no date, is that of the last session."""

from dataclasses import dataclass
from datetime import date, timedelta

from msgspec import UNSET

from psf_monitor.domain.market_hours import DayPhase
from psf_monitor.hammer.prices.previous_close import PreviousClose
from psf_monitor.hammer.prices.replies import QuoteSnapshot

DAY = date(2026, 9, 18)


@dataclass
class Asked:
    """One symbol's previous close, and the answers about it."""

    close: PreviousClose

    def answer(self, prev_close: float | None, last: float, volume: float = 900.0) -> None:
        snapshot = QuoteSnapshot("CIM-B", UNSET, UNSET, last, prev_close, UNSET, UNSET, UNSET, volume)
        if self.close.is_of_today(snapshot):
            self.close.apply(snapshot, last)

    def known(self) -> tuple[float | None, bool]:
        return self.close.value, self.close.is_doubtful


def asked(phase: DayPhase) -> Asked:
    return Asked(PreviousClose(DAY, phase))


def test_that_before_the_open_a_close_of_another_price_than_the_last_is_in_doubt() -> None:
    of = asked(DayPhase.BEFORE_OPEN)
    of.answer(24.4, 24.55)
    assert of.known() == (24.4, True)
    of.answer(24.55, 24.55)
    assert of.known() == (24.55, False)


def test_that_a_close_that_equals_the_last_is_right_whichever_session_it_is_of() -> None:
    of = asked(DayPhase.BEFORE_OPEN)
    of.answer(24.55, 24.55)
    assert of.known() == (24.55, False)
    of.answer(24.55, 24.7)
    assert of.known() == (24.55, False), "a trade of the morning does not change it"


def test_that_a_close_that_changes_before_the_open_is_that_of_the_last_session() -> None:
    of = asked(DayPhase.BEFORE_OPEN)
    of.answer(24.4, 24.7)
    of.answer(24.05, 24.7)
    assert of.known() == (24.05, False), "less a dividend, say"


def test_that_a_close_that_is_known_is_not_lost_with_an_answer_that_has_none() -> None:
    of = asked(DayPhase.SESSION)
    of.answer(24.4, 24.55)
    of.answer(None, 24.55)
    assert of.known() == (24.4, False)


def test_that_no_close_is_in_doubt_after_the_open() -> None:
    of = asked(DayPhase.SESSION)
    of.answer(24.4, 24.55)
    assert of.known() == (24.4, False)
    of = asked(DayPhase.BEFORE_OPEN)
    of.answer(24.4, 24.55)
    of.close.begin_session()
    assert of.known() == (None, False)
    of.answer(24.5, 24.6)
    assert of.known() == (24.5, False)


def test_that_of_a_night_that_was_watched_only_another_close_counts_and_is_not_in_doubt() -> None:
    of = asked(DayPhase.SESSION)
    of.answer(24.4, 24.55)
    of.close.begin_day(DAY + timedelta(days=1), DayPhase.BEFORE_OPEN, last=24.55, volume=900.0)
    of.answer(24.4, 24.55)
    assert of.known() == (None, False)
    of.answer(24.05, 24.55)
    assert of.known() == (24.05, False)


def test_that_a_clock_that_was_ahead_of_the_open_leaves_its_close_in_doubt() -> None:
    of = asked(DayPhase.SESSION)
    of.answer(24.4, 24.55)
    of.close.be_on(DAY, DayPhase.BEFORE_OPEN)
    assert of.known() == (24.4, True)


def test_that_after_the_close_the_close_of_today_is_not_taken_for_the_previous_one() -> None:
    of = asked(DayPhase.SESSION)
    of.answer(24.4, 24.55)
    of.close.end_session()
    of.answer(24.55, 24.55)
    assert of.known() == (24.4, False)
    of.close.begin_day(DAY + timedelta(days=1), DayPhase.BEFORE_OPEN, last=24.55, volume=900.0)
    of.answer(24.55, 24.55)
    assert of.known() == (24.55, False)


def test_that_a_close_that_comes_first_after_the_close_is_in_doubt_if_it_equals_the_last() -> None:
    of = asked(DayPhase.AFTER_CLOSE)
    of.answer(24.55, 24.55)
    assert of.known() == (24.55, True)
    of.answer(24.55, 24.6)
    assert of.known() == (24.55, True)
    of = asked(DayPhase.AFTER_CLOSE)
    of.answer(24.4, 24.55)
    assert of.known() == (24.4, False)


def test_that_a_share_that_closed_unchanged_keeps_its_close_in_the_evening() -> None:
    of = asked(DayPhase.SESSION)
    of.answer(24.55, 24.55)
    of.close.end_session()
    of.answer(24.55, 24.55)
    assert of.known() == (24.55, False)


def test_that_a_reconnect_in_the_evening_leaves_a_close_that_is_sure() -> None:
    sure = asked(DayPhase.SESSION)
    sure.answer(24.55, 24.55)
    sure.close.end_session()
    for phase, day, is_doubtful in (
        (DayPhase.AFTER_CLOSE, DAY, False),
        (DayPhase.AFTER_CLOSE, DAY + timedelta(days=1), True),
        (DayPhase.BEFORE_OPEN, DAY, False),
    ):
        again = Asked(PreviousClose(day, phase, sure.close))
        again.answer(24.55, 24.55)
        assert again.known() == (24.55, is_doubtful)
    doubted = asked(DayPhase.AFTER_CLOSE)
    doubted.answer(24.55, 24.55)
    again = Asked(PreviousClose(DAY, DayPhase.AFTER_CLOSE, doubted.close))
    again.answer(24.55, 24.55)
    assert again.known() == (24.55, True)
