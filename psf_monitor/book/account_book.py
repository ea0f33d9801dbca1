"""What one profile's broker holds, as it was last said, and how current each part of it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from psf_monitor.domain.account import AccountMode, AccountSummary
from psf_monitor.domain.message import BrokerMessage
from psf_monitor.domain.order import Order, OrderKey
from psf_monitor.domain.position import Position, PositionKey

MOST_MESSAGES = 20
"""How many of the broker's messages wait to be seen at most; the log has them all."""

DONE_STAYS_S = 30.0
"""Seconds for which a filled or cancelled order stays in the table, as in TWS."""


@dataclass(slots=True)
class AccountBook:
    """The book of one profile.

    A part (positions, orders, account values) is stale from the loss of the link until that part has been
    sent again in full. ``first_seen`` holds the orders that appeared after the first full list. ``messages``
    are those that nobody has seen yet, ``seen_codes`` what was seen of those that are not urgent.
    """

    mode: AccountMode
    accounts: tuple[str, ...] = ()
    positions: dict[PositionKey, Position] = field(default_factory=dict)
    orders: dict[OrderKey, Order] = field(default_factory=dict)
    summaries: dict[str, AccountSummary] = field(default_factory=dict)
    positions_loaded: bool = False
    orders_checked_at: datetime | None = None
    orders_problem: str | None = None
    problem: str | None = None
    positions_stale: datetime | None = None
    orders_stale: datetime | None = None
    summaries_stale: datetime | None = None
    first_seen: dict[OrderKey, datetime] = field(default_factory=dict)
    done_at: dict[OrderKey, datetime] = field(default_factory=dict)
    messages: tuple[BrokerMessage, ...] = ()
    seen_codes: set[int] = field(default_factory=set)

    @property
    def stale_since(self) -> datetime | None:
        stale = [t for t in (self.positions_stale, self.orders_stale, self.summaries_stale) if t]
        return min(stale) if stale else None

    def name_accounts(self, accounts: Sequence[str]) -> tuple[set[PositionKey], set[OrderKey]]:
        """Take the accounts of the login; what stood here of one that it no longer has leaves.

        The keys that may have changed come back.
        """
        gone = set(self.accounts) - set(accounts)
        is_another_login = bool(self.accounts) and not set(self.accounts) & set(accounts)
        self.accounts = tuple(accounts)
        positions = {key for key, p in self.positions.items() if p.account in gone or is_another_login}
        orders = {key for key, o in self.orders.items() if o.account in gone or is_another_login}
        self.positions = {key: p for key, p in self.positions.items() if key not in positions}
        self.orders = {key: o for key, o in self.orders.items() if key not in orders}
        self.done_at = {key: at for key, at in self.done_at.items() if key not in orders}
        self.summaries = {name: s for name, s in self.summaries.items() if name not in gone}
        if is_another_login:
            # Nothing is known of it: that is not the same as holding nothing.
            self.positions_loaded = False
            self.orders_checked_at = self.orders_problem = self.problem = None
            self.positions_stale = self.orders_stale = self.summaries_stale = None
        return positions, orders

    def hear(self, message: BrokerMessage) -> bool:
        """Keep what the broker said until it is seen; whether it is news.

        What is not urgent is one message a code, and is not shown again once it was seen.
        """
        if not message.is_urgent and message.code in self.seen_codes:
            return False
        others = [each for each in self.messages if not _says_the_same(each, message)]
        is_news = len(others) == len(self.messages)
        kept = [*others, message]
        urgent = [each for each in kept if each.is_urgent][-MOST_MESSAGES:]
        room = MOST_MESSAGES - len(urgent)
        lesser = [each for each in kept if not each.is_urgent][-room:] if room else []
        self.messages = tuple(each for each in kept if each in urgent or each in lesser)
        return is_news

    def see(self, message: BrokerMessage) -> None:
        """The trader has seen it."""
        self.messages = tuple(each for each in self.messages if each != message)
        if not message.is_urgent:
            self.seen_codes.add(message.code)

    def lose(self, since: datetime) -> None:
        """The link went away unasked: what there is stays, marked old."""
        if self.positions_loaded:
            self.positions_stale = self.positions_stale or since
        self.lose_orders(since)
        if self.summaries:
            self.summaries_stale = self.summaries_stale or since

    def lose_orders(self, since: datetime) -> None:
        """Orders may be there without a list of them: TWS tells those of our own client id one by one."""
        if self.orders_checked_at or self.orders:
            self.orders_stale = self.orders_stale or since

    def replace_positions(self, positions: Sequence[Position]) -> set[PositionKey]:
        """Take the full list; the keys that may have changed come back."""
        touched = set(self.positions)
        self.positions = {p.key: p for p in positions if p.quantity}
        self.positions_loaded = True
        self.positions_stale = None
        return touched | set(self.positions)

    def change_position(self, position: Position) -> None:
        if position.quantity:
            self.positions[position.key] = position
        else:
            self.positions.pop(position.key, None)

    def replace_orders(self, orders: Sequence[Order], now: datetime) -> set[OrderKey]:
        """Take the full list of open orders; those that finished while we watched stay for a while.

        Most lists repeat the one before: the keys that may have changed are few or none.
        """
        before, was_stale = self.orders, self.orders_stale
        listed = {order.key: order for order in orders}
        kept = {key: self.orders[key] for key in self.done_at if key in self.orders and key not in listed}
        if self.orders_checked_at is not None and self.orders_stale is None:
            self.first_seen.update((key, now) for key in listed.keys() - before.keys())
        self.orders = listed | kept
        self.first_seen = {key: at for key, at in self.first_seen.items() if key in self.orders}
        self.done_at = {key: at for key, at in self.done_at.items() if key in kept}
        self.orders_checked_at = now
        self.orders_problem = None
        self.orders_stale = None
        for order in orders:
            self._note_done(order, now)
        if was_stale is not None:
            return before.keys() | self.orders.keys()
        return {key for key, order in self.orders.items() if before.get(key) != order} | (
            before.keys() - self.orders.keys()
        )

    def change_order(self, order: Order, now: datetime) -> set[OrderKey]:
        """Take one order; the keys that may have changed come back.

        An order that has just been given its permId is no second one.
        """
        provisional = OrderKey(0, order.client_id, order.order_id)
        if order.perm_id and provisional in self.orders:
            del self.orders[provisional]
            self.first_seen.setdefault(order.key, self.first_seen.pop(provisional, now))
        if order.key not in self.orders and self.orders_checked_at is not None:
            self.first_seen.setdefault(order.key, now)
        self.orders[order.key] = order
        self._note_done(order, now)
        return {order.key, provisional}

    def expire_orders(self, now: datetime) -> set[OrderKey]:
        """Let finished orders go once they have been shown long enough."""
        gone = {key for key, at in self.done_at.items() if (now - at).total_seconds() >= DONE_STAYS_S}
        for key in gone:
            del self.done_at[key]
            self.orders.pop(key, None)
            self.first_seen.pop(key, None)
        return gone

    def _note_done(self, order: Order, now: datetime) -> None:
        if order.is_done:
            self.done_at.setdefault(order.key, now)
        else:
            self.done_at.pop(order.key, None)


def _says_the_same(one: BrokerMessage, other: BrokerMessage) -> bool:
    """Urgent ones are told apart by what they say, the others by their number."""
    if one.code != other.code:
        return False
    return one.text == other.text or not (one.is_urgent or other.is_urgent)
