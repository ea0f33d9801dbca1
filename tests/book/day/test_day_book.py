"""The day P&L, in whatever order positions and executions are reported."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from psf_monitor.book.book import Book
from psf_monitor.book.day.day_book import SETTLES_AFTER
from psf_monitor.book.fills import Fills
from psf_monitor.domain.account import AccountSummary
from psf_monitor.domain.day_pnl import OpenSource
from psf_monitor.domain.fills.fill import Fill, ListReach
from psf_monitor.domain.fills.journal_records import HeldPosition, Snapshot, SnapshotKind
from psf_monitor.domain.position import PositionKey
from psf_monitor.domain.quote import Quote
from psf_monitor.problem import Problem
from tests.fill_records import fill
from tests.records import GUN, NOON, PED, Clock, instrument, position

OPEN = NOON - timedelta(hours=2, minutes=30)
CIM = "CIM PRB"
ACCOUNT = "U1240821"
CLOSE, MARK = 24.0, 25.0
KEY = PositionKey(ACCOUNT, instrument(CIM).con_id)


class TradedBook:
    """A book that earns by the executions of one login, quoted."""

    def __init__(self, held: float = 1000, at: datetime = NOON) -> None:
        self.clock = Clock(at)
        self.book, self.fills = Book(self.clock), Fills(self.clock)
        self.book.attach_fills(self.fills)
        self.book.accounts_named(GUN, [ACCOUNT])
        self.load(held)
        self.quote()

    def hold(self, quantity: float) -> None:
        self.book.position_changed(GUN, position(CIM, quantity))

    def load(self, held: float) -> None:
        self.book.positions_replaced(GUN, [position(CIM, held)] if held else [])

    def quote(self, price: float = MARK) -> None:
        self.book.quotes_live()
        known = Quote(bid=price, ask=price, last=price, prev_close=CLOSE, received_at=self.clock())
        self.book.quotes_changed({CIM: known})

    def list_whole(self, *fills: Fill, reach: ListReach | None = None) -> None:
        self.fills.fills_reported(GUN, fills)
        self.fills.fills_listed(GUN, [ACCOUNT], reach or ListReach())

    @property
    def pnl(self) -> float | None:
        rows = self.book.position_rows()
        return rows[0].day_pnl if rows else None

    @property
    def why(self) -> str:
        return self.book.position_rows()[0].day_why


def snapshot(held: float | None, at: datetime = OPEN, *, is_current: bool = True) -> Snapshot:
    kept = HeldPosition(ACCOUNT, KEY.con_id, CIM, "USD", 1.0, held, 23.5, CLOSE, "LIVE", None, None, None)
    values = (AccountSummary(GUN, ACCOUNT, "USD", 1.0),)
    return Snapshot(at, SnapshotKind.OPEN, GUN, is_current, (kept,) if held != 0 else (), values)


def test_that_without_a_whole_list_or_a_record_of_the_open_there_is_a_dash_and_why() -> None:
    traded = TradedBook()
    assert traded.pnl is None
    assert traded.why == "today's executions have not been listed"
    traded.fills.fills_unavailable(GUN, Problem("TWS does not list the executions."))
    assert traded.why == "today's executions have not been listed: TWS does not list the executions"
    traded.list_whole()
    assert traded.pnl == pytest.approx(1000)
    traded.fills.fills_unavailable(GUN, Problem("No list.", "", "", "TWS does not answer", ""))
    assert traded.pnl is None
    assert "TWS does not answer" in traded.why
    traded.list_whole(reach=ListReach(since=NOON - timedelta(hours=1)))
    assert traded.pnl == pytest.approx(1000), "the list before it was whole and was heard on"
    traded.list_whole(reach=ListReach(unexplained=frozenset({KEY})))
    assert "moved without an execution" in traded.why
    assert traded.pnl is None


@pytest.mark.parametrize("follows", [True, False], ids=["executions", "no executions"])
def test_that_a_position_held_overnight_is_not_taken_as_bought_today(*, follows: bool) -> None:
    traded = TradedBook(1000)
    if follows:
        traded.list_whole()
    else:
        traded.book = Book(traded.clock)
        traded.load(1000)
        traded.quote()
    assert traded.pnl == pytest.approx(1000)
    traded.clock.advance(86_400)
    # Nothing moves in the night, and the window is looked at.
    for _ in range(3):
        assert traded.pnl == pytest.approx(1000)
    traded.quote(MARK + 1)
    (row,) = traded.book.position_rows()
    assert row.opening == (1000, OpenSource.EXECUTIONS)
    assert row.day_pnl == pytest.approx(2000)


def test_that_a_list_that_begins_late_is_not_whole_unless_the_journal_has_the_open() -> None:
    traded = TradedBook()
    traded.list_whole(reach=ListReach(since=OPEN - timedelta(hours=1)))
    assert traded.pnl is None
    assert "the journal has not recorded the open" in traded.why
    traded.book.day.opened(snapshot(1000))
    assert traded.pnl == pytest.approx(1000)
    late = TradedBook()
    late.book.day.opened(snapshot(1000))
    late.list_whole(reach=ListReach(since=OPEN + timedelta(hours=1)))
    assert late.pnl is None, "what was traded between the open and the list is not known"


def test_that_a_record_of_the_open_that_the_position_contradicts_is_not_believed_for_long() -> None:
    traded = TradedBook(400)
    traded.book.day.opened(snapshot(400))
    traded.list_whole()
    assert traded.pnl == pytest.approx(400)
    traded.hold(300)
    assert traded.pnl == pytest.approx(400), "its execution may be on its way"
    traded.fills.fills_unavailable(GUN, Problem("TWS does not list the executions."))
    assert traded.pnl is None
    assert "TWS does not list the executions" in traded.why
    traded.list_whole(reach=ListReach(unexplained=frozenset({KEY})))
    assert traded.pnl is None
    assert "moved without an execution" in traded.why
    traded.list_whole(fill("1", side="SELL", quantity=100, price=24.5))
    assert traded.pnl == pytest.approx(350)
    traded.book.account_lost(GUN, traded.clock())
    traded.load(250)
    traded.list_whole()
    assert traded.pnl == pytest.approx(350), "another connection does not know what moved before it"
    traded.clock.advance(SETTLES_AFTER.total_seconds())
    assert traded.pnl is None
    assert "moved without an execution" in traded.why
    traded.clock.advance(SETTLES_AFTER.total_seconds())
    assert traded.pnl is None
    traded.hold(300)
    assert traded.pnl == pytest.approx(350)


def test_that_a_record_that_was_old_at_the_open_is_not_used() -> None:
    traded = TradedBook()
    traded.book.day.opened(snapshot(400, is_current=False))
    traded.book.day.opened(replace(snapshot(400), kind=SnapshotKind.CLOSE))
    traded.list_whole()
    (row,) = traded.book.position_rows()
    assert row.opening == (1000, OpenSource.EXECUTIONS)
    traded.book.day.opened(snapshot(None))
    assert traded.book.position_rows()[0].opening == (1000, OpenSource.EXECUTIONS)
    traded.book.day.opened(snapshot(400))
    assert traded.book.position_rows()[0].opening == (400, OpenSource.JOURNAL)
    traded.book.day.opened(snapshot(0))
    assert traded.book.position_rows()[0].opening == (0, OpenSource.JOURNAL)


def test_that_the_day_does_not_jump_while_a_position_is_reported_before_its_execution_or_after() -> None:
    traded = TradedBook(1000)
    traded.list_whole()
    bought = fill("1", side="BUY", quantity=100, price=24.5)
    assert traded.pnl == pytest.approx(1000)
    traded.hold(1100)
    assert traded.pnl == pytest.approx(1000)
    traded.fills.fills_reported(GUN, [bought])
    assert traded.pnl == pytest.approx(1050)
    traded.fills.fills_reported(GUN, [fill("2", side="SELL", quantity=100, price=24.6)])
    assert traded.pnl == pytest.approx(1010)
    traded.hold(1000)
    assert traded.pnl == pytest.approx(1010)


def test_that_a_quantity_without_an_execution_is_taken_once_it_has_stood() -> None:
    traded = TradedBook(1000)
    traded.list_whole()
    assert traded.pnl == pytest.approx(1000)
    traded.hold(1500)
    assert traded.pnl == pytest.approx(1000)
    traded.clock.advance(SETTLES_AFTER.total_seconds())
    assert traded.pnl == pytest.approx(1500)


def test_that_a_share_that_left_without_an_execution_is_named_in_the_sums() -> None:
    traded = TradedBook(200)
    traded.list_whole()
    traded.book.drain()
    traded.load(0)
    traded.book.drain()
    assert traded.book.closed_today() == [], "its execution may be on its way"
    traded.list_whole(reach=ListReach(unexplained=frozenset({KEY})))
    (closed,) = traded.book.closed_today()
    assert (closed.symbol, closed.day_pnl) == (CIM, None)
    assert closed.why == "it moved without an execution of today"
    totals = traded.book.totals((GUN,))
    assert (totals.day_pnl, totals.closed_unpriced) == (None, (CIM,))
    assert totals.day_gaps == (f"{CIM}: it moved without an execution of today",)
    traded.book.account_lost(GUN, traded.clock())
    assert traded.book.closed_today() == [], "nobody knows whether it is still gone"
    traded.load(200)
    traded.list_whole()
    assert traded.book.closed_today() == []


def test_that_a_share_that_left_while_nobody_looked_is_known_from_the_record_of_the_open() -> None:
    traded = TradedBook(0)
    traded.book.day.opened(snapshot(200))
    traded.list_whole()
    assert traded.book.closed_today() == []
    traded.clock.advance(SETTLES_AFTER.total_seconds())
    (closed,) = traded.book.closed_today()
    assert (closed.symbol, closed.why) == (CIM, "it moved without an execution of today")
    traded.book.accounts_named(GUN, ["U7654321"])
    assert traded.book.closed_today() == [], "it may be in its account, which is of this login no more"


def test_that_a_share_closed_today_is_in_the_sums_and_asked_for_until_midnight() -> None:
    traded = TradedBook(200)
    traded.list_whole()
    traded.book.drain()
    traded.fills.fills_reported(GUN, [fill("1", side="SELL", quantity=200, price=24.6, commission=1.0)])
    traded.book.drain()
    traded.load(0)
    (closed,) = traded.book.closed_today()
    assert closed.symbol == CIM
    assert closed.day_pnl == pytest.approx(120)
    totals = traded.book.totals((GUN,))
    assert totals.day_pnl == pytest.approx(120)
    assert (totals.closed, totals.positions) == ((CIM,), 0)
    assert totals.market_value == 0
    strip = traded.book.strip(GUN)
    assert strip.day_pnl == pytest.approx(120)
    assert strip.commission == 1.0
    assert traded.book.symbols_wanted == {CIM}
    traded.book.quotes_dropped()
    totals = traded.book.totals((GUN,))
    assert (totals.day_pnl, totals.closed_unpriced) == (None, (CIM,))
    traded.clock.advance(12 * 3600)
    traded.fills.drain()
    assert traded.book.closed_today() == []
    assert traded.book.symbols_wanted == frozenset()


def test_that_the_commission_of_the_day_is_unknown_while_one_is_unreported() -> None:
    traded = TradedBook()
    assert traded.book.strip(GUN).commission is None
    traded.list_whole()
    assert traded.book.strip(GUN).commission == 0.0
    traded.fills.fills_reported(GUN, [fill("1", commission=1.25), fill("2")])
    assert traded.book.strip(GUN).commission is None
    traded.fills.fills_reported(GUN, [fill("2", commission=-0.25)])
    assert traded.book.strip(GUN).commission == 1.0
    assert traded.book.strip(PED).commission is None


def test_that_the_commission_of_a_lost_login_is_old_or_unknown() -> None:
    traded = TradedBook()
    traded.book.summaries_replaced(GUN, [AccountSummary(GUN, ACCOUNT, "USD", 1.0)])
    traded.list_whole(fill("1", commission=1.25))
    traded.fills.fills_unavailable(GUN, Problem("IBKR_GUN was lost."))
    assert traded.book.strip(GUN).commission is None
    traded.book.account_lost(GUN, traded.clock())
    strip = traded.book.strip(GUN)
    assert (strip.commission, strip.as_of) == (1.25, traded.clock())
    traded.book.account_dropped(GUN)
    strip = traded.book.strip(GUN)
    assert (strip.commission, strip.net_liquidation, strip.as_of) == (None, None, None)


# A slow reference over random days.


@dataclass
class Shares:
    """The day of an account, one share after the other: each has the price at which it came today."""

    held: int
    units: list[tuple[int, float]] = field(default_factory=list)
    gained: float = 0.0

    def __post_init__(self) -> None:
        self.units = [(1 if self.held > 0 else -1, CLOSE)] * abs(self.held)

    def trade(self, quantity: int, price: float) -> None:
        for _ in range(abs(quantity)):
            sign = 1 if quantity > 0 else -1
            if self.units and self.units[0][0] == -sign:
                other, came_at = self.units.pop(0)
                self.gained += other * (price - came_at)
            else:
                self.units.append((sign, price))

    @property
    def pnl(self) -> float:
        return self.gained + sum(sign * (MARK - came_at) for sign, came_at in self.units)


quantities = st.integers(-4, 4).filter(bool)
prices = st.sampled_from([23.5, 24.25, 24.5, 25.125, 26.0])
steps = st.one_of(
    st.tuples(st.just("trade"), quantities, prices, st.booleans()),
    st.tuples(st.just("correct"), quantities, prices, st.booleans()),
    st.tuples(st.just("transfer"), quantities, st.just(0.0), st.booleans()),
    st.tuples(st.just("reconnect"), st.just(0), st.just(0.0), st.booleans()),
)


@given(at_open=st.integers(-5, 5), has_record=st.booleans(), day=st.lists(steps, max_size=10))
@example(2, False, [("trade", -2, 25.125, True), ("reconnect", 0, 0.0, False)])
@example(-3, True, [("trade", 3, 23.5, False), ("correct", 1, 26.0, False)])
@example(0, False, [("trade", 4, 24.25, True), ("reconnect", 0, 0.0, True), ("trade", -4, 26.0, True)])
def test_that_every_day_is_what_its_shares_earned_one_by_one(
    at_open: int, has_record: bool, day: list[tuple[str, int, float, bool]]
) -> None:
    traded = TradedBook(at_open, at=OPEN + timedelta(minutes=1))
    if has_record:
        traded.book.day.opened(snapshot(at_open))
    traded.list_whole()
    traded.book.position_rows()
    held, reported, was_transferred = at_open, list[Fill](), False
    for number, (kind, quantity, price, position_first) in enumerate(day):
        traded.clock.advance(60)
        if kind == "transfer":
            held, was_transferred = held + quantity, True
            traded.load(held)
            traded.list_whole(*reported, reach=ListReach(unexplained=frozenset({KEY})))
        elif kind == "reconnect":
            traded.book.account_lost(GUN, traded.clock())
            traded.book.position_rows()
            traded.clock.advance(30)
            traded.load(held)
            unexplained = frozenset({KEY}) if was_transferred else frozenset()
            again = reported[::-1] if position_first else reported
            traded.list_whole(*again, reach=ListReach(unexplained=unexplained))
        elif kind == "trade":
            side = "BUY" if quantity > 0 else "SELL"
            done = fill(f"{number}", CIM, side, abs(quantity), price, at=traded.clock())
            held += quantity
            reported.append(done)
            if position_first:
                traded.load(held)
                traded.book.position_rows()
                traded.fills.fills_reported(GUN, [done])
            else:
                traded.fills.fills_reported(GUN, [done])
                traded.book.position_rows()
                traded.load(held)
        elif reported:
            done = replace(reported[-1], price=price, revision=reported[-1].revision + 1)
            reported[-1] = done
            traded.fills.fills_reported(GUN, [done])
        traded.book.position_rows()
        # HAMMER is asked again for what nobody needed for a moment.
        traded.quote()
        traded.book.position_rows()
    for _ in range(2):
        traded.clock.advance(SETTLES_AFTER.total_seconds())
        traded.book.position_rows()
    reference = Shares(at_open)
    for done in reported:
        assert done.quantity is not None
        assert done.price is not None
        reference.trade(int(done.quantity) * (1 if done.side == "BUY" else -1), done.price)
    found = [row.day_pnl for row in traded.book.position_rows()]
    found += [each.day_pnl for each in traded.book.closed_today()]
    if not found:
        assert reference.pnl == pytest.approx(0) or was_transferred
    elif was_transferred and not (has_record and held == sum(sign for sign, _ in reference.units)):
        assert found == [None], "what was transferred earned nothing that anybody knows"
    else:
        assert found == [pytest.approx(reference.pnl)]
    assert traded.book.totals((GUN,)).day_pnl == (found[0] if found else None)
