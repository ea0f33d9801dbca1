"""However long bytes are on their way, a replay shows what it shows where they take no time."""

from pathlib import Path

import pytest

from psf_monitor.replay.delivery import ClientEnd, End, IdleCheck, is_on_its_way
from tests.conftest import ExpectedErrors
from tests.replay.recorded_and_replayed import differences, in_replay, play
from tests.replay.slow_wire import slow_wire

RECORDINGS = Path(__file__).parents[1] / "golden_recordings"
PING, PONG = 9, 10


@pytest.mark.parametrize("name", ["losses", "demo"])
def test_that_a_slow_wire_changes_nothing_of_what_is_shown(
    name: str, tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync")
    path = RECORDINGS / f"{name}.wires"

    async def story() -> None:
        shown = await play(path, tmp_path, step_s=0.2)
        assert differences(await play(path, tmp_path, step_s=0.2, wire=slow_wire), shown) == []

    in_replay(story)


def connected() -> tuple[End, ClientEnd]:
    far, client = End(), ClientEnd(len)
    far.open()
    client.opened("")
    return far, client


def test_that_data_known_to_one_end_only_is_in_transit() -> None:
    far, client = End(), ClientEnd(len)
    assert not is_on_its_way(far, client)
    client.acted("attempt", number=0)
    assert is_on_its_way(far, client)
    client.failed("nobody is there")
    assert not is_on_its_way(far, client)
    line = client.opened("")
    assert is_on_its_way(far, client)
    far.open()
    assert not is_on_its_way(far, client)
    line.sent(b"asked")
    assert is_on_its_way(far, client)
    far.received += 5
    assert not is_on_its_way(far, client)
    far.sent += 2
    assert is_on_its_way(far, client)
    line.received(b"ok")
    assert not is_on_its_way(far, client)
    line.control_sent(PING, b"")
    assert is_on_its_way(far, client)
    line.control_received(PONG, b"")
    assert not is_on_its_way(far, client)
    far.close()
    assert is_on_its_way(far, client)
    line.closed("far side", "")
    assert not is_on_its_way(far, client)


def test_that_the_end_of_a_line_that_is_followed_by_another_is_reported_once() -> None:
    far, client = connected()
    first = client.opened("")
    client.opened("")
    first.closed("us", "")
    first.closed("us", "")
    assert is_on_its_way(far, client) == (not client.is_open)


def test_that_an_attempt_that_is_given_up_is_not_waited_for() -> None:
    client = ClientEnd(len)
    client.acted("attempt", number=0)
    client.acted("disconnect")
    assert not is_on_its_way(End(), client)


class Hands:
    """A computer's clock, and whether something moves, by hand."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.is_moving = True
        self.mark = 0
        self.idle_check = IdleCheck(lambda: self.is_moving, lambda: self.mark, lambda: self.now_s)

    def looks(self) -> int:
        """How often it is looked until it is still; 0.01 s apart."""
        for number in range(1, 10_000):
            if self.idle_check.look():
                return number
            self.now_s += 0.01
        raise AssertionError("it is never still")


def test_that_a_lost_message_is_waited_for_once() -> None:
    hands = Hands()
    assert hands.looks() > 500
    hands.idle_check.begin()
    assert hands.looks() < 20
    # What moves again is waited for again.
    hands.mark += 1
    hands.idle_check.begin()
    assert hands.looks() > 500


def test_that_it_is_still_only_after_some_turns_in_which_nothing_moved() -> None:
    hands = Hands()
    hands.is_moving = False
    turns = hands.looks()
    assert turns > 5
    hands.idle_check.begin()
    for _ in range(turns - 2):
        assert not hands.idle_check.look()
    hands.mark += 1
    assert turns - 1 <= hands.looks() <= turns + 1


def test_that_a_step_on_which_nothing_happened_is_over_at_once() -> None:
    hands = Hands()
    hands.is_moving = False
    hands.looks()
    hands.idle_check.begin(is_eventful=False)
    assert hands.looks() == 1
    hands.is_moving = True
    hands.idle_check.begin(is_eventful=False)
    assert hands.looks() > 500
