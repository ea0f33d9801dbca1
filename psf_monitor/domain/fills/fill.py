"""What was traded: executions as the broker sends them, corrects them and prices their cost."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.trade_date import TradingSession, has_us_sessions, trade_date, trading_session
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.order import display_id
from psf_monitor.domain.position import PositionKey

_CLOCKS_DIFFER = timedelta(days=366)


class FillKey(NamedTuple):
    """One execution, however often it is reported or corrected, and whichever profile reached its login."""

    account: str
    fill_id: str


class ListReach(NamedTuple):
    """How far a broker's list of executions reaches.

    ``since``: the moment from which on it is whole, UTC; ``None`` for the whole day. ``doubts``: why it may
    not be whole all the same, in sentences. ``unexplained``: what moved without an execution in it.
    """

    since: datetime | None = None
    doubts: tuple[str, ...] = ()
    unexplained: frozenset[PositionKey] = frozenset()


WHOLE_DAY = ListReach()


@dataclass(frozen=True, slots=True)
class Fill:
    """One execution: of TWS (messages 11 and 59) or of a transaction of HAMMER.

    ``fill_id`` is what its corrections share, ``revision`` counts them, ``broker_id`` is the id as the broker
    wrote it. ``at`` is UTC, made of ``reported_time``, the time as the broker wrote it. ``quantity`` is above
    0, in shares or contracts, and 0 of what the broker busted; ``price`` in contract currency; ``side`` keeps
    the broker's word when it is neither BUY nor SELL. ``commission`` is what it cost, in
    ``commission_currency``, a rebate below 0; ``realized_pnl`` is the broker's own figure, in the same
    currency, commissions included, and is reported of closing trades only. ``is_liquidation``: IBKR closed
    the position by itself (TWS API, message 11). ``None`` is what was not reported.
    """

    mode: AccountMode
    account: str
    instrument: Instrument
    fill_id: str
    revision: int
    broker_id: str
    at: datetime | None
    side: str
    quantity: float | None
    price: float | None
    venue: str = ""
    order_id: int = 0
    perm_id: int = 0
    client_id: int | None = 0
    hammer_id: str = ""
    commission: float | None = None
    commission_currency: str | None = None
    realized_pnl: float | None = None
    reported_time: str = ""
    is_liquidation: bool = False
    key: FillKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Once: of the fifty thousand of a day each is asked for it again and again.
        object.__setattr__(self, "key", FillKey(self.account, self.fill_id))

    @property
    def display_id(self) -> str:
        """The id of its order as the trader reads it; empty for none."""
        return display_id(self.hammer_id, self.order_id, self.perm_id)

    @property
    def trade_date(self) -> date | None:
        """The day on which the broker books it; ``None`` when the time is not known."""
        return None if self.at is None else trade_date(self.at, self.instrument)

    @property
    def session(self) -> TradingSession | None:
        """The session of US shares in which it was traded; ``None`` for what has none, or no known time."""
        if self.at is None or not has_us_sessions(self.instrument):
            return None
        return trading_session(self.at)

    @property
    def is_whole_order(self) -> bool:
        """Whether it stands for all that an order filled: HAMMER sent no single executions of it."""
        return self.mode is AccountMode.HAMMER_PRO and not self.broker_id

    @property
    def is_busted(self) -> bool:
        """Whether a correction took all of it back: it is no trade, and in no sum."""
        return self.quantity == 0

    @property
    def is_reported(self) -> bool:
        """Whether the broker has sent its cost; without a realized P&L it then opened or added."""
        return self.commission is not None


def believed(received: Fill, now: datetime) -> Fill:
    """The execution, without its time where that is more than a year ahead: no clock is as wrong as that."""
    return (
        received if received.at is None or received.at - now <= _CLOCKS_DIFFER else replace(received, at=None)
    )
