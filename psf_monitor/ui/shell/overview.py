"""Says everything that is not a row: cards, money, banners, totals, and why a table is empty.

It reads the book and the links, and keeps nothing: the same moment always reads the same.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from psf_monitor import formatting
from psf_monitor.book.book import Book
from psf_monitor.book.rows import AccountState, QuoteState, Strip
from psf_monitor.connection.status import LinkState
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.ui.base.card_text import card_name
from psf_monitor.ui.base.menus import Menus
from psf_monitor.ui.base.rules import MARK_TEXTS
from psf_monitor.ui.connections.banner import Banners
from psf_monitor.ui.connections.banner_text import banner_texts
from psf_monitor.ui.connections.panel import ConnectionsPanel
from psf_monitor.ui.orders.panel import OrdersPanel
from psf_monitor.ui.positions.panel import PositionsPanel
from psf_monitor.ui.shell.empty_text import no_orders, no_positions
from psf_monitor.ui.table.band_header import frozen_notes
from psf_monitor.ui.table.columns import account_band


@dataclass(frozen=True, slots=True)
class Overview:
    """The parts of one window and what they read from."""

    book: Book
    links: Mapping[AccountMode, Link]
    expects_paper: Mapping[AccountMode, bool]
    menus: Menus
    banners: Banners
    links_panel: ConnectionsPanel
    positions: PositionsPanel
    orders: OrdersPanel

    def say(self, now: datetime) -> None:
        """Say it all again; whatever reads the same is not drawn again."""
        book, positions, orders = self.book, self.positions, self.orders
        statuses = {mode: link.status for mode, link in self.links.items()}
        everybody = {mode: book.account_state(mode) for mode in self.links}
        accounts = {mode: everybody[mode] for mode in IBKR_MODES if mode in everybody}
        rows = list(positions.model.rows())
        held = {row.mode for row in rows}
        newest = max((at for row in rows if (at := row.quote_changed_at)), default=None)
        self.links_panel.show_links(statuses, accounts, self.expects_paper, newest, now)
        self.menus.show_links(
            {m: s.state not in (LinkState.IDLE, LinkState.FAILED) for m, s in statuses.items()}
        )
        frozen_since = book.quotes_frozen_since
        self.banners.show_alerts(banner_texts(statuses, accounts, self.expects_paper, frozen_since, now))
        self._say_money(accounts, held, now)
        positions.count.say(positions.counted() if rows else formatting.DASH)
        positions.remark.say(f"Mark: {MARK_TEXTS[book.rules.mark]}" if rows else "")
        orders.count.say(orders.counted() if orders.model.row_count else formatting.DASH)
        positions.show_quotes(book.quotes_state, [row for row in rows if row.mark is None])
        orders.show_state(accounts, book.quotes_state, book.rules.near_fill)
        notes = frozen_notes(frozen_since, now) if book.quotes_state is QuoteState.FROZEN else {}
        for header in (positions.view.header, orders.view.header):
            header.set_notes(notes)
        ordered = {row.mode for row in orders.model.rows()}
        for header, there in ((positions.view.header, held), (orders.view.header, ordered)):
            header.name_account(account_band(there & set(positions.modes)))
        model = positions.model
        words = positions.filter_box.text().strip()
        is_any = model.shown_count > 0
        why = None if is_any else no_positions(statuses, everybody, positions.modes, words, model.row_count)
        positions.frame.empty.explain(why)
        is_any = orders.model.shown_count > 0
        orders.frame.empty.explain(None if is_any else no_orders(statuses, everybody, positions.modes, now))

    def states(self) -> list[str]:
        """The connections as the footer of a picture names them."""
        said = []
        for mode, card in self.links_panel.cards.items():
            words = card.face.words
            if words is not None:
                rest = words.chip if mode in IBKR_MODES else self.links[mode].status.detail
                said.append(f"{words.name} {words.state}{', ' if rest else ''}{rest}")
        return said

    def _say_money(
        self, accounts: Mapping[AccountMode, AccountState], held: Collection[AccountMode], now: datetime
    ) -> None:
        book = self.book
        hidden = self.menus.hide_values.isChecked()
        all_of_them = book.totals(IBKR_MODES)
        nowhere = all_of_them.excluded_modes
        left_out = _left_out(nowhere, accounts) if len(nowhere) < len(IBKR_MODES) else ""
        strips = {mode: book.strip(mode) for mode in accounts}
        for mode, account in accounts.items():
            if account.is_loaded and mode not in held:
                strips[mode] = _of_nothing(strips[mode])
        is_nothing = not all_of_them.positions and len(nowhere) < len(IBKR_MODES)
        total = _of_nothing(book.strip(None)) if is_nothing else book.strip(None)
        self.links_panel.show_money(strips, total, left_out, now, are_values_hidden=hidden)
        totals = book.totals(self.positions.sum_modes)
        excluded = _left_out(totals.excluded_modes, accounts)
        if AccountMode.HAMMER_PRO in held and AccountMode.HAMMER_PRO not in self.positions.sum_modes:
            excluded = " · ".join(filter(None, [excluded, "HAMMER_PRO is not in this total"]))
        self.positions.show_totals(totals, excluded, are_values_hidden=hidden)


def _of_nothing(strip: Strip) -> Strip:
    """An account that is loaded and holds nothing has no profit and no loss: that is known, not unknown."""
    return replace(strip, market_value=0.0, day_pnl=0.0, unrealized_pnl=0.0)


def _left_out(modes: tuple[AccountMode, ...], accounts: Mapping[AccountMode, AccountState]) -> str:
    """Which profiles the sums do not count, and why."""
    reasons = []
    for mode in modes:
        account = accounts.get(mode)
        if account is not None and account.is_unexpected:
            reasons.append(f"{card_name(mode)} ({'paper' if account.is_paper else 'live'}) is excluded")
        else:
            reasons.append(f"{card_name(mode)} not connected, excluded")
    return " · ".join(reasons)
