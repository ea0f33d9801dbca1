"""The trader's choices for the calculations: how a position is valued, and when an order is near its fill."""

from msgspec import Struct

from psf_monitor.domain.valuation import MarkRule

NEAR_FILL_DISTANCE = 0.05
"""The distance to the other side of the market, in USD, within which an order counts as near fill."""


class Rules(Struct, frozen=True):
    """The trader's choices for these calculations. ``near_fill`` is in USD."""

    mark: MarkRule = MarkRule.HELD
    near_fill: float = NEAR_FILL_DISTANCE


DEFAULT_RULES = Rules()
