"""One account's values, as PSFALGO's programs read them."""

from dataclasses import dataclass
from datetime import datetime

from psf_monitor.api.records.fields import time_text
from psf_monitor.domain.account import AccountSummary


@dataclass(frozen=True, slots=True)
class SummaryRecord:
    """The values that the broker reports for one account, in ``currency``.

    ``in_review``: IBKR is reviewing the net liquidation and the margin.
    """

    account_type: str
    account: str
    connected: bool
    net_liquidation: float | None
    buying_power: float | None
    total_cash: float | None
    gross_position_value: float | None
    available_funds: float | None
    unrealized_pnl: float | None
    realized_pnl: float | None
    excess_liquidity: float | None
    initial_margin: float | None
    maintenance_margin: float | None
    currency: str | None
    in_review: bool
    stale_since: str | None
    key: str


def summary(known: AccountSummary, is_connected: bool, stale_since: datetime | None) -> SummaryRecord:
    """Return the record of an account's values; ``stale_since`` (UTC) is set if they are old."""
    return SummaryRecord(
        account_type=known.mode.value,
        account=known.account,
        connected=is_connected,
        net_liquidation=known.net_liquidation,
        buying_power=known.buying_power,
        total_cash=known.total_cash,
        gross_position_value=known.gross_position_value,
        available_funds=known.available_funds,
        unrealized_pnl=known.unrealized_pnl,
        realized_pnl=known.realized_pnl,
        excess_liquidity=known.excess_liquidity,
        initial_margin=known.initial_margin,
        maintenance_margin=known.maintenance_margin,
        currency=known.currency,
        in_review=known.is_in_review,
        stale_since=time_text(stale_since),
        key=f"{known.mode.value}/{known.account}",
    )
