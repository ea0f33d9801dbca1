"""``GET depth``: HAMMER's depth of one share with the trader's orders in it, requested while a client wants
it.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

from psf_monitor.api.errors import Answer, ApiError
from psf_monitor.api.query_checks import share_name
from psf_monitor.api.records.order import order_key
from psf_monitor.api.source import Source
from psf_monitor.book.market.share_depth import ShareDepth, share_depth
from psf_monitor.book.no_price import why_no_price
from psf_monitor.book.rows import OrderRow, PositionRow
from psf_monitor.domain.depth import Ahead, DepthLevel, DepthReport, DepthState, OwnOrder, price_levels
from psf_monitor.domain.orders.order import OrderKey, Side
from psf_monitor.problem import shown

KEPT_S = 10.0
"""How long a client's last request keeps the depth subscribed: it will probably ask again."""

WAIT_S = 3.0
"""How long the first request waits for HAMMER's first message."""

NOT_THE_MARKET = "NOT_THE_MARKET"
_STATE_TEXT = {
    DepthState.NOT_REQUESTED: "It is not asked for.",
    DepthState.OFF: "It comes with HAMMER, which is not connected.",
    DepthState.ASKING: "HAMMER has been asked for it and has not answered yet.",
    DepthState.SILENT: "HAMMER took the question, and nothing of the depth has come.",
    DepthState.STALE: "HAMMER's line is lost or silent: what was displayed is old and not given.",
}


@dataclass(frozen=True, slots=True)
class VenueSize:
    """What one venue displays; an empty ``venue`` was not reported."""

    venue: str
    size: float


@dataclass(frozen=True, slots=True)
class DepthPrice:
    """The total displayed at one price, the largest venue first."""

    price: float
    size: float
    venues: list[VenueSize]


@dataclass(frozen=True, slots=True)
class DepthOrder:
    """One of the trader's orders that rests in the share; ``key`` is that of ``account/ibkr/orders``.

    At most ``ahead`` shares are ahead of it: ``better`` at better prices and ``here`` at its own, less the
    displayed part of the order; ``own_here`` of them belong to other orders of the trader. Null if unknown;
    ``place`` says why, or how it stands. ``displayed`` is how much of the remaining quantity others can see:
    0 for a hidden order.
    """

    key: str
    account_type: str
    account: str
    side: str
    price: float
    remaining: float
    ahead: float | None
    better: float | None
    here: float | None
    own_here: float | None
    place: str
    displayed: float


@dataclass(frozen=True, slots=True)
class ShareDepthAnswer:
    """HAMMER's depth of one share.

    ``state`` is LIVE, ASKING, OFF, NOT_SERVED, SILENT, STALE, or NOT_THE_MARKET if its best prices differ
    from L1. Both sides are null unless it is LIVE, and a side that HAMMER has not sent yet is null; an empty
    side means that nobody displays anything, unless rows are ``unreadable``.
    ``problem`` says what is wrong. ``as_of`` is when HAMMER last sent it, ``since`` when the state began.
    ``unreadable`` rows are missing in it. ``crossed``: the best bid is at or above the best ask.
    """

    success: bool
    symbol: str
    hammer_symbol: str | None
    timestamp: str
    state: str
    problem: str | None
    as_of: str | None
    since: str | None
    bids: list[DepthPrice] | None
    asks: list[DepthPrice] | None
    crossed: bool
    unreadable: int
    orders: list[DepthOrder]


class DepthRoutes:
    """The shares that clients ask for. Each is watched until ``kept_s`` after its last request."""

    def __init__(self, source: Source, *, kept_s: float = KEPT_S, wait_s: float = WAIT_S) -> None:
        self._source = source
        self._kept_s = kept_s
        self._wait_s = wait_s
        self._leave: dict[str, Callable[[], None]] = {}
        self._ends: dict[str, asyncio.TimerHandle] = {}
        self._running: Counter[str] = Counter()

    async def depth(
        self,
        symbol: Annotated[str, Query(description="The share, by its name at IBKR or at HAMMER.")],
    ) -> Answer:
        """Return HAMMER's depth of a share that is held or ordered, and what is ahead of each order in it.

        The first request waits some seconds for HAMMER. The depth stays subscribed for ten seconds after the
        last request.
        """
        name = self._name(symbol)
        with self._watching(name):
            await self._first_report(name)
        now, book = self._source.clock(), self._source.book
        found = share_depth(book.depths, name, book.position_rows(), book.order_rows(), now)
        return Answer(answer(found, now.isoformat()))

    def close(self) -> None:
        """Stop watching all shares."""
        for name in tuple(self._leave):
            self._give_up(name)

    def _name(self, wanted: str) -> str:
        """Return the book's name of the share. Raises ``ApiError`` if it is neither held nor ordered.

        A share that HAMMER is not asked for has no depth: its name may be another company's there.
        """
        name = share_name(wanted)
        book = self._source.book
        rows: list[tuple[str, PositionRow | OrderRow]] = [
            (row.priced_as, row) for row in book.position_rows()
        ]
        rows += [(row.priced_as, row) for row in book.order_rows()]
        named = [
            (listed, row)
            for listed, row in rows
            if name in (listed.upper(), row.symbol.upper(), (row.hammer_symbol or "").upper())
        ]
        for listed, row in named:
            if row.unpriced is None:
                return listed
        if named:
            listed, row = named[0]
            raise ApiError(
                404,
                f"HAMMER is not asked for the depth of {listed}.",
                f"It has no price: {why_no_price(row)}.",
                "Name a share that has one: GET position/snapshot gives no_price of each.",
            )
        raise ApiError(
            404,
            f"No account holds or orders {shown(wanted)}.",
            "The depth is asked for of shares that stand in the tables.",
            "A space in a name is %20; GET position/snapshot lists what is held.",
        )

    async def _first_report(self, name: str) -> None:
        """Wait until HAMMER has reported anything about the share."""
        depths = self._source.book.depths
        changed = asyncio.Event()
        stop = depths.when_changed(lambda names: changed.set() if name in names else None)
        try:
            async with asyncio.timeout(self._wait_s):
                while depths.report(name).state is DepthState.ASKING:
                    changed.clear()
                    await changed.wait()
        except TimeoutError:
            return
        finally:
            stop()

    @contextmanager
    def _watching(self, name: str) -> Iterator[None]:
        """Watch the share now, and for a while after the last pending request."""
        if name not in self._leave:
            self._leave[name] = self._source.book.depths.watch(name)
        if name in self._ends:
            self._ends.pop(name).cancel()
        self._running[name] += 1
        try:
            yield
        finally:
            self._running[name] -= 1
            if not self._running[name] and name in self._leave:
                end = asyncio.get_running_loop().call_later(self._kept_s, self._give_up, name)
                self._ends[name] = end

    def _give_up(self, name: str) -> None:
        if name in self._ends:
            self._ends.pop(name).cancel()
        self._leave.pop(name)()


def answer(found: ShareDepth, timestamp: str) -> ShareDepthAnswer:
    """Return the answer about a share's depth."""
    report = found.report
    depth = report.depth if found.is_current else None
    return ShareDepthAnswer(
        success=True,
        symbol=found.symbol,
        hammer_symbol=found.hammer_symbol,
        timestamp=timestamp,
        state=_state(found),
        problem=_problem(found),
        as_of=report.received_at.isoformat() if report.received_at else None,
        since=report.since.isoformat() if report.since else None,
        bids=None if depth is None or Side.BUY in depth.unsent else _prices(depth.bids),
        asks=None if depth is None or Side.SELL in depth.unsent else _prices(depth.asks),
        crossed=depth is not None and depth.is_crossed,
        unreadable=0 if report.depth is None else report.depth.unreadable,
        orders=[_order(own, ahead, is_current=found.is_current) for own, ahead in found.placed],
    )


def _state(found: ShareDepth) -> str:
    if found.report.is_live and found.is_old:
        return DepthState.STALE.name
    return found.report.state.name if found.is_believed else NOT_THE_MARKET


def _problem(found: ShareDepth) -> str | None:
    report = found.report
    if report.is_live and found.is_old:
        return _STATE_TEXT[DepthState.STALE]
    if report.state is DepthState.NOT_SERVED:
        return f"HAMMER does not serve the depth of this share: {report.reason}."
    if report.state is DepthState.STALE and report.reason:
        return f"What was displayed is old and not given: {report.reason}."
    if not report.is_live:
        return _STATE_TEXT[report.state]
    if not found.is_believed:
        return "Its best bid and ask are not those that HAMMER quotes: it is not given."
    return _missing(report)


def _missing(report: DepthReport) -> str | None:
    depth = report.depth
    if depth is None:
        return None
    given = []
    for side, one, all_of_it, rows in (
        (Side.BUY, "a bid", "the bids", depth.bids),
        (Side.SELL, "an ask", "the asks", depth.asks),
    ):
        if side in depth.unsent:
            given.append(f"HAMMER has not sent {all_of_it} yet.")
        elif not rows and not depth.unreadable:
            given.append(f"Nobody displays {one}.")
    if depth.unreadable:
        given.append(f"{depth.unreadable:,} rows could not be read and are missing.")
    return " ".join(given) or None


def _prices(levels: tuple[DepthLevel, ...]) -> list[DepthPrice]:
    return [
        DepthPrice(level.price, level.size, [VenueSize(name, size) for name, size in level.venues])
        for level in price_levels(levels)
    ]


def _order(own: OwnOrder, ahead: Ahead, *, is_current: bool) -> DepthOrder:
    assert isinstance(own.key, OrderKey)
    is_counted = is_current and ahead.shares is not None
    return DepthOrder(
        key=order_key(own.key),
        account_type=own.mode.value,
        account=own.account,
        side=own.side,
        price=own.price,
        remaining=own.left,
        ahead=ahead.shares if is_counted else None,
        better=ahead.better if is_counted else None,
        here=ahead.here if is_counted else None,
        own_here=ahead.own_here if is_counted else None,
        place=ahead.place.value if is_current else "not known",
        displayed=own.displayed,
    )
