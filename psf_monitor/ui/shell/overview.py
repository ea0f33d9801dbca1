"""Draws everything that is not a row: cards, money, banners, totals, and why a table is empty."""

from dataclasses import dataclass
from datetime import datetime

from psf_monitor import formatting
from psf_monitor.book.rows import PositionRow, QuoteState
from psf_monitor.book.totals import counted_modes
from psf_monitor.domain.account import IBKR_MODES
from psf_monitor.ui.base.context import WindowContext
from psf_monitor.ui.connections.banner import Banners
from psf_monitor.ui.connections.banner_text import banner_texts
from psf_monitor.ui.connections.panel import ConnectionsPanel
from psf_monitor.ui.orders.panel import OrdersPanel
from psf_monitor.ui.positions.exposure import ExposureLine
from psf_monitor.ui.positions.panel import PositionsPanel
from psf_monitor.ui.shell.empty_text import no_orders, no_positions
from psf_monitor.ui.shell.layout.middle import Middle
from psf_monitor.ui.shell.view_state import ViewState, view_state
from psf_monitor.ui.table.band_header import facts_notes, frozen_notes
from psf_monitor.ui.table.columns import account_band


@dataclass(frozen=True, slots=True)
class Overview:
    """The parts of one window that are drawn from its view state."""

    context: WindowContext
    banners: Banners
    connections: ConnectionsPanel
    exposure: ExposureLine
    positions: PositionsPanel
    orders: OrdersPanel
    middle: Middle

    def refresh(self, now: datetime) -> None:
        """Say it all again; whatever reads the same is not drawn again."""
        rows = list(self.positions.model.rows())
        held = {row.mode for row in rows}
        state = view_state(self.context.sources, held, self.positions.sum_modes, now)
        self._refresh_connections(state, rows)
        self._refresh_positions(state, rows)
        self._refresh_orders(state)
        self._refresh_bands(state)

    def states(self) -> list[str]:
        """The connections as the footer of a picture names them."""
        said = []
        links = self.context.sources.links
        for mode, card in self.connections.cards.items():
            text = card.face.content
            if text is not None:
                rest = text.chip if mode in IBKR_MODES else links[mode].status.progress
                said.append(f"{text.name} {text.state}{', ' if rest else ''}{rest}")
        return said

    def _refresh_connections(self, state: ViewState, rows: list[PositionRow]) -> None:
        newest = max((at for row in rows if (at := row.quote_changed_at)), default=None)
        self.connections.show_links(state.statuses, state.accounts, state.expects_paper, newest, state.now)
        self.context.menus.show_links(state.wanted_links)
        self.banners.show_alerts(
            banner_texts(
                state.statuses, state.accounts, state.expects_paper, state.quotes_frozen_since, state.now
            ),
            is_held=self.middle.is_pointed,
        )
        money = state.money
        self.connections.show_money(
            money.strips,
            money.total,
            money.left_out,
            state.now,
            are_values_hidden=self.context.are_values_hidden,
        )

    def _refresh_positions(self, state: ViewState, rows: list[PositionRow]) -> None:
        positions, selection = self.positions, self.context.selection
        money = state.money
        self.exposure.show_exposure(money.exposure, are_values_hidden=self.context.are_values_hidden)
        positions.show_totals(money.totals, money.excluded, are_values_hidden=self.context.are_values_hidden)
        positions.count.set_text(positions.counted() if rows else formatting.DASH)
        seen = [row for row in rows if row.mode in selection.modes]
        positions.show_quotes(state.quotes, seen)
        positions.show_mark(state.rules.mark if seen else None)
        model = positions.model
        why = None
        if not model.matched_count:
            why = no_positions(
                state.statuses, state.states, selection.modes, selection.filter_text, model.row_count
            )
        positions.frame.empty.explain(why)

    def _refresh_orders(self, state: ViewState) -> None:
        orders = self.orders
        orders.count.set_text(orders.counted() if orders.model.row_count else formatting.DASH)
        modes = counted_modes(self.context.selection.modes)
        accounts = {mode: account for mode, account in state.states.items() if mode in modes}
        orders.show_state(accounts, state.quotes, state.rules.near_fill)
        why = None
        if not orders.model.shown_count:
            selection = self.context.selection
            rows = orders.model.row_count
            why = no_orders(
                state.statuses, state.states, selection.modes, selection.filter_text, rows, state.now
            )
        orders.frame.empty.explain(why)

    def _refresh_bands(self, state: ViewState) -> None:
        is_frozen = state.quotes is QuoteState.FROZEN
        notes = frozen_notes(state.quotes_frozen_since, state.now) if is_frozen else {}
        notes |= facts_notes(self.context.sources.book.facts.known, state.now)
        shown = set(self.context.selection.modes)
        for panel in (self.positions, self.orders):
            panel.view.header.set_notes(notes)
            panel.view.header.name_account(account_band({row.mode for row in panel.model.rows()} & shown))
