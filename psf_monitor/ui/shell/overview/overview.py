"""Draws everything but rows: cards, money, banners, totals, and why a table is empty."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from psf_monitor import formatting
from psf_monitor.book.rows import AccountState, QuoteState
from psf_monitor.book.sums.totals import counted_modes
from psf_monitor.domain.account import AccountMode
from psf_monitor.ui.connections.banner_text import banner_texts
from psf_monitor.ui.shell.overview.empty_text import no_orders, no_positions
from psf_monitor.ui.shell.overview.overview_state import OverviewState
from psf_monitor.ui.shell.window_parts import WindowParts
from psf_monitor.ui.table.band_header import frozen_notes
from psf_monitor.ui.table.columns import Band, account_band

if TYPE_CHECKING:
    from psf_monitor.book.rows import PositionRow


class Overview(Struct, frozen=True):
    """Draws the parts of one window from its view state, without reading anything else."""

    parts: WindowParts

    def show_unconnected(self, state: OverviewState) -> None:
        """Show the state before anything was connected: the links, and why there are no rows."""
        self.show_sums(state, [])
        self.show_connections(state, None)
        self.explain_empty(state)
        self.show_checked(state)
        self.show_notes(state, {})

    def show_loading(self, positions: tuple[int, int], orders: tuple[int, int]) -> None:
        """Show how many of all rows have been calculated: none is shown before all of them are."""
        for panel, (done, count) in ((self.parts.positions, positions), (self.parts.orders, orders)):
            if count > panel.model.row_count:
                panel.warn("LOADING", f"{done:,} of {count:,}")

    def show_connections(self, state: OverviewState, newest: datetime | None) -> None:
        """Show cards, menu and banners; ``newest`` is when any price shown last changed."""
        self.parts.connections.show_links(
            state.statuses, state.accounts, state.expects_paper, newest, state.now
        )
        self.parts.menus.show_links(state.wanted_links)
        self.parts.banners.show_alerts(
            banner_texts(
                state.statuses, state.states, state.expects_paper, state.quotes_frozen_since, state.now
            ),
            is_held=self.parts.main_area.is_pointed,
        )

    def show_sums(self, state: OverviewState, rows: "Sequence[PositionRow]") -> None:
        """Show strips, exposure and totals, and remarks on ``rows``, the positions, as a whole."""
        self._show_money(state)
        self._show_positions(state, rows)
        self._show_orders(state)
        self._name_accounts({row.mode for row in rows})

    def show_checked(self, state: OverviewState) -> None:
        """Show how old the list of orders is."""
        self.parts.orders.show_checked(self._judged(state))

    def _show_money(self, state: OverviewState) -> None:
        money = state.money
        self.parts.connections.show_money(
            money.strips,
            money.total,
            money.left_out,
            state.now,
            are_values_hidden=self.parts.are_values_hidden,
        )

    def _show_positions(self, state: OverviewState, rows: "Sequence[PositionRow]") -> None:
        positions, money, hides = self.parts.positions, state.money, self.parts.are_values_hidden
        self.parts.exposure.show_exposure(money.exposure, are_values_hidden=hides)
        positions.show_totals(money.totals, money.excluded, are_values_hidden=hides)
        positions.count.set_text(positions.counted() if rows else formatting.DASH)
        seen = [row for row in rows if row.mode in self.parts.selection.modes]
        positions.show_quotes(state.quotes, seen)
        positions.show_mark(state.rules.mark if seen else None)

    def _show_orders(self, state: OverviewState) -> None:
        orders = self.parts.orders
        orders.count.set_text(orders.counted() if orders.model.row_count else formatting.DASH)
        orders.show_state(self._judged(state), state.quotes, state.rules.near_fill)

    def _judged(self, state: OverviewState) -> dict[AccountMode, AccountState]:
        """Return the accounts that decide about the list of orders."""
        modes = counted_modes(self.parts.selection.modes)
        return {mode: account for mode, account in state.states.items() if mode in modes}

    def explain_empty(self, state: OverviewState) -> None:
        """Say why a table has no rows, which depends on the connections, too."""
        selection, positions, orders = (
            self.parts.selection,
            self.parts.positions.model,
            self.parts.orders.model,
        )
        why = None
        if not positions.shown_count:
            why = no_positions(
                state.statuses, state.states, selection.modes, selection.filter_text, positions.row_count
            )
        self.parts.positions.frame.empty.explain(why)
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
        self.parts.orders.frame.empty.explain(why)

    def _name_accounts(self, held: set[AccountMode]) -> None:
        shown = set(self.parts.selection.modes)
        ordered = {row.mode for row in self.parts.orders.model.rows()}
        for panel, modes in ((self.parts.positions, held), (self.parts.orders, ordered)):
            panel.view.header.name_account(account_band(modes & shown))

    def show_notes(self, state: OverviewState, notes: Mapping[Band, tuple[str, ...]]) -> None:
        """Show in the titles which prices are frozen, and ``notes``, by band."""
        is_frozen = state.quotes is QuoteState.FROZEN
        frozen = frozen_notes(state.quotes_frozen_since, state.now) if is_frozen else {}
        for panel in (self.parts.positions, self.parts.orders):
            panel.view.header.set_notes({**frozen, **notes})
