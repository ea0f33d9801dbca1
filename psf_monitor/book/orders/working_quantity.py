"""What open orders can still buy and sell of a position, and what of them cannot be counted. Pure."""

from collections.abc import Collection, Hashable, Iterable

from msgspec import Struct

from psf_monitor.domain.order import WORKING_STATUSES, Order, Side
from psf_monitor.domain.order import OrderStatus as Status


class UncountedOrder(Struct, frozen=True):
    """An open order of which nobody can say what it will still trade. ``order_id`` is as in the table."""

    order_id: str
    why: str


class CancelGroup(Struct, frozen=True):
    """Orders of one side of which a fill of the one cancels the others.

    ``name`` is TWS's OCA group, empty for the children of one parent. ``ordered`` is what they add up to,
    ``at_most`` what can fill of it.
    """

    name: str
    side: str
    orders: int
    ordered: float
    at_most: float


class Working(Struct, frozen=True):
    """Shares or contracts that orders still have to ``buy`` and to ``sell`` at most, all of one account."""

    buy: float = 0.0
    sell: float = 0.0
    groups: tuple[CancelGroup, ...] = ()
    uncounted: tuple[UncountedOrder, ...] = ()


NOTHING_WORKS = Working()

_SIDES = (Side.BUY.value, Side.SELL.value)


def working(orders: Iterable[Order]) -> Working:
    """Add up the orders on one instrument in one account: of orders that cancel each other, the largest."""
    counted: list[Order] = []
    uncounted: list[UncountedOrder] = []
    for order in orders:
        if order.is_done or (order.status == Status.INACTIVE and not order.is_held_for_locate):
            continue
        why = _why_uncounted(order)
        if why is None:
            counted.append(order)
        else:
            uncounted.append(UncountedOrder(order.display_id, why))
    totals = dict.fromkeys(_SIDES, 0.0)
    groups: list[CancelGroup] = []
    for side in _SIDES:
        for linked in _linked([order for order in counted if order.side == side]):
            left = [order.remaining or 0.0 for order in linked]
            totals[side] += max(left)
            if len(linked) > 1:
                name = next((order.oca_group for order in linked if order.oca_group), "")
                groups.append(CancelGroup(name, side, len(linked), sum(left), max(left)))
    return Working(
        buy=totals[Side.BUY],
        sell=totals[Side.SELL],
        groups=tuple(groups),
        uncounted=tuple(sorted(uncounted, key=lambda order: order.order_id)),
    )


def _why_uncounted(order: Order) -> str | None:
    if not order.account:
        return "it names no account"
    if order.side not in _SIDES:
        return f"its side is {order.side or 'not told'}"
    if order.status not in WORKING_STATUSES and not order.is_held_for_locate:
        return f"its status is {order.status or 'not told'}"
    if order.remaining is None:
        if order.cash_quantity is not None:
            return "it is given by an amount of cash"
        return "what remains of it is not told"
    if order.remaining < 0:
        return "less than nothing is said to remain of it"
    if order.quantity is not None and order.remaining > order.quantity:
        return "more is said to remain of it than was ordered"
    return None


def _linked(orders: Collection[Order]) -> list[list[Order]]:
    """The orders in groups of which one cancels the others; most are alone in theirs.

    TWS API: by the name of their OCA group, or as children of one parent, which cancel each other.
    """
    together: list[list[Order]] = []
    place: dict[Hashable, int] = {}
    for order in orders:
        bonds = _bonds(order)
        found = sorted({place[bond] for bond in bonds if bond in place})
        home = found[0] if found else len(together)
        if not found:
            together.append([])
        together[home].append(order)
        for other in found[1:]:
            together[home] += together[other]
            together[other] = []
            place.update({bond: home for bond, at in place.items() if at == other})
        place.update(dict.fromkeys(bonds, home))
    return [group for group in together if group]


def _bonds(order: Order) -> list[Hashable]:
    bonds: list[Hashable] = [("oca", order.oca_group)] if order.oca_group else []
    if order.parent_id:
        bonds.append(("parent", order.client_id, order.parent_id))
    return bonds
