"""The sums while no login is connected: every figure is unknown, and every login is named as left out."""

from collections.abc import Collection

from psf_monitor.book.sums.account_strip import Strip, strip_of
from psf_monitor.book.sums.exposure import Exposure, ValuedHoldings, exposure_of
from psf_monitor.book.sums.totals import Totals, add_up
from psf_monitor.domain.account import IBKR_MODES, AccountMode


class UnconnectedSums:
    """Reads like ``SumsCache`` over an empty book; ``absent`` are the profiles that no sum counts as
    missing.
    """

    def __init__(self, absent: Collection[AccountMode] = ()) -> None:
        self._absent = absent

    def totals(self, modes: Collection[AccountMode]) -> Totals:
        return add_up((), self._excluded(modes))

    def strip(self, mode: AccountMode | None) -> Strip:
        is_partial = mode is None and bool(self._excluded(IBKR_MODES))
        return strip_of((), add_up((), ()), as_of=None, is_partial=is_partial)

    def exposure(self) -> Exposure:
        holdings = ValuedHoldings(add_up((), ()), ())
        return exposure_of(holdings, self.strip(None), self._excluded(IBKR_MODES))

    def _excluded(self, modes: Collection[AccountMode]) -> tuple[AccountMode, ...]:
        return tuple(mode for mode in modes if mode not in self._absent)
