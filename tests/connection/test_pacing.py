"""When all who look again and again are woken next."""

import time
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.connection.pacing import until_next


@given(st.sampled_from([0.005, 0.25, 1.0, 2.0, 15.0]))
def test_that_the_next_time_is_a_multiple_of_the_period_by_the_clock_and_about_a_period_away(
    period_s: float,
) -> None:
    before_s = time.time()
    left_s = until_next(period_s)
    after_s = time.time()
    next_s = ceil((before_s + left_s) / period_s - 1e-4) * period_s
    assert next_s <= after_s + left_s + 1e-4
    assert period_s / 2 <= left_s <= 1.5 * period_s
