"""What an IBKR connection tells, and how patient it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from psf_monitor.domain.account import AccountMode, AccountSummary
from psf_monitor.domain.order import Order
from psf_monitor.domain.position import Position


class IbkrSink(Protocol):
    """What a connection tells of one profile's book."""

    def accounts_named(self, mode: AccountMode, accounts: Sequence[str]) -> None: ...
    def positions_replaced(self, mode: AccountMode, positions: Sequence[Position]) -> None: ...
    def position_changed(self, mode: AccountMode, position: Position) -> None: ...
    def orders_replaced(self, mode: AccountMode, orders: Sequence[Order]) -> None: ...
    def order_changed(self, mode: AccountMode, order: Order) -> None: ...
    def orders_unavailable(self, mode: AccountMode, why: str) -> None: ...
    def summaries_replaced(self, mode: AccountMode, summaries: Sequence[AccountSummary]) -> None: ...
    def account_lost(self, mode: AccountMode, since: datetime) -> None: ...
    def account_dropped(self, mode: AccountMode) -> None: ...


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. ``handshake_s`` is long: TWS may be waiting for a person to allow the connection.

    Orders of TWS itself and of other programs are not sent by themselves, so the list is asked for again and
    again (as often as the profile says, unless ``orders_every_s`` is given), and soon after anything moved.
    """

    handshake_s: float = 30.0
    answer_s: float = 10.0
    ask_again_s: float = 30.0
    orders_every_s: float | None = None
    orders_soonest_s: float = 0.3
    heartbeat_every_s: float = 15.0
    heartbeat_misses: int = 2
    settle_s: float = 0.2
