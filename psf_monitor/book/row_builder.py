"""Build the row of a key from the books of both sources."""

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec import Struct

from psf_monitor.book.account_book import AccountBook
from psf_monitor.book.account_books import AccountBooks, working_of
from psf_monitor.book.account_values import net_liquidation_of
from psf_monitor.book.day.day_book import DayBook
from psf_monitor.book.fact_book import FactBook
from psf_monitor.book.market.depths import Depths, may_be_in, own_order
from psf_monitor.book.market.trades import Figures, Trades
from psf_monitor.book.pricing_symbols import PricingSymbols
from psf_monitor.book.quotes import Quotes
from psf_monitor.book.row_figures import (
    Holding,
    Listed,
    LoginState,
    Market,
    holding_of,
    listed_of,
    order_row,
    position_row,
)
from psf_monitor.book.rows import OrderRow, PositionRow, QuoteState
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.depth import Ahead, DepthState, OwnOrder, displayed_sizes, place_in
from psf_monitor.domain.fills.trade_date import basis_of
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.market_hours import session_phase
from psf_monitor.domain.net_liquidation import NetLiquidation
from psf_monitor.domain.orders import order_standing
from psf_monitor.domain.orders.order import Order, OrderKey
from psf_monitor.domain.orders.order_standing import Circumstances
from psf_monitor.domain.position import PositionKey
from psf_monitor.domain.quote import NO_QUOTE, Quote
from psf_monitor.domain.rules import DEFAULT_RULES


class RowSources(Struct, frozen=True):
    """The books from which a row is built."""

    accounts: AccountBooks
    pricing: PricingSymbols
    prices: Quotes
    trades: Trades
    depths: Depths
    day: DayBook


class RowBuilder:
    """Builds the row of a key; ``None`` for a key that nobody holds.

    ``timed`` are the orders whose row depends on the time and is built again at every read. For a position
    for which ``renew`` was not called, only prices and prints may have changed. ``facts`` are the trader's
    own.
    """

    def __init__(self, clock: Callable[[], datetime], sources: RowSources) -> None:
        self.rules = DEFAULT_RULES
        self._clock = clock
        self._now = now = clock()
        self._phase = session_phase(now)
        self._unexpected: frozenset[AccountMode] = frozenset()
        self.timed: set[OrderKey] = set()
        self._holdings: dict[PositionKey, tuple[AccountBook, Holding, NetLiquidation]] = {}
        self._listed: dict[OrderKey, Listed] = {}
        self.facts = FactBook(now)
        self._accounts = sources.accounts
        self._pricing = sources.pricing
        self._prices = sources.prices
        self._trades = sources.trades
        self._depths = sources.depths
        self._day = sources.day

    def renew_time(self) -> datetime:
        """Build rows as of the clock's time from here on; return it."""
        self._now = self._clock()
        return self._now

    def renew_state(self) -> bool:
        """Read the phase of the session and the unexpected logins; return whether the phase has changed."""
        phase, before, accounts = session_phase(self._now), self._phase, self._accounts
        self._phase = phase
        self._unexpected = frozenset(a.mode for a in accounts if accounts.is_unexpected(a.mode))
        return phase is not before

    def position(self, key: PositionKey) -> PositionRow | None:
        """Return the row of a position, from the first profile that holds it."""
        holding = self._holdings.get(key) or self._look_up(key)
        if holding is None:
            return None
        account, held, net_liquidation = holding
        return position_row(
            held,
            self._market(held.listing, self._trades.figures(held.listing.symbol, self._now)),
            LoginState(
                account.positions_stale,
                account.mode in self._unexpected,
                account.day_gap,
                basis_of(account.day_basis, held.position.instrument),
                net_liquidation,
            ),
            rules=self.rules,
        )

    def _market(self, instrument: Instrument, figures: Figures | None = None) -> Market:
        quote, state = self._prices.of(instrument)
        if (
            quote is not None
            and state is QuoteState.LIVE
            and (quote.bid_size is None or quote.ask_size is None)
        ):
            quote = self._sized(quote, instrument.symbol)
        return Market(quote, state, self._prices.hammer_symbols.get(instrument.symbol), figures)

    def _sized(self, quote: Quote, symbol: str) -> Quote:
        """Return the quote, with missing sizes taken from the depth while that is being watched."""
        bid_size, ask_size = displayed_sizes(self._depths.report(symbol), quote.bid, quote.ask)
        return quote._replace(
            bid_size=bid_size if quote.bid_size is None else quote.bid_size,
            ask_size=ask_size if quote.ask_size is None else quote.ask_size,
        )

    def renew(self, keys: Iterable[PositionKey]) -> None:
        """Look these positions up again when they are next built."""
        for key in keys:
            known = self._holdings.pop(key, None)
            if known is not None and not self._accounts.holds(key):
                self._day.left(known[1].position)

    def _look_up(self, key: PositionKey) -> tuple[AccountBook, Holding, NetLiquidation] | None:
        account = self._accounts.owner(lambda s: key in s.positions)
        if account is None:
            return None
        position = account.positions[key]
        listing = self._pricing.listing(position.instrument, position.account)
        held = holding_of(
            position,
            listing,
            working=working_of(
                account,
                position,
                self._pricing.orders_on(position.instrument),
                self._pricing.combinations_of(position.instrument),
            ),
            other_names=self._pricing.names_of(position.instrument),
            also_quoted=self._pricing.also_quoted(position.instrument),
            known=self._day.of(position),
            facts=self.facts.of(listing) or self.facts.of(position.instrument),
        )
        self._holdings[key] = found = account, held, net_liquidation_of(account, position)
        return found

    def order(self, key: OrderKey) -> OrderRow | None:
        """Return the row of an order, from the first profile that has it."""
        self.timed.discard(key)
        account = self._accounts.owner(lambda s: key in s.orders.by_key)
        if account is None:
            self._listed.pop(key, None)
            return None
        order, placed_at = account.orders.by_key[key], account.orders.first_seen.get(key)
        listing = self._pricing.listing(order.instrument, order.account)
        known = self._listed.get(key)
        if (
            known is None
            or known.order is not order
            or (known.listing, known.placed_at) != (listing, placed_at)
        ):
            known = self._listed[key] = listed_of(order, listing, placed_at)
        market = self._market(listing)
        ahead = self._ahead(key, order, listing, market)
        if order.good_after or order.good_till or self._depths.is_disputed(listing.symbol):
            self.timed.add(key)
        return order_row(
            known,
            market,
            LoginState(account.orders.stale_since, account.mode in self._unexpected),
            rules=self.rules,
            at=Circumstances(self._now, self._phase, account.orders.is_open_parent_of(order)),
            ahead=ahead,
            facts=self.facts.of(listing) or self.facts.of(order.instrument),
        )

    def _ahead(self, key: OrderKey, order: Order, listing: Instrument, market: Market) -> Ahead | None:
        report = self._depths.report(listing.symbol)
        if report.state is DepthState.NOT_REQUESTED or not may_be_in(order.instrument, listing):
            return None
        quote = market.quote or NO_QUOTE
        is_believed = self._depths.is_believed(listing.symbol, quote.bid, quote.ask, self._now)
        own = {each.key: each for each in self._own_orders(listing, market.quote)}
        if key not in own:
            return None
        # An old depth is shown only beside old prices, where it is marked as old.
        is_current = is_believed and (report.is_live or market.state.is_old)
        return place_in(own[key], own.values(), report, is_believed=is_current)

    def _own_orders(self, listing: Instrument, quote: Quote | None) -> list[OwnOrder]:
        """Return the own orders of every account that rest in the market of this listing now."""
        found = []
        for key in sorted(self._pricing.orders_of((listing.symbol,))):
            account = self._accounts.owner(lambda s, key=key: key in s.orders.by_key)  # type: ignore[misc]
            if account is None or not may_be_in(account.orders.by_key[key].instrument, listing):
                continue
            orders = account.orders
            order = orders.by_key[key]
            at = Circumstances(self._now, self._phase, orders.is_open_parent_of(order))
            own = own_order(order, order_standing.market_position(order, quote, at), orders.stale_since)
            found += [] if own is None else [own]
        return found
