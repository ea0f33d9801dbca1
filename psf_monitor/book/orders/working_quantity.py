"""What open orders can still buy and sell of a position, and which of them cannot be counted. Pure."""

from collections.abc import Collection, Hashable, Iterable
from typing import Protocol, TypeVar

from msgspec import Struct

from psf_monitor.domain.orders.order import DONE_STATUSES, HELD_FOR_LOCATE, WORKING_STATUSES, Side
from psf_monitor.domain.orders.order import OrderStatus as Status
from psf_monitor.domain.orders.order_attributes import OrderAttribute, is_allocated


class CanTrade(Protocol):
    """The fields of an order, or of its row, that say how much of it can still trade."""

    @property
    def account(self) -> str: ...
    @property
    def side(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def why_held(self) -> str: ...
    @property
    def quantity(self) -> float | None: ...
    @property
    def filled(self) -> float | None: ...
    @property
    def remaining(self) -> float | None: ...
    @property
    def cash_quantity(self) -> float | None: ...
    @property
    def oca_group(self) -> str: ...
    @property
    def parent_id(self) -> int: ...
    @property
    def client_id(self) -> int | None: ...
    @property
    def display_id(self) -> str: ...
    @property
    def attributes(self) -> tuple[OrderAttribute, ...]: ...


_O = TypeVar("_O", bound=CanTrade)


class UncountedOrder(Struct, frozen=True):
    """An open order whose remaining quantity is unknown. ``order_id`` is as shown in the table."""

    order_id: str
    why: str


class CancelGroup(Struct, frozen=True):
    """Orders on one side that cancel each other when one of them fills.

    ``name`` is TWS's OCA group, empty for the children of one parent. ``ordered`` is the sum of their
    quantities, ``at_most`` the most of it that can fill.
    """

    name: str
    side: str
    orders: int
    ordered: float
    at_most: float


class Working(Struct, frozen=True):
    """The most that orders in one account can still ``buy`` and ``sell``, in shares or contracts."""

    buy: float = 0.0
    sell: float = 0.0
    groups: tuple[CancelGroup, ...] = ()
    uncounted: tuple[UncountedOrder, ...] = ()


NOTHING_WORKS = Working()

_SIDES = (Side.BUY.value, Side.SELL.value)


def working(orders: Iterable[CanTrade], combinations: Iterable[CanTrade] = ()) -> Working:
    """Add up the orders on one instrument in one account; of orders that cancel each other, the largest
    counts.

    Orders on ``combinations`` of it with others are named but are in no sum.
    """
    counted: list[CanTrade] = []
    uncounted = [
        UncountedOrder(order.display_id, "this is a leg of its combination")
        for order in combinations
        if not is_idle(order)
    ]
    for order in orders:
        if is_idle(order):
            continue
        why = _why_of_no_account(order) or why_uncounted(order)
        if why is None:
            counted.append(order)
        else:
            uncounted.append(UncountedOrder(order.display_id, why))
    totals = dict.fromkeys(_SIDES, 0.0)
    groups: list[CancelGroup] = []
    for side in _SIDES:
        for together in linked([order for order in counted if order.side == side]):
            left = [order.remaining or 0.0 for order in together]
            totals[side] += max(left)
            if len(together) > 1:
                name = next((order.oca_group for order in together if order.oca_group), "")
                groups.append(CancelGroup(name, side, len(together), sum(left), max(left)))
    return Working(
        buy=totals[Side.BUY],
        sell=totals[Side.SELL],
        groups=tuple(groups),
        uncounted=tuple(sorted(uncounted, key=lambda order: order.order_id)),
    )


def is_idle(order: CanTrade) -> bool:
    """Return whether it cannot trade as it is: done, or inactive and not held for a locate."""
    return order.status in DONE_STATUSES or (order.status == Status.INACTIVE and not _is_located(order))


def why_uncounted(order: CanTrade) -> str | None:
    """Return why it is unknown how much of an order will trade; ``None`` if that is its remaining
    quantity.
    """
    if order.side not in _SIDES:
        return f"its side is {order.side or 'not reported'}"
    if order.status not in WORKING_STATUSES and not _is_located(order):
        return f"its status is {order.status or 'not reported'}"
    if order.remaining is None:
        if order.cash_quantity is not None:
            return "it is given by an amount of cash"
        return "what remains of it is not reported"
    if order.remaining < 0:
        return "less than nothing is said to remain of it"
    if order.quantity is not None and order.remaining > order.quantity:
        return "more is said to remain of it than was ordered"
    if order.remaining == 0 and order.quantity and order.filled is not None and order.filled < order.quantity:
        return "nothing is said to remain of it, though not all of it has filled"
    return None


def _why_of_no_account(order: CanTrade) -> str | None:
    if not order.account:
        return "it names no account"
    return "it is allocated to several accounts" if is_allocated(order.attributes) else None


def _is_located(order: CanTrade) -> bool:
    return HELD_FOR_LOCATE in order.why_held


def linked(orders: Collection[_O]) -> list[list[_O]]:
    """Return the orders in groups that cancel each other; most groups have one order.

    TWS API: groups are OCA groups by name, or children of one parent, which cancel each other.
    """
    together: list[list[_O]] = []
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


def _bonds(order: CanTrade) -> list[Hashable]:
    bonds: list[Hashable] = [("oca", order.oca_group)] if order.oca_group else []
    if order.parent_id:
        bonds.append(("parent", order.client_id, order.parent_id))
    return bonds
