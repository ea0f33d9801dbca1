"""What HAMMER says of a symbol."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple


class Quote(NamedTuple):
    """The latest of every figure HAMMER sent for one symbol; ``None`` is a figure it never sent.

    Prices in the listing's currency, sizes and volume in shares. ``changed_at`` is when a price or size
    last differed from the one before, ``received_at`` when HAMMER last sent a price of the symbol;
    both in UTC. A bid and ask of 0 on the wire are no quote and end as ``None``.

    ``stale_since`` is set when the quote is old: the time (UTC) of HAMMER's last message before a gap, after
    which it did not speak of the symbol again. ``late_s`` is by how many seconds the last change came late,
    by HAMMER's own time; ``None`` for one that came in time. ``is_partial``: of bid, ask or last nothing was
    sent yet, so that a ``None`` among them does not mean that there is none.
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


NO_QUOTE = Quote()
"""Of a symbol of which HAMMER has sent nothing."""


@dataclass(frozen=True, slots=True)
class Print:
    """One reported trade: price in the listing's currency, size in shares, time in UTC.

    ``bid`` and ``ask`` were the quote of that moment, ``None`` where it is not known.
    ``is_history``: it was reported in the list of trades so far, not as it happened.
    """

    price: float
    size: float
    at: datetime
    venue: str = ""
    bid: float | None = field(default=None, compare=False)
    ask: float | None = field(default=None, compare=False)
    is_history: bool = field(default=False, compare=False)
