"""The common part of all row menus, copying, and the actions that a table's menu may request."""

from collections.abc import Callable, Hashable
from typing import Any, Protocol

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from psf_monitor.domain.account import AccountMode
from psf_monitor.ui.style.menu import Menu
from psf_monitor.ui.table.export import clipboard, csv_dialog, local_notation
from psf_monitor.ui.table.export.plain_rows import plain_text
from psf_monitor.ui.table.panel import TablePanel


class OfPosition(Protocol):
    """A row that belongs to a position: an order, a fill, or the total of a day's fills."""

    @property
    def mode(self) -> AccountMode: ...
    @property
    def account(self) -> str: ...
    @property
    def symbol(self) -> str: ...
    @property
    def con_id(self) -> int: ...


class RowNavigator(Protocol):
    """What a row's menu can open."""

    def show_position(self, row: OfPosition) -> None:
        """Show the position that ``row`` belongs to, or report that there is none."""

    def show_share(self, row: OfPosition) -> None:
        """Open the window of the row's share."""

    def show_details(self, panel: TablePanel[Any], key: Hashable) -> None:
        """Open the details of a row beside the window."""


def copy_menu(panel: TablePanel[Any], place: int, section: int, parent: QWidget) -> QMenu:
    """Return a menu that begins with copying the cell, the row and the table."""
    menu = Menu(parent)
    view = panel.view
    line = panel.model.line(place)
    menu.addAction("&Copy cell", lambda: clipboard.copy(plain_text(panel.model, line, section)))
    menu.addAction(
        "Copy &row",
        lambda: clipboard.copy_rows(view.export([place], local_notation.local_notation()), parent),
    )
    menu.addAction(
        "Copy &table", lambda: clipboard.copy_rows(panel.export(local_notation.local_notation()), parent)
    )
    menu.addAction("Save table as CS&V…", lambda: csv_dialog.open_csv_dialog(panel, parent))
    menu.addSeparator()
    return menu


def add_copy_order_id(menu: QMenu, panel: TablePanel[Any], place: int) -> None:
    """Add an entry that copies the order's id, as the table shows it."""
    line = panel.model.line(place)
    text = plain_text(panel.model, line, panel.model.table.index("order_id"))
    menu.addAction("Copy order &id", lambda: clipboard.copy(text))
    menu.addSeparator()


def pop_up(panel: TablePanel[Any], build: Callable[[int, int], QMenu], at: QPoint) -> None:
    """Open the menu that ``build`` makes for the cell at this point, if there is one."""
    index = panel.view.indexAt(at)
    if index.isValid():
        menu = build(index.row(), index.column())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(panel.view.viewport().mapToGlobal(at))
