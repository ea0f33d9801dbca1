"""The depth of one share with the trader's own orders in it, at one moment, as every reader shows it."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from psf_monitor.book.market.depths import Depths, is_in, own_order
from psf_monitor.book.rows import OrderRow, PositionRow
from psf_monitor.domain.depth import Ahead, DepthReport, DepthState, OwnOrder, Place


class ShareDepth(Struct, frozen=True):
    """The depth of one share and the own orders in it. ``hammer_symbol`` is the name HAMMER is asked for.

    ``is_believed``: its best prices agree with L1. ``is_old``: HAMMER's line is lost or silent. ``placed``
    are the own orders that rest in it, with the shares ahead of each.
    """

    symbol: str
    hammer_symbol: str | None
    report: DepthReport
    is_believed: bool
    is_old: bool
    placed: tuple[tuple[OwnOrder, Ahead], ...]

    @property
    def is_current(self) -> bool:
        """Whether the displayed sizes are known and current."""
        return self.report.is_live and self.is_believed and not self.is_old


def share_depth(
    depths: Depths,
    symbol: str,
    positions: Iterable[PositionRow],
    orders: Iterable[OrderRow],
    now: datetime,
) -> ShareDepth:
    """Read the depth of the share that is priced as ``symbol``, given all rows of the book."""
    held = [row for row in positions if row.priced_as == symbol and row.unpriced is None]
    con_id = next((row.key.con_id for row in held if row.key.con_id), 0)
    ordered = [row for row in orders if row.unpriced is None and is_in(row, con_id, symbol)]
    rows: list[PositionRow | OrderRow] = [*held, *ordered]
    quoted = next((row for row in rows if row.bid is not None or row.ask is not None), None)
    report = depths.report(symbol)
    bid, ask = (quoted.bid, quoted.ask) if quoted else (None, None)
    own = ((own_order(row, row.market_position, row.stale_since), row.ahead) for row in ordered)
    names = (row.hammer_symbol for row in rows if row.hammer_symbol)
    return ShareDepth(
        symbol,
        next(names, None),
        report,
        depths.is_believed(symbol, bid, ask, now),
        report.state is DepthState.STALE or (quoted is not None and quoted.quote_state.is_old),
        tuple((each, ahead or Ahead(Place.UNKNOWN)) for each, ahead in own if each is not None),
    )
