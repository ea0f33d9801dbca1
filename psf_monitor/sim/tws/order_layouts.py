"""The messages of a TWS about orders, which have the longest layouts and the most versions.

Source: TWS API, recorded messages of servers 162 to 178. Pure: an order in, a list of fields out.
Runs of fields that a plain order leaves at their defaults are written out in the order of the wire.
"""

from psf_monitor.sim.market.records import SimOrder
from psf_monitor.sim.tws.framing import UNSET_FLOAT, UNSET_INT, Field
from psf_monitor.sim.tws.layouts import Message, multiplier, stamp

COMBINATION_ID = 28812380
"""All combinations in one currency share this conId, and have it for a local symbol."""

# What the order's margin and equity would be, before and after: only filled for a what-if order.
_NO_MARGINS: Message = [UNSET_FLOAT] * 9


def order_status(order: SimOrder) -> Message:
    """Message 3."""
    return [
        3,
        order.order_id,
        order.status,
        order.filled,
        order.remaining,
        order.avg_fill_price,
        order.perm_id,
        order.terms.parent_id,
        order.last_fill_price,
        order.client_id,
        order.terms.why_held,
        0,
    ]


def open_order(order: SimOrder, version: int) -> Message:
    """Message 5 in the layout of that server version: 128 fields at 157, 136 at 170, 135 from 177 on."""
    fields: Message = [5, order.order_id, *_contract(order), *_terms(order)]
    fields += [order.client_id, order.perm_id]
    fields += _conditions_of_execution(order)
    fields += [""] * (3 if version >= 177 else 4)  # faGroup, faMethod, faPercentage; faProfile until 177
    terms = order.terms
    fields += [terms.model, terms.good_till, "", ""]  # modelCode, goodTillDate, rule80A, percentOffset
    fields += ["", 0, "", -1, 0, "", "", "", "", ""]  # settlingFirm .. exemptCode, auction .. stockRangeUpper
    fields += [UNSET_INT, 0, 0, 0, "", 1 if terms.oca_group else 3, 0, 0, ""]  # displaySize .. ocaType ..
    fields += [terms.parent_id, 0]  # parentId, triggerMethod
    fields += ["", 0, "None", ""]  # volatility, its type, delta neutral order type and price
    fields += [0, "", "", "", "?", 0, 0, ""]  # the eight that follow a delta neutral order type
    fields += [0, 0, "", "", "", "", ""]  # continuousUpdate, referencePriceType, trail .. comboLegsDescrip
    fields += [len(terms.legs)]
    for leg in terms.legs:
        fields += [leg.con_id, leg.ratio, leg.action, "SMART", 0, 0, "", -1]
    fields += [0, 0, UNSET_INT, UNSET_INT, ""]  # no prices of legs, no parameters, no scale
    fields += ["", 0, "", "IB", 0, 0]  # hedge, optOutSmartRouting, clearing, notHeld, no delta
    fields += [terms.algorithm, 0] if terms.algorithm else [""]  # algoStrategy, and no parameters
    fields += [0, 0, order.status, *_NO_MARGINS]  # solicited, whatIf, state
    fields += ["", "", "", "", ""]  # commission, least, most, its currency, warning
    fields += [0, 0, len(terms.conditions)]  # randomizeSize, randomizePrice, conditions
    for condition in terms.conditions:
        fields += condition
    if terms.conditions:
        fields += [0, 0]  # whether they cancel, whether they heed the hours
    fields += ["None", UNSET_FLOAT, _trail_of(order), *[UNSET_FLOAT] * 3, UNSET_FLOAT, 0]  # adjusted order
    fields += ["", "", "", terms.cash]  # soft dollar tier, cashQty
    fields += [1, 0, 0, 0]  # dontUseAutoPriceForHedge, isOmsContainer, discretionaryUpToLimit, usePriceMgmt
    fields += [""] * (version >= 158)  # duration
    fields += [""] * (version >= 160)  # postToAts
    fields += [0] * (version >= 162)  # autoCancelParent
    fields += [""] * (5 * (version >= 170))  # minTradeQty .. midOffsetAtHalf
    return fields


def completed_order(order: SimOrder, version: int) -> Message:
    """Message 101 in the layout of that server version: 96 fields at 157, 101 at 170, 100 from 177 on.

    A filled order has a total quantity of 0 here, and its filled quantity as text.
    """
    fields: Message = [101, *_contract(order), *_terms(order, is_done=True)]
    fields += [order.perm_id, 0, 0, 0, ""]  # outsideRth, hidden, discretionaryAmt, goodAfterTime
    fields += [""] * (3 if version >= 177 else 4)  # faGroup, faMethod, faPercentage; faProfile until 177
    fields += ["", "", "", ""]  # modelCode, goodTillDate, rule80A, percentOffset
    fields += ["", 0, "", -1, "", "", "", "", ""]  # settlingFirm .. exemptCode, startingPrice .. stockRange
    fields += [UNSET_INT, 0, 0, "", 3, 0]  # displaySize, sweepToFill, allOrNone, minQty, ocaType, trigger
    fields += ["", 0, "None", "", 0, 0, 0, ""]  # volatility, delta neutral type, price and its four
    fields += [0, 0, "", "", ""]  # continuousUpdate, referencePriceType, trail, percent, comboLegsDescrip
    fields += [0, 0, 0, UNSET_INT, UNSET_INT, ""]  # no combo legs, no parameters, no scale
    fields += ["", "", "IB", 0, 0, ""]  # hedge, clearing, notHeld, no delta, no algo
    fields += [0, order.status, 0, 0, 0]  # solicited, state, randomizeSize, randomizePrice, no conditions
    fields += [_trail_of(order), UNSET_FLOAT, 0]  # trailStopPrice, lmtPriceOffset, cashQty
    fields += [1, 0, "", order.filled]  # dontUseAutoPriceForHedge, isOmsContainer, autoCancelDate, filled
    fields += [
        UNSET_INT,
        0,
        "Not an insider or substantial shareholder",
        0,
        0,
    ]  # refFuturesConId .. imbalance
    fields += ["9223372036854775807"]  # parentPermId
    fields += [stamp(order.done_at or order.placed_at), _how_it_ended(order)]
    fields += [""] * (5 * (version >= 170))  # minTradeQty .. midOffsetAtHalf
    return fields


def _contract(order: SimOrder) -> Message:
    item = order.security
    if order.terms.legs:
        combination: Message = [COMBINATION_ID, item.symbol, "BAG", "", 0, "?", "", "SMART", item.currency]
        return [*combination, str(COMBINATION_ID), "COMB"]
    symbol, local_symbol = order.terms.named or (item.symbol, item.local_symbol)
    return [
        item.con_id,
        symbol,
        item.kind,
        "",
        0,
        "?",
        multiplier(item),
        "SMART",
        item.currency,
        local_symbol,
        item.trading_class,
    ]


def _terms(order: SimOrder, *, is_done: bool = False) -> Message:
    """From the action to the order's reference."""
    quantity: Field = 0 if is_done and order.status == "Filled" else order.quantity
    return [
        order.action,
        quantity,
        order.order_type,
        order.limit_price if order.limit_price is not None else "0.0",
        order.aux_price if order.aux_price is not None else "0.0",
        order.tif,
        order.terms.oca_group,
        order.account,
        "",  # openClose
        0,  # origin: a customer
        order.terms.reference,
    ]


def _conditions_of_execution(order: SimOrder) -> Message:
    """outsideRth, hidden, discretionaryAmt, goodAfterTime, and a field with the sum of the shares."""
    terms = order.terms
    return [
        terms.outside_hours,
        0,
        0,
        terms.good_after,
        f"{order.perm_id}.0/{order.account}/{order.quantity:g}",
    ]


def _trail_of(order: SimOrder) -> Field:
    """TWS gives a plain limit order a trailing stop price too, one unit away: a reader must ignore it."""
    if order.trail_stop_price is not None:
        return order.trail_stop_price
    return UNSET_FLOAT if order.limit_price is None else round(order.limit_price + 1, 4)


def _how_it_ended(order: SimOrder) -> str:
    return f"Filled Size: {order.filled:g}" if order.status == "Filled" else "Cancelled by Trader"
