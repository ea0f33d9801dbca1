"""The alerts of one share for its window: their number, and their list once it is opened."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from psf_monitor import formatting
from psf_monitor.ui.alerts.columns import SHARE_ALERTS, AlertRow
from psf_monitor.ui.alerts.controller import AlertsController
from psf_monitor.ui.alerts.list_controller import AlertListController
from psf_monitor.ui.alerts.panel import replace_all
from psf_monitor.ui.base.context import WindowContext
from psf_monitor.ui.style.theme import Tone
from psf_monitor.ui.table.empty_state import Emptiness
from psf_monitor.ui.table.panel import TablePanel

_EMPTY = Emptiness("No alert of this share is set.", ("Ctrl+N sets one.",))


class ShareAlertsPanel(TablePanel[AlertRow]):
    """The table with a button for a new one."""

    new_requested = Signal()

    def __init__(self, context: WindowContext) -> None:
        super().__init__(SHARE_ALERTS, context.theme, context.clock, has_total=False)
        new = QPushButton("New alert…")
        new.setProperty("look", "menu")
        new.setFixedHeight(18)
        new.setToolTip("New alert of this share (Ctrl+N)")
        new.clicked.connect(self.new_requested)
        self.bar.insertWidget(self.bar.indexOf(self.columns_button), new)


class ShareAlerts:
    """The alerts in the window of a share; the table is made on request."""

    def __init__(self, context: WindowContext, controller: AlertsController, symbol: str) -> None:
        self._context = context
        self._controller = controller
        self._watch = context.sources.alerts
        self._symbol = symbol
        self._table: ShareAlertsPanel | None = None

    @property
    def text(self) -> str:
        """Return ``alerts 3``, and how many fired unseen; empty if there are none."""
        set_ = sum(alert.symbol == self._symbol for alert in self._watch.alerts)
        unseen = sum(fired.symbol == self._symbol for fired in self._controller.unseen)
        of_fired = f"{unseen} fired" if unseen else ""
        return " · ".join(filter(None, [f"alerts {set_}" if set_ else "", of_fired]))

    def panel(self, window: QWidget) -> ShareAlertsPanel:
        """Return the table, in the share's window."""
        if self._table is None:
            self._table = table = ShareAlertsPanel(self._context)
            AlertListController(self._watch, self._context.theme, table, window)
            table.new_requested.connect(lambda: self._controller.open_form_at(self._symbol, None, window))
        return self._table

    def refresh(self) -> None:
        """Show the current state of each alert of the share; those that fired count as seen."""
        table = self._table
        if table is None:
            return
        rows = self._controller.rows(self._symbol)
        if table.model.are_values_hidden is not self._context.are_values_hidden:
            table.model.hide_values(self._context.are_values_hidden)
        replace_all(table, rows)
        table.tick()
        table.frame.empty.explain(None if rows else _EMPTY)
        on = sum(row.state.alert.is_on for row in rows)
        table.count.set_text(f"{on:,} of {len(rows):,} on" if on < len(rows) else f"{len(rows):,}")
        others = sum(alert.is_on and not alert.symbol for alert in self._watch.alerts)
        of_any = f"{formatting.counted(others, 'more alert')} for any share (Ctrl+E)" if others else ""
        table.remark.set_text(self._watch.problem or of_any, Tone.TEXT2)
        if table.window().isActiveWindow():
            self._controller.acknowledge_share({self._symbol})
