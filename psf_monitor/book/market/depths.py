"""The depth of the shares that somebody looks at, and my orders in it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from psf_monitor.book.rows import OrderRow
from psf_monitor.domain.depth import NOT_ASKED, DepthReport, DepthState, OwnOrder
from psf_monitor.domain.placement import MarketPosition

_RESTING = frozenset(
    {
        MarketPosition.CROSSES_ASK,
        MarketPosition.CROSSES_BID,
        MarketPosition.AT_BID,
        MarketPosition.AT_ASK,
        MarketPosition.INSIDE,
        MarketPosition.BEHIND_BID,
        MarketPosition.BEHIND_ASK,
        MarketPosition.NO_QUOTE,
    }
)
"""The words of an order that has a limit at which it rests now."""


class Depths:
    """The latest report of every share that is looked at, by the symbol the trader reads.

    A share is asked for as long as anybody looks at it; what is told of another is dropped.
    """

    def __init__(self) -> None:
        self._reports: dict[str, DepthReport] = {}
        self._lookers: Counter[str] = Counter()
        self._on_wanted: Callable[[frozenset[str]], None] = lambda _symbols: None

    @property
    def symbols(self) -> frozenset[str]:
        """The shares that are looked at."""
        return frozenset(self._lookers)

    def when_wanted(self, listener: Callable[[frozenset[str]], None]) -> None:
        """Tell ``listener`` the exact set of shares that are looked at, now and whenever it differs."""
        self._on_wanted = listener
        listener(self.symbols)

    def look_at(self, symbol: str) -> Callable[[], None]:
        """Ask for a share's depth until what is returned is called, which may be often."""
        self._lookers[symbol] += 1
        if self._lookers[symbol] == 1:
            self._reports.setdefault(symbol, DepthReport(DepthState.OFF))
            self._on_wanted(self.symbols)
        is_over = False

        def leave() -> None:
            nonlocal is_over
            if not is_over:
                is_over = True
                self._leave(symbol)

        return leave

    def depth_changed(self, reports: Mapping[str, DepthReport]) -> None:
        """What HAMMER's side knows now of these shares."""
        self._reports.update((symbol, told) for symbol, told in reports.items() if symbol in self._lookers)

    def report(self, symbol: str) -> DepthReport:
        """What is known of a share's depth; of one that nobody looks at, that it is not asked for."""
        return self._reports.get(symbol, NOT_ASKED)

    def _leave(self, symbol: str) -> None:
        self._lookers[symbol] -= 1
        if not self._lookers[symbol]:
            del self._lookers[symbol]
            self._reports.pop(symbol, None)
            self._on_wanted(self.symbols)


def is_in(row: OrderRow, con_id: int, symbol: str) -> bool:
    """Whether an order is in this very share: its conId says so, at HAMMER, which has none, its symbol."""
    if row.kind != "STK":
        return False
    return row.con_id == con_id if row.con_id and con_id else row.symbol == symbol


def own_orders(rows: Iterable[OrderRow], con_id: int, symbol: str) -> tuple[OwnOrder, ...]:
    """My orders that rest in the market of this share now, of every account."""
    return tuple(
        OwnOrder(
            row.key,
            row.mode,
            row.account,
            row.side,
            row.limit_price,
            row.remaining,
            row.stale_since is not None,
        )
        for row in rows
        if is_in(row, con_id, symbol)
        and row.market_position in _RESTING
        and row.limit_price is not None
        and row.remaining
    )
