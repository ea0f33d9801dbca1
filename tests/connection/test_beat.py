"""When the beat comes next."""

import time
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.connection.beat import until_beat


@given(st.sampled_from([0.005, 0.25, 1.0, 2.0, 15.0]))
def test_that_a_beat_is_a_multiple_of_its_period_by_the_clock_and_about_a_period_away(
    period_s: float,
) -> None:
    before_s = time.time()
    left_s = until_beat(period_s)
    after_s = time.time()
    beat_s = ceil((before_s + left_s) / period_s - 1e-4) * period_s
    assert beat_s <= after_s + left_s + 1e-4
    assert period_s / 2 <= left_s <= 1.5 * period_s
