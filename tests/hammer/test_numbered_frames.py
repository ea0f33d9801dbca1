"""Every frame comes once and in order, however late the loop calls what it is to call soon."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.hammer.numbered_frames import plain_loop, read_numbered, window_loop

SHORT, LONG = 2_000, 10_000_000
SHORT_PER_S = 3_000


@pytest.fixture
def short_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    """More turns in the same time, and more that end while their loop is late."""
    for name, seconds in (("QUIET_REST_S", 0.01), ("REST_S", 0.01), ("HALF_FRAME_S", 0.001)):
        monkeypatch.setattr(f"psf_monitor.hammer.websocket.{name}", seconds)


@pytest.mark.usefixtures("qapp", "short_rests")
@pytest.mark.parametrize("loop", [plain_loop, window_loop])
def test_that_every_frame_comes_once_and_in_order_on_a_loop_that_is_late(
    request: pytest.FixtureRequest, loop: Callable[[], Any]
) -> None:
    is_long = request.config.getoption("--long")
    tally = read_numbered(loop(), LONG) if is_long else read_numbered(loop(), SHORT, SHORT_PER_S)
    assert tally.wrong == []
    assert tally.came == tally.count
