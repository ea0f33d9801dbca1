"""The tooltips of the positions' cells: the calculation behind a figure, or why there is none."""

from datetime import datetime

from psf_monitor import formatting
from psf_monitor.book import no_price
from psf_monitor.book.rows import PositionRow, QuoteState
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.indicators import RWVAP_LEAST_PRINTS
from psf_monitor.ui.table.columns import why_quote_not_current


def age(row: PositionRow, now: datetime) -> str:
    alias = f" (asked as {row.hammer_symbol})" if row.hammer_symbol else ""
    if row.quote_state is QuoteState.MISSING:
        why = f": {no_price.why_no_price(row)}" if row.unpriced is not None else ""
        return f"HAMMER has no quote for {row.symbol}{alias}{why}"
    if row.quote_changed_at is None:
        return "No quote yet"
    changed = f"price or size last changed at {formatting.moment(row.quote_changed_at, now)} ET"
    return "\n".join(filter(None, [f"{row.symbol}{alias}: {changed}", why_quote_not_current(row, now)]))


def working(row: PositionRow, _now: datetime) -> str:
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


def symbol(row: PositionRow, _now: datetime) -> str:
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


def mark(row: PositionRow, _now: datetime) -> str:
    return _not_valued(row) if row.mark is None else f"{formatting.price(row.mark)} ({_mark(row)})"


def market_value(row: PositionRow, _now: datetime) -> str:
    if row.mark is None:
        return _not_valued(row)
    shares, price = formatting.quantity(row.quantity), formatting.price(row.mark)
    return f"{shares} × {price}{_times(row)} ({_mark(row)}) in {row.currency}"


def average_price(row: PositionRow, _now: datetime) -> str:
    unknown = "multiplier" if row.multiplier is None else "unit of its price"
    if None in (row.multiplier, row.price_unit):
        return f"Not known: {row.mode.source} does not say what the {unknown} is"
    if row.average_price is None:
        return f"{row.mode.source} reports no average price that can be read"
    unit = formatting.unit_of_price(row.currency, row.price_unit)
    of_hammer = ", as HAMMER reports it; whether with commissions it does not say"
    costs = of_hammer if row.mode is AccountMode.HAMMER_PRO else ", commissions included"
    return f"{formatting.average_price(row.average_price)} {unit}{costs}"


def grpan(row: PositionRow, figure: str) -> str:
    """Return the figure, or why no print makes one."""
    return figure if row.grpan is not None else _no_prints(row, "no print that counts is known of it")


def rwvap(row: PositionRow, figure: str) -> str:
    """Return the figure, or why no prints make one."""
    few = f"fewer than {RWVAP_LEAST_PRINTS} prints that count are known of it, over a day"
    return figure if row.rwvap_1d is not None else _no_prints(row, few)


def _no_prints(row: PositionRow, why: str) -> str:
    has_quote = row.quote_state in (QuoteState.LIVE, QuoteState.LATE, QuoteState.FROZEN)
    return f"Not known: {why if has_quote else no_price.why_no_price(row)}"


def cost_basis(row: PositionRow, now: datetime) -> str:
    if row.quantity is None:
        return f"{row.mode.source} does not say how much is held"
    if row.cost_basis is None:
        return average_price(row, now)
    shares, price = formatting.quantity(row.quantity), formatting.average_price(row.average_price)
    return f"{shares} × {price}{_times(row)} in {row.currency}"


def net_liquidation_pct(row: PositionRow, _now: datetime) -> str:
    if row.market_value is None:
        return _not_valued(row)
    whole = row.net_liquidation
    if whole.amount is None:
        return f"Not known: {whole.why}"
    review = ", which IBKR is reviewing" if whole.is_in_review else ""
    value, of = formatting.money(row.market_value), formatting.money(whole.amount)
    return f"{value} of {of} {row.currency}, the net liquidation of {formatting.masked(row.account)}{review}"


def unrealized_pnl(row: PositionRow, _now: datetime) -> str:
    if row.mark is None:
        return _not_valued(row)
    return (
        f"{formatting.quantity(row.quantity)} × "
        f"({formatting.price(row.mark)} − {formatting.average_price(row.average_price)})"
        f"{_times(row)} ({_mark(row)}) in {row.currency}"
    )


def day_pnl(row: PositionRow, _now: datetime) -> str:
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


def size(row: PositionRow, size: float | None) -> str:
    if size is None and row.quote_state is QuoteState.LIVE:
        return "HAMMER's quote reports no size here; the share's window (Enter) has that of its depth"
    return formatting.quantity(size)


def quantity(row: PositionRow, _now: datetime) -> str:
    shown = formatting.quantity(row.quantity)
    if not row.models:
        return shown
    of = formatting.listed([f"{formatting.quantity(held)} {name or 'no model'}" for name, held in row.models])
    return f"{shown} over all model portfolios: {of}"
