"""Everything that HAMMER sent about the wanted symbols and its own account, kept across sessions."""

from collections.abc import Callable
from datetime import datetime

from psf_monitor.hammer.account.account import HammerAccount
from psf_monitor.hammer.prices.depth import DepthCache
from psf_monitor.hammer.prices.quote_cache import QuoteCache
from psf_monitor.hammer.prices.trade_cache import TradeCache
from psf_monitor.hammer.sink import HammerSinks
from psf_monitor.hammer.symbols import SymbolTable
from psf_monitor.hammer.timing import DEFAULT, HammerTiming


class Caches:
    """Quotes, trades, depth and Hammer Pro's own account, each with its sink."""

    def __init__(
        self,
        symbols: SymbolTable,
        sinks: HammerSinks,
        clock: Callable[[], datetime],
        *,
        timing: HammerTiming = DEFAULT,
    ) -> None:
        self.symbols = symbols
        self.quotes = QuoteCache(symbols, sinks.quotes)
        self.prints = TradeCache(symbols, sinks.prints)
        self.depth = DepthCache(symbols, sinks.depth)
        self.account = HammerAccount(sinks.account, symbols, sinks.fills, clock=clock, timing=timing)
        self.renew_wanted()

    def begin(self) -> None:
        """Begin a new session, in which no price has been received yet."""
        self.quotes.begin()
        self.depth.begin()

    def freeze(self, at: datetime) -> None:
        """Mark everything as old: the line was lost at ``at``."""
        self.quotes.freeze(self.quotes.last_price_at or at)
        self.depth.freeze(at)
        self.account.mark_stale(at)

    def freeze_prices(self, since: datetime) -> None:
        """Mark all prices as old: HAMMER has sent none since."""
        self.quotes.freeze(since)
        self.depth.freeze(since)

    def renew_wanted(self) -> None:
        """Read the wanted symbols again, after they or their names at HAMMER have changed."""
        self.quotes.renew_wanted()
        self.prints.renew_wanted()
        self.depth.renamed()

    def drop(self) -> None:
        """Forget everything: the trader disconnected HAMMER."""
        self.quotes.drop()
        self.prints.drop()
        self.depth.drop()
        self.account.drop()
