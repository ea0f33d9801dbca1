"""Today's executions from all sources, each once, in whatever order they arrived."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time

from msgspec import Struct
from msgspec.structs import replace

from psf_monitor.book.day.fills_by_age import FillsByAge
from psf_monitor.book.row_cache import Dirty
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.coverage import Span, evening_before, gaps_in, merged, not_listed, untraded
from psf_monitor.domain.fills.fill import WHOLE_DAY, Fill, FillKey, ListReach, is_ahead, is_of_later_day
from psf_monitor.domain.fills.merge import merged_fill
from psf_monitor.domain.fills.trade_date import SHARES, TRADING_DAYS, TradingDay, trading_day
from psf_monitor.domain.market_hours import NEW_YORK, new_york
from psf_monitor.domain.position import PositionKey
from psf_monitor.problem import Problem

DayBasis = Mapping[TradingDay, str]
"""What the day P&L of each kind of contract assumes without knowing it, in sentences."""


class FillChanges(Struct, frozen=True):
    """What has changed since the last drain.

    ``rows`` are new and changed executions, ``None`` for one that no longer belongs to today. ``arrived`` are
    those that happened while watched, oldest first, as opposed to those that a list reported of the time
    before. ``busted`` are those reported earlier and then cancelled by the broker.
    """

    rows: Mapping[FillKey, Fill | None]
    arrived: tuple[Fill, ...]
    busted: tuple[Fill, ...] = ()


class FillsState(Struct, frozen=True):
    """How complete the executions of one profile are.

    ``as_of`` is when its list of the day was last complete (UTC), for the ``accounts``; ``problem`` says why
    executions since then may be missing. ``unlisted`` are times of today for which the list reports nothing,
    ``evenings`` such times of the previous evening that count for today, by kind of contract; ``trades`` are
    the kinds that were traded. ``caveats`` are sentences that say why the list may be incomplete. ``undated``
    counts executions whose day is unknown, ``ahead`` those that were reported ahead of their time, ``later``
    those of them whose day has not begun. ``unexplained`` positions moved without an execution in the list.
    """

    as_of: datetime | None = None
    accounts: tuple[str, ...] = ()
    problem: Problem | None = None
    unlisted: tuple[Span, ...] = ()
    caveats: tuple[str, ...] = ()
    undated: int = 0
    ahead: int = 0
    later: int = 0
    unexplained: frozenset[PositionKey] = frozenset()
    evenings: Mapping[TradingDay, tuple[Span, ...]] = {}
    trades: frozenset[TradingDay] = frozenset()

    @property
    def evening_gaps(self) -> tuple[str, ...]:
        """What is unknown of the previous evening that counts for today, in sentences.

        TWS lists nothing from before its midnight: the evening is known only if it was watched, or if TWS
        runs in a time zone whose midnight comes earlier. This matters only to those who trade the overnight
        session.
        """
        return tuple(
            not_listed(hole, of_kind)
            for of_kind, holes in self.evenings.items()
            if of_kind is SHARES or of_kind in self.trades
            for hole in holes
        )

    @property
    def day_gap(self) -> str:
        """For which times of today executions are unknown, in sentences; empty if for none."""
        return " ".join(map(not_listed, self.unlisted))

    @property
    def day_basis(self) -> DayBasis:
        """What the day P&L of each kind of contract assumes without knowing it, in sentences."""
        return {
            of_kind: " ".join(untraded(hole, of_kind) for hole in holes)
            for of_kind, holes in self.evenings.items()
        }

    @property
    def gaps(self) -> tuple[str, ...]:
        """What may be missing in a list that has arrived, in sentences."""
        found = [not_listed(hole) for hole in self.unlisted]
        if self.undated:
            what = "1 execution has" if self.undated == 1 else f"{self.undated} executions have"
            found.append(f"{what} no date and may be of another day: not shown with today's.")
        if self.ahead:
            what = "1 execution was" if self.ahead == 1 else f"{self.ahead} executions were"
            whose = "the broker's time zone or this computer's clock"
            found.append(f"{what} reported ahead of the time given: {whose} is wrong.")
        if self.later:
            what = "1 of them is" if self.later == 1 else f"{self.later} of them are"
            found.append(f"{what} dated on a day that has not begun: shown here, and in no sum.")
        return (*found, *self.caveats)


class Fills(Dirty):
    """Today's executions; they stay when a profile disconnects.

    Today's are those since New York's midnight and those of the previous evening with today's trade date. An
    execution of TWS without a time is in TWS's list of the day, so it counts until the day on which it was
    first seen ends; one of HAMMER, which lists orders of any age, never counts as today's. Executions
    reported on a weekend or holiday are shown on that day, and again on the day on which they are booked. An
    execution that two profiles report is one. A reported execution is never dropped, only corrected, or it
    belongs to another day.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._clock = clock
        self._fills: dict[FillKey, Fill] = {}
        self._ahead: dict[FillKey, Fill] = {}
        """Booked on a later day, and not of today."""
        self._by_age = FillsByAge()
        # Kept over the days: a list may keep reporting one without a time, and it does not become younger.
        self._first_seen: dict[FillKey, datetime] = {}
        self._states: dict[AccountMode, FillsState] = {}
        self._listed: dict[AccountMode, tuple[Span, ...]] = {}
        self._undated: dict[AccountMode, set[FillKey]] = {}
        self._reported_ahead: dict[AccountMode, set[FillKey]] = {}
        self._of_later_days: dict[AccountMode, set[FillKey]] = {}
        self._watched: set[AccountMode] = set()
        self._shown: set[FillKey] = set()
        self._dirty: set[FillKey] = set()
        self._changed: list[dict[FillKey, Fill | None]] = []
        self._arrived: list[FillKey] = []
        self._busted: list[FillKey] = []
        self._midnight = self._last_midnight()
        self._on_unlisted: Callable[[AccountMode, FillsState], None] = lambda _mode, _state: None
        self._on_changed: Callable[[], None] = lambda: None

    # Reported by the sources.

    def set_first_seen(self, seen: Mapping[FillKey, datetime]) -> None:
        """Set when executions without a time were first seen (UTC), as recorded earlier."""
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

    def set_recorded_spans(self, mode: AccountMode, spans: Sequence[Span]) -> None:
        """Set the times for which every execution is recorded, as the journal knows them."""
        self._listed[mode] = merged((*self._listed.get(mode, ()), *spans))

    def fills_reported(self, mode: AccountMode, fills: Sequence[Fill]) -> None:
        """Receive executions, one or a list of them, new or known."""
        now, midnight = self._clock(), self._last_midnight()
        for received in fills:
            if received.at is None:
                self._first_seen.setdefault(received.key, now)
            known = self._fills.get(received.key) or self._ahead.get(received.key)
            fill = merged_fill(known, received)
            is_known = fill == known
            if not is_known or self.state(mode).as_of is None:
                # One of the journal was judged by a clock that TWS may have corrected since.
                self._count_ahead(fill, now)
            if is_known:
                continue
            self._note_kind(fill)
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
        """Record that the broker's whole list has arrived, as far as it reaches: what comes now is new.

        ``at`` is when it was reported (UTC), if that was not just now: it may have been recorded first.
        """
        now, begin, before = at or self._clock(), self._last_midnight(), self.state(mode)
        evenings = (evening_before(new_york(now).date(), of_kind) for of_kind in TRADING_DAYS)
        earliest = min((each.begin for each in evenings if each), default=begin)
        self.set_recorded_spans(mode, [Span(reach.since or earliest, now)])
        self._watch_until(mode, now)
        self._watched.add(mode)
        unlisted = gaps_in(self._listed[mode], Span(begin, now)) if now > begin else ()
        self._states[mode] = FillsState(
            now,
            tuple(accounts),
            None,
            unlisted,
            reach.caveats,
            before.undated,
            before.ahead,
            before.later,
            reach.unexplained,
            self._unknown_evenings(mode, now),
            before.trades,
        )
        self._on_unlisted(mode, self._states[mode])
        self._become_dirty()

    def fills_unavailable(self, mode: AccountMode, why: Problem) -> None:
        """Record that executions may be missing; the next whole list brings them as history."""
        self._watched.discard(mode)
        before = self.state(mode)
        self._states[mode] = replace(before, problem=why)
        self._become_dirty()

    # Read by the window.

    def when_unlisted(self, listener: Callable[[AccountMode, FillsState], None]) -> None:
        """Call ``listener`` after each list and at each midnight, with what is known of the day then."""
        self._on_unlisted = listener

    def when_changed(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` whenever an execution, or what is known of a list, changes."""
        self._on_changed = listener

    def changed_fills(self) -> dict[FillKey, Fill | None]:
        """Return the mapping in which every changed execution is noted as it was before; the caller clears
        it.
        """
        changed: dict[FillKey, Fill | None] = {}
        self._changed.append(changed)
        return changed

    def _become_dirty(self, *, is_of_prices: bool = False) -> None:
        super()._become_dirty(is_of_prices=is_of_prices)
        self._on_changed()

    def drain(self) -> FillChanges:
        """Return the executions that have changed since the last drain; after midnight, yesterday's leave."""
        midnight = self._last_midnight()
        if midnight != self._midnight:
            self._midnight = midnight
            ahead, self._ahead = self._ahead, {}
            later = set().union(*self._of_later_days.values())
            for fill in (*self._fills.values(), *ahead.values()):
                if not self._is_of_today(fill, midnight):
                    self._drop(fill.key)
                    self._keep_for_its_day(fill, midnight)
                elif fill.key in ahead or fill.key in later:
                    self._put(fill)
                    self._dirty.add(fill.key)
            for mode, state in self._states.items():
                self._watch_until(mode, midnight)
                evenings = self._unknown_evenings(mode, midnight)
                of_later_times = self._reported_ahead.setdefault(mode, set())
                of_later_times &= self._fills.keys() | self._ahead.keys()
                of_later_days = self._of_later_days.setdefault(mode, set())
                of_later_days -= {key for key in of_later_days if not self._is_later(key)}
                self._states[mode] = replace(
                    state,
                    unlisted=(),
                    evenings=evenings,
                    ahead=len(of_later_times),
                    later=len(of_later_days),
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
        """Return today's executions, oldest first."""
        fills, midnight = self._by_age.listed(), self._last_midnight()
        if midnight == self._midnight:
            return fills
        # Those of the day before are here until the next drain.
        return [fill for fill in fills if self._is_of_today(fill, midnight)]

    def find(self, key: FillKey) -> Fill | None:
        """Return the execution with this key; ``None`` if it is not of today."""
        fill = self._fills.get(key)
        return fill if fill is not None and self._is_of_today(fill, self._last_midnight()) else None

    def age(self, fill: Fill) -> tuple[datetime, FillKey]:
        """Return when it happened or was first seen (UTC), and a key that orders those of one moment."""
        return self._moment(fill), fill.key

    def state(self, mode: AccountMode) -> FillsState:
        """Return how complete this profile's executions are."""
        return self._states.get(mode, FillsState())

    # Internals.

    def _watch_until(self, mode: AccountMode, now: datetime) -> None:
        """Extend the coverage by the time since the last list, which may reach back further than the next
        one.
        """
        as_of = self.state(mode).as_of
        if mode in self._watched and as_of is not None:
            self.set_recorded_spans(mode, [Span(as_of, now)])

    def _unknown_evenings(self, mode: AccountMode, now: datetime) -> dict[TradingDay, tuple[Span, ...]]:
        listed, today = self._listed.get(mode, ()), new_york(now).date()
        found = {
            of_kind: gaps_in(listed, evening)
            for of_kind in TRADING_DAYS
            if (evening := evening_before(today, of_kind))
        }
        return {of_kind: holes for of_kind, holes in found.items() if holes}

    def _put(self, fill: Fill) -> None:
        key = fill.key
        for changed in self._changed:
            changed.setdefault(key, self._fills.get(key))
        self._fills[key] = fill
        self._by_age.add(fill, self._moment(fill))

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

    def _count_ahead(self, fill: Fill, now: datetime) -> None:
        """Count an execution whose day is unknown, or that was reported ahead of its time."""
        undated = self._undated.setdefault(fill.mode, set())
        ahead = self._reported_ahead.setdefault(fill.mode, set())
        is_undated = fill.at is None and fill.mode is AccountMode.HAMMER_PRO
        (undated.add if is_undated else undated.discard)(fill.key)
        (ahead.add if is_ahead(fill, now) else ahead.discard)(fill.key)
        later = self._of_later_days.setdefault(fill.mode, set())
        (later.add if is_of_later_day(fill, now) else later.discard)(fill.key)
        state, counts = self.state(fill.mode), (len(undated), len(ahead), len(later))
        if (state.undated, state.ahead, state.later) != counts:
            self._states[fill.mode] = replace(state, undated=len(undated), ahead=len(ahead), later=len(later))
            self._become_dirty()

    def _is_later(self, key: FillKey) -> bool:
        fill = self._fills.get(key)
        return fill is not None and is_of_later_day(fill, self._clock())

    def _note_kind(self, fill: Fill) -> None:
        of_kind, state = trading_day(fill.instrument.kind, fill.instrument.currency), self.state(fill.mode)
        if of_kind is not None and of_kind not in state.trades:
            self._states[fill.mode] = replace(state, trades=state.trades | {of_kind})

    def _last_midnight(self) -> datetime:
        """Return when today began in New York, in UTC: midnight has not the same offset all year."""
        today = new_york(self._clock()).date()
        return datetime.combine(today, time(), NEW_YORK).astimezone(UTC)
