"""What an IBKR connection tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from psf_monitor.domain.account import AccountMode, AccountSummary
from psf_monitor.domain.fills.fill import WHOLE_DAY, Fill, ListReach
from psf_monitor.domain.message import BrokerMessage
from psf_monitor.domain.order import Order, OrderExecution
from psf_monitor.domain.position import Position
from psf_monitor.problem import Problem


class IbkrSink(Protocol):
    """What a connection tells of one profile's book."""

    def accounts_named(self, mode: AccountMode, accounts: Sequence[str]) -> None: ...
    def positions_replaced(self, mode: AccountMode, positions: Sequence[Position]) -> None: ...
    def position_changed(self, mode: AccountMode, position: Position) -> None: ...
    def orders_replaced(self, mode: AccountMode, orders: Sequence[Order]) -> None: ...
    def order_changed(self, mode: AccountMode, order: Order) -> None: ...
    def order_executed(self, mode: AccountMode, execution: OrderExecution) -> None: ...
    def executions_listed(self, mode: AccountMode) -> None: ...
    def orders_unavailable(self, mode: AccountMode, why: Problem) -> None: ...
    def summaries_replaced(self, mode: AccountMode, summaries: Sequence[AccountSummary]) -> None: ...
    def account_problem(self, mode: AccountMode, why: Problem | None) -> None: ...
    def account_message(self, mode: AccountMode, message: BrokerMessage) -> None: ...
    def order_message(self, mode: AccountMode, message: BrokerMessage) -> None: ...
    def account_lost(self, mode: AccountMode, since: datetime) -> None: ...
    def account_dropped(self, mode: AccountMode) -> None: ...


class FillSink(Protocol):
    """What a connection tells of one profile's executions, any of them as often as it likes."""

    def fills_reported(self, mode: AccountMode, fills: Sequence[Fill]) -> None:
        """Some executions, heard live or from the list."""

    def fills_listed(self, mode: AccountMode, accounts: Sequence[str], reach: ListReach = WHOLE_DAY) -> None:
        """The broker's list has been told in full, for these accounts, as far as it reaches."""

    def fills_unavailable(self, mode: AccountMode, why: Problem) -> None:
        """From here on there may be executions that are not told, until the next list in full."""


@dataclass(frozen=True, slots=True)
class IbkrSinks:
    """Who each kind of a login's news is for. Executions are asked for only when somebody takes ``fills``."""

    book: IbkrSink
    fills: FillSink | None = None
