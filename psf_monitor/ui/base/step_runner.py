"""Long work in short steps, after each of which Qt can paint and handle input."""

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

T = TypeVar("T")
Found = TypeVar("Found")
InSteps = Generator[None, None, Found]
"""Yields between two short steps, and returns the result."""
Steps = Iterator[None]
"""Does part of the work with each ``next``."""


class StepRunner(QObject):
    """Performs one step after another, the first at once; ``done`` follows the last.

    Work of a single step is done when ``start`` returns. Steps that are left when it is stopped or restarted
    are dropped.
    """

    done = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: Steps | None = None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._step)

    @property
    def is_running(self) -> bool:
        return self._steps is not None

    def start(self, steps: Steps) -> None:
        """Perform these steps, and drop those left of earlier ones."""
        self._steps = steps
        self._step()
        if self._steps is not None:
            self._timer.start()

    def stop(self) -> None:
        """Drop the remaining steps."""
        self._steps = None
        self._timer.stop()

    def _step(self) -> None:
        steps = self._steps
        if steps is None:
            return
        try:
            next(steps)
        except StopIteration:
            # The step may have started something else.
            if self._steps is steps:
                self.stop()
            self.done.emit()


def slices(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield all of them in order, ``size`` at a time."""
    return (things[start : start + size] for start in range(0, len(things), size))


def sorted_in_steps(
    things: Sequence[T], key: Callable[[T], Any], size: int, *, down: bool = False
) -> InSteps[list[T]]:
    """Sort ``size`` at a time, then merge neighbours; parts already in order are merged by one comparison."""
    runs: list[list[T]] = []
    for each in slices(things, size):
        runs.append(sorted(each, key=key, reverse=down))
        yield
    while len(runs) > 1:
        joined: list[list[T]] = []
        for pair in slices(runs, 2):
            joined.append(sorted([one for run in pair for one in run], key=key, reverse=down))
            yield
        runs = joined
    return runs[0] if runs else []
