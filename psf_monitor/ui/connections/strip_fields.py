"""The figures that a strip can show, their order, and their source. Pure."""

from collections.abc import Callable, Collection

from msgspec import Struct

from psf_monitor.book.sums.account_strip import Strip


class StripField(Struct, frozen=True):
    """One figure: ``name`` in a menu, ``caption`` over the figure.

    ``is_calculated``: ours, from HAMMER's prices; otherwise the broker's own, in the account's base currency.
    ``is_gain``: it has a sign and its colour. ``is_percent``: it is no amount, and stays when amounts are
    hidden.
    """

    key: str
    name: str
    caption: str
    get: Callable[[Strip], float | None]
    is_calculated: bool = False
    is_gain: bool = False
    is_percent: bool = False


STRIP_FIELDS = (
    StripField("net_liquidation", "Net liquidation", "Net liq", lambda s: s.net_liquidation),
    StripField("excess_liquidity", "Excess liquidity", "Excess liq", lambda s: s.excess_liquidity),
    StripField("cushion", "Cushion", "Cushion", lambda s: s.cushion, is_percent=True),
    StripField("initial_margin", "Initial margin", "Init margin", lambda s: s.initial_margin),
    StripField("maintenance_margin", "Maintenance margin", "Maint margin", lambda s: s.maintenance_margin),
    StripField("available_funds", "Available funds", "Avail funds", lambda s: s.available_funds),
    StripField("buying_power", "Buying power", "Buying pwr", lambda s: s.buying_power),
    StripField("total_cash", "Cash", "Cash", lambda s: s.total_cash),
    StripField("gross_position_value", "Gross position value", "Gross pos", lambda s: s.gross_position_value),
    StripField("market_value", "Market value", "Mkt value", lambda s: s.market_value, is_calculated=True),
    StripField("day_pnl", "Day P&L", "Day P&L", lambda s: s.day_pnl, is_calculated=True, is_gain=True),
    StripField(
        "unrealized_pnl",
        "Unrealized P&L",
        "Unrlzd P&L",
        lambda s: s.unrealized_pnl,
        is_calculated=True,
        is_gain=True,
    ),
    StripField(
        "realized_pnl", "Realized P&L (from IBKR)", "Rlzd P&L", lambda s: s.realized_pnl, is_gain=True
    ),
    StripField("commission", "Commissions of today", "Comm", lambda s: s.commission),
)
"""In the order in which a strip shows them."""

ACCOUNT_FIELDS: tuple[str, ...] = (
    "net_liquidation",
    "excess_liquidity",
    "day_pnl",
    "unrealized_pnl",
    "realized_pnl",
    "commission",
)
"""The default figures of a login's strip."""
TOTAL_FIELDS: tuple[str, ...] = (
    "net_liquidation",
    "market_value",
    "day_pnl",
    "unrealized_pnl",
    "realized_pnl",
    "commission",
)
"""The default figures of the total's strip."""


def in_order(keys: Collection[str], otherwise: tuple[str, ...]) -> tuple[str, ...]:
    """Return the known ones of ``keys`` in the order of a strip; ``otherwise`` if there are none."""
    return tuple(field.key for field in STRIP_FIELDS if field.key in keys) or otherwise
