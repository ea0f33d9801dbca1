"""What one profile's broker last reported, and how current each part of it is."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct, field

from psf_monitor.book.orders.account_orders import AccountOrders
from psf_monitor.domain.account import AccountMode, AccountSection, AccountSummary
from psf_monitor.domain.broker_message import BrokerMessage, LoginChange, ToSee
from psf_monitor.domain.fills.trade_date import TradingDay
from psf_monitor.domain.orders.order import OrderKey
from psf_monitor.domain.position import Position, PositionKey
from psf_monitor.formatting import masked
from psf_monitor.problem import Problem

_log = logging.getLogger(__name__)

MOST_MESSAGES = 20
"""The most unread messages of the broker that are kept; the log has all of them."""


class AccountBook(Struct):
    """The positions, orders and account values of one profile.

    Each part is stale from the loss of the link until it is sent again in full. ``messages`` are those not
    yet acknowledged, ``seen`` the acknowledged ones that are not urgent; ``login_change`` is an
    unacknowledged change of login. ``day_gap`` says for which times of today trades are unknown,
    ``accounts_listed`` whose positions were.
    """

    mode: AccountMode
    accounts: tuple[str, ...] = ()
    positions: dict[PositionKey, Position] = field(default_factory=dict)
    orders: AccountOrders = field(default_factory=AccountOrders)
    summaries: dict[str, AccountSummary] = field(default_factory=dict)
    positions_loaded: bool = False
    accounts_listed: tuple[str, ...] = ()
    positions_problem: Problem | None = None
    problem: Problem | None = None
    positions_stale: datetime | None = None
    summaries_stale: datetime | None = None
    messages: tuple[BrokerMessage, ...] = ()
    seen: set[tuple[int, str]] = field(default_factory=set)
    login_change: LoginChange | None = None
    day_gap: str = ""
    day_basis: Mapping[TradingDay, str] = field(default_factory=dict)

    @property
    def stale_since(self) -> datetime | None:
        since = (self.positions_stale, self.orders.stale_since, self.summaries_stale)
        return min(filter(None, since), default=None)

    def set_accounts(self, accounts: Sequence[str], now: datetime) -> tuple[set[PositionKey], set[OrderKey]]:
        """Set the accounts of the login, and drop what is known of an account that it no longer has.

        Return the keys of the rows that may have changed.
        """
        gone = set(self.accounts) - set(accounts)
        if gone:
            self._change_login(accounts, now)
        is_another_login = bool(self.accounts) and not set(self.accounts) & set(accounts)
        changed = set(self.accounts) ^ set(accounts) if self.accounts else set()
        orders = self.orders.change_accounts(changed, gone)
        self.accounts = tuple(accounts)
        positions = {key for key, p in self.positions.items() if p.account in gone or is_another_login}
        self.positions = {key: p for key, p in self.positions.items() if key not in positions}
        self.summaries = {name: s for name, s in self.summaries.items() if name not in gone}
        if is_another_login:
            # Nothing is known about it, which is not the same as holding nothing.
            orders |= self.orders.forget()
            self.positions_loaded = False
            self.positions_problem = self.problem = self.positions_stale = self.summaries_stale = None
        return positions, orders

    def _change_login(self, accounts: Sequence[str], now: datetime) -> None:
        gone = tuple(account for account in self.accounts if account not in accounts)
        came = tuple(account for account in accounts if account not in self.accounts)
        self.login_change = LoginChange(now, gone, came)
        what = "Hammer Pro's account" if self.mode is AccountMode.HAMMER_PRO else "the login behind TWS"
        _log.warning(
            "%s: %s has changed: %s left, %s came",
            self.mode,
            what,
            ", ".join(map(masked, gone)),
            ", ".join(map(masked, came)) or "none",
        )

    def add_message(self, message: BrokerMessage) -> bool:
        """Keep a message of the broker until it is acknowledged; return whether it is new.

        Of messages that are not urgent one is kept for each code and order, and none is shown again once it
        was acknowledged. One without code may be any.
        """
        if not message.is_urgent and (message.code, message.about) in self.seen:
            return False
        others = [each for each in self.messages if not each.is_same(message)]
        is_news = len(others) == len(self.messages)
        kept = [*others, message]
        urgent = [each for each in kept if each.is_urgent][-MOST_MESSAGES:]
        room = MOST_MESSAGES - len(urgent)
        lesser = [each for each in kept if not each.is_urgent][-room:] if room else []
        self.messages = tuple(each for each in kept if each in urgent or each in lesser)
        return is_news

    def acknowledge(self, message: ToSee) -> None:
        """Mark messages as seen by the trader."""
        if isinstance(message, LoginChange):
            if message == self.login_change:
                self.login_change = None
            return
        self.messages = tuple(each for each in self.messages if each != message)
        if not message.is_urgent and message.code is not None:
            self.seen.add((message.code, message.about))

    def mark_stale(self, since: datetime, section: AccountSection | None = None) -> None:
        """Mark everything, or one section, as old: the broker does not report it any more."""
        lost = set(AccountSection) if section is None else {section}
        if self.positions_loaded and AccountSection.POSITIONS in lost:
            self.positions_stale = self.positions_stale or since
        if AccountSection.ORDERS in lost:
            self.orders.mark_stale(since)
        if self.summaries and AccountSection.VALUES in lost:
            self.summaries_stale = self.summaries_stale or since

    def replace_positions(self, positions: Sequence[Position]) -> set[PositionKey]:
        """Set the complete list of positions; return the keys that may have changed."""
        touched = set(self.positions)
        self.positions = {p.key: p for p in positions if p.is_held}
        self.positions_loaded, self.accounts_listed = True, self.accounts
        self.positions_stale = self.positions_problem = None
        return touched | set(self.positions)

    def change_position(self, position: Position) -> None:
        if position.is_held:
            self.positions[position.key] = position
        else:
            self.positions.pop(position.key, None)
