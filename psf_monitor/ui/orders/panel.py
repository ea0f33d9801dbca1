"""The open orders: what works at the broker, and how far it is from the market."""

from collections.abc import Callable, Mapping
from datetime import datetime

from psf_monitor import formatting
from psf_monitor.book.rows import AccountState, OrderRow, QuoteState
from psf_monitor.book.sums import order_sums as sums
from psf_monitor.domain.account import AccountMode
from psf_monitor.ui.orders.columns import ORDERS, is_near_fill
from psf_monitor.ui.style.theme import Theme, Tone
from psf_monitor.ui.table.model import TableModel
from psf_monitor.ui.table.panel import TablePanel

HAMMER = AccountMode.HAMMER_PRO


class OrdersPanel(TablePanel[OrderRow]):
    """The table of orders, which is read-only; the text on its right says where to change an order."""

    def __init__(self, theme: Theme, clock: Callable[[], datetime]) -> None:
        super().__init__(ORDERS, theme, clock, has_total=False)
        self._checked: tuple[str, ...] = ("",)
        self._programs = "TWS"
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._fill_remark())

    def show_checked(self, accounts: Mapping[AccountMode, AccountState]) -> None:
        """Show how old the list is.

        ``accounts`` are those that decide: IBKR's, or HAMMER's own if it is shown alone.
        """
        checked = self._how_checked(accounts)
        if checked != self._checked:
            self._checked = checked
            self._fill_remark()

    def show_state(
        self, accounts: Mapping[AccountMode, AccountState], quotes: QuoteState, near_fill: float
    ) -> None:
        """Show what is unknown of the list of ``accounts``, and which orders are within ``near_fill`` USD of
        the market.
        """
        unknown = [mode.value for mode, account in accounts.items() if account.orders_problem]
        near = sum(1 for row in self.model.rows() if is_near_fill(row))
        shown = (self.model.line(place).row for place in range(self.model.shown_count))
        out_of_sight = near - sum(1 for row in shown if is_near_fill(row)) if near else 0
        if unknown:
            self.warn("INCOMPLETE", f"orders of {formatting.listed(unknown)} are not available")
        elif quotes is QuoteState.FROZEN and self.model.row_count:
            self.warn("DISTANCES FROZEN", "")
        elif near:
            self._warn_of_near(near, out_of_sight, near_fill)
        else:
            self.warn("", "")
        self._programs = "TWS" if HAMMER not in accounts else "Hammer Pro"
        if HAMMER not in accounts and any(row.mode is HAMMER for row in self.model.matched()):
            self._programs = "TWS or Hammer Pro"
        self._fill_remark()

    def _warn_of_near(self, near: int, out_of_sight: int, near_fill: float) -> None:
        within = f"within {formatting.price(near_fill)} of the other side"
        if out_of_sight:
            elsewhere = f"{out_of_sight} not in this view"
            self.warn(f"{near} near fill", f"{within}, {elsewhere}", elsewhere)
        else:
            self.warn(f"{near} near fill", within, f"within {formatting.price(near_fill)}")

    def _how_checked(self, accounts: Mapping[AccountMode, AccountState]) -> tuple[str, ...]:
        """Return how old the oldest of these lists is, and where to change an order; longest wording
        first.
        """
        change = f"o change an order use {self._programs}"
        checked = [account.orders_checked_at for account in accounts.values() if account.orders_checked_at]
        if not checked:
            return (f"T{change}",)
        ago = formatting.ago(formatting.seconds_between(min(checked), self.clock()))
        return f"Order list checked {ago} ago  ·  t{change}", f"Order list checked {ago} ago", f"{ago} ago"

    def _fill_remark(self) -> None:
        """Show the sums of two or more selected orders, or of filtered ones; else how old the list is."""
        rows = self.view.selected_rows()
        if len(rows) < 2:
            rows = self.model.matched() if self.model.is_filtered else []
        if len(rows) < 2:
            longest, *shorter = self._checked
            self.remark.set_text(longest, Tone.TEXT2, shorter=shorter)
        else:
            sentence = f"Sum of {formatting.counted(len(rows), 'order')}: {_sums(rows, self.model)}"
            self.remark.set_text(sentence, Tone.TEXT)


def _sums(rows: list[OrderRow], model: TableModel[OrderRow]) -> str:
    """Return ``BUY 1,500 left, 36,780 USD at the limits · SELL 600 left, 1 not working``."""
    hides, parts = model.are_values_hidden, []
    for each in sums.order_sums(rows):
        left = formatting.hidden(formatting.quantity(each.remaining), hides)
        text = " ".join(filter(None, [each.side or formatting.DASH, left, each.of, "left"]))
        if each.value is not None:
            value = formatting.hidden(formatting.money(each.value), hides)
            text += f", {value} {each.currency} at the limits"
        if each.together:
            text += f", {each.together} cancel each other"
        if each.idle:
            text += f", {each.idle} not working"
        if each.uncounted:
            text += f", {each.uncounted} not counted"
        parts.append(text)
    return "  ·  ".join(parts) or formatting.DASH
