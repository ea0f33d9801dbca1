"""One symbol's previous close, and whether it is that of the last session. Pure.

HAMMER sends it without its date, in snapshots only, and whether it is replaced in the night or at the open is
not known.
"""

from datetime import date

from msgspec import UNSET

from psf_monitor.hammer.prices.replies import QuoteSnapshot

_SAME_PRICE = 1e-6


class PreviousClose:
    """The previous close of a trading day; ``None`` as long as HAMMER's may be that of the day before.

    ``is_doubtful``: before the open nothing has shown that HAMMER has replaced it. That is shown by a change,
    or by a last that equals it; a last of another price is one of the morning, or the close itself was
    adjusted for a dividend, or it is that of the session before the last one.
    """

    __slots__ = ("_day", "_has_opened", "_is_sure", "_known", "of_before", "requested", "value")

    def __init__(self, day: date, *, has_opened: bool) -> None:
        self.value: float | None = None
        self.requested = 0
        """How often today's was requested in vain."""
        self.of_before: tuple[float, float | None] | None = None
        """That of the day before and that day's volume; neither is valid today."""
        self._day = day
        self._has_opened = has_opened
        self._is_sure = False
        self._known: tuple[date, float] | None = None

    @property
    def is_doubtful(self) -> bool:
        """Whether it may be that of the session before the last one."""
        return self.value is not None and not self._is_sure

    def begin_day(
        self, day: date, *, has_opened: bool, last: float | None = None, volume: float | None = None
    ) -> None:
        """Forget it; ``last`` and ``volume`` are those of the day that ends."""
        known = self._known
        if known is not None and known[0] == day:
            # The clock was wrong for a while.
            self.value, self.of_before = known[1], None
        else:
            # A share that closed unchanged has the same previous close twice.
            is_distinct = known is not None and known[0] < day and last != known[1]
            self.of_before = (known[1], volume) if known is not None and is_distinct else None
            self.value, self._is_sure = None, False
        self._day, self._has_opened = day, has_opened
        self.requested = 0

    def be_on(self, day: date, *, has_opened: bool) -> None:
        """Correct the date of the day, and whether its session has opened."""
        self._day = day
        if self._known is not None:
            self._known = day, self._known[1]
        if self._has_opened and not has_opened:
            self._is_sure = False
        self._has_opened = has_opened

    def begin_session(self) -> None:
        """Forget it at the open: the one received earlier may still be that of the day before."""
        self.value, self._has_opened = None, True
        self.requested = 0

    def is_of_today(self, snapshot: QuoteSnapshot) -> bool:
        """Return whether HAMMER, too, has begun the day: another previous close, or a volume that fell."""
        if self.of_before is None:
            return True
        close, volume = self.of_before
        received = snapshot.volume
        is_less_traded = isinstance(received, float) and volume is not None and received < volume
        return snapshot.prev_close not in (UNSET, None, close) or is_less_traded

    def apply(self, snapshot: QuoteSnapshot, last: float | None) -> None:
        """Apply an answer that is of today; ``last`` is the last trade as known with it."""
        was_awaited, before = self.of_before is not None, self.value
        self.of_before = None
        if snapshot.prev_close is not UNSET:
            self.value = snapshot.prev_close
        close = self.value
        if close is None:
            return
        self._known = self._day, close
        has_changed = before is not None and close != before
        is_last = last is not None and abs(last - close) <= _SAME_PRICE
        self._is_sure = self._is_sure or self._has_opened or was_awaited or has_changed or is_last
