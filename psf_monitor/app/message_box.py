"""Shows in a message box what would be printed if there were a console."""

import sys

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox


def show_error(sentence: str) -> None:
    """Show it until it is dismissed. No other part of the window is needed; no event loop may be running."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    box = QMessageBox(QMessageBox.Icon.Critical, application.applicationName() or "psf_monitor", sentence)
    box.setWindowTitle("psf_monitor")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.exec()
