"""What changes with time alone: an order's good-till, a print that grows too old, a new day."""

from datetime import datetime

from msgspec import Struct

from psf_monitor.book.row_builder import RowBuilder, RowSources
from psf_monitor.book.row_cache import RowTables
from psf_monitor.domain.orders.order import OrderKey
from psf_monitor.domain.position import PositionKey


class ChangedRows(Struct):
    """The rows that change at a moment. ``is_of_the_day``: so may everything that was traded today.

    Of the positions in ``printed`` only the indicators change.
    """

    positions: set[PositionKey]
    printed: set[PositionKey]
    orders: set[OrderKey]
    is_every_position: bool
    is_every_order: bool
    is_of_the_day: bool

    def mark_in(self, tables: RowTables) -> None:
        """Mark these rows as possibly changed."""
        tables.add(self.printed, (), is_renewed=False)
        tables.add(self.positions, self.orders)
        tables.add_every(positions=self.is_every_position, orders=self.is_every_order)


def moved_to(now: datetime, builder: RowBuilder, sources: RowSources) -> ChangedRows:
    """Update everything that rows depend on besides prices to this moment; return what that changes."""
    printed = set(sources.pricing.positions_of(sources.trades.due(now)))
    news = sources.day.settle()
    has_turned = builder.facts.has_turned(now)
    positions = news.positions.union(*(sources.accounts[mode].positions for mode in news.modes))
    has_new_phase = builder.renew_state()
    return ChangedRows(
        positions,
        printed,
        set(builder.timed),
        is_every_position=has_turned,
        is_every_order=has_turned or has_new_phase,
        is_of_the_day=has_turned or bool(news.positions or news.modes),
    )
