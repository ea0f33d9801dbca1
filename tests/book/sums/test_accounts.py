"""Whose rows are counted: logins, paper, currencies, and HAMMER's own account."""

import pytest
from msgspec.structs import replace

from psf_monitor.book.book import Book
from psf_monitor.domain.account import IBKR_MODES, AccountSummary
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.quote import Quote
from psf_monitor.problem import Problem
from tests.book.loaded_book import HAMMER, QUOTE, go_live, hammers_own, load, only_position
from tests.support.records import GUN, NOON, PED, Clock, order, position


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


def test_that_totals_are_the_sum_of_the_rows_and_name_what_is_left_out(book: Book) -> None:
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


def test_that_hammers_own_shares_are_distinguished_by_symbol_and_never_merged_with_ibkrs(book: Book) -> None:
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


def test_that_the_problem_of_an_account_is_kept_until_it_is_mended(book: Book) -> None:
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
