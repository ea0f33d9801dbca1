"""One record of each source in, one row out."""

from collections.abc import Iterable
from datetime import datetime
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
from psf_monitor.domain import day, placement, valuation
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.depth import Ahead, DepthState, OwnOrder, told_ahead
from psf_monitor.domain.facts import ShareFacts
from psf_monitor.domain.indicators import deviation
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.listing import unpriced
from psf_monitor.domain.market_hours import session_phase
from psf_monitor.domain.order import Order, OrderKey
from psf_monitor.domain.placement import NOTHING_KNOWN, Circumstances
from psf_monitor.domain.position import Position, PositionKey
from psf_monitor.domain.quote import Quote
from psf_monitor.domain.valuation import DEFAULT_RULES, Rules

_NO_QUOTE = Quote()


def _difference(left: float | None, right: float | None) -> float | None:
    return None if left is None or right is None else valuation.rounded(left - right)


def _percent(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else 100 * part / abs(whole)


def position_row(
    position: Position,
    quote: Quote | None,
    quote_state: QuoteState,
    *,
    hammer_symbol: str | None,
    working: Working = NOTHING_WORKS,
    stale_since: datetime | None,
    is_excluded: bool,
    figures: Figures | None = None,
    rules: Rules = DEFAULT_RULES,
    other_names: tuple[str, ...] = (),
    day_gap: str = "",
    known: DayKnown = NOTHING_OF_TODAY,
    facts: ShareFacts | None = None,
) -> PositionRow:
    """The position valued at its mark; every HAMMER and calculated figure is ``None`` without a quote."""
    shown = quote or _NO_QUOTE
    grpan = figures.grpan if figures and quote else None
    rwvap = figures.rwvap_1d if figures and quote else None
    marked = valuation.mark(shown, rules.mark)
    price, source = marked or (None, None)
    value = pnl = earned = None
    if price is not None:
        value = valuation.market_value(position, price)
        pnl = valuation.unrealized_pnl(position, price)
    if known.opening is not None and price is not None:
        point = position.instrument.point_value
        earned = day.earned(known.opening.quantity, known.traded, point, price, shown.prev_close)
    change = _difference(shown.last, shown.prev_close)
    mid = None if shown.bid is None or shown.ask is None else (shown.bid + shown.ask) / 2
    instrument = position.instrument
    return PositionRow(
        key=position.key,
        mode=position.mode,
        account=position.account,
        symbol=instrument.symbol,
        currency=instrument.currency,
        exchange=instrument.exchange,
        quantity=position.quantity,
        average_price=position.average_price,
        working=working,
        quote_state=quote_state,
        hammer_symbol=hammer_symbol,
        bid=shown.bid,
        ask=shown.ask,
        bid_size=shown.bid_size,
        ask_size=shown.ask_size,
        spread=_difference(shown.ask, shown.bid),
        mid=mid,
        last=shown.last,
        change=change,
        change_pct=_percent(change, shown.prev_close),
        prev_close=shown.prev_close,
        high=shown.high,
        low=shown.low,
        volume=shown.volume,
        quote_changed_at=shown.changed_at,
        grpan=grpan.price if grpan else None,
        grpan_concentration=grpan.concentration if grpan else None,
        grpan_deviation=deviation(shown.last, grpan.price if grpan else None),
        rwvap_1d=rwvap.price if rwvap else None,
        rwvap_1d_deviation=deviation(shown.last, rwvap.price if rwvap else None),
        mark=price,
        mark_source=source,
        multiplier=instrument.multiplier,
        price_unit=instrument.price_unit,
        unpriced=unpriced(instrument),
        market_value=value,
        unrealized_pnl=pnl,
        pnl_pct=_percent(pnl, valuation.cost_basis(position)),
        day_pnl=None if earned is None else earned.pnl,
        stale_since=stale_since,
        is_excluded=is_excluded,
        other_names=other_names,
        quote_as_of=shown.stale_since,
        quote_late_s=shown.late_s if quote_state is QuoteState.LATE else None,
        day_gap=day_gap,
        models=position.models,
        opening=known.opening,
        traded=known.traded,
        earned=earned,
        day_why=known.why,
        facts=facts,
    )


def order_row(
    order: Order,
    quote: Quote | None,
    quote_state: QuoteState,
    *,
    placed_at: datetime | None,
    stale_since: datetime | None,
    is_excluded: bool,
    rules: Rules = DEFAULT_RULES,
    at: Circumstances = NOTHING_KNOWN,
    listing: Instrument | None = None,
    hammer_symbol: str | None = None,
    ahead: Ahead | None = None,
    facts: ShareFacts | None = None,
) -> OrderRow:
    """The order with its distances. Old prices give old distances, and never a near fill.

    ``listing`` is the contract as it is held, which it is priced as; ``ahead`` is told only while its depth
    is asked for.
    """
    shown = quote or _NO_QUOTE
    to_fill = valuation.rounded(placement.fill_distance(order, shown, at))
    is_now = quote_state is QuoteState.LIVE and stale_since is None
    instrument = order.instrument
    listing = listing or instrument
    return OrderRow(
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
        placed_at=placed_at,
        quote_state=quote_state,
        bid=shown.bid,
        ask=shown.ask,
        to_touch=valuation.rounded(placement.touch_distance(order, shown, at)),
        to_fill=to_fill,
        to_fill_pct=_percent(to_fill, order.limit_price),
        market_position=placement.market_position(order, quote, at),
        is_near_fill=is_now and placement.is_near_fill(order, shown, rules.near_fill, at),
        stale_since=stale_since,
        is_excluded=is_excluded,
        con_id=instrument.con_id,
        kind=instrument.kind,
        legs=instrument.legs,
        listed_as=None if listing.symbol == instrument.symbol else listing.symbol,
        hammer_symbol=hammer_symbol,
        exchange=listing.exchange,
        unpriced=unpriced(listing),
        cash_quantity=order.cash_quantity,
        good_after=order.good_after,
        conditions=order.conditions,
        ends_by_condition=order.ends_by_condition,
        discretion=order.discretion,
        parent_id=order.parent_id,
        oca_group=order.oca_group,
        why_held=order.why_held,
        reference=order.reference,
        outside_hours=order.outside_hours,
        good_till=order.good_till,
        algorithm=order.algorithm,
        price_unit=instrument.price_unit,
        quote_as_of=shown.stale_since,
        quote_late_s=shown.late_s if quote_state is QuoteState.LATE else None,
        ahead=ahead,
        facts=facts,
    )


class _Holding(NamedTuple):
    """What no price moves of a position, and the profile that shows it."""

    account: AccountBook
    position: Position
    working: Working
    other_names: tuple[str, ...]
    known: DayKnown


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
        self._holdings: dict[PositionKey, _Holding] = {}
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
        account, position, working, other_names, known = holding
        symbol = position.instrument.symbol
        quote, state = self._prices.of(position.instrument)
        return position_row(
            position,
            quote,
            state,
            hammer_symbol=self._prices.hammer_symbols.get(symbol),
            working=working,
            stale_since=account.positions_stale,
            is_excluded=account.mode in self.unexpected,
            figures=self._trades.figures(symbol, self.now),
            rules=self.rules,
            other_names=other_names,
            day_gap=account.day_gap,
            known=known,
            facts=self.facts.of(position.instrument),
        )

    def renew(self, keys: Iterable[PositionKey]) -> None:
        """Look these positions up again when they are built."""
        for key in keys:
            self._holdings.pop(key, None)

    def _look_up(self, key: PositionKey) -> _Holding | None:
        account = self._accounts.owner(lambda s: key in s.positions)
        if account is None:
            return None
        position = account.positions[key]
        holding = self._holdings[key] = _Holding(
            account,
            position,
            working_of(account, position, self._listings.orders_on(position.instrument)),
            self._listings.names_of(position.instrument),
            self._day.of(position),
        )
        return holding

    def order(self, key: OrderKey) -> OrderRow | None:
        """The row of an order, of the first profile that has it."""
        self.timed.discard(key)
        account = self._accounts.owner(lambda s: key in s.orders)
        if account is None:
            return None
        order = account.orders[key]
        listing = self._listings.listing(order.instrument)
        quote, state = self._prices.of(listing)
        ahead = self._ahead(key, order, listing, quote, is_old=state.is_old)
        if order.good_after or order.good_till or self._depths.is_disputed(listing.symbol):
            self.timed.add(key)
        return order_row(
            order,
            quote,
            state,
            placed_at=account.first_seen.get(key),
            stale_since=account.orders_stale,
            is_excluded=account.mode in self.unexpected,
            rules=self.rules,
            at=Circumstances(self.now, self.phase, account.is_open_parent_of(order)),
            listing=listing,
            hammer_symbol=self._prices.hammer_symbols.get(listing.symbol),
            ahead=ahead,
            facts=self.facts.of(listing),
        )

    def _ahead(
        self, key: OrderKey, order: Order, listing: Instrument, quote: Quote | None, *, is_old: bool
    ) -> Ahead | None:
        report = self._depths.report(listing.symbol)
        if report.state is DepthState.NOT_ASKED or not may_be_in(order.instrument, listing):
            return None
        shown = quote or _NO_QUOTE
        is_believed = self._depths.is_believed(listing.symbol, shown.bid, shown.ask, self.now)
        own = {each.key: each for each in self._own_orders(listing, quote)}
        if key not in own:
            return None
        # An old depth is told beside old prices alone: there it is marked as what it is.
        is_told = is_believed and (report.is_live or is_old)
        return told_ahead(own[key], own.values(), report, is_believed=is_told)

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
