"""Of which times everything is known that was traded, day by day and account by account."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.fill import ListReach
from psf_monitor.domain.fills.journal_records import Coverage, Span, day_begin, merged
from psf_monitor.domain.market_hours import new_york


class CoverageLog:
    """What is to be written down of it, and what has been."""

    def __init__(self) -> None:
        self._watched: dict[tuple[date, str], Coverage] = {}
        self._written: dict[tuple[date, str], Coverage] = {}
        self._known_until: dict[AccountMode, datetime] = {}

    def listed(self, mode: AccountMode, accounts: Sequence[str], reach: ListReach, at: datetime) -> None:
        """Note that the broker's list came whole, as far as it reaches; what follows is received live."""
        day = new_york(at).date()
        begin = day_begin(day)
        since = [reach.since or begin]
        if mode in self._known_until:
            since.append(self._known_until[mode])
        spans = merged(Span(max(each, begin), at) for each in since)
        self._known_until[mode] = at
        for account in accounts:
            self._add(Coverage(day, mode, account, at, at, spans))

    def interrupted(self, mode: AccountMode) -> None:
        """Note that executions may be missed from here on."""
        self._known_until.pop(mode, None)

    def due(self, after_s: float) -> tuple[Coverage, ...]:
        """Return what has grown by so many seconds since it was written."""
        found = []
        for key, watched in self._watched.items():
            written = self._written.get(key)
            if written is None or (watched.last_at - written.last_at).total_seconds() >= after_s:
                found.append(watched)
        return tuple(found)

    def written(self, watched: Iterable[Coverage]) -> None:
        """Note that these are in the file."""
        self._written.update({(each.day, each.account): each for each in watched})

    def _add(self, watched: Coverage) -> None:
        key = (watched.day, watched.account)
        known = self._watched.get(key)
        if known is not None:
            spans = merged((*known.spans, *watched.spans))
            watched = replace(watched, first_at=known.first_at, spans=spans)
        self._watched[key] = watched
