"""Executions, as the broker reports, corrects and prices them."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.trade_date import TradingSession, has_us_sessions, trade_date, trading_session
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.market_hours import new_york
from psf_monitor.domain.orders.order import display_id
from psf_monitor.domain.position import PositionKey

_CLOCKS_DIFFER = timedelta(days=366)
_AHEAD = timedelta(minutes=1)


class FillKey(NamedTuple):
    """The identity of an execution over all its reports and corrections, whichever profile received it."""

    account: str
    fill_id: str


class ListReach(NamedTuple):
    """How much of the day a broker's list of executions covers.

    ``since`` is the moment (UTC) from which the list is complete, ``None`` for the whole day. ``caveats`` are
    sentences that say why it may be incomplete all the same. ``unexplained`` names positions that changed
    without an execution in the list.
    """

    since: datetime | None = None
    caveats: tuple[str, ...] = ()
    unexplained: frozenset[PositionKey] = frozenset()


WHOLE_DAY = ListReach()


@dataclass(frozen=True, slots=True)
class Fill:
    """One execution, from TWS (messages 11 and 59) or from a transaction of HAMMER.

    ``fill_id`` is shared by all corrections of an execution, ``revision`` numbers them, and ``broker_id`` is
    the id as the broker wrote it. ``at`` is UTC, parsed from ``reported_time``, the broker's own text.
    ``quantity`` is above 0, in shares or contracts, and 0 if the broker busted the trade; ``price`` is in
    contract currency. ``side`` keeps the broker's text if it is neither BUY nor SELL. ``commission`` is the
    cost in ``commission_currency``, negative for a rebate. ``realized_pnl`` is the broker's own figure in the
    same currency, including commissions, and is reported for closing trades only. ``is_liquidation``: IBKR
    closed the position by itself (TWS API, message 11). ``liquidity`` is what it did to that of its venue:
    added, removed or routed out, ``model`` its model portfolio (TWS API, modelCode); empty where TWS does not
    say. ``None`` was not reported.
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
    liquidity: str = ""
    model: str = ""
    key: FillKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Computed once: each of a day's fifty thousand fills is asked for it many times.
        object.__setattr__(self, "key", FillKey(self.account, self.fill_id))

    @property
    def display_id(self) -> str:
        """The id of its order as the trader reads it; empty if it has none."""
        return display_id(self.hammer_id, self.order_id, self.perm_id)

    @property
    def trade_date(self) -> date | None:
        """The day on which the broker books it; ``None`` if the time is unknown."""
        return None if self.at is None else trade_date(self.at, self.instrument)

    @property
    def session(self) -> TradingSession | None:
        """The session of US shares in which it was traded; ``None`` if it has none or the time is unknown."""
        if self.at is None or not has_us_sessions(self.instrument):
            return None
        return trading_session(self.at)

    @property
    def is_whole_order(self) -> bool:
        """Whether it stands for everything that an order filled, because HAMMER sent no single executions."""
        return self.mode is AccountMode.HAMMER_PRO and not self.broker_id

    @property
    def is_busted(self) -> bool:
        """Whether a correction cancelled it completely: it is no trade and is left out of every sum."""
        return self.quantity == 0

    @property
    def is_reported(self) -> bool:
        """Whether the broker has sent its cost. Without a realized P&L it then opened or added."""
        return self.commission is not None


def is_ahead(received: Fill, now: datetime) -> bool:
    """Return whether its time is still to come: the broker's time zone or this computer's clock is wrong."""
    return received.at is not None and received.at - now > _AHEAD


def is_of_later_day(received: Fill, now: datetime) -> bool:
    """Return whether it is dated on a day of New York that has not begun: until then it is in no sum."""
    return (
        received.at is not None and received.at > now and new_york(received.at).date() > new_york(now).date()
    )


def with_plausible_time(received: Fill, now: datetime) -> Fill:
    """Return the execution, without its time if that is more than a year ahead: no clock is that wrong."""
    return (
        received if received.at is None or received.at - now <= _CLOCKS_DIFFER else replace(received, at=None)
    )
