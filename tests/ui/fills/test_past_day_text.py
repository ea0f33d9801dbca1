"""What is said of a past day without fills: its lists are whole only as far as they reach."""

from datetime import UTC, date, datetime, timedelta

import pytest

from psf_monitor.domain.fills.coverage import Coverage, Span
from psf_monitor.ui.fills.past_day import PastDay, no_past_fills
from tests.support.records import GUN

DAY, NOW = date(2026, 9, 17), datetime(2026, 9, 18, 16, 0, tzinfo=UTC)
EVENING_BEFORE = datetime(2026, 9, 17, 0, 0, tzinfo=UTC)
MIDNIGHT = EVENING_BEFORE + timedelta(hours=4)


@pytest.mark.parametrize(
    ("last", "steps"),
    [
        (MIDNIGHT + timedelta(hours=20), ["The lists of that day were whole and had none."]),
        (
            MIDNIGHT + timedelta(hours=16, minutes=5),
            [
                "The lists of that day had none.",
                "IBKR_GUN: 2026-09-17: what was traded after hours, 16:05:00 to 20:00:00 New York, is not "
                "known; the broker's last list came before.",
            ],
        ),
    ],
)
def test_that_lists_that_end_before_the_trading_after_hours_are_not_called_whole(
    last: datetime, steps: list[str]
) -> None:
    eve = Coverage(
        DAY - timedelta(days=1), GUN, "U1", EVENING_BEFORE, MIDNIGHT, (Span(EVENING_BEFORE, MIDNIGHT),)
    )
    watched = Coverage(DAY, GUN, "U1", last, last, (Span(MIDNIGHT, last),))
    past = PastDay(DAY, coverage=[watched], eve=[eve], is_whole=True)
    assert list(no_past_fills(past, [GUN], "", 0, NOW).steps) == steps
