"""The connection test as a list that grows: every step, how it ended, what to do about it."""

from collections.abc import Callable, Collection

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialog, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from psf_monitor.check.steps import STEPS, Outcome, Step, Tell, lines_of
from psf_monitor.domain.account import AccountMode

Start = Callable[[Collection[AccountMode], Tell], Callable[[], None]]
"""Begins the test, tells each step as it ends, and returns what stops it."""


class CheckDialog(QDialog):
    """Runs the test while it is open; closing it stops what is still tried."""

    def __init__(self, modes: Collection[AccountMode], start: Start, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.setWindowTitle("Check connections")
        self._left = sum(len(STEPS[mode]) for mode in modes)
        self._failed = 0
        self.summary = QLabel("Trying…")
        self.steps = QPlainTextEdit()
        self.steps.setReadOnly(True)
        self.steps.setAccessibleName("Steps")
        self.steps.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.steps.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        layout = QVBoxLayout(self)
        layout.addWidget(self.summary)
        layout.addWidget(self.steps)
        stop = start(modes, self.show_step)
        self.finished.connect(lambda _result: stop())

    def show_step(self, step: Step) -> None:
        """One step has ended."""
        self.steps.appendPlainText("\n".join(lines_of(step)))
        self._left -= 1
        self._failed += step.outcome is not Outcome.OK
        if self._left <= 0:
            bad = f"{self._failed} of the steps did not succeed." if self._failed else "Everything is ok."
            self.summary.setText(bad)

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(860, 460)
