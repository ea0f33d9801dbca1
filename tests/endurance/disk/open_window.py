"""Opens the product's window as its user does, closes it once it has been painted, says how it ended."""

import sys

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

from psf_monitor.cli import main as cli


class _Visitor(QObject):
    """Waits for the first painting of the window, looks around for a moment, and leaves."""

    def __init__(self, application: QApplication, stays_ms: int) -> None:
        super().__init__()
        self._application = application
        self._stays_ms = stays_ms
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.Paint and isinstance(watched, QMainWindow):
            self._application.removeEventFilter(self)
            QTimer.singleShot(self._stays_ms, watched.close)
        return False


if __name__ == "__main__":
    visitor = _Visitor(QApplication([]), stays_ms=int(sys.argv[1]))
    sys.exit(cli.main(sys.argv[2:]))
