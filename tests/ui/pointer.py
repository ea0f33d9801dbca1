"""The trader's pointer, moved as the system moves it, with enter and leave events."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget


def go_to(part: QWidget, at: QPoint | None = None) -> None:
    """Move the pointer over ``part`` of its window, and leave it there; no button is down."""
    # QTest regards the button of a double click as held down from then on.
    QTest.mouseRelease(QWidget(), Qt.MouseButton.LeftButton)
    window = part.window()
    handle = window.windowHandle()
    assert handle is not None
    target = QPoint(40, 14) if at is None else at
    for step in (QPoint(0, -2), QPoint(0, 0)):
        QTest.mouseMove(handle, part.mapTo(window, target + step))
        QApplication.processEvents()
