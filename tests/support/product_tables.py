"""The window's tables without a window: its models over the book, filled as the window fills them."""

from collections.abc import Mapping

from PySide6.QtCore import Qt

from psf_monitor.alerts.store import AlertStore
from psf_monitor.alerts.watch import AlertWatch
from psf_monitor.book.rows import AccountState, OrderRow, PositionRow
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.ui.base.context import Sources
from psf_monitor.ui.base.view_options import QUIET_AFTER_MIN
from psf_monitor.ui.connections.banner_text import banner_texts
from psf_monitor.ui.connections.card_text import card_text
from psf_monitor.ui.fills.columns import FILL_TOTALS, FILLS
from psf_monitor.ui.fills.paged_model import PagedModel
from psf_monitor.ui.fills.rows import FillRow, FillTotalRow, TotalRows
from psf_monitor.ui.orders.columns import ORDERS
from psf_monitor.ui.positions.columns import positions_table
from psf_monitor.ui.shell.overview.overview_state import money_of, overview_state
from psf_monitor.ui.style.theme import Scheme, Theme
from psf_monitor.ui.table.model import TableModel
from tests.support.records import Clock
from tests.ui.service import Service

_NONE_VISIBLE = range(0)


class ProductTables:
    """Positions, orders and fills as the window writes them.

    Sums, cards and banners are made with them: what the window could not add up or word fails the test.
    """

    def __init__(self, monitor: Monitor, clock: Clock, expects_paper: Mapping[AccountMode, bool]) -> None:
        book, fills, links = monitor.book, monitor.fills, monitor.links
        alerts = AlertWatch(book, fills, links, clock, AlertStore(None))
        self._sources = Sources(book, fills, links, clock, Service(expects_paper=dict(expects_paper)), alerts)
        self._theme = theme = Theme(Scheme.DARK)
        table = positions_table(lambda: QUIET_AFTER_MIN, lambda _key: ())
        self.positions: TableModel[PositionRow] = TableModel(table, theme, clock)
        self.orders: TableModel[OrderRow] = TableModel(ORDERS, theme, clock)
        self.fills: PagedModel[FillRow] = PagedModel(FILLS, theme, clock)
        self.fills.sort(FILLS.index("at"), Qt.SortOrder.DescendingOrder)
        self._shown_of = -1

    def show_now(self) -> None:
        """Update every row, and everything that is made of all of them, to this moment."""
        book = self._sources.book
        changes = book.drain()
        self.positions.apply(changes.positions, _NONE_VISIBLE)
        self.orders.apply(changes.orders, _NONE_VISIBLE)
        rows = self._sources.fills.drain().rows
        self.fills.apply(
            {key: None if fill is None else self._row(fill) for key, fill in rows.items()}, _NONE_VISIBLE
        )
        for model in (self.positions, self.orders, self.fills):
            model.tick(_NONE_VISIBLE)
        if changes.positions or self._shown_of != book.changes:
            self._shown_of = book.changes
            self._show_all_else()

    def fill_totals(self) -> TableModel[FillTotalRow]:
        """Return the fills added up by symbol."""
        found = TotalRows()
        found.add(list(self.fills.rows()))
        model: TableModel[FillTotalRow] = TableModel(FILL_TOTALS, self._theme, self._sources.clock)
        model.apply({row.key: row for row in found.result()}, _NONE_VISIBLE)
        return model

    def _row(self, fill: Fill) -> FillRow:
        return FillRow.of(fill, self._sources.service.expects_paper, self._sources.clock())

    def _show_all_else(self) -> None:
        rows = list(self.positions.rows())
        money = money_of(self._sources, {row.mode for row in rows}, IBKR_MODES)
        state = overview_state(self._sources, money, self._sources.clock())
        expected, now = state.expects_paper, state.now
        banner_texts(state.statuses, state.states, expected, state.quotes_frozen_since, now)
        for mode, status in state.statuses.items():
            account = state.accounts.get(mode, AccountState())
            card_text(mode, status, account, None, now, expects_paper=expected.get(mode, False))
