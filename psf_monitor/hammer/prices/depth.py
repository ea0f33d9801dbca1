"""The depth of the shares whose window is open, as HAMMER sends it in ``L2Update``, and how current it is."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from msgspec import Raw

from psf_monitor.connection.pacing import DEPTH_EVERY_S
from psf_monitor.domain.depth import Depth, DepthLevel, DepthReport, DepthState
from psf_monitor.domain.orders.order import Side
from psf_monitor.hammer.errors import NO_REASON
from psf_monitor.hammer.messages import ProtocolError, Reply
from psf_monitor.hammer.prices.l2_update import l2_update_of, levels_in
from psf_monitor.hammer.prices.replies import subscribed_of
from psf_monitor.hammer.prices.subscriptions import L2, SUBSCRIBE, Request
from psf_monitor.hammer.sink import DepthSink
from psf_monitor.hammer.symbols import SymbolTable, plain_name
from psf_monitor.hammer.throttle import Throttle

NOTHING_CAME_AFTER_S = 10.0
"""Whether the first update comes at once is not known; after this long without one, that is reported."""
REQUESTED_AGAIN_AFTER_S = 120.0
"""How long after the last request an old depth is requested again while the line goes on: public clients of
HAMMER do not subscribe more often.
"""
_NOT_READ = "an update of it could not be read"
_SLEPT = "the computer slept or was too busy to listen"


def _is_for_depth(request: Request) -> bool:
    return request.sub == L2 and request.command == SUBSCRIBE


class _Share:
    """The current depth of one HAMMER symbol; rows are read only when they are reported."""

    def __init__(self, report: DepthReport) -> None:
        self.report = report
        self.requested_at: datetime | None = None
        self.bids: Raw | None = None
        self.asks: Raw | None = None
        self.received_at: datetime | None = None
        self._sides: dict[Side, tuple[tuple[DepthLevel, ...], int]] = {}
        self._old: set[Side] = set()

    def read(self) -> DepthReport:
        """Apply what has arrived since the last call, and return the report.

        After a gap the depth stays old until HAMMER has sent both sides again, or the only one that it had.
        """
        if self.received_at is None:
            return self.report
        for side, raw in ((Side.BUY, self.bids), (Side.SELL, self.asks)):
            if raw is not None:
                self._sides[side] = levels_in(raw, side)
                self._old.discard(side)
        (bids, bad_bids), (asks, bad_asks) = (
            self._sides.get(side, ((), 0)) for side in (Side.BUY, Side.SELL)
        )
        unsent = frozenset({Side.BUY, Side.SELL} - self._sides.keys())
        depth = Depth(bids, asks, bad_bids + bad_asks, unsent)
        if self._old:
            self.report = replace(self.report, depth=depth, received_at=self.received_at)
        else:
            since = self.report.since if self.report.is_live else self.received_at
            self.report = DepthReport(DepthState.LIVE, depth, since, self.received_at)
        self.bids = self.asks = self.received_at = None
        return self.report

    def become(self, report: DepthReport) -> None:
        """Set the report, and forget what was sent if it has no depth."""
        self.report = report
        if report.depth is None:
            self._sides.clear()
            self._old.clear()

    def grow_old(self, since: datetime, reason: str) -> None:
        """Mark the depth, which ``read`` has returned, as old until its sides are sent again."""
        self._old = {side for side, (levels, unreadable) in self._sides.items() if levels or unreadable}
        since = since if self.report.is_live else self.report.since or since
        self.report = replace(self.report, state=DepthState.STALE, since=since, reason=reason)


class DepthCache:
    """The depth of the requested shares, kept across sessions; without a sink it does nothing.

    Updates of other shares are dropped: they may arrive after unsubscribing.
    """

    def __init__(self, symbols: SymbolTable, sink: DepthSink | None) -> None:
        self._symbols = symbols
        self._sink = sink
        self._names: dict[str, str] = {}
        self._shares: dict[str, _Share] = {}
        self._moved: set[str] = set()
        self._is_connected = False
        self._throttle = Throttle(self.flush, every_s=DEPTH_EVERY_S, flood=0)

    @property
    def hammer_symbols(self) -> Collection[str]:
        """The symbols to request."""
        return self._shares.keys()

    def set_wanted(self, ibkr_symbols: Collection[str]) -> None:
        """Set exactly the shares whose depth is shown, or take their new names at HAMMER."""
        names = {symbol: self._symbols.to_hammer(symbol) for symbol in sorted(ibkr_symbols)}
        for gone in self._shares.keys() - set(names.values()):
            del self._shares[gone]
        begin = DepthReport(DepthState.ASKING if self._is_connected else DepthState.OFF)
        for symbol, name in names.items():
            if name not in self._shares:
                self._shares[name] = _Share(begin)
            if self._names.get(symbol) != name:
                self._moved.add(name)
        self._names = names
        self._moved &= self._shares.keys()
        self.flush()

    def renamed(self) -> None:
        """Read the names again: the trader's table of symbols has changed."""
        self.set_wanted(self._names)

    def begin(self) -> None:
        """Begin a new session, in which nothing has been received yet."""
        self._is_connected = True
        for name, share in self._shares.items():
            share.requested_at = None
            if share.report.state in (DepthState.OFF, DepthState.NOT_SERVED, DepthState.SILENT):
                self._become(name, DepthReport(DepthState.ASKING))
        self.flush()

    def on_request(self, request: Request, now: datetime) -> None:
        """Record that a request was sent to HAMMER."""
        for name in request.symbols if _is_for_depth(request) else ():
            if (share := self._shares.get(name)) is not None:
                share.requested_at = now

    def answer(self, request: Request, reply: Reply, now: datetime) -> None:
        """Record which shares HAMMER accepted; that it names the accepted ones is assumed, not known."""
        if not _is_for_depth(request):
            return
        refused: Collection[str] = request.symbols
        reason = reply.text or NO_REASON
        if reply.is_ok:
            try:
                refused = set(request.symbols) - set(map(self._as_requested, subscribed_of(reply)))
            except ProtocolError:
                refused = ()
            reason = "HAMMER does not name it among those it took"
        for name in () if request.again and reply.is_ok else refused:
            share = self._shares.get(name)
            if share is not None and share.received_at is None and not share.report.is_live:
                self._become(name, DepthReport(DepthState.NOT_SERVED, since=now, reason=reason))
        self.flush()

    def apply(self, frame: bytes, now: datetime) -> None:
        """Store an update; its rows are read only when they are reported, however many arrive before.

        Raises ``UnreadableDepthError`` if it cannot be read.
        """
        update = l2_update_of(frame)
        name = update.symbol if update.symbol in self._shares else self._as_requested(update.symbol)
        share = self._shares.get(name)
        if share is None or (update.raw_bids is None and update.raw_asks is None):
            # What names no side says nothing of the depth.
            return
        if update.raw_bids is not None:
            share.bids = update.raw_bids
        if update.raw_asks is not None:
            share.asks = update.raw_asks
        share.received_at = now
        self._moved.add(name)

    def on_unreadable(self, symbol: str, now: datetime) -> None:
        """Mark the depth of this symbol, or all of it, as old: an update of it could not be read."""
        self.freeze(now, _NOT_READ, {self._as_requested(symbol)} if symbol else None)

    def on_slept(self, since: datetime) -> None:
        """Mark all depth as old: updates may have been missed after ``since``."""
        self.freeze(since, _SLEPT)

    def watch(self, now: datetime) -> bool:
        """Report the shares for which nothing has arrived although they were requested.

        Return whether one that is old has to be requested again now.
        """
        is_due = False
        for name, share in self._shares.items():
            if share.requested_at is None or share.received_at:
                continue
            waited_s = (now - share.requested_at).total_seconds()
            if share.report.state is DepthState.STALE:
                is_due |= waited_s >= REQUESTED_AGAIN_AFTER_S
            elif share.report.state is DepthState.ASKING and waited_s >= NOTHING_CAME_AFTER_S:
                self._become(name, DepthReport(DepthState.SILENT, since=share.requested_at))
        self.flush()
        return is_due

    def freeze(self, since: datetime, reason: str = "", names: Collection[str] | None = None) -> None:
        """Mark everything, or the shares of these HAMMER names, as old as of ``since``, until it is sent
        again: the line is lost or silent, or for ``reason``.
        """
        self.flush()
        for name in self._shares if names is None else self._shares.keys() & names:
            if self._shares[name].report.depth is not None:
                self._shares[name].grow_old(since, reason)
                self._moved.add(name)
        self.flush()

    def end(self, since: datetime) -> None:
        """End the session."""
        self._is_connected = False
        self.freeze(since)
        for name, share in self._shares.items():
            if share.report.depth is None:
                self._become(name, DepthReport(DepthState.OFF))
        self.flush()

    def drop(self) -> None:
        """Forget everything: the trader disconnected HAMMER."""
        self._is_connected = False
        for name in self._shares:
            self._shares[name] = _Share(DepthReport(DepthState.OFF))
        self._moved.update(self._shares)
        self.flush()

    def flush_soon(self) -> None:
        """Report what changed, at once or as soon as ``DEPTH_EVERY_S`` have passed since the last time."""
        if self._moved:
            self._throttle.request(len(self._moved))

    def flush(self) -> None:
        """Report what changed since the last time."""
        if not self._moved:
            return
        reports = {name: self._shares[name].read() for name in self._moved}
        self._moved.clear()
        if self._sink is not None:
            reported = {symbol: reports[name] for symbol, name in self._names.items() if name in reports}
            self._sink.depth_changed(reported)

    def _as_requested(self, symbol: str) -> str:
        """Return the name under which a share was requested, however HAMMER writes it."""
        names = (name for name in self._shares if plain_name(name) == plain_name(symbol))
        return next(names, symbol) if symbol not in self._shares else symbol

    def _become(self, name: str, report: DepthReport) -> None:
        self._shares[name].become(report)
        self._moved.add(name)
