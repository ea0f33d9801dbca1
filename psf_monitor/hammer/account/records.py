"""Records of HAMMER's own account, made from its entries. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from psf_monitor.domain.fills.fill import Fill, FillKey, ListReach
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.orders.order import Order, OrderKey
from psf_monitor.domain.position import PositionKey
from psf_monitor.hammer.account import errors, messages
from psf_monitor.hammer.account.account_list import LOT
from psf_monitor.hammer.account.contract_terms import instrument_of, is_no_plain_share, unread_terms
from psf_monitor.hammer.account.fields import Entry, is_unreadable
from psf_monitor.hammer.account.messages import MODE
from psf_monitor.hammer.account.order_list import ListedOrder
from psf_monitor.hammer.account.transactions import (
    FILLED,
    ReportedFill,
    Transaction,
)
from psf_monitor.hammer.symbols import SymbolTable
from psf_monitor.problem import Problem, joined


class Held(NamedTuple):
    """A position in one share: the ``lots`` under all the ``names`` that HAMMER has for it."""

    instrument: Instrument
    names: list[str]
    lots: list[Entry]


def held_of(entries: Mapping[str, Entry], symbols: SymbolTable) -> list[Held]:
    """Return the entries by share: a broker may list long and short, or cash and margin, separately.

    Two of HAMMER's names may be one for the trader, as ``CIM PRB`` and ``CIM-B`` are. Entries without a name
    are one, of which nothing is known. One lot that is no plain share makes all of it none.
    """
    found: dict[tuple[int, str], Held] = {}
    for entry_name, entry in entries.items():
        name = entry_name.partition(LOT)[0]
        instrument = instrument_of(entry, symbols)
        held = found.setdefault(instrument.identity, Held(instrument, [], []))
        if name not in held.names:
            held.names.append(name)
        if is_no_plain_share(entry) or (
            instrument.has_all_terms
            and not held.instrument.has_all_terms
            and not any(map(is_no_plain_share, held.lots))
        ):
            held = found[instrument.identity] = held._replace(instrument=instrument)
        held.lots.append(entry)
    return list(found.values())


def added_up(lots: Sequence[Entry]) -> tuple[float | None, float | None]:
    """Return the total quantity and the average price; ``None`` if one of the lots does not report it.

    A share that is held both long and short has no average price, and lots without a name may be anything.
    """
    read = [(messages.quantity_of(lot), messages.average_price_of(lot)) for lot in lots]
    if len(read) == 1:
        return read[0]
    if not any(map(messages.symbol_of, lots)):
        return None, None
    quantities = [quantity for quantity, _ in read if quantity is not None]
    if len(quantities) < len(read):
        return None, None
    total = sum(quantities)
    is_one_way = all(q >= 0 for q in quantities) or all(q <= 0 for q in quantities)
    paid = [q * price for q, price in read if q is not None and price is not None]
    if not total or not is_one_way or len(paid) < len(read):
        return total, None
    return total, sum(paid) / total


def cost_of(average: float | None, instrument: Instrument) -> float | None:
    """Return the cost of one contract: HAMMER reports the price that was paid on average."""
    point_value = instrument.point_value
    return average if average is None or point_value is None else average * point_value


def order_of(listed: ListedOrder, account: str, symbols: SymbolTable) -> Order:
    """Return a transaction as an order; its id is HAMMER's, and also the order id if it is a number."""
    read = listed.read
    return Order(
        mode=MODE,
        account=account,
        instrument=instrument_of(listed.entry, symbols),
        order_id=_number(listed.order_id),
        perm_id=0,
        client_id=0,
        side=read.side,
        quantity=read.quantity,
        order_type=read.order_type,
        limit_price=read.limit_price,
        stop_price=read.stop_price,
        tif=read.tif,
        status=read.status,
        filled=read.filled,
        remaining=read.remaining,
        average_fill_price=read.average_fill_price,
        hammer_id=listed.order_id,
        twin=listed.twin,
        unread=(*read.unread, *unread_terms(listed.entry)),
        reported_placed_at=read.placed_at,
    )


def doubtful_orders(orders: Sequence[Order], working: Collection[OrderKey]) -> Problem | None:
    """Return a problem about working orders without an id, with a shared one, or with terms that cannot be
    read; ``None`` if there are none.
    """
    unread = {
        f"{order.hammer_id or 'an order without an id'} ({order.instrument.name})": order.unread
        for order in orders
        if order.unread and order.key in working
    }
    of_id: dict[str, list[Order]] = {}
    for order in orders:
        of_id.setdefault(order.hammer_id, []).append(order)
    without = [order.instrument.name for order in of_id.pop("", []) if order.key in working]
    shared = {
        order_id: [order.instrument.name for order in same]
        for order_id, same in of_id.items()
        if len(same) > 1 and any(order.key in working for order in same)
    }
    return joined(
        errors.orders_without_id(without) if without else None,
        errors.shared_ids(shared) if shared else None,
        errors.unreadable_terms(unread) if unread else None,
    )


def fill_of(listed: ListedOrder, read: ReportedFill, account: str, symbols: SymbolTable) -> Fill:
    """Return one execution of a transaction, or all of it as one if HAMMER sends no more.

    Without an order id it is identified by share, side and time.
    """
    symbol, side = messages.symbol_of(listed.entry), listed.read.side
    order_name = listed.order_id or f"{symbol} {side} {read.at}"
    return Fill(
        mode=MODE,
        account=account,
        instrument=instrument_of(listed.entry, symbols),
        fill_id=f"{order_name}/{read.name or _WHOLE}",
        revision=0,
        broker_id=read.name,
        at=read.at,
        side=side,
        quantity=read.quantity,
        price=read.price,
        order_id=_number(listed.order_id),
        hammer_id=listed.order_id,
    )


def distinct(fills: Iterable[Fill]) -> list[Fill]:
    """Return the executions of one list; two with the same name belong to two orders that share an id.

    An execution that HAMMER numbers is one, even if two orders with the same id report it identically.
    """
    found: dict[FillKey, Fill] = {}
    for fill in fills:
        if fill.broker_id and "#" not in fill.broker_id and found.get(fill.key) == fill:
            continue
        fill_id, place = fill.fill_id, 1
        while fill.key in found:
            place += 1
            fill = replace(fill, fill_id=f"{fill_id} {fill.instrument.symbol} {fill.side} {place}")
        found[fill.key] = fill
    return list(found.values())


def has_unreported_fills(read: Transaction) -> bool:
    """Return whether more of a transaction filled than its executions add up to."""
    if not read.fills and not read.is_open:
        # All of it is reported as one.
        return False
    return (read.filled or 0.0) - sum(fill.quantity or 0.0 for fill in read.fills) >= _SMALLEST_QUANTITY


def has_too_many_fills(filled: float | None, known: Iterable[Fill]) -> bool:
    """Return whether less of a transaction ``filled`` than the executions reported for it add up to."""
    executed = sum(fill.quantity or 0.0 for fill in known if not fill.is_whole_order)
    return filled is not None and executed - filled >= _SMALLEST_QUANTITY


def reach_of(
    orders: Sequence[ListedOrder], known: Iterable[Fill], account: str, symbols: SymbolTable
) -> ListReach:
    """Return how far the list of executions reaches, by the id of the order, against those ``known``.

    What filled of an order may be reported as a count alone, and an execution may be taken back without a
    word.
    """
    of_order: dict[str, list[Fill]] = {}
    for fill in known:
        of_order.setdefault(fill.hammer_id, []).append(fill)
    ids = Counter(order.order_id for order in orders)
    unreported = _instruments((each for each in orders if has_unreported_fills(each.read)), symbols)
    too_many = _instruments(
        (
            each
            for each in orders
            # There is no way to know which of several orders an execution belongs to.
            if each.order_id
            and ids[each.order_id] == 1
            and has_too_many_fills(each.read.filled, of_order.get(each.order_id, ()))
        ),
        symbols,
    )
    unread_executions = _instruments((each for each in orders if each.read.has_unreadable_fills), symbols)
    unreadable = _instruments(
        (each for each in orders if is_unreadable(each.entry, FILLED) and not each.read.fills), symbols
    )
    caveats = {
        "reports executions in a way that psf_monitor cannot read ({}).": unread_executions,
        "reports how much filled in a way that psf_monitor cannot read ({}).": unreadable,
        "counts what filled in part and reports no single executions of it yet ({}).": unreported,
        "counts less as filled than its executions come to ({}): one may have been busted, and is counted "
        "all the same.": too_many,
    }
    return ListReach(
        caveats=tuple(f"HAMMER {text.format(_named(found))}" for text, found in caveats.items() if found),
        unexplained=frozenset(
            PositionKey(account, *instrument.identity)
            for instrument in unreported | unreadable | unread_executions
        ),
    )


def _instruments(orders: Iterable[ListedOrder], symbols: SymbolTable) -> set[Instrument]:
    return {instrument_of(each.entry, symbols) for each in orders}


def _named(instruments: Iterable[Instrument]) -> str:
    return ", ".join(sorted({instrument.symbol for instrument in instruments}))


_WHOLE = "filled"
_SMALLEST_QUANTITY = 5e-9


def _number(order_id: str) -> int:
    return int(order_id) if re.fullmatch("[0-9]{1,18}", order_id) else 0
