"""One record of each source in, one row out."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import NamedTuple

from psf_monitor.book.account_book import AccountBook
from psf_monitor.book.account_books import AccountBooks, working_of
from psf_monitor.book.day.day_book import NOTHING_OF_TODAY, DayBook, DayKnown
from psf_monitor.book.facts.fact_book import FactBook
from psf_monitor.book.listings import Listings
from psf_monitor.book.market.depths import Depths, may_be_in, own_order
from psf_monitor.book.quotes import Quotes
from psf_monitor.book.rows import OrderRow, PositionRow, QuoteState
from psf_monitor.book.trades import Figures, Trades
from psf_monitor.book.working import NOTHING_WORKS, Working
from psf_monitor.domain import day_pnl, placement, valuation
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.day_pnl import DayEarned
from psf_monitor.domain.depth import Ahead, DepthState, OwnOrder, place_in
from psf_monitor.domain.facts import ShareFacts
from psf_monitor.domain.indicators import deviation
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.listing import unpriced
from psf_monitor.domain.market_hours import session_phase
from psf_monitor.domain.order import Order, OrderKey
from psf_monitor.domain.placement import NOTHING_KNOWN, Circumstances
from psf_monitor.domain.position import Position, PositionKey
from psf_monitor.domain.quote import Quote
from psf_monitor.domain.valuation import DEFAULT_RULES, MarkRule, MarkSource, Rules

_NO_QUOTE = Quote()


def _difference(left: float | None, right: float | None) -> float | None:
    return None if left is None or right is None else valuation.rounded(left - right)


def _percent(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else 100 * part / abs(whole)


class Market(NamedTuple):
    """What HAMMER tells of a row's share: the quote, its worth, the name asked for, PSFALGO's indicators."""

    quote: Quote | None
    state: QuoteState
    hammer_symbol: str | None = None
    figures: Figures | None = None


class Holding(NamedTuple):
    """A position and what no price moves of its row, which ``unmoved`` fills in; ``basis`` is its cost."""

    position: Position
    day: DayKnown
    basis: float | None
    unmoved: partial[PositionRow]


def holding_of(
    position: Position,
    *,
    working: Working = NOTHING_WORKS,
    other_names: tuple[str, ...] = (),
    known: DayKnown = NOTHING_OF_TODAY,
) -> Holding:
    """Prepare the row of a position: what is ``working`` on it, its other names, what is known of its day."""
    instrument = position.instrument
    unmoved = partial(
        PositionRow,
        key=position.key,
        mode=position.mode,
        account=position.account,
        symbol=instrument.symbol,
        currency=instrument.currency,
        exchange=instrument.exchange,
        quantity=position.quantity,
        average_price=position.average_price,
        working=working,
        multiplier=instrument.multiplier,
        price_unit=instrument.price_unit,
        unpriced=unpriced(instrument),
        other_names=other_names,
        models=position.models,
        opening=known.opening,
        traded=known.traded,
        day_why=known.why,
    )
    return Holding(position, known, valuation.cost_basis(position), unmoved)


class _Value(NamedTuple):
    """A position at its mark; every figure is ``None`` without one."""

    mark: float | None = None
    source: MarkSource | None = None
    market_value: float | None = None
    pnl: float | None = None
    pnl_pct: float | None = None
    earned: DayEarned | None = None


_NO_VALUE = _Value()


def _value_of(holding: Holding, quote: Quote, rule: MarkRule) -> _Value:
    marked = valuation.mark(quote, rule)
    if marked is None:
        return _NO_VALUE
    price, source = marked
    position, known, basis, _ = holding
    worth = valuation.market_value(position, price)
    pnl = valuation.unrealized_pnl(worth, basis)
    earned = None
    if known.opening is not None:
        point = position.instrument.point_value
        earned = day_pnl.earned(known.opening.quantity, known.traded, point, price, quote.prev_close)
    return _Value(price, source, worth, pnl, _percent(pnl, basis), earned)


def position_row(
    holding: Holding,
    market: Market,
    *,
    stale_since: datetime | None = None,
    is_excluded: bool = False,
    rules: Rules = DEFAULT_RULES,
    day_gap: str = "",
    facts: ShareFacts | None = None,
) -> PositionRow:
    """The position valued at its mark; every HAMMER and calculated figure is ``None`` without a quote."""
    known, state, hammer_symbol, figures = market
    quote = known or _NO_QUOTE
    grpan, rwvap = (figures.grpan, figures.rwvap_1d) if known and figures else (None, None)
    mark, source, worth, pnl, pnl_pct, earned = _value_of(holding, quote, rules.mark)
    change = _difference(quote.last, quote.prev_close)
    return holding.unmoved(
        quote_state=state,
        hammer_symbol=hammer_symbol,
        bid=quote.bid,
        ask=quote.ask,
        bid_size=quote.bid_size,
        ask_size=quote.ask_size,
        spread=_difference(quote.ask, quote.bid),
        mid=None if quote.bid is None or quote.ask is None else (quote.bid + quote.ask) / 2,
        last=quote.last,
        change=change,
        change_pct=_percent(change, quote.prev_close),
        prev_close=quote.prev_close,
        high=quote.high,
        low=quote.low,
        volume=quote.volume,
        quote_changed_at=quote.changed_at,
        grpan=grpan.price if grpan else None,
        grpan_concentration=grpan.concentration if grpan else None,
        grpan_deviation=deviation(quote.last, grpan.price) if grpan else None,
        rwvap_1d=rwvap.price if rwvap else None,
        rwvap_1d_deviation=deviation(quote.last, rwvap.price) if rwvap else None,
        mark=mark,
        mark_source=source,
        market_value=worth,
        unrealized_pnl=pnl,
        pnl_pct=pnl_pct,
        day_pnl=None if earned is None else earned.pnl,
        earned=earned,
        stale_since=stale_since,
        is_excluded=is_excluded,
        quote_as_of=quote.stale_since,
        quote_late_s=quote.late_s if state is QuoteState.LATE else None,
        day_gap=day_gap,
        facts=facts,
    )


def _terms_of(order: Order, listing: Instrument) -> partial[OrderRow]:
    """The row of an order but for what the market and the moment make of it."""
    instrument = order.instrument
    return partial(
        OrderRow,
        key=order.key,
        mode=order.mode,
        account=order.account,
        symbol=instrument.symbol,
        currency=instrument.currency,
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
        con_id=instrument.con_id,
        kind=instrument.kind,
        legs=instrument.legs,
        listed_as=None if listing.symbol == instrument.symbol else listing.symbol,
        exchange=listing.exchange,
        unpriced=unpriced(listing),
        cash_quantity=order.cash_quantity,
        good_after=order.good_after,
        conditions=order.conditions,
        ends_by_condition=order.ends_by_condition,
        discretion=order.discretion,
        is_hidden=order.is_hidden,
        display_size=order.display_size,
        parent_id=order.parent_id,
        oca_group=order.oca_group,
        why_held=order.why_held,
        reference=order.reference,
        outside_hours=order.outside_hours,
        good_till=order.good_till,
        algorithm=order.algorithm,
        price_unit=instrument.price_unit,
    )


def order_row(
    order: Order,
    market: Market,
    *,
    placed_at: datetime | None = None,
    stale_since: datetime | None = None,
    is_excluded: bool = False,
    rules: Rules = DEFAULT_RULES,
    at: Circumstances = NOTHING_KNOWN,
    listing: Instrument | None = None,
    ahead: Ahead | None = None,
    facts: ShareFacts | None = None,
) -> OrderRow:
    """The order with its distances. Old prices give old distances, and never a near fill.

    ``listing`` is the contract as it is held, which it is priced as; ``ahead`` is told only while its depth
    is asked for.
    """
    quote = market.quote or _NO_QUOTE
    standing = placement.standing(order, quote, at, rules.near_fill)
    is_now = market.state is QuoteState.LIVE and stale_since is None
    return _terms_of(order, listing or order.instrument)(
        placed_at=placed_at,
        quote_state=market.state,
        bid=quote.bid,
        ask=quote.ask,
        to_touch=standing.to_touch,
        to_fill=standing.to_fill,
        to_fill_pct=_percent(standing.to_fill, order.limit_price),
        market_position=standing.position,
        is_near_fill=is_now and standing.is_near_fill,
        stale_since=stale_since,
        is_excluded=is_excluded,
        hammer_symbol=market.hammer_symbol,
        quote_as_of=quote.stale_since,
        quote_late_s=quote.late_s if market.state is QuoteState.LATE else None,
        ahead=ahead,
        facts=facts,
    )


class RowBuilder:
    """Builds the row of a key out of what is known of it; ``None`` for a key that nobody holds.

    Rows are as of ``now``. ``unexpected`` are the profiles whose rows are in no sum. ``timed`` are the orders
    whose row depends on the moment: they are built again whenever somebody looks. Of a position that is not
    told to ``renew``, prices and prints alone may have changed. ``facts`` are the trader's own.
    """

    def __init__(
        self,
        now: datetime,
        accounts: AccountBooks,
        listings: Listings,
        prices: Quotes,
        trades: Trades,
        depths: Depths,
        day: DayBook,
    ) -> None:
        self.rules = DEFAULT_RULES
        self.now = now
        self.phase = session_phase(now)
        self.unexpected: frozenset[AccountMode] = frozenset()
        self.timed: set[OrderKey] = set()
        self._holdings: dict[PositionKey, tuple[AccountBook, Holding]] = {}
        self.facts = FactBook(now)
        self._accounts = accounts
        self._listings = listings
        self._prices = prices
        self._trades = trades
        self._depths = depths
        self._day = day

    def position(self, key: PositionKey) -> PositionRow | None:
        """The row of a position, of the first profile that holds it."""
        holding = self._holdings.get(key) or self._look_up(key)
        if holding is None:
            return None
        account, held = holding
        instrument = held.position.instrument
        return position_row(
            held,
            self._market(instrument, self._trades.figures(instrument.symbol, self.now)),
            stale_since=account.positions_stale,
            is_excluded=account.mode in self.unexpected,
            rules=self.rules,
            day_gap=account.day_gap,
            facts=self.facts.of(instrument),
        )

    def _market(self, instrument: Instrument, figures: Figures | None = None) -> Market:
        quote, state = self._prices.of(instrument)
        return Market(quote, state, self._prices.hammer_symbols.get(instrument.symbol), figures)

    def renew(self, keys: Iterable[PositionKey]) -> None:
        """Look these positions up again when they are built."""
        for key in keys:
            self._holdings.pop(key, None)

    def _look_up(self, key: PositionKey) -> tuple[AccountBook, Holding] | None:
        account = self._accounts.owner(lambda s: key in s.positions)
        if account is None:
            return None
        position = account.positions[key]
        held = holding_of(
            position,
            working=working_of(account, position, self._listings.orders_on(position.instrument)),
            other_names=self._listings.names_of(position.instrument),
            known=self._day.of(position),
        )
        self._holdings[key] = account, held
        return account, held

    def order(self, key: OrderKey) -> OrderRow | None:
        """The row of an order, of the first profile that has it."""
        self.timed.discard(key)
        account = self._accounts.owner(lambda s: key in s.orders)
        if account is None:
            return None
        order = account.orders[key]
        listing = self._listings.listing(order.instrument)
        market = self._market(listing)
        ahead = self._ahead(key, order, listing, market)
        if order.good_after or order.good_till or self._depths.is_disputed(listing.symbol):
            self.timed.add(key)
        return order_row(
            order,
            market,
            placed_at=account.first_seen.get(key),
            stale_since=account.orders_stale,
            is_excluded=account.mode in self.unexpected,
            rules=self.rules,
            at=Circumstances(self.now, self.phase, account.is_open_parent_of(order)),
            listing=listing,
            ahead=ahead,
            facts=self.facts.of(listing),
        )

    def _ahead(self, key: OrderKey, order: Order, listing: Instrument, market: Market) -> Ahead | None:
        report = self._depths.report(listing.symbol)
        if report.state is DepthState.NOT_ASKED or not may_be_in(order.instrument, listing):
            return None
        quote = market.quote or _NO_QUOTE
        is_believed = self._depths.is_believed(listing.symbol, quote.bid, quote.ask, self.now)
        own = {each.key: each for each in self._own_orders(listing, market.quote)}
        if key not in own:
            return None
        # An old depth is told beside old prices alone: there it is marked as what it is.
        is_told = is_believed and (report.is_live or market.state.is_old)
        return place_in(own[key], own.values(), report, is_believed=is_told)

    def _own_orders(self, listing: Instrument, quote: Quote | None) -> list[OwnOrder]:
        """My orders that rest in the market of this listing now, of every account."""
        found = []
        for key in sorted(self._listings.orders_of((listing.symbol,))):
            account = self._accounts.owner(lambda s, key=key: key in s.orders)  # type: ignore[misc]
            if account is None or not may_be_in(account.orders[key].instrument, listing):
                continue
            order = account.orders[key]
            at = Circumstances(self.now, self.phase, account.is_open_parent_of(order))
            own = own_order(order, placement.market_position(order, quote, at), account.orders_stale)
            found += [] if own is None else [own]
        return found
