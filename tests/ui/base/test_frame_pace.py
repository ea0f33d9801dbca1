"""Frames are a pace apart on the whole, and none is held up by one that was out of turn."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.connection.pacing import FRAME_MS, LOOK_MS
from psf_monitor.ui.base.frame_pace import FramePace


def drawn(wanted_ms: list[int]) -> list[int]:
    """When frames begin that are wanted then."""
    pace = FramePace()
    began: list[int] = []
    for at_ms in wanted_ms:
        now_ms = max(at_ms, began[-1] if began else 0)
        now_ms += pace.wait_ms(now_ms)
        pace.on_frame(now_ms, draws=True)
        began.append(now_ms)
    return began


def test_that_a_frame_after_a_rest_comes_at_once() -> None:
    assert drawn([100, 1000]) == [100, 1000]


def test_that_one_out_of_turn_does_not_hold_up_the_next_that_is_due() -> None:
    in_turn = [100 + n * FRAME_MS for n in range(5)]
    wanted = [*in_turn[:3], in_turn[2] + FRAME_MS // 2, *in_turn[3:]]
    assert drawn(wanted) == wanted


def test_that_frames_that_are_always_wanted_come_at_the_pace() -> None:
    began = drawn([100] * 11)
    assert began[-1] - began[0] == 9 * FRAME_MS


def test_that_a_frame_with_nothing_to_draw_does_not_count() -> None:
    pace = FramePace()
    pace.on_frame(100, draws=False)
    assert pace.wait_ms(101) == LOOK_MS - 1


@given(st.lists(st.integers(0, 2 * FRAME_MS), min_size=2, max_size=60))
def test_that_at_most_one_frame_more_than_the_pace_allows_is_painted(gaps_ms: list[int]) -> None:
    wanted = [sum(gaps_ms[: n + 1]) for n in range(len(gaps_ms))]
    began = drawn(wanted)
    assert all(later - earlier >= LOOK_MS for earlier, later in pairwise(began))
    for first in range(len(began)):
        for last in range(first + 1, len(began)):
            assert last - first <= (began[last] - began[first]) / FRAME_MS + 1
