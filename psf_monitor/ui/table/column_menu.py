"""The column chooser, by the source of the figures, which stays open while choosing; and the sort order."""

from functools import cached_property
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from psf_monitor.ui.style.menu import Menu
from psf_monitor.ui.table.column_arrangement import ColumnArrangement
from psf_monitor.ui.table.columns import Band, Column


class _PickMenu(Menu):
    """A menu that a choice does not close; Esc does.

    If there is no room below, it opens under the mouse, and the release of the opening click chooses nothing.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._is_pressed = False
        self.aboutToShow.connect(self._on_about_to_show)

    def _on_about_to_show(self) -> None:
        self._is_pressed = False

    def _picked(self, action: QAction | None) -> bool:
        """Trigger a checkable action without closing; return whether it was one."""
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
    """The entries follow the arrangement each time it opens. The trader's own columns have a submenu."""

    def __init__(self, arrangement: ColumnArrangement, parent: QWidget) -> None:
        super().__init__(parent)
        self._arrangement = arrangement
        self.setProperty("look", "columns")
        self.facts = _PickMenu(self)
        self.facts.setTitle(Band.FACTS.value.replace("Y", "&Y"))
        self.addMenu(self.facts).setVisible(False)
        self.addSeparator()
        self.sorts = self.submenu("&Sort by")
        self.sorts.aboutToShow.connect(self._fill_sorts)
        self.fit = self.addAction("&Fit to the window", arrangement.fit)
        self.lock = self.addAction("&Lock columns")
        self.lock.setCheckable(True)
        self.lock.toggled.connect(arrangement.lock)
        self.reset = self.addAction("&Reset columns", arrangement.reset)
        self.aboutToShow.connect(self.refresh)
        self.facts.aboutToShow.connect(self.refresh)
        arrangement.changed.connect(self._on_arranged)

    @cached_property
    def picks(self) -> dict[str, QAction]:
        """Return the entry of each column by key, made when the menu is first opened."""
        made: dict[str, QAction] = {}
        for band in Band:
            columns = [column for column in self._arrangement.columns if column.band is band]
            if columns and band is not Band.FACTS:
                title = QAction(band.value, self)
                title.setEnabled(False)
                self.insertAction(self.facts.menuAction(), title)
            for column in columns:
                made[column.key] = self._add(column)
        return made

    def refresh(self) -> None:
        """Check the visible columns, and add entries for new ones."""
        for column in self._arrangement.columns:
            if column.key not in self.picks:
                self.picks[column.key] = self._add(column)
        self.facts.menuAction().setVisible(bool(self.facts.actions()))
        for key, action in self.picks.items():
            action.setChecked(self._arrangement.is_shown(key))
        self.lock.setChecked(self._arrangement.is_locked)

    def _fill_sorts(self) -> None:
        """List the visible columns, with a check at the one that sorts."""
        self.sorts.clear()
        for section in self._arrangement.shown:
            column = self._arrangement.columns[section]
            action = self.sorts.addAction(column.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(column.key == self._arrangement.sorted_by)
            action.triggered.connect(lambda _is_checked, key=column.key: self._arrangement.sort_by(key))

    def _on_arranged(self) -> None:
        self.lock.setChecked(self._arrangement.is_locked)
        if "picks" in vars(self):
            self.refresh()

    def _add(self, column: Column[Any]) -> QAction:
        action = QAction(column.name.replace("&", "&&"), self)
        action.setCheckable(True)
        action.setChecked(self._arrangement.is_shown(column.key))
        action.triggered.connect(
            lambda is_wanted, key=column.key: self._arrangement.show_column(key, is_wanted=is_wanted)
        )
        if column.band is Band.FACTS:
            self.facts.addAction(action)
        else:
            self.insertAction(self.facts.menuAction(), action)
        return action

    def _picked(self, action: QAction | None) -> bool:
        is_picked = super()._picked(action)
        self.refresh()
        return is_picked
