"""Every frame comes once and in order, however late the loop calls what it is to call soon."""

from collections.abc import Callable
from typing import Any

import pytest

from psf_monitor.hammer.timing import HammerTiming
from tests.hammer.websocket.numbered_frames import plain_loop, read_numbered, window_loop

SHORT, LONG = 2_000, 10_000_000
SHORT_PER_S = 3_000


SHORT_RESTS = HammerTiming(quiet_rest_s=0.01, rest_s=0.01, half_frame_s=0.001)
"""More turns in the same time, and more that end while their loop is late."""


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("loop", [plain_loop, window_loop])
def test_that_every_frame_comes_once_and_in_order_on_a_loop_that_is_late(
    request: pytest.FixtureRequest, loop: Callable[[], Any]
) -> None:
    is_long = request.config.getoption("--long")
    count, per_s = (LONG, None) if is_long else (SHORT, SHORT_PER_S)
    tally = read_numbered(loop(), count, per_s, SHORT_RESTS)
    assert tally.wrong == []
    assert tally.came == tally.count
