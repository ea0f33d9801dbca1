"""The books of all profiles: which of them counts, and whose record is shown if two hold the same."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime

from psf_monitor.book import notices
from psf_monitor.book.account_book import AccountBook
from psf_monitor.book.orders.working_quantity import NOTHING_WORKS, Working, working
from psf_monitor.book.rows import AccountState, Notice
from psf_monitor.domain.account import IBKR_MODES, AccountMode, AccountSummary, is_paper
from psf_monitor.domain.orders.order import Order, OrderKey
from psf_monitor.domain.position import Position, PositionKey

_log = logging.getLogger(__name__)


class AccountBooks:
    """One ``AccountBook`` for each profile, in a fixed order: if two share a login, the first one counts.

    ``expects_paper`` names the profiles that should be paper logins.
    """

    def __init__(self, modes: Iterable[AccountMode], expects_paper: Collection[AccountMode]) -> None:
        self.expects_paper = expects_paper
        self._by_mode = {mode: AccountBook(mode) for mode in modes}

    def __getitem__(self, mode: AccountMode) -> AccountBook:
        return self._by_mode[mode]

    def __iter__(self) -> Iterator[AccountBook]:
        return iter(self._by_mode.values())

    def clear(self, mode: AccountMode) -> AccountBook:
        """Start the profile with an empty book; return the old one."""
        held = self._by_mode[mode]
        # A message that is not acknowledged outlives the connection.
        self._by_mode[mode] = AccountBook(
            mode, messages=held.messages, seen=held.seen, login_change=held.login_change
        )
        return held

    def owner(self, holds: Callable[[AccountBook], bool]) -> AccountBook | None:
        """Return the profile whose record is shown: the first that holds it, a live link before a lost
        one.
        """
        lost = None
        for account in self._by_mode.values():
            if holds(account):
                if account.stale_since is None:
                    return account
                lost = lost or account
        return lost

    def holds(self, key: PositionKey) -> bool:
        """Return whether any profile holds the position."""
        return any(key in account.positions for account in self._by_mode.values())

    def is_reported(self, account: str) -> bool:
        """Return whether any profile has the account, and has listed its positions, as of now or earlier."""
        return any(book.positions_loaded and account in book.accounts for book in self)

    def is_listed(self, mode: AccountMode, account: str) -> bool:
        """Return whether every position of an account is known as of now."""
        book = self[mode]
        return book.positions_loaded and book.positions_stale is None and account in book.accounts

    def summaries(self, modes: Sequence[AccountMode]) -> list[AccountSummary]:
        """Return the account values of these profiles, each account once, as its first login reports it."""
        found: dict[str, AccountSummary] = {}
        for mode in modes:
            for summary in self[mode].summaries.values():
                found.setdefault(summary.account, summary)
        return list(found.values())

    def summaries_of_all(self, modes: Sequence[AccountMode]) -> list[AccountSummary]:
        """Return the same with every account that a login has named without reporting values."""
        records = self.summaries(modes)
        found = {summary.account for summary in records}
        named = {account: mode for mode in reversed(modes) for account in self[mode].accounts}
        return [
            *records,
            *(AccountSummary(m, account) for account, m in named.items() if account not in found),
        ]

    def expire(self, now: datetime) -> tuple[list[Order], set[OrderKey]]:
        """Return the orders that left without an explanation, and those that have been shown long enough."""
        gone = [order for account in self for order in account.orders.take_unexplained(now)]
        return gone, {key for account in self for key in account.orders.expire(now)}

    def duplicate_of(self, mode: AccountMode) -> AccountMode | None:
        """Return the earlier profile that also reaches an account of this one; IBKR's profiles only."""
        mine = set(self[mode].accounts) if mode in IBKR_MODES else set()
        for other in self:
            if other.mode is mode:
                break
            if mine & set(other.accounts):
                return other.mode
        return None

    def is_unexpected(self, mode: AccountMode) -> bool:
        """Return whether a paper login answers where a live one is expected, or the other way round."""
        paper = self._is_paper(mode)
        return paper is not None and paper is not (mode in self.expects_paper)

    def login_notice(self, mode: AccountMode, accounts: Sequence[str], at: datetime) -> Notice | None:
        """Return a notice of these accounts, just named, if the login has changed or is of the other kind
        than expected, which the log keeps.
        """
        before, expects = self[mode].accounts, mode in self.expects_paper
        notice = notices.login_notice(mode, before, accounts, at)
        if notice is not None or mode not in IBKR_MODES or tuple(accounts) == tuple(before):
            return notice
        notice = notices.unexpected_notice(mode, accounts, at, expects_paper=expects)
        if notice is not None:
            _log.warning("%s: %s", mode, notice.text)
        return notice

    def is_counted(self, mode: AccountMode) -> bool:
        """Return whether totals include the profile."""
        return self[mode].positions_loaded and not self.is_unexpected(mode)

    def _is_paper(self, mode: AccountMode) -> bool | None:
        """Only IBKR's account ids reveal a paper login; ``None`` until they are reported."""
        accounts = self[mode].accounts
        if mode not in IBKR_MODES or not accounts:
            return None
        return any(is_paper(account) for account in accounts)

    def state(self, mode: AccountMode) -> AccountState:
        """Return how current the book of this profile is, and what kind of login it turned out to be."""
        account, other = self[mode], self.duplicate_of(mode)
        others = () if other is None else self[other].accounts
        return AccountState(
            accounts=account.accounts,
            is_loaded=account.positions_loaded,
            stale_since=account.stale_since,
            positions_problem=account.positions_problem,
            orders_checked_at=account.orders.checked_at,
            orders_problem=account.orders.problem,
            is_paper=bool(self._is_paper(mode)),
            is_unexpected=self.is_unexpected(mode),
            duplicate_of=other,
            shared=tuple(name for name in account.accounts if name in others),
            is_same_login=set(account.accounts) == set(others),
            problem=account.problem,
            messages=account.messages,
            login_change=account.login_change,
        )


def working_of(
    account: AccountBook,
    position: Position,
    candidates: Collection[OrderKey],
    combinations: Collection[OrderKey] = (),
) -> Working:
    """Return what open orders in the position's account can still trade of its instrument.

    ``candidates`` are the orders on that instrument in any account. An order without an account, or an
    advisor's that is still to be allocated, may belong to this one.
    """
    if not candidates and not combinations:
        return NOTHING_WORKS
    accounts = (position.account, "")

    def known(keys: Iterable[OrderKey]) -> list[Order]:
        orders = (account.orders.by_key.get(key) for key in keys)
        return [o for o in orders if o is not None and (o.account in accounts or o.is_allocated)]

    return working(known(candidates), known(combinations))
