"""The window is on the screen before anything else is loaded, and nothing waits for it for ever."""

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from psf_monitor.ui.base.first_paint import FirstPaint
from tests.support.waiting import PROCESS_PATIENCE_S


class Painted(QWidget):
    paintings = 0

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        self.paintings += 1


def test_that_the_wait_ends_when_the_window_is_painted(qtbot: QtBot) -> None:
    window = Painted()
    qtbot.addWidget(window)
    first = FirstPaint(window)
    reported: list[int] = []
    first.when_painted(lambda: reported.append(window.paintings))
    window.show()
    first.wait(PROCESS_PATIENCE_S)
    assert first.is_painted
    assert reported == [1]
    first.when_painted(lambda: reported.append(-1))
    first.wait(PROCESS_PATIENCE_S)
    assert reported == [1, -1]


def test_that_a_window_that_is_not_painted_is_not_waited_for_any_longer(qtbot: QtBot) -> None:
    window = Painted()
    qtbot.addWidget(window)
    first = FirstPaint(window)
    first.wait(0.01)
    assert not first.is_painted
    window.show()
    qtbot.waitUntil(lambda: first.is_painted)
