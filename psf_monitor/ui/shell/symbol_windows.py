"""The open windows of shares: one for each, remembered with its place and size."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QModelIndex, QObject, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from psf_monitor.book.rows import OrderRow, PositionRow
from psf_monitor.domain.indicators import Window
from psf_monitor.ui.alerts.controller import AlertsController
from psf_monitor.ui.alerts.share_alerts import ShareAlerts
from psf_monitor.ui.base.context import WindowContext
from psf_monitor.ui.base.held_keys import add_shortcut
from psf_monitor.ui.base.view_options import DoubleClick
from psf_monitor.ui.positions.panel import PositionsPanel
from psf_monitor.ui.shell.layout.screens import beside, on_a_screen
from psf_monitor.ui.shell.layout.store import MOST_SYMBOLS, SymbolLayout, WindowPlace
from psf_monitor.ui.symbol import window as share_window
from psf_monitor.ui.table.panel import TablePanel
from psf_monitor.ui.table.row_menu import OfPosition


class SymbolWindows(QObject):
    """Opens or raises the window of a share by Enter on its row or, if chosen, by a double click.

    This works in the positions, and in each table passed to ``open_from``.
    """

    def __init__(
        self,
        context: WindowContext,
        positions: PositionsPanel,
        alerts: AlertsController,
        parent: QWidget,
        shoot: Callable[[QWidget], None],
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._positions = positions
        self._alerts = alerts
        self._parent = parent
        self._shoot = shoot
        self._open: list[share_window.SymbolWindow] = []
        self._layouts: list[SymbolLayout] = []
        self.double_click = DoubleClick.FILTER
        context.menus.double_click_chosen.connect(self.choose_double_click)
        self.choose_double_click(DoubleClick.FILTER)
        self.open_from(positions)

    def open_from(self, panel: TablePanel[Any]) -> None:
        """Open windows from the rows of this table, too."""
        panel.view.doubleClicked.connect(partial(self._on_double_click, panel))
        for keys in ("Return", "Enter"):
            action = partial(self._on_enter, panel)
            add_shortcut(keys, panel.view, action, Qt.ShortcutContext.WidgetShortcut)

    @property
    def windows(self) -> Sequence["share_window.SymbolWindow"]:
        """The open windows, in the order in which they were opened."""
        return tuple(self._open)

    def open(self, row: PositionRow | OfPosition) -> "share_window.SymbolWindow":
        """Open the window of the row's share, or raise it."""
        if isinstance(row, PositionRow):
            return self._show(row.key.con_id, row.priced_as)
        symbol = row.priced_as if isinstance(row, OrderRow) else row.symbol
        return self._show(row.con_id, symbol)

    def open_named(self, symbol: str) -> bool:
        """Open the window of a share that is held; return whether it is."""
        rows = (row for row in self._positions.model.rows() if symbol in (row.symbol, row.priced_as))
        row = next(rows, None)
        if row is not None:
            self.open(row)
        return row is not None

    def choose_double_click(self, does: DoubleClick) -> None:
        """Set the action of a double click on a row."""
        self.double_click = does
        self._context.menus.double_clicks.tick(does)

    def restore(self, layouts: Sequence[SymbolLayout]) -> None:
        """Set where the windows were; this opens none."""
        self._layouts = list(layouts)

    def saved(self) -> tuple[SymbolLayout, ...]:
        """Return where the windows are, or were last; the latest last."""
        for window in self._open:
            self._note(window)
        return tuple(self._layouts[-MOST_SYMBOLS:])

    def refresh(self) -> None:
        """Update every open window to this moment."""
        for window in self._open:
            window.refresh()

    def refresh_names(self) -> None:
        """Reopen, in its place, the window of a share that is now held under another name."""
        for window in self.windows:
            share = window.share
            rows = self._positions.model.rows() if share.con_id else ()
            names = sorted({row.priced_as for row in rows if row.key.con_id == share.con_id})
            if names and share.symbol not in names:
                state, has_keys = window.windowState(), window.isActiveWindow()
                window.close()
                renamed = self._made(share.con_id, names[0])
                renamed.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, not has_keys)
                renamed.setWindowState(state)
                renamed.show()

    def close_all(self) -> None:
        for window in self.windows:
            window.close()

    def _on_enter(self, panel: TablePanel[Any]) -> None:
        place = panel.view.currentIndex().row()
        if 0 <= place < panel.model.shown_count:
            line = panel.model.line(place)
            if line.heading is None:
                self.open(line.row)
            else:
                panel.model.groups.toggle(line)

    def _on_double_click(self, panel: TablePanel[Any], index: QModelIndex) -> None:
        line = panel.model.line(index.row())
        if line.heading is not None:
            panel.model.groups.toggle(line)
        elif self.double_click is DoubleClick.OPEN:
            self.open(line.row)
        else:
            self._context.selection.filter(line.row.symbol)

    def _show(self, con_id: int, symbol: str) -> "share_window.SymbolWindow":
        window = next((each for each in self._open if _is(each.share, con_id, symbol)), None)
        if window is None:
            window = self._made(con_id, symbol)
            window.show()
            window.ladder.setFocus()
        window.raise_()
        window.activateWindow()
        return window

    def _made(self, con_id: int, symbol: str) -> "share_window.SymbolWindow":
        """Return a window in its place that is not shown yet."""
        share = share_window.Share(con_id or self._con_id_of(symbol), symbol)
        alerts = ShareAlerts(self._context, self._alerts, symbol)
        window = share_window.SymbolWindow(self._context, share, alerts, self._parent)
        self._open.append(window)
        self._share_time()
        window.closed.connect(lambda: self._on_closed(window))
        window.screenshot_requested.connect(lambda: self._shoot(window))
        menus = self._context.menus
        window.addActions([menus.alert_list, menus.mute_alerts])
        add_shortcut("Ctrl+N", window, lambda: self._alerts.open_form_at(symbol, _pointed_at(window), window))
        self._put(window)
        return window

    def _share_time(self) -> None:
        for place, window in enumerate(self._open):
            window.share_time(place, len(self._open))

    def _con_id_of(self, symbol: str) -> int:
        """Return IBKR's conId of a share that HAMMER's account knows only by name."""
        held = (row.key.con_id for row in self._positions.model.rows() if row.priced_as == symbol)
        return next(filter(None, held), 0)

    def _put(self, window: "share_window.SymbolWindow") -> None:
        share = window.share
        layout = next((each for each in self._layouts if _is(each, share.con_id, share.symbol)), None)
        if layout is None:
            main = self._parent
            number = len(self._open) - 1
            rect = beside(main.geometry(), window.size(), main.screen().availableGeometry(), number)
            window.setGeometry(rect)
            return
        place = layout.place
        screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        window.setGeometry(on_a_screen(QRect(place.x, place.y, place.width, place.height), screens))
        window.filter_prints(layout.least_size)
        windows = [each for each in Window if each.value == layout.window]
        if windows:
            window.choose_window(windows[0])
        window.choose_tab(layout.tab)

    def _note(self, window: "share_window.SymbolWindow") -> None:
        rect, share = window.geometry(), window.share
        place = WindowPlace(rect.x(), rect.y(), rect.width(), rect.height())
        others = [each for each in self._layouts if not _is(each, share.con_id, share.symbol)]
        noted = SymbolLayout(
            share.symbol, place, window.window_of_prints.value, window.least_size, share.con_id, window.tab
        )
        self._layouts = [*others, noted]

    def _on_closed(self, window: "share_window.SymbolWindow") -> None:
        self._open.remove(window)
        self._share_time()
        self._note(window)


class _IsOfShare(Protocol):
    @property
    def con_id(self) -> int: ...
    @property
    def symbol(self) -> str: ...


def _is(of: _IsOfShare, con_id: int, symbol: str) -> bool:
    """Return whether it is this share, by IBKR's conId or, where one side has none, by name."""
    return of.con_id == con_id if of.con_id and con_id else of.symbol == symbol


def _pointed_at(window: "share_window.SymbolWindow") -> float | None:
    """Return the price of the line under the mouse, or chosen by keys, in a share's window."""
    line = window.ladder.explained
    return None if line is None else line.price
