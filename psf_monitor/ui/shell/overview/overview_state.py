"""Everything of one moment that is not a row, read at once from the book and the links.

Pure: the same moment always gives the same state. The panels draw their parts of it.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from psf_monitor.book.rows import AccountState, QuoteState
from psf_monitor.book.sums.account_strip import Strip
from psf_monitor.book.sums.exposure import Exposure
from psf_monitor.book.sums.totals import Totals
from psf_monitor.book.sums.unconnected import UnconnectedSums
from psf_monitor.connection.status import LinkState, LinkStatus
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.domain.rules import DEFAULT_RULES, Rules
from psf_monitor.ui.base.context import Sources

HAMMER = AccountMode.HAMMER_PRO


class WindowSums(Struct, frozen=True):
    """The sums of the strips and the total row; ``left_out`` and ``excluded`` say what they do not count."""

    strips: Mapping[AccountMode, Strip]
    total: Strip
    left_out: str
    totals: Totals
    excluded: str
    exposure: Exposure


class OverviewState(Struct, frozen=True):
    """One moment of one window. ``states`` has every profile's book, ``accounts`` those of IBKR's logins
    alone.
    """

    now: datetime
    statuses: Mapping[AccountMode, LinkStatus]
    states: Mapping[AccountMode, AccountState]
    accounts: Mapping[AccountMode, AccountState]
    expects_paper: Mapping[AccountMode, bool]
    quotes: QuoteState
    quotes_frozen_since: datetime | None
    rules: Rules
    money: WindowSums

    @property
    def wanted_links(self) -> dict[AccountMode, bool]:
        """Whether each link is connected or connecting."""
        idle = (LinkState.IDLE, LinkState.FAILED)
        return {mode: status.state not in idle for mode, status in self.statuses.items()}


def overview_state(sources: Sources, money: WindowSums, now: datetime) -> OverviewState:
    """Read this moment; ``money`` are the book's sums."""
    book = sources.book
    states = {mode: book.account_state(mode) for mode in sources.links}
    accounts = {mode: states[mode] for mode in IBKR_MODES if mode in states}
    return OverviewState(
        now=now,
        statuses={mode: link.status for mode, link in sources.links.items()},
        states=states,
        accounts=accounts,
        expects_paper=sources.service.expects_paper,
        quotes=book.prices.state,
        quotes_frozen_since=book.prices.frozen_since,
        rules=book.rules,
        money=money,
    )


class Unconnected(Struct, frozen=True):
    """What is known of one window's links before any connection was requested.

    ``clock`` gives UTC, ``statuses`` are those of idle links, ``absent`` the profiles that are switched off.
    """

    clock: Callable[[], datetime]
    statuses: Mapping[AccountMode, LinkStatus]
    expects_paper: Mapping[AccountMode, bool]
    absent: Collection[AccountMode] = ()


def unconnected_state(known: Unconnected, summed: Collection[AccountMode]) -> OverviewState:
    """Return the same as ``overview_state`` before any connection; ``summed`` is as in ``money_of``."""
    states = {mode: AccountState() for mode in known.statuses}
    accounts = {mode: states[mode] for mode in IBKR_MODES if mode in states}
    return OverviewState(
        now=known.clock(),
        statuses=known.statuses,
        states=states,
        accounts=accounts,
        expects_paper=known.expects_paper,
        quotes=QuoteState.OFF,
        quotes_frozen_since=None,
        rules=DEFAULT_RULES,
        money=_money(UnconnectedSums(known.absent), accounts, (), summed),
    )


def money_of(sources: Sources, held: Collection[AccountMode], summed: Collection[AccountMode]) -> WindowSums:
    """Add up the rows as last drained.

    ``held`` are the profiles with positions, ``summed`` those of the total row.
    """
    book = sources.book
    accounts = {mode: book.account_state(mode) for mode in IBKR_MODES if mode in sources.links}
    return _money(book.sums, accounts, held, summed)


class _Sums(Protocol):
    """The sums of a book, for some profiles, for one, or for all."""

    def totals(self, modes: Collection[AccountMode]) -> Totals: ...
    def strip(self, mode: AccountMode | None) -> Strip: ...
    def exposure(self) -> Exposure: ...


def _money(
    sums: _Sums,
    accounts: Mapping[AccountMode, AccountState],
    held: Collection[AccountMode],
    summed: Collection[AccountMode],
) -> WindowSums:
    all_of_them = sums.totals(IBKR_MODES)
    nowhere = all_of_them.excluded_modes
    strips = {mode: sums.strip(mode) for mode in accounts}
    totals = sums.totals(summed)
    excluded = _left_out(totals.excluded_modes, accounts)
    if HAMMER in held and HAMMER not in summed:
        excluded = " · ".join(filter(None, [excluded, "HAMMER_PRO is not in this total"]))
    return WindowSums(
        strips=strips,
        total=sums.strip(None),
        left_out=_left_out(nowhere, accounts) if len(nowhere) < len(accounts) else "",
        totals=totals,
        excluded=excluded,
        exposure=sums.exposure(),
    )


def _left_out(modes: tuple[AccountMode, ...], accounts: Mapping[AccountMode, AccountState]) -> str:
    """Return which profiles the sums do not count, and why."""
    reasons = []
    for mode in modes:
        account = accounts.get(mode)
        if account is not None and account.is_unexpected:
            reasons.append(f"{mode.link_name} ({'paper' if account.is_paper else 'live'}) is excluded")
        else:
            reasons.append(f"{mode.link_name} not connected, excluded")
    return " · ".join(reasons)
