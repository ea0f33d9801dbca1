"""The orders of one profile: which are open, which have ended and why, and which of them are the same."""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from psf_monitor.book.orders.executed_order import SMALLEST_QUANTITY, ExecutionsByOrder
from psf_monitor.domain.clock import long_past
from psf_monitor.domain.orders.order import ClientOrder, Order, OrderExecution, OrderKey, OrderStatus
from psf_monitor.problem import Problem

DONE_STAYS_S = 30.0
"""Seconds for which a filled or cancelled order stays in the table, as in TWS."""

EXPLAINED_WITHIN_S = 8.0
"""Seconds in which executions may explain why an order left the list; after that the reason stays unknown."""


class AccountOrders(Struct):
    """The orders of one profile by their key, as its broker listed them at ``checked_at``.

    They are old from ``stale_since`` until they are listed again in full; ``problem`` says why they are not.
    ``first_seen`` holds orders that appeared while the list was watched, ``executed`` the executions of each
    order, ``unexplained`` when an order left the list without a report.
    """

    by_key: dict[OrderKey, Order] = field(default_factory=dict)
    checked_at: datetime | None = None
    stale_since: datetime | None = None
    problem: Problem | None = None
    first_seen: dict[OrderKey, datetime] = field(default_factory=dict)
    done_at: dict[OrderKey, datetime] = field(default_factory=dict)
    executed: ExecutionsByOrder = field(default_factory=ExecutionsByOrder)
    unexplained: dict[OrderKey, datetime] = field(default_factory=dict)
    _open_ids: set[ClientOrder] | None = None
    _parents: set[ClientOrder] = field(default_factory=set)
    _most_twins: int = 0
    _ordered_in: dict[str, None] = field(default_factory=lambda: {"": None})
    # Accounts that came or left, and in how many more lists their orders count as placed earlier.
    _unwatched: dict[str, int] = field(default_factory=dict)

    @property
    def current(self) -> list[Order] | None:
        """Return the orders as the broker lists them now; ``None`` while its list is old or missing."""
        is_current = self.checked_at is not None and self.stale_since is None
        return list(self.by_key.values()) if is_current else None

    def change_accounts(self, changed: Collection[str], gone: Container[str]) -> set[OrderKey]:
        """Drop the orders of the accounts that are gone; return their keys.

        A list may have been on its way meanwhile: in the next two, orders of the ``changed`` accounts count
        as placed earlier.
        """
        self._unwatched |= dict.fromkeys(changed, 2)
        return self._drop({key for key, order in self.by_key.items() if order.account in gone})

    def forget(self) -> set[OrderKey]:
        """Drop everything, since another login answers; return the keys.

        Nothing is known about it, which is not the same as having no orders.
        """
        self.checked_at = self.problem = self.stale_since = None
        return self._drop(set(self.by_key))

    def _drop(self, keys: set[OrderKey]) -> set[OrderKey]:
        for noted in (self.by_key, self.done_at, self.unexplained):
            for key in keys & noted.keys():
                del noted[key]
        self._open_ids = None
        return keys

    def mark_stale(self, since: datetime) -> None:
        """Mark all orders as old, including those of our own client id, which TWS also sends singly."""
        if self.checked_at or self.by_key:
            self.stale_since = self.stale_since or since

    def mark_unavailable(self, why: Problem, now: datetime) -> set[OrderKey]:
        """Record that the broker does not report open orders; return the keys that may have changed."""
        self.problem = why
        self.mark_stale(now)
        return set(self.by_key)

    def replace_all(self, orders: Sequence[Order], now: datetime) -> set[OrderKey]:
        """Set the complete list of open orders; a finished one stays for a while after it was last listed.

        An order that is no longer listed has filled as far as its executions show, or else it is gone. Most
        lists repeat the previous one, so few keys or none may have changed.
        """
        before, was_stale = self.by_key, self.stale_since
        listed = {order.key: order for order in orders}
        self._note_keys(orders)
        # Repeated records are kept as the same object, so that comparing them is cheap.
        listed |= {key: order for key, order in before.items() if _is_same_order(listed.get(key), order)}
        new = (order for key, order in listed.items() if key not in before)
        for provisional in (given := self._provisional_keys(new, besides=listed)):
            if provisional in self.first_seen:
                self.first_seen[given[provisional]] = self.first_seen.pop(provisional)
        ended = {
            key: self._ended(order) for key, order in before.items() if key not in listed and key not in given
        }
        if self.checked_at is not None and self.stale_since is None:
            for key in listed.keys() - before.keys():
                if listed[key].account not in self._unwatched:
                    self.first_seen.setdefault(key, now)
        self._unwatched = {account: lists - 1 for account, lists in self._unwatched.items() if lists > 1}
        self.by_key = listed | ended
        self.by_key |= {key: self._ended(order) for key, order in listed.items() if order.is_done}
        self._parents |= {(o.client_id, o.parent_id) for o in listed.values() if o.parent_id}
        self.checked_at = now
        self.problem = self.stale_since = None
        self.done_at = {key: at for key, at in self.done_at.items() if key not in listed}
        for order in self.by_key.values():
            self._note_done(order, now)
        for order in orders:
            if (known := self.executed.of(order)) is not None:
                known.confirm(order)
        self._open_ids = None
        if was_stale is not None:
            return before.keys() | self.by_key.keys()
        changed = {key for key, order in self.by_key.items() if not _is_same_order(before.get(key), order)}
        changed |= before.keys() - self.by_key.keys()
        return self._with_children(changed, before) if changed else changed

    def change(self, order: Order, now: datetime) -> set[OrderKey]:
        """Set one order; return the keys that may have changed.

        An order that has just been given its permId is not a second order.
        """
        before = self.by_key.get(order.key)
        is_known = before is not None
        given = self._provisional_keys(() if is_known else (order,), besides=())
        for provisional in given:
            is_known = True
            del self.by_key[provisional]
            if provisional in self.first_seen:
                self.first_seen.setdefault(order.key, self.first_seen.pop(provisional))
        is_watched = self.checked_at is not None and self.stale_since is None
        if not is_known and is_watched and order.account not in self._unwatched:
            self.first_seen.setdefault(order.key, now)
        self._note_keys((order,))
        self.by_key[order.key] = order = self._ended(order) if order.is_done else order
        if order.parent_id:
            self._parents.add((order.client_id, order.parent_id))
        self._note_done(order, now)
        return self._with_children({order.key, *given}, {} if before is None else {order.key: before})

    def apply_execution(self, execution: OrderExecution, now: datetime) -> tuple[Order, Order] | None:
        """Record how much of an order is filled; return an order that this completes, before and after."""
        twins = [order for key in self._keys_of(execution.perm_id) if (order := self.by_key.get(key))]
        if not self.executed.add(execution, twins):
            return None
        for order in twins:
            if order.is_done and (ended := self._ended(order)) != order:
                self.by_key[order.key] = ended
                self._open_ids = None
                self._note_done(ended, now)
                return order, ended
        return None

    def list_executions(self) -> None:
        """Record that all of today's executions have been reported."""
        self.executed.listed(self.by_key.values())

    def is_open_parent_of(self, child: Order) -> bool:
        """Return whether the order that must fill before ``child`` is among the open ones."""
        if not child.parent_id:
            return False
        if self._open_ids is None:
            self._open_ids = {(o.client_id, o.order_id) for o in self.by_key.values() if not o.is_done}
        return (child.client_id, child.parent_id) in self._open_ids

    def _with_children(self, keys: Iterable[OrderKey], before: Mapping[OrderKey, Order]) -> set[OrderKey]:
        """Return these orders and those that wait for them, whose parent may have opened or closed."""
        self._open_ids = None
        touched = set(keys)
        known = [order for key in touched for order in (before.get(key), self.by_key.get(key)) if order]
        ids = {(order.client_id, order.order_id) for order in known}
        if not ids & self._parents:
            return touched
        children = (key for key, order in self.by_key.items() if order.parent_id)
        return touched | {
            key for key in children if (self.by_key[key].client_id, self.by_key[key].parent_id) in ids
        }

    def expire(self, now: datetime) -> set[OrderKey]:
        """Drop finished orders once they have been shown long enough."""
        gone = set(long_past(self.done_at, DONE_STAYS_S, now))
        if gone:
            self._open_ids = None
        for key in gone:
            if (order := self.by_key.pop(key, None)) is not None:
                self.executed.forget(order)
            for noted in (self.done_at, self.first_seen, self.unexplained):
                noted.pop(key, None)
        return gone

    def take_unexplained(self, now: datetime) -> list[Order]:
        """Return the orders that left the list and can no longer be explained, each of them once."""
        due = long_past(self.unexplained, EXPLAINED_WITHIN_S, now)
        for key in due:
            del self.unexplained[key]
        return [self.by_key[key] for key in due if key in self.by_key]

    def _ended(self, order: Order) -> Order:
        """Return an order that is no longer listed: filled if its executions say so, else gone.

        A cancelled order has filled as far as its executions say, if that is more than it reported.
        """
        executed = self.executed.of(order)
        if executed is not None and self._has_twin(order):
            # There is no way to know which of the twins an execution belongs to.
            executed = None
        status = order.status if order.is_done else OrderStatus.GONE
        filled = None if executed is None else executed.filled_of(order)
        if executed is None or (status != OrderStatus.GONE and (filled or 0.0) <= (order.filled or 0.0)):
            return order if status == order.status else replace(order, status=status)
        quantity = order.quantity
        if quantity is not None and filled is not None and filled - quantity > SMALLEST_QUANTITY:
            # It was raised since the order was last listed, nobody said by how much.
            quantity = None
        left = None if quantity is None or filled is None else max(quantity - filled, 0.0)
        is_filled = left is not None and left < SMALLEST_QUANTITY
        return replace(
            order,
            quantity=quantity,
            status=OrderStatus.FILLED if is_filled else status,
            filled=filled,
            remaining=0.0 if is_filled else left,
            average_fill_price=executed.average_of(order, filled),
        )

    def _has_twin(self, order: Order) -> bool:
        """Return whether another order has the same permId and is not in another account."""
        twins = (self.by_key.get(key) for key in self._keys_of(order.perm_id) if key != order.key)
        accounts = {twin.account for twin in twins if twin is not None}
        return order.account in accounts or "" in accounts or bool(accounts and not order.account)

    def _note_keys(self, orders: Iterable[Order]) -> None:
        """Remember which keys orders with the same ids may have."""
        for order in orders:
            self._most_twins = max(self._most_twins, order.twin)
            self._ordered_in[order.account] = None

    def _provisional_keys(
        self, new: Iterable[Order], besides: Container[OrderKey]
    ) -> dict[OrderKey, OrderKey]:
        """Map the earlier keys of orders that were given their permId or account to their keys now.

        Among several orders with the same ids, the one with the same terms is chosen. Orders in ``besides``
        keep their keys.
        """
        found: dict[OrderKey, OrderKey] = {}
        for order in new if self.by_key else ():
            if order.hammer_id:
                continue
            keys = (key for key in self._keys_before(order) if key not in besides and key not in found)
            left = [self.by_key[key] for key in keys if key in self.by_key]
            if left:
                found[max(left, key=lambda twin: _terms(twin) == _terms(order)).key] = order.key
        return found

    def _keys_before(self, order: Order) -> Iterator[OrderKey]:
        """Return all keys under which an order that is new under its own key may have been known."""
        # An order without an account may name one now, and one that names none may have named any.
        others = ("",) if order.account else self._ordered_in
        if order.perm_id:
            unnumbered = order.key_without_perm_id
            for account in dict.fromkeys((order.account, *others)):
                yield order.key.in_account(account, order.mode)
                for twin in range(self._most_twins + 1):
                    yield unnumbered._replace(twin=twin).in_account(account, order.mode)
        else:
            yield from (order.key.in_account(account, order.mode) for account in others)

    def _keys_of(self, perm_id: int) -> Iterator[OrderKey]:
        """Return all keys under which orders with one permId may be known."""
        twins = range(self._most_twins + 1)
        return (OrderKey(perm_id, 0, 0, "", n, account) for account in self._ordered_in for n in twins)

    def _note_done(self, order: Order, now: datetime) -> None:
        if order.status != OrderStatus.GONE:
            self.unexplained.pop(order.key, None)
        elif order.key not in self.done_at:
            self.unexplained[order.key] = now
        if order.is_done:
            self.done_at.setdefault(order.key, now)
        else:
            self.done_at.pop(order.key, None)


def _terms(order: Order) -> tuple[object, ...]:
    return order.instrument, order.side, order.quantity, order.order_type, order.limit_price, order.stop_price


def _is_same_order(one: Order | None, other: Order) -> bool:
    # Records compare field by field, even with themselves.
    return one is other or one == other
