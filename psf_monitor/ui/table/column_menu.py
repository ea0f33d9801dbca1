"""The column chooser, by the source of the figures, which stays open while choosing; the sort order, and sets
of columns under names of the trader's.
"""

from functools import cached_property, partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QDialogButtonBox, QInputDialog, QLineEdit, QWidget

from psf_monitor.ui.style.menu import Menu
from psf_monitor.ui.table.column_arrangement import ColumnArrangement
from psf_monitor.ui.table.columns import Band, Column
from psf_monitor.ui.table.saved_layout import ColumnSet

_LONGEST_NAME = 40
_MOST_KEYS = 9
"""So many sets have a digit as their key."""


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
    """The entries follow the arrangement each time it opens. The trader's own columns have a submenu.

    ``sets`` are the trader's sets of columns, offered once ``offer_sets`` was called: where they are kept.
    """

    def __init__(self, arrangement: ColumnArrangement, parent: QWidget) -> None:
        super().__init__(parent)
        self._arrangement = arrangement
        self._owner = parent
        self.setProperty("look", "columns")
        self.facts = _PickMenu(self)
        self.facts.setTitle(Band.FACTS.value.replace("Y", "&Y"))
        self.addMenu(self.facts).setVisible(False)
        self.addSeparator()
        self.sorts = self.submenu("&Sort by")
        self.sorts.aboutToShow.connect(self._fill_sorts)
        self.sets: tuple[ColumnSet, ...] = ()
        self.choices = self.submenu("S&ets of columns")
        self.choices.menuAction().setVisible(False)
        self.choices.aboutToShow.connect(self._fill_choices)
        self.removals = Menu("&Remove", self)
        self.removals.aboutToShow.connect(self._fill_removals)
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

    def offer_sets(self, sets: tuple[ColumnSet, ...]) -> None:
        """Offer these sets of columns, and to save further ones."""
        self.sets = sets
        self.choices.menuAction().setVisible(True)

    def save_set(self, name: str) -> None:
        """Save the columns as they are under a name; a set of the same name is replaced in its place."""
        name = " ".join(name.split())
        new = self._arrangement.saved_as(name)
        names = [each.name.casefold() for each in self.sets]
        if name.casefold() in names:
            place = names.index(name.casefold())
            self.sets = (*self.sets[:place], new, *self.sets[place + 1 :])
        elif name:
            self.sets = (*self.sets, new)

    def _fill_choices(self) -> None:
        """List the sets, with a check at the one that is shown, and what can be done with them."""
        self.choices.clear()
        now = self._arrangement.saved_as("")
        for number, each in enumerate(self.sets, start=1):
            title = each.name.replace("&", "&&")
            action = self.choices.addAction(f"&{number} {title}" if number <= _MOST_KEYS else title)
            action.setCheckable(True)
            action.setChecked(each.shows_as(now))
            action.triggered.connect(lambda _is_checked, each=each: self._arrangement.apply(each))
        if self.sets:
            self.choices.addSeparator()
        self.choices.addAction("&Save these columns as…", self._ask_for_name)
        if self.sets:
            self.choices.addMenu(self.removals)

    def _fill_removals(self) -> None:
        self.removals.clear()
        for each in self.sets:
            self.removals.addAction(each.name.replace("&", "&&"), partial(self._remove, each))

    def _remove(self, unwanted: ColumnSet) -> None:
        self.sets = tuple(each for each in self.sets if each is not unwanted)

    def _ask_for_name(self) -> None:
        dialog = QInputDialog(self._owner)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Set of columns")
        remark = "; a name that there is already gets these columns instead" if self.sets else ""
        dialog.setLabelText(f"Name of these columns, their order and widths{remark}:")
        now = self._arrangement.saved_as("")
        dialog.setTextValue(next((each.name for each in self.sets if each.shows_as(now)), ""))
        dialog.open()
        dialog.findChildren(QLineEdit)[0].setMaxLength(_LONGEST_NAME)
        accept = dialog.findChildren(QDialogButtonBox)[0].button(QDialogButtonBox.StandardButton.Ok)
        accept.setEnabled(bool(dialog.textValue()))
        dialog.textValueChanged.connect(lambda text: accept.setEnabled(bool(text.strip())))
        dialog.textValueSelected.connect(self.save_set)

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
