"""One execution, as PSFALGO's programs read it. Pure."""

from dataclasses import dataclass
from datetime import datetime

from psf_monitor.api.records.fields import order_id_of
from psf_monitor.domain.fills.fill import Fill, is_of_later_day


@dataclass(frozen=True, slots=True)
class FillRecord:
    """One execution. ``qty`` is above 0; 0 is an execution that the broker busted, which is in no sum. A
    negative ``commission`` is a rebate; null was not reported.

    ``trade_date`` is the day on which IBKR books it and ``session`` the session of US shares in which it was
    traded; both and ``timestamp`` are null if ``time_as_reported``, the time as the broker wrote it, is not
    unambiguous. ``kind`` is TWS's security type, ``BAG`` a combination whose legs are reported besides it.
    ``liquidation``: IBKR closed the position by itself. A ``price`` of 1 is ``price_unit`` of the currency
    for each unit of the ``multiplier``: 0.01 for pence and cents, 10 for bonds in percent of 1,000; both are
    null until TWS has reported them, and for a combination, whose legs have their own. ``liquidity`` is
    added, removed or routed out, ``model_code`` its model portfolio; null if TWS does not report it.
    ``later_day``: it is dated on a day that has not begun, and in no sum.
    """

    fill_id: str
    order_id: int | str
    perm_id: int | None
    account: str
    account_type: str
    symbol: str
    con_id: int | None
    side: str
    qty: float | None
    price: float | None
    currency: str
    timestamp: str | None
    venue: str
    commission: float | None
    commission_currency: str | None
    realized_pnl: float | None
    trade_date: str | None
    session: str | None
    kind: str
    liquidation: bool
    time_as_reported: str
    price_unit: float | None
    multiplier: float | None
    liquidity: str | None
    model_code: str | None
    later_day: bool


def fill(known: Fill, now: datetime) -> FillRecord:
    """Return the record of an execution at this moment (UTC)."""
    return FillRecord(
        fill_id=known.broker_id or known.fill_id,
        order_id=order_id_of(known),
        perm_id=known.perm_id or None,
        account=known.account,
        account_type=known.mode.value,
        symbol=known.instrument.symbol,
        con_id=known.instrument.con_id or None,
        side=known.side,
        qty=known.quantity,
        price=known.price,
        currency=known.instrument.currency,
        timestamp=known.at.isoformat() if known.at else None,
        venue=known.venue,
        commission=known.commission,
        commission_currency=known.commission_currency,
        realized_pnl=known.realized_pnl,
        trade_date=None if known.trade_date is None else known.trade_date.isoformat(),
        session=known.session,
        kind=known.instrument.kind,
        liquidation=known.is_liquidation,
        time_as_reported=known.reported_time,
        price_unit=known.instrument.price_unit,
        multiplier=known.instrument.multiplier,
        liquidity=known.liquidity or None,
        model_code=known.model or None,
        later_day=is_of_later_day(known, now),
    )
