"""Who HAMMER's news is for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from psf_monitor.connection.fill_sink import FillSink
from psf_monitor.domain.account import AccountMode, AccountSummary
from psf_monitor.domain.depth import DepthReport
from psf_monitor.domain.order import Order
from psf_monitor.domain.position import Position
from psf_monitor.domain.quote import Print, Quote
from psf_monitor.problem import Problem


class HammerSink(Protocol):
    """What takes HAMMER's news in, once per turn of reading and never per tick. Keys are IBKR symbols.

    A quote is complete: everything known of its symbol, not only what changed. The mapping of ``quotes`` may
    put one together when it is looked at, as it is then.
    """

    def quotes_changed(self, quotes: Mapping[str, Quote]) -> None:
        """Take the symbols that HAMMER reported on; an empty ``Quote`` takes an earlier one back."""

    def symbols_requested(self, hammer_symbols: Mapping[str, str]) -> None:
        """Take every wanted symbol, and what HAMMER is asked for in its place."""

    def symbols_refused(self, symbols: frozenset[str]) -> None:
        """Take all the wanted symbols that HAMMER refuses now."""

    def quotes_live(self) -> None:
        """Note that the quotes handed over are current from now on."""

    def quotes_frozen(self, since: datetime) -> None:
        """Note that the quotes handed over are the last there were; ``since`` in UTC."""

    def quotes_dropped(self) -> None:
        """Note that there are no quotes: the trader disconnected HAMMER."""


class PrintSink(Protocol):
    """What takes the prints in, once per turn of reading. Keys are IBKR symbols."""

    def prints_changed(self, prints: Mapping[str, Sequence[Print]]) -> None:
        """Take all the prints kept of each symbol that traded, oldest first; none takes earlier ones back."""


class DepthSink(Protocol):
    """What takes the depth in, once per turn of reading. Keys are IBKR symbols."""

    def depth_changed(self, reports: Mapping[str, DepthReport]) -> None:
        """Take what is known now of these shares."""


class HammerAccountSink(Protocol):
    """What takes in the news of Hammer Pro's own account; ``mode`` is always ``HAMMER_PRO``."""

    def accounts_named(self, mode: AccountMode, accounts: Sequence[str]) -> None: ...
    def positions_replaced(self, mode: AccountMode, positions: Sequence[Position]) -> None: ...
    def orders_replaced(self, mode: AccountMode, orders: Sequence[Order]) -> None: ...
    def order_changed(self, mode: AccountMode, order: Order) -> None: ...
    def orders_unavailable(self, mode: AccountMode, why: Problem) -> None: ...
    def summaries_replaced(self, mode: AccountMode, summaries: Sequence[AccountSummary]) -> None: ...
    def account_problem(self, mode: AccountMode, why: Problem | None) -> None: ...
    def account_lost(self, mode: AccountMode, since: datetime) -> None: ...
    def account_dropped(self, mode: AccountMode) -> None: ...


class HammerSinks(Struct, frozen=True):
    """Who each kind of HAMMER's news is for.

    Trades so far are asked for only when somebody takes ``prints``, Hammer Pro's own account only when
    somebody takes ``account``; ``fills`` gets its executions, ``depth`` of what is looked at.
    """

    quotes: HammerSink
    prints: PrintSink | None = None
    account: HammerAccountSink | None = None
    fills: FillSink | None = None
    depth: DepthSink | None = None
