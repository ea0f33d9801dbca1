"""Draws everything that is not a row: cards, money, banners, totals, and why a table is empty."""

from datetime import datetime

from msgspec import Struct, field

from psf_monitor import formatting
from psf_monitor.book.rows import AccountState, PositionRow, QuoteState
from psf_monitor.book.totals import counted_modes
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.ui.base.context import WindowContext
from psf_monitor.ui.connections.banner import Banners
from psf_monitor.ui.connections.banner_text import banner_texts
from psf_monitor.ui.connections.panel import ConnectionsPanel
from psf_monitor.ui.orders.panel import OrdersPanel
from psf_monitor.ui.positions.exposure import ExposureLine
from psf_monitor.ui.positions.panel import PositionsPanel
from psf_monitor.ui.shell.empty_text import no_orders, no_positions
from psf_monitor.ui.shell.layout.middle import Middle
from psf_monitor.ui.shell.view_state import Money, ViewState, money_of, view_state
from psf_monitor.ui.table.band_header import facts_notes, frozen_notes
from psf_monitor.ui.table.columns import account_band


class _Shown(Struct):
    """What is shown of rows and sums, and what it was made of: of the same it reads the same."""

    of: tuple[object, ...] = ()
    money: Money | None = None
    newest: datetime | None = None


class Overview(Struct, frozen=True):
    """The parts of one window that are drawn from its view state."""

    context: WindowContext
    banners: Banners
    connections: ConnectionsPanel
    exposure: ExposureLine
    positions: PositionsPanel
    orders: OrdersPanel
    middle: Middle
    _shown: _Shown = field(default_factory=_Shown)

    def refresh(self, now: datetime) -> None:
        """Show what reads otherwise: all of it after news, what ages after none."""
        self.positions.model.catch_up()
        state = self._show_sums(now)
        self._refresh_connections(state)
        self._explain_empty(state)
        self.orders.show_checked(self._judged(state))
        self._refresh_notes(state)

    def follow_rows(self, now: datetime) -> None:
        """Show what the rows come to as they stand in the tables, so that both agree."""
        if self._sources_at(now) != self._shown.of:
            self._explain_empty(self._show_sums(now))

    def show_loading(self, positions: tuple[int, int], orders: tuple[int, int]) -> None:
        """Say how many rows have been worked out of how many: none is shown before all are there."""
        for panel, (done, count) in ((self.positions, positions), (self.orders, orders)):
            if count > panel.model.row_count:
                panel.warn("LOADING", f"{done:,} of {count:,}")

    def _show_sums(self, now: datetime) -> ViewState:
        """Strips, exposure, totals, and what is said of the rows as a whole."""
        shown, shown_of = self._shown, self._sources_at(now)
        differs = shown_of != shown.of or shown.money is None
        if differs:
            shown.of = shown_of
            rows = list(self.positions.model.rows())
            held = {row.mode for row in rows}
            shown.money = money_of(self.context.sources, held, self.positions.sum_modes)
            shown.newest = max((at for row in rows if (at := row.quote_changed_at)), default=None)
        assert shown.money is not None
        state = view_state(self.context.sources, shown.money, now)
        if differs:
            self._show_money(state)
            self._refresh_positions(state, rows)
            self._refresh_orders(state)
            self._name_accounts(held)
        return state

    def _sources_at(self, now: datetime) -> tuple[object, ...]:
        """All that rows and sums read by; of the time the minute, which is as fine as they tell it."""
        book, selection = self.context.sources.book, self.context.selection
        return (
            now.replace(second=0, microsecond=0),
            book.changes,
            book.sums.revision,
            tuple(book.absent),
            self.positions.model.revision,
            self.orders.model.revision,
            selection.modes,
            selection.filter_text,
            self.context.are_values_hidden,
            self.connections.account_fields,
            self.connections.total_fields,
        )

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

    def _refresh_connections(self, state: ViewState) -> None:
        newest = self._shown.newest
        self.connections.show_links(state.statuses, state.accounts, state.expects_paper, newest, state.now)
        self.context.menus.show_links(state.wanted_links)
        self.banners.show_alerts(
            banner_texts(
                state.statuses, state.states, state.expects_paper, state.quotes_frozen_since, state.now
            ),
            is_held=self.middle.is_pointed,
        )

    def _show_money(self, state: ViewState) -> None:
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

    def _refresh_orders(self, state: ViewState) -> None:
        orders = self.orders
        orders.count.set_text(orders.counted() if orders.model.row_count else formatting.DASH)
        orders.show_state(self._judged(state), state.quotes, state.rules.near_fill)

    def _judged(self, state: ViewState) -> dict[AccountMode, AccountState]:
        """The accounts by which the list of orders is judged."""
        modes = counted_modes(self.context.selection.modes)
        return {mode: account for mode, account in state.states.items() if mode in modes}

    def _explain_empty(self, state: ViewState) -> None:
        """Say why a table has no rows: that is a matter of the connections, too."""
        selection, positions, orders = self.context.selection, self.positions.model, self.orders.model
        why = None
        if not positions.shown_count:
            why = no_positions(
                state.statuses, state.states, selection.modes, selection.filter_text, positions.row_count
            )
        self.positions.frame.empty.explain(why)
        why = None
        if not orders.shown_count:
            why = no_orders(
                state.statuses,
                state.states,
                selection.modes,
                selection.filter_text,
                orders.row_count,
                state.now,
            )
        self.orders.frame.empty.explain(why)

    def _name_accounts(self, held: set[AccountMode]) -> None:
        shown = set(self.context.selection.modes)
        ordered = {row.mode for row in self.orders.model.rows()}
        for panel, modes in ((self.positions, held), (self.orders, ordered)):
            panel.view.header.name_account(account_band(modes & shown))

    def _refresh_notes(self, state: ViewState) -> None:
        is_frozen = state.quotes is QuoteState.FROZEN
        notes = frozen_notes(state.quotes_frozen_since, state.now) if is_frozen else {}
        notes |= facts_notes(self.context.sources.book.facts.known, state.now)
        for panel in (self.positions, self.orders):
            panel.view.header.set_notes(notes)
