"""The trading session of an execution, and the trade date on which IBKR books it. Pure.

Source: IBKR's published hours. US shares trade from 20:00 of the previous evening to 03:50 (overnight), from
04:00 to 09:30, in the regular session, and from its close to 20:00. Trades from 20:00 on are booked on the
next trading day, and so are those reported on a weekend or holiday.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.market_hours import NEW_YORK, new_york, session_of

_OVERNIGHT_ENDS = time(3, 50)
_PRE_MARKET = time(4, 0)
DAY_ENDS = time(20, 0)
"""In New York; US shares traded from then on are booked on the next trading day."""
_EARLY_DAY_ENDS = time(17, 0)
_SATURDAY = 5
_FUTURES = frozenset({"FUT", "FOP"})


class TradingDay(NamedTuple):
    """The trading day of a kind of contract: it ends at ``ends`` New York, and the next one begins then.

    ``is_us``: on US holidays nothing is booked. ``name`` is of what, empty for shares and all like them.
    """

    ends: time
    is_us: bool
    name: str


SHARES = TradingDay(DAY_ENDS, True, "")
_US_FUTURES = TradingDay(time(18, 0), True, "futures")
_FUTURES_ABROAD = _US_FUTURES._replace(is_us=False)
_CURRENCIES = TradingDay(time(17, 0), False, "currencies")
TRADING_DAYS = (SHARES, _US_FUTURES, _FUTURES_ABROAD, _CURRENCIES)


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
    return TradingSession.AFTER_HOURS if clock < _ends(session[1]) else TradingSession.CLOSED


def day_end(day: date) -> datetime | None:
    """Return when US shares stop trading after hours on this day, in UTC; ``None`` if they do not."""
    session = session_of(day)
    return None if session is None else datetime.combine(day, _ends(session[1]), NEW_YORK).astimezone(UTC)


def _ends(close: datetime) -> time:
    return DAY_ENDS if new_york(close).time() > time(13, 0) else _EARLY_DAY_ENDS


@lru_cache
def trading_day(kind: str, currency: str) -> TradingDay | None:
    """Return the trading day of contracts of this kind; ``None`` if it is the calendar day, or not known."""
    if kind in _FUTURES:
        return _US_FUTURES if currency == "USD" else _FUTURES_ABROAD
    if kind == "CASH":
        return _CURRENCIES
    return SHARES if currency == "USD" and kind not in {"CRYPTO", "CMDTY"} else None


def basis_of(bases: Mapping[TradingDay, str], instrument: Instrument) -> str:
    """Return what the day P&L of this contract assumes; ``bases`` say it for each trading day."""
    of_kind = trading_day(instrument.kind, instrument.currency) if bases else None
    return "" if of_kind is None else bases.get(of_kind, "")


def has_us_sessions(instrument: Instrument) -> bool:
    """Return whether the instrument trades in the sessions of US shares."""
    return trading_day(instrument.kind, instrument.currency) is SHARES


def trade_date(at: datetime, instrument: Instrument) -> date:
    """Return the day on which IBKR books what was traded ``at`` that moment.

    The trading day of futures ends at 18:00 and that of currencies at 17:00 New York; crypto trades every
    day. For other countries weekends are known, but not holidays.
    """
    there = new_york(at)
    if instrument.kind == "CRYPTO":
        return there.date()
    of_kind = trading_day(instrument.kind, instrument.currency)
    day = there.date()
    if of_kind is not None and there.time() >= of_kind.ends:
        day += timedelta(days=1)
    while not is_booked_on(day, of_kind):
        day += timedelta(days=1)
    return day


def is_booked_on(day: date, of_kind: TradingDay | None) -> bool:
    """Return whether executions of this kind can have that trade date."""
    is_us = of_kind is not None and of_kind.is_us
    return day.weekday() < _SATURDAY and not (is_us and session_of(day) is None)
