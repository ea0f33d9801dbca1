"""In whatever order events arrive, every alert fires once, and never on an old figure."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from psf_monitor.domain.alerts.alert import Alert, AlertKind, Direction
from tests.alerts.watched_book import CIM, WatchedBook


class Day(RuleBasedStateMachine):
    """Prices, losses, late quotes, restarts: as many tellings as a slow look at the current prices counts."""

    @initialize(level=st.integers(2440, 2460), way=st.sampled_from([Direction.UP, Direction.DOWN]))
    def begin(self, level: int, way: Direction) -> None:
        self.folder = TemporaryDirectory()
        self.watched = WatchedBook(Path(self.folder.name) / "alerts.json")
        self.level = level / 100
        self.sign = 1 if way is Direction.UP else -1
        self.watched.alerts.add(Alert(0, AlertKind.PRICE, CIM, "last", way, self.level, is_again=True))
        self.seen: list[float] = []
        self.is_live = True

    @rule(cents=st.integers(2435, 2465))
    def trade(self, cents: int) -> None:
        self.watched.price(cents / 100)
        if self.is_live:
            self.seen.append(cents / 100)

    @rule(cents=st.integers(2435, 2465))
    def come_late(self, cents: int) -> None:
        self.watched.price(cents / 100, late_s=80.0)

    @rule(cents=st.integers(2435, 2465))
    def be_old(self, cents: int) -> None:
        self.watched.price(cents / 100, stale_since=self.watched.clock())

    @rule()
    def lose(self) -> None:
        self.watched.book.quotes_frozen(self.watched.clock())
        self.is_live = False

    @rule(cents=st.integers(2435, 2465))
    def reconnect(self, cents: int) -> None:
        self.watched.book.quotes_live()
        self.is_live = True
        self.trade(cents)

    @rule()
    def restart(self) -> None:
        self.watched.alerts.check()
        self.watched.start()
        if not self.is_live:
            self.watched.book.quotes_frozen(self.watched.clock())

    @rule()
    def pass_a_second(self) -> None:
        self.watched.clock.advance(1)
        self.watched.alerts.check()

    @invariant()
    def is_reported_once_for_each_crossing(self) -> None:
        if not hasattr(self, "watched"):
            return
        path, level = [self.sign * price for price in self.seen], self.sign * self.level
        at: list[int] = []
        for place in range(1, len(path)):
            crosses = path[place - 1] < level <= path[place]
            since = path[at[-1] : place] if at else path[:place]
            if crosses and (not at or min(since) <= round(level - 0.02, 6)):
                at.append(place)
        assert [fired.seen for fired in self.watched.fired] == [self.seen[place] for place in at]

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()


TestDay = Day.TestCase


TestDay.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
