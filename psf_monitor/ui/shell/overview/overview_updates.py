"""Reads the book for the overview, and redraws what has changed."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct, field

from psf_monitor.domain.account import IBKR_MODES
from psf_monitor.ui.base.context import WindowContext
from psf_monitor.ui.shell.overview.overview import Overview
from psf_monitor.ui.shell.overview.overview_state import OverviewState, WindowSums, money_of, overview_state
from psf_monitor.ui.table.band_header import facts_notes


class _Shown(Struct):
    """What is shown of rows and sums, and what it depends on: with the same inputs it stays the same."""

    of: tuple[object, ...] = ()
    money: WindowSums | None = None
    newest: datetime | None = None


class OverviewUpdates(Struct, frozen=True):
    """Keeps one window's ``overview`` in step with the book and the links."""

    context: WindowContext
    overview: Overview
    _shown: _Shown = field(default_factory=_Shown)

    def refresh(self, now: datetime) -> None:
        """Show what has changed: everything after news, else only what ages."""
        overview = self.overview
        overview.parts.positions.model.catch_up()
        state = self._show_sums(now)
        overview.show_connections(state, self._shown.newest)
        overview.explain_empty(state)
        overview.show_checked(state)
        overview.show_notes(state, facts_notes(self.context.sources.book.facts.known, now))

    def refresh_sums(self, now: datetime) -> None:
        """Show the sums of the rows exactly as the tables show them, so that both agree."""
        if self._sources_at(now) != self._shown.of:
            self.overview.explain_empty(self._show_sums(now))

    def _show_sums(self, now: datetime) -> OverviewState:
        """Show strips, exposure, totals, and remarks on the rows as a whole."""
        shown, shown_of, overview = self._shown, self._sources_at(now), self.overview
        differs = shown_of != shown.of or shown.money is None
        if differs:
            shown.of = shown_of
            rows = list(overview.parts.positions.model.rows())
            held = {row.mode for row in rows}
            shown.money = money_of(self.context.sources, held, overview.parts.positions.sum_modes)
            shown.newest = max((at for row in rows if (at := row.quote_changed_at)), default=None)
        assert shown.money is not None
        state = overview_state(self.context.sources, shown.money, now)
        if differs:
            overview.show_sums(state, rows)
        return state

    def _sources_at(self, now: datetime) -> tuple[object, ...]:
        """Return everything that rows and sums depend on; of the time the minute, the finest unit shown."""
        book, selection, overview = self.context.sources.book, self.context.selection, self.overview
        return (
            now.replace(second=0, microsecond=0),
            book.changes,
            book.sums.revision,
            overview.parts.positions.model.revision,
            overview.parts.orders.model.revision,
            selection.modes,
            selection.filter_text,
            self.context.are_values_hidden,
            overview.parts.connections.account_fields,
            overview.parts.connections.total_fields,
        )

    def states(self) -> Sequence[str]:
        """Return the connections as named in a screenshot's footer."""
        parts = []
        links = self.context.sources.links
        for mode, card in self.overview.parts.connections.cards.items():
            text = card.face.content
            if text is not None:
                rest = text.chip if mode in IBKR_MODES else links[mode].status.progress
                parts.append(f"{text.name} {text.state}{', ' if rest else ''}{rest}")
        return parts
