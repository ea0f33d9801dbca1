"""The time is right where the computer's clock is not."""

from datetime import timedelta

import pytest

from psf_monitor.domain.clock import Clock, as_clock
from tests.support.records import NOON
from tests.support.records import Clock as Computer


class Steady:
    """Seconds that only the test lets pass."""

    def __init__(self) -> None:
        self.s = 1000.0

    def __call__(self) -> float:
        return self.s


class Room:
    """A computer's clock, the time that really passes, and the clock between them."""

    def __init__(self) -> None:
        self.computer, self.steady = Computer(), Steady()
        self.clock = Clock(self.computer, self.steady)

    def passes(self, seconds: float) -> None:
        self.computer.advance(seconds)
        self.steady.s += seconds


def test_that_the_computer_is_believed_until_somebody_knows_better() -> None:
    room = Room()
    room.computer.advance(3600)
    assert room.clock() == NOON + timedelta(hours=1)
    assert room.clock.error_s == 0


@pytest.mark.parametrize("error_s", [-4.9, 0, 4.9])
def test_that_a_computer_that_agrees_is_read_itself(error_s: float) -> None:
    room = Room()
    room.clock.set_by("TWS", NOON - timedelta(seconds=error_s))
    room.passes(7)
    assert room.clock() == NOON + timedelta(seconds=7)


@pytest.mark.parametrize("error_s", [-86400, -73, 5.1, 73, 1e7])
def test_that_a_wrong_clock_is_not_followed(error_s: float) -> None:
    room = Room()
    right = NOON - timedelta(seconds=error_s)
    assert room.clock.set_by("TWS", right) == pytest.approx(error_s)
    room.passes(7)
    assert room.clock() == right + timedelta(seconds=7)


@pytest.mark.parametrize("jump_s", [-7200, 7200])
def test_that_setting_the_computers_clock_changes_nothing_once_the_time_is_known(jump_s: float) -> None:
    room = Room()
    room.clock.set_by("TWS", NOON)
    room.passes(3)
    room.computer.advance(jump_s)
    assert room.clock() == NOON + timedelta(seconds=3)
    assert room.clock.error_s == jump_s
    room.computer.advance(-jump_s)
    assert room.clock.error_s == 0


def test_that_one_tws_with_a_wrong_clock_does_not_overrule_another_and_the_computer() -> None:
    room = Room()
    room.clock.set_by("TWS of GUN", NOON + timedelta(hours=3))
    room.clock.set_by("TWS of PED", NOON)
    assert room.clock() == NOON


def test_that_a_clock_is_not_wrapped_twice() -> None:
    clock = Clock(Computer())
    assert as_clock(clock) is clock
    assert as_clock(Computer())() == NOON
