"""HAMMER's answers about data sources, subscriptions and single symbols. Pure."""

from typing import Any

import msgspec
from msgspec import Struct

from psf_monitor.hammer.messages import ProtocolError, Reply, result_of, unreadable_answer
from psf_monitor.hammer.prices.figures import Figure, Wire, is_yes, last_of, price_of, quantity_of

DEFAULT_STREAMER = "ALARICQ"


class Streamer(Struct, frozen=True):
    """A data source that Hammer Pro offers; ``is_set`` if the user has configured it."""

    name: str
    is_set: bool


class Snapshot(Struct, frozen=True):
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

    @property
    def has_price(self) -> bool:
        """Whether it has a bid, an ask or a last; without any of them it is no answer about a price."""
        return any(isinstance(figure, float) for figure in (self.bid, self.ask, self.last))


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


class _Subscribed(Struct):
    subbed: list[Any] | str


_listed = msgspec.json.Decoder(list[Any])
_subscribed = msgspec.json.Decoder(_Subscribed)
_snapshots = msgspec.json.Decoder(_SnapshotResult)
_anything = msgspec.json.Decoder()


def streamers_of(reply: Reply) -> tuple[Streamer, ...]:
    """Return the answer to ``enumDataStreamers``: some versions send objects, some the bare names.

    Entries without a name are left out. Raises ``ProtocolError`` if none can be read.
    """
    entries = result_of(_listed, reply)
    named = [
        (each.get("streamerID"), each.get("isSet")) if isinstance(each, dict) else (each, None)
        for each in entries
    ]
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

    Raises ``ProtocolError`` if none of those that it names can be read.
    """
    subbed = result_of(_subscribed, reply).subbed
    found = frozenset(
        {subbed} if isinstance(subbed, str) else (each for each in subbed if isinstance(each, str))
    )
    if subbed and not found:
        raise unreadable_answer(reply)
    return found


def snapshot_of(reply: Reply) -> Snapshot:
    """Return the answer to ``getSymbolSnapshot``, with field names in any case."""
    try:
        found = result_of(_snapshots, reply)
    except ProtocolError as error:
        found = _recased(reply, error)
    high, low = price_of(found.high), price_of(found.low)
    if isinstance(high, float) and isinstance(low, float) and high < low:
        # No day has such a range.
        high = low = None
    return Snapshot(
        symbol=found.sym,
        bid=price_of(found.bid),
        ask=price_of(found.ask),
        last=last_of(found.last),
        prev_close=price_of(found.prevClose),
        open=price_of(found.open),
        high=high,
        low=low,
        volume=quantity_of(found.volume),
    )


def _recased(reply: Reply, unread: ProtocolError) -> _SnapshotResult:
    received = result_of(_anything, reply)
    known = {name.lower(): name for name in _SnapshotResult.__struct_fields__}
    by_name = (
        {str(name).lower(): value for name, value in received.items()} if isinstance(received, dict) else {}
    )
    result = {known[name]: value for name, value in by_name.items() if name in known}
    try:
        return msgspec.convert(result, _SnapshotResult)
    except msgspec.ValidationError:
        raise unread from None
