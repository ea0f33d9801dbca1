"""The net liquidation of the account that a position is a part of."""

from typing import NamedTuple

from psf_monitor.domain.account import AccountSummary
from psf_monitor.domain.valuation import percent

NOT_REPORTED = "the net liquidation of its account is not reported"
NOT_POSITIVE = "the net liquidation of its account is not above 0"
NOT_CURRENT = "the values of its account are old, the position is not"


class NetLiquidation(NamedTuple):
    """The broker's net liquidation of an account, in the currency of a position in it.

    ``amount`` is ``None`` if it is not known, or nothing can be a part of it: ``why`` then says why.
    ``is_in_review``: IBKR is reviewing it.
    """

    amount: float | None = None
    why: str = NOT_REPORTED
    is_in_review: bool = False

    def percent_of(self, value: float | None) -> float | None:
        """Return ``value`` in percent of it, negative for a short."""
        return percent(value, self.amount)


UNKNOWN = NetLiquidation()


def net_liquidation_in(currency: str, summary: AccountSummary | None) -> NetLiquidation:
    """Return the net liquidation of an account for its positions in ``currency``; nothing is converted.

    One whose currency the broker does not name counts, as in the account's exposure.
    """
    if summary is None or summary.net_liquidation is None:
        return UNKNOWN
    if summary.currency not in (None, currency):
        return NetLiquidation(None, f"the net liquidation of its account is in {summary.currency}")
    if summary.net_liquidation <= 0:
        return NetLiquidation(None, NOT_POSITIVE)
    return NetLiquidation(summary.net_liquidation, "", summary.is_in_review)
