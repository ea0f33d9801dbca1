"""The day's P&L over the day: a point a minute, and none of what is not known."""

import math
from datetime import timedelta

from psf_monitor.book.day.pnl_curve import PATIENCE
from psf_monitor.connection.pacing import ROWS_A_TURN
from psf_monitor.domain.fills.journal_records import DayLine, DayPoint
from psf_monitor.domain.market_hours import new_york
from tests.book.day.traded_book import KEY, OPEN, TradedBook
from tests.support.records import GUN, position


def test_that_there_is_one_point_a_minute_of_each_login_and_of_all() -> None:
    traded = TradedBook(1000, absent=[mode for mode in type(GUN) if mode is not GUN])
    traded.list_whole()
    curve = traded.book.day.curve
    assert curve.sample(traded.book)
    assert not curve.sample(traded.book)
    traded.clock.advance(61)
    assert curve.sample(traded.book)
    assert [point.day_pnl for point in curve.points(GUN)] == [1000, 1000]
    assert [point.at.second for point in curve.points(GUN)] == [0, 0]
    assert [point.day_pnl for point in curve.points(None)] == [1000, 1000]
    midday = new_york(traded.clock()).hour * 60
    line = curve.line(KEY)
    assert list(line[midday:]) == [1000, 1000]
    assert all(math.isnan(each) for each in line[:midday])


def test_that_old_or_unknown_figures_and_those_of_a_closed_market_are_no_points() -> None:
    traded = TradedBook(1000)
    curve = traded.book.day.curve
    assert not curve.sample(traded.book), "the executions are not listed"
    traded.list_whole()
    traded.clock.advance(60)
    traded.book.quotes_frozen(traded.clock())
    assert not curve.sample(traded.book)
    traded.clock.advance(12 * 3600)
    traded.quote()
    assert not curve.sample(traded.book), "nobody trades at midnight"
    assert curve.points(GUN) == []


def test_that_the_points_of_the_journal_come_back_and_those_of_another_day_do_not() -> None:
    traded = TradedBook(1000)
    traded.list_whole()
    curve = traded.book.day.curve
    kept = [DayPoint(OPEN + timedelta(minutes=n), GUN, 10.0 * n) for n in range(3)]
    curve.restore([DayPoint(OPEN - timedelta(days=1), GUN, 5.0), *kept])
    curve.sample(traded.book)
    assert [point.day_pnl for point in curve.points(GUN)] == [0, 10, 20, 1000]
    assert [point.day_pnl for point in curve.unwritten if point.mode is GUN] == [1000]
    curve.written(curve.unwritten)
    assert curve.unwritten == ()
    traded.clock.advance(72 * 3600)
    traded.list_whole()
    curve.sample(traded.book)
    assert all(point.at.day == traded.clock().day for point in curve.points(GUN))


def test_that_the_lines_of_the_journal_join_those_that_were_sampled_here() -> None:
    traded = TradedBook(1000)
    traded.list_whole()
    curve = traded.book.day.curve
    curve.sample(traded.book)
    (point,) = curve.unwritten_lines
    assert (point.key, point.mode, point.day_pnl) == (KEY, GUN, 1000)
    earlier = [math.nan] * (point.minute - 3) + [5.0, 6.0, 7.0, 8.0]
    curve.restore((), [DayLine(point.day, KEY, earlier), DayLine(point.day - timedelta(days=1), KEY, [1.0])])
    assert list(curve.line(KEY))[-4:] == [5, 6, 7, 1000]
    assert len(curve.line(KEY)) == point.minute + 1
    assert curve.unwritten_lines == (point,)
    curve.written((), (point,))
    assert not curve.unwritten_lines
    traded.clock.advance(-120)
    curve.sample(traded.book)
    assert list(curve.line(KEY))[-4:] == [5, 1000, 7, 1000], "a clock that goes back moves nothing"


def test_that_no_point_is_taken_while_the_first_prices_are_still_coming() -> None:
    traded = TradedBook(1000)
    traded.list_whole()
    traded.book.position_changed(GUN, position("MS PRK", 100))
    curve = traded.book.day.curve
    assert not curve.sample(traded.book), "the sum of one would pass for that of both"
    traded.clock.advance(PATIENCE.total_seconds())
    assert curve.sample(traded.book), "what does not come is left out, as the strip says"
    assert [point.day_pnl for point in curve.points(GUN)] == [1000]


def test_that_a_clock_set_back_puts_off_no_point_for_longer() -> None:
    traded = TradedBook(1000)
    traded.list_whole()
    traded.book.position_changed(GUN, position("MS PRK", 100))
    curve = traded.book.day.curve
    assert not curve.sample(traded.book)
    traded.clock.advance(-600)
    assert not curve.sample(traded.book)
    traded.clock.advance(PATIENCE.total_seconds())
    assert curve.sample(traded.book)


async def test_that_the_rows_of_very_many_positions_are_brought_up_for_it_in_turns() -> None:
    traded = TradedBook(1000)
    traded.list_whole()
    traded.book.drain()
    held = [position(f"S{number}", con_id=2000 + number) for number in range(3 * ROWS_A_TURN)]
    traded.book.positions_replaced(GUN, [position("CIM PRB", 1000), *held])
    waiting: list[int] = []

    async def rest() -> None:
        waiting.append(traded.book.tables.waiting)

    curve = traded.book.day.curve
    await curve.sample_in_turns(traded.book, rest)
    assert waiting == [2 * ROWS_A_TURN + 1, ROWS_A_TURN + 1, 1, 0]
    assert len(traded.book.drain().positions) == 3 * ROWS_A_TURN
    waiting.clear()
    await curve.sample_in_turns(traded.book, rest)
    assert waiting == []


async def test_that_a_list_that_comes_meanwhile_is_brought_up_in_turns_too() -> None:
    traded = TradedBook(1000)
    traded.list_whole()
    held = [position(f"S{number}", con_id=2000 + number) for number in range(3 * ROWS_A_TURN)]
    waiting: list[int] = []

    async def rest() -> None:
        if not waiting:
            traded.book.positions_replaced(GUN, [position("CIM PRB", 1000), *held])
        waiting.append(traded.book.tables.waiting)

    await traded.book.day.curve.sample_in_turns(traded.book, rest)
    assert waiting == [3 * ROWS_A_TURN + 1, 2 * ROWS_A_TURN + 1, ROWS_A_TURN + 1, 1, 0]
