"""The column chooser: which columns, by where their figures come from. It stays open while one picks."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from psf_monitor.ui.table.columns import Band, Column
from psf_monitor.ui.table.layout import ColumnArrangement


class _PickMenu(QMenu):
    """A pick does not close it; Esc does.

    Where there is no room below, it opens under the mouse: the release of the click that opened it picks
    nothing.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._is_pressed = False
        self.aboutToShow.connect(self._on_about_to_show)

    def _on_about_to_show(self) -> None:
        self._is_pressed = False

    def _picked(self, action: QAction | None) -> bool:
        """Act without closing, where the action is a tick."""
        if action is None or not action.isCheckable() or not action.isEnabled():
            return False
        action.trigger()
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


class ColumnMenu(_PickMenu):
    """Checks follow the arrangement each time it opens. The trader's own columns have a menu of their own."""

    def __init__(self, arrangement: ColumnArrangement, parent: QWidget) -> None:
        super().__init__(parent)
        self._arrangement = arrangement
        self.picks: dict[str, QAction] = {}
        for band in Band:
            columns = [column for column in arrangement.columns if column.band is band]
            if columns:
                self.addAction(band.value).setEnabled(False)
            for column in columns:
                self._add(self, column)
        self.facts = _PickMenu(self)
        self.facts.setTitle(Band.FACTS.value.replace("Y", "&Y"))
        self.addMenu(self.facts).setVisible(False)
        self.addSeparator()
        self.fit = self.addAction("&Fit to the window", arrangement.fit)
        self.lock = self.addAction("&Lock columns")
        self.lock.setCheckable(True)
        self.lock.toggled.connect(arrangement.lock)
        self.reset = self.addAction("&Reset columns", arrangement.reset)
        self.aboutToShow.connect(self.follow)
        self.facts.aboutToShow.connect(self.follow)
        arrangement.changed.connect(self.follow)

    def follow(self) -> None:
        """Tick what is shown, and have an entry for every column that came since."""
        for column in self._arrangement.columns:
            if column.key not in self.picks:
                self._add(self.facts, column)
                self.facts.menuAction().setVisible(True)
        for key, action in self.picks.items():
            action.setChecked(self._arrangement.is_shown(key))
        self.lock.setChecked(self._arrangement.is_locked)

    def _add(self, menu: QMenu, column: Column[Any]) -> None:
        action = menu.addAction(column.name.replace("&", "&&"))
        action.setCheckable(True)
        action.triggered.connect(
            lambda is_wanted, key=column.key: self._arrangement.show_column(key, is_wanted=is_wanted)
        )
        self.picks[column.key] = action

    def _picked(self, action: QAction | None) -> bool:
        is_picked = super()._picked(action)
        self.follow()
        return is_picked
