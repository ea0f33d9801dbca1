"""Calculate a row from one record of each source. Pure: all inputs are arguments."""

from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

from psf_monitor.book.day.day_state import NOTHING_OF_TODAY, DayKnown
from psf_monitor.book.market.trades import Figures
from psf_monitor.book.orders.working_quantity import NOTHING_WORKS, Working
from psf_monitor.book.rows import ORDER_FIELDS, POSITION_FIELDS, OrderRow, PositionRow, QuoteState
from psf_monitor.domain import day_pnl, valuation
from psf_monitor.domain.day_pnl import DayPnl
from psf_monitor.domain.depth import Ahead
from psf_monitor.domain.facts import ShareFacts
from psf_monitor.domain.instrument import Instrument, issuer
from psf_monitor.domain.listing_exchange import unpriced
from psf_monitor.domain.net_liquidation import UNKNOWN, NetLiquidation
from psf_monitor.domain.orders import order_standing
from psf_monitor.domain.orders.order import Order
from psf_monitor.domain.orders.order_standing import NOTHING_KNOWN, Circumstances
from psf_monitor.domain.position import Position
from psf_monitor.domain.quote import NO_QUOTE, Quote
from psf_monitor.domain.rules import DEFAULT_RULES, Rules
from psf_monitor.domain.valuation import MarkRule, MarkSource, percent

CLOSE_IN_DOUBT = "outside the session HAMMER's previous close, which has no date, may be of another day"

_position_fields = itemgetter(*POSITION_FIELDS)
_order_fields = itemgetter(*ORDER_FIELDS)


class Market(NamedTuple):
    """HAMMER's data about a row's share: the quote, its state, the name requested, PSFALGO's indicators."""

    quote: Quote | None
    state: QuoteState
    hammer_symbol: str | None = None
    figures: Figures | None = None


class LoginState(NamedTuple):
    """What a row shows of its login: since when it is old, and whether sums leave the row out.

    ``day_gap`` and ``day_basis`` are sentences about the day P&L, as in ``PositionRow``,
    ``net_liquidation`` is that of its account.
    """

    stale_since: datetime | None = None
    is_excluded: bool = False
    day_gap: str = ""
    day_basis: str = ""
    net_liquidation: NetLiquidation = UNKNOWN


COUNTED = LoginState()


class Listed(NamedTuple):
    """An order, the held contract that prices it, and when it was first seen.

    ``unmoved`` are the fields of its row that no price moves, in the order of ``ORDER_FIELDS``.
    """

    order: Order
    listing: Instrument
    placed_at: datetime | None
    unmoved: tuple[Any, ...]


class Holding(NamedTuple):
    """A position, the ``listing`` that prices it, its cost as ``basis``, the trader's own ``facts``, and the
    fields of its row that no price moves, in the order of ``POSITION_FIELDS``.
    """

    position: Position
    listing: Instrument
    day: DayKnown
    basis: float | None
    facts: ShareFacts | None
    unmoved: tuple[Any, ...]


def holding_of(
    position: Position,
    listing: Instrument | None = None,
    *,
    working: Working = NOTHING_WORKS,
    other_names: tuple[str, ...] = (),
    also_quoted: tuple[str, ...] = (),
    known: DayKnown = NOTHING_OF_TODAY,
    facts: ShareFacts | None = None,
) -> Holding:
    """Prepare the row of a position: its ``working`` orders, its other names, what is known of its day, and
    the trader's own ``facts``.

    Without ``listing`` it is priced as the contract that it names.
    """
    instrument = position.instrument
    listing = listing or instrument
    basis = valuation.cost_basis(position)
    unmoved = {
        "key": position.key,
        "mode": position.mode,
        "account": position.account,
        "symbol": instrument.symbol,
        "currency": instrument.currency,
        "exchange": listing.exchange.strip(),
        "quantity": position.quantity,
        "average_price": position.average_price,
        "working": working,
        "multiplier": instrument.multiplier,
        "price_unit": instrument.price_unit,
        "unpriced": unpriced(listing),
        "listed_as": _other_name(listing, instrument),
        "other_names": other_names,
        "also_quoted": also_quoted,
        "models": position.models,
        "opening": known.opening,
        "traded": known.traded,
        "day_why": known.why,
        "issuer": (facts.issuer if facts else "") or issuer(listing.symbol or instrument.symbol),
        # Whoever does not know the unit of the average price does not know what it comes to.
        "cost_basis": None if position.average_price is None else basis,
    }
    return Holding(position, listing, known, basis, facts, _position_fields(unmoved))


def _other_name(listing: Instrument, instrument: Instrument) -> str | None:
    return None if listing.symbol == instrument.symbol else listing.symbol


_Value = tuple[float | None, MarkSource | None, float | None, float | None, float | None, DayPnl | None]
"""A position at its mark: the mark and its source, value, P&L, P&L in percent, and the day P&L."""

_NO_VALUE: _Value = (None, None, None, None, None, None)


def _value_of(holding: Holding, quote: Quote, rule: MarkRule) -> _Value:
    marked = valuation.mark(quote, rule)
    if marked is None:
        return _NO_VALUE
    price, source = marked
    position, known, basis = holding.position, holding.day, holding.basis
    worth = valuation.market_value(position, price)
    pnl = valuation.unrealized_pnl(worth, basis)
    earned = None
    if known.opening is not None and not (quote.is_close_doubtful and known.opening.quantity):
        point = position.instrument.point_value
        earned = day_pnl.day_pnl(known.opening.quantity, known.traded, point, price, quote.prev_close)
    return price, source, worth, pnl, percent(pnl, basis), earned


def position_row(
    holding: Holding,
    market: Market,
    login: LoginState = COUNTED,
    *,
    rules: Rules = DEFAULT_RULES,
) -> PositionRow:
    """Return the position valued at its mark; every HAMMER and calculated figure is ``None`` without a
    quote.
    """
    known, state, hammer_symbol, figures = market
    quote = known or NO_QUOTE
    grpan, rwvap = (figures.grpan, figures.rwvap_1d) if known and figures else (None, None)
    stale_since, is_excluded, day_gap, day_basis, net_liquidation = login
    mark, source, worth, pnl, pnl_pct, earned = _value_of(holding, quote, rules.mark)
    # In the order of the fields: by name it takes five times as long.
    row = PositionRow._make(
        (
            *holding.unmoved,
            state,
            hammer_symbol,
            quote.bid,
            quote.ask,
            quote.bid_size,
            quote.ask_size,
            quote.last,
            quote.prev_close,
            quote.high,
            quote.low,
            quote.volume,
            quote.changed_at,
            grpan.price if grpan else None,
            grpan.concentration if grpan else None,
            rwvap.price if rwvap else None,
            mark,
            source,
            worth,
            pnl,
            pnl_pct,
            None if earned is None else earned.pnl,
            earned,
            stale_since,
            is_excluded,
            quote.stale_since,
            quote.late_s if state is QuoteState.LATE else None,
            day_gap,
            day_basis,
            net_liquidation,
            holding.facts,
        )
    )
    if quote.is_close_doubtful and earned is None and mark is not None and not row.day_why:
        return row._replace(day_why=CLOSE_IN_DOUBT)
    return row


def listed_of(order: Order, listing: Instrument | None = None, placed_at: datetime | None = None) -> Listed:
    """Prepare the row of an order; without ``listing`` it is priced as the contract that it names."""
    instrument = order.instrument
    listing = listing or instrument
    unmoved = {
        "key": order.key,
        "mode": order.mode,
        "account": order.account,
        "symbol": instrument.symbol,
        "currency": instrument.currency,
        "order_id": order.order_id,
        "perm_id": order.perm_id,
        "client_id": order.client_id,
        "hammer_id": order.hammer_id,
        "side": order.side,
        "quantity": order.quantity,
        "order_type": order.order_type,
        "limit_price": order.limit_price,
        "stop_price": order.stop_price,
        "tif": order.tif,
        "status": order.status,
        "filled": order.filled,
        "remaining": order.remaining,
        "con_id": instrument.con_id,
        "kind": instrument.kind,
        "legs": instrument.legs,
        "listed_as": _other_name(listing, instrument),
        "exchange": listing.exchange.strip(),
        "unpriced": unpriced(listing),
        "cash_quantity": order.cash_quantity,
        "good_after": order.good_after,
        "conditions": order.conditions,
        "ends_by_condition": order.ends_by_condition,
        "discretion": order.discretion,
        "offset": order.offset,
        "trailing_percent": order.trailing_percent,
        "capped_at": order.capped_at,
        "attributes": order.attributes,
        "is_hidden": order.is_hidden,
        "display_size": order.display_size,
        "parent_id": order.parent_id,
        "oca_group": order.oca_group,
        "why_held": order.why_held,
        "reference": order.reference,
        "outside_hours": order.outside_hours,
        "good_till": order.good_till,
        "algorithm": order.algorithm,
        "price_unit": instrument.price_unit,
        "placed_at": order.reported_placed_at or placed_at,
        "is_placed_reported": order.reported_placed_at is not None,
        "unread": order.unread,
    }
    return Listed(order, listing, placed_at, _order_fields(unmoved))


def order_row(
    listed: Listed,
    market: Market,
    login: LoginState = COUNTED,
    *,
    rules: Rules = DEFAULT_RULES,
    at: Circumstances = NOTHING_KNOWN,
    ahead: Ahead | None = None,
    facts: ShareFacts | None = None,
) -> OrderRow:
    """Return the order with its distances. Old prices give old distances, and never a near fill.

    ``ahead`` is known only while the depth is requested. ``facts`` are the trader's own.
    """
    order = listed.order
    stale_since, is_excluded, *_ = login
    quote = market.quote or NO_QUOTE
    standing = order_standing.standing(order, quote, at, rules.near_fill)
    is_now = market.state is QuoteState.LIVE and stale_since is None
    return OrderRow._make(
        (
            *listed.unmoved,
            market.state,
            quote.bid,
            quote.ask,
            standing.to_touch,
            standing.to_fill,
            percent(standing.to_fill, order.limit_price),
            standing.position,
            is_now and standing.is_near_fill,
            stale_since,
            is_excluded,
            market.hammer_symbol,
            quote.stale_since,
            quote.late_s if market.state is QuoteState.LATE else None,
            ahead,
            facts,
        )
    )
