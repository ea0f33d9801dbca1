"""The lower section of the window: the open orders, the fills or the alerts, one in front of the others."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QWidget

from psf_monitor.ui.alerts.panel import AlertsPanel
from psf_monitor.ui.fills.panel import FillsPanel
from psf_monitor.ui.orders.panel import OrdersPanel
from psf_monitor.ui.style.label import Chip
from psf_monitor.ui.style.theme import Theme, Tone
from psf_monitor.ui.table.panel import TablePanel

_ORDERS, _FILLS, _ALERTS = 0, 1, 2
_PADDING = 5
_BETWEEN = 8


class LowerSection(QStackedWidget):
    """Small tabs stand where the title of a section stands; the bar of the panel in front holds them.

    Each tab has the count of its rows beside it, in front or not, and what the panel behind warns of.
    """

    switched = Signal()

    def __init__(self, orders: OrdersPanel, fills: FillsPanel, alerts: AlertsPanel, theme: Theme) -> None:
        super().__init__()
        self.orders = orders
        self.fills = fills
        self.alerts = alerts
        self.tabs = QWidget()
        self.behind = [Chip(theme, tone=Tone.WARN) for _panel in self.panels]
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self.tabs)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        for number, panel in enumerate(self.panels):
            row.addSpacing(_BETWEEN if number else 0)
            self.addWidget(panel)
            panel.title.hide()
            # The word of the first tab begins where the title of a section does.
            margins = panel.bar.contentsMargins()
            panel.bar.setContentsMargins(0, 0, margins.right(), 0)
            tab = QPushButton(panel.title.text)
            tab.setProperty("look", "tab")
            tab.setCheckable(True)
            tab.setFixedHeight(19)
            tab.setAccessibleName(f"Show {panel.title.text.lower()}")
            tab.setToolTip(f"{panel.title.text}  (Ctrl+Tab)")
            # It is bold while it is in front, and does not move its neighbours then.
            width = theme.metrics(13, bold=True).horizontalAdvance(panel.title.text)
            tab.setFixedWidth(width + 2 * _PADDING)
            self._group.addButton(tab, number)
            row.addWidget(tab)
            row.addWidget(panel.count)
        for chip in self.behind:
            # Behind all tabs: one that comes or goes moves none from under the pointer.
            row.addWidget(chip)
        self._group.button(_ORDERS).setChecked(True)
        orders.bar.insertWidget(0, self.tabs)
        self._group.idToggled.connect(self._on_toggled)

    @property
    def panels(self) -> tuple[TablePanel[Any], ...]:
        """Everything that has a table, seen or not."""
        return (self.orders, self.fills, self.alerts)

    @property
    def shows_fills(self) -> bool:
        return self.currentIndex() == _FILLS

    @property
    def shows_alerts(self) -> bool:
        return self.currentIndex() == _ALERTS

    @property
    def view(self) -> QWidget:
        """The table that is seen, for the keys."""
        return self.front.view

    @property
    def front(self) -> TablePanel[Any]:
        """The panel whose table is seen."""
        if self.shows_alerts:
            return self.alerts.front
        return self.fills.front if self.shows_fills else self.orders

    def follow(self) -> None:
        """Say beside its tab what the panel behind warns of."""
        for chip, panel in zip(self.behind, self.panels, strict=True):
            is_said = bool(panel.chip.text) and panel is not self.currentWidget()
            chip.set_text(f"{panel.title.text}: {panel.chip.text}" if is_said else "")
            chip.setToolTip(f"{panel.title.text}: {panel.warning.text}" if chip.text else "")

    def show_fills(self, is_wanted: bool) -> None:
        """Bring the fills to the front, or the open orders."""
        self._group.button(_FILLS if is_wanted else _ORDERS).setChecked(True)

    def show_alerts(self) -> None:
        """Bring the alerts to the front."""
        self._group.button(_ALERTS).setChecked(True)

    def switch(self) -> None:
        """The next one comes to the front, and takes the keys if the one before had them."""
        self._group.button((self.currentIndex() + 1) % self.count()).setChecked(True)
        self.front.view.mark_keys(True)

    def _on_toggled(self, number: int, is_checked: bool) -> None:
        if not is_checked:
            return
        focused = QApplication.focusWidget()
        had_keys = focused is not None and self.isAncestorOf(focused)
        is_tab = focused is not None and self.tabs.isAncestorOf(focused)
        self.panels[number].bar.insertWidget(0, self.tabs)
        self.setCurrentIndex(number)
        self.follow()
        if is_tab:
            self._group.button(number).setFocus(Qt.FocusReason.OtherFocusReason)
        elif had_keys:
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.switched.emit()
