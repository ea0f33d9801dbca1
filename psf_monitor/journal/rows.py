"""Records to rows of the tables and back; what goes in comes out the same."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from psf_monitor.domain.account import AccountMode, AccountSummary
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.domain.fills.journal_records import Coverage, DayPoint, HeldPosition, RecordedFill, Span
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.market_hours import new_york

FILL_COLUMNS = (
    "account, fill_id, day, first_seen_at, mode, revision, broker_id, at, con_id, symbol, kind, currency, "
    "exchange, multiplier, side, quantity, price, venue, order_id, perm_id, client_id, hammer_id, "
    "commission, commission_currency, realized_pnl, time_words, is_liquidation, price_unit, legs"
)
WATCHED_COLUMNS = "day, account, mode, first_at, last_at, spans"
UNDATED = ""
"""The day of an execution whose time is not known."""
POSITION_COLUMNS = (
    "account, con_id, symbol, currency, multiplier, quantity, average_price, mark, mark_state, "
    "market_value, unrealized_pnl, stale_since"
)
VALUE_COLUMNS = (
    "account, currency, net_liquidation, excess_liquidity, available_funds, buying_power, total_cash, "
    "gross_position_value, unrealized_pnl, realized_pnl"
)

_LARGEST = 2**63


def places(columns: str) -> str:
    """As many question marks as there are columns."""
    return ", ".join("?" * (columns.count(",") + 1))


def time_text(at: datetime) -> str:
    """ISO 8601 in UTC, always with microseconds, so that the text sorts as the time does."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def time_of(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _time_text_or_none(at: datetime | None) -> str | None:
    return None if at is None else time_text(at)


def time_or_none(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def whole(number: int) -> int | str:
    """SQLite's integers have 64 bits; those of the wire have what the broker wrote."""
    return number if -_LARGEST <= number < _LARGEST else str(number)


def of_fill(kept: RecordedFill) -> tuple[Any, ...]:
    fill, instrument = kept.fill, kept.fill.instrument
    return (
        fill.account,
        fill.fill_id,
        UNDATED if kept.day is None else kept.day.isoformat(),
        time_text(kept.first_seen_at),
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
        whole(fill.client_id),
        fill.hammer_id,
        fill.commission,
        fill.commission_currency,
        fill.realized_pnl,
        fill.time_words,
        fill.is_liquidation,
        instrument.price_unit,
        instrument.legs,
    )


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
        time_words,
        is_liquidation,
        price_unit,
        legs,
    ) = row
    fill = Fill(
        mode=AccountMode(mode),
        account=account,
        instrument=Instrument(int(con_id), symbol, kind, currency, exchange, multiplier, legs, price_unit),
        fill_id=fill_id,
        revision=int(revision),
        broker_id=broker_id,
        at=time_or_none(at),
        side=side,
        quantity=quantity,
        price=price,
        venue=venue,
        order_id=int(order_id),
        perm_id=int(perm_id),
        client_id=int(client_id),
        hammer_id=hammer_id,
        commission=commission,
        commission_currency=commission_currency,
        realized_pnl=realized_pnl,
        time_words=time_words,
        is_liquidation=bool(is_liquidation),
    )
    return RecordedFill(fill, time_of(first_seen_at))


def of_watched(watched: Coverage) -> tuple[Any, ...]:
    spans = " ".join(f"{time_text(begin)}/{time_text(end)}" for begin, end in watched.spans)
    return (
        watched.day.isoformat(),
        watched.account,
        watched.mode.value,
        time_text(watched.first_at),
        time_text(watched.last_at),
        spans,
    )


def watched_of(row: Sequence[Any]) -> Coverage:
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


def position_of(row: Sequence[Any]) -> HeldPosition:
    plain: HeldPosition = HeldPosition(*row)
    return replace(plain, con_id=int(plain.con_id), stale_since=time_or_none(row[-1]))


def of_point(point: DayPoint) -> tuple[Any, ...]:
    day = new_york(point.at).date().isoformat()
    return day, "" if point.mode is None else point.mode.value, time_text(point.at), point.day_pnl


def point_of(row: Sequence[Any]) -> DayPoint:
    mode, at, day_pnl = row
    return DayPoint(time_of(at), AccountMode(mode) if mode else None, day_pnl)


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


def values_of(mode: AccountMode, row: Sequence[Any]) -> AccountSummary:
    return AccountSummary(mode, *row)
