"""Copy rows to the clipboard, very many of them in short steps."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from psf_monitor.ui.table.export.plain_rows import Export, tabbed
from psf_monitor.ui.table.export.progress import ExportProgress

_FEW_PAGES = 3
"""The pages that are written in one turn."""


def copy(text: str) -> None:
    """Put ``text`` on the clipboard."""
    QGuiApplication.clipboard().setText(text)


def copy_rows(export: Export[Any], parent: QWidget) -> None:
    """Copy rows to the clipboard, in several turns if there are many; the latest copy wins."""
    window = parent.window()
    for earlier in window.findChildren(_Copying):
        earlier.stop()
    if export.page_count <= _FEW_PAGES:
        copy(export.as_text())
    else:
        _Copying(export, window).start()


class _Copying(ExportProgress):
    def __init__(self, export: Export[Any], parent: QWidget) -> None:
        super().__init__(export, tabbed, "Copying rows", parent)
        self.written.connect(self._on_written)
        QGuiApplication.clipboard().dataChanged.connect(self.stop)

    def _on_written(self, parts: Sequence[str]) -> None:
        QGuiApplication.clipboard().dataChanged.disconnect(self.stop)
        copy("".join(parts).removesuffix("\n"))
        self.finish()
