"""The columns of the positions table."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from psf_monitor import formatting
from psf_monitor.book import no_price
from psf_monitor.book.rows import PositionRow, QuoteState
from psf_monitor.domain.account import AccountMode
from psf_monitor.ui.base.view_options import QUIET_AFTER_MIN
from psf_monitor.ui.style.sign_tone import HALF_CENT, HALF_PRICE, HALF_USD, signed_tone
from psf_monitor.ui.style.theme import Tone
from psf_monitor.ui.table.cells.column_inputs import POSITION_INPUTS, with_inputs
from psf_monitor.ui.table.columns import (
    Band,
    Column,
    Head,
    Table,
    account_number,
    account_text,
    account_tone,
    account_tooltip,
    always,
    figure,
    optional,
    quoted,
    secondary,
    sensitive,
    text_column,
    why_quote_not_current,
)
from psf_monitor.ui.table.facts.columns import days_columns, yield_column
from psf_monitor.ui.table.header_tooltips import POSITION_TOOLTIPS, with_tooltips

if TYPE_CHECKING:
    from psf_monitor.domain.position import PositionKey

Figure = Callable[[PositionRow], float | None]


def _signed(get: Figure, zero: float) -> Callable[[PositionRow, datetime], Tone]:
    """Return a tone function for gain or loss by the sign as shown; ``zero`` is half of the last digit."""

    def tone(row: PositionRow, _now: datetime) -> Tone:
        return signed_tone(get(row), zero)

    return tone


def _age_value(row: PositionRow) -> float | None:
    return None if row.quote_changed_at is None else -row.quote_changed_at.timestamp()


def _age(row: PositionRow, now: datetime) -> str:
    if row.quote_changed_at is not None:
        return formatting.age(formatting.seconds_between(row.quote_changed_at, now))
    return "none" if row.quote_state is QuoteState.MISSING else formatting.DASH


def _age_tone(row: PositionRow, now: datetime, quiet_after_min: int = QUIET_AFTER_MIN) -> Tone:
    if row.quote_changed_at is None:
        return Tone.MISSING if row.quote_state is QuoteState.MISSING else Tone.TEXT2
    is_quiet = now - row.quote_changed_at >= timedelta(minutes=quiet_after_min)
    return Tone.WARN if is_quiet else Tone.TEXT2


def _age_tooltip(row: PositionRow, now: datetime) -> str:
    alias = f" (asked as {row.hammer_symbol})" if row.hammer_symbol else ""
    if row.quote_state is QuoteState.MISSING:
        why = f": {no_price.why_no_price(row)}" if row.unpriced is not None else ""
        return f"HAMMER has no quote for {row.symbol}{alias}{why}"
    if row.quote_changed_at is None:
        return "No quote yet"
    changed = f"price or size last changed at {formatting.moment(row.quote_changed_at, now)} ET"
    return "\n".join(filter(None, [f"{row.symbol}{alias}: {changed}", why_quote_not_current(row, now)]))


def _working_value(row: PositionRow) -> float | None:
    return (row.working.buy + row.working.sell) or None


def _working(row: PositionRow, _now: datetime) -> str:
    buy, sell = row.working.buy, row.working.sell
    if buy and sell:
        known = f"B {formatting.quantity(buy)} S {formatting.quantity(sell)}"
    else:
        known = (
            f"BUY {formatting.quantity(buy)}" if buy else f"SELL {formatting.quantity(sell)}" if sell else ""
        )
    # A quantity that cannot be counted must not look like zero.
    uncounted = f"+{len(row.working.uncounted)} ?" if row.working.uncounted else ""
    return f"{known} {uncounted}".strip()


def _working_tooltip(row: PositionRow, _now: datetime) -> str:
    sides = [("BUY", row.working.buy), ("SELL", row.working.sell)]
    lines = [f"Still to {side}: {formatting.quantity(shares)}" for side, shares in sides if shares]
    for group in row.working.groups:
        of = f"OCA group {group.name}" if group.name else "children of one order"
        lines.append(
            f"{group.orders} {group.side} orders of {formatting.quantity(group.ordered)} together ({of}): "
            f"one cancels the others, at most {formatting.quantity(group.at_most)} can fill"
        )
    lines += [f"Not counted: order {order.order_id}, {order.why}" for order in row.working.uncounted]
    if lines and row.other_names:
        lines.append(f"Also named {formatting.listed(list(row.other_names))}, the same contract")
    return "\n".join(lines)


def _symbol(row: PositionRow) -> str:
    return row.symbol if row.listed_as is None else f"{row.symbol} → {row.listed_as}"


def _symbol_tooltip(row: PositionRow, _now: datetime) -> str:
    if not row.other_names:
        return row.symbol
    others = formatting.listed(list(row.other_names))
    priced = "" if row.listed_as is None or row.unpriced else f", priced as {row.listed_as}"
    if row.also_quoted:
        too = formatting.listed(list(row.also_quoted))
        priced += f"; HAMMER quotes {too}, too: the name in most positions counts, else the newest"
    return f"{row.symbol}; also held or ordered as {others}, the same contract ({row.key.con_id}){priced}"


def _times(row: PositionRow) -> str:
    return "" if row.multiplier == 1 else f" × {formatting.quantity(row.multiplier)}"


def _not_valued(row: PositionRow) -> str:
    why = no_price.why_no_price(row)
    if row.unpriced is None and row.quote_state in (QuoteState.LIVE, QuoteState.LATE, QuoteState.FROZEN):
        return f"Not valued: {why}"
    return f"No quote: not valued ({why})"


def _mark(row: PositionRow) -> str:
    source = "" if row.mark_source is None else row.mark_source.value
    return f"{source}, market {formatting.price(row.bid)}/{formatting.price(row.ask)}"


def _mark_tooltip(row: PositionRow, _now: datetime) -> str:
    return _not_valued(row) if row.mark is None else f"{formatting.price(row.mark)} ({_mark(row)})"


def _digits(number: float | None) -> str:
    return formatting.DASH if number is None else f"{number:.0f}"


def _value_sum(row: PositionRow, _now: datetime) -> str:
    if row.mark is None:
        return _not_valued(row)
    shares, price = formatting.quantity(row.quantity), formatting.price(row.mark)
    return f"{shares} × {price}{_times(row)} ({_mark(row)}) in {row.currency}"


def _average_price_tooltip(row: PositionRow, _now: datetime) -> str:
    unknown = "multiplier" if row.multiplier is None else "unit of its price"
    if None in (row.multiplier, row.price_unit):
        return f"Not known: {row.mode.source} does not say what the {unknown} is"
    if row.average_price is None:
        return f"{row.mode.source} reports no average price that can be read"
    unit = formatting.unit_of_price(row.currency, row.price_unit)
    of_hammer = ", as HAMMER reports it; whether with commissions it does not say"
    costs = of_hammer if row.mode is AccountMode.HAMMER_PRO else ", commissions included"
    return f"{formatting.average_price(row.average_price)} {unit}{costs}"


def _pnl_sum(row: PositionRow, _now: datetime) -> str:
    if row.mark is None:
        return _not_valued(row)
    return (
        f"{formatting.quantity(row.quantity)} × "
        f"({formatting.price(row.mark)} − {formatting.average_price(row.average_price)})"
        f"{_times(row)} ({_mark(row)}) in {row.currency}"
    )


def _day_sum(row: PositionRow, _now: datetime) -> str:
    if row.day_why:
        return f"Not known: {row.day_why}"
    if row.earned is None or row.opening is None:
        return _not_valued(row) if row.mark is None else "Needs a quote and HAMMER's previous close"
    lines = []
    if row.opening.quantity:
        move = f"{formatting.price(row.mark)} − {formatting.price(row.prev_close)} previous close"
        lines.append(f"{formatting.quantity(row.opening.quantity)} at the open × ({move}){_times(row)}")
    if row.traded.fills:
        by_fills = formatting.signed_cents(row.earned.by_fills)
        lines.append(f"{by_fills} by {formatting.counted(row.traded.fills, 'execution')} of today")
    lines.append(f"in {row.currency}, without commissions; the quantity at the open is {row.opening.source}")
    return "\n".join((*lines, *filter(None, [row.day_gap, row.day_basis])))


def _side_tone(row: PositionRow, _now: datetime) -> Tone:
    return Tone.SHORT if row.quantity is not None and row.quantity < 0 else Tone.TEXT2


def _side(row: PositionRow) -> str:
    if not row.quantity:
        return formatting.DASH if row.quantity is None else "Flat"
    return "SHORT" if row.quantity < 0 else "Long"


def _size_tooltip(row: PositionRow, size: float | None) -> str:
    if size is None and row.quote_state is QuoteState.LIVE:
        return "HAMMER's quote reports no size here; the share's window (Enter) has that of its depth"
    return formatting.quantity(size)


def _models(row: PositionRow, _now: datetime) -> str:
    shown = formatting.quantity(row.quantity)
    if not row.models:
        return shown
    of = formatting.listed([f"{formatting.quantity(held)} {name or 'no model'}" for name, held in row.models])
    return f"{shown} over all model portfolios: {of}"


def _change(row: PositionRow) -> float | None:
    return row.change


def _unrealized(row: PositionRow) -> float | None:
    return row.unrealized_pnl


def _pnl_pct(row: PositionRow) -> float | None:
    return row.pnl_pct


def _day(row: PositionRow) -> float | None:
    return row.day_pnl


_I, _H, _C = Band.IBKR, Band.HAMMER, Band.CALCULATED
_change_tone = _signed(_change, HALF_PRICE)
_unrealized_tone = _signed(_unrealized, HALF_USD)
_pnl_pct_tone = _signed(_pnl_pct, HALF_CENT)
_day_tone = _signed(_day, HALF_USD)

_TO_EX_DIVIDEND, _TO_CALL = days_columns(PositionRow)

POSITION_COLUMNS: tuple[Column[PositionRow], ...] = (
    text_column(
        Head("account", "Acct", _I, 58, least=44), account_text, account_tone, tooltip=account_tooltip
    ),
    text_column(Head("symbol", "Symbol", _I, 84), _symbol, bold=always, tooltip=_symbol_tooltip),
    text_column(Head("side", "Side", _I, 50), _side, _side_tone),
    sensitive(
        figure(Head("quantity", "Qty", _I, 60), lambda r: r.quantity, formatting.quantity, tooltip=_models)
    ),
    figure(
        Head("average_price", "Avg px", _I, 74, least=73),
        lambda r: r.average_price,
        formatting.average_price,
        secondary,
        tooltip=_average_price_tooltip,
    ),
    figure(
        Head("bid_size", "Bid sz", _H, 46, is_wide_only=True),
        lambda r: r.bid_size,
        formatting.quantity,
        secondary,
        tooltip=lambda r, _now: _size_tooltip(r, r.bid_size),
    ),
    quoted("bid", "Bid", 66, lambda r: r.bid),
    quoted("ask", "Ask", 66, lambda r: r.ask),
    figure(
        Head("ask_size", "Ask sz", _H, 48, is_wide_only=True),
        lambda r: r.ask_size,
        formatting.quantity,
        secondary,
        tooltip=lambda r, _now: _size_tooltip(r, r.ask_size),
    ),
    figure(
        Head("spread", "Spread", _H, 54, is_wide_only=True),
        lambda r: r.spread,
        formatting.price,
        secondary,
        pointed=True,
    ),
    quoted("last", "Last", 66, lambda r: r.last, bold=always),
    figure(Head("change", "Chg", _H, 54), _change, formatting.change, _change_tone, pointed=True),
    figure(
        Head("change_pct", "Chg %", _H, 56, is_wide_only=True),
        lambda r: r.change_pct,
        formatting.percent,
        _change_tone,
    ),
    Column("age", "Age", _H, 44, _age_value, _age, _age_tone, is_timed=True, tooltip=_age_tooltip),
    optional(figure(Head("volume", "Volume", _H, 70), lambda r: r.volume, formatting.quantity, secondary)),
    optional(quoted("high", "High", 66, lambda r: r.high, tinted=False)),
    optional(quoted("low", "Low", 66, lambda r: r.low, tinted=False)),
    optional(quoted("prev_close", "Prev close", 74, lambda r: r.prev_close, tinted=False)),
    optional(quoted("grpan", "GRPAN", 66, lambda r: r.grpan, tinted=False)),
    optional(
        figure(
            Head("grpan_concentration", "GRPAN conc.", _H, 90),
            lambda r: r.grpan_concentration,
            formatting.share,
            secondary,
        )
    ),
    optional(
        figure(
            Head("grpan_deviation", "GRPAN dev.", _H, 84),
            lambda r: r.grpan_deviation,
            formatting.change,
            pointed=True,
        )
    ),
    optional(quoted("rwvap_1d", "RWVAP 1d", 70, lambda r: r.rwvap_1d, tinted=False)),
    optional(
        figure(
            Head("rwvap_1d_deviation", "RWVAP dev.", _H, 84),
            lambda r: r.rwvap_1d_deviation,
            formatting.deviation,
            pointed=True,
        )
    ),
    optional(
        text_column(
            Head("hammer_symbol", "HAMMER sym", _H, 84),
            lambda r: r.hammer_symbol or formatting.DASH,
            secondary,
        )
    ),
    optional(figure(Head("mid", "Mid", _C, 66), lambda r: r.mid, formatting.price, secondary, pointed=True)),
    optional(
        figure(
            Head("mark", "Mark", _C, 66),
            lambda r: r.mark,
            formatting.price,
            pointed=True,
            tooltip=_mark_tooltip,
        )
    ),
    sensitive(
        figure(
            Head("market_value", "Mkt value", _C, 86, least=76),
            lambda r: r.market_value,
            formatting.money,
            tooltip=_value_sum,
        )
    ),
    sensitive(
        figure(
            Head("unrealized_pnl", "Unrlzd P&L", _C, 84),
            _unrealized,
            formatting.signed_money,
            _unrealized_tone,
            bold=always,
            tooltip=_pnl_sum,
        )
    ),
    figure(Head("pnl_pct", "P&L %", _C, 62, is_wide_only=True), _pnl_pct, formatting.percent, _pnl_pct_tone),
    sensitive(
        figure(Head("day_pnl", "Day P&L", _C, 70), _day, formatting.signed_money, _day_tone, tooltip=_day_sum)
    ),
    yield_column("current_yield", "Cur yield", lambda r: r.current_yield, lambda r: r.mark, Band.CALCULATED),
    _TO_EX_DIVIDEND,
    _TO_CALL,
    optional(Column("day_line", "Day line", _C, 94, _day, lambda _r, _now: "", line=lambda _r: ())),
    sensitive(
        Column("working", "Working", _I, 88, _working_value, _working, secondary, tooltip=_working_tooltip)
    ),
    optional(
        text_column(Head("exchange", "Exchange", _I, 76), lambda r: r.exchange or formatting.DASH, secondary)
    ),
    optional(figure(Head("con_id", "ConId", _I, 84), lambda r: r.key.con_id or None, _digits, secondary)),
    optional(text_column(Head("account_number", "Account number", _I, 108), account_number, secondary)),
)

POSITIONS = Table(
    "Positions",
    with_inputs(with_tooltips(POSITION_COLUMNS, POSITION_TOOLTIPS), POSITION_INPUTS),
    sort_key="symbol",
    order=lambda r: (r.symbol, r.mode.value, r.account, r.key.con_id),
)


def positions_table(
    quiet_after_min: Callable[[], int], day_line: "Callable[[PositionKey], Sequence[float]]"
) -> Table[PositionRow]:
    """Return the table with ages that are marked after the number of minutes set at that moment.

    ``day_line`` returns a position's day P&L by the minutes of the day.
    """
    differs: dict[str, dict[str, Any]] = {
        "age": {"tone": lambda row, now: _age_tone(row, now, quiet_after_min())},
        "day_line": {"line": lambda row: day_line(row.key)},
    }
    columns = tuple(
        replace(column, **differs[column.key]) if column.key in differs else column
        for column in POSITIONS.columns
    )
    return replace(POSITIONS, columns=columns)
