"""The depth of the shares whose window is open, as HAMMER sends it in ``L2Update``.

No recorded frame is public, so every form that a public client has read is accepted: the fields in ``result``
or at the top level; a row as a record or as the text ``price,size,venue``; figures as numbers or as text; no
venue. With ``changes`` false each update replaces the sides that it names; its rows are in no particular
order.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Raw, Struct

from psf_monitor.connection.pacing import DEPTH_EVERY_S
from psf_monitor.domain.depth import Depth, DepthLevel, DepthReport, DepthState, sorted_side
from psf_monitor.domain.orders.order import Side
from psf_monitor.hammer.messages import UNREADABLE, ProtocolError, Reply
from psf_monitor.hammer.prices.field_names import read_fields
from psf_monitor.hammer.prices.figures import LEAST_UNSET, NO_PRICE_IS_AS_HIGH, finite, positive_price
from psf_monitor.hammer.prices.replies import subscribed_of
from psf_monitor.hammer.prices.subscriptions import L2, SUBSCRIBE, Request
from psf_monitor.hammer.sink import DepthSink
from psf_monitor.hammer.symbols import SymbolTable, plain_name
from psf_monitor.hammer.throttle import Throttle

NOTHING_CAME_AFTER_S = 10.0
"""Whether the first update comes at once is not known; after this long without one, that is reported."""


class L2Update(Struct, frozen=True):
    """An update of one HAMMER symbol, with the sides that it names; ``None`` is a side that it does not name.

    Rows are read only when they are reported: most updates are replaced before that.
    """

    symbol: str
    raw_bids: Raw | None
    raw_asks: Raw | None

    @property
    def bids(self) -> list[Any] | None:
        """The rows of the bids."""
        return None if self.raw_bids is None else rows_of(self.raw_bids)

    @property
    def asks(self) -> list[Any] | None:
        """The rows of the asks."""
        return None if self.raw_asks is None else rows_of(self.raw_asks)


_NOT_NAMED = Raw()
_NONE = Raw(b"null")


class _Sides(Struct):
    sym: str = ""
    bids: Raw = _NOT_NAMED
    asks: Raw = _NOT_NAMED


class _Frame(_Sides):
    result: _Sides | None = None


_frames = msgspec.json.Decoder(_Frame)
_raw_fields = msgspec.json.Decoder(dict[str, Raw])


def l2_update_of(frame: bytes) -> L2Update:
    """Return an ``L2Update``. Raises ``ProtocolError`` if it names no share, or if a side is not a list."""
    try:
        found = _frames.decode(frame)
        inner = found.result if found.result is not None and found.result.sym else found
        if not inner.sym or inner.bids == inner.asks == _NOT_NAMED:
            inner = _spelt_otherwise(frame)
    except UNREADABLE as error:
        raise ProtocolError("an unreadable L2Update", frame) from error
    sides = [_named(side) for side in (inner.bids, inner.asks)]
    if not inner.sym.strip() or any(
        side is not None and bytes(memoryview(side)[:1]) != b"[" for side in sides
    ):
        raise ProtocolError("an unreadable L2Update", frame)
    return L2Update(inner.sym, sides[0], sides[1])


def _spelt_otherwise(frame: bytes) -> _Sides:
    """Return the sides of a frame whose fields may be in other capitals."""
    fields = {name.lower(): raw for name, raw in _raw_fields.decode(frame).items()}
    if (result := fields.get("result")) is not None and bytes(memoryview(result)[:1]) == b"{":
        fields |= {name.lower(): raw for name, raw in _raw_fields.decode(result).items()}
    sym = msgspec.json.decode(fields.get("sym", fields.get("symbol", b'""')), type=str)
    return _Sides(sym, fields.get("bids", _NOT_NAMED), fields.get("asks", _NOT_NAMED))


def rows_of(side: Raw) -> list[Any]:
    """Return the rows of a side, unread; an entirely unreadable side counts as one unreadable row."""
    try:
        rows: list[Any] = msgspec.json.decode(side)
    except UNREADABLE:
        return [None]
    return rows


def _named(side: Raw) -> Raw | None:
    return None if side in (_NOT_NAMED, _NONE) else side


def levels_of(rows: list[Any], side: Side) -> tuple[tuple[DepthLevel, ...], int]:
    """Return the rows of a side, best price first, and how many could not be read."""
    levels: list[DepthLevel] = []
    unreadable = 0
    for row in rows:
        fields = _fields(row)
        if fields is None:
            unreadable += 1
            continue
        price, size, venue, act = positive_price(fields[0]), finite(fields[1]), fields[2], fields[3]
        if act.startswith("d"):
            continue
        if price is None or size is None or size < 0:
            unreadable += 1
        elif size:
            levels.append(DepthLevel(price, size, venue))
    return sorted_side(levels, side), unreadable


class _PlainRow(Struct, gc=False):
    price: float
    size: float
    MMID: str = ""
    act: str = ""


_ROW = {"price": "price", "size": "size", "mmid": "MMID", "act": "act"}
_plain_rows = msgspec.json.Decoder(list[_PlainRow])


def levels_in(side: Raw, of: Side) -> tuple[tuple[DepthLevel, ...], int]:
    """Return the same for an undecoded side; plain records take a third of the time."""
    try:
        rows = _plain_rows.decode(side)
    except UNREADABLE:
        return levels_of(rows_of(side), of)
    if any(
        row.act or not (0 < row.price < NO_PRICE_IS_AS_HIGH and 0 < row.size < LEAST_UNSET) for row in rows
    ):
        return levels_of(rows_of(side), of)
    return sorted_side([DepthLevel(row.price, row.size, row.MMID.strip()) for row in rows], of), 0


def _fields(row: object) -> tuple[object, object, str, str] | None:
    """Return price, size, venue and action of a row in any of its forms."""
    if isinstance(row, dict):
        if "price" not in row or "size" not in row:
            row, _ = read_fields(row, _ROW)
        venue, act = row.get("MMID"), row.get("act")
        return row.get("price"), row.get("size"), _as_text(venue), _as_text(act).lower()
    if isinstance(row, str):
        price, _, rest = row.partition(",")
        size, _, venue = rest.partition(",")
        return price.strip(), size.strip(), venue.strip(), ""
    return None


def _as_text(raw: object) -> str:
    return raw.strip() if isinstance(raw, str) else ""


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

    def read(self) -> DepthReport:
        """Apply what has arrived since the last call, and return the report."""
        if self.received_at is None:
            return self.report
        before = self.report.depth or Depth()
        bids, bad_bids = (before.bids, 0) if self.bids is None else levels_in(self.bids, Side.BUY)
        asks, bad_asks = (before.asks, 0) if self.asks is None else levels_in(self.asks, Side.SELL)
        depth = Depth(bids, asks, bad_bids + bad_asks)
        since = self.report.since if self.report.is_live else self.received_at
        self.report = DepthReport(DepthState.LIVE, depth, since, self.received_at)
        self.bids = self.asks = self.received_at = None
        return self.report


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
        reason = reply.text
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

    def apply(self, update: L2Update, now: datetime) -> None:
        """Store an update; it is read only when it is reported, however many arrive before."""
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

    def watch(self, now: datetime) -> None:
        """Report the shares for which nothing has arrived although they were requested."""
        for name, share in self._shares.items():
            if share.requested_at is None or share.report.state is not DepthState.ASKING or share.received_at:
                continue
            if (now - share.requested_at).total_seconds() >= NOTHING_CAME_AFTER_S:
                self._become(name, DepthReport(DepthState.SILENT, since=share.requested_at))
        self.flush()

    def freeze(self, since: datetime) -> None:
        """Mark everything as old as of ``since``, until it is sent again: the line is lost or silent."""
        self.flush()
        for name, share in self._shares.items():
            if share.report.is_live:
                frozen = replace(share.report, state=DepthState.STALE, since=since)
                self._become(name, frozen)
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
        self._shares[name].report = report
        self._moved.add(name)
