"""The column chooser: which columns, by where their figures come from. It stays open while one picks."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from psf_monitor.ui.table.columns import Band, Column
from psf_monitor.ui.table.layout import ColumnArrangement


class ColumnMenu(QMenu):
    """Checks follow the arrangement each time it opens. A pick does not close it; Esc does.

    Where there is no room below, it opens under the mouse: the release of the click that opened it picks
    nothing.
    """

    def __init__(self, arrangement: ColumnArrangement, parent: QWidget) -> None:
        super().__init__(parent)
        self._arrangement = arrangement
        self._is_pressed = False
        self.picks: dict[str, QAction] = {}
        for band in Band:
            title = self.addAction(band.value)
            title.setEnabled(False)
            for column in arrangement.columns:
                if column.band is band:
                    self._add(column)
        self.addSeparator()
        self.fit = self.addAction("&Fit to the window", arrangement.fit)
        self.lock = self.addAction("&Lock columns")
        self.lock.setCheckable(True)
        self.lock.toggled.connect(arrangement.lock)
        self.reset = self.addAction("&Reset columns", arrangement.reset)
        self.aboutToShow.connect(self._on_opening)
        arrangement.changed.connect(self.follow)

    def _on_opening(self) -> None:
        self._is_pressed = False
        self.follow()

    def follow(self) -> None:
        """Tick what is shown."""
        for key, action in self.picks.items():
            action.setChecked(self._arrangement.is_shown(key))
        self.lock.setChecked(self._arrangement.is_locked)

    def _add(self, column: Column[Any]) -> None:
        action = self.addAction(column.name.replace("&", "&&"))
        action.setCheckable(True)
        action.triggered.connect(
            lambda is_wanted, key=column.key: self._arrangement.show_column(key, is_wanted=is_wanted)
        )
        self.picks[column.key] = action

    def _picked(self, action: QAction | None) -> bool:
        """Act without closing, where the action is a tick."""
        if action is None or not action.isCheckable() or not action.isEnabled():
            return False
        action.trigger()
        self.follow()
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._is_pressed = True
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if not self._is_pressed:
            return
        if not self._picked(self.actionAt(event.position().toPoint())):
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        is_pick = event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not (is_pick and self._picked(self.activeAction())):
            super().keyPressEvent(event)
