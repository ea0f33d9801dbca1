"""The alerts: the list of those set, and behind it the log of those fired."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from psf_monitor.ui.alerts.columns import ALERTS, FIRED, AlertRow, FiredRow
from psf_monitor.ui.base.held_keys import Button
from psf_monitor.ui.style.theme import Theme
from psf_monitor.ui.table.empty_state import Emptiness
from psf_monitor.ui.table.panel import TablePanel

_PADDING = 11


class AlertsPanel(TablePanel[AlertRow]):
    """Two tables under one bar: the alerts, and the fired ones."""

    new_requested = Signal()
    mute_requested = Signal(bool)

    def __init__(self, theme: Theme, clock: Callable[[], datetime]) -> None:
        super().__init__(ALERTS, theme, clock, has_total=False)
        self.fired: TablePanel[FiredRow] = TablePanel(FIRED, theme, clock, has_total=False)
        self._tables = self.stack(self.fired)
        self.log = self._button("Fired", theme, "What fired, newest first")
        self.log.toggled.connect(self._on_log)
        self.mute = self._button("Mute", theme, "No sounds for ten minutes")
        self.mute.clicked.connect(self.mute_requested)
        self.new = QPushButton("New alert…")
        self.new.setProperty("look", "menu")
        self.new.setAccessibleName("New alert")
        self.new.setToolTip("New alert (Ctrl+N)")
        self.new.setFixedHeight(18)
        self.new.clicked.connect(self.new_requested)
        for widget in (self.log, self.mute, self.new):
            self.bar.insertWidget(self.bar.indexOf(self.chip), widget)

    @property
    def front(self) -> TablePanel[Any]:
        """The visible table."""
        return self.fired if self.log.isChecked() else self

    def show_rows(self, alerts: Iterable[AlertRow], fired: Iterable[FiredRow]) -> None:
        """Show exactly these rows."""
        replace_all(self, alerts)
        replace_all(self.fired, fired)
        is_any = self.model.row_count > 0
        self.frame.empty.explain(None if is_any else Emptiness("No alert is set.", ("Ctrl+N sets one.",)))
        has_fired = self.fired.model.row_count > 0
        self.fired.frame.empty.explain(None if has_fired else Emptiness("No alert has fired yet."))

    def hide_values(self, is_wanted: bool) -> None:
        """Hide the trader's own figures, or show them."""
        self.model.hide_values(is_wanted)
        self.fired.model.hide_values(is_wanted)

    def tick(self) -> None:
        super().tick()
        self.fired.tick()

    def set_narrow(self, is_narrow: bool) -> None:
        super().set_narrow(is_narrow)
        self.fired.set_narrow(is_narrow)
        self.new.setText("New…" if is_narrow else "New alert…")

    def resize_rows(self) -> None:
        super().resize_rows()
        self.fired.resize_rows()

    def _button(self, text: str, theme: Theme, name: str) -> QPushButton:
        button = Button(text)
        button.setProperty("look", "segment")
        button.setCheckable(True)
        width = theme.metrics(11, bold=True).horizontalAdvance(text)
        button.setFixedSize(width + 2 * _PADDING, 18)
        button.setAccessibleName(name)
        button.setToolTip(name)
        return button

    def _on_log(self, is_wanted: bool) -> None:
        self._tables.setCurrentIndex(int(is_wanted))
        self.columns_button.setMenu(self.front.column_menu)


def replace_all(panel: TablePanel[Any], rows: Iterable[Any]) -> None:
    """Make a table show exactly these rows."""
    known = {row.key: row for row in panel.model.rows()}
    wanted = {row.key: row for row in rows}
    gone: dict[Any, Any] = dict.fromkeys(known.keys() - wanted.keys())
    panel.apply({**gone, **{key: row for key, row in wanted.items() if known.get(key) != row}})
