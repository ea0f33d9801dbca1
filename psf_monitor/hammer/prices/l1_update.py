"""``L1Update``, HAMMER's news of one symbol, read from its frame. Pure.

Most frames tell plain numbers that can be true. These are decoded straight into what is kept, by the decoder
itself; what it does not take is read figure by figure.
"""

import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import force_setattr

from psf_monitor.domain.quote import Print
from psf_monitor.hammer.prices.figures import (
    LEAST_UNSET,
    NO_PRICE_IS_AS_HIGH,
    Figure,
    Wire,
    last_of,
    price_of,
    quantity_of,
    utc_of,
)
from psf_monitor.hammer.symbols import SymbolTable

# Nesting without end is the one kind of rubbish that the decoder itself does not call a decoding error.
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class L1Update(Struct, frozen=True, gc=False):
    """News of one symbol: prices in the listing's currency, ``size`` and ``volume`` in shares.

    ``last`` is the price of the latest trade; ``volume`` the day's. ``stamp`` is HAMMER's time, as it came,
    ``venue`` where a trade was reported, empty when that is not told.
    A last of 0 is no news: a trade that was reported does not unhappen.
    """

    symbol: str
    bid: Figure = UNSET
    ask: Figure = UNSET
    bid_size: Figure = UNSET
    ask_size: Figure = UNSET
    last: Figure = UNSET
    size: Figure = UNSET
    volume: Figure = UNSET
    stamp: str = ""
    venue: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it has no figure at all: that is no sign of life of a price."""
        # Asked of every update: most tell a price.
        if self.has_price:
            return False
        return all(figure is UNSET for figure in (self.volume, self.size, self.bid_size, self.ask_size))

    @property
    def has_price(self) -> bool:
        """Whether it tells a bid, an ask or a last, if only that there is none."""
        return self.bid is not UNSET or self.ask is not UNSET or self.last is not UNSET

    @property
    def is_print(self) -> bool:
        """Whether this reports a trade: its size is above 0 and its price is known."""
        return bool(self.size) and bool(self.last)

    def trade(
        self, received_at: datetime, bid: float | None = None, ask: float | None = None
    ) -> Print | None:
        """The trade that this reports, while the quote was ``bid`` and ``ask``; without a readable time it
        happened, as far as we know, on receipt.
        """
        if not (isinstance(self.last, float) and isinstance(self.size, float) and self.size):
            return None
        at = utc_of(self.stamp) or received_at
        # There are few venues, and hundreds of trades are kept of each share.
        return Print(self.last, self.size, at, sys.intern(self.venue), bid, ask)


_Price = Annotated[float, Meta(gt=0.0, lt=NO_PRICE_IS_AS_HIGH)] | UnsetType
_Quantity = Annotated[float, Meta(ge=0.0, lt=LEAST_UNSET)] | UnsetType
_WIRE_NAMES = {"symbol": "sym", "bid_size": "bidSize", "ask_size": "askSize", "stamp": "timeStamp"}


class PlainUpdate(L1Update, frozen=True, gc=False, rename=_WIRE_NAMES):
    """An update of which every figure is a number that can be true, as the decoder makes it.

    It tells at least one figure. ``price`` and ``exchange`` are other names of ``last`` and ``venue``, which
    have what was told under either.
    """

    symbol: str
    bid: _Price = UNSET
    ask: _Price = UNSET
    bid_size: _Quantity = UNSET
    ask_size: _Quantity = UNSET
    last: _Price = UNSET
    size: _Quantity = UNSET
    volume: _Quantity = UNSET
    stamp: str = ""
    venue: str = ""
    price: _Price = UNSET
    exchange: str = ""


class _PlainFrame(Struct, tag_field="cmd", tag="L1Update", gc=False):
    result: PlainUpdate


_decode_plain = msgspec.json.Decoder(_PlainFrame).decode


def plain_update(frame: bytes) -> PlainUpdate:
    """The update that a frame tells. Raises what the decoder does, ``msgspec.DecodeError`` for most, when it
    is none, or not a plain one.
    """
    update = _decode_plain(frame).result
    if update.price is not UNSET:
        force_setattr(update, "last", update.price)
    if update.exchange and not update.venue:
        force_setattr(update, "venue", update.exchange)
    if update.bid is UNSET and update.is_empty:
        raise msgspec.DecodeError("no figure under any known name")
    return update


def plain_updates(frames: Iterator[bytes], symbols: SymbolTable) -> tuple[list[PlainUpdate], bytes | None]:
    """Take the plain updates that come first, by the names by which their shares were asked for.

    Returns them, and the frame behind them that is none, taken too; ``None`` when there is no other.
    """
    # What `plain_update` does, in one loop: thousands a second come.
    decode, wanted, updates = _decode_plain, symbols.hammer_symbols, list[PlainUpdate]()
    for frame in frames:
        try:
            update = decode(frame).result
        except UNREADABLE:
            return updates, frame
        if update.price is not UNSET:
            force_setattr(update, "last", update.price)
        if update.exchange and not update.venue:
            force_setattr(update, "venue", update.exchange)
        if update.bid is UNSET and update.is_empty:
            return updates, frame
        if update.symbol not in wanted:
            force_setattr(update, "symbol", symbols.as_requested(update.symbol))
        updates.append(update)
    return updates, None


class L1Result(Struct, gc=False):
    """The result of an ``L1Update`` as it comes, whatever its figures are."""

    sym: str
    bid: Wire = None
    ask: Wire = None
    bidSize: Wire = None  # noqa: N815
    askSize: Wire = None  # noqa: N815
    price: Wire = None
    last: Wire = None
    size: Wire = None
    volume: Wire = None
    timeStamp: str | float | None = None  # noqa: N815
    venue: Any = None
    exchange: Any = None


def read(found: L1Result) -> L1Update:
    """The update that a result tells, figure by figure."""
    # Most updates tell a few of these: what is not there costs no call.
    last, size, volume, stamp = found.price, found.size, found.volume, found.timeStamp
    price = UNSET if last is None else last_of(last)
    if price is UNSET and found.last is not None:
        price = last_of(found.last)
    return L1Update(
        found.sym,
        UNSET if found.bid is None else price_of(found.bid),
        UNSET if found.ask is None else price_of(found.ask),
        UNSET if found.bidSize is None else quantity_of(found.bidSize),
        UNSET if found.askSize is None else quantity_of(found.askSize),
        price,
        UNSET if size is None else quantity_of(size),
        UNSET if volume is None else quantity_of(volume),
        stamp if type(stamp) is str else "" if stamp is None else f"{stamp:.0f}",
        _venue(found.venue) or _venue(found.exchange),
    )


def _venue(raw: object) -> str:
    return raw if type(raw) is str else ""
