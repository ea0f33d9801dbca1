"""One symbol's previous close, and whether it is that of the last session. Pure.

HAMMER sends it without its date, in snapshots only, and it is not known whether HAMMER replaces it in the
evening, in the night or at the open.
"""

from datetime import date

from msgspec import UNSET

from psf_monitor.domain.market_hours import DayPhase
from psf_monitor.hammer.prices.replies import QuoteSnapshot

_SAME_PRICE = 1e-6


class PreviousClose:
    """The previous close of a trading day; ``None`` as long as HAMMER's may be that of the day before.

    ``is_doubtful``: it may be that of another session. Before the open a change shows that HAMMER has
    replaced it, or a last that equals it; with a last of another price it may be too old, unless that is of
    the morning or a dividend came off. After the close one that was known before still holds and another is
    that of the next day; one that comes first then may be that, too, if it equals the last.
    """

    __slots__ = ("_day", "_is_sure", "_known", "_phase", "of_before", "requested", "value")

    def __init__(self, day: date, phase: DayPhase, earlier: "PreviousClose | None" = None) -> None:
        """``earlier`` is that of the last session with HAMMER: after the close it still holds."""
        self.value: float | None = None
        self.requested = 0
        """How often today's was requested without an answer."""
        self.of_before: tuple[float, float | None] | None = None
        """That of the day before and that day's volume; neither is valid today."""
        self._day = day
        self._phase = phase
        self._is_sure = False
        self._known: tuple[date, float] | None = None
        if earlier is not None and phase is DayPhase.AFTER_CLOSE and earlier.is_sure_of(day):
            self.value, self._known, self._is_sure = earlier.value, earlier._known, True

    @property
    def is_doubtful(self) -> bool:
        """Whether it may be that of another session."""
        return self.value is not None and not self._is_sure

    def is_sure_of(self, day: date) -> bool:
        """Return whether that of this day is known without doubt."""
        return self.value is not None and self._is_sure and self._day == day

    def begin_day(
        self, day: date, phase: DayPhase, *, last: float | None = None, volume: float | None = None
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
        self._day, self._phase = day, phase
        self.requested = 0

    def be_on(self, day: date, phase: DayPhase) -> None:
        """Correct the date of the day, and its phase."""
        self._day = day
        if self._known is not None:
            self._known = day, self._known[1]
        if phase is DayPhase.BEFORE_OPEN and self._phase is not phase:
            self._is_sure = False
        self._phase = phase

    def begin_session(self) -> None:
        """Forget it at the open: the one received earlier may still be that of the day before."""
        self.value, self._is_sure, self._phase = None, False, DayPhase.SESSION
        self.requested = 0

    def end_session(self) -> None:
        """Keep it from the close on."""
        self._phase = DayPhase.AFTER_CLOSE

    def is_of_today(self, snapshot: QuoteSnapshot) -> bool:
        """Return whether HAMMER, too, has begun the day: another previous close, or a volume that fell."""
        if self.of_before is None:
            return True
        close, volume = self.of_before
        received = snapshot.volume
        is_less_traded = isinstance(received, float) and volume is not None and received < volume
        return snapshot.prev_close not in (UNSET, None, close) or is_less_traded

    def is_confirmed_by(self, snapshot: QuoteSnapshot) -> bool:
        """Return whether an answer only repeats it, so that ``apply`` would change nothing."""
        return self._is_sure and self.of_before is None and snapshot.prev_close == self.value

    def apply(self, snapshot: QuoteSnapshot, last: float | None) -> None:
        """Apply an answer that is of today; ``last`` is the last trade as known with it."""
        was_awaited, before = self.of_before is not None, self.value
        self.of_before = None
        close = snapshot.prev_close
        if close is UNSET or (self._phase is DayPhase.AFTER_CLOSE and self._is_sure and before is not None):
            return
        if close is None:
            # HAMMER sends 0 for what it does not have, and what was known of today still holds.
            return
        self.value = close
        self._known = self._day, close
        is_last = last is not None and abs(last - close) <= _SAME_PRICE
        match self._phase:
            case DayPhase.BEFORE_OPEN:
                has_changed = before is not None and close != before
                self._is_sure = self._is_sure or was_awaited or has_changed or is_last
            case DayPhase.SESSION:
                self._is_sure = True
            case DayPhase.AFTER_CLOSE:
                self._is_sure = before is None and not is_last
