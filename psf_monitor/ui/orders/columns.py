"""The columns of the orders table."""

from datetime import datetime

from psf_monitor import formatting
from psf_monitor.book import no_price
from psf_monitor.book.rows import OrderRow, QuoteState
from psf_monitor.domain import instrument
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.orders import order, order_standing
from psf_monitor.ui.orders import attribute_text, cell_tooltips, order_marks, order_type_text
from psf_monitor.ui.orders.ahead_columns import AHEAD_COLUMNS
from psf_monitor.ui.style.shapes import Shape
from psf_monitor.ui.style.theme import Tone
from psf_monitor.ui.table.cells.column_inputs import ORDER_INPUTS, with_inputs
from psf_monitor.ui.table.columns import (
    Band,
    Column,
    Head,
    Table,
    account_text,
    account_tone,
    account_tooltip,
    always,
    figure,
    optional,
    quoted,
    secondary,
    sensitive,
    sensitive_tooltip,
    text_column,
    why_quote_not_current,
)
from psf_monitor.ui.table.facts.columns import days_columns, yield_column
from psf_monitor.ui.table.header_tooltips import ORDER_TOOLTIPS, with_tooltips


def _id(row: OrderRow) -> float:
    return order.display_number(row.order_id, row.perm_id)


def _id_text(row: OrderRow, _now: datetime) -> str:
    return row.display_id or formatting.DASH


def _perm_text(row: OrderRow, _now: datetime) -> str:
    return str(row.perm_id) if row.perm_id else formatting.DASH


def _client_text(row: OrderRow) -> str:
    client_id = order.placing_client(row)
    return formatting.DASH if client_id is None else str(client_id)


def _id_tooltip(row: OrderRow, _now: datetime) -> str:
    if row.hammer_id:
        return f"HAMMER's order id {row.hammer_id}"
    perm = str(row.perm_id) if row.perm_id else "not given yet"
    return f"Order id {row.order_id}, permanent id {perm}, {formatting.placed_by(row.client_id)}"


def _symbol(row: OrderRow) -> str:
    return row.name if row.listed_as is None else f"{row.name} → {row.listed_as}"


def _symbol_tooltip(row: OrderRow, _now: datetime) -> str:
    if row.kind == instrument.COMBINATION:
        return f"A combination on {row.symbol}: {row.legs or 'its legs are not reported'}"
    if row.listed_as is None:
        return row.symbol
    priced = "" if row.unpriced else ", and priced as that"
    return f"{row.symbol} is the same contract ({row.con_id}) as {row.listed_as}{priced}"


def _quantity(row: OrderRow, _now: datetime) -> str:
    if row.cash_quantity is None:
        return formatting.quantity(row.quantity)
    return f"{formatting.quantity(row.quantity)} {_cash(row)}"


def _plain_quantity(row: OrderRow) -> float | str | None:
    if row.cash_quantity is None:
        return row.quantity
    figures = (row.quantity, row.cash_quantity)
    plain = [formatting.calculated_cell(each, formatting.QUANTITY_DECIMALS) for each in figures]
    return " ".join(filter(None, (*plain, row.currency)))


def _cash(row: OrderRow) -> str:
    return f"{formatting.quantity(row.cash_quantity)} {row.currency}"


def _quantity_tooltip(row: OrderRow, _now: datetime) -> str:
    if row.quantity is None and "total_quantity" in row.unread:
        return f"The quantity that {row.mode.source} reports cannot be read"
    if row.cash_quantity is None:
        return formatting.quantity(row.quantity)
    return f"Given by an amount of {_cash(row)}: how many that is shows when it fills"


def _type(row: OrderRow) -> str:
    return order_type_text.type_text(row)


def _type_tooltip(row: OrderRow, now: datetime) -> str:
    return order_type_text.tooltip(row, now)


def _where_tooltip(row: OrderRow, now: datetime) -> str:
    lines = [_where(row)] if _where(row) else []
    if worth := why_quote_not_current(row, now):
        lines.append(worth)
    if row.good_after:
        lines.append(f"Good after {row.good_after}")
    if row.good_till:
        lines.append(f"Good till {row.good_till}")
    if row.conditions:
        ties = "Cancelled by" if row.ends_by_condition else "Tied to"
        lines.append(f"{ties} {formatting.counted(row.conditions, 'condition')}")
    if row.attributes:
        lines += attribute_text.about_place(row.attributes)
    lines += attribute_text.unread(row.unread, row.mode.source)
    if row.discretion:
        beyond = formatting.price(row.discretion)
        lines.append(f"Discretionary: may trade {beyond} beyond its limit, which To fill heeds")
    if row.parent_id:
        lines.append(f"Child of order {row.parent_id}")
    lines += [*order_type_text.offsets(row), *_cap(row)]
    if row.stop_price is not None:
        lines.append(f"Stop or touch price {formatting.price(row.stop_price)}")
    if row.why_held:
        lines.append(f"TWS holds it for: {row.why_held}")
    if why := _why_no_distance(row):
        lines.append(why)
    return "\n".join(lines)


def _status_tooltip(row: OrderRow, _now: datetime) -> str:
    if row.status == order.OrderStatus.GONE:
        part = ", only how much of it filled" if row.filled else ""
        return f"It left the list of open orders, and neither a status nor an execution says why{part}"
    return _status(row)


def _side_tone(row: OrderRow, _now: datetime) -> Tone:
    return order_marks.side_tone(row.side)


def _status(row: OrderRow) -> str:
    is_part = row.status == order.OrderStatus.SUBMITTED and (row.filled or 0) > 0 and (row.remaining or 0) > 0
    return f"{row.status} · part" if is_part else row.status or formatting.DASH


def _status_mark(row: OrderRow) -> tuple[Shape, Tone]:
    return order_marks.status_mark(row.status)


def _limit_tooltip(row: OrderRow, _now: datetime) -> str:
    stop = "" if row.stop_price is None else f", stop {formatting.price(row.stop_price)}"
    is_combination = row.kind == instrument.COMBINATION
    unit = formatting.unit_of_price(row.currency, row.price_unit, is_combination=is_combination)
    limit = "No limit reported" if row.limit_price is None else f"Limit {formatting.price(row.limit_price)}"
    prices = [name for name in row.unread if name in ("limit", "stop")]
    unread = f"The {' and the '.join(prices)} that {row.mode.source} reports cannot be read"
    is_known = stop or row.limit_price is not None
    known = [f"{limit}{stop} {unit}"] if is_known else [limit] * (not prices)
    return "\n".join([*known, *[unread] * bool(prices), *_cap(row)])


def _cap(row: OrderRow) -> list[str]:
    return [] if row.capped_at is None else [f"IBKR caps it at {formatting.price(row.capped_at)} for now"]


def _placed_value(row: OrderRow) -> float | None:
    return None if row.placed_at is None else row.placed_at.timestamp()


def _placed(row: OrderRow, now: datetime) -> str:
    return formatting.DASH if row.placed_at is None else formatting.short_moment(row.placed_at, now)


def _placed_tooltip(row: OrderRow, now: datetime) -> str:
    if row.placed_at is None:
        if row.mode is AccountMode.HAMMER_PRO:
            return "HAMMER reports no time; it was already open when psf_monitor connected"
        return "TWS does not report when an order was placed; it was already open when psf_monitor connected"
    at = formatting.moment(row.placed_at, now)
    return f"Placed at {at} ET, as HAMMER reports it" if row.is_placed_reported else f"First seen at {at} ET"


def _to_fill_tone(row: OrderRow, _now: datetime) -> Tone:
    return Tone.WARN if is_near_fill(row) else Tone.TEXT


_NOT_NOW = {QuoteState.FROZEN: "Frozen", QuoteState.LATE: "Late"}
"""What replaces the distance if the price is not current."""


def _to_fill_tooltip(row: OrderRow, now: datetime) -> str:
    text = _why_no_distance(row) or formatting.price(row.to_fill)
    return "\n".join(filter(None, [text, why_quote_not_current(row, now)]))


def _why_no_distance(row: OrderRow) -> str:
    why = no_price.why_no_price(row)
    is_quoted = row.bid is not None and row.ask is not None
    return f"{'No distance' if is_quoted else 'No price'}: {why}" if why else ""


def _where(row: OrderRow) -> str:
    if row.market_position in order_standing.BY_PRICE:
        return _NOT_NOW.get(row.quote_state, row.market_position.value)
    return row.market_position.value


def _where_tone(row: OrderRow, _now: datetime) -> Tone:
    return Tone.TEXT if is_near_fill(row) else Tone.TEXT2


def is_near_fill(row: OrderRow) -> bool:
    """Return whether it is near fill; never with old prices, whatever the distance."""
    return row.is_near_fill and row.quote_state is QuoteState.LIVE


_I, _C = Band.IBKR, Band.CALCULATED

ORDER_COLUMNS: tuple[Column[OrderRow], ...] = (
    text_column(
        Head("account", "Acct", _I, 58, least=40), account_text, account_tone, tooltip=account_tooltip
    ),
    Column("order_id", "Order ID", _I, 80, _id, _id_text, secondary, tooltip=_id_tooltip, least=79),
    text_column(Head("symbol", "Symbol", _I, 84, least=70), _symbol, bold=always, tooltip=_symbol_tooltip),
    text_column(Head("side", "Side", _I, 52, least=44), lambda r: r.side or formatting.DASH, _side_tone),
    sensitive(
        Column(
            "quantity",
            "Qty",
            _I,
            58,
            lambda r: r.quantity,
            _quantity,
            tooltip=_quantity_tooltip,
            least=48,
            export_value=_plain_quantity,
            decimals=formatting.QUANTITY_DECIMALS,
        )
    ),
    sensitive_tooltip(
        text_column(Head("order_type", "Type", _I, 62, least=53), _type, tooltip=_type_tooltip)
    ),
    figure(
        Head("limit_price", "Limit", _I, 70, least=60),
        lambda r: r.limit_price,
        formatting.price,
        bold=always,
        pointed=True,
        tooltip=_limit_tooltip,
    ),
    text_column(Head("tif", "TIF", _I, 44, is_wide_only=True), lambda r: r.tif or formatting.DASH, secondary),
    text_column(
        Head("status", "Status", _I, 120, least=115), _status, mark=_status_mark, tooltip=_status_tooltip
    ),
    sensitive(
        figure(
            Head("filled", "Filled", _I, 56, least=41),
            lambda r: r.filled,
            formatting.quantity,
            bold=lambda r: bool(r.filled),
        )
    ),
    sensitive(
        figure(
            Head("remaining", "Remaining", _I, 76, least=66),
            lambda r: r.remaining,
            formatting.quantity,
            tooltip=lambda r, now: cell_tooltips.remaining(r, now),
        )
    ),
    Column(
        "placed",
        "Placed",
        _I,
        66,
        _placed_value,
        _placed,
        secondary,
        is_wide_only=True,
        tooltip=_placed_tooltip,
    ),
    optional(
        figure(
            Head("stop_price", "Stop price", _I, 74), lambda r: r.stop_price, formatting.price, pointed=True
        )
    ),
    optional(text_column(Head("client_id", "Client id", _I, 66), _client_text, secondary)),
    optional(
        text_column(
            Head("reference", "Order ref", _I, 84), lambda r: r.reference or formatting.DASH, secondary
        )
    ),
    optional(
        text_column(
            Head("oca_group", "OCA group", _I, 84), lambda r: r.oca_group or formatting.DASH, secondary
        )
    ),
    optional(
        sensitive(
            text_column(
                Head("attributes", "Attributes", _I, 160),
                lambda r: "; ".join(order_type_text.attributes(r)) or formatting.DASH,
                secondary,
                tooltip=lambda r, _now: "\n".join(order_type_text.attributes(r)),
            )
        )
    ),
    optional(Column("perm_id", "Perm id", _I, 84, lambda r: r.perm_id or None, _perm_text, secondary)),
    quoted("bid", "Bid", 66, lambda r: r.bid, least=57),
    quoted("ask", "Ask", 66, lambda r: r.ask, least=57),
    figure(
        Head("to_touch", "To touch", _C, 68, is_wide_only=True),
        lambda r: r.to_touch,
        formatting.change,
        secondary,
        pointed=True,
    ),
    figure(
        Head("to_fill", "To fill", _C, 64, least=49),
        lambda r: r.to_fill,
        formatting.price,
        _to_fill_tone,
        tooltip=_to_fill_tooltip,
        bold=is_near_fill,
        pointed=True,
    ),
    optional(
        figure(
            Head("to_fill_pct", "To fill %", _C, 66),
            lambda r: r.to_fill_pct,
            formatting.percent,
            _to_fill_tone,
        )
    ),
    *AHEAD_COLUMNS,
    yield_column(
        "yield_at_limit", "Yield at limit", lambda r: r.yield_at_limit, lambda r: r.limit_price, Band.IBKR
    ),
    *days_columns(OrderRow),
    text_column(
        Head("where", "Market position", _C, 118, least=113),
        _where,
        _where_tone,
        bold=is_near_fill,
        tooltip=_where_tooltip,
    ),
)

ORDERS = Table(
    "Open orders",
    with_inputs(with_tooltips(ORDER_COLUMNS, ORDER_TOOLTIPS), ORDER_INPUTS),
    sort_key="to_fill",
    order=lambda r: (r.symbol, r.mode.value, _id(r), r.key.ids),
    is_highlighted=is_near_fill,
)
