"""The current values of what alerts compare; nothing if they are unknown or not current."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from psf_monitor.book.book import Book
from psf_monitor.book.rows import ClosedToday, OrderRow, PositionRow, QuoteState, is_old
from psf_monitor.connection.status import LinkState, LinkStatus
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.domain.alerts.alert import Alert, AlertKind
from psf_monitor.domain.depth import same_price
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.market_hours import opened_at
from psf_monitor.domain.orders.order import Order, Side
from psf_monitor.domain.orders.order_standing import price_in_market

_NO_FIGURE = {
    QuoteState.OFF: "HAMMER is not connected",
    QuoteState.WAITING: "no quote yet",
    QuoteState.MISSING: "HAMMER has no quote",
    QuoteState.FROZEN: "quotes frozen",
    QuoteState.LATE: "quotes come late",
}
_DOWN = frozenset({LinkState.RECONNECTING, LinkState.FAILED, LinkState.CUT_OFF, LinkState.SILENT})


def is_of(alert: Alert, mode: AccountMode, *names: str) -> bool:
    """Return whether the alert is about this login's share, by any of its names."""
    return alert.mode in (None, mode) and alert.symbol in ("", *names)


def figure_now(book: Book, alert: Alert) -> tuple[float | None, str]:
    """Return the figure that is compared, if any, and why nothing can fire at present."""
    match alert.kind:
        case AlertKind.PRICE:
            return _price(book, alert)
        case AlertKind.PNL | AlertKind.SIZE:
            found = list(figures(book, alert))
            if len(found) == 1:
                return found[0][1], ""
            return None, "several orders" if found else _why_none(book, alert)
        case _:
            return None, _why_unseen(book, alert)


def _why_unseen(book: Book, alert: Alert) -> str:
    """Return why an event of an alert without a figure would not be noticed at present."""
    if alert.kind in (AlertKind.ORDER, AlertKind.NEAR_FILL):
        modes = AccountMode if alert.mode is None else (alert.mode,)
        if all(book.current_orders(mode) is None for mode in modes):
            return "no current list of orders"
    if alert.kind in (AlertKind.NEAR_FILL, AlertKind.QUIET):
        state = book.prices.state_of(alert.symbol) if alert.symbol else book.prices.state
        return _NO_FIGURE.get(state, "")
    return ""


def _price(book: Book, alert: Alert) -> tuple[float | None, str]:
    quote = None if book.pricing.is_another_share(alert.symbol) else book.prices.current(alert.symbol)
    if quote is None:
        return None, _why_none(book, alert)
    price: float | None = getattr(quote, alert.what)
    return price, "" if price is not None else f"no {alert.what}"


def _why_none(book: Book, alert: Alert) -> str:
    if book.pricing.is_another_share(alert.symbol):
        return "HAMMER's share of that name may be another one"
    state = book.prices.state_of(alert.symbol) if alert.symbol else book.prices.state
    if state is not QuoteState.LIVE:
        return _NO_FIGURE[state]
    return "no such order in the market" if alert.kind is AlertKind.SIZE else "a part of it is not known"


def figures(book: Book, alert: Alert) -> Iterator[tuple[str, float]]:
    """Yield each figure that a level is compared with, under a stable name: a P&L, or an order's displayed
    size.
    """
    if alert.kind is AlertKind.PNL:
        pnl = _pnl(book, alert)
        if pnl is not None:
            yield "", pnl
        return
    for order in _orders(book, alert):
        size = _size_at(book, order)
        if size is not None:
            yield _name_of(order), size


def _pnl(book: Book, alert: Alert) -> float | None:
    """Return the sum as in the total row, except for shares that HAMMER does not know; only while all else is
    known and current. Shares that were closed today are in a day P&L.
    """
    is_day, held = alert.what == "day", _held(book, alert)
    closed = _closed(book, alert) if is_day else []
    parts = [row.day_pnl if is_day else row.unrealized_pnl for row in held]
    parts += [share.day_pnl for share in closed]
    known = [part for part in parts if part is not None]
    if not parts or len(known) < len(parts) or any(map(is_old, held)):
        return None
    if alert.symbol:
        currencies = {row.currency for row in held} | {share.currency for share in closed}
        return sum(known) if len(currencies) == 1 else None
    totals = book.totals(_modes(alert))
    if totals.is_frozen or totals.excluded_modes:
        return None
    return totals.day_pnl if is_day else totals.unrealized_pnl


def rests_on(book: Book, alert: Alert) -> str:
    """Return what a day P&L that is compared assumes without knowing it, in sentences; empty if nothing."""
    if alert.kind is not AlertKind.PNL or alert.what != "day":
        return ""
    if not alert.symbol:
        return " ".join(book.totals(_modes(alert)).day_basis)
    return " ".join(dict.fromkeys(row.day_basis for row in _held(book, alert) if row.day_basis))


def _modes(alert: Alert) -> tuple[AccountMode, ...]:
    return IBKR_MODES if alert.mode is None else (alert.mode,)


def _held(book: Book, alert: Alert) -> list[PositionRow]:
    """Return the positions that a P&L is the sum of."""
    return [
        row
        for row in book.position_rows()
        if row.mode in _modes(alert)
        and is_of(alert, row.mode, row.symbol, *row.other_names)
        and not row.is_excluded
        and row.quote_state is not QuoteState.MISSING
    ]


def _closed(book: Book, alert: Alert) -> list[ClosedToday]:
    """Return the shares that were closed today, or left, and are in a day P&L."""
    excluded = book.totals(_modes(alert)).excluded_modes
    return [
        share
        for share in book.closed_today()
        if share.mode in _modes(alert)
        and is_of(alert, share.mode, share.symbol)
        and share.mode not in excluded
        # One that left without an execution is unknown, whether HAMMER knows it or not.
        and (share.quote_state is not QuoteState.MISSING or not share.traded.fills)
    ]


def _orders(book: Book, alert: Alert) -> Iterator[Order]:
    for mode in AccountMode:
        for order in book.current_orders(mode) or ():
            is_resting = not order.is_done and order.limit_price is not None
            if is_resting and is_of(alert, mode, *book.pricing.names(order.instrument)):
                yield order


def _size_at(book: Book, order: Order) -> float | None:
    """Return the size displayed at the order's price: from L1 if that is the best price, else from the
    depth.
    """
    listing, price = book.pricing.listing(order.instrument, order.account), price_in_market(order)
    assert price is not None
    quote, state = book.prices.of(listing)
    if quote is None or state is not QuoteState.LIVE:
        return None
    is_buy = order.side == Side.BUY
    best, size = (quote.bid, quote.bid_size) if is_buy else (quote.ask, quote.ask_size)
    if best is not None and size is not None and same_price(best, price):
        return size
    report = book.depths.report(listing.symbol)
    if not report.is_live or report.depth is None or not report.depth.is_whole(order.side):
        return None
    rows = report.depth.bids if is_buy else report.depth.asks
    return sum(level.size for level in rows if same_price(level.price, price))


def near_fills(book: Book, alert: Alert) -> Iterator[tuple[str, bool, str]]:
    """Yield, for each order with a known distance, whether it is near fill, and the sentence of a change."""
    for row in book.order_rows():
        is_known = row.quote_state is QuoteState.LIVE and row.stale_since is None and row.to_fill is not None
        names = book.pricing.names(Instrument(row.con_id, row.symbol, row.kind, legs=row.legs))
        if is_known and is_of(alert, row.mode, *names):
            name = f"{row.mode.short} {row.side} {row.symbol}"
            key = _name_of(row)
            yield key, row.is_near_fill, f"{name} near fill {alert.what}"


def gone_orders(book: Book, names: Iterable[str]) -> list[str]:
    """Return those of these orders that the current list of their account or login lacks."""
    listed: set[str] = set()
    holders: set[str] = set()
    for mode in AccountMode:
        if (orders := book.current_orders(mode)) is not None:
            listed.update(map(_name_of, orders))
            holders.update(book.account_state(mode).accounts, (mode.value,))
            holders.update(("hammer",) if mode is AccountMode.HAMMER_PRO else ())
    return [name for name in names if name not in listed and name.partition("/")[0] in holders]


def _name_of(known: Order | OrderRow) -> str:
    """Return a stable name of a working order; orders that share an id have names of their own."""
    return known.key.ids


def is_quiet(book: Book, alert: Alert, now: datetime) -> bool | None:
    """Return whether the share has not changed for that long of today's session; ``None`` out of hours or
    without a current quote.
    """
    quote = None if book.pricing.is_another_share(alert.symbol) else book.prices.current(alert.symbol)
    opened = opened_at(now)
    if quote is None or quote.changed_at is None or opened is None:
        return None
    return now - max(quote.changed_at, opened) >= timedelta(minutes=alert.figure or 0.0)


def is_down(status: LinkStatus) -> bool | None:
    """Return whether an established connection is lost; ``None`` if it is not wanted, or not yet
    established.
    """
    if status.state is LinkState.READY:
        return False
    if status.state in _DOWN and (status.lost_at is not None or status.up_since is not None):
        return True
    return None if status.state is LinkState.IDLE else _still(status)


def _still(status: LinkStatus) -> bool | None:
    """Return the same state while it reconnects."""
    return True if status.lost_at is not None else None
