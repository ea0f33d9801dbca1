"""The account values of a login, as its positions need them."""

from collections.abc import Sequence

from psf_monitor.book.account_book import AccountBook
from psf_monitor.domain.account import AccountSummary
from psf_monitor.domain.net_liquidation import NOT_CURRENT, NetLiquidation, net_liquidation_in
from psf_monitor.domain.position import Position, PositionKey


def replace_summaries(account: AccountBook, summaries: Sequence[AccountSummary]) -> set[PositionKey]:
    """Set the complete account values; return the keys of the positions that are another part of them now."""
    before, was_stale = account.summaries, account.summaries_stale is not None
    account.summaries = now = {summary.account: summary for summary in summaries}
    account.summaries_stale = None
    return {
        key
        for key, position in account.positions.items()
        if was_stale or _is_other(before.get(position.account), now.get(position.account))
    }


def net_liquidation_of(account: AccountBook, position: Position) -> NetLiquidation:
    """Return the net liquidation of the account that holds the position.

    An old one counts only while the position is as old: nothing else would show that it is.
    """
    if account.summaries_stale is not None and account.positions_stale is None:
        return NetLiquidation(None, NOT_CURRENT)
    return net_liquidation_in(position.instrument.currency, account.summaries.get(position.account))


def _is_other(before: AccountSummary | None, now: AccountSummary | None) -> bool:
    if before is None or now is None:
        return before is not now
    return (before.net_liquidation, before.currency, before.is_in_review) != (
        now.net_liquidation,
        now.currency,
        now.is_in_review,
    )
