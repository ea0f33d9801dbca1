"""HAMMER's answers about data sources, subscriptions and single symbols. Pure."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from psf_monitor.hammer.messages import UNREADABLE, Reply, result_of, unreadable_answer, without_odd_numbers
from psf_monitor.hammer.prices.field_names import letters_of, read_fields
from psf_monitor.hammer.prices.figures import (
    LEAST_UNSET,
    NO_PRICE_IS_AS_HIGH,
    Figure,
    Wire,
    is_no_price,
    is_no_quantity,
    is_yes,
    last_of,
    price_of,
    quantity_of,
)

DEFAULT_STREAMER = "ALARICQ"


class Streamer(Struct, frozen=True):
    """A data source that Hammer Pro offers; ``is_set`` if the user has configured it."""

    name: str
    is_set: bool


class QuoteSnapshot(Struct, frozen=True):
    """The day so far of one symbol; figures as in ``L1Update``. Only a snapshot has the previous close."""

    symbol: str
    bid: Figure
    ask: Figure
    last: Figure
    prev_close: Figure
    open: Figure
    high: Figure
    low: Figure
    volume: Figure
    unread: Mapping[str, object] = {}
    """What besides the prices was not understood, by HAMMER's name; as if it was not sent."""

    @property
    def has_price(self) -> bool:
        """Whether it has a bid, an ask or a last; without any of them it is no answer about a price."""
        return isinstance(self.bid, float) or isinstance(self.ask, float) or isinstance(self.last, float)


class _SnapshotResult(Struct):
    sym: str
    bid: Wire = None
    ask: Wire = None
    last: Wire = None
    prevClose: Wire = None  # noqa: N815
    open: Wire = None
    high: Wire = None
    low: Wire = None
    volume: Wire = None


_Price = Annotated[float, Meta(ge=0.0, lt=NO_PRICE_IS_AS_HIGH)]
_Quantity = Annotated[float, Meta(ge=0.0, lt=LEAST_UNSET)]
_NOT_SENT: Any = None


class _PlainResult(_SnapshotResult, forbid_unknown_fields=True):
    """The same if every name is a known one and every figure that is sent may be true, 0 for none."""

    bid: _Price = _NOT_SENT
    ask: _Price = _NOT_SENT
    last: _Price = _NOT_SENT
    prevClose: _Price = _NOT_SENT  # noqa: N815
    open: _Price = _NOT_SENT
    high: _Price = _NOT_SENT
    low: _Price = _NOT_SENT
    volume: _Quantity = _NOT_SENT
    change: Any = None
    dividend: Any = None


_OF_THE_DAY = ("prevClose", "open", "high", "low")
_SUBSCRIBED = {"subbed": "subbed"}
_STREAMER = {"streamerid": "name", "isset": "is_set"}

_listed = msgspec.json.Decoder(list[Any])
_anything = msgspec.json.Decoder()
_plain = msgspec.json.Decoder(_PlainResult, strict=False)
"""Also reads numbers in strings; no other text becomes a number."""
_NAMES = {letters_of(name): name for name in _SnapshotResult.__struct_fields__} | {
    "symbol": "sym",
    "bidprice": "bid",
    "askprice": "ask",
    "lastprice": "last",
    "previousclose": "prevClose",
}
"""The fields of a snapshot by their plain names."""


def streamers_of(reply: Reply) -> tuple[Streamer, ...]:
    """Return the answer to ``enumDataStreamers``: some versions send objects, some the bare names.

    Entries without a name are left out. Raises ``ProtocolError`` if none can be read.
    """
    entries = result_of(_listed, reply)
    records = [
        read_fields(each, _STREAMER)[0] if isinstance(each, dict) else {"name": each} for each in entries
    ]
    named = [(record.get("name"), record.get("is_set")) for record in records]
    found = tuple(
        Streamer(name, is_set=is_yes(flag)) for name, flag in named if isinstance(name, str) and name
    )
    if entries and not found:
        raise unreadable_answer(reply)
    return found


def chosen_streamer(offered: tuple[Streamer, ...]) -> str:
    """Return the data source to start if the trader named none: the usual one, else the configured one."""
    if any(streamer.name == DEFAULT_STREAMER for streamer in offered):
        return DEFAULT_STREAMER
    return next((streamer.name for streamer in offered if streamer.is_set), DEFAULT_STREAMER)


def subscribed_of(reply: Reply) -> frozenset[str]:
    """Return the symbols that HAMMER accepted; requested symbols that are not among them were refused.

    Raises ``ProtocolError`` if one of those that it names cannot be read: it may be any of them.
    """
    received = result_of(_anything, reply)
    subbed = read_fields(received, _SUBSCRIBED)[0].get("subbed") if isinstance(received, dict) else None
    if isinstance(subbed, str):
        return frozenset({subbed})
    listed = [each for each in subbed if each is not None] if isinstance(subbed, list) else []
    names: list[Any] = [
        read_fields(each, _NAMES)[0].get("sym") if isinstance(each, dict) else each for each in listed
    ]
    if not isinstance(subbed, list) or not all(isinstance(name, str) for name in names):
        raise unreadable_answer(reply)
    return frozenset(names)


def snapshot_of(reply: Reply) -> QuoteSnapshot:
    """Return the answer to ``getSymbolSnapshot``, however its fields are written.

    Raises ``ProtocolError`` if it names no share, or if a bid, ask or last is no price.
    """
    found, unread = _result_of_snapshot(reply)
    if not found.sym.strip():
        raise unreadable_answer(reply)
    high, low = price_of(found.high), price_of(found.low)
    if isinstance(high, float) and isinstance(low, float) and high < low:
        # No day has such a range.
        high = low = None
    return QuoteSnapshot(
        symbol=found.sym,
        bid=price_of(found.bid),
        ask=price_of(found.ask),
        last=last_of(found.last),
        prev_close=price_of(found.prevClose),
        open=price_of(found.open),
        high=high,
        low=low,
        volume=quantity_of(found.volume),
        unread=unread,
    )


def _result_of_snapshot(reply: Reply) -> tuple[_SnapshotResult, Mapping[str, object]]:
    """Return the fields of a snapshot, and those besides its prices that are no figures."""
    try:
        # Nearly all are plain, and this takes a fifteenth of the time of the general way. Of 500 quiet shares
        # eight are asked about each second.
        return _plain.decode(reply.result), {}
    except UNREADABLE:
        try:
            received = _anything.decode(without_odd_numbers(bytes(reply.result)))
        except UNREADABLE as error:
            raise unreadable_answer(reply) from error
    known, _ = read_fields(received if isinstance(received, dict) else {}, _NAMES)
    unread = {name: known[name] for name in _OF_THE_DAY if is_no_price(known.get(name))}
    if is_no_quantity(known.get("volume")):
        unread["volume"] = known["volume"]
    for name in unread:
        del known[name]
    try:
        found = msgspec.convert(known, _SnapshotResult)
    except msgspec.ValidationError:
        raise unreadable_answer(reply) from None
    if any(map(is_no_price, (found.bid, found.ask, found.last))):
        raise unreadable_answer(reply)
    return found, unread
