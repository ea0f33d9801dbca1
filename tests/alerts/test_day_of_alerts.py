"""In whatever order events arrive, every alert fires once for each crossing, and never on an old figure."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from psf_monitor.domain.alerts.alert import Alert, AlertKind, Direction
from tests.alerts.watched_book import CIM, WatchedBook
from tests.support.records import GUN, position

BACK = 0.02
"""Two ticks."""
LATE_S = 80.0

figures = st.sampled_from((24.3, 24.38, 24.39, 24.4, 24.41, 24.42, 24.5))
levels = st.sampled_from((24.4, 24.41))
directions = st.sampled_from(list(Direction))


class Watched:
    """One alert, the figures that it has to compare, and those on which it has fired."""

    def __init__(self, alert: Alert) -> None:
        self.alert = alert
        self.path: list[float] = []
        self.fired: list[float] = []

    def wrong(self) -> str:
        """Return what is wrong with what has fired; empty if nothing is."""
        level = self.alert.figure
        assert level is not None
        if self.alert.direction is Direction.EITHER:
            return _wrong_either_way(self.path, level, self.fired, is_again=self.alert.is_again)
        sign = 1 if self.alert.direction is Direction.UP else -1
        at = _upward([sign * figure for figure in self.path], sign * level)
        right = [self.path[place] for place in (at if self.alert.is_again else at[:1])]
        return "" if self.fired == right else f"fired on {self.fired}, not {right}"


def _upward(path: list[float], level: float) -> list[int]:
    """Return where a path reaches the level from below, having been back since the last time."""
    at: list[int] = []
    for place in range(1, len(path)):
        since = path[at[-1] : place] if at else path[:place]
        if path[place - 1] < level <= path[place] and (not at or min(since) <= round(level - BACK, 6)):
            at.append(place)
    return at


def _wrong_either_way(path: list[float], level: float, fired: list[float], *, is_again: bool) -> str:
    """Every leap from two ticks on one side to two ticks on the other fires, and nothing but a crossing."""
    away = [round(figure - level, 6) for figure in path]
    steps = list(pairwise(away))
    leaps = sum(min(abs(a), abs(b)) >= BACK and a * b < 0 for a, b in steps)
    crossings = sum(a * b <= 0 and a != b for a, b in steps)
    if not is_again:
        leaps, crossings = min(leaps, 1), min(crossings, 1)
    if not leaps <= len(fired) <= crossings:
        return f"fired {len(fired)} times, of {leaps} leaps and {crossings} crossings"
    return "" if set(fired) <= set(path) else f"fired on {fired}, never seen"


class Day(RuleBasedStateMachine):
    """Prices, losses, late quotes, restarts, what the trader does: as a slow look at the current prices."""

    @initialize(level=levels, way=directions, is_again=st.booleans())
    def begin(self, level: float, way: Direction, is_again: bool) -> None:
        self.folder = TemporaryDirectory()
        self.book = WatchedBook(Path(self.folder.name) / "alerts.json")
        self.now: float | None = None
        """The price, where it is current."""
        self.came: float | None = None
        """One that came while HAMMER was not ready: it is current as soon as HAMMER is."""
        self.is_live, self.is_refused = True, False
        self.told = 0
        self.watched: dict[int, Watched] = {}
        self.set(level, way, is_again)

    @rule(level=levels, way=directions, is_again=st.booleans())
    def set(self, level: float, way: Direction, is_again: bool) -> None:
        alert = Alert(0, AlertKind.PRICE, CIM, "last", way, level, is_again=is_again)
        alert = self.book.alerts.add(alert)
        self._begins(alert)

    @rule(level=levels, data=st.data())
    def edit(self, level: float, data: st.DataObject) -> None:
        if self.watched:
            number = data.draw(st.sampled_from(list(self.watched)))
            known = next(each for each in self.book.alerts.alerts if each.alert_id == number)
            self._begins(self.book.alerts.change(replace(known, figure=level)))

    @rule(data=st.data())
    def switch_off_and_on(self, data: st.DataObject) -> None:
        if self.watched:
            number = data.draw(st.sampled_from(list(self.watched)))
            self.book.alerts.switch(number, is_on=False)
            self.book.alerts.switch(number, is_on=True)
            self._begins(self.watched[number].alert)

    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        if len(self.watched) > 2:
            number = data.draw(st.sampled_from(list(self.watched)))
            self.book.alerts.remove(number)
            del self.watched[number]

    @rule(price=figures)
    def trade(self, price: float) -> None:
        self.book.price(price)
        self.came = price
        self._becomes_current()

    @rule(one=figures, other=figures)
    def trade_twice_in_one_turn(self, one: float, other: float) -> None:
        self.trade(one)
        self.trade(other)

    @rule(price=figures)
    def come_late(self, price: float) -> None:
        self.book.price(price, late_s=LATE_S)
        self.now = self.came = None

    @rule(price=figures)
    def be_old(self, price: float) -> None:
        self.book.price(price, stale_since=self.book.clock())
        self.now = self.came = None

    @rule()
    def lose(self) -> None:
        self.book.book.quotes_frozen(self.book.clock())
        self.is_live, self.now, self.came = False, None, None

    @rule(price=figures)
    def reconnect(self, price: float) -> None:
        self.book.book.quotes_live()
        self.is_live = True
        self._becomes_current()
        self.trade(price)

    @rule(price=figures)
    def reconnect_with_prices_first(self, price: float) -> None:
        self.book.book.quotes_dropped()
        self.is_live, self.now, self.is_refused = False, None, False
        self.trade(price)
        self.book.book.quotes_live()
        self.is_live = True
        self._becomes_current()

    @rule(is_refused=st.booleans(), price=figures)
    def be_refused_or_not(self, is_refused: bool, price: float) -> None:
        self.book.book.symbols_refused(frozenset({CIM} if is_refused else ()))
        self.is_refused = is_refused
        if is_refused:
            self.now = self.came = None
        self.trade(price)

    @rule(quantity=st.sampled_from((0, -500, 3000)))
    def position_changes(self, quantity: int) -> None:
        self.book.book.positions_replaced(GUN, [position(CIM, quantity, 23.0)] if quantity else [])

    @rule()
    def restart(self) -> None:
        self.book.alerts.check()
        self._start()

    @rule()
    def restart_over_a_damaged_file(self) -> None:
        self.book.alerts.check()
        assert self.book.path is not None
        self.book.path.write_bytes(b'{"schema": 1, "alerts": [' + b"\0" * 40)
        self._start()
        for alert in self.book.alerts.alerts:
            self.book.alerts.remove(alert.alert_id)
        self.watched = {}

    @rule()
    def pass_a_second(self) -> None:
        self.book.clock.advance(1)
        self.book.alerts.check()

    @invariant()
    def is_reported_once_for_each_crossing(self) -> None:
        if not hasattr(self, "watched"):
            return
        for fired in self.book.fired[self.told :]:
            assert fired.seen is not None
            self.watched[fired.alert_id].fired.append(fired.seen)
        self.told = len(self.book.fired)
        for each in self.watched.values():
            assert not (wrong := each.wrong()), f"{each.alert}, seen {each.path}: {wrong}"

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()

    def _begins(self, alert: Alert) -> None:
        self.is_reported_once_for_each_crossing()
        each = self.watched[alert.alert_id] = Watched(alert)
        each.path += [] if self.now is None else [self.now]

    def _becomes_current(self) -> None:
        if self.is_live and not self.is_refused and self.came is not None:
            self.now = self.came
            for each in self.watched.values():
                each.path.append(self.now)

    def _start(self) -> None:
        self.book.start()
        self.now = self.came = None
        self.book.book.symbols_refused(frozenset({CIM} if self.is_refused else ()))
        if not self.is_live:
            self.book.book.quotes_frozen(self.book.clock())


TestDay = Day.TestCase
TestDay.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
