"""What happened today: executions of all sources, each once, whatever the order in which they came."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time

from msgspec import Struct
from msgspec.structs import replace

from psf_monitor.book.day.fills_by_age import FillsByAge
from psf_monitor.book.row_cache import Dirty
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.fill import WHOLE_DAY, Fill, FillKey, ListReach
from psf_monitor.domain.fills.journal_records import (
    Span,
    evening_before,
    gaps_in,
    merged,
    not_listed,
    untraded,
)
from psf_monitor.domain.fills.merge import merged_fill
from psf_monitor.domain.market_hours import NEW_YORK, new_york
from psf_monitor.domain.position import PositionKey
from psf_monitor.problem import Problem


class FillChanges(Struct, frozen=True):
    """What differs since the last drain.

    ``rows`` are the new and changed executions, ``None`` for one that is not of today any more. ``arrived``
    are those that happened while we watched, oldest first: not what a list reported of the time before.
    ``busted`` are those that were reported before and that the broker took back.
    """

    rows: Mapping[FillKey, Fill | None]
    arrived: tuple[Fill, ...]
    busted: tuple[Fill, ...] = ()


class FillsState(Struct, frozen=True):
    """How complete the executions of one profile are.

    ``as_of`` is when its list of the day was last whole (UTC), of the ``accounts``; ``problem`` is why there
    may be more than are shown since then. Of ``unlisted`` times of today the list reports nothing, of
    ``evening`` neither: times of the evening before that count for today. ``doubts`` are why it may not be
    whole, in sentences. ``undated`` executions are of nobody knows which day. ``unexplained`` positions moved
    without an execution in the list.
    """

    as_of: datetime | None = None
    accounts: tuple[str, ...] = ()
    problem: Problem | None = None
    unlisted: tuple[Span, ...] = ()
    doubts: tuple[str, ...] = ()
    undated: int = 0
    unexplained: frozenset[PositionKey] = frozenset()
    evening: tuple[Span, ...] = ()

    @property
    def evening_gaps(self) -> tuple[str, ...]:
        """What of the evening before counts for today and is not known, in sentences.

        TWS lists none of before its midnight: it is known where it was watched, or where TWS runs in a time
        zone whose midnight comes first. Who trades no overnight session misses nothing.
        """
        return tuple(not_listed(hole, is_evening_before=True) for hole in self.evening)

    @property
    def day_gap(self) -> str:
        """Of which times of today the executions are not known, in sentences; empty for none."""
        return " ".join(map(not_listed, self.unlisted))

    @property
    def day_basis(self) -> str:
        """What the day P&L takes for granted that is not known, in sentences; empty for nothing."""
        return " ".join(map(untraded, self.evening))

    @property
    def gaps(self) -> tuple[str, ...]:
        """What may be missing of a list that has come, in sentences."""
        found = [not_listed(hole) for hole in self.unlisted]
        if self.undated:
            what = "1 execution has" if self.undated == 1 else f"{self.undated} executions have"
            found.append(f"{what} no date and may be of another day: not shown with today's.")
        return (*found, *self.doubts)


class Fills(Dirty):
    """The executions of today; what happened stays when a profile disconnects.

    Today's are those since New York's midnight and those of today's trade date, done the evening before. One
    of TWS without a time is in its list of the day, so it stands here until the day of its first sight ends;
    one of HAMMER, which lists orders of any age, is never taken for today's. What is reported of a weekend or
    a holiday is shown on that day, and again on the one on which it is booked. An execution that two profiles
    reach is one. What was reported is never taken back: it is corrected, or it is of another day.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._clock = clock
        self._fills: dict[FillKey, Fill] = {}
        self._ahead: dict[FillKey, Fill] = {}
        """Booked on a day to come, and not of today."""
        self._by_age = FillsByAge()
        # Kept over the days: a list may go on reporting one without a time, which makes it no younger.
        self._first_seen: dict[FillKey, datetime] = {}
        self._states: dict[AccountMode, FillsState] = {}
        self._listed: dict[AccountMode, tuple[Span, ...]] = {}
        self._undated: dict[AccountMode, set[FillKey]] = {}
        self._watched: set[AccountMode] = set()
        self._shown: set[FillKey] = set()
        self._dirty: set[FillKey] = set()
        self._changed: list[dict[FillKey, Fill | None]] = []
        self._arrived: list[FillKey] = []
        self._busted: list[FillKey] = []
        self._midnight = self._last_midnight()
        self._on_unlisted: Callable[[AccountMode, FillsState], None] = lambda _mode, _state: None
        self._on_changed: Callable[[], None] = lambda: None

    # What the sources say.

    def first_seen(self, seen: Mapping[FillKey, datetime]) -> None:
        """Take when executions without a time were first seen (UTC), from whoever has recorded it."""
        midnight = self._last_midnight()
        for key, at in seen.items():
            self._first_seen[key] = min(at, self._first_seen.get(key, at))
            fill = self._fills.get(key)
            if fill is None:
                continue
            if self._is_of_today(fill, midnight):
                self._put(fill)
            else:
                self._drop(key)
        if self._dirty:
            self._become_dirty()

    def was_listed(self, mode: AccountMode, spans: Sequence[Span]) -> None:
        """Times of which everything is kept that was traded, as one knows who has kept it."""
        self._listed[mode] = merged((*self._listed.get(mode, ()), *spans))

    def fills_reported(self, mode: AccountMode, fills: Sequence[Fill]) -> None:
        """Take executions, one or a list of them, new or known."""
        now, midnight = self._clock(), self._last_midnight()
        for received in fills:
            if received.at is None:
                self._first_seen.setdefault(received.key, now)
            known = self._fills.get(received.key) or self._ahead.get(received.key)
            fill = merged_fill(known, received)
            if fill == known:
                continue
            self._count_undated(fill)
            if not self._is_of_today(fill, midnight):
                # Also one whose time has only now been reported.
                self._drop(fill.key)
                self._keep_for_its_day(fill, midnight)
                continue
            self._ahead.pop(fill.key, None)
            self._put(fill)
            self._dirty.add(fill.key)
            if known is None and mode in self._watched and not fill.is_busted:
                self._arrived.append(fill.key)
            if known is not None and fill.is_busted and not known.is_busted:
                self._busted.append(fill.key)
        if self._dirty:
            self._become_dirty()

    def fills_listed(
        self,
        mode: AccountMode,
        accounts: Sequence[str],
        reach: ListReach = WHOLE_DAY,
        at: datetime | None = None,
    ) -> None:
        """Note that the broker's whole list has come, as far as it reaches: what comes now is new.

        ``at`` is when it was reported (UTC), if that was not just now: it may have been written down first.
        """
        now, begin, before = at or self._clock(), self._last_midnight(), self.state(mode)
        evening = evening_before(new_york(now).date())
        self.was_listed(mode, [Span(reach.since or (evening.begin if evening else begin), now)])
        self._watch_until(mode, now)
        self._watched.add(mode)
        unlisted = gaps_in(self._listed[mode], Span(begin, now)) if now > begin else ()
        self._states[mode] = FillsState(
            now,
            tuple(accounts),
            None,
            unlisted,
            reach.doubts,
            before.undated,
            reach.unexplained,
            self._unknown_evening(mode, now),
        )
        self._on_unlisted(mode, self._states[mode])
        self._become_dirty()

    def fills_unavailable(self, mode: AccountMode, why: Problem) -> None:
        """Note that executions may be missing; the next whole list brings them as history."""
        self._watched.discard(mode)
        before = self.state(mode)
        self._states[mode] = replace(before, problem=why)
        self._become_dirty()

    # What the window asks for.

    def when_unlisted(self, listener: Callable[[AccountMode, FillsState], None]) -> None:
        """Call ``listener`` with each list and each midnight: with what is known of the day then."""
        self._on_unlisted = listener

    def when_changed(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` whenever an execution or what is known of a list differs."""
        self._on_changed = listener

    def changed_fills(self) -> dict[FillKey, Fill | None]:
        """Return what every execution that differs is put in from now on, as it was; the caller clears it."""
        changed: dict[FillKey, Fill | None] = {}
        self._changed.append(changed)
        return changed

    def _become_dirty(self, *, is_of_prices: bool = False) -> None:
        super()._become_dirty(is_of_prices=is_of_prices)
        self._on_changed()

    def drain(self) -> FillChanges:
        """Return the executions that differ since the last drain; after midnight, yesterday's leave."""
        midnight = self._last_midnight()
        if midnight != self._midnight:
            self._midnight = midnight
            ahead, self._ahead = self._ahead, {}
            for fill in (*self._fills.values(), *ahead.values()):
                if not self._is_of_today(fill, midnight):
                    self._drop(fill.key)
                    self._keep_for_its_day(fill, midnight)
                elif fill.key in ahead:
                    self._put(fill)
                    self._dirty.add(fill.key)
            for mode, state in self._states.items():
                self._watch_until(mode, midnight)
                self._states[mode] = replace(
                    state, unlisted=(), evening=self._unknown_evening(mode, midnight)
                )
                self._on_unlisted(mode, self._states[mode])
        rows = {key: self._fills.get(key) for key in self._dirty}
        for key, row in rows.items():
            (self._shown.discard if row is None else self._shown.add)(key)
        arrived = [self._fills[key] for key in self._arrived if key in self._fills]
        busted = [self._fills[key] for key in self._busted if key in self._fills]
        self._dirty.clear()
        self._arrived.clear()
        self._busted.clear()
        self._is_dirty = False
        return FillChanges(rows, tuple(sorted(arrived, key=self.age)), tuple(busted))

    def fills(self) -> list[Fill]:
        """Return those of today, oldest first."""
        fills, midnight = self._by_age.listed(), self._last_midnight()
        if midnight == self._midnight:
            return fills
        # Those of the day before are here until the next drain.
        return [fill for fill in fills if self._is_of_today(fill, midnight)]

    def find(self, key: FillKey) -> Fill | None:
        """Return the execution of this key; ``None`` for one that is not of today."""
        fill = self._fills.get(key)
        return fill if fill is not None and self._is_of_today(fill, self._last_midnight()) else None

    def age(self, fill: Fill) -> tuple[datetime, FillKey]:
        """Return when it was done, or seen first (UTC), and what comes first of one moment."""
        return self._moment(fill), fill.key

    def state(self, mode: AccountMode) -> FillsState:
        """Return how complete this profile's executions are."""
        return self._states.get(mode, FillsState())

    # Inside.

    def _watch_until(self, mode: AccountMode, now: datetime) -> None:
        """Count what was heard live ever since the last list, which may reach back further than the next."""
        as_of = self.state(mode).as_of
        if mode in self._watched and as_of is not None:
            self.was_listed(mode, [Span(as_of, now)])

    def _unknown_evening(self, mode: AccountMode, now: datetime) -> tuple[Span, ...]:
        evening = evening_before(new_york(now).date())
        return gaps_in(self._listed.get(mode, ()), evening) if evening else ()

    def _put(self, fill: Fill) -> None:
        key = fill.key
        for changed in self._changed:
            changed.setdefault(key, self._fills.get(key))
        self._fills[key] = fill
        self._by_age.put(fill, self._moment(fill))

    def _drop(self, key: FillKey) -> None:
        before = self._fills.pop(key, None)
        for changed in self._changed:
            changed.setdefault(key, before)
        self._by_age.drop(key)
        self._dirty.discard(key)
        if key in self._shown:
            self._dirty.add(key)

    def _keep_for_its_day(self, fill: Fill, midnight: datetime) -> None:
        if fill.trade_date is not None and fill.trade_date > new_york(midnight).date():
            self._ahead[fill.key] = fill

    def _moment(self, fill: Fill) -> datetime:
        return fill.at or self._first_seen[fill.key]

    def _is_of_today(self, fill: Fill, midnight: datetime) -> bool:
        if fill.at is None and fill.mode is AccountMode.HAMMER_PRO:
            return False
        return self._moment(fill) >= midnight or fill.trade_date == new_york(midnight).date()

    def _count_undated(self, fill: Fill) -> None:
        undated = self._undated.setdefault(fill.mode, set())
        is_undated = fill.at is None and fill.mode is AccountMode.HAMMER_PRO
        (undated.add if is_undated else undated.discard)(fill.key)
        state = self.state(fill.mode)
        if state.undated != len(undated):
            self._states[fill.mode] = replace(state, undated=len(undated))
            self._become_dirty()

    def _last_midnight(self) -> datetime:
        """When today began in New York. Compared in UTC: midnight there is not the same offset all year."""
        today = new_york(self._clock()).date()
        return datetime.combine(today, time(), NEW_YORK).astimezone(UTC)
