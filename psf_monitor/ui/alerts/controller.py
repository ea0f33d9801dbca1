"""Sets alerts and reports fired ones by sound, status line, taskbar, tray and title, without taking the
focus.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QMainWindow, QSystemTrayIcon, QWidget

from psf_monitor import formatting
from psf_monitor.alerts.watch import AlertWatch
from psf_monitor.book.rows import Level, Notice, OrderRow, PositionRow
from psf_monitor.connection.pacing import ALERTS_FRAME_MS
from psf_monitor.domain.alerts.alert import Alert, AlertKind, Direction, Fired
from psf_monitor.domain.orders.order import Side
from psf_monitor.ui.alerts import form
from psf_monitor.ui.alerts.columns import AlertRow, FiredRow
from psf_monitor.ui.alerts.list_controller import AlertListController, open_form
from psf_monitor.ui.alerts.panel import AlertsPanel, replace_all
from psf_monitor.ui.base.context import WindowContext
from psf_monitor.ui.table.row_menu import copy_menu, pop_up

_TRAY_MS = 8_000
_PRICE_COLUMNS = {"bid": "bid", "ask": "ask", "last": "last"}


class AlertsController(QObject):
    """Connects the alerts to their tab, the menus and the keys.

    The list's panel exists once the trader opens it (``attach``), or is made with ``make_panel`` if its bar
    has a warning to show; ``count`` is called with the length of the list either way.

    ``reported`` carries a fired alert, or a problem with their file, to the status line. ``unseen_changed``:
    the number of alerts that the trader has not looked at has changed. ``list_requested``: the list should
    come to the front.
    """

    reported = Signal(Notice)
    unseen_changed = Signal()
    list_requested = Signal()

    def __init__(
        self,
        context: WindowContext,
        count: Callable[[int], None],
        make_panel: Callable[[], AlertsPanel],
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self._context = context
        self._watch: AlertWatch = context.sources.alerts
        self._play: Callable[[str], None] = context.sources.play
        self._count = count
        self._make_panel = make_panel
        self._panel: AlertsPanel | None = None
        self._window = window
        self._tray: QSystemTrayIcon | None = None
        self._reported_problem = ""
        self.unseen: list[Fired] = []
        self._refill = QTimer(self, singleShot=True, interval=ALERTS_FRAME_MS)
        self._refill.timeout.connect(self.refresh)
        self._watch.when_fired(self._on_fired)
        self._watch.when_changed(self._refill.start)
        menus = context.menus
        menus.alert_list.triggered.connect(self.list_requested)
        menus.mute_alerts.triggered.connect(self._on_mute)
        menus.hide_values.toggled.connect(self._on_hide_values)
        self.refresh()

    # The list.

    def attach(self, panel: AlertsPanel) -> None:
        """Keep the list in this panel from here on."""
        self._panel = panel
        panel.new_requested.connect(lambda: self.open_form(None))
        panel.mute_requested.connect(self._on_mute)
        panel.fired.view.menu_requested.connect(
            lambda at: pop_up(panel.fired, partial(copy_menu, panel.fired, parent=self._window), at)
        )
        AlertListController(self._watch, self._context.theme, panel, self._window)
        panel.hide_values(self._context.are_values_hidden)
        self.refresh()

    def refresh(self) -> None:
        """Show the current state of every alert, and all that fired."""
        rows, watch = self.rows(), self._watch
        self._count(len(rows))
        self._context.menus.mute_alerts.setChecked(watch.is_muted)
        # That a login or HAMMER is not connected is said elsewhere; a missing figure is nowhere else.
        compared = (row.state for row in rows if row.state.alert.is_crossing)
        waiting = sum(bool(state.waits_for) and state.alert.is_on for state in compared)
        if self._panel is not None:
            self._fill(self._panel, rows, waiting)
        elif waiting or watch.problem:
            # The tab shows the bar's warning beside it.
            self._make_panel()

    def _fill(self, panel: AlertsPanel, rows: list[AlertRow], waiting: int) -> None:
        hides = self._context.are_values_hidden
        panel.show_rows(rows, [FiredRow(fired, hides) for fired in self._watch.fired])
        warnings = [f"{waiting} waiting"] if waiting else []
        warnings += ["FILE FAULT"] if self._watch.problem else []
        panel.warn(" · ".join(warnings), "no current figure" if waiting else "")
        panel.mute.setChecked(self._watch.is_muted)
        panel.remark.set_text(self._watch.problem)

    def _report_problem(self, problem: str) -> None:
        self._reported_problem = problem
        level = Level.WARNING if problem else Level.INFO
        text = problem or "They are kept in their file again."
        self.reported.emit(Notice(self._context.sources.clock(), "Alerts", level, text, text))

    def refresh_figures(self) -> None:
        """Update the compared figures from the rows and sums shown, while the list is visible."""
        if self._panel is not None and self._panel.view.isVisible():
            replace_all(self._panel, self.rows())

    def rows(self, symbol: str | None = None) -> list[AlertRow]:
        """Return the current state of all alerts, or of those of one share."""
        until = self._watch.muted_until if self._watch.is_muted else None
        hides = self._context.are_values_hidden
        alerts = (alert for alert in self._watch.alerts if symbol in (None, alert.symbol))
        return [AlertRow(self._watch.state(alert), until, hides) for alert in alerts]

    def tick(self) -> None:
        """Update the list; called once a second."""
        self.refresh()
        if self._watch.problem != self._reported_problem:
            self._report_problem(self._watch.problem)
        if self._panel is not None:
            self._panel.tick()

    def acknowledge(self) -> None:
        """Record that the trader has looked at what fired."""
        if self.unseen:
            self.unseen = []
            self.unseen_changed.emit()

    def acknowledge_share(self, symbols: set[str]) -> None:
        """Record that the trader has selected rows of these shares."""
        left = [fired for fired in self.unseen if fired.symbol not in symbols or not fired.symbol]
        if len(left) != len(self.unseen):
            self.unseen = left
            self.unseen_changed.emit()

    @property
    def marks(self) -> dict[str, str]:
        """Return the shares with an unseen alert, each with the column whose price fired it, if any."""
        return {fired.symbol: _PRICE_COLUMNS.get(fired.what, "") for fired in self.unseen if fired.symbol}

    def close(self) -> None:
        """Remove the tray icon and save the alerts."""
        if self._tray is not None:
            self._tray.hide()
        self._watch.save()

    # The trader's actions.

    def open_form(self, row: PositionRow | OrderRow | None) -> "form.AlertForm":
        """Open the form for a new alert, filled in from a row: its share and price."""
        alert = Alert(0, AlertKind.PRICE, what="last")
        if isinstance(row, PositionRow):
            alert = Alert(0, AlertKind.PRICE, row.priced_as, "last", Direction.EITHER, row.last)
        elif row is not None:
            side = "bid" if row.side == Side.SELL else "ask"
            alert = Alert(0, AlertKind.PRICE, row.priced_as, side, Direction.EITHER, row.limit_price)
        return self._open_form(alert, self._window)

    def open_form_at(
        self, symbol: str, price: float | None, window: QWidget | None = None
    ) -> "form.AlertForm":
        """Open the form for a new alert on a share at a price, over ``window``."""
        alert = Alert(0, AlertKind.PRICE, symbol, "last", Direction.EITHER, price)
        return self._open_form(alert, window or self._window)

    def _open_form(self, alert: Alert, window: QWidget) -> "form.AlertForm":
        return open_form(alert, self._watch.add, self._context.theme, window)

    def _on_mute(self, _is_checked: bool = False) -> None:
        self._watch.mute(is_wanted=not self._watch.is_muted)
        self.refresh()

    def _on_hide_values(self, is_wanted: bool) -> None:
        if self._panel is not None:
            self._panel.hide_values(is_wanted)
        self.refresh()

    # Showing and sounding.

    def _on_fired(self, fired: Fired) -> None:
        alert = next((each for each in self._watch.alerts if each.alert_id == fired.alert_id), None)
        self.unseen = [*self.unseen, fired]
        self.reported.emit(Notice(fired.at, "Alert", Level.WARNING, fired.text, fired.masked))
        self.unseen_changed.emit()
        if fired.is_muted or alert is None:
            return
        if alert.sound:
            self._play(alert.sound)
        if alert.flashes:
            QApplication.alert(self._window)
        if alert.shows_tray:
            self._notify_in_tray(fired)

    def _notify_in_tray(self, fired: Fired) -> None:
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(self._window.windowIcon(), self)
            self._tray.activated.connect(lambda _reason: self.list_requested.emit())
            self._tray.show()
        text = fired.masked if self._context.are_values_hidden else fired.text
        self._tray.showMessage("psf_monitor", text, self._window.windowIcon(), _TRAY_MS)


def unseen_count(unseen: list[Fired]) -> str:
    """Return the text of the chip in the menu row if there is little room."""
    return formatting.counted(len(unseen), "alert") if unseen else ""


def unseen_text(unseen: list[Fired]) -> str:
    """Return the text of the chip in the menu row: how many are unseen, and the newest one's subject."""
    if not unseen:
        return ""
    newest = unseen[-1]
    of = newest.symbol or (newest.mode.short if newest.mode else newest.kind.value)
    what = f" {newest.what}" if newest.what else ""
    return f"{unseen_count(unseen)} · {of}{what}"
