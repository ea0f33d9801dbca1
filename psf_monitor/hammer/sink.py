"""The interfaces that receive HAMMER's data."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from psf_monitor.connection.fill_sink import FillSink
from psf_monitor.domain.account import AccountMode, AccountSection, AccountSummary
from psf_monitor.domain.depth import DepthReport
from psf_monitor.domain.orders.order import Order
from psf_monitor.domain.position import Position
from psf_monitor.domain.quote import Print, Quote
from psf_monitor.problem import Problem


class HammerSink(Protocol):
    """Receives HAMMER's quotes, once per turn of reading rather than per tick. Keys are IBKR symbols.

    A quote is complete: everything known of its symbol, not only what changed. The mapping of ``quotes`` may
    assemble a quote when it is read, in its state at that time.
    """

    def quotes_changed(self, quotes: Mapping[str, Quote]) -> None:
        """Receive the quotes that changed; an empty ``Quote`` withdraws an earlier one."""

    def symbols_requested(self, hammer_symbols: Mapping[str, str]) -> None:
        """Receive every wanted symbol and the name under which HAMMER is asked for it."""

    def symbols_refused(self, symbols: frozenset[str]) -> None:
        """Receive all wanted symbols that HAMMER refuses now."""

    def quotes_awaited(self, *, are_awaited: bool) -> None:
        """Record that HAMMER has let this program in, so that first quotes will come; or that none will."""

    def quotes_live(self) -> None:
        """Treat the quotes received so far as current from now on."""

    def quotes_frozen(self, since: datetime) -> None:
        """Treat the quotes received so far as old; ``since`` is UTC."""

    def quotes_dropped(self) -> None:
        """Drop all quotes: the trader disconnected HAMMER."""


class PrintSink(Protocol):
    """Receives prints, once per turn of reading. Keys are IBKR symbols."""

    def prints_changed(self, prints: Mapping[str, Sequence[Print]]) -> None:
        """Receive all prints kept of each symbol that traded, oldest first; an empty list withdraws earlier
        ones.
        """


class DepthSink(Protocol):
    """Receives the depth, once per turn of reading. Keys are IBKR symbols."""

    def depth_changed(self, reports: Mapping[str, DepthReport]) -> None:
        """Receive the current reports about these shares."""


class HammerAccountSink(Protocol):
    """Receives the data of Hammer Pro's own account; ``mode`` is always ``HAMMER_PRO``."""

    def accounts_named(self, mode: AccountMode, accounts: Sequence[str]) -> None: ...
    def positions_replaced(self, mode: AccountMode, positions: Sequence[Position]) -> None: ...
    def orders_replaced(self, mode: AccountMode, orders: Sequence[Order]) -> None: ...
    def order_changed(self, mode: AccountMode, order: Order) -> None: ...
    def orders_unavailable(self, mode: AccountMode, why: Problem) -> None: ...
    def summaries_replaced(self, mode: AccountMode, summaries: Sequence[AccountSummary]) -> None: ...
    def account_problem(self, mode: AccountMode, why: Problem | None) -> None: ...
    def account_lost(self, mode: AccountMode, since: datetime, of: AccountSection | None = None) -> None: ...
    def account_dropped(self, mode: AccountMode) -> None: ...


class HammerSinks(Struct, frozen=True):
    """The receiver of each kind of HAMMER's data.

    Earlier trades are requested only if there is a sink for ``prints``, Hammer Pro's own account only if
    there is one for ``account``; ``fills`` receives its executions, ``depth`` the depth of the shares that
    are shown.
    """

    quotes: HammerSink
    prints: PrintSink | None = None
    account: HammerAccountSink | None = None
    fills: FillSink | None = None
    depth: DepthSink | None = None
