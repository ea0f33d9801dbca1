"""Quotes and trades, as HAMMER reports them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple


class Quote(NamedTuple):
    """The latest value of every figure that HAMMER sent for one symbol; ``None`` was never sent.

    Prices are in the listing's currency, sizes and volume in shares. ``changed_at`` is when a price or size
    last changed, ``received_at`` when HAMMER last sent a price of the symbol; both UTC. A bid and ask of 0
    are no quote and become ``None``.

    ``stale_since`` is set if the quote is old: the time (UTC) of HAMMER's last message before a gap, after
    which it sent nothing more about the symbol. ``late_s`` is the delay in seconds of the last change by
    HAMMER's own time stamp, ``None`` if it was in time. ``is_partial``: at least one of bid, ask and last has
    not been sent yet, so ``None`` does not mean that there is none. ``is_close_doubtful``: outside the
    session ``prev_close`` may be that of another day.
    """

    bid: float | None = None
    ask: float | None = None
    bid_size: float | None = None
    ask_size: float | None = None
    last: float | None = None
    volume: float | None = None
    prev_close: float | None = None
    open: float | None = None
    high: float | None = None
    low: float | None = None
    changed_at: datetime | None = None
    received_at: datetime | None = None
    stale_since: datetime | None = None
    late_s: float | None = None
    is_partial: bool = False
    is_close_doubtful: bool = False


NO_QUOTE = Quote()
"""The quote of a symbol for which HAMMER has sent nothing."""


@dataclass(frozen=True, slots=True)
class Print:
    """One reported trade: price in the listing's currency, size in shares, time in UTC.

    ``bid`` and ``ask`` were the quote at that moment, ``None`` if unknown. ``is_history``: it comes from the
    list of earlier trades rather than from the live stream.
    """

    price: float
    size: float
    at: datetime
    venue: str = ""
    bid: float | None = field(default=None, compare=False)
    ask: float | None = field(default=None, compare=False)
    is_history: bool = field(default=False, compare=False)
