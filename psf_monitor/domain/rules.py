"""The trader's choices for the calculations: how a position is valued, and when an order is near its fill."""

from msgspec import Struct

from psf_monitor.domain.orders.order_standing import NEAR_FILL_DISTANCE
from psf_monitor.domain.valuation import MarkRule


class Rules(Struct, frozen=True):
    """The trader's choices for these calculations. ``near_fill`` is in USD."""

    mark: MarkRule = MarkRule.HELD
    near_fill: float = NEAR_FILL_DISTANCE


DEFAULT_RULES = Rules()
