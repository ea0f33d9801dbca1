"""The depth of the shares whose windows are open, and the trader's own orders in it."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta

from psf_monitor.book.rows import OrderRow
from psf_monitor.domain.depth import NOT_REQUESTED, DepthReport, DepthState, OwnOrder, same_price
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.orders.order import Order
from psf_monitor.domain.orders.order_attributes import may_be_undisplayed
from psf_monitor.domain.orders.order_standing import RESTING, MarketPosition, price_in_market

DISAGREES_AFTER = timedelta(seconds=2)
"""How long the best price of the depth may differ from L1: one of the two may arrive a moment later."""


class Depths:
    """The latest report of every share that is being watched, by the symbol the trader reads.

    A share is requested as long as anybody watches it; reports about other shares are dropped.
    """

    def __init__(self) -> None:
        self._reports: dict[str, DepthReport] = {}
        self._lookers: Counter[str] = Counter()
        self._on_wanted: Callable[[frozenset[str]], None] = lambda _symbols: None
        self._on_changed: list[Callable[[Collection[str]], None]] = []
        self._differs_since: dict[str, datetime] = {}

    @property
    def symbols(self) -> frozenset[str]:
        """The shares that are being watched."""
        return frozenset(self._lookers)

    def when_symbols_changed(self, listener: Callable[[frozenset[str]], None]) -> None:
        """Call ``listener`` with the exact set of watched shares, now and whenever it changes."""
        self._on_wanted = listener
        listener(self.symbols)

    def when_changed(self, listener: Callable[[Collection[str]], None]) -> Callable[[], None]:
        """Call ``listener`` with the shares whose depth has changed, until the returned function is
        called.
        """
        self._on_changed.append(listener)
        return lambda: self._on_changed.remove(listener)

    def watch(self, symbol: str) -> Callable[[], None]:
        """Request a share's depth until the returned function is called; calling it again does nothing.

        That it is asked for, or why it is not, is reported inside this call, so that no reader sees a state
        of before it.
        """
        self._lookers[symbol] += 1
        if self._lookers[symbol] == 1:
            self._reports.setdefault(symbol, DepthReport(DepthState.OFF))
            self._on_wanted(self.symbols)
            self._notify((symbol,))
        is_over = False

        def leave() -> None:
            nonlocal is_over
            if not is_over:
                is_over = True
                self._leave(symbol)

        return leave

    def depth_changed(self, reports: Mapping[str, DepthReport]) -> None:
        """Receive the latest reports of HAMMER about these shares."""
        known = {symbol: received for symbol, received in reports.items() if symbol in self._lookers}
        self._reports.update(known)
        self._notify(known)

    def report(self, symbol: str) -> DepthReport:
        """Return the report of a share; for one that nobody watches, that it is not requested."""
        return self._reports.get(symbol, NOT_REQUESTED)

    def is_believed(self, symbol: str, bid: float | None, ask: float | None, now: datetime) -> bool:
        """Return whether the best of the depth agrees with L1, or has disagreed for less than
        ``DISAGREES_AFTER``.
        """
        report = self.report(symbol)
        depth = report.depth
        pairs = ((depth.best_bid, bid), (depth.best_ask, ask)) if depth else ()
        differs = any(a is not None and b is not None and not same_price(a, b) for a, b in pairs)
        if not differs or not report.is_live:
            self._differs_since.pop(symbol, None)
            return True
        return timedelta() <= now - self._differs_since.setdefault(symbol, now) < DISAGREES_AFTER

    def is_disputed(self, symbol: str) -> bool:
        """Return whether the best of the depth differed from L1 at the last check."""
        return symbol in self._differs_since

    def _notify(self, symbols: Collection[str]) -> None:
        for listener in tuple(self._on_changed) if symbols else ():
            listener(symbols)

    def _leave(self, symbol: str) -> None:
        self._lookers[symbol] -= 1
        if not self._lookers[symbol]:
            del self._lookers[symbol]
            self._reports.pop(symbol, None)
            self._differs_since.pop(symbol, None)
            self._on_wanted(self.symbols)
            self._notify((symbol,))


def may_be_in(instrument: Instrument, listing: Instrument) -> bool:
    """Return whether an order on ``instrument`` is in the order book of ``listing``; HAMMER's, which has no
    conId, by name.
    """
    if instrument.kind != "STK":
        return False
    return not (instrument.con_id and listing.con_id) or instrument.con_id == listing.con_id


def is_in(row: OrderRow, con_id: int, symbol: str) -> bool:
    """Return whether an order is in this share, by its conId or, at HAMMER, which has none, by its symbol."""
    if row.kind != "STK":
        return False
    return row.con_id == con_id if row.con_id and con_id else row.priced_as == symbol


def own_orders(rows: Iterable[OrderRow], con_id: int, symbol: str) -> tuple[OwnOrder, ...]:
    """Return the own orders of every account that rest in the market of this share now."""
    found = (
        own_order(row, row.market_position, row.stale_since) for row in rows if is_in(row, con_id, symbol)
    )
    return tuple(each for each in found if each is not None)


def own_order(
    order: Order | OrderRow, where: MarketPosition, stale_since: datetime | None
) -> OwnOrder | None:
    """Return an order as it stands in the depth; ``None`` if it does not rest at a limit now."""
    price = price_in_market(order)
    if where not in RESTING or price is None or not order.remaining:
        return None
    return OwnOrder(
        order.key,
        order.mode,
        order.account,
        order.side,
        price,
        order.remaining,
        is_stale=stale_since is not None,
        is_hidden=order.is_hidden,
        display_size=0.0 if may_be_undisplayed(order.attributes, order.unread) else order.display_size,
    )
