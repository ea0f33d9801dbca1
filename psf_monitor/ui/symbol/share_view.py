"""Everything shown about one share at one moment, read from the book. Independent of widgets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from psf_monitor import formatting
from psf_monitor.book.market.depths import is_in, own_orders
from psf_monitor.book.no_price import why_no_price
from psf_monitor.book.rows import ClosedToday, OrderRow, PositionRow, QuoteState
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.depth import DepthReport, DepthState, displayed_sizes
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.domain.indicators import Grpan, Rwvap, Window, begin_of, since, until
from psf_monitor.domain.market_hours import new_york, opened_at
from psf_monitor.domain.orders.order import Side
from psf_monitor.domain.quote import Print
from psf_monitor.ui.base.context import Sources
from psf_monitor.ui.symbol.ladder_lines import (
    Average,
    L1Prices,
    LadderLines,
    PrintWeights,
    Weight,
    build_lines,
    weights_of,
)

_MODES = tuple(AccountMode)


@dataclass(frozen=True, slots=True)
class Share:
    """A share: its conId, 0 at HAMMER, and the symbol that the trader reads."""

    con_id: int
    symbol: str


@dataclass(frozen=True, slots=True)
class ShareView:
    """One moment of a share. ``band`` is the heading of the depth; ``is_old``: nothing of HAMMER's is
    current.

    ``unpriced`` says why HAMMER is not asked for it: HAMMER's symbol of that name may be another.
    """

    now: datetime
    report: DepthReport
    market: L1Prices
    window: Window
    prev_close: float | None
    change: float | None
    change_pct: float | None
    quote_state: QuoteState
    quote_changed_at: datetime | None
    frozen_since: datetime | None
    positions: tuple[PositionRow, ...]
    orders: tuple[OrderRow, ...]
    fills: tuple[Fill, ...]
    closed: tuple[ClosedToday, ...]
    prints: Sequence[Print]
    grpan: Grpan | None
    rwvap: Rwvap | None
    lines: LadderLines
    band: str
    is_old: bool
    unpriced: str = ""


class ShareReader:
    """Reads one share from the book."""

    def __init__(self, sources: Sources, share: Share) -> None:
        self.share = share
        self.window = Window.HOUR
        self._sources = sources
        self._weighed_of: object = None
        self._weighed: Mapping[float, Weight] = {}
        self._found_of: object = None
        self._found: tuple[Fill, ...] = ()

    def unpriced(self) -> str:
        """Return why HAMMER is not asked for the share; empty if it is."""
        return _unpriced(*self._rows())

    def _rows(self) -> tuple[tuple[PositionRow, ...], tuple[OrderRow, ...]]:
        share = self.share
        positions, ordered = self._sources.book.rows_of(share.symbol)
        held = (row for row in positions if _holds(row, share))
        mine = (row for row in ordered if is_in(row, share.con_id, share.symbol))
        return tuple(sorted(held, key=_login_of)), tuple(sorted(mine, key=_login_of))

    def read(self) -> ShareView:
        """Read the current state."""
        sources, share, book = self._sources, self.share, self._sources.book
        now = sources.clock()
        rows, orders = self._rows()
        unpriced = _unpriced(rows, orders)
        held = next((row for row in rows if row.bid is not None or row.last is not None), None)
        quoted = held or next((row for row in orders if row.bid is not None), None)
        report = DepthReport(DepthState.NOT_REQUESTED) if unpriced else book.depths.report(share.symbol)
        market = _sized(_market(held, quoted), report)
        state = quoted.quote_state if quoted else book.prices.state
        state = QuoteState.MISSING if unpriced else state
        prints = () if unpriced else book.trades.prints(share.symbol)
        found = None if unpriced else book.indicators(share.symbol)
        grpan = found.grpan.get(self.window) if found else None
        rwvap = found.rwvap.get(Window.DAY) if found else None
        closed = tuple(each for each in book.closed_today() if _was(each, share))
        is_old = report.state is DepthState.STALE or state is QuoteState.FROZEN
        is_other = not book.depths.is_believed(share.symbol, market.bid, market.ask, now)
        weights = PrintWeights(
            self._weights(self._used(prints, now)),
            grpan.price if grpan else None,
            rwvap.price if rwvap else None,
        )
        mine = own_orders(orders, share.con_id, share.symbol)
        lines = build_lines(report, market, mine, weights, is_believed=not is_other, averages=_averages(rows))
        return ShareView(
            now=now,
            report=report,
            market=market,
            window=self.window,
            prev_close=held.prev_close if held else next((each.prev_close for each in closed), None),
            change=held.change if held else None,
            change_pct=held.change_pct if held else None,
            quote_state=state,
            quote_changed_at=held.quote_changed_at if held else None,
            frozen_since=book.prices.frozen_since,
            positions=rows,
            orders=orders,
            fills=self._fills_at(now),
            closed=closed,
            prints=prints,
            grpan=grpan,
            rwvap=rwvap,
            lines=lines,
            band=band_of(report, now, is_old=is_old, is_other=is_other),
            is_old=is_old or is_other,
            unpriced=unpriced,
        )

    def _fills_at(self, now: datetime) -> tuple[Fill, ...]:
        """Return today's executions of the share; searched again after a change, or on another day."""
        fills = self._sources.fills
        of = fills.changes, new_york(now).date()
        if of != self._found_of:
            self._found_of = of
            self._found = tuple(fill for fill in fills.fills() if _trades(fill, self.share))
        return self._found

    def _weights(self, used: Sequence[Print]) -> Mapping[float, Weight]:
        """Return the weights of the prints; calculated again if there are new ones."""
        of = (len(used), used[0] if used else None, used[-1] if used else None)
        if of != self._weighed_of:
            self._weighed_of = of
            self._weighed = weights_of(used, self._sources.book.trades.rules)
        return self._weighed

    def _used(self, prints: Sequence[Print], now: datetime) -> Sequence[Print]:
        used = self._sources.book.trades.rules.used(prints)
        begin = begin_of(self.window, until(prints, now))
        return used if begin is None else since(used, begin)


def _averages(rows: Iterable[PositionRow]) -> tuple[Average, ...]:
    """Return the average price of each position that has one."""
    return tuple(
        Average(row.mode.abbreviation, row.average_price, row.stale_since is not None)
        for row in rows
        if row.average_price is not None
    )


def band_of(report: DepthReport, now: datetime, *, is_old: bool, is_other: bool) -> str:
    """Return the heading over the depth: its source, or what is wrong with it."""
    was_shown = report.is_live or report.state is DepthState.ASKING
    if report.state is DepthState.STALE or (is_old and was_shown):
        since = report.since if report.state is DepthState.STALE else None
        at = f" {formatting.moment(since, now)}" if since else ""
        return f"DEPTH · FROZEN{at}"
    if not report.is_live:
        return f"DEPTH · {report.state.value}"
    depth = report.depth
    if is_other:
        return "DEPTH · NOT THE MARKET"
    if depth is not None and depth.is_crossed:
        locked = depth.best_bid == depth.best_ask
        return f"DEPTH · LOCKED {formatting.price(depth.best_bid)}" if locked else "DEPTH · CROSSED"
    return "DEPTH · HAMMER" if opened_at(now) is not None else "DEPTH · CLOSED"


def status_of(view: ShareView) -> str:
    """Return the state of the depth as a sentence."""
    report, now = view.report, view.now
    if view.unpriced:
        return f"No price and no depth: {view.unpriced}"
    match report.state:
        case DepthState.LIVE | DepthState.STALE:
            depth = report.depth
            assert depth is not None
            ago = formatting.ago(formatting.seconds_between(report.received_at or now, now))
            sides = ((Side.BUY, depth.bids, "bid"), (Side.SELL, depth.asks, "ask"))
            counts = [f"{len(levels):,} {name}s" for side, levels, name in sides if side not in depth.unsent]
            text = f"Depth {ago} ago  ·  {', '.join(counts)}"
            for side, levels, name in sides:
                if side in depth.unsent:
                    text += f"  ·  HAMMER has not sent the {name}s yet"
                elif not levels and not depth.unreadable:
                    text += f"  ·  nobody displays {'a bid' if side is Side.BUY else 'an ask'}"
            if depth.unreadable:
                text += f"  ·  {formatting.counted(depth.unreadable, 'row')} could not be read"
            if report.state is DepthState.STALE and report.reason:
                text += f"  ·  old: {report.reason}"
            return text
        case DepthState.NOT_SERVED:
            return f"HAMMER does not serve the depth of this share: {report.reason}. Bid and ask are of L1."
        case DepthState.SILENT:
            return "HAMMER took the question, and nothing of the depth has come. Bid and ask are of L1."
        case DepthState.ASKING if view.is_old:
            return "The depth comes as soon as HAMMER sends again."
        case DepthState.ASKING:
            return "HAMMER has been asked for the depth."
        case _:
            return "The depth comes with HAMMER, which is not connected: connect it in the main window."


def _unpriced(positions: Sequence[PositionRow], orders: Sequence[OrderRow]) -> str:
    rows: tuple[PositionRow | OrderRow, ...] = (*positions, *orders)
    return why_no_price(rows[0]) if rows and all(row.unpriced is not None for row in rows) else ""


def _login_of(row: PositionRow | OrderRow) -> tuple[int, str]:
    """Return the place of its login, independent of the order of connecting."""
    return _MODES.index(row.mode), row.account


def _holds(row: PositionRow, share: Share) -> bool:
    if row.key.con_id and share.con_id:
        return row.key.con_id == share.con_id
    return row.priced_as == share.symbol


def _was(closed: ClosedToday, share: Share) -> bool:
    if closed.key.con_id and share.con_id:
        return closed.key.con_id == share.con_id
    return closed.symbol == share.symbol


def _trades(fill: Fill, share: Share) -> bool:
    if fill.instrument.con_id and share.con_id:
        return fill.instrument.con_id == share.con_id
    return fill.instrument.symbol == share.symbol


def _market(held: PositionRow | None, quoted: PositionRow | OrderRow | None) -> L1Prices:
    if held is not None:
        return L1Prices(held.bid, held.ask, held.bid_size, held.ask_size, held.last)
    return L1Prices() if quoted is None else L1Prices(quoted.bid, quoted.ask)


def _sized(market: L1Prices, report: DepthReport) -> L1Prices:
    """Return the market with the sizes that L1 lacks taken from the depth at L1's prices."""
    bid_size, ask_size = displayed_sizes(report, market.bid, market.ask)
    return replace(
        market,
        bid_size=bid_size if market.bid_size is None else market.bid_size,
        ask_size=ask_size if market.ask_size is None else market.ask_size,
    )
