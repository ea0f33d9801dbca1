"""Convert records to table rows and back without loss."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any, TypeVar

from psf_monitor.domain.account import AccountMode, AccountSummary
from psf_monitor.domain.fills.coverage import Coverage, Span
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.domain.fills.journal_records import (
    DayCount,
    DayPoint,
    HeldPosition,
    PositionPoint,
    RecordedFill,
    Snapshot,
    SnapshotKind,
)
from psf_monitor.domain.fills.position_history import RecordedClose
from psf_monitor.domain.instrument import COMBINATION, Instrument
from psf_monitor.domain.market_hours import new_york
from psf_monitor.domain.position import PositionKey
from psf_monitor.problem import shown

FILL_COLUMNS = (
    "account, fill_id, day, first_seen_at, mode, revision, broker_id, at, con_id, symbol, kind, currency, "
    "exchange, multiplier, side, quantity, price, venue, order_id, perm_id, client_id, hammer_id, "
    "commission, commission_currency, realized_pnl, time_words, is_liquidation, price_unit, legs, liquidity, "
    "model"
)
COVERAGE_COLUMNS = "day, account, mode, first_at, last_at, spans"
UNDATED = ""
"""The day of an execution whose time is unknown."""
_UNKNOWN = ""
"""The client id of an execution whose client is unknown."""
POSITION_COLUMNS = (
    "account, con_id, symbol, currency, multiplier, quantity, average_price, mark, mark_state, "
    "market_value, unrealized_pnl, stale_since"
)
VALUE_COLUMNS = (
    "account, currency, net_liquidation, excess_liquidity, available_funds, buying_power, total_cash, "
    "gross_position_value, unrealized_pnl, realized_pnl"
)

_LARGEST = 2**63
_DIGITS = re.compile("-?[0-9]{1,40}")
_MINUTES_A_DAY = 25 * 60
"""The longest day, when New York's clocks are put back."""

_Row = Sequence[Any]
_Record = TypeVar("_Record")


_NONE_OF_THESE = "a time, a whole number or a profile is none"


class WrongValueError(Exception):
    """A row has a value that this program never writes; the text names the row and the fault."""


class _WrongKindError(ValueError):
    """A value has another type than its column; the text is for the trader."""


def _read(of: Callable[[_Row], _Record]) -> Callable[[_Row], _Record]:
    """Make a function name the row that it cannot read, in a ``WrongValueError``."""

    @wraps(of)
    def reading(row: _Row) -> _Record:
        try:
            return of(row)
        except (ValueError, TypeError, OverflowError) as error:
            begin = ", ".join(str(value) for value in row[:2])
            why = error if isinstance(error, _WrongKindError) else _NONE_OF_THESE
            raise WrongValueError(f"{begin}: {why}") from error

    return reading


def _figure(value: object) -> Any:
    if value is None or (isinstance(value, int | float) and math.isfinite(value)):
        return value
    raise _WrongKindError(f"{shown(value)} is no number")


def _whole(value: object) -> int:
    if isinstance(value, int) or (isinstance(value, str) and _DIGITS.fullmatch(value)):
        return int(value)
    raise _WrongKindError(f"{shown(value)} is no whole number")


def _text(value: object) -> Any:
    if isinstance(value, str):
        return value
    raise _WrongKindError(f"{shown(value)} is no text")


def places(columns: str) -> str:
    """Return as many question marks as there are columns."""
    return ", ".join("?" * (columns.count(",") + 1))


def time_text(at: datetime) -> str:
    """Return ISO 8601 in UTC, always with microseconds, so that texts sort like times."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def time_of(text: str) -> datetime:
    """Return the time that ``time_text`` wrote. Raises ``ValueError`` for any other text."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise _WrongKindError(f"{shown(text)} is a time without a zone")
    return at


def _time_text_or_none(at: datetime | None) -> str | None:
    return None if at is None else time_text(at)


def time_or_none(text: str | None) -> datetime | None:
    return None if text is None else time_of(text)


def whole(number: int) -> int | str:
    """Return a number that fits SQLite's 64-bit integers, or its text: brokers may send larger ones."""
    return number if -_LARGEST <= number < _LARGEST else str(number)


def of_fill(recorded: RecordedFill) -> tuple[Any, ...]:
    fill, instrument = recorded.fill, recorded.fill.instrument
    return (
        fill.account,
        fill.fill_id,
        UNDATED if recorded.day is None else recorded.day.isoformat(),
        time_text(recorded.first_seen_at),
        fill.mode.value,
        whole(fill.revision),
        fill.broker_id,
        _time_text_or_none(fill.at),
        whole(instrument.con_id),
        instrument.symbol,
        instrument.kind,
        instrument.currency,
        instrument.exchange,
        instrument.multiplier,
        fill.side,
        fill.quantity,
        fill.price,
        fill.venue,
        whole(fill.order_id),
        whole(fill.perm_id),
        _UNKNOWN if fill.client_id is None else whole(fill.client_id),
        fill.hammer_id,
        fill.commission,
        fill.commission_currency,
        fill.realized_pnl,
        fill.reported_time,
        fill.is_liquidation,
        instrument.price_unit,
        instrument.legs,
        fill.liquidity,
        fill.model,
    )


@_read
def fill_of(row: Sequence[Any]) -> RecordedFill:
    (
        account,
        fill_id,
        _day,
        first_seen_at,
        mode,
        revision,
        broker_id,
        at,
        con_id,
        symbol,
        kind,
        currency,
        exchange,
        multiplier,
        side,
        quantity,
        price,
        venue,
        order_id,
        perm_id,
        client_id,
        hammer_id,
        commission,
        commission_currency,
        realized_pnl,
        reported_time,
        is_liquidation,
        price_unit,
        legs,
        liquidity,
        model,
    ) = row
    fill = Fill(
        mode=AccountMode(mode),
        account=_text(account),
        instrument=_instrument(con_id, symbol, kind, currency, exchange, multiplier, legs, price_unit),
        fill_id=_text(fill_id),
        revision=_whole(revision),
        broker_id=_text(broker_id),
        at=time_or_none(at),
        side=_text(side),
        quantity=_figure(quantity),
        price=_figure(price),
        venue=_text(venue),
        order_id=_whole(order_id),
        perm_id=_whole(perm_id),
        client_id=None if client_id == _UNKNOWN else _whole(client_id),
        hammer_id=_text(hammer_id),
        commission=_figure(commission),
        commission_currency=None if commission_currency is None else _text(commission_currency),
        realized_pnl=_figure(realized_pnl),
        reported_time=_text(reported_time),
        is_liquidation=bool(is_liquidation),
        liquidity=_text(liquidity),
        model=_text(model),
    )
    return RecordedFill(fill, time_of(first_seen_at))


def _instrument(*row: Any) -> Instrument:
    con_id, symbol, kind, currency, exchange, multiplier, legs, price_unit = row
    if kind == COMBINATION:
        # Earlier versions stored a 1 that nobody had reported.
        multiplier = price_unit = None
    return Instrument(
        _whole(con_id),
        _text(symbol),
        _text(kind),
        _text(currency),
        _text(exchange),
        _figure(multiplier),
        _text(legs),
        _figure(price_unit),
    )


def of_coverage(coverage: Coverage) -> tuple[Any, ...]:
    spans = " ".join(f"{time_text(begin)}/{time_text(end)}" for begin, end in coverage.spans)
    return (
        coverage.day.isoformat(),
        coverage.account,
        coverage.mode.value,
        time_text(coverage.first_at),
        time_text(coverage.last_at),
        spans,
    )


@_read
def coverage_of(row: Sequence[Any]) -> Coverage:
    day, account, mode, first_at, last_at, spans = row
    pairs = (pair.split("/") for pair in spans.split())
    return Coverage(
        date.fromisoformat(day),
        AccountMode(mode),
        account,
        time_of(first_at),
        time_of(last_at),
        tuple(Span(time_of(begin), time_of(end)) for begin, end in pairs),
    )


def of_position(position: HeldPosition) -> tuple[Any, ...]:
    return (
        position.account,
        whole(position.con_id),
        position.symbol,
        position.currency,
        position.multiplier,
        position.quantity,
        position.average_price,
        position.mark,
        position.mark_state,
        position.market_value,
        position.unrealized_pnl,
        _time_text_or_none(position.stale_since),
    )


@_read
def position_of(row: Sequence[Any]) -> HeldPosition:
    for figure in row[4:11]:
        # All of these are numbers except the state of the mark.
        if figure is not row[8]:
            _figure(figure)
    plain: HeldPosition = HeldPosition(*row)
    return replace(plain, con_id=_whole(plain.con_id), stale_since=time_or_none(row[-1]))


def of_point(point: DayPoint) -> tuple[Any, ...]:
    day = new_york(point.at).date().isoformat()
    return day, "" if point.mode is None else point.mode.value, time_text(point.at), point.day_pnl


@_read
def point_of(row: Sequence[Any]) -> DayPoint:
    mode, at, day_pnl = row
    return DayPoint(time_of(at), AccountMode(mode) if mode else None, _figure(day_pnl))


def of_position_point(point: PositionPoint) -> tuple[Any, ...]:
    day, minute, _mode, key, day_pnl = point
    return day.isoformat(), key.account, key.con_id, key.symbol, minute, day_pnl


@_read
def point_on_line(row: Sequence[Any]) -> tuple[PositionKey, int, float]:
    """Return the position, the minute of the day, and the P&L in USD. Raises ``WrongValueError``."""
    account, con_id, symbol, minute, day_pnl = row
    if not isinstance(minute, int) or not 0 <= minute < _MINUTES_A_DAY:
        raise _WrongKindError(f"{shown(minute)} is no minute of a day")
    return PositionKey(_text(account), _whole(con_id), _text(symbol)), minute, float(_figure(day_pnl))


def of_values(values: AccountSummary) -> tuple[Any, ...]:
    return (
        values.account,
        values.currency,
        values.net_liquidation,
        values.excess_liquidity,
        values.available_funds,
        values.buying_power,
        values.total_cash,
        values.gross_position_value,
        values.unrealized_pnl,
        values.realized_pnl,
    )


@_read
def count_of(row: Sequence[Any]) -> DayCount:
    day, fills, snapshots = row
    return DayCount(date.fromisoformat(day), fills, snapshots)


@_read
def account_of(row: Sequence[Any]) -> tuple[AccountMode, str]:
    mode, account = row
    return AccountMode(mode), _text(account)


@_read
def close_of(row: Sequence[Any]) -> RecordedClose:
    day, mode, account, quantity, average, value, is_none = row
    held = 0.0 if is_none else _figure(quantity)
    return RecordedClose(
        date.fromisoformat(day), AccountMode(mode), _text(account), held, _figure(average), _figure(value)
    )


@_read
def values_of(row: Sequence[Any]) -> AccountSummary:
    mode, account, currency, *figures = row
    known = None if currency is None else _text(currency)
    return AccountSummary(mode, _text(account), known, *map(_figure, figures))


@_read
def snapshot_of(row: Sequence[Any]) -> Snapshot:
    """Return the snapshot without its positions and values."""
    at, kind, mode, is_current, values_as_of = row
    return Snapshot(
        time_of(at),
        SnapshotKind(kind),
        AccountMode(mode),
        bool(is_current),
        (),
        (),
        time_or_none(values_as_of),
    )
