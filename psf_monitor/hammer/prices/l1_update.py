"""``L1Update``, HAMMER's message about one symbol, read from its frame. Pure.

Most frames contain plain valid numbers under the known names. These are decoded directly into their final
form by the decoder itself; frames that it rejects are read figure by figure, so that nothing is lost unseen.
"""

import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import force_setattr

from psf_monitor.domain.quote import Print
from psf_monitor.hammer.prices.field_names import letters_of, read_fields
from psf_monitor.hammer.prices.figures import (
    LEAST_UNSET,
    NO_PRICE_IS_AS_HIGH,
    Figure,
    Wire,
    is_no_price,
    is_no_quantity,
    last_of,
    price_of,
    quantity_of,
    utc_of,
)
from psf_monitor.hammer.symbols import SymbolTable

# Endless nesting is no decoding error to msgspec, nor, in its earlier releases, is a whole number that no
# float can hold.
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, SystemError)


class L1Update(Struct, frozen=True, gc=False):
    """An update of one symbol: prices in the listing's currency, ``size`` and ``volume`` in shares.

    ``last`` is the price of the latest trade, ``volume`` that of the day. ``stamp`` is HAMMER's time,
    unparsed, ``venue`` where a trade was reported, empty if not given. A last of 0 means no change, since a
    reported trade cannot be undone.
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
        """Whether it has no figure at all, so that it says nothing about a price."""
        # Evaluated for every update: most have a price.
        if self.has_price:
            return False
        return all(figure is UNSET for figure in (self.volume, self.size, self.bid_size, self.ask_size))

    @property
    def has_price(self) -> bool:
        """Whether it has a bid, an ask or a last, if only to say that there is none."""
        return self.bid is not UNSET or self.ask is not UNSET or self.last is not UNSET

    @property
    def is_print(self) -> bool:
        """Whether this reports a trade: its size is above 0 and its price is known."""
        return bool(self.size) and bool(self.last)

    def trade(
        self, received_at: datetime, bid: float | None = None, ask: float | None = None
    ) -> Print | None:
        """Return the reported trade, with the quote ``bid`` and ``ask`` of that moment.

        Without a readable time it is assumed to have happened on receipt.
        """
        if not (isinstance(self.last, float) and isinstance(self.size, float) and self.size):
            return None
        at = utc_of(self.stamp) or received_at
        # There are few venues, and hundreds of trades are kept for each share.
        return Print(self.last, self.size, at, sys.intern(self.venue.strip()), bid, ask)


class PartlyRead(L1Update, frozen=True, gc=False):
    """An update of which ``unread`` was not understood, by name: under an unknown name, or no figure.

    ``lacks_price``: a price is among it.
    """

    unread: Mapping[str, object] = {}
    lacks_price: bool = False


_Symbol = Annotated[str, Meta(min_length=1)]
_Price = Annotated[float, Meta(gt=0.0, lt=NO_PRICE_IS_AS_HIGH)] | UnsetType
_Quantity = Annotated[float, Meta(ge=0.0, lt=LEAST_UNSET)] | UnsetType
_WIRE_NAMES = {"symbol": "sym", "bid_size": "bidSize", "ask_size": "askSize", "stamp": "timeStamp"}


class PlainUpdate(L1Update, frozen=True, gc=False, rename=_WIRE_NAMES, forbid_unknown_fields=True):
    """An update in which every figure is a valid number under a known name, as the decoder makes it.

    It has at least one figure. ``price`` and ``exchange`` are other names for ``last`` and ``venue``, which
    hold whatever arrived under either name.
    """

    symbol: _Symbol
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
    """Return the update in a frame. Raises the decoder's error, mostly ``msgspec.DecodeError``, if it is not
    a plain update.
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
    """Read the leading plain updates, under the names by which their shares were requested.

    Return them, and the first frame that is not one, already consumed; ``None`` if there is no other.
    """
    # The same as `plain_update`, in one loop: thousands arrive each second.
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
    """The result of an ``L1Update`` as it arrives, whatever its figures are."""

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


class PlainResult(L1Result, gc=False, forbid_unknown_fields=True):
    """The same with no field besides."""


_PRICES = ("bid", "ask", "price", "last")
_QUANTITIES = ("bidSize", "askSize", "size", "volume")
_NAMES = {letters_of(name): name for name in L1Result.__struct_fields__} | {
    "symbol": "sym",
    "bidprice": "bid",
    "askprice": "ask",
    "lastprice": "last",
}
"""The fields by their plain names."""


def read(found: L1Result, others: Mapping[str, object] = MappingProxyType({})) -> L1Update:
    """Return the update in a result, read figure by figure; ``others`` has unknown names."""
    # Most updates have few of these: a missing field costs no call.
    last, size, volume, stamp = found.price, found.size, found.volume, found.timeStamp
    price = UNSET if last is None else last_of(last)
    if price is UNSET and found.last is not None:
        price = last_of(found.last)
    figures = (
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
    no_figures = {name: raw for name in _PRICES if is_no_price(raw := getattr(found, name))}
    lacks_price = bool(no_figures)
    no_figures |= {name: raw for name in _QUANTITIES if is_no_quantity(raw := getattr(found, name))}
    if not (no_figures or others):
        return L1Update(*figures)
    return PartlyRead(*figures, {**no_figures, **others}, lacks_price)


def read_record(record: Mapping[str, Any]) -> L1Update:
    """Return the update in a result whose fields may be written in any way.

    Raises ``msgspec.ValidationError`` if a field is no figure at all, or is there twice with two values.
    """
    known, others = read_fields(record, _NAMES)
    return read(msgspec.convert(known, L1Result), others)


def _venue(raw: object) -> str:
    return raw if type(raw) is str else ""
