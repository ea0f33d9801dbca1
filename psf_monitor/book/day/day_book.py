"""What each account held when the day began, and what it has traded since."""

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime

from psf_monitor.book.account_books import AccountBooks
from psf_monitor.book.day.counted_fills import CountedFills
from psf_monitor.book.day.day_state import Closed, DayKnown, DayNews, OpeningSource, RecordedOpen
from psf_monitor.book.day.open_quantities import MOVED, SETTLES_AFTER, OpenQuantities
from psf_monitor.book.day.pnl_curve import PnlCurve
from psf_monitor.book.fills import Fills
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.day_pnl import (
    NOTHING_TRADED,
    DayTraded,
    OpenQuantity,
    OpenSource,
    quantity_at_open,
    traded,
)
from psf_monitor.domain.fills.fill import Fill, FillKey
from psf_monitor.domain.fills.journal_records import Snapshot, SnapshotKind
from psf_monitor.domain.fills.trade_date import basis_of, has_us_sessions
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.listing_exchange import NO_MARKET
from psf_monitor.domain.market_hours import new_york, session_of
from psf_monitor.domain.position import Position, PositionKey
from psf_monitor.problem import Problem

NO_SESSION = "New York has no session today, and HAMMER's previous close may be of before the last one"
"""On weekends and holidays its previous close is no sign of what a share was worth when the day began."""

NOT_EXECUTED = "it was not held at the open, and its execution has not been reported yet"
"""The position may come some moments before its execution, which says at what price it was opened."""

JUST_TRADED = "it was traded just when executions were listed, and its position may still be on its way"
"""What was held at the open is known once positions have had ``SETTLES_AFTER`` to follow."""


_Account = tuple[AccountMode, str]


class DayBook:
    """Follows today's executions. Until ``attach`` is called nothing has been traded.

    The quantity at the open comes from the journal, or else is the current position less today's executions,
    if their list is complete. It does not change during the day; a derived quantity is accepted once it has
    stayed the same for ``SETTLES_AFTER``. A position that moves away from it without an execution has none.
    On a day without a session what was held before has none either: there is no close to compare with.
    """

    def __init__(self, clock: Callable[[], datetime], accounts: AccountBooks) -> None:
        self.curve = PnlCurve(clock)
        self._clock = clock
        self._accounts = accounts
        self._fills: Fills | None = None
        self._is_due = False
        self._day: date | None = None
        self._has_session = True
        self._counted: CountedFills | None = None
        self._changed: dict[FillKey, Fill | None] = {}
        self._is_anew = False
        self._by_key: dict[PositionKey, list[Fill]] = {}
        self._traded: dict[PositionKey, DayTraded] = {}
        self._traded_as: dict[PositionKey, tuple[Instrument, ...]] = {}
        self._recorded: dict[AccountMode, RecordedOpen] = {}
        self._openings = OpenQuantities(clock)
        # What is held no more, or was held at the open, and may be again.
        self._left: dict[PositionKey, tuple[AccountMode, Instrument]] = {}
        # The accounts whose quantities at the open were noted, and the contracts of which they are unknown.
        self._noted: set[_Account] = set()
        self._undecided: set[PositionKey] = set()
        # Those traded within moments of it, and when it was.
        self._just_traded: dict[PositionKey, datetime] = {}
        self._traded_anew: set[PositionKey] = set()
        self._known_of: dict[AccountMode, OpeningSource] = {}

    def attach(self, fills: Fills, when_changed: Callable[[], None]) -> None:
        """Read today's executions from ``fills``; ``when_changed`` is called whenever one changes."""
        self._fills = fills
        self._counted, self._changed = CountedFills(fills.age), fills.changed_fills()
        # What was noted without executions does not count.
        self._day, self._noted = None, set()

        def on_changed() -> None:
            self._is_due = True
            self.note_holdings()
            when_changed()

        fills.when_changed(on_changed)
        on_changed()

    def opened(self, snapshot: Snapshot) -> None:
        """Set what a login held at the open, as recorded by the journal; other kinds of snapshot are
        ignored.
        """
        if snapshot.kind is not SnapshotKind.OPEN or not snapshot.is_current:
            return
        quantities = {
            PositionKey(held.account, *((held.con_id, "") if held.con_id else (0, held.symbol))): (
                None if held.stale_since else held.quantity
            )
            for held in snapshot.positions
        }
        accounts = frozenset({v.account for v in snapshot.values} | {p.account for p in snapshot.positions})
        self._recorded[snapshot.mode] = RecordedOpen(snapshot.at, accounts, quantities)
        for key, held in zip(quantities, snapshot.positions, strict=False):
            if held.quantity:
                is_ibkrs = snapshot.mode is not AccountMode.HAMMER_PRO
                market = NO_MARKET if is_ibkrs and not held.con_id else ""
                named = Instrument(held.con_id, held.symbol, currency=held.currency, exchange=market)
                self._left.setdefault(key, (snapshot.mode, named))
        self._is_due = True

    def note_holdings(self) -> None:
        """Note what each account held at the open: what its lists of positions and executions say when both
        have arrived, or what it holds when a day begins. What appears there later was not held at the open.

        Call it before any position changes and after a list of positions has arrived, so that nothing depends
        on who reads the rows, and when.
        """
        today, watched = new_york(self._clock()).date(), self._noted
        if today != self._day:
            self._begin(today)
            # The executions that have just been reported are not in the positions of before.
            self._read_fills(besides=set(self._changed))
            self._note(watched & self._listed(), are_watched=True)
        self._read_fills()
        self._note(self._listed())

    def _listed(self) -> set[_Account]:
        """Return the accounts of which every position and execution is known as of now."""
        return {
            (book.mode, name)
            for book in self._accounts
            if book.positions_loaded and book.positions_stale is None and not self.why_not_listed(book.mode)
            for name in book.accounts_listed
        }

    def _note(self, accounts: set[_Account], *, are_watched: bool = False) -> None:
        accounts = accounts - self._noted
        if not accounts:
            return
        for mode in {mode for mode, _ in accounts}:
            held = {key: position.quantity for key, position in self._accounts[mode].positions.items()}
            for key, quantity in (dict.fromkeys(self._traded, 0.0) | held).items():
                known = self._traded.get(key, NOTHING_TRADED)
                if (mode, key.account) not in accounts:
                    continue
                if not are_watched and self._is_just_traded(key):
                    self._just_traded[key] = self._clock()
                    self._undecided.add(key)
                elif quantity is None or known.unknown or known.later or self._why_not_whole(mode, key):
                    self._undecided.add(key)
                else:
                    self._openings.note(key, quantity, known.net)
        self._noted = self._noted | accounts

    def _is_just_traded(self, key: PositionKey) -> bool:
        now = self._clock()
        times = (fill.at for fill in self._by_key.get(key, ()))
        return any(abs(now - at) < SETTLES_AFTER for at in times if at is not None)

    def _settled_since(self) -> set[PositionKey]:
        """Return, each once, the contracts whose positions have had the time to follow."""
        now = self._clock()
        due = {key for key, at in self._just_traded.items() if abs(now - at) >= SETTLES_AFTER}
        for key in due:
            del self._just_traded[key]
        return due

    def settle(self) -> DayNews:
        """Update everything to this moment; return what has changed."""
        self.note_holdings()
        if not self._is_due:
            return DayNews(self._openings.due() | self._settled_since())
        self._is_due = False
        others, self._traded_anew = self._traded_anew, set()
        known_before, self._known_of = (
            self._known_of,
            {mode: self._known_of_mode(mode) for mode in AccountMode},
        )
        news = DayNews({*others, *self._openings.undecided(), *self._settled_since()})
        for mode, known in self._known_of.items():
            before = known_before.get(mode)
            if before is None or before.at_open != known.at_open:
                news.modes.add(mode)
            else:
                news.positions.update(before.unexplained ^ known.unexplained)
        return news

    def _read_fills(self, besides: Collection[FillKey] = ()) -> None:
        """Add up the executions that changed, or at the beginning of a day all, ``besides`` these for now."""
        if self._fills is None or self._counted is None or not (self._is_anew or self._changed):
            return
        if self._is_anew:
            fills = self._fills.fills()
            others = self._counted.replace_all([fill for fill in fills if fill.key not in besides])
        else:
            find = self._fills.find
            others = self._counted.change((before, find(key)) for key, before in self._changed.items())
        if not besides:
            self._is_anew = False
            self._changed.clear()
        self._traded_anew |= others
        self._by_key = self._counted.by_key
        for key in others:
            if key in self._by_key:
                fills = self._by_key[key]
                self._traded[key] = traded(fills, self._clock())
                names = {fill.instrument.symbol: fill.instrument for fill in reversed(fills)}
                self._traded_as[key] = tuple(names.values())
            else:
                self._traded.pop(key, None)
                self._traded_as.pop(key, None)

    def _known_of_mode(self, mode: AccountMode) -> OpeningSource:
        unlisted = () if self._fills is None else self._fills.state(mode).unlisted
        why, recorded = self.why_not_listed(mode), self._recorded.get(mode)
        return OpeningSource(why, unlisted, recorded, self._unexplained(mode))

    @property
    def is_due(self) -> bool:
        """Return whether more is known than at the last ``settle``."""
        return self._is_due

    @property
    def may_have_closed(self) -> bool:
        """Return whether anything was traded today, or has left."""
        return bool(self._by_key or self._left)

    def of(self, position: Position) -> DayKnown:
        """Return what is known of a position's day."""
        key = position.key
        known = self._traded.get(key, NOTHING_TRADED)
        return self._known(position.mode, key, position.instrument, position.quantity, known)

    def closed(self) -> Iterator[Closed]:
        """Yield each contract that was traded today and is not held, and each that left without an
        execution, of accounts whose positions are reported.
        """
        accounts = self._accounts
        for key, fills in self._by_key.items():
            last, of_key = fills[-1], self._traded[key]
            if accounts.holds(key) or last.instrument.is_combination:
                continue
            if not key.account:
                known = DayKnown(None, of_key, "an execution names no account")
            elif accounts.is_reported(key.account):
                known = self._known(last.mode, key, last.instrument, 0.0, of_key)
            else:
                continue
            yield Closed(last.mode, key, last.instrument, known)
        self._left = {key: was for key, was in self._left.items() if not accounts.holds(key)}
        for key, (mode, instrument) in self._left.items():
            if key not in self._by_key and accounts.is_listed(mode, key.account):
                known = self._known(mode, key, instrument, 0.0, NOTHING_TRADED)
                if known.why or (known.opening is not None and known.opening.quantity):
                    # Its execution may be on its way: until that is decided it earns as before.
                    yield Closed(mode, key, instrument, known)

    def instruments(self) -> dict[PositionKey, tuple[Instrument, ...]]:
        """Return what was traded today, under each of its names, that of the last execution first.

        It needs a previous close, also once it is closed.
        """
        return {key: named for key, named in self._traded_as.items() if not named[0].is_combination}

    def commission(self, modes: Collection[AccountMode], *, as_of_before: bool = False) -> float | None:
        """Return the commissions of these profiles' executions today, in the one currency they were reported
        in.

        ``None`` if the commission of an execution is missing, or if a list is incomplete, as it is while a
        profile is not connected; ``as_of_before`` returns what was known until then.
        """
        of_modes = [self._traded[key] for key, fills in self._by_key.items() if fills[-1].mode in modes]
        is_whole = self._fills is not None and all(
            state.as_of is not None and not state.unlisted and (as_of_before or not state.problem)
            for state in map(self._fills.state, modes)
        )
        currencies = {each.currency for each in of_modes if each.currency}
        if not is_whole or len(currencies) > 1 or not modes:
            return None
        costs = [each.commission for each in of_modes]
        return None if None in costs else sum(cost for cost in costs if cost is not None)

    def basis(self, mode: AccountMode, instrument: Instrument) -> str:
        """Return sentences that say what the day P&L of this contract assumes."""
        return "" if self._fills is None else basis_of(self._fills.state(mode).day_basis, instrument)

    def left(self, position: Position) -> None:
        """Record that a position is not held any more."""
        self._left[position.key] = position.mode, position.instrument

    def _begin(self, today: date) -> None:
        """Begin another day; nothing of the previous one counts."""
        self._day = today
        self._has_session = session_of(today) is not None
        self._openings.clear()
        self._noted, self._undecided, self._just_traded = set(), set(), {}
        self._is_anew = True
        # The quantity at the open of every contract changes now, although no list does.
        self._known_of = {}
        self._recorded = {
            mode: each for mode, each in self._recorded.items() if new_york(each.at).date() == today
        }
        recorded = {key for each in self._recorded.values() for key in each.quantities}
        self._left = {key: was for key, was in self._left.items() if key in recorded}
        self._is_due = True

    def _known(
        self,
        mode: AccountMode,
        key: PositionKey,
        instrument: Instrument,
        quantity: float | None,
        of_key: DayTraded,
    ) -> DayKnown:
        found = self._opened(mode, key, quantity, of_key)
        if found.opening is not None and quantity and not found.opening.quantity and not of_key.fills:
            return DayKnown(None, of_key, NOT_EXECUTED)
        is_held_over = found.opening is not None and found.opening.quantity != 0
        if is_held_over and not self._has_session and has_us_sessions(instrument):
            return DayKnown(None, of_key, NO_SESSION)
        return found

    def _opened(
        self, mode: AccountMode, key: PositionKey, quantity: float | None, of_key: DayTraded
    ) -> DayKnown:
        if of_key.unknown:
            return DayKnown(None, of_key, "an execution of today lacks its side, quantity or price")
        if of_key.later:
            return DayKnown(None, of_key, "an execution is dated on a day that has not begun")
        recorded = self._recorded_at_open(mode, key)
        why = self._why_not_whole(mode, key)
        if recorded is not None:
            missing = 0.0 if quantity is None else quantity - of_key.net - recorded
            why = self._openings.why_contradicted(key, missing, self._listed_at(mode), why)
            if not why:
                return DayKnown(OpenQuantity(recorded, OpenSource.JOURNAL), of_key)
        if quantity is None:
            return DayKnown(None, of_key, "the broker does not say how much is held")
        if why:
            return DayKnown(None, of_key, why)
        if key in self._just_traded:
            return DayKnown(None, of_key, JUST_TRADED)
        is_new = (mode, key.account) in self._noted and key not in self._undecided
        at_open, why = self._openings.derived(key, quantity, of_key.net, self._listed_at(mode), is_new=is_new)
        return DayKnown(None if why else OpenQuantity(at_open, OpenSource.EXECUTIONS), of_key, why)

    def _recorded_at_open(self, mode: AccountMode, key: PositionKey) -> float | None:
        recorded = self._recorded.get(mode)
        if recorded is None or key.account not in recorded.accounts:
            return None
        if self._fills is not None and any(
            hole.end > recorded.at for hole in self._fills.state(mode).unlisted
        ):
            return None
        quantity = recorded.quantities.get(key, 0.0)
        if quantity is None:
            return None
        return quantity_at_open(quantity, recorded.at, self._by_key.get(key, ()))

    def _why_not_whole(self, mode: AccountMode, key: PositionKey) -> str:
        why = self.why_not_listed(mode)
        if not why and key in self._unexplained(mode):
            return MOVED
        return why

    def _listed_at(self, mode: AccountMode) -> datetime | None:
        """Return as of when the executions are listed."""
        return None if self._fills is None else self._fills.state(mode).as_of

    def _unexplained(self, mode: AccountMode) -> frozenset[PositionKey]:
        return frozenset() if self._fills is None else self._fills.state(mode).unexplained

    def why_not_listed(self, mode: AccountMode) -> str:
        """Return why it is not known what this profile has traded today; empty if it is."""
        if self._fills is None:
            return ""
        state = self._fills.state(mode)
        if state.as_of is None:
            return f"today's executions have not been listed{_because(state.problem)}"
        if state.problem is not None:
            return f"there may be executions that are not listed{_because(state.problem)}"
        if state.unlisted:
            return "today's executions are not known in full, and the journal has not recorded the open"
        return ""


def _because(problem: Problem | None) -> str:
    """Return a colon and the reason, as short as possible."""
    why = "" if problem is None else problem.cause or problem.what.rstrip(".")
    return f": {why}" if why else ""
