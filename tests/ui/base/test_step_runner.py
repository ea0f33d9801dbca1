"""Long work in short steps."""

from operator import itemgetter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from psf_monitor.ui.base.step_runner import InSteps, StepRunner, Steps, slices, sorted_in_steps


def counted(into: list[int], count: int) -> Steps:
    for number in range(count):
        if number:
            yield
        into.append(number)


def test_that_work_of_one_step_is_done_at_once(qapp: QObject) -> None:
    runner, did = StepRunner(qapp), list[int]()
    texts: list[bool] = []
    runner.done.connect(lambda: texts.append(runner.is_running))
    runner.start(counted(did, 1))
    assert (did, texts, runner.is_running) == ([0], [False], False)


def test_that_qt_has_its_turn_between_steps(qtbot: QtBot, qapp: QObject) -> None:
    runner, did = StepRunner(qapp), list[int]()
    seen: list[int] = []
    with qtbot.waitSignal(runner.done):
        runner.start(counted(did, 5))
        QTimer.singleShot(0, lambda: seen.append(len(did)))
    assert did == [0, 1, 2, 3, 4]
    assert seen
    assert seen[0] < 5


def test_that_remaining_steps_are_dropped_when_work_is_stopped_or_replaced(
    qtbot: QtBot, qapp: QObject
) -> None:
    runner, first, second = StepRunner(qapp), list[int](), list[int]()
    runner.start(counted(first, 3))
    with qtbot.waitSignal(runner.done):
        runner.start(counted(second, 3))
    assert (first, second) == ([0], [0, 1, 2])
    runner.start(counted(first, 3))
    runner.stop()
    assert not runner.is_running
    with qtbot.waitSignal(runner.done):
        runner.start(counted(second, 2))
    assert first == [0, 0]


def test_that_work_may_be_restarted_when_it_is_done(qtbot: QtBot, qapp: QObject) -> None:
    runner, did = StepRunner(qapp), list[int]()

    def again() -> None:
        if len(did) < 4:
            runner.start(counted(did, 2))

    runner.done.connect(again)
    runner.start(counted(did, 2))
    qtbot.waitUntil(lambda: len(did) == 4 and not runner.is_running)


def result(steps: InSteps[Any]) -> Any:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


@given(st.lists(st.tuples(st.integers(0, 5), st.integers())), st.integers(1, 7), st.booleans())
def test_that_it_is_what_sorted_makes_of_it(things: list[tuple[int, int]], size: int, down: bool) -> None:
    found = result(sorted_in_steps(things, itemgetter(0), size, down=down))
    assert found == sorted(things, key=itemgetter(0), reverse=down)


@given(st.lists(st.integers()), st.integers(1, 7))
def test_that_slices_are_all_of_it_in_order(things: list[int], size: int) -> None:
    found = list(slices(things, size))
    assert [one for each in found for one in each] == things
    assert all(len(each) == size for each in found[:-1])
