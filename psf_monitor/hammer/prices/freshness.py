"""Whether HAMMER's prices are live: what to request when none arrive, and when they count as old.

Only a price, or an answer about prices, counts here, never a heartbeat. Times named ``_s`` are
monotonic seconds; the clock only determines the session.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from psf_monitor.connection.link_log import link_log
from psf_monitor.domain import market_hours
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.market_hours import DayPhase
from psf_monitor.hammer import errors
from psf_monitor.hammer.heartbeat import Heartbeat
from psf_monitor.hammer.prices.l1_update import L1Update
from psf_monitor.hammer.prices.quiet_symbols import QuietSymbols
from psf_monitor.hammer.prices.quote_cache import QuoteCache
from psf_monitor.hammer.prices.replies import QuoteSnapshot
from psf_monitor.hammer.prices.subscriptions import SNAPSHOT, Request, Subscriptions
from psf_monitor.hammer.session_warnings import SessionWarnings
from psf_monitor.hammer.timing import HammerTiming

_log = link_log(__name__, AccountMode.HAMMER_PRO.link_name)

SUBSCRIBE_AGAIN_AFTER_S = 90.0
SUBSCRIBE_AGAIN_PAUSE_S = 120.0
"""Public clients of HAMMER subscribe again after this long without an update, and then pause."""
WHOLE_STREAM_AGAIN_S = 900.0
STREAM_FOLLOWS_WITHIN_S = 2.0
"""An answer may be faster than the update with the same news."""
CLOCK_SET_S = 60.0
"""A clock that differs from elapsed time by this much was set."""
CATCH_UP_S = 1.0
"""For this long after a sleep, frames may be from before it, unless they answer a later request."""


class PriceWatch:
    """Monitors the prices of one session with HAMMER.

    ``silent_after_s``: without a price for this long during the session, of all symbols or of one, HAMMER is
    asked.
    """

    def __init__(
        self,
        quotes: QuoteCache,
        subscriptions: Subscriptions,
        silent_after_s: float,
        timing: HammerTiming,
        line: Heartbeat,
        warnings: SessionWarnings,
    ) -> None:
        now, now_s = line.received_at, line.received_s
        self.is_silent = False
        self.streamed_s = now_s
        """When the stream last sent a price."""
        self._quotes = quotes
        self._subscriptions = subscriptions
        self._silent_after_s = silent_after_s
        self._warnings = warnings
        self._seen_s = now_s
        self._slept_s: float | None = None
        self._answered_ask_s: dict[str, float] = {}
        self._requested_all_s: float | None = None
        self._answered_s = now_s
        self._suspects: dict[str, tuple[float, int]] = {}
        self._failing: dict[str, int] = {}
        self._quiet = QuietSymbols(
            quotes, silent_after_s, timing.out_of_hours_request_s, self._failing.keys(), now_s
        )
        self._answer_within_s = self._quiet.answer_within_s
        self._subscribed_again_s: dict[str, float] = {}
        self._all_again_s: float | None = None
        self._day = quotes.day = trading_day(now)
        self._phase = quotes.phase = market_hours.day_phase(now)
        self._seen_at = now, now_s

    # -- events ----------------------------------------------------------------------------------------

    def on_updates(self, updates: Sequence[L1Update], now_s: float) -> bool:
        """Process at least one update from the stream; return whether any has a price.

        A symbol whose price the stream sends is accepted by HAMMER, whatever it answered before.
        """
        refused = self._subscriptions.refused
        for update in updates if refused else ():
            if update.symbol in refused and update.has_price:
                self._subscriptions.answer((update.symbol,), (), now_s)
                self._quotes.answer(frozenset((update.symbol,)), frozenset())
        if not any(update.has_price for update in updates):
            return False
        if not self.is_catching_up(now_s):
            self.streamed_s = now_s
            self._requested_all_s = None
        return True

    def on_request(self, symbol: str, now_s: float) -> None:
        """Record that a symbol's snapshot was requested."""
        self._quiet.on_requested(symbol, now_s)

    def only_confirms(self, request: Request) -> bool:
        """Return whether the answer will do no more than confirm that a price still holds."""
        if request.command != SNAPSHOT:
            return False
        symbol = request.symbols[0]
        record = self._quotes.record_of(symbol)
        is_current = record is not None and record.has_price and record.stale_since is None
        return is_current and symbol not in self._failing

    def on_answer(
        self,
        snapshot: QuoteSnapshot,
        now: datetime,
        now_s: float,
        *,
        sequence: int,
        requested_s: float,
    ) -> None:
        """Process the answer to a snapshot requested at ``requested_s``; of it and the stream, the later one
        wins.
        """
        if snapshot.unread:
            self._warnings.note_unread_of(snapshot)
        symbol = snapshot.symbol
        record = self._quotes.record_of(symbol)
        is_none = record is not None and record.has_price and not snapshot.has_price
        if is_none or self.is_catching_up(now_s):
            return
        self._answered_s = now_s
        self._requested_all_s = None
        if requested_s < self._answered_ask_s.get(symbol, requested_s):
            # A later request has already been answered.
            return
        self._answered_ask_s[symbol] = requested_s
        self._quiet.on_answer(symbol)
        had_gap = record is None or not record.is_live or record.stale_since is not None
        was_overtaken = record is not None and record.sequence > sequence
        differs = self._quotes.apply_snapshot(snapshot, now, sequence=sequence, now_s=now_s)
        if record is None:
            return
        if was_overtaken and (differs or record.stale_since is not None):
            # It is uncertain which of the two is later: the next answer decides.
            self._quotes.begin_gap([symbol], of_prices_only=True)
            self._request([symbol], now_s)
        elif differs and not had_gap and market_hours.opened_at(now) is not None:
            self._suspects.setdefault(symbol, (now_s, record.sequence))

    def on_unreadable(self, symbol: str, now_s: float) -> None:
        """Record that a price of this symbol, or of any, could not be read: what is shown may be old."""
        symbols = {symbol} if symbol else self._subscriptions.followed
        self._quotes.begin_gap(symbols)
        for each in symbols & self._subscriptions.followed:
            if self._quiet.may_be_requested(each, now_s):
                self._request([each], now_s)

    def on_older(self, symbol: str, now_s: float) -> None:
        """An update was older than the known state by HAMMER's time: the next answer decides which is
        right.
        """
        if not self._quiet.is_requested(symbol) and symbol in self._subscriptions.followed:
            self._request([symbol], now_s)

    def resume(self, now: datetime, now_s: float) -> None:
        """Count prices from here on: all were requested, the source runs again, or a silence is over.

        A price that nobody has confirmed for so long that it would be old by now is old.
        """
        self.streamed_s = self._answered_s = self._seen_s = now_s
        opened = market_hours.opened_at(now)
        if opened is None:
            return
        open_s, longest_s = (now - opened).total_seconds(), self._silent_after_s + self._answer_within_s
        self._quotes.begin_gap(
            {
                symbol
                for symbol in self._subscriptions.followed
                if (record := self._quotes.record_of(symbol)) is not None
                and min(now_s - record.received_s, open_s) > longest_s
            }
        )

    def has_slept(self, now_s: float) -> bool:
        """Return whether nothing ran for so long that news may have been missed: the computer was
        suspended.
        """
        slept, self._seen_s = now_s - self._seen_s >= self._silent_after_s, now_s
        return slept

    def is_catching_up(self, now_s: float) -> bool:
        """Return whether frames read now may be from before a sleep that has just ended."""
        return self._slept_s is not None and now_s - self._slept_s < CATCH_UP_S

    def has_caught_up(self, requested_s: float) -> bool:
        """Return whether the answer to a request of ``requested_s`` is the first message from after a
        sleep.
        """
        if self._slept_s is None or requested_s < self._slept_s:
            return False
        self._slept_s = None
        self._quotes.begin_gap(self._subscriptions.followed)
        return True

    def request_all(self, now_s: float, *, has_gap: bool = True) -> None:
        """Treat everything as old until HAMMER sends it again, and request all of it: news was missed.

        Without a gap, an answer confirms that the price of a quiet share still holds.
        """
        if not self._subscriptions.followed:
            return
        if has_gap:
            _log.warning(
                "HAMMER: the computer slept or was too busy to listen: all prices are asked for again"
            )
            self._quotes.begin_gap(self._subscriptions.followed)
            self._slept_s = self._requested_all_s = now_s
        self._subscribe_again(self._subscriptions.followed, now_s)
        self._subscriptions.request_depth_again()
        self._subscriptions.request_snapshots()

    # -- actions ------------------------------------------------------------------------------------------

    def tick(self, now: datetime, now_s: float) -> bool:
        """Do everything that is due; return whether a silence has begun."""
        was_silent = self.is_silent
        self._follow_the_day(now, now_s)
        opened = market_hours.opened_at(now)
        open_s = None if opened is None else (now - opened).total_seconds()
        self._quotes.mark_late(is_session=opened is not None)
        self._judge_suspects(now_s)
        unanswered = self._quiet.unanswered(now_s)
        if self._quotes.is_live:
            if open_s is not None:
                self._watch_stream(now_s, min(now_s - self.streamed_s, open_s))
            self._freeze_unanswered(unanswered)
        for symbol in unanswered:
            self._quiet.on_answer(symbol)
        self._request(self._quiet.choose(self._subscriptions.followed, now_s, open_s), now_s)
        self._quotes.flush()
        return self.is_silent and not was_silent

    def _watch_stream(self, now_s: float, quiet_s: float) -> None:
        if self._requested_all_s is not None and now_s - self._requested_all_s >= self._answer_within_s:
            self._requested_all_s = None
            self.is_silent = True
            return
        if not self._subscriptions.followed or quiet_s < self._silent_after_s:
            return
        if self._requested_all_s is None and now_s - self._answered_s >= self._silent_after_s:
            self._requested_all_s = now_s
            self._subscriptions.request_snapshots()
        again_s = self._all_again_s
        if quiet_s >= SUBSCRIBE_AGAIN_AFTER_S and (
            again_s is None or now_s - again_s >= SUBSCRIBE_AGAIN_PAUSE_S
        ):
            self._subscribe_again(self._subscriptions.followed, now_s)

    def _freeze_unanswered(self, symbols: Iterable[str]) -> None:
        for symbol in symbols:
            record = self._quotes.record_of(symbol)
            if (
                record is not None
                and record.stale_since is None
                and record.received_s < self._quiet.requested_s(symbol)
            ):
                _log.warning("HAMMER does not answer for %s: its price counts as old", symbol)
                self._quotes.begin_gap([symbol])

    def _request(self, symbols: Iterable[str], now_s: float) -> None:
        chosen = list(symbols)
        for symbol in chosen:
            self._quiet.on_request(symbol, now_s)
        if chosen:
            self._subscriptions.request_snapshots(chosen)

    def _judge_suspects(self, now_s: float) -> None:
        """Treat the stream as failed where an answer had another price and the stream does not follow."""
        failed = set()
        for symbol, (at_s, sequence) in tuple(self._suspects.items()):
            record = self._quotes.record_of(symbol)
            if record is None or record.sequence > sequence:
                del self._suspects[symbol]
            elif now_s - at_s >= STREAM_FOLLOWS_WITHIN_S:
                del self._suspects[symbol]
                self._failing[symbol] = sequence
                self._quiet.recheck_all()
                failed.add(symbol)
        for symbol, sequence in tuple(self._failing.items()):
            record = self._quotes.record_of(symbol)
            if record is None or record.sequence > sequence or symbol not in self._subscriptions.followed:
                del self._failing[symbol]
        if failed:
            _log.warning(
                "HAMMER's stream has failed: it did not send the new price of %s, which is subscribed again",
                ", ".join(sorted(failed)),
            )
            # A stream that lost one share may have lost others; but do not check again and again because of
            # one.
            again_s = self._all_again_s
            is_whole = again_s is None or now_s - again_s >= WHOLE_STREAM_AGAIN_S
            self._subscribe_again(self._subscriptions.followed if is_whole else failed, now_s)
        failing = sorted(self._failing)
        self._warnings.set("stream", errors.stream_failed(failing) if failing else None)

    def _subscribe_again(self, symbols: Iterable[str], now_s: float) -> None:
        again = self._subscribed_again_s
        due = {s for s in symbols if s not in again or now_s - again[s] >= SUBSCRIBE_AGAIN_PAUSE_S}
        again.update(dict.fromkeys(due, now_s))
        if due >= self._subscriptions.followed:
            self._all_again_s = now_s
        if due:
            self._subscriptions.subscribe_again(due)

    def _follow_the_day(self, now: datetime, now_s: float) -> None:
        elapsed_s = now_s - self._seen_at[1]
        was_set = abs((now - self._seen_at[0]).total_seconds() - elapsed_s) > CLOCK_SET_S
        self._seen_at = now, now_s
        day, phase = trading_day(now), market_hours.day_phase(now)
        before = passed, phase_before = self._day, self._phase
        self._day, self._phase = day, phase
        if was_set:
            # The time of the last check by the current clock: a day may have passed besides.
            then = now - timedelta(seconds=elapsed_s)
            passed, phase_before = trading_day(then), market_hours.day_phase(then)
            self._quotes.be_on(passed, phase_before)
        if day != passed:
            self._quotes.begin_day(day, phase)
        elif phase is not phase_before:
            if phase_before is DayPhase.BEFORE_OPEN:
                self._quotes.begin_session()
            if phase is DayPhase.AFTER_CLOSE:
                self._quotes.end_session()
        if (day, phase) == before:
            return
        # A new day and an open bring a new previous close, a close brings the last prices for the night.
        self._quiet.begin_anew()
        self._subscriptions.request_snapshots()


def trading_day(at: datetime) -> date:
    """Return the New York date of the last day with a session; ``at`` may be in the night before the open."""
    day = market_hours.new_york(at).date()
    while market_hours.session_of(day) is None:
        day -= timedelta(days=1)
    return day
