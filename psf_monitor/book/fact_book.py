"""The trader's own facts about shares as rows show them, with the date from which days are counted."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from psf_monitor.domain.facts import NOTHING_KNOWN, Facts, ShareFacts
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.market_hours import NEW_YORK


class FactBook:
    """What the files say now. The facts of a share stay the same object until they change."""

    def __init__(self, now: datetime) -> None:
        self._today = now.astimezone(NEW_YORK).date()
        self._known = NOTHING_KNOWN
        self._on_change: Callable[[], None] = lambda: None

    @property
    def known(self) -> Facts:
        """All of the facts."""
        return self._known

    def when_changed(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` whenever the facts change."""
        self._on_change = listener

    def replace_all(self, facts: Facts) -> None:
        """Replace all facts."""
        self._known = replace(facts, shares=self._of_today(facts.shares, self._known.shares))
        self._on_change()

    def has_turned(self, now: datetime) -> bool:
        """Return whether a new day has begun in New York since the last call, so that days are counted
        anew.
        """
        today = now.astimezone(NEW_YORK).date()
        if today == self._today:
            return False
        self._today = today
        self._known = replace(self._known, shares=self._of_today(self._known.shares, {}))
        return bool(self._known.shares)

    def of(self, instrument: Instrument) -> ShareFacts | None:
        """Return the facts about a share; ``None`` if no file has it."""
        return self._known.of(instrument)

    def _of_today(
        self, shares: Mapping[str, ShareFacts], before: Mapping[str, ShareFacts]
    ) -> dict[str, ShareFacts]:
        found = {symbol: replace(facts, today=self._today) for symbol, facts in shares.items()}
        return {
            symbol: before[symbol] if before.get(symbol) == facts else facts
            for symbol, facts in found.items()
        }
