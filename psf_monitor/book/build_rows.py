"""One record of each source in, one row out. Pure."""

from datetime import datetime

from psf_monitor.book.rows import OrderRow, PositionRow, QuoteState
from psf_monitor.book.trades import Figures
from psf_monitor.domain import valuation
from psf_monitor.domain.indicators import deviation
from psf_monitor.domain.order import Order
from psf_monitor.domain.position import Position
from psf_monitor.domain.quote import Quote
from psf_monitor.domain.valuation import DEFAULT_RULES, MarketPosition, Rules

_NO_QUOTE = Quote()


def _difference(left: float | None, right: float | None) -> float | None:
    return None if left is None or right is None else valuation.rounded(left - right)


def _percent(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else 100 * part / abs(whole)


def position_row(
    position: Position,
    quote: Quote | None,
    quote_state: QuoteState,
    *,
    hammer_symbol: str | None,
    working_buy: float,
    working_sell: float,
    stale_since: datetime | None,
    is_excluded: bool,
    figures: Figures | None = None,
    rules: Rules = DEFAULT_RULES,
) -> PositionRow:
    """The position valued at its mark; every HAMMER and calculated figure is ``None`` without a quote."""
    shown = quote or _NO_QUOTE
    grpan = figures.grpan if figures and quote else None
    rwvap = figures.rwvap_1d if figures and quote else None
    marked = valuation.mark(shown, rules.mark)
    price, source = marked or (None, None)
    value = pnl = day = None
    if price is not None:
        value = valuation.market_value(position, price)
        pnl = valuation.unrealized_pnl(position, price)
        day = valuation.day_pnl(position, price, shown.prev_close)
    change = _difference(shown.last, shown.prev_close)
    mid = None if shown.bid is None or shown.ask is None else (shown.bid + shown.ask) / 2
    instrument = position.instrument
    return PositionRow(
        key=position.key,
        mode=position.mode,
        account=position.account,
        symbol=instrument.symbol,
        currency=instrument.currency,
        exchange=instrument.exchange,
        quantity=position.quantity,
        average_price=position.average_price,
        working_buy=working_buy,
        working_sell=working_sell,
        quote_state=quote_state,
        hammer_symbol=hammer_symbol,
        bid=shown.bid,
        ask=shown.ask,
        bid_size=shown.bid_size,
        ask_size=shown.ask_size,
        spread=_difference(shown.ask, shown.bid),
        mid=mid,
        last=shown.last,
        change=change,
        change_pct=_percent(change, shown.prev_close),
        prev_close=shown.prev_close,
        high=shown.high,
        low=shown.low,
        volume=shown.volume,
        quote_changed_at=shown.changed_at,
        grpan=grpan.price if grpan else None,
        grpan_concentration=grpan.concentration if grpan else None,
        grpan_deviation=deviation(shown.last, grpan.price if grpan else None),
        rwvap_1d=rwvap.price if rwvap else None,
        rwvap_1d_deviation=deviation(shown.last, rwvap.price if rwvap else None),
        mark=price,
        mark_source=source,
        multiplier=instrument.multiplier,
        market_value=value,
        unrealized_pnl=pnl,
        pnl_pct=_percent(pnl, valuation.cost_basis(position)),
        day_pnl=day,
        stale_since=stale_since,
        is_excluded=is_excluded,
    )


def order_row(
    order: Order,
    quote: Quote | None,
    quote_state: QuoteState,
    *,
    placed_at: datetime | None,
    stale_since: datetime | None,
    is_excluded: bool,
    rules: Rules = DEFAULT_RULES,
) -> OrderRow:
    """The order with its distances. Old prices give old distances, and never a near fill."""
    shown = quote or _NO_QUOTE
    to_fill = valuation.rounded(valuation.fill_distance(order, shown))
    is_now = quote_state is QuoteState.LIVE and stale_since is None
    near = is_now and valuation.is_near_fill(order, shown, rules.near_fill)
    where = MarketPosition.UNKNOWN if order.is_done else valuation.market_position(order, quote)
    return OrderRow(
        key=order.key,
        mode=order.mode,
        account=order.account,
        symbol=order.instrument.symbol,
        currency=order.instrument.currency,
        order_id=order.order_id,
        perm_id=order.perm_id,
        client_id=order.client_id,
        hammer_id=order.hammer_id,
        side=order.side,
        quantity=order.quantity,
        order_type=order.order_type,
        limit_price=order.limit_price,
        stop_price=order.stop_price,
        tif=order.tif,
        status=order.status,
        filled=order.filled,
        remaining=order.remaining,
        placed_at=placed_at,
        quote_state=quote_state,
        bid=shown.bid,
        ask=shown.ask,
        to_touch=None if order.is_done else valuation.rounded(valuation.touch_distance(order, shown)),
        to_fill=None if order.is_done else to_fill,
        to_fill_pct=None if order.is_done else _percent(to_fill, order.limit_price),
        market_position=where,
        is_near_fill=near,
        stale_since=stale_since,
        is_excluded=is_excluded,
    )
