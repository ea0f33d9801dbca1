"""What changes with time alone: an order's good-till, a print that grows too old, a new day."""

from datetime import datetime

from msgspec import Struct

from psf_monitor.book.row_builder import RowBuilder, RowSources
from psf_monitor.domain.orders.order import OrderKey
from psf_monitor.domain.position import PositionKey


class ChangedRows(Struct):
    """The rows that change at a moment. ``is_of_the_day``: so may everything that was traded today."""

    positions: set[PositionKey]
    orders: set[OrderKey]
    is_every_position: bool
    is_every_order: bool
    is_of_the_day: bool


def moved_to(
    now: datetime,
    builder: RowBuilder,
    sources: RowSources,
    *,
    is_same_look: bool = False,
) -> ChangedRows:
    """Update everything that rows depend on besides prices to this moment; return what that changes.

    ``is_same_look``: some rows of the previous moment have not been calculated yet.
    """
    positions = set(sources.pricing.positions_of(sources.trades.due(now)))
    accounts = sources.accounts
    loaded = {account.mode: account.accounts_listed for account in accounts if account.positions_loaded}
    news = sources.day.settle(loaded, is_same_look=is_same_look)
    has_turned = builder.facts.has_turned(now)
    positions.update(news.positions, *(accounts[mode].positions for mode in news.modes))
    has_new_phase = builder.renew_state()
    return ChangedRows(
        positions,
        set(builder.timed),
        is_every_position=has_turned,
        is_every_order=has_turned or has_new_phase,
        is_of_the_day=has_turned or bool(news.positions or news.modes),
    )
