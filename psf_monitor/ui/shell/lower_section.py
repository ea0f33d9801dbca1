"""The lower section of the window: open orders, fills or alerts, one of them in front."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QWidget

from psf_monitor import formatting
from psf_monitor.ui.alerts import panel as alerts_panel
from psf_monitor.ui.base.tab_order import reach_by_keys
from psf_monitor.ui.fills import panel as fills_panel
from psf_monitor.ui.orders.panel import OrdersPanel
from psf_monitor.ui.style.label import Chip, Label
from psf_monitor.ui.style.tab import Tab
from psf_monitor.ui.style.theme import Theme, Tone
from psf_monitor.ui.table.panel import TablePanel, count_label

_ORDERS, _FILLS, _ALERTS = 0, 1, 2
_NAMES = ("Fills", "Alerts")
"""The tabs besides the orders."""
_BETWEEN = 8


class LowerSection(QStackedWidget):
    """Small tabs in place of a section's title; the bar of the panel in front holds them.

    Each tab shows its number of rows, in front or not, and the warning of a panel that is behind. Fills and
    alerts are made when they are first needed, after the window has been painted.
    """

    switched = Signal()
    fills_made = Signal(object)
    alerts_made = Signal(object)
    """Emitted with a panel as soon as it has been made."""

    def __init__(self, orders: OrdersPanel, theme: Theme) -> None:
        super().__init__()
        self.orders = orders
        self._theme = theme
        self._is_narrow = False
        self._made: dict[int, TablePanel[Any]] = {}
        self._counts: dict[int, Label] = {}
        self._fills: fills_panel.FillsPanel | None = None
        self._alerts: alerts_panel.AlertsPanel | None = None
        self._listed_alerts = 0
        self.tabs = QWidget()
        self._row = QHBoxLayout(self.tabs)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(5)
        self._group = QButtonGroup(self)
        self._add_tab(_ORDERS, orders.title.text, orders.count)
        for number, name in enumerate(_NAMES, start=_FILLS):
            self._row.addSpacing(_BETWEEN)
            self._counts[number] = count_label(theme)
            self._counts[number].set_text(formatting.DASH)
            self._add_tab(number, name, self._counts[number])
        self.behind = [Chip(theme, tone=Tone.WARN) for _tab in self._group.buttons()]
        for chip in self.behind:
            # After all tabs: one that comes or goes moves none from under the pointer.
            self._row.addWidget(chip)
        self._add(_ORDERS, orders)
        self._group.button(_ORDERS).setChecked(True)
        orders.bar.insertWidget(0, self.tabs)
        self._group.idToggled.connect(self._on_toggled)

    @property
    def fills(self) -> "fills_panel.FillsPanel":
        if self._fills is None:
            self._fills = fills_panel.FillsPanel(self._theme, self.orders.clock)
            self._later(_FILLS, self._fills)
            self.fills_made.emit(self._fills)
        return self._fills

    @property
    def alerts(self) -> "alerts_panel.AlertsPanel":
        if self._alerts is None:
            self._alerts = alerts_panel.AlertsPanel(self._theme, self.orders.clock)
            self._later(_ALERTS, self._alerts)
            self.alerts_made.emit(self._alerts)
        return self._alerts

    @property
    def has_fills(self) -> bool:
        """Whether the panel of the fills was made."""
        return self._fills is not None

    @property
    def has_alerts(self) -> bool:
        """Whether the panel of the alerts was made."""
        return self._alerts is not None

    @property
    def sees_alerts(self) -> bool:
        """Whether the list of alerts is visible."""
        return self.has_alerts and self.alerts.view.isVisible()

    @property
    def alerts_count(self) -> Label:
        """The number of alerts; a dash until their file is read."""
        return self._counts[_ALERTS]

    def count_alerts(self, count: int) -> None:
        """Set the number of alerts, for which their panel need not exist."""
        self._listed_alerts = count
        self.alerts_count.set_text(f"{count:,}")

    @property
    def most_rows(self) -> int:
        """Return the rows of the longest table, visible or not, so that bringing it to the front moves
        nothing.
        """
        listed = 0 if self.has_alerts else self._listed_alerts
        return max(listed, *(panel.model.shown_count for panel in self.tables))

    def _panel(self, number: int) -> TablePanel[Any]:
        if number == _ALERTS:
            return self.alerts
        return self.fills if number == _FILLS else self.orders

    def _add_tab(self, number: int, name: str, count: Label) -> None:
        tab = Tab(self._theme, name)
        tab.setAccessibleName(f"Show {name.lower()}")
        tab.setToolTip(f"{name}  (Ctrl+Tab)")
        self._group.addButton(tab, number)
        self._row.addWidget(tab)
        self._row.addWidget(count)

    def _add(self, number: int, panel: TablePanel[Any]) -> None:
        self._made[number] = panel
        self.addWidget(panel)
        panel.title.hide()
        # The first tab's text begins where a section's title does.
        margins = panel.bar.contentsMargins()
        panel.bar.setContentsMargins(0, 0, margins.right(), 0)

    def _later(self, number: int, panel: TablePanel[Any]) -> None:
        """Add a panel that has just been made."""
        panel.take_count(self._counts[number])
        panel.model.shows_ticks = self.orders.model.shows_ticks
        panel.resize_rows()
        panel.set_narrow(self._is_narrow)
        reach_by_keys(panel.findChildren(QPushButton))
        self._add(number, panel)

    @property
    def panels(self) -> tuple[TablePanel[Any], ...]:
        """The panels that were made, visible or not."""
        return tuple(self._made[number] for number in sorted(self._made))

    @property
    def tables(self) -> tuple[TablePanel[Any], ...]:
        """The same with the totals of the fills by share."""
        return self.panels if self._fills is None else (*self.panels, self._fills.totals)

    @property
    def shows_fills(self) -> bool:
        return self._group.checkedId() == _FILLS

    @property
    def shows_alerts(self) -> bool:
        return self._group.checkedId() == _ALERTS

    @property
    def view(self) -> QWidget:
        """The visible table, for the focus."""
        return self.front.view

    @property
    def front(self) -> TablePanel[Any]:
        """The panel whose table is visible."""
        if self.shows_alerts:
            return self.alerts.front
        return self.fills.front if self.shows_fills else self.orders

    def set_narrow(self, is_narrow: bool) -> None:
        """Show what fits on half a screen, or everything."""
        self._is_narrow = is_narrow
        for panel in self.panels:
            panel.set_narrow(is_narrow)
        self.refresh()

    def refresh(self) -> None:
        """Show the warnings of panels that are behind beside their tabs."""
        front = self.currentWidget()
        behind = {n: panel for n, panel in self._made.items() if panel.chip.text and panel is not front}
        texts = {number: self._named(panel) for number, panel in behind.items()}
        tooltips = {number: f"{panel.title.text}: {_reason(panel)}" for number, panel in behind.items()}
        if len(behind) > 1 and len(set(texts.values())) == 1:
            first, *_others = sorted(behind)
            tooltips = {first: "\n".join(tooltips.values())}
            texts = {first: f"Both: {texts[first]}"}
        for number, chip in enumerate(self.behind):
            chip.set_text(texts.get(number, ""))
            chip.setToolTip(tooltips.get(number, ""))

    def _named(self, panel: TablePanel[Any]) -> str:
        """Return the warning of a panel behind. On half a screen, where no chip may be cut, its tooltip alone
        names the panel, unless the panel in front warns with the same word.
        """
        is_named = not self._is_narrow or panel.chip.text == self.front.chip.text
        return f"{panel.title.text}: {panel.chip.text}" if is_named else panel.chip.text

    def show_fills(self, is_wanted: bool) -> None:
        """Bring the fills to the front, or the open orders."""
        self._group.button(_FILLS if is_wanted else _ORDERS).setChecked(True)

    def show_alerts(self) -> None:
        """Bring the alerts to the front."""
        self._group.button(_ALERTS).setChecked(True)

    def switch(self) -> None:
        """Bring the next tab to the front, with the focus if the previous one had it."""
        next_place = (self._group.checkedId() + 1) % len(self._group.buttons())
        self._group.button(next_place).setChecked(True)
        self.front.view.mark_keys(True)

    def _on_toggled(self, number: int, is_checked: bool) -> None:
        if not is_checked:
            return
        focused = QApplication.focusWidget()
        had_keys = focused is not None and self.isAncestorOf(focused)
        is_tab = focused is not None and self.tabs.isAncestorOf(focused)
        panel = self._panel(number)
        panel.bar.insertWidget(0, self.tabs)
        self.setCurrentWidget(panel)
        self.refresh()
        if is_tab:
            self._group.button(number).setFocus(Qt.FocusReason.OtherFocusReason)
        elif had_keys:
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.switched.emit()


def _reason(panel: TablePanel[Any]) -> str:
    return " · ".join(filter(None, (panel.warning.text, panel.remark.text)))
