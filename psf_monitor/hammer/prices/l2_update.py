"""``L2Update``, HAMMER's message about the depth of one share, read from its frame. Pure.

No recorded frame is public, so every form that a public client has read is accepted: the fields in ``result``
or at the top level; a row as a record or as the text ``price,size,venue``; figures as numbers or as text; no
venue. With ``changes`` false each update replaces the sides that it names; its rows are in no particular
order.
"""

from typing import Any

import msgspec
from msgspec import Raw, Struct

from psf_monitor.domain.depth import DepthLevel, sorted_side
from psf_monitor.domain.orders.order import Side
from psf_monitor.hammer.messages import UNREADABLE, ProtocolError, despite_odd_numbers, lost_symbol
from psf_monitor.hammer.prices.field_names import read_fields
from psf_monitor.hammer.prices.figures import LEAST_UNSET, NO_PRICE_IS_AS_HIGH, finite, positive_price


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


class UnreadableDepthError(ProtocolError):
    """An ``L2Update`` that cannot be read; ``symbol`` is the symbol it was about, empty if unknown."""

    def __init__(self, frame: bytes, symbol: str) -> None:
        super().__init__("an unreadable L2Update", frame, "L2Update")
        self.symbol = symbol


def l2_update_of(frame: bytes) -> L2Update:
    """Return an ``L2Update``, whose figures may be none that JSON can write.

    Raises ``UnreadableDepthError`` if it names no share, or if a side is not a list.
    """
    try:
        inner = despite_odd_numbers(_sides_of, frame)
    except UNREADABLE as error:
        raise UnreadableDepthError(frame, lost_symbol(frame)) from error
    sides = [_named(side) for side in (inner.bids, inner.asks)]
    if not inner.sym.strip() or any(
        side is not None and bytes(memoryview(side)[:1]) != b"[" for side in sides
    ):
        raise UnreadableDepthError(frame, inner.sym.strip())
    return L2Update(inner.sym, sides[0], sides[1])


def _sides_of(frame: bytes | Raw) -> _Sides:
    found = _frames.decode(frame)
    inner = found.result if found.result is not None and found.result.sym else found
    if not inner.sym or inner.bids == inner.asks == _NOT_NAMED:
        return _spelt_otherwise(frame)
    return inner


def _spelt_otherwise(frame: bytes | Raw) -> _Sides:
    """Return the sides of a frame whose fields may be in other capitals."""
    fields = {name.lower(): raw for name, raw in _raw_fields.decode(frame).items()}
    if (result := fields.get("result")) is not None and bytes(memoryview(result)[:1]) == b"{":
        fields |= {name.lower(): raw for name, raw in _raw_fields.decode(result).items()}
    sym = msgspec.json.decode(fields.get("sym", fields.get("symbol", b'""')), type=str)
    return _Sides(sym, fields.get("bids", _NOT_NAMED), fields.get("asks", _NOT_NAMED))


def rows_of(side: Raw) -> list[Any]:
    """Return the rows of a side, unread; an entirely unreadable side counts as one unreadable row."""
    try:
        rows: list[Any] = despite_odd_numbers(msgspec.json.decode, side)
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
        if "," in venue:
            # One of its figures may be written with a comma.
            return None
        return price.strip(), size.strip(), venue.strip(), ""
    return None


def _as_text(raw: object) -> str:
    return raw.strip() if isinstance(raw, str) else ""
