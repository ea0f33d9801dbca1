"""The trading session of an execution, and the trade date on which IBKR books it. Pure.

Source: IBKR's published hours. US shares trade from 20:00 of the previous evening to 03:50 (overnight), from
04:00 to 09:30, in the regular session, and from its close to 20:00. Trades from 20:00 on are booked on the
next trading day, and so are those reported on a weekend or holiday.
"""

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.market_hours import new_york, session_of

_OVERNIGHT_ENDS = time(3, 50)
_PRE_MARKET = time(4, 0)
DAY_ENDS = time(20, 0)
"""In New York; US shares traded from then on are booked on the next trading day."""
_EARLY_DAY_ENDS = time(17, 0)
_FUTURES_DAY_ENDS = time(18, 0)
_CURRENCIES_DAY_ENDS = time(17, 0)
_SATURDAY = 5
_FUTURES = frozenset({"FUT", "FOP"})


class TradingSession(StrEnum):
    """The part of New York's day in which a US share is traded."""

    OVERNIGHT = "overnight"
    PRE_MARKET = "pre-market"
    REGULAR = "regular"
    AFTER_HOURS = "after-hours"
    CLOSED = "closed"


def trading_session(at: datetime) -> TradingSession:
    """Return the session of US shares at that moment; ``CLOSED`` between sessions, on weekends and on
    holidays.
    """
    there = new_york(at)
    day, clock = there.date(), there.time()
    session = session_of(day)
    if clock >= DAY_ENDS:
        is_eve = session_of(day + timedelta(days=1)) is not None
        return TradingSession.OVERNIGHT if is_eve else TradingSession.CLOSED
    if session is None or _OVERNIGHT_ENDS <= clock < _PRE_MARKET:
        return TradingSession.CLOSED
    if clock < _OVERNIGHT_ENDS:
        return TradingSession.OVERNIGHT
    opening, close = (new_york(each).time() for each in session)
    if clock < opening:
        return TradingSession.PRE_MARKET
    if clock < close:
        return TradingSession.REGULAR
    ends = DAY_ENDS if close > time(13, 0) else _EARLY_DAY_ENDS
    return TradingSession.AFTER_HOURS if clock < ends else TradingSession.CLOSED


def has_us_sessions(instrument: Instrument) -> bool:
    """Return whether the instrument trades in the sessions of US shares."""
    return instrument.currency == "USD" and instrument.kind not in {*_FUTURES, "CASH", "CRYPTO", "CMDTY"}


def trade_date(at: datetime, instrument: Instrument) -> date:
    """Return the day on which IBKR books what was traded ``at`` that moment.

    The trading day of futures ends at 18:00 and that of currencies at 17:00 New York; crypto trades every
    day. For other countries weekends are known, but not holidays.
    """
    there = new_york(at)
    if instrument.kind == "CRYPTO":
        return there.date()
    if has_us_sessions(instrument):
        return _next(there, DAY_ENDS, is_us=True)
    if instrument.kind in _FUTURES:
        return _next(there, _FUTURES_DAY_ENDS, is_us=instrument.currency == "USD")
    return _next(there, _CURRENCIES_DAY_ENDS if instrument.kind == "CASH" else None, is_us=False)


def _next(there: datetime, day_ends: time | None, *, is_us: bool) -> date:
    day = there.date()
    if day_ends is not None and there.time() >= day_ends:
        day += timedelta(days=1)
    while day.weekday() >= _SATURDAY or (is_us and session_of(day) is None):
        day += timedelta(days=1)
    return day
