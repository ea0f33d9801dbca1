"""The menus of rows: copy them, show details, find what belongs to them. Nothing acts on an order."""

from collections.abc import Hashable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from psf_monitor import formatting
from psf_monitor.book.rows import OrderRow, PositionRow
from psf_monitor.settings import SettingsError
from psf_monitor.ui.base.context import WindowContext
from psf_monitor.ui.orders.panel import OrdersPanel
from psf_monitor.ui.positions.panel import PositionsPanel
from psf_monitor.ui.symbol import row_details
from psf_monitor.ui.table.panel import TablePanel
from psf_monitor.ui.table.row_menu import OfPosition, add_copy_order_id, copy_menu, pop_up

_MOST_PROBLEMS = 5
"""The most problems shown, so that the dialog keeps its size; the log has all of them."""


class RowMenus(QObject):
    """The menus of both tables.

    ``reported`` carries the result of a choice; ``warned`` what is wrong with the table of symbols, once for
    each time that changes.
    """

    share_requested = Signal(object)
    """The trader wants to see the window of a row's share."""
    alert_requested = Signal(object)
    """The trader wants to set an alert on a row's share."""
    orders_requested = Signal()
    """The trader wants to see the open orders."""
    reported = Signal(str)
    warned = Signal(str)

    def __init__(
        self,
        context: WindowContext,
        positions: PositionsPanel,
        orders: OrdersPanel,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._service = context.service
        self._positions = positions
        self._orders = orders
        self._parent = parent
        self._details: list[row_details.RowDetails] = []
        self._problems: Sequence[str] = ()
        positions.view.menu_requested.connect(self._on_position)
        orders.view.menu_requested.connect(self._on_order)
        positions.symbol_requested.connect(self.open_symbol_dialog)

    def refresh(self) -> None:
        """Update the open details, and report new problems of the symbols; called once a second."""
        problems = self._service.symbol_problems
        if problems != self._problems:
            self._problems = problems
            if problems:
                more = f" (and {len(problems) - 1:,} more in the log)" if len(problems) > 1 else ""
                self.warned.emit(f"{problems[0]}{more}")
        for details in self._details:
            details.refresh()

    def of_position(self, place: int, section: int) -> QMenu:
        """Return the menu of the position shown at ``place``, over the column ``section``."""
        panel = self._positions
        line = panel.model.line(place)
        symbol = line.row.priced_as
        menu = copy_menu(panel, place, section, self._parent)
        menu.addAction("Copy su&ms\tCtrl+Shift+X", panel.copy_sums)
        if line.heading is not None:
            text = "&Unfold" if panel.model.groups.is_folded(line) else "&Fold"
            menu.addAction(text, lambda: panel.model.groups.toggle(line))
            return menu
        menu.addAction("&New alert…\tCtrl+N", lambda: self.alert_requested.emit(line.row))
        menu.addAction(f"&Filter to {symbol}", lambda: self._context.selection.filter(symbol))
        menu.addAction(f"&Show orders of {symbol}", lambda: self._show_orders(line.row))
        menu.addSeparator()
        wrong = len(self._service.symbol_problems)
        remark = f" ({formatting.counted(wrong, 'problem')} in the table)" if wrong else ""
        menu.addAction(f"Set &HAMMER symbol…{remark}", lambda: self.open_symbol_dialog(symbol))
        menu.addAction("&Depth, orders and prints\tEnter", lambda: self.share_requested.emit(line.row))
        menu.addAction("Deta&ils", lambda: self.show_details(panel, line.key))
        return menu

    def of_order(self, place: int, section: int) -> QMenu:
        """Return the menu of the order shown at ``place``."""
        panel = self._orders
        line = panel.model.line(place)
        row = line.row
        symbol = row.priced_as
        menu = copy_menu(panel, place, section, self._parent)
        add_copy_order_id(menu, panel, place)
        menu.addAction("&New alert…\tCtrl+N", lambda: self.alert_requested.emit(row))
        menu.addAction(f"&Filter to {symbol}", lambda: self._context.selection.filter(symbol))
        menu.addAction("&Show position", lambda: self.show_position(row))
        menu.addAction("D&epth, orders and prints\tEnter", lambda: self.share_requested.emit(row))
        menu.addAction("&Details", lambda: self.show_details(panel, line.key))
        return menu

    def open_symbol_dialog(self, symbol: str) -> None:
        """Ask the trader for HAMMER's name of a share; empty follows the rule again."""
        rows = (row for row in self._positions.model.rows() if row.priced_as == symbol)
        asked_as = next((row.hammer_symbol for row in rows if row.hammer_symbol), "")
        dialog = QInputDialog(self._parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("HAMMER symbol")
        asks = f"HAMMER's name for {symbol}; leave it empty to go back to the rule:"
        problems = self._service.symbol_problems
        if problems:
            shown = list(problems[:_MOST_PROBLEMS])
            if len(problems) > len(shown):
                shown.append(f"and {len(problems) - len(shown)} more, which the log names")
            asks = "\n".join(["In the table of symbols:", *shown, "", asks])
        dialog.setLabelText(asks)
        dialog.setTextValue(asked_as)
        dialog.textValueSelected.connect(lambda text: self._set_symbol(symbol, text.strip()))
        dialog.open()

    def _set_symbol(self, symbol: str, text: str) -> None:
        try:
            self._service.set_hammer_symbol(symbol, text)
        except SettingsError as error:
            self.reported.emit(f"{symbol}: {error}")
        else:
            requested = f"asked as {text} from now on" if text else "asked by the rule again"
            self.reported.emit(f"{symbol} is {requested}")

    def show_share(self, row: OfPosition) -> None:
        """Ask for the window of the row's share."""
        self.share_requested.emit(row)

    def show_details(self, panel: TablePanel[Any], key: Hashable) -> None:
        """Open a row's details beside the window; they stay open and up to date."""
        details = row_details.RowDetails(
            panel.model, key, self._context.theme, self._context.clock, self._parent
        )
        self._details.append(details)
        details.finished.connect(lambda _result: self._details.remove(details))
        details.show()

    def _show_orders(self, held: PositionRow) -> None:
        def is_on_it(row: OrderRow) -> bool:
            return row.con_id == held.key.con_id if held.key.con_id else row.priced_as == held.priced_as

        self.orders_requested.emit()
        if not self._orders.view.show_rows(is_on_it):
            self.reported.emit(f"no open order of {held.symbol} is shown")

    def show_position(self, row: OfPosition) -> None:
        """Show the position that ``row`` belongs to, or report that there is none."""

        def is_its_own(position: PositionRow) -> bool:
            if position.account != row.account:
                return False
            return position.key.con_id == row.con_id if row.con_id else position.priced_as == row.symbol

        panel = self._positions
        if any(is_its_own(position) for position in panel.model.rows()):
            self._context.selection.filter("")
            if row.mode not in self._context.selection.modes:
                panel.choose(0)
        if not panel.view.show_rows(is_its_own):
            self.reported.emit(f"{row.mode} holds no {row.symbol}")

    def _on_position(self, at: QPoint) -> None:
        pop_up(self._positions, self.of_position, at)

    def _on_order(self, at: QPoint) -> None:
        pop_up(self._orders, self.of_order, at)
