"""How the window shows that an alert fired: chip, title, marks in the rows, status line."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMainWindow

from psf_monitor.book.rows import OrderRow, PositionRow
from psf_monitor.ui.alerts.controller import AlertsController, unseen_count, unseen_text
from psf_monitor.ui.base.context import WindowContext
from psf_monitor.ui.orders.panel import OrdersPanel
from psf_monitor.ui.positions.panel import PositionsPanel
from psf_monitor.ui.shell.lower_section import LowerSection
from psf_monitor.ui.shell.status_bar import StatusBar
from psf_monitor.ui.shell.top_bar import TopBar


class UnseenAlerts(QObject):
    """Shows fired alerts until the trader opens the list or selects the row; the log keeps them."""

    def __init__(
        self,
        context: WindowContext,
        top_bar: TopBar,
        positions: PositionsPanel,
        section: LowerSection,
        status: StatusBar,
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self._top_bar = top_bar
        self._positions = positions
        self._section = section
        self._window = window
        self._title = window.windowTitle()
        self.controller = AlertsController(context, section.count_alerts, lambda: section.alerts, window)
        section.alerts_made.connect(self.controller.attach)
        if section.has_alerts:
            self.controller.attach(section.alerts)
        self.controller.reported.connect(status.show_notice)
        self.controller.unseen_changed.connect(self._show)
        self.controller.list_requested.connect(self.show_list)
        context.menus.new_alert.triggered.connect(self._on_new)
        top_bar.alert.clicked.connect(self.show_list)
        section.switched.connect(self._on_switched)
        for panel in (positions, section.orders):
            panel.view.selectionModel().selectionChanged.connect(
                lambda *_, panel=panel: self._on_selected(panel)
            )

    def show_list(self) -> None:
        """Bring the alerts to the front, and give them the keys."""
        self._section.show_alerts()
        self._section.view.setFocus()
        self.controller.acknowledge()
        window = self._section.window()
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()

    def tick(self) -> None:
        """Update what is shown; called once a second."""
        self.controller.tick()
        self._note_seen()

    def _on_switched(self) -> None:
        if self._section.shows_alerts:
            self.controller.acknowledge()

    def _note_seen(self) -> None:
        """Count nothing as unseen while the list is in front, in the window that has the keys."""
        if self._section.shows_alerts and self._section.isVisible() and self._section.isActiveWindow():
            self.controller.acknowledge()

    def _on_selected(self, panel: PositionsPanel | OrdersPanel) -> None:
        self.controller.acknowledge_share(
            {name for row in panel.view.selected_rows() for name in (row.symbol, row.priced_as)}
        )

    def _on_new(self) -> None:
        self.controller.open_form(self._selected_row())

    def _selected_row(self) -> PositionRow | OrderRow | None:
        """Return the focused row of the focused table."""
        panel = self._section.orders if self._section.orders.view.hasFocus() else self._positions
        for row in panel.view.selected_rows():
            return row
        place = panel.view.currentIndex().row()
        return panel.model.line(place).row if 0 <= place < panel.model.shown_count else None

    def _show(self) -> None:
        unseen = self.controller.unseen
        self._top_bar.show_alerts(unseen_text(unseen), unseen_count(unseen))
        self._window.setWindowTitle(f"({len(unseen)}) {self._title}" if unseen else self._title)
        for panel in (self._positions, self._section.orders):
            panel.view.mark_alerts(self.controller.marks)
