"""One symbol's quote, assembled from HAMMER's partial updates, and its state. Pure."""

from datetime import date, datetime, timedelta

from msgspec import UNSET, Struct

from psf_monitor.domain.market_hours import DayPhase
from psf_monitor.domain.quote import Quote
from psf_monitor.hammer.prices.earlier_quote import EarlierQuote, Figures, repeats
from psf_monitor.hammer.prices.figures import Figure, utc_of
from psf_monitor.hammer.prices.l1_update import L1Update
from psf_monitor.hammer.prices.previous_close import PreviousClose
from psf_monitor.hammer.prices.replies import QuoteSnapshot

LATE_AFTER = timedelta(seconds=60)
"""A price this far behind by HAMMER's own time is not live."""
CLOCK_SET_BACK_AFTER = timedelta(seconds=60)
"""After only older updates for this long, HAMMER's clock was set back and the updates are in order."""
_SAME_PRICE = 1e-6
_REST_OF_A_SECOND = timedelta(microseconds=999_999)
_quote = tuple.__new__

_BID, _ASK, _LAST, _VOLUME, _BID_SIZE, _ASK_SIZE, _RANGE = (1 << n for n in range(7))
_PRICES = _BID | _ASK | _LAST
_EVERYTHING = _PRICES | _VOLUME | _BID_SIZE | _ASK_SIZE | _RANGE


class Moment(Struct, frozen=True, gc=False):
    """When messages of HAMMER were read: ``at`` in UTC, ``at_s`` in monotonic seconds.

    ``sequence`` numbers the turns of reading in which the stream sent anything.
    """

    at: datetime
    at_s: float = 0.0
    sequence: int = 0


class QuoteRecord:
    """Everything HAMMER sent about one symbol in this session; later messages replace earlier ones.

    ``changed_at`` is when a price, a size or the day's volume last changed, ``received_at`` when any price
    was last received. For the first update of a subscription ``changed_at`` is HAMMER's time stamp, if it has
    one. High and low are the snapshot's, extended by the trades reported since.

    ``stale_since`` is set from a gap in HAMMER's messages until the earlier prices have been sent again: it
    is the time of the last message before the gap. What was not sent again is unknown from then on.
    ``late_s`` is how far behind HAMMER's own time the last change was, in seconds, if that is over
    ``LATE_AFTER``.
    """

    __slots__ = (
        "_earlier",
        "_is_settled",
        "_kept",
        "_may_stand",
        "_older_since",
        "_received",
        "_stamp",
        "_unreported",
        "ask",
        "ask_size",
        "bid",
        "bid_size",
        "changed_at",
        "close",
        "high",
        "is_live",
        "last",
        "late_s",
        "low",
        "open",
        "stale_since",
        "volume",
        "volume_sequence",
    )

    def __init__(
        self, day: date = date.min, phase: DayPhase = DayPhase.SESSION, earlier: EarlierQuote | None = None
    ) -> None:
        self.bid: float | None = None
        self.ask: float | None = None
        self.bid_size: float | None = None
        self.ask_size: float | None = None
        self.last: float | None = None
        self.volume: float | None = None
        self.close = PreviousClose(day, phase, None if earlier is None else earlier.close)
        self.open: float | None = None
        self.high: float | None = None
        self.low: float | None = None
        self.changed_at: datetime | None = None
        self.stale_since: datetime | None = None
        self.late_s: float | None = None
        self.is_live = False
        """Whether the stream has sent anything about the symbol."""
        self.volume_sequence = 0
        """The turn of reading in which the stream sent the last volume."""
        self._received: Moment | None = None
        self._is_settled = False
        """Whether the stream has sent all that is awaited of it."""
        self._may_stand = True
        """Whether the stream's next update may repeat an old state, as after a subscription."""
        self._stamp: datetime | None = None
        self._older_since: datetime | None = None
        self._kept = 0
        """The figures known before a gap and not sent since."""
        self._unreported = _PRICES
        """The prices that were not sent in this session, not even as missing."""
        self._earlier = earlier

    def apply(self, update: L1Update, moment: Moment) -> bool:
        """Apply an update; return False if another one was newer by HAMMER's time."""
        stamp = utc_of(update.stamp) if update.stamp else None
        if stamp is not None:
            if stamp > moment.at and stamp - moment.at > LATE_AFTER:
                # So far ahead of the clock it says nothing.
                stamp = None
            elif self._stamp is None or stamp >= self._stamp:
                self._older_since = None
            elif self._is_older(stamp, self._stamp, moment.at):
                return False
        # Thousands a second: most updates cost no call here.
        changed = False
        bid, ask, last = update.bid, update.ask, update.last
        earlier = self._earlier
        before = None if earlier is None else self._figures
        if bid is not UNSET and bid != self.bid:
            self.bid, changed = bid, True
        if ask is not UNSET and ask != self.ask:
            self.ask, changed = ask, True
        if last is not UNSET and last != self.last:
            self.last, changed = last, True
        value = update.volume
        if value is not UNSET:
            self.volume_sequence = moment.sequence
            if value != self.volume:
                self.volume, changed = value, True
        value = update.bid_size
        if value is not UNSET and value != self.bid_size:
            self.bid_size, changed = value, True
        value = update.ask_size
        if value is not UNSET and value != self.ask_size:
            self.ask_size, changed = value, True
        if update.size and update.is_print:
            self._widen_the_day()
        if before is not None:
            has_gone = earlier is not None and earlier.lacks(bid, ask, last)
            changed = has_gone or (changed and not self._only_repeats(before))
        if changed:
            self._earlier = None
            # One that may repeat an old state is as old as HAMMER says.
            is_now = stamp is None or not self._may_stand
            self.changed_at = moment.at if is_now else min(stamp or moment.at, moment.at)
        if stamp is not None and (self._stamp is None or stamp > self._stamp):
            self._stamp = stamp
            behind = moment.at - stamp
            if behind <= LATE_AFTER:
                self.late_s = None
            elif changed and not self._may_stand:
                self.late_s = behind.total_seconds()
        if bid is not UNSET or ask is not UNSET or last is not UNSET:
            self._received = moment
        elif self._received is None:
            self._received = Moment(moment.at)
        if not self._is_settled:
            reported = _BID * (bid is not UNSET) | _ASK * (ask is not UNSET) | _LAST * (last is not UNSET)
            # A share of which HAMMER sends no last is never settled: it costs no call either.
            if self._may_stand or self._unreported & reported or self.stale_since is not None:
                self._settle(update, reported)
        return True

    def apply_snapshot(
        self,
        snapshot: QuoteSnapshot,
        at: datetime,
        at_s: float = 0.0,
        *,
        is_newer: bool = False,
        is_volume_newer: bool = True,
    ) -> bool:
        """Apply an answer; return whether it has other prices than the stream had.

        ``is_newer``: the stream sent no price of the symbol since the request, ``is_volume_newer``: and no
        volume. A bid or ask of 0 in an answer does not cancel one that the stream sent, because out of hours
        HAMMER answers so (PSFALGO).
        """
        before, known = (self.bid, self.ask, self.last, self.volume), self._figures
        had_gap = self.stale_since is not None
        takes_prices = (is_newer or not self.is_live) and snapshot.has_price
        if takes_prices:
            self.bid = _answered(snapshot.bid, self.bid, keeps=not had_gap)
            self.ask = _answered(snapshot.ask, self.ask, keeps=not had_gap)
        elif snapshot.has_price:
            self.bid = _or_known(snapshot.bid, self.bid) if self._unreported & _BID else self.bid
            self.ask = _or_known(snapshot.ask, self.ask) if self._unreported & _ASK else self.ask
        if takes_prices or self.last is None:
            self.last = _or_known(snapshot.last, self.last)
        if self.close.is_of_today(snapshot):
            if (takes_prices and is_volume_newer) or self.volume is None:
                self.volume = _or_known(snapshot.volume, self.volume)
            self.close.apply(snapshot, snapshot.last if isinstance(snapshot.last, float) else self.last)
            self.open = _or_known(snapshot.open, self.open)
            self.high = _or_known(snapshot.high, self.high)
            self.low = _or_known(snapshot.low, self.low)
        if before[0] not in (None, self.bid):
            self.bid_size = None
        if before[1] not in (None, self.ask):
            self.ask_size = None
        if before != (self.bid, self.ask, self.last, self.volume) and not self._only_repeats(
            known, is_whole=snapshot.has_price
        ):
            self.changed_at, self._earlier = at, None
        self._received = Moment(at, at_s, self.sequence)
        if snapshot.has_price:
            # A figure that such an answer omits does not exist.
            self._unreported = 0
        if had_gap and takes_prices:
            # An answer without a last does not confirm the one that was known before.
            last = _LAST if isinstance(snapshot.last, float) else 0
            self._clear_gap(_BID | _ASK | last | _VOLUME | _RANGE)
        return before[:3] != (self.bid, self.ask, self.last)

    def confirm(self, snapshot: QuoteSnapshot, at: datetime, at_s: float = 0.0) -> bool:
        """Apply an answer if it only repeats what is known and current, and return whether it did.

        It is then what ``apply_snapshot`` would make of it, whatever the stream sent since the request.
        """
        if self.stale_since is not None or self._unreported or not self.close.is_confirmed_by(snapshot):
            return False
        answered = snapshot.bid, snapshot.ask, snapshot.last, snapshot.volume
        range_answered = snapshot.open, snapshot.high, snapshot.low
        known = self.bid, self.ask, self.last, self.volume
        if answered != known or range_answered != (self.open, self.high, self.low):
            return False
        self._received = Moment(at, at_s, self.sequence)
        return True

    def differs_from(self, snapshot: QuoteSnapshot) -> bool:
        """Return whether an answer has other prices than are known; a missing price on either side is no
        difference.
        """
        pairs = ((snapshot.bid, self.bid), (snapshot.ask, self.ask), (snapshot.last, self.last))
        return any(
            isinstance(received, float) and known is not None and abs(received - known) > _SAME_PRICE
            for received, known in pairs
        )

    def begin_gap(self, *, of_prices_only: bool = False) -> None:
        """Mark everything as old until it was sent again: HAMMER may send another price next.

        ``of_prices_only``: nothing was missed, it is only uncertain which price is later.
        """
        if self.received_at is not None:
            if self.stale_since is None:
                self.stale_since = self.received_at
            self.on_subscribed()
            self._kept |= _PRICES if of_prices_only else _EVERYTHING
            if self.bid is None:
                self._kept &= ~_BID
            if self.ask is None:
                self._kept &= ~_ASK
            if self.last is None:
                self._kept &= ~_LAST

    def begin_day(self, day: date, phase: DayPhase = DayPhase.SESSION) -> None:
        """Forget the figures of the day until HAMMER sends them for this one."""
        self.close.begin_day(day, phase, last=self.last, volume=self.volume)
        self.open = self.high = self.low = self.volume = None

    def on_subscribed(self) -> None:
        """Expect that the stream's next update may repeat an old state."""
        self._may_stand, self._is_settled = True, False

    @property
    def received_at(self) -> datetime | None:
        """When HAMMER last sent a price of it or confirmed it in an answer."""
        return None if self._received is None else self._received.at

    @property
    def received_s(self) -> float:
        """The same in monotonic seconds; 0 if never."""
        return 0.0 if self._received is None else self._received.at_s

    @property
    def sequence(self) -> int:
        """The turn of reading in which the stream sent its last price; 0 if never."""
        return 0 if self._received is None else self._received.sequence

    @property
    def has_price(self) -> bool:
        """Whether a bid, an ask or a last is known."""
        return self.bid is not None or self.ask is not None or self.last is not None

    def as_quote(self) -> Quote:
        """Return all of it as an immutable quote."""
        # Thousands a second: this leaves out a named tuple's check of how many values there are.
        return _quote(
            Quote,
            (
                self.bid,
                self.ask,
                self.bid_size,
                self.ask_size,
                self.last,
                self.volume,
                self.close.value,
                self.open,
                self.high,
                self.low,
                self.changed_at,
                self.received_at,
                self.stale_since,
                self.late_s,
                bool(self._unreported),
                self.close.is_doubtful,
            ),
        )

    def as_earlier(self) -> EarlierQuote | None:
        """Return what is known, for the time after a gap or a session; ``None`` if nothing is."""
        return None if self.changed_at is None else EarlierQuote(self._figures, self.changed_at, self.close)

    @property
    def _figures(self) -> Figures:
        return self.bid, self.ask, self.last, self.bid_size, self.ask_size, self.volume

    def _only_repeats(self, before: Figures, *, is_whole: bool = False) -> bool:
        """Return whether what differs from ``before`` is what was known earlier, which is no change."""
        earlier = self._earlier
        if earlier is None or not repeats(earlier.figures, before, self._figures, is_whole=is_whole):
            return False
        self.changed_at = self.changed_at or earlier.changed_at
        return True

    def _is_older(self, stamp: datetime, known: datetime, at: datetime) -> bool:
        # A time in whole seconds is somewhere within that second.
        if not stamp.microsecond and stamp + _REST_OF_A_SECOND >= known:
            self._older_since = None
            return False
        if self._older_since is None:
            self._older_since = at
        if at - self._older_since >= CLOCK_SET_BACK_AFTER:
            self._stamp = self._older_since = None
            return False
        return True

    def _settle(self, update: L1Update, reported: int) -> None:
        """Record what the stream has now sent, until nothing of it is awaited."""
        self._may_stand, self.is_live = False, True
        if self._unreported or self.stale_since is not None:
            self._unreported &= ~reported
            if self.stale_since is not None:
                self._clear_gap(reported | _quantities_reported(update))
        self._is_settled = not self._unreported and self.stale_since is None

    def _clear_gap(self, received: int) -> None:
        """Record that these figures were sent since the gap; once the prices were, the rest is forgotten."""
        self._kept &= ~received
        if self._kept & _PRICES:
            return
        self._earlier = self.as_earlier() or self._earlier
        if self._kept & _VOLUME:
            self.volume = None
        if self._kept & _BID_SIZE:
            self.bid_size = None
        if self._kept & _ASK_SIZE:
            self.ask_size = None
        if self._kept & _RANGE:
            self.high = self.low = None
        self._kept = 0
        self.stale_since = None

    def _widen_the_day(self) -> None:
        last = self.last
        if last is not None and self.high is not None and last > self.high:
            self.high = last
        if last is not None and self.low is not None and last < self.low:
            self.low = last


def _quantities_reported(update: L1Update) -> int:
    """Return which sizes, and whether the volume, the update has, even if only as missing."""
    volume, bid_size, ask_size = update.volume, update.bid_size, update.ask_size
    reported = _BID_SIZE * (bid_size is not UNSET) | _ASK_SIZE * (ask_size is not UNSET)
    return reported | _VOLUME * (volume is not UNSET)


def _or_known(figure: Figure, known: float | None) -> float | None:
    return known if figure is UNSET else figure


def _answered(figure: Figure, known: float | None, *, keeps: bool) -> float | None:
    """Return a figure of an answer; if it is missing, the known one stays only if nothing was missed."""
    if figure is UNSET or figure is None:
        return known if keeps else None
    return figure
