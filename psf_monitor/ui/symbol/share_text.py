"""The texts and figures of a share's view, for the painted parts around the ladder. Pure."""

from collections.abc import Iterable
from math import fsum

from psf_monitor import formatting
from psf_monitor.book.rows import PositionRow, QuoteState, is_old
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.day_pnl import signed_quantity
from psf_monitor.domain.fills.fill import Fill, is_ahead, is_of_later_day
from psf_monitor.domain.fills.fill_totals import counted
from psf_monitor.domain.orders.order import Side
from psf_monitor.formatting import hidden
from psf_monitor.ui.style.shapes import Shape
from psf_monitor.ui.style.sign_tone import HALF_CENT, HALF_PRICE, HALF_USD, signed_tone
from psf_monitor.ui.style.styled_text import StyledText
from psf_monitor.ui.style.theme import Tone
from psf_monitor.ui.symbol.header import Figure
from psf_monitor.ui.symbol.ladder_lines import place_text
from psf_monitor.ui.symbol.share_view import ShareView

_STATES = {
    QuoteState.LIVE: ("Live", Tone.GAIN, Shape.DISC),
    QuoteState.FROZEN: ("Frozen", Tone.WARN, Shape.HALF),
    QuoteState.LATE: ("Late", Tone.WARN, Shape.HALF),
    QuoteState.WAITING: ("Waiting", Tone.TEXT2, Shape.HALF),
    QuoteState.MISSING: ("No price", Tone.WARN, Shape.RING),
    QuoteState.OFF: ("Off", Tone.STALE, Shape.RING),
}


_BASIS_IN_SHORT = "Day P&L: the evening before is not known"


def header_figures(view: ShareView) -> list[Figure]:
    """Return the quote as the main window shows it: HAMMER's L1."""
    market, old = view.market, view.quote_state.is_old
    spread = None if market.bid is None or market.ask is None else round(market.ask - market.bid, 4)
    age = formatting.DASH
    if view.quote_changed_at is not None:
        age = formatting.age(formatting.seconds_between(view.quote_changed_at, view.now))
    change = f"{formatting.change(view.change)} {formatting.percent(view.change_pct)}"
    text, tone, light = _STATES.get(view.quote_state, ("", Tone.TEXT2, None))
    price, quantity = formatting.price, formatting.quantity
    return [
        Figure("Bid sz", StyledText(quantity(market.bid_size), is_old=old), 44),
        Figure("Bid", StyledText(price(market.bid), is_bold=not old, is_old=old, is_price=True), 48),
        Figure("Ask", StyledText(price(market.ask), is_bold=not old, is_old=old, is_price=True), 48),
        Figure("Ask sz", StyledText(quantity(market.ask_size), is_old=old), 44),
        Figure("Spread", StyledText(price(spread), is_old=old), 44),
        Figure("Last", StyledText(price(market.last), is_bold=not old, is_old=old, is_price=True), 48),
        Figure("Chg", StyledText(change, signed_tone(view.change, HALF_PRICE), is_old=old), 96),
        Figure("Age", StyledText(age), 34),
        Figure("HAMMER", StyledText(text, tone, is_bold=True), 54, light),
    ]


def holdings(view: ShareView, *, hides: bool) -> list[StyledText]:
    """Return what each login holds, ``GUN Long 3,000 @ 23.4186 +3,394``, and IBKR's total."""
    parts: list[StyledText] = []
    for row in view.positions:
        parts += [StyledText(row.mode.abbreviation, is_bold=True), *_holding(row, hides=hides)]
        if row.stale_since is not None:
            parts.append(StyledText(f"as of {formatting.moment(row.stale_since, view.now)}", Tone.WARN))
    of_ibkr = [row for row in view.positions if row.mode is not AccountMode.HAMMER_PRO]
    if len(of_ibkr) > 1:
        quantity = _sum([row.quantity for row in of_ibkr])
        pnl = _sum([row.unrealized_pnl for row in of_ibkr])
        held, money = hidden(formatting.quantity(quantity), hides), formatting.signed_money(pnl)
        parts += [
            StyledText(f"·  IBKR {held}", Tone.TEXT2),
            _money(hidden(money, hides), pnl, of_ibkr),
        ]
    if view.positions or view.closed:
        day = _sum([*(row.day_pnl for row in of_ibkr or view.positions), *(c.day_pnl for c in view.closed)])
        money = hidden(formatting.signed_money(day), hides)
        parts += [
            StyledText("Day", Tone.TEXT2),
            _money(money, day, of_ibkr or view.positions),
        ]
    return parts or [StyledText("No position in any connected account", Tone.TEXT2)]


def order_rows(view: ShareView, *, hides: bool) -> list[list[StyledText]]:
    """Return the own orders in the share, whether or not they rest in the book."""
    ahead = {order.key: found for order, found in view.lines.own}
    rows = []
    for row in view.orders:
        found = ahead.get(row.key)
        is_stale = row.stale_since is not None
        shares = formatting.quantity(found.shares if found else None)
        place = place_text(found.place, hides=hides) if found else ""
        tone = Tone.BUY if row.side == Side.BUY else Tone.SELL
        rows.append(
            [
                StyledText(row.mode.abbreviation, is_old=is_stale),
                StyledText(row.side, tone, is_bold=True, is_old=is_stale),
                StyledText(hidden(formatting.quantity(row.remaining), hides), is_old=is_stale),
                StyledText(formatting.price(row.limit_price), is_bold=True, is_old=is_stale),
                StyledText(hidden(shares, hides), is_bold=True, is_old=is_stale or view.is_old),
                StyledText(place or row.market_position.value or row.status, Tone.TEXT2, is_old=is_stale),
            ]
        )
    return rows


def fill_rows(view: ShareView, *, hides: bool) -> list[list[StyledText]]:
    """Return today's executions in the share, newest first."""
    rows = []
    for fill in reversed(counted(view.fills)):
        tone = Tone.BUY if fill.side == Side.BUY else Tone.SELL
        when = formatting.clock(fill.at) if fill.at else formatting.DASH
        when_tone = Tone.WARN if is_ahead(fill, view.now) else Tone.TEXT2
        gain = fill.realized_pnl
        rows.append(
            [
                StyledText(when, when_tone),
                StyledText(fill.mode.abbreviation, Tone.TEXT2),
                StyledText(fill.side, tone, is_bold=True),
                StyledText(hidden(formatting.quantity(fill.quantity), hides)),
                StyledText(formatting.price(fill.price), is_bold=True),
                StyledText(hidden(formatting.cents(fill.commission), hides)),
                StyledText(hidden(formatting.signed_cents(gain), hides), signed_tone(gain, HALF_CENT)),
            ]
        )
    return rows


def _of_today(view: ShareView) -> list[Fill]:
    """Return the executions that are added up: not those whose day has not begun."""
    return [fill for fill in counted(view.fills) if not is_of_later_day(fill, view.now)]


def fill_total(view: ShareView, *, hides: bool) -> list[StyledText]:
    """Return the total of today's executions in the share: bought less sold, costs and realized P&L.

    A figure that is unknown of one of them is unknown, and amounts in several currencies are not added.
    """
    fills = _of_today(view)
    if not fills:
        return []
    net = _sum([signed_quantity(fill) for fill in fills])
    currencies = {fill.commission_currency for fill in fills if fill.is_reported}
    is_known = len(currencies) == 1 and all(fill.is_reported for fill in fills)
    realized = [fill.realized_pnl for fill in fills if fill.realized_pnl is not None]
    # An execution that closes nothing has none.
    known = fsum(realized) if realized and is_known else None
    cost = _sum([fill.commission for fill in fills]) if is_known else None
    gain = hidden(formatting.signed_cents(known), hides)
    return [
        StyledText("Sum", is_bold=True),
        StyledText(""),
        StyledText(""),
        StyledText(hidden(formatting.signed_quantity(net), hides), is_bold=True),
        StyledText(""),
        StyledText(hidden(formatting.cents(cost), hides), is_bold=True),
        StyledText(gain, signed_tone(known, HALF_CENT), is_bold=True),
    ]


def fill_sentences(view: ShareView, *, hides: bool, in_short: bool = False) -> list[str]:
    """Return what was bought and sold today at which average price; ``in_short``: without the times of what
    is not known.
    """
    parts = []
    for side, verb in ((Side.BUY, "Bought"), (Side.SELL, "Sold")):
        of_side = [fill for fill in _of_today(view) if fill.side == side and fill.quantity]
        quantity = fsum(fill.quantity or 0.0 for fill in of_side)
        if quantity and all(fill.price is not None for fill in of_side):
            value = fsum((fill.quantity or 0.0) * (fill.price or 0.0) for fill in of_side)
            held = hidden(formatting.quantity(quantity), hides)
            parts.append(f"{verb} {held} @ {formatting.average_price(value / quantity)}")
    return [*(["  ·  ".join(parts)] if parts else []), *day_sentences(view, hides=hides, in_short=in_short)]


def day_sentences(view: ShareView, *, hides: bool, in_short: bool = False) -> list[str]:
    """Return how the share's day P&L is calculated: the quantity at the open, and the effect of the fills."""
    rows = [row for row in view.positions if row.mode is not AccountMode.HAMMER_PRO] or list(view.positions)
    why = next((row.day_why for row in rows if row.day_why), "")
    why = why or next((share.why for share in view.closed if share.why), "")
    if why:
        return [f"Day P&L is not known: {why}"]
    openings = [row.opening for row in rows if row.opening]
    pnl = _sum([*(row.day_pnl for row in rows), *(each.day_pnl for each in view.closed)])
    if pnl is None or len(openings) < len(rows):
        return []
    caveats = day_caveats(view, in_short=in_short)
    closed = hidden(formatting.signed_money(fsum(each.day_pnl or 0.0 for each in view.closed)), hides)
    if not rows:
        return [f"Day P&L {closed}, closed today", *caveats]
    held = hidden(formatting.quantity(fsum(each.quantity for each in openings)), hides)
    by_fills = fsum(row.earned.by_fills or 0.0 for row in rows if row.earned)
    move = None if rows[0].mark is None or rows[0].prev_close is None else rows[0].mark - rows[0].prev_close
    text = f"Day P&L {hidden(formatting.signed_money(pnl), hides)} = {held} at open × "
    text += formatting.change(move)
    if any(row.traded.fills for row in rows):
        sign = "−" if by_fills < 0 else "+"
        text += f" {sign} {hidden(formatting.money(abs(by_fills)), hides)} by fills"
    if view.closed:
        text += f", and {closed} closed today"
    return [text, *caveats]


def day_caveats(view: ShareView, *, in_short: bool = False) -> list[str]:
    """Return what the share's day P&L leaves out or assumes, each sentence once."""
    rows = [row for row in view.positions if row.mode is not AccountMode.HAMMER_PRO] or list(view.positions)
    if in_short:
        bases = (*(row.day_basis for row in rows), *(each.basis for each in view.closed))
        sentences = [*(row.day_gap for row in rows), _BASIS_IN_SHORT if any(bases) else ""]
    else:
        sentences = [*(row.day_caveat for row in rows), *(each.basis for each in view.closed)]
    return list(dict.fromkeys(filter(None, sentences)))


def _holding(row: PositionRow, *, hides: bool) -> list[StyledText]:
    side = "Short" if (row.quantity or 0) < 0 else "Long"
    quantity = hidden(formatting.quantity(row.quantity), hides)
    cost = formatting.average_price(row.average_price)
    pnl = row.unrealized_pnl
    money = hidden(formatting.signed_money(pnl), hides)
    return [
        StyledText(f"{side} {quantity} @ {cost}", is_old=row.stale_since is not None),
        _money(money, pnl, [row]),
    ]


def _money(text: str, amount: float | None, rows: Iterable[PositionRow]) -> StyledText:
    """Return an amount made from these positions, which is old where one of them is."""
    tone = signed_tone(amount, HALF_USD)
    return StyledText(text, tone, is_bold=True, is_old=any(map(is_old, rows)))


def _sum(figures: list[float | None]) -> float | None:
    """Return the sum, or ``None`` as soon as one figure is unknown: a partial sum would look complete."""
    known = [figure for figure in figures if figure is not None]
    return fsum(known) if figures and len(known) == len(figures) else None
