"""The prints of every symbol and PSFALGO's indicators over them, calculated no more often than useful."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from msgspec import Struct

from psf_monitor.connection.pacing import INDICATORS_EVERY, INDICATORS_SLIDE
from psf_monitor.domain.indicators import (
    DEFAULT_RULES,
    Grpan,
    IndicatorRules,
    Indicators,
    Rwvap,
    Window,
    begin_of,
    indicators,
    latest_grpan,
    rwvap,
    since,
    until,
)
from psf_monitor.domain.quote import Print


class Figures(Struct, frozen=True):
    """The indicators of a symbol that the tables show, as of ``at``."""

    at: datetime
    grpan: Grpan | None
    rwvap_1d: Rwvap | None


class Trades:
    """The last prints, by the symbol the trader reads.

    The figures of the tables are calculated only for symbols that printed, all windows only on request.
    """

    def __init__(self, rules: IndicatorRules = DEFAULT_RULES) -> None:
        self.rules = rules
        self._prints: dict[str, Sequence[Print]] = {}
        self._volumes: Mapping[str, float] = {}
        self._figures: dict[str, Figures] = {}
        """In the order of calculation, so that those that slide come first."""
        self._windows: dict[str, Indicators] = {}
        self._printed: set[str] = set()
        self._looked_at: datetime | None = None

    def update(self, prints: Mapping[str, Sequence[Print]]) -> None:
        """Set all recorded prints of each of these symbols, oldest first; an empty list removes them."""
        for symbol, kept in prints.items():
            if kept:
                self._prints[symbol] = kept
                self._printed.add(symbol)
            else:
                self._forget(symbol)

    def set_volumes(self, volumes: Mapping[str, float]) -> set[str]:
        """Set the average daily volumes given by the trader, in shares; return the symbols whose volume
        changed.
        """
        before, self._volumes = self._volumes, volumes
        differing = {symbol for symbol, _volume in before.items() ^ volumes.items()}
        self._printed |= differing & self._prints.keys()
        return differing

    def forget_all_but(self, symbols: frozenset[str]) -> None:
        """Drop the prints and figures of all other symbols."""
        for symbol in self._prints.keys() - symbols:
            self._forget(symbol)

    def clear(self) -> None:
        """Drop all prints and figures."""
        self.forget_all_but(frozenset())

    def prints(self, symbol: str) -> Sequence[Print]:
        """Return the recorded prints of a symbol, oldest first."""
        return self._prints.get(symbol, ())

    def due(self, now: datetime) -> set[str]:
        """Return the symbols whose figures in the tables have to be recalculated."""
        if self._looked_at is not None and _is_within(INDICATORS_EVERY, self._looked_at, now):
            return set()
        self._looked_at = now
        figures = self._figures
        slid = takewhile(lambda symbol: not _is_within(INDICATORS_SLIDE, figures[symbol].at, now), figures)
        printed = self._printed & figures.keys()
        return {symbol for symbol in printed if self._is_due(symbol, figures[symbol], now)}.union(slid)

    def figures(self, symbol: str, now: datetime) -> Figures | None:
        """Return what the tables show; ``None`` if no trade is known."""
        prints = self._prints.get(symbol)
        if prints is None:
            return None
        known = self._figures.get(symbol)
        if known is None or self._is_due(symbol, known, now):
            used = self.rules.used(prints)
            begin = begin_of(Window.DAY, until(prints, now))
            day = used if begin is None else since(used, begin)
            average = rwvap(day, self._volumes.get(symbol), self.rules)
            known = Figures(now, latest_grpan(used, self.rules), average)
            self._figures.pop(symbol, None)
            self._figures[symbol] = known
            self._printed.discard(symbol)
        return known

    def indicators(self, symbol: str, now: datetime) -> Indicators | None:
        """Return every window of a symbol, calculated on request, at most once a second."""
        prints = self._prints.get(symbol)
        if prints is None:
            return None
        known = self._windows.get(symbol)
        if known is None or not _is_within(INDICATORS_EVERY, known.at, now):
            known = indicators(prints, now, average_daily_volume=self._volumes.get(symbol), rules=self.rules)
            self._windows[symbol] = known
        return known

    def _is_due(self, symbol: str, known: Figures, now: datetime) -> bool:
        longest = INDICATORS_EVERY if symbol in self._printed else INDICATORS_SLIDE
        return not _is_within(longest, known.at, now)

    def _forget(self, symbol: str) -> None:
        self._prints.pop(symbol, None)
        self._figures.pop(symbol, None)
        self._windows.pop(symbol, None)
        self._printed.discard(symbol)


def _is_within(period: timedelta, at: datetime, now: datetime) -> bool:
    """Return whether less than ``period`` has passed since then; not if the clock was set back past it."""
    return timedelta() <= now - at < period
