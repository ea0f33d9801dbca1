"""Records in, rows out: what each event means to the tables."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from psf_monitor.book.account_book import DONE_STAYS_S, EXPLAINED_WITHIN_S
from psf_monitor.book.book import Book
from psf_monitor.book.orders.working import NOTHING_WORKS
from psf_monitor.book.rows import OrderRow, PositionRow, QuoteState
from psf_monitor.domain.account import IBKR_MODES, AccountMode, AccountSummary
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.order import OrderExecution, OrderKey
from psf_monitor.domain.position import Position, PositionKey
from psf_monitor.domain.quote import Quote
from psf_monitor.problem import Problem
from tests.records import GUN, NOON, PED, Clock, order, position

HAMMER = AccountMode.HAMMER_PRO
QUOTE = Quote(bid=24.52, ask=24.60, last=24.55, prev_close=24.47, changed_at=NOON, received_at=NOON)
QUOTE_UP = QUOTE._replace(bid=24.62, ask=24.70, last=24.65)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(clock: Clock) -> Book:
    return Book(clock)


def only_position(book: Book) -> PositionRow:
    (row,) = book.position_rows()
    return row


def only_order(book: Book) -> OrderRow:
    (row,) = book.order_rows()
    return row


def load(book: Book, mode: AccountMode = GUN, account: str = "U1240821") -> None:
    book.accounts_named(mode, [account])
    book.positions_replaced(mode, [position(mode=mode, account=account)])
    book.orders_replaced(mode, [order(mode=mode, account=account)])


def go_live(book: Book, **quotes: Quote) -> None:
    book.quotes_live()
    book.quotes_changed({symbol.replace("_", " "): quote for symbol, quote in quotes.items()})


def test_that_a_position_shows_before_any_price_has_come(book: Book) -> None:
    load(book)
    row = only_position(book)
    assert (row.quantity, row.average_price) == (1000, 23.5)
    assert row.quote_state is QuoteState.OFF
    assert (row.last, row.market_value, row.unrealized_pnl, row.day_pnl) == (None, None, None, None)


def test_that_position_and_quote_join_into_value_and_profit(book: Book) -> None:
    load(book)
    go_live(book, CIM_PRB=QUOTE)
    row = only_position(book)
    assert row.quote_state is QuoteState.LIVE
    assert row.market_value == pytest.approx(24_550)
    assert row.unrealized_pnl == pytest.approx(1_050)
    assert row.pnl_pct == pytest.approx(100 * 1_050 / 23_500)
    assert row.day_pnl == pytest.approx(80)
    assert row.change == pytest.approx(0.08)
    assert row.spread == pytest.approx(0.08)


def test_that_news_is_in_what_is_asked_for_at_the_same_moment(book: Book) -> None:
    load(book)
    go_live(book, CIM_PRB=QUOTE)
    assert only_position(book).last == 24.55
    assert book.totals((GUN,)).market_value == pytest.approx(24_550)
    book.quotes_changed({"CIM PRB": QUOTE_UP})
    assert only_position(book).last == 24.65
    assert book.totals((GUN,)).market_value == pytest.approx(24_650)
    book.position_changed(GUN, position(quantity=2000))
    assert book.totals((GUN,)).market_value == pytest.approx(49_300)
    book.account_dropped(GUN)
    assert book.position_rows() == []


def test_that_time_alone_is_seen_whichever_way_the_clock_goes(book: Book, clock: Clock) -> None:
    load(book)
    book.orders_replaced(GUN, [])
    assert len(book.order_rows()) == 1
    clock.advance(-3600)
    assert len(book.order_rows()) == 1
    clock.advance(3600 + DONE_STAYS_S)
    assert book.order_rows() == []


def test_that_sums_are_told_from_former_ones_only_when_they_may_differ(book: Book, clock: Clock) -> None:
    load(book)
    go_live(book, CIM_PRB=QUOTE)
    book.drain()
    before = book.sums.revision
    clock.advance(1)
    # The same price, told once more.
    book.quotes_changed({"CIM PRB": QUOTE._replace(received_at=clock())})
    book.drain()
    assert book.sums.revision == before
    book.quotes_changed({"CIM PRB": QUOTE_UP})
    book.drain()
    assert book.sums.revision != before


def test_that_what_is_drained_adds_up_to_the_sums_of_it(book: Book) -> None:
    load(book)
    go_live(book, CIM_PRB=QUOTE)
    drained = dict(book.drain().positions)
    book.quotes_changed({"CIM PRB": QUOTE_UP})
    drained |= book.drain(looked_at=()).positions
    value = sum(row.market_value or 0.0 for row in drained.values() if row)
    assert book.sums.totals(IBKR_MODES).market_value == value
    assert book.totals(IBKR_MODES).market_value != value


def test_that_only_what_differs_is_drained(book: Book) -> None:
    load(book)
    book.position_changed(GUN, position("MS PRK"))
    go_live(book, CIM_PRB=QUOTE)
    book.drain()
    book.quotes_changed({"MS PRK": QUOTE})
    book.quotes_changed({"CIM PRB": QUOTE})
    changes = book.drain()
    assert {row.symbol for row in changes.positions.values() if row} == {"MS PRK"}
    assert changes.orders == {}


def test_that_a_drain_of_what_is_looked_at_leaves_the_rest_for_the_next_one(book: Book) -> None:
    load(book)
    book.position_changed(GUN, position("MS PRK"))
    go_live(book, CIM_PRB=QUOTE)
    book.drain()
    book.quotes_changed({"CIM PRB": QUOTE_UP, "MS PRK": QUOTE})
    assert {row.symbol for row in book.drain({position().key}).positions.values() if row} == {"CIM PRB"}
    assert {row.symbol for row in book.drain().positions.values() if row} == {"MS PRK"}


def test_that_whatever_is_read_is_true_now_drained_or_not(book: Book) -> None:
    load(book)
    go_live(book, CIM_PRB=QUOTE)
    book.drain()
    before = book.totals([GUN]).unrealized_pnl
    book.quotes_changed({"CIM PRB": QUOTE_UP})
    book.drain(())
    assert book.totals([GUN]).unrealized_pnl == pytest.approx(1_150)
    assert before == pytest.approx(1_050)
    book.quotes_changed({"CIM PRB": QUOTE})
    assert book.strip(GUN).unrealized_pnl == pytest.approx(1_050)
    book.quotes_changed({"CIM PRB": QUOTE_UP})
    assert [row.last for row in book.position_rows()] == [QUOTE_UP.last]
    book.quotes_changed({"CIM PRB": QUOTE})
    assert [row.bid for row in book.order_rows()] == [QUOTE.bid]
    book.quotes_changed({"CIM PRB": QUOTE_UP})
    book.order_rows()
    # And the window is still told of what somebody else has read.
    assert book.drain().positions.keys() == {position().key}


def test_that_a_position_whose_share_is_renamed_no_longer_wants_the_old_name(book: Book) -> None:
    book.positions_replaced(GUN, [position("CIM PRB", con_id=1), position("MS PRK", con_id=2)])
    assert book.symbols_wanted == {"CIM PRB", "MS PRK"}
    book.position_changed(GUN, position("MS PRK", con_id=1))
    assert book.symbols_wanted == {"MS PRK"}


def test_that_the_window_is_woken_once_until_it_drains(book: Book) -> None:
    woken: list[None] = []
    book.when_dirty(lambda: woken.append(None))
    load(book)
    go_live(book, CIM_PRB=QUOTE)
    assert len(woken) == 1
    book.drain()
    book.quotes_changed({"CIM PRB": QUOTE})
    assert len(woken) == 2


def test_that_a_window_that_comes_late_is_woken_for_what_is_there(book: Book) -> None:
    load(book)
    woken: list[None] = []
    book.when_dirty(lambda: woken.append(None))
    assert len(woken) == 1


def test_that_quantity_zero_removes_a_position(book: Book) -> None:
    load(book)
    book.drain()
    closed = position(quantity=0)
    book.position_changed(GUN, closed)
    assert book.drain().positions == {closed.key: None}
    assert book.position_rows() == []


def test_that_a_full_list_removes_what_it_does_not_hold(book: Book) -> None:
    load(book)
    book.drain()
    book.positions_replaced(GUN, [position("MS PRK")])
    book.orders_replaced(GUN, [])
    changes = book.drain()
    assert {key for key, row in changes.positions.items() if row is None} == {position().key}
    assert {key: row and row.status for key, row in changes.orders.items()} == {order().key: "Gone"}


def test_that_two_instruments_of_one_symbol_are_two_rows(book: Book) -> None:
    book.positions_replaced(GUN, [position(con_id=1), position(con_id=2, kind="OPT", multiplier=100.0)])
    book.drain()
    assert {row.key for row in book.position_rows()} == {
        PositionKey("U1240821", 1),
        PositionKey("U1240821", 2),
    }


def test_that_a_position_on_an_unknown_exchange_is_still_shown(book: Book) -> None:
    book.positions_replaced(GUN, [position(exchange="MOONX", kind="???", currency="XYZ")])
    assert only_position(book).exchange == "MOONX"


def test_that_hammer_is_asked_for_exactly_what_is_held_or_ordered(book: Book, clock: Clock) -> None:
    wanted: list[frozenset[str]] = []
    book.when_symbols_change(wanted.append)
    book.positions_replaced(GUN, [position("CIM PRB")])
    book.orders_replaced(PED, [order("MS PRK", mode=PED)])
    book.position_changed(GUN, position("CIM PRB", 1500))
    book.position_changed(GUN, position("CIM PRB", 0))
    book.orders_replaced(PED, [])
    clock.advance(DONE_STAYS_S)
    book.drain()
    assert wanted == [
        frozenset(),
        {"CIM PRB"},
        {"CIM PRB", "MS PRK"},
        {"MS PRK"},
        frozenset(),
    ]


@pytest.mark.parametrize("details", [{"kind": "OPT"}, {"kind": "FUT"}, {"currency": "EUR"}])
def test_that_hammer_is_not_asked_where_its_symbol_may_mean_another_company(
    book: Book, details: dict[str, Any]
) -> None:
    book.positions_replaced(GUN, [position("BMW", **details)])
    go_live(book, BMW=QUOTE)
    assert book.symbols_wanted == frozenset()
    row = only_position(book)
    assert row.quote_state is QuoteState.MISSING
    assert row.last is None


def test_that_a_symbol_bought_again_starts_without_its_old_price(book: Book, clock: Clock) -> None:
    load(book)
    go_live(book, CIM_PRB=QUOTE)
    book.positions_replaced(GUN, [])
    book.orders_replaced(GUN, [])
    clock.advance(DONE_STAYS_S)
    book.drain()
    book.positions_replaced(GUN, [position()])
    assert only_position(book).quote_state is QuoteState.WAITING


def test_that_frozen_prices_stay_old_until_hammer_speaks_of_them_again(book: Book, clock: Clock) -> None:
    load(book)
    book.position_changed(GUN, position("MS PRK"))
    go_live(book, CIM_PRB=QUOTE, MS_PRK=QUOTE)
    book.quotes_frozen(clock())
    book.drain()
    assert {row.quote_state for row in book.position_rows()} == {QuoteState.FROZEN}
    assert book.prices.frozen_since == NOON
    assert not any(row.is_near_fill for row in book.order_rows())

    book.quotes_live()
    book.quotes_changed({"MS PRK": QUOTE})
    book.drain()
    states = {row.symbol: row.quote_state for row in book.position_rows()}
    assert states == {"MS PRK": QuoteState.LIVE, "CIM PRB": QuoteState.FROZEN}


def test_that_a_symbol_lost_and_not_heard_of_again_has_no_price(book: Book) -> None:
    load(book)
    go_live(book, CIM_PRB=QUOTE)
    book.quotes_changed({"CIM PRB": Quote()})
    row = only_position(book)
    assert (row.quote_state, row.last, row.market_value) == (QuoteState.WAITING, None, None)


def test_that_hammer_disconnected_by_the_trader_leaves_no_price(book: Book) -> None:
    load(book)
    go_live(book, CIM_PRB=QUOTE)
    book.quotes_dropped()
    row = only_position(book)
    assert (row.quote_state, row.last, row.market_value) == (QuoteState.OFF, None, None)
    assert row.quantity == 1000


def test_that_a_refused_symbol_is_missing_and_not_waiting(book: Book) -> None:
    load(book)
    book.quotes_live()
    assert only_position(book).quote_state is QuoteState.WAITING
    book.symbols_refused(frozenset({"CIM PRB"}))
    assert only_position(book).quote_state is QuoteState.MISSING
    assert only_order(book).quote_state is QuoteState.MISSING


def test_that_a_lost_account_keeps_its_rows_marked_old_until_each_part_has_come_again(
    book: Book, clock: Clock
) -> None:
    load(book)
    book.drain()
    clock.advance(60)
    book.account_lost(GUN, clock())
    lost_at = clock()
    assert only_position(book).stale_since == lost_at
    assert only_order(book).stale_since == lost_at

    clock.advance(5)
    book.accounts_named(GUN, ["U1240821"])
    book.positions_replaced(GUN, [position()])
    assert only_position(book).stale_since is None
    assert only_order(book).stale_since == lost_at
    book.orders_replaced(GUN, [order()])
    assert only_order(book).stale_since is None
    assert book.account_state(GUN).stale_since is None


def test_that_the_first_loss_is_the_time_of_the_old_rows(book: Book, clock: Clock) -> None:
    load(book)
    book.account_lost(GUN, clock())
    clock.advance(60)
    book.account_lost(GUN, clock())
    assert only_position(book).stale_since == NOON


def test_that_a_disconnected_account_leaves_nothing_and_the_other_is_untouched(book: Book) -> None:
    load(book)
    load(book, PED, "U1770037")
    book.drain()
    book.account_dropped(GUN)
    changes = book.drain()
    assert [row for row in changes.positions.values() if row is not None] == []
    assert {row.mode for row in book.position_rows()} == {PED}
    assert book.account_state(GUN).accounts == ()


def test_that_what_is_working_stands_in_the_row_of_its_position(book: Book) -> None:
    load(book)
    book.order_changed(GUN, order(side="SELL", quantity=800, filled=300, perm_id=2))
    row = only_position(book)
    assert (row.working.buy, row.working.sell) == (500, 500)
    book.order_changed(GUN, order(side="SELL", quantity=800, filled=800, perm_id=2, status="Filled"))
    assert only_position(book).working.sell == 0


def test_that_orders_of_the_other_account_are_not_working_here(book: Book) -> None:
    load(book)
    load(book, PED, "U1770037")
    book.orders_replaced(PED, [order(mode=PED, account="U1770037", perm_id=5, quantity=70)])
    book.drain()
    working = {row.mode: row.working.buy for row in book.position_rows()}
    assert working == {GUN: 500, PED: 70}


def test_that_a_finished_order_stays_half_a_minute_and_then_leaves(book: Book, clock: Clock) -> None:
    load(book)
    book.order_changed(GUN, order(status="Filled", filled=500))
    book.orders_replaced(GUN, [])
    clock.advance(29)
    assert only_order(book).status == "Filled"
    clock.advance(1)
    assert book.drain().orders == {order().key: None}


def test_that_an_order_that_vanished_is_gone_and_that_is_said_once(book: Book, clock: Clock) -> None:
    load(book)
    book.orders_replaced(GUN, [])
    book.orders_replaced(GUN, [])
    assert only_order(book).status == "Gone"
    assert only_order(book).to_fill is None
    assert only_position(book).working == NOTHING_WORKS
    assert book.drain().notices == ()
    clock.advance(EXPLAINED_WITHIN_S)
    said = "IBKR_GUN: order 11 CIM PRB left the list of open orders, reason unknown"
    assert [notice.text for notice in book.drain().notices] == [said]
    clock.advance(DONE_STAYS_S - EXPLAINED_WITHIN_S)
    assert book.drain().notices == ()
    assert book.order_rows() == []


def execution(filled: float, *, perm_id: int = 9001, is_combination: bool = False) -> OrderExecution:
    return OrderExecution(perm_id, is_combination, filled, 24.5)


@pytest.mark.parametrize("is_told_first", [True, False])
def test_that_executions_tell_why_an_order_left_the_list(
    book: Book, clock: Clock, is_told_first: bool
) -> None:
    load(book)
    if is_told_first:
        book.order_executed(GUN, execution(500))
    book.orders_replaced(GUN, [])
    book.order_executed(GUN, execution(500))
    row = only_order(book)
    assert (row.status, row.filled, row.remaining) == ("Filled", 500, 0)
    clock.advance(EXPLAINED_WITHIN_S)
    said = "IBKR_GUN: order 11 CIM PRB filled 500 of 500 at 24.50"
    assert [notice.text for notice in book.drain().notices] == [said]


def test_that_the_status_line_writes_id_and_price_as_the_table_does(book: Book) -> None:
    known = order("CIM PRB", order_id=0, perm_id=7001, quantity=12_000, limit_price=24.53)
    book.orders_replaced(GUN, [known])
    book.drain()
    book.order_changed(GUN, replace(known, filled=1_500, average_fill_price=24.5275))
    (notice,) = book.drain().notices
    assert only_order(book).display_id == known.display_id
    assert notice.text == f"IBKR_GUN: order {known.display_id} CIM PRB filled 1,500 of 12,000 at 24.5275"
    assert notice.masked == f"IBKR_GUN: order {known.display_id} CIM PRB filled ••••• of ••••• at 24.5275"


def test_that_a_part_fill_does_not_tell_what_became_of_the_rest(book: Book, clock: Clock) -> None:
    load(book)
    book.orders_replaced(GUN, [])
    book.order_executed(GUN, execution(200))
    row = only_order(book)
    assert (row.status, row.filled, row.remaining) == ("Gone", 200, 300)
    book.drain()
    clock.advance(EXPLAINED_WITHIN_S)
    (notice,) = book.drain().notices
    assert notice.text.endswith("left the list of open orders, reason unknown; filled 200 of 500")
    assert "200" not in notice.masked


def test_that_an_order_that_is_listed_again_was_not_gone(book: Book, clock: Clock) -> None:
    load(book)
    book.orders_replaced(GUN, [])
    book.orders_replaced(GUN, [order()])
    clock.advance(DONE_STAYS_S)
    assert only_order(book).status == "Submitted"
    assert book.drain().notices == ()


def test_that_the_shares_of_a_leg_are_not_those_of_its_combination(book: Book) -> None:
    load(book)
    book.orders_replaced(GUN, [])
    book.order_executed(GUN, execution(500, is_combination=True))
    book.order_executed(GUN, execution(500, perm_id=9002))
    assert only_order(book).status == "Gone"


def test_that_a_status_comes_from_no_execution_while_the_order_is_listed(book: Book) -> None:
    load(book)
    book.order_executed(GUN, execution(500))
    assert (only_order(book).status, only_order(book).filled) == ("Submitted", 0)


def test_that_what_another_login_behind_the_port_held_leaves_and_is_said(book: Book) -> None:
    load(book)
    book.accounts_named(GUN, ["U7770001"])
    assert book.position_rows() == []
    assert book.order_rows() == []
    assert not book.account_state(GUN).is_loaded
    (notice,) = book.drain().notices
    assert notice.text == "IBKR_GUN: the login behind TWS has changed: U••••821 left, U••••001 came"


def test_that_unavailable_orders_are_not_an_empty_list(book: Book, clock: Clock) -> None:
    load(book)
    clock.advance(10)
    book.orders_unavailable(GUN, Problem("Orders are not available."))
    assert only_order(book).stale_since == clock()
    assert str(book.account_state(GUN).orders_problem) == "Orders are not available."
    book.orders_replaced(GUN, [order()])
    assert book.account_state(GUN).orders_problem is None


def test_that_only_orders_that_appear_while_we_watch_have_a_time(book: Book, clock: Clock) -> None:
    load(book)
    clock.advance(7)
    book.orders_replaced(GUN, [order(), order(perm_id=2)])
    book.drain()
    placed = {row.perm_id: row.placed_at for row in book.order_rows()}
    assert placed == {9001: None, 2: NOON + timedelta(seconds=7)}


def test_that_orders_that_came_while_the_link_was_lost_have_no_time(book: Book, clock: Clock) -> None:
    load(book)
    book.account_lost(GUN, clock())
    book.orders_replaced(GUN, [order(), order(perm_id=2)])
    book.drain()
    assert {row.placed_at for row in book.order_rows()} == {None}


def test_that_a_fill_is_told_and_can_be_told_without_figures(book: Book) -> None:
    load(book)
    book.drain()
    book.order_changed(GUN, order(filled=300, average_fill_price=24.5))
    (notice,) = book.drain().notices
    assert notice.text == "IBKR_GUN: order 11 CIM PRB filled 300 of 500 at 24.50"
    assert not any(figure in notice.masked for figure in ("300", "500"))


def test_that_one_login_reached_by_two_profiles_is_counted_once(book: Book) -> None:
    load(book)
    load(book, PED)
    go_live(book, CIM_PRB=QUOTE)
    assert only_position(book).mode is GUN
    assert book.account_state(PED).duplicate_of is GUN
    assert book.account_state(GUN).duplicate_of is None
    assert book.totals(IBKR_MODES).positions == 1


def test_that_the_live_profile_shows_when_the_other_on_the_same_login_is_lost(
    book: Book, clock: Clock
) -> None:
    load(book)
    load(book, PED)
    book.account_lost(GUN, clock())
    row = only_position(book)
    assert (row.mode, row.stale_since) == (PED, None)


def test_that_an_unexpected_paper_account_is_shown_and_left_out_of_totals(book: Book) -> None:
    load(book)
    load(book, PED, "DU5551370")
    go_live(book, CIM_PRB=QUOTE)
    book.drain()
    assert {row.mode: row.is_excluded for row in book.position_rows()} == {GUN: False, PED: True}
    totals = book.totals(IBKR_MODES)
    assert (totals.positions, totals.excluded_modes) == (1, (PED,))
    assert totals.market_value == pytest.approx(24_550)
    assert book.strip(PED).market_value == pytest.approx(24_550)
    assert book.strip(None).market_value == pytest.approx(24_550)


def test_that_an_expected_paper_account_counts(clock: Clock) -> None:
    book = Book(clock, expects_paper={PED})
    load(book, PED, "DU5551370")
    state = book.account_state(PED)
    assert (state.is_paper, state.is_unexpected) == (True, False)
    assert PED not in book.totals(IBKR_MODES).excluded_modes


def test_that_totals_are_the_sum_of_the_rows_and_say_what_is_left_out(book: Book) -> None:
    book.positions_replaced(
        GUN,
        [position("CIM PRB"), position("GS PRA", -800, 21.642), position("TWO PRB"), position("EFC PRB")],
    )
    go_live(book, CIM_PRB=QUOTE, GS_PRA=Quote(last=22.0, prev_close=21.88), EFC_PRB=Quote(last=24.0))
    book.symbols_refused(frozenset({"TWO PRB"}))
    book.drain()
    rows = [row for row in book.position_rows() if row.market_value is not None]
    totals = book.totals(IBKR_MODES)
    assert totals.market_value == pytest.approx(sum(row.market_value or 0 for row in rows))
    assert totals.long_value == pytest.approx(24_550 + 24_000)
    assert totals.short_value == pytest.approx(-17_600)
    assert totals.unrealized_pnl == pytest.approx(sum(row.unrealized_pnl or 0 for row in rows))
    assert totals.day_pnl == pytest.approx(80 - 96)
    assert (totals.positions, totals.without_quote, totals.without_close) == (4, 1, 1)
    assert totals.excluded_modes == (PED,)


def test_that_money_of_two_currencies_is_never_added(book: Book, clock: Clock) -> None:
    book = Book(clock)
    book.positions_replaced(GUN, [position("CIM PRB"), position("MS PRK")])
    go_live(book, CIM_PRB=QUOTE, MS_PRK=QUOTE)
    book.drain()
    assert book.totals([GUN]).currency == "USD"
    book.summaries_replaced(GUN, [AccountSummary(GUN, "U1", "USD", net_liquidation=1.0)])
    book.summaries_replaced(PED, [AccountSummary(PED, "U2", "CHF", net_liquidation=2.0)])
    book.positions_replaced(PED, [])
    assert book.strip(None).net_liquidation is None
    assert book.strip(GUN).net_liquidation == 1.0


def test_that_no_position_totals_nothing_rather_than_zero(book: Book) -> None:
    totals = book.totals(IBKR_MODES)
    assert (totals.market_value, totals.unrealized_pnl, totals.day_pnl) == (None, None, None)


def test_that_account_values_are_old_after_a_loss_and_new_after_they_came_again(
    book: Book, clock: Clock
) -> None:
    book.summaries_replaced(GUN, [AccountSummary(GUN, "U1240821", "USD", net_liquidation=1_284_310.0)])
    assert book.strip(GUN).as_of is None
    book.account_lost(GUN, clock())
    assert (book.strip(GUN).as_of, book.strip(GUN).net_liquidation) == (NOON, 1_284_310.0)
    book.summaries_replaced(GUN, [AccountSummary(GUN, "U1240821", "USD", net_liquidation=1_284_000.0)])
    assert book.strip(GUN).as_of is None


def test_that_an_order_that_gets_its_perm_id_is_one_row(book: Book) -> None:
    book.orders_replaced(GUN, [order(perm_id=0)])
    book.drain()
    book.order_changed(GUN, order(perm_id=77))
    changes = book.drain()
    assert changes.orders[OrderKey(0, 3, 11)] is None
    assert [row.perm_id for row in book.order_rows()] == [77]


def hammers_own(symbol: str, quantity: float = 100) -> Position:
    return Position(HAMMER, "A1", Instrument(0, symbol), quantity, 20.0)


def test_that_hammers_own_shares_are_told_apart_by_symbol_and_never_meet_ibkrs(book: Book) -> None:
    book.positions_replaced(GUN, [position("CIM PRB", account="A1", con_id=7)])
    book.positions_replaced(HAMMER, [hammers_own("CIM PRB"), hammers_own("MS PRK")])
    book.drain()
    assert {(row.mode, row.symbol) for row in book.position_rows()} == {
        (GUN, "CIM PRB"),
        (HAMMER, "CIM PRB"),
        (HAMMER, "MS PRK"),
    }
    book.positions_replaced(HAMMER, [hammers_own("MS PRK")])
    book.drain()
    assert {(row.mode, row.symbol) for row in book.position_rows()} == {(GUN, "CIM PRB"), (HAMMER, "MS PRK")}


def test_that_hammers_own_orders_work_on_their_own_shares_only(book: Book) -> None:
    book.positions_replaced(HAMMER, [hammers_own("CIM PRB"), hammers_own("MS PRK")])
    mine = replace(
        order("CIM PRB", mode=HAMMER, account="A1", perm_id=0, order_id=0),
        instrument=Instrument(0, "CIM PRB"),
    )
    book.orders_replaced(HAMMER, [replace(mine, hammer_id="a"), replace(mine, hammer_id="b")])
    book.drain()
    assert {row.key.hammer_id for row in book.order_rows()} == {"a", "b"}
    assert {row.symbol: row.working.buy for row in book.position_rows()} == {"CIM PRB": 1000, "MS PRK": 0}


def test_that_an_account_of_hammer_is_never_taken_for_paper_or_for_an_ibkr_login(book: Book) -> None:
    book.accounts_named(GUN, ["D1"])
    book.accounts_named(HAMMER, ["D1"])
    state = book.account_state(HAMMER)
    assert (state.is_paper, state.is_unexpected, state.duplicate_of) == (False, False, None)


def test_that_the_trouble_of_an_account_is_kept_until_it_is_mended(book: Book) -> None:
    woken: list[None] = []
    book.when_dirty(lambda: woken.append(None))
    book.account_problem(HAMMER, Problem("no account"))
    assert str(book.account_state(HAMMER).problem) == "no account"
    assert woken
    book.account_problem(HAMMER, None)
    assert book.account_state(HAMMER).problem is None


def test_that_one_accounts_own_values_are_shown_without_a_currency(book: Book) -> None:
    book.summaries_replaced(HAMMER, [AccountSummary(HAMMER, "A1", net_liquidation=5.0)])
    assert (book.strip(HAMMER).net_liquidation, book.strip(HAMMER).currency) == (5.0, None)
    book.summaries_replaced(
        GUN, [AccountSummary(GUN, "U1", net_liquidation=5.0), AccountSummary(GUN, "U2", net_liquidation=6.0)]
    )
    assert book.strip(GUN).net_liquidation is None


def test_that_an_order_whose_share_was_renamed_works_there_and_no_longer_here(book: Book) -> None:
    book.positions_replaced(HAMMER, [hammers_own("CIM PRB"), hammers_own("MS PRK")])
    mine = replace(order(mode=HAMMER, account="A1", perm_id=0, order_id=0), hammer_id="a")
    for symbol in ("CIM PRB", "MS PRK"):
        book.orders_replaced(HAMMER, [replace(mine, instrument=Instrument(0, symbol))])
    book.drain()
    assert {row.symbol: row.working.buy for row in book.position_rows()} == {"CIM PRB": 0, "MS PRK": 500}
