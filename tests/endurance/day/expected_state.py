"""What a window over the simulated market ought to show, next to what the book does show.

Every function answers with complaints, whole sentences; none means that all is well.
"""

from collections.abc import Iterator

from psf_monitor.book.book import Book
from psf_monitor.book.rows import OrderRow
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.orders.order import OrderStatus
from psf_monitor.sim.market.market import Market, SimOrder

GUN = AccountMode.IBKR_GUN
ACCOUNT = "U1240821"
DONE = ("Filled", "Cancelled")

Terms = tuple[object, ...]


def reported_positions(market: Market) -> dict[int, Terms]:
    """By con id: symbol, quantity, average price."""
    return {
        held.security.con_id: (
            held.security.local_symbol,
            held.quantity,
            round(held.average_cost / held.security.multiplier, 6),
        )
        for held in market.holdings_of(ACCOUNT)
    }


def positions_shown(book: Book) -> dict[int, Terms]:
    return {
        row.key.con_id: (
            row.symbol,
            row.quantity,
            None if row.average_price is None else round(row.average_price, 6),
        )
        for row in book.position_rows()
    }


def reported_orders(market: Market) -> dict[int, Terms]:
    """By perm id; the open ones."""
    return {o.perm_id: _reported_terms(o) for o in market.orders.values() if o.account == ACCOUNT}


def _reported_terms(order: SimOrder) -> Terms:
    kind = order.order_type
    stop = order.trail_stop_price if kind == "TRAIL" else order.aux_price if kind.startswith("STP") else None
    return (
        order.client_id,
        order.order_id,
        order.security.local_symbol,
        order.action,
        order.quantity,
        kind,
        order.limit_price,
        stop,
        order.tif,
        order.status,
        order.filled,
        order.remaining,
    )


def orders_shown(book: Book) -> dict[int, Terms]:
    """By perm id; the open ones."""
    ended = (*DONE, OrderStatus.GONE)
    return {row.perm_id: _terms_shown(row) for row in book.order_rows() if row.status not in ended}


def _terms_shown(row: OrderRow) -> Terms:
    return (
        row.client_id,
        row.order_id,
        row.symbol,
        row.side,
        row.quantity,
        row.order_type,
        row.limit_price,
        row.stop_price,
        row.tif,
        row.status,
        row.filled,
        row.remaining,
    )


def reported_net_liquidation(market: Market) -> float:
    rows = {(row.tag, row.currency): row.value for row in market.account_values(ACCOUNT)}
    return float(rows["NetLiquidation", "USD"])


def differences(fields: dict[int, Terms], shown: dict[int, Terms]) -> set[int]:
    """The keys that are in one only, or not the same in both."""
    return {key for key in fields.keys() | shown.keys() if fields.get(key) != shown.get(key)}


def lies(book: Book, market: Market) -> Iterator[str]:
    """Every figure that is shown as current and is not what the broker holds."""
    state = book.account_state(GUN)
    stale = {row.key.con_id for row in book.position_rows() if row.stale_since}
    reported, shown = reported_positions(market), positions_shown(book)
    for con_id in differences(reported, shown) - stale:
        # What is not shown cannot be marked: then the account as a whole has to say that it is old.
        if con_id in shown or (state.is_loaded and state.stale_since is None):
            yield f"position {reported.get(con_id)} is shown as {shown.get(con_id)}"
    stale = {row.perm_id for row in book.order_rows() if row.stale_since}
    reported, shown = reported_orders(market), orders_shown(book)
    is_silent_about_orders = state.orders_problem is None and state.orders_checked_at is not None
    for perm_id in differences(reported, shown) - stale:
        if perm_id in shown or (is_silent_about_orders and state.stale_since is None):
            yield f"order {reported.get(perm_id)} is shown as {shown.get(perm_id)}"
    for row in book.order_rows():
        done = market.completed.get(row.perm_id)
        if row.status in DONE and not row.stale_since and (done is None or done.status != row.status):
            yield f"order {row.perm_id} is shown as {row.status} and is not"
        if row.status == OrderStatus.GONE and not row.stale_since and row.perm_id in market.orders:
            yield f"order {row.perm_id} is shown as {row.status} and is open"
    strip = book.strip(GUN)
    if strip.net_liquidation not in (None, reported_net_liquidation(market)) and strip.as_of is None:
        yield f"net liquidation {reported_net_liquidation(market)} is shown as {strip.net_liquidation}"


def marked_current(book: Book) -> Iterator[str]:
    """Every figure that is not marked old."""
    yield from (f"{row.symbol} is not marked old" for row in book.position_rows() if not row.stale_since)
    yield from (f"order {row.perm_id} is not marked old" for row in book.order_rows() if not row.stale_since)
    strip = book.strip(GUN)
    if strip.net_liquidation is not None and strip.as_of is None:
        yield "net liquidation is not marked old"


def incomplete_positions(book: Book, market: Market) -> Iterator[str]:
    """What keeps the positions from being complete, right and current."""
    if differences(reported_positions(market), positions_shown(book)):
        yield f"positions {reported_positions(market)} are shown as {positions_shown(book)}"
    if any(row.stale_since for row in book.position_rows()):
        yield "positions are still marked old"


def incomplete_orders(book: Book, market: Market) -> Iterator[str]:
    """What keeps the orders from being complete, right and current."""
    reported, shown = reported_orders(market), orders_shown(book)
    yield from (
        f"order {reported.get(key)} is shown as {shown.get(key)}" for key in differences(reported, shown)
    )
    if any(row.stale_since for row in book.order_rows()):
        yield "orders are still marked old"
    if problem := book.account_state(GUN).orders_problem:
        yield f"it still says: {problem}"


def incomplete_values(book: Book, market: Market) -> Iterator[str]:
    """What keeps the account values from being right and current."""
    strip = book.strip(GUN)
    if strip.net_liquidation != reported_net_liquidation(market):
        yield f"net liquidation {reported_net_liquidation(market)} is shown as {strip.net_liquidation}"
    if strip.as_of is not None:
        yield "account values are still marked old"
