"""The day P&L, in whatever order positions and executions are reported."""

from dataclasses import replace
from datetime import timedelta

import pytest

from psf_monitor.book.book import Book
from psf_monitor.book.day.day_book import JUST_TRADED, NO_SESSION, NOT_EXECUTED
from psf_monitor.book.day.open_quantities import SETTLES_AFTER
from psf_monitor.domain.account import AccountSummary
from psf_monitor.domain.day_pnl import OpenSource
from psf_monitor.domain.fills.fill import ListReach
from psf_monitor.domain.fills.journal_records import SnapshotKind
from psf_monitor.problem import Problem
from tests.book.day.traded_book import ACCOUNT, CIM, CLOSE, KEY, MARK, OPEN, TradedBook, snapshot
from tests.support.fill_records import fill
from tests.support.records import GUN, NOON, PED


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
    assert traded.pnl == pytest.approx(1000), "the list before it was whole, and what followed was received"
    traded.list_whole(reach=ListReach(unexplained=frozenset({KEY})))
    assert "moved without an execution" in traded.why
    assert traded.pnl is None


def test_that_a_day_without_a_session_has_no_day_pnl_of_what_was_held_before_it() -> None:
    # HAMMER's previous close is still Thursday's, and Friday's purchase is no execution of Saturday.
    traded = TradedBook(100)
    traded.list_whole(fill("a", quantity=100, price=24.9, at=NOON - timedelta(minutes=1)))
    assert traded.pnl == pytest.approx(10)
    for days in (1, 2):
        traded.clock.now = NOON + timedelta(days=days)
        traded.list_whole()
        traded.quote()
        assert (traded.pnl, traded.book.strip(GUN).day_pnl, traded.why) == (None, None, NO_SESSION)
        (row,) = traded.book.position_rows()
        assert (row.market_value, row.change) == (100 * MARK, MARK - CLOSE)
    traded.clock.now = NOON + timedelta(days=3)
    traded.list_whole()
    traded.quote()
    assert traded.pnl == pytest.approx(100)


@pytest.mark.parametrize("follows", [True, False], ids=["executions", "no executions"])
def test_that_a_position_held_overnight_is_not_taken_as_bought_today(*, follows: bool) -> None:
    traded = TradedBook(1000, NOON - timedelta(days=1))
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
    traded.book.day.opened(snapshot(7))
    assert traded.book.position_rows()[0].opening == (7, OpenSource.JOURNAL)


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


@pytest.mark.parametrize("is_recorded", [True, False], ids=["open recorded", "open not recorded"])
def test_that_a_new_position_has_no_day_pnl_before_its_execution(*, is_recorded: bool) -> None:
    traded = TradedBook(0)
    traded.list_whole()
    if is_recorded:
        traded.book.day.opened(snapshot(0))
    for _ in range(2):
        assert traded.pnl is None
        traded.clock.advance(1)
    traded.hold(100)
    assert (traded.pnl, traded.why) == (None, NOT_EXECUTED)
    assert traded.book.totals([GUN]).day_pnl is None
    traded.fills.fills_reported(GUN, [fill("1", side="BUY", quantity=100, price=24.5)])
    assert traded.pnl == pytest.approx(50)


@pytest.mark.parametrize("nights", [0, 1, 2])
@pytest.mark.parametrize("held", [0, 300])
@pytest.mark.parametrize("position_first", [True, False], ids=["position first", "execution first"])
def test_that_the_quantity_at_the_open_does_not_depend_on_who_has_read_the_rows_since(
    nights: int, held: float, *, position_first: bool
) -> None:
    traded = TradedBook(held, NOON - timedelta(days=nights))
    traded.list_whole()
    traded.clock.advance(nights * 86_400)
    bought = fill("1", side="BUY", quantity=100, price=24.5)
    if position_first:
        traded.hold(held + 100)
        assert traded.pnl == (pytest.approx(held) if held else None)
        traded.fills.fills_reported(GUN, [bought])
    else:
        traded.fills.fills_reported(GUN, [bought])
        assert traded.book.totals([GUN]).day_pnl == pytest.approx(held + 50)
        traded.hold(held + 100)
    traded.clock.advance(60)
    traded.quote()
    assert traded.pnl == pytest.approx(held + 50)
    assert traded.book.position_rows()[0].opening == (held, OpenSource.EXECUTIONS)


@pytest.mark.parametrize("held", [0, 300])
def test_that_an_execution_that_is_listed_before_its_position_comes_makes_no_day_pnl(held: float) -> None:
    traded = TradedBook(held)
    traded.list_whole(fill("1", side="BUY", quantity=100, price=24.5, at=traded.clock()))
    assert traded.book.totals([GUN]).day_pnl is None
    traded.hold(held + 100)
    assert (traded.pnl, traded.why) == (None, JUST_TRADED)
    traded.clock.advance(SETTLES_AFTER.total_seconds())
    assert traded.pnl == pytest.approx(held + 50)
    assert traded.book.position_rows()[0].opening == (held, OpenSource.EXECUTIONS)


def test_that_a_login_that_holds_nothing_has_no_value_and_no_pnl_unless_its_executions_are_unknown() -> None:
    traded = TradedBook(0)
    totals = traded.book.totals([GUN])
    assert (totals.market_value, totals.unrealized_pnl, totals.day_pnl) == (0, 0, None)
    assert totals.day_gaps == ("today's executions have not been listed",)
    traded.list_whole()
    for sums in (traded.book.totals([GUN]), traded.book.strip(GUN), traded.book.strip(None)):
        assert (sums.market_value, sums.unrealized_pnl, sums.day_pnl) == (0, 0, 0)
    assert traded.book.totals([PED]).unrealized_pnl is None


def test_that_a_position_that_moved_without_an_execution_has_no_day_pnl_until_it_is_back_or_explained() -> (
    None
):
    traded = TradedBook(1000)
    traded.list_whole()
    assert traded.pnl == pytest.approx(1000)
    traded.clock.advance(SETTLES_AFTER.total_seconds())
    traded.book.account_lost(GUN, traded.clock())
    traded.load(1500)
    traded.list_whole()
    assert traded.pnl == pytest.approx(1000), "its execution may be on its way"
    traded.clock.advance(SETTLES_AFTER.total_seconds())
    traded.list_whole()
    assert traded.pnl is None
    assert traded.why == "it moved without an execution of today"
    traded.list_whole(fill("1", side="BUY", quantity=500, price=24.5))
    assert traded.pnl == pytest.approx(1250)
    traded.hold(1000)
    assert traded.pnl == pytest.approx(1250), "its execution may be on its way"
    traded.clock.advance(SETTLES_AFTER.total_seconds())
    traded.list_whole()
    assert traded.pnl is None
    traded.hold(1500)
    assert traded.pnl == pytest.approx(1250)


def test_that_a_clock_set_back_puts_off_no_day_pnl_for_longer() -> None:
    traded = TradedBook(1000)
    traded.list_whole()
    assert traded.pnl == pytest.approx(1000)
    traded.clock.advance(60)
    traded.list_whole(fill("1", side="BUY", quantity=500, price=24.5))
    assert traded.pnl == pytest.approx(1250), "the position may be on its way"
    traded.clock.advance(-30)
    assert traded.pnl == pytest.approx(1250)
    traded.clock.advance(SETTLES_AFTER.total_seconds())
    assert traded.pnl == pytest.approx(750)


def test_that_an_execution_that_is_listed_late_is_of_today_while_the_position_stands() -> None:
    traded = TradedBook(1000)
    traded.list_whole()
    assert traded.pnl == pytest.approx(1000)
    traded.clock.advance(60)
    traded.list_whole(fill("1", side="BUY", quantity=500, price=24.5))
    assert traded.pnl == pytest.approx(1250), "the position may be on its way"
    traded.clock.advance(SETTLES_AFTER.total_seconds())
    assert traded.pnl == pytest.approx(750)
    traded.hold(1500)
    assert traded.pnl == pytest.approx(750)
    traded.clock.advance(SETTLES_AFTER.total_seconds())
    traded.list_whole()
    assert traded.pnl == pytest.approx(1250), "the position was on its way after all"


def test_that_a_share_that_left_without_an_execution_is_named_in_the_sums() -> None:
    traded = TradedBook(200)
    traded.list_whole()
    traded.book.drain()
    traded.load(0)
    traded.book.drain()
    (closed,) = traded.book.closed_today()
    assert closed.day_pnl == pytest.approx(200), "its execution may be on its way"
    assert traded.book.totals((GUN,)).day_pnl == pytest.approx(200)
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
    assert traded.book.wanted_symbols == {CIM}
    traded.book.quotes_dropped()
    totals = traded.book.totals((GUN,))
    assert (totals.day_pnl, totals.closed_unpriced) == (None, (CIM,))
    traded.clock.advance(12 * 3600)
    traded.fills.drain()
    assert traded.book.closed_today() == []
    assert traded.book.wanted_symbols == frozenset()


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
