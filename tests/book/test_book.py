"""Records in, rows out: what each event means to the tables."""

from typing import Any

import pytest

from psf_monitor.book.book import Book
from psf_monitor.book.orders.account_orders import DONE_STAYS_S
from psf_monitor.book.rows import QuoteState
from psf_monitor.domain.account import IBKR_MODES
from psf_monitor.domain.position import PositionKey
from psf_monitor.domain.quote import Quote
from tests.book.loaded_book import QUOTE, QUOTE_UP, go_live, load, only_order, only_position
from tests.support.records import GUN, NOON, PED, Clock, order, position


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


def test_that_sums_are_compared_with_former_ones_only_when_they_may_differ(book: Book, clock: Clock) -> None:
    load(book)
    go_live(book, CIM_PRB=QUOTE)
    book.drain()
    before = book.sums.revision
    clock.advance(1)
    # The same price, reported once more.
    book.quotes_changed({"CIM PRB": QUOTE._replace(received_at=clock())})
    book.drain()
    assert book.sums.revision == before
    book.quotes_changed({"CIM PRB": QUOTE_UP})
    book.drain()
    assert book.sums.revision != before


def test_that_drained_changes_add_up_to_the_sums(book: Book) -> None:
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
    # And the window still gets what another reader has read.
    assert book.drain().positions.keys() == {position().key}


def test_that_a_position_whose_share_is_renamed_no_longer_wants_the_old_name(book: Book) -> None:
    book.positions_replaced(GUN, [position("CIM PRB", con_id=1), position("MS PRK", con_id=2)])
    assert book.wanted_symbols == {"CIM PRB", "MS PRK"}
    book.position_changed(GUN, position("CIM PRC", con_id=1))
    assert book.wanted_symbols == {"CIM PRC", "MS PRK"}


def test_that_the_window_is_woken_once_until_it_drains(book: Book) -> None:
    woken: list[None] = []
    book.when_dirty(lambda: woken.append(None))
    load(book)
    go_live(book, CIM_PRB=QUOTE)
    assert len(woken) == 1
    book.drain()
    book.quotes_changed({"CIM PRB": QUOTE})
    assert len(woken) == 2


def test_that_a_window_wakes_again_for_visible_rows_after_news_of_hidden_ones(book: Book) -> None:
    load(book)
    go_live(book, CIM_PRB=QUOTE)
    while book.has_news_of(()):
        book.drain()
    woken: list[None] = []
    book.when_dirty(lambda: woken.append(None))
    book.quotes_changed({"CIM PRB": QUOTE._replace(bid=24.5)})
    assert not book.has_news_of(())
    book.quotes_changed({"CIM PRB": QUOTE._replace(bid=24.4)})
    assert book.has_news_of({position().key})
    assert len(woken) == 2
    assert book.drain({position().key}).positions.keys() == {position().key}


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
    book.pricing.when_symbols_changed(lambda: wanted.append(book.wanted_symbols))
    book.positions_replaced(GUN, [position("CIM PRB")])
    book.orders_replaced(PED, [order("MS PRK", mode=PED)])
    book.position_changed(GUN, position("CIM PRB", 1500))
    book.position_changed(GUN, position("CIM PRB", 0))
    book.orders_replaced(PED, [])
    clock.advance(DONE_STAYS_S)
    book.drain()
    assert wanted == [
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
    assert book.wanted_symbols == frozenset()
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
    book.symbols_requested({})
    book.positions_replaced(GUN, [position()])
    assert only_position(book).quote_state is QuoteState.WAITING


def test_that_a_symbol_that_was_wanted_again_before_hammer_heard_of_it_keeps_its_price(book: Book) -> None:
    book.positions_replaced(GUN, [position()])
    go_live(book, CIM_PRB=QUOTE)
    book.positions_replaced(GUN, [])
    book.positions_replaced(GUN, [position()])
    book.symbols_requested({"CIM PRB": "CIM-B"})
    assert only_position(book).quote_state is QuoteState.LIVE


def test_that_frozen_prices_stay_old_until_hammer_sends_them_again(book: Book, clock: Clock) -> None:
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


def test_that_a_symbol_that_was_lost_and_never_reported_again_has_no_price(book: Book) -> None:
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


def test_that_positions_of_the_former_login_behind_a_port_leave_and_are_reported(book: Book) -> None:
    load(book)
    book.accounts_named(GUN, ["U7770001"])
    assert book.position_rows() == []
    assert book.order_rows() == []
    assert not book.account_state(GUN).is_loaded
    (notice,) = book.drain().notices
    assert notice.text == "the login behind TWS has changed: U••••821 left, U••••001 came"


def test_that_a_login_of_the_other_kind_than_expected_is_reported_once(
    book: Book, caplog: pytest.LogCaptureFixture
) -> None:
    book.expect({PED})
    book.accounts_named(GUN, ["DU1240370"])
    book.accounts_named(GUN, ["DU1240370"])
    book.accounts_named(PED, ["U7654037"])
    assert [(notice.source, notice.text) for notice in book.drain().notices] == [
        ("IBKR_GUN", "DU••••370 is paper, live is expected: its rows are in no total"),
        ("IBKR_PED", "U••••037 is live, paper is expected: its rows are in no total"),
    ]
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]


def test_that_a_login_of_the_expected_kind_is_no_news(book: Book) -> None:
    book.expect({PED})
    book.accounts_named(GUN, ["U1240821"])
    book.accounts_named(PED, ["DU7654037"])
    assert not book.drain().notices
