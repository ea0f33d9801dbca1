"""One symbol's quote, put together from HAMMER's partial news. It knows no socket and no window."""

from datetime import datetime

from msgspec import UNSET

from psf_monitor.domain.quote import Quote
from psf_monitor.hammer.messages import Figure, L1Update, Snapshot, utc_of


class QuoteRecord:
    """Everything HAMMER said of one symbol in this session, the later word over the earlier.

    ``changed_at`` moves when a price, a size or the day's volume differs, ``received_at`` with every message.
    At first sight, ``changed_at`` is the time that HAMMER gives the symbol's first update, if it gives one.
    High and low are the snapshot's, widened by the trades reported since.
    """

    __slots__ = (
        "ask",
        "ask_size",
        "bid",
        "bid_size",
        "changed_at",
        "high",
        "is_live",
        "last",
        "low",
        "open",
        "prev_close",
        "received_at",
        "volume",
    )

    def __init__(self) -> None:
        self.bid: float | None = None
        self.ask: float | None = None
        self.bid_size: float | None = None
        self.ask_size: float | None = None
        self.last: float | None = None
        self.volume: float | None = None
        self.prev_close: float | None = None
        self.open: float | None = None
        self.high: float | None = None
        self.low: float | None = None
        self.changed_at: datetime | None = None
        self.received_at: datetime | None = None
        self.is_live = False
        """Whether the stream has spoken of the symbol: from then on a snapshot's quote is the older one."""

    def take(self, update: L1Update, at: datetime) -> None:
        changed = False
        value = update.bid
        if value is not UNSET and value != self.bid:
            self.bid, changed = value, True
        value = update.ask
        if value is not UNSET and value != self.ask:
            self.ask, changed = value, True
        value = update.bid_size
        if value is not UNSET and value != self.bid_size:
            self.bid_size, changed = value, True
        value = update.ask_size
        if value is not UNSET and value != self.ask_size:
            self.ask_size, changed = value, True
        value = update.last
        if value is not UNSET and value != self.last:
            self.last, changed = value, True
        value = update.volume
        if value is not UNSET and value != self.volume:
            self.volume, changed = value, True
        if update.is_print:
            self._widen_the_day()
        if changed:
            # What is new to us at first sight may have stood for long: HAMMER's own time tells.
            stood_since = None if self.is_live else utc_of(update.stamp)
            self.changed_at = at if stood_since is None else min(stood_since, at)
        self.received_at = at
        self.is_live = True

    def take_snapshot(self, snapshot: Snapshot, at: datetime) -> None:
        before = (self.bid, self.ask, self.last, self.volume)
        if not self.is_live:
            self.bid = _told(snapshot.bid, self.bid)
            self.ask = _told(snapshot.ask, self.ask)
        if not self.is_live or self.last is None:
            self.last = _told(snapshot.last, self.last)
        if not self.is_live or self.volume is None:
            self.volume = _told(snapshot.volume, self.volume)
        self.prev_close = _told(snapshot.prev_close, self.prev_close)
        self.open = _told(snapshot.open, self.open)
        self.high = _told(snapshot.high, self.high)
        self.low = _told(snapshot.low, self.low)
        if before != (self.bid, self.ask, self.last, self.volume):
            self.changed_at = at
        self.received_at = at

    def begin_day(self) -> None:
        """What counts by the day is unknown until HAMMER tells today's."""
        self.prev_close = self.open = self.high = self.low = self.volume = None

    @property
    def has_price(self) -> bool:
        return self.bid is not None or self.ask is not None or self.last is not None

    def frozen(self) -> Quote:
        return Quote(
            self.bid,
            self.ask,
            self.bid_size,
            self.ask_size,
            self.last,
            self.volume,
            self.prev_close,
            self.open,
            self.high,
            self.low,
            self.changed_at,
            self.received_at,
        )

    def _widen_the_day(self) -> None:
        last = self.last
        if last is not None and self.high is not None and last > self.high:
            self.high = last
        if last is not None and self.low is not None and last < self.low:
            self.low = last


def _told(figure: Figure, known: float | None) -> float | None:
    return known if figure is UNSET else figure
