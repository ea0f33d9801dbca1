"""Write an export in short steps, and show its progress if that takes more than a moment."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressDialog, QWidget

from psf_monitor.ui.base.step_runner import StepRunner, Steps
from psf_monitor.ui.table.export.plain_rows import Export

_SHOWN_AFTER_MS = 400
_STEPS = 50
"""The number of steps of the bar, each of which is painted at once."""


class ExportProgress(QProgressDialog):
    """Emits ``written`` with the text of every page, in order. The progress is shown until ``finish``.

    It can be cancelled before ``written``, and then has no effect; not after that.
    """

    written = Signal(list)

    def __init__(
        self, export: Export[Any], text_of: Callable[[list[list[str]]], str], title: str, parent: QWidget
    ) -> None:
        super().__init__(f"{title}…", "Cancel", 0, _STEPS + 1, parent)
        self.setWindowTitle(title)
        self.setMinimumDuration(_SHOWN_AFTER_MS)
        self._export, self._text_of = export, text_of
        self._is_written = False
        self._runner = StepRunner(self)
        self.canceled.connect(self.stop)

    def start(self) -> None:
        """Write the first page now, the others in later turns of the event loop."""
        self._runner.start(self._steps())

    def finish(self) -> None:
        """Record that everything after ``written`` is done."""
        self.reset()
        self.deleteLater()

    def stop(self) -> None:
        """Drop what is not written yet."""
        if not self._is_written:
            self._runner.stop()
            self.finish()

    def _steps(self) -> Steps:
        parts: list[str] = []
        count = self._export.page_count
        for page in self._export.pages():
            parts.append(self._text_of(page))
            self.setValue(len(parts) * _STEPS // count)
            yield
        self._is_written = True
        self.setCancelButton(None)
        self.written.emit(parts)
