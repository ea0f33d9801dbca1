"""A table of alerts in use: Enter edits one, Space switches it, Del removes it, a menu offers all of it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QModelIndex, QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from psf_monitor.alerts.watch import AlertWatch
from psf_monitor.domain.alerts.alert import Alert
from psf_monitor.ui.alerts import form
from psf_monitor.ui.alerts.columns import AlertRow
from psf_monitor.ui.base.held_keys import add_shortcut
from psf_monitor.ui.style.theme import Theme
from psf_monitor.ui.table.panel import TablePanel
from psf_monitor.ui.table.row_menu import copy_menu, pop_up


def open_form(
    alert: Alert, save: Callable[[Alert], object], theme: Theme, window: QWidget
) -> "form.AlertForm":
    """Open the form of an alert over ``window``; ``save`` takes the result."""
    opened = form.AlertForm(alert, save, theme, window)
    opened.show()
    return opened


class AlertListController(QObject):
    """Connects a table of alerts to the watch; it lives as long as its ``panel``, forms open over
    ``window``.
    """

    def __init__(self, watch: AlertWatch, theme: Theme, panel: TablePanel[AlertRow], window: QWidget) -> None:
        super().__init__(panel)
        self._watch = watch
        self._theme = theme
        self._panel = panel
        self._window = window
        view = panel.view
        view.menu_requested.connect(self._on_menu)
        view.doubleClicked.connect(self._on_double_click)
        for keys, action in (
            ("Return", self._edit),
            ("Enter", self._edit),
            ("Space", self._switch),
            ("Delete", self._remove),
        ):
            on_row = partial(self._on_row, action)
            add_shortcut(keys, view, on_row, Qt.ShortcutContext.WidgetShortcut)

    def _on_row(self, action: Callable[[int], None]) -> None:
        action(self._panel.view.currentIndex().row())

    def menu_of(self, place: int, section: int) -> QMenu:
        """Return the menu of the alert shown at ``place``."""
        menu = copy_menu(self._panel, place, section, self._window)
        alert = self._panel.model.line(place).row.state.alert
        menu.addAction("&Change…\tEnter", lambda: self._edit(place))
        text = "Switch &off\tSpace" if alert.is_on else "Switch &on\tSpace"
        menu.addAction(text, lambda: self._switch(place))
        menu.addAction("Arm &anew", lambda: self._watch.change(alert))
        menu.addAction("&Remove\tDel", lambda: self._remove(place))
        return menu

    def _alert_at(self, place: int) -> Alert | None:
        if 0 <= place < self._panel.model.shown_count:
            return self._panel.model.line(place).row.state.alert
        return None

    def _on_menu(self, at: QPoint) -> None:
        pop_up(self._panel, self.menu_of, at)

    def _on_double_click(self, index: QModelIndex) -> None:
        self._edit(index.row())

    def _edit(self, place: int) -> None:
        alert = self._alert_at(place)
        if alert is not None:
            open_form(alert, self._watch.change, self._theme, self._window)

    def _switch(self, place: int) -> None:
        alert = self._alert_at(place)
        if alert is not None:
            self._watch.switch(alert.alert_id, is_on=not alert.is_on)

    def _remove(self, place: int) -> None:
        alert = self._alert_at(place)
        if alert is not None:
            self._watch.remove(alert.alert_id)
