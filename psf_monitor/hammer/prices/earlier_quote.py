"""What was known of a symbol before a gap or a new session; that it is sent again is no change. Pure."""

from datetime import datetime
from typing import NamedTuple

from psf_monitor.hammer.prices.figures import Figure
from psf_monitor.hammer.prices.previous_close import PreviousClose

Figures = tuple[float | None, float | None, float | None, float | None, float | None, float | None]
"""Bid, ask, last, bid size, ask size and volume."""

_PRICES = 3


class EarlierQuote(NamedTuple):
    """The figures known then, when one of them had last changed (UTC), and the previous close."""

    figures: Figures
    changed_at: datetime
    close: PreviousClose

    def lacks(self, *prices: Figure) -> bool:
        """Return whether a bid, ask or last that was known then is now reported not to exist."""
        return any(now is None and then is not None for now, then in zip(prices, self.figures, strict=False))


def repeats(earlier: Figures, before: Figures, now: Figures, *, is_whole: bool) -> bool:
    """Return whether all that differs from ``before`` was unknown then and is what was known ``earlier``.

    ``is_whole``: a price that is not known now does not exist.
    """
    if any(
        figure != was and (was is not None or figure != then)
        for then, was, figure in zip(earlier, before, now, strict=True)
    ):
        return False
    return not is_whole or not any(
        figure is None and then is not None
        for then, figure in zip(earlier[:_PRICES], now[:_PRICES], strict=True)
    )
