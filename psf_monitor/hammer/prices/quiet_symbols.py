"""Which symbols HAMMER is asked about unbidden: quiet for long, missed, or incomplete.

This module sends nothing. Times named ``_s`` are monotonic seconds. Each symbol has a time before which it
cannot be due, and is checked only then; whatever makes symbols due earlier calls ``recheck_all``.
"""

from collections.abc import Collection
from heapq import heapify, heappop, heappush

from psf_monitor.hammer.prices.quote_cache import QuoteCache
from psf_monitor.hammer.prices.quote_record import QuoteRecord
from psf_monitor.hammer.prices.subscriptions import SNAPSHOTS_PER_BATCH

ANSWER_WITHIN_S = 5.0
"""How long an answer about a price may take before the price counts as old; less with a shorter setting."""
ASKED_PER_S = 2.0
"""The least number of quiet symbols asked for each second, so that a few do not wait for each other.

It is raised, up to one batch a second, if that is too slow to ask for each of them in time.
"""
CLOSE_ASKED_EVERY_S = 300.0
"""The longest pause between two requests for a previous close that HAMMER does not send."""


class QuietSymbols:
    """What was asked about each symbol, and when to ask again.

    ``failing``: the symbols for which the stream does not send what it should.
    """

    def __init__(
        self,
        quotes: QuoteCache,
        silent_after_s: float,
        out_of_hours_request_s: float,
        failing: Collection[str],
        now_s: float,
    ) -> None:
        self._quotes = quotes
        self._silent_after_s = silent_after_s
        self._out_of_hours_request_s = out_of_hours_request_s
        self._failing = failing
        self.answer_within_s = min(ANSWER_WITHIN_S, silent_after_s)
        self._requested_s: dict[str, float] = {}
        self._ask_next_s: dict[str, float] = {}
        self._close_next_s: dict[str, float] = {}
        self._chosen_s = now_s - 1 / ASKED_PER_S
        self._looks: list[tuple[float, str]] = []
        self._followed: frozenset[str] = frozenset()
        self._gaps = 0
        self._is_open = False

    def recheck_all(self) -> None:
        """Check all symbols again: any of them may be due."""
        self._followed = frozenset()

    def begin_anew(self) -> None:
        """Forget all requests so far: they no longer decide when to ask again."""
        self._ask_next_s.clear()
        self._close_next_s.clear()
        self.recheck_all()

    def is_requested(self, symbol: str) -> bool:
        """Return whether an answer about it is pending."""
        return symbol in self._requested_s

    def requested_s(self, symbol: str) -> float:
        """Return when that was requested. Raises ``KeyError`` if nothing was."""
        return self._requested_s[symbol]

    def may_be_requested(self, symbol: str, now_s: float) -> bool:
        """Return whether no answer is pending and it was not asked about just now."""
        return symbol not in self._requested_s and self._ask_next_s.get(symbol, now_s) <= now_s

    def on_requested(self, symbol: str, now_s: float) -> None:
        """Record that the request was sent."""
        self._requested_s.setdefault(symbol, now_s)
        self._ask_next_s[symbol] = now_s + self._pause_s(symbol)
        self._close_next_s[symbol] = now_s + self._close_pause_s(symbol)

    def on_request(self, symbol: str, now_s: float) -> None:
        """Record that the request will be sent."""
        self._ask_next_s[symbol] = now_s + self._silent_after_s

    def on_answer(self, symbol: str) -> None:
        """Record that the answer has arrived."""
        self._requested_s.pop(symbol, None)

    def unanswered(self, now_s: float) -> list[str]:
        """Return the symbols that were not answered in time."""
        return [s for s, at in self._requested_s.items() if now_s - at >= self.answer_within_s]

    def choose(self, followed: frozenset[str], now_s: float, open_s: float | None) -> list[str]:
        """Return a few of the symbols that are due, the longest due first.

        ``open_s`` is how long the session has been open, ``None`` out of hours.
        """
        per_s = max(ASKED_PER_S, len(followed) / self._silent_after_s)
        room = min(int((now_s - self._chosen_s) * per_s), SNAPSHOTS_PER_BATCH)
        if room <= 0:
            return []
        self._begin_looking(followed, now_s, is_open=open_s is not None)
        chosen: list[str] = []
        looks = self._looks
        while looks and looks[0][0] <= now_s and len(chosen) < room:
            _, symbol = heappop(looks)
            again_s = self._due_s(symbol, now_s, open_s)
            if again_s <= now_s:
                chosen.append(symbol)
                again_s = now_s + self._pause_s(symbol)
            heappush(looks, (again_s, symbol))
        if chosen:
            self._chosen_s = now_s
        return chosen

    def _begin_looking(self, followed: frozenset[str], now_s: float, *, is_open: bool) -> None:
        if followed is self._followed and self._gaps == self._quotes.gaps and is_open is self._is_open:
            return
        self._followed, self._gaps, self._is_open = followed, self._quotes.gaps, is_open
        self._looks = [(self._ask_next_s.get(symbol, now_s), symbol) for symbol in followed]
        heapify(self._looks)

    def _due_s(self, symbol: str, now_s: float, open_s: float | None) -> float:
        """Return the time before which it will not be asked about, as far as is known now."""
        record = self._quotes.record_of(symbol)
        due_s = self._wanted_s(symbol, record, now_s, open_s)
        requested_s = self._requested_s.get(symbol)
        if requested_s is not None:
            # Whether an answer arrives is checked at that time.
            due_s = max(due_s, requested_s + self.answer_within_s)
        return max(due_s, self._ask_next_s.get(symbol, now_s))

    def _wanted_s(self, symbol: str, record: QuoteRecord | None, now_s: float, open_s: float | None) -> float:
        if record is None or record.stale_since is not None:
            return now_s
        if open_s is None:
            due_s = record.received_s + self._out_of_hours_request_s
        elif symbol in self._failing:
            due_s = now_s
        else:
            due_s = max(record.received_s, now_s - open_s) + self._silent_after_s
        if record.close.value is None or record.close.is_doubtful:
            due_s = min(due_s, self._close_next_s.get(symbol, now_s))
        return due_s

    def _pause_s(self, symbol: str) -> float:
        return self.answer_within_s if symbol in self._failing else self._silent_after_s

    def _close_pause_s(self, symbol: str) -> float:
        record = self._quotes.record_of(symbol)
        if record is None or record.stale_since is not None:
            return 0.0
        if record.close.value is not None and not record.close.is_doubtful:
            return 0.0
        record.close.requested += 1
        return min(self._silent_after_s * 2.0 ** min(record.close.requested - 1, 10), CLOSE_ASKED_EVERY_S)
