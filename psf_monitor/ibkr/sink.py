"""What an IBKR connection tells, and how patient it is."""

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
    def account_said(self, mode: AccountMode, message: BrokerMessage) -> None: ...
    def order_said(self, mode: AccountMode, message: BrokerMessage) -> None: ...
    def account_lost(self, mode: AccountMode, since: datetime) -> None: ...
    def account_dropped(self, mode: AccountMode) -> None: ...


class FillSink(Protocol):
    """What a connection tells of one profile's executions, any of them as often as it likes."""

    def fills_told(self, mode: AccountMode, fills: Sequence[Fill]) -> None:
        """Some executions, heard live or from the list."""

    def fills_listed(self, mode: AccountMode, accounts: Sequence[str], reach: ListReach = WHOLE_DAY) -> None:
        """The broker's list has been told in full, for these accounts, as far as it reaches."""

    def fills_unavailable(self, mode: AccountMode, why: Problem) -> None:
        """From here on there may be executions that are not told, until the next list in full."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. ``handshake_s`` is long: TWS may be waiting for a person to allow the connection.

    Orders of TWS itself and of other programs are not sent by themselves, so the list is asked for again and
    again (as often as the profile says, unless ``orders_every_s`` is given), and soon after anything moved.
    The list of executions is asked for again after anything moved, and while orders are working. A gap of
    ``asleep_after_s`` between two pulses is a computer that slept. A data farm that is called connected
    ``farms_after_s`` or more after TWS lost IBKR, with no worse word within ``farms_settle_s``, is taken for
    TWS being back: what it says of farms along with the loss itself is what it knew before. Whether account
    values are ready is waited for ``readiness_s`` behind them.
    """

    handshake_s: float = 30.0
    answer_s: float = 10.0
    ask_again_s: float = 30.0
    orders_every_s: float | None = None
    orders_soonest_s: float = 0.3
    executions_every_s: float = 60.0
    executions_soonest_s: float = 3.0
    heartbeat_every_s: float = 15.0
    heartbeat_misses: int = 2
    pulse_s: float = 1.0
    asleep_after_s: float = 10.0
    farms_after_s: float = 1.0
    farms_settle_s: float = 2.0
    settle_s: float = 0.2
    readiness_s: float = 2.0
