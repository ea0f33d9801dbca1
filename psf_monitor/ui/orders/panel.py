"""The open orders: what works at the broker and how far it is from the market."""

from collections.abc import Callable, Mapping
from datetime import datetime

from psf_monitor import formatting
from psf_monitor.book.rows import AccountState, OrderRow, QuoteState
from psf_monitor.domain.account import AccountMode
from psf_monitor.ui.orders.columns import ORDERS, is_near_fill
from psf_monitor.ui.style.theme import Theme, Tone
from psf_monitor.ui.table.panel import TablePanel


class OrdersPanel(TablePanel[OrderRow]):
    """The table of orders. It reads; the words on its right say where an order is changed."""

    def __init__(self, theme: Theme, clock: Callable[[], datetime]) -> None:
        super().__init__(ORDERS, theme, clock, has_total=False)

    def show_state(
        self, accounts: Mapping[AccountMode, AccountState], quotes: QuoteState, near_fill: float
    ) -> None:
        """How old the list is, what is not known of it, what is ``near_fill`` USD from the market."""
        unknown = [mode.value for mode, account in accounts.items() if account.orders_problem]
        near = sum(1 for row in self.model.rows() if is_near_fill(row))
        shown = (self.model.line(place).row for place in range(self.model.shown_count))
        out_of_sight = near - sum(1 for row in shown if is_near_fill(row)) if near else 0
        if unknown:
            self.warn("INCOMPLETE", f"orders of {formatting.listed(unknown)} are not available")
        elif quotes is QuoteState.FROZEN and self.model.row_count:
            self.warn("DISTANCES FROZEN", "")
        elif near:
            hidden = f", {out_of_sight} not in this view" if out_of_sight else ""
            self.warn(f"{near} near fill", f"within {formatting.price(near_fill)} of the other side{hidden}")
        else:
            self.warn("", "")
        change = "o change an order use TWS"
        checked = [account.orders_checked_at for account in accounts.values() if account.orders_checked_at]
        if checked:
            ago = formatting.ago(formatting.seconds_between(min(checked), self.clock()))
            self.remark.say(f"Order list checked {ago} ago  ·  t{change}", Tone.TEXT2)
        else:
            self.remark.say(f"T{change}")
