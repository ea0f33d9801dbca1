"""One working order, as PSFALGO's programs read it."""

from dataclasses import dataclass

from psf_monitor.api.records.fields import facts_of, order_id_of, time_text
from psf_monitor.book.no_price import why_no_price
from psf_monitor.book.rows import OrderRow, QuoteState
from psf_monitor.domain.orders.order import OrderKey
from psf_monitor.domain.orders.order_standing import WAITS


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """One working order, whoever placed it. PSFALGO has all but the last fields.

    ``order_id`` is a number at IBKR and a text at HAMMER. TWS's own texts are unchanged. The ``status`` Gone
    is psf_monitor's: the order left the list, and nothing says why. ``limit_price`` is a limit, or the cap of
    a type that follows the market. ``waits_for`` says what must happen before the order can trade, null if
    nothing is known to be missing. ``listed_as`` is the name of the same contract in the positions if that
    differs, ``sec_type`` TWS's security type (BAG: a combination), ``cash_qty`` the amount of an order placed
    by amount. ``action``, ``price`` and ``strategy_tag`` are PSFALGO's names of ``side``, ``limit_price`` and
    ``order_ref``, which holds the strategy. ``no_price`` says why no price is known, or that the market is
    crossed. ``quote_state``, ``quote_as_of`` and ``quote_late_s`` are those of the contract's price, as in
    positions; ``near_fill`` is given only with a LIVE price, and not in a crossed market. At most ``ahead``
    shares are ahead of the order in HAMMER's depth, and ``ahead_place`` says where it stands there; both are
    null while that depth is not requested or not current. ``unread`` names the terms, limit, stop, offset or
    as the TWS API names them, that TWS does not send as a number, or that stand behind a count which is none:
    they are null, or not in ``attributes``.
    ``placed_at`` is HAMMER's time if ``placed_at_reported``; else when the order was first seen, which is
    known only for one that appeared while watched. ``outside_rth``: it may trade
    outside regular hours. ``legs`` describes a combination's legs, ``good_till`` is the time at which the
    order ends and ``algorithm`` the IBKR algorithm that executes it, as TWS writes them. Prices are in units
    of ``price_unit``. ``facts`` are from the trader's own files about the share that prices it;
    ``yield_at_limit`` is the yearly dividend in percent of the limit. ``hidden``: nothing of it is displayed.
    ``display_size`` is how much is displayed at a time, null for all, 0 if TWS sends 0. ``discretionary_amt``
    is by how much it may trade beyond its limit, ``offset`` the distance at which it trails the market or
    stays away from it, in contract currency, and ``trailing_percent`` the same in percent. ``capped_at`` is
    the price to which IBKR limits the order for now, nearer than its limit; distances are measured from it.
    ``attributes`` are all further ones that are set, as the TWS API names them, such as ``all_or_none``;
    conditions are a text.
    """

    order_id: int | str
    perm_id: int | None
    symbol: str
    side: str
    qty: float | None
    order_type: str
    limit_price: float | None
    status: str
    filled: float | None
    remaining: float | None
    account: str
    account_type: str
    currency: str
    stop_price: float | None
    tif: str
    stale_since: str | None
    excluded: bool
    key: str
    con_id: int | None
    sec_type: str
    listed_as: str | None
    cash_qty: float | None
    order_ref: str
    oca_group: str
    parent_id: int | None
    waits_for: str | None
    near_fill: bool
    action: str
    price: float | None
    strategy_tag: str | None
    no_price: str | None
    quote_state: str
    quote_as_of: str | None
    quote_late_s: float | None
    ahead: float | None
    ahead_place: str | None
    placed_at: str | None
    placed_at_reported: bool
    unread: list[str]
    outside_rth: bool | None
    legs: str
    good_till: str | None
    algorithm: str | None
    price_unit: float | None
    facts: dict[str, float | str] | None
    yield_at_limit: float | None
    hidden: bool | None
    display_size: float | None
    discretionary_amt: float | None
    offset: float | None
    trailing_percent: float | None
    capped_at: float | None
    attributes: dict[str, bool | float | str]


def order(row: OrderRow) -> OrderRecord:
    """Return the record of an order's row; what depends on a price that is not live is ``None``."""
    ahead = row.ahead if row.quote_state is QuoteState.LIVE else None
    return OrderRecord(
        order_id=order_id_of(row),
        perm_id=row.perm_id or None,
        symbol=row.symbol,
        side=row.side,
        qty=row.quantity,
        order_type=row.order_type,
        limit_price=row.limit_price,
        status=row.status,
        filled=row.filled,
        remaining=row.remaining,
        account=row.account,
        account_type=row.mode.value,
        currency=row.currency,
        stop_price=row.stop_price,
        tif=row.tif,
        stale_since=time_text(row.stale_since),
        excluded=row.is_excluded,
        key=order_key(row.key),
        con_id=row.con_id or None,
        sec_type=row.kind,
        listed_as=row.listed_as,
        cash_qty=row.cash_quantity,
        order_ref=row.reference,
        oca_group=row.oca_group,
        parent_id=row.parent_id or None,
        waits_for=row.market_position.value if row.market_position in WAITS else None,
        near_fill=row.is_near_fill,
        action=row.side,
        price=row.limit_price,
        strategy_tag=row.reference or None,
        no_price=why_no_price(row) or None,
        quote_state=row.quote_state.name,
        quote_as_of=time_text(row.quote_as_of),
        quote_late_s=row.quote_late_s,
        ahead=ahead.shares if ahead else None,
        ahead_place=(ahead.place.value or None) if ahead else None,
        placed_at=time_text(row.placed_at),
        placed_at_reported=row.is_placed_reported,
        unread=list(row.unread),
        outside_rth=None if "outside_rth" in row.unread else row.outside_hours,
        legs=row.legs,
        good_till=None if "good_till_date" in row.unread else row.good_till,
        algorithm=None if "algo_strategy" in row.unread else row.algorithm,
        price_unit=row.price_unit,
        facts=facts_of(row.facts),
        yield_at_limit=row.yield_at_limit,
        hidden=None if "hidden" in row.unread else row.is_hidden,
        display_size=row.display_size,
        discretionary_amt=row.discretion,
        offset=row.offset,
        trailing_percent=row.trailing_percent,
        capped_at=row.capped_at,
        attributes={each.name.value: each.value for each in row.attributes},
    )


def order_key(key: OrderKey) -> str:
    """Return the key that names an order in the API."""
    return key.ids
