"""The times for which every trade is known, by day and account."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.coverage import Coverage, Span, day_before, day_begin, merged
from psf_monitor.domain.fills.fill import ListReach
from psf_monitor.domain.market_hours import new_york


class CoverageLog:
    """What has been covered, and what of it is already written to the journal."""

    def __init__(self) -> None:
        self._coverage: dict[tuple[date, str], Coverage] = {}
        self._written: dict[tuple[date, str], Coverage] = {}
        self._known_until: dict[AccountMode, datetime] = {}

    def listed(self, mode: AccountMode, accounts: Sequence[str], reach: ListReach, at: datetime) -> None:
        """Record a complete list of the broker, as far as it reaches; later executions are received live."""
        day = new_york(at).date()
        begin = day_begin(day)
        since = [reach.since or begin]
        if mode in self._known_until:
            since.append(self._known_until[mode])
        spans = merged(Span(max(each, begin), at) for each in since)
        self._known_until[mode] = at
        eve = day_before(day)
        spans_of_eve = merged(Span(max(each, day_begin(eve)), begin) for each in since)
        for account in accounts:
            if spans_of_eve:
                self._add(Coverage(eve, mode, account, spans_of_eve[0].begin, begin, spans_of_eve))
            self._add(Coverage(day, mode, account, at, at, spans))

    def interrupted(self, mode: AccountMode) -> None:
        """Record that executions may be missed from here on."""
        self._known_until.pop(mode, None)

    def due(self, after_s: float) -> tuple[Coverage, ...]:
        """Return the coverage that has grown by this many seconds since it was written."""
        found = []
        for key, coverage in self._coverage.items():
            written = self._written.get(key)
            if written is None or (coverage.last_at - written.last_at).total_seconds() >= after_s:
                found.append(coverage)
        return tuple(found)

    def written(self, coverage: Iterable[Coverage]) -> None:
        """Record that these are in the file."""
        self._written.update({(each.day, each.account): each for each in coverage})

    def _add(self, coverage: Coverage) -> None:
        key = (coverage.day, coverage.account)
        known = self._coverage.get(key)
        if known is not None:
            spans = merged((*known.spans, *coverage.spans))
            coverage = replace(coverage, first_at=known.first_at, spans=spans)
        self._coverage[key] = coverage
