"""Events of orders: filled, partly filled, cancelled, rejected; each is reported once.

Orders are compared with their state in the last current list. An order that is filled at once may never be
listed: its execution reports it.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import product

from msgspec import Struct

from psf_monitor import formatting
from psf_monitor.alerts import alert_text
from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.clock import long_past
from psf_monitor.domain.fills.fill import Fill, FillKey
from psf_monitor.domain.orders.order import Order, OrderKey, OrderStatus, lasting_id

_NEW_FOR = timedelta(minutes=2)
"""An execution older than this is history."""
_FILL_KEPT_S = 2 * _NEW_FOR.total_seconds()
_LISTED_WITHIN = timedelta(seconds=5)
"""How long an order's own list has to report it before its execution does."""

OrderName = tuple[AccountMode, str, str, int]
"""Login, lasting id, account and contract, as several orders may share a permanent id."""

_CANCELLED = frozenset({OrderStatus.CANCELLED, OrderStatus.API_CANCELLED})
_FILLED = ("part filled", "filled")
_REJECTED = frozenset({OrderStatus.INACTIVE, OrderStatus.REJECTED})


class OrderEvent(Struct, frozen=True):
    """An event of an order; ``price`` is the average fill price, if known.

    ``names`` are all symbols of the share, the order's own first.
    """

    key: str
    what: str
    mode: AccountMode
    names: tuple[str, ...]
    text: str
    masked: str
    price: float | None


class _Arrivals:
    """The accounts that have come to a login: what their orders have filled before is history."""

    _LISTS = 2
    """A list may have been on its way when they came."""

    def __init__(self) -> None:
        self._accounts: frozenset[str] = frozenset()
        self._checked_at: datetime | None = None
        self._lists: dict[str, int] = {}

    def look(self, accounts: Collection[str], checked_at: datetime | None) -> Collection[str]:
        """Return the accounts whose orders were placed before, though they are new in the list of
        ``checked_at``.
        """
        if checked_at != self._checked_at:
            self._checked_at = checked_at
            self._lists = {account: lists - 1 for account, lists in self._lists.items() if lists > 1}
        if accounts and self._accounts:
            self._lists |= dict.fromkeys(set(accounts) - self._accounts, self._LISTS)
        self._accounts = frozenset(accounts) or self._accounts
        return self._lists


class OrderWatch:
    """Compares the orders with their previous state."""

    def __init__(self, book: Book, fills: Fills, clock: Callable[[], datetime]) -> None:
        self._book = book
        self._fills = fills
        self._clock = clock
        self._listed: dict[AccountMode, list[Order]] = {}
        self._seen: dict[AccountMode, dict[OrderKey, Order]] = {}
        self._arrivals = {mode: _Arrivals() for mode in AccountMode}
        self._names: set[OrderName] = set()
        self._filled_at: dict[OrderName, datetime] = {}
        """When a fill was last reported, of what an execution may still report."""
        self._executed: set[FillKey] | None = None
        self._revision = -1
        self._pending: dict[FillKey, tuple[Fill, datetime]] = {}

    @property
    def is_waiting(self) -> bool:
        """Return whether an execution waits for a list to report its order, which time alone may decide."""
        return bool(self._pending)

    def remember(self, filled: Mapping[OrderName, datetime]) -> None:
        """Set the orders of which a fill was reported before this start, and when (UTC)."""
        self._filled_at |= filled
        self._names |= filled.keys()

    @property
    def filled(self) -> dict[OrderName, datetime]:
        """Return the orders of which a fill was reported so lately that their executions are still news, and
        when (UTC).
        """
        for name in long_past(self._filled_at, _FILL_KEPT_S, self._clock()):
            del self._filled_at[name]
        return dict(self._filled_at)

    def events(self) -> list[OrderEvent]:
        """Return what has happened since the last call."""
        found: list[OrderEvent] = []
        for mode in AccountMode:
            state, now = self._book.account_state(mode), self._book.current_orders(mode)
            came = self._arrivals[mode].look(state.accounts, state.orders_checked_at)
            if now is None or now == self._listed.get(mode):
                continue
            self._listed[mode] = now
            before = self._seen.get(mode)
            orders = {order.key: order for order in now}
            if before is not None:
                for key, order in orders.items():
                    if key not in before and order.account in came:
                        continue
                    of_order = _of(before.get(key), order, self._book.pricing.names(order.instrument))
                    if any(event.what in _FILLED for event in of_order):
                        self._filled_at[_name_of(order)] = self._clock()
                    found += of_order
            self._seen[mode] = orders
            self._names |= {_name_of(order) for order in now}
        return [*found, *self._of_fills()]

    def _of_fills(self) -> list[OrderEvent]:
        """Return the fills of orders that no list has reported."""
        now = self._clock()
        if self._fills.revision != self._revision:
            self._revision = self._fills.revision
            self._read_fills(now)
        found = []
        for key, (fill, since) in tuple(self._pending.items()):
            if since > now:
                # The clock was set back.
                self._pending[key] = fill, now
            elif now - since >= _LISTED_WITHIN or fill.mode not in self._seen:
                del self._pending[key]
                if self._names.isdisjoint(_names_of(fill)):
                    self._names.add(name := _name_of(fill))
                    self._filled_at[name] = now
                    found.append(_executed(fill, self._book.pricing.names(fill.instrument)))
        return found

    def _read_fills(self, now: datetime) -> None:
        fills = self._fills.fills()
        if self._executed is not None:
            for fill in fills:
                is_new = fill.at is not None and now - fill.at < _NEW_FOR
                if fill.key not in self._executed and is_new and not fill.is_busted:
                    self._pending[fill.key] = (fill, now)
        self._executed = {fill.key for fill in fills}


def _name_of(known: Order | Fill) -> OrderName:
    """Return what an execution and its order have in common; a combination's legs are other contracts."""
    con_id = 0 if known.instrument.is_combination else known.instrument.con_id
    return known.mode, lasting_id(known), known.account, con_id


def _names_of(fill: Fill) -> Iterator[OrderName]:
    """Yield the names of all orders that the execution may belong to, with its account and contract or
    without.
    """
    mode, order_id, account, con_id = _name_of(fill)
    return ((mode, order_id, *rest) for rest in product({account, ""}, {con_id, 0}))


def _of(before: Order | None, order: Order, names: tuple[str, ...]) -> list[OrderEvent]:
    if before is not None and (before.filled, before.status) == (order.filled, order.status):
        return []
    what = ""
    if (order.filled or 0) > ((before.filled or 0) if before else 0):
        is_whole = order.status == OrderStatus.FILLED or order.remaining == 0
        what = _FILLED[is_whole]
    elif before is None or before.status == order.status:
        return []
    elif order.status == OrderStatus.FILLED:
        what = _FILLED[True]
    elif order.status in _CANCELLED:
        what = "cancelled"
    elif order.status in _REJECTED:
        what = "rejected"
    if not what:
        return []
    text, masked = alert_text.of_order(order, what, is_fill=what in _FILLED)
    return [OrderEvent(lasting_id(order), what, order.mode, names, text, masked, order.average_fill_price)]


def _executed(fill: Fill, names: tuple[str, ...]) -> OrderEvent:
    name = f"{fill.mode.short} {fill.side} {fill.instrument.name} filled"
    price, quantity = formatting.price(fill.price), formatting.quantity(fill.quantity)
    return OrderEvent(
        lasting_id(fill),
        "filled",
        fill.mode,
        names,
        f"{name}: {quantity} at {price}",
        f"{name}: {formatting.HIDDEN} at {price}",
        fill.price,
    )
