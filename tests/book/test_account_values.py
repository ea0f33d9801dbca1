"""The account values of a login, as its positions show them."""

from typing import Any

import pytest

from psf_monitor.book.book import Book
from psf_monitor.book.rows import PositionRow
from psf_monitor.domain.account import AccountSection, AccountSummary
from psf_monitor.domain.quote import Quote
from tests.support.records import GUN, PED, Clock, position

ACCOUNT = "U1240821"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(clock: Clock) -> Book:
    made = Book(clock)
    made.accounts_named(GUN, [ACCOUNT])
    made.positions_replaced(GUN, [position("CIM PRB", 3000, 23.4)])
    made.quotes_live()
    quote = Quote(bid=24.52, ask=24.6, last=24.55, changed_at=clock(), received_at=clock())
    made.quotes_changed({"CIM PRB": quote})
    return made


def report(book: Book, amount: float | None, currency: str | None = "USD", **more: Any) -> None:
    book.summaries_replaced(GUN, [AccountSummary(GUN, ACCOUNT, currency, amount, **more)])


def held(book: Book) -> PositionRow:
    (row,) = book.position_rows()
    return row


def test_that_a_position_is_another_part_of_its_account_with_every_report(book: Book) -> None:
    assert held(book).net_liquidation_pct is None
    report(book, 1_000_000.0)
    assert held(book).net_liquidation_pct == pytest.approx(7.365)
    report(book, 500_000.0)
    assert held(book).net_liquidation_pct == pytest.approx(14.73)
    report(book, None)
    assert held(book).net_liquidation_pct is None
    assert held(book).cost_basis == pytest.approx(70_200)


def test_that_reports_of_the_same_values_change_no_row(book: Book) -> None:
    report(book, 1_000_000.0)
    book.drain()
    report(book, 1_000_000.0, excess_liquidity=400_000.0)
    assert book.drain().positions == {}


def test_that_a_review_of_the_same_amount_is_shown(book: Book) -> None:
    report(book, 1_000_000.0)
    held(book)
    report(book, 1_000_000.0, is_in_review=True)
    assert held(book).net_liquidation.is_in_review


def test_that_an_old_net_liquidation_beside_a_current_position_is_not_known(book: Book, clock: Clock) -> None:
    report(book, 1_000_000.0)
    book.account_lost(GUN, clock(), AccountSection.VALUES)
    assert held(book).net_liquidation_pct is None
    assert "old" in held(book).net_liquidation.why
    report(book, 1_000_000.0)
    assert held(book).net_liquidation_pct == pytest.approx(7.365)


def test_that_after_a_loss_both_are_as_old_and_what_returns_first_waits_for_the_other(
    book: Book, clock: Clock
) -> None:
    report(book, 1_000_000.0)
    book.account_lost(GUN, clock())
    assert held(book).stale_since is not None
    assert held(book).net_liquidation_pct == pytest.approx(7.365)
    book.positions_replaced(GUN, [position("CIM PRB", 3000, 23.4)])
    assert held(book).net_liquidation_pct is None
    report(book, 1_000_000.0)
    assert held(book).net_liquidation_pct == pytest.approx(7.365)


def test_that_another_login_has_its_own(book: Book) -> None:
    report(book, 1_000_000.0)
    book.accounts_named(PED, ["U7654037"])
    book.positions_replaced(PED, [position("CIM PRB", 1000, 23.4, account="U7654037", mode=PED)])
    book.summaries_replaced(PED, [AccountSummary(PED, "U7654037", "USD", 200_000.0)])
    parts = {row.mode: row.net_liquidation_pct for row in book.position_rows()}
    assert parts == {GUN: pytest.approx(7.365), PED: pytest.approx(12.275)}


def test_that_a_cost_in_an_unknown_unit_is_not_known(book: Book) -> None:
    book.positions_replaced(GUN, [position("CIM PRB", 3000, 23.4, price_unit=None)])
    assert held(book).cost_basis is None


def test_that_the_cost_basis_is_summed_over_the_same_positions_as_the_profit(book: Book) -> None:
    book.positions_replaced(
        GUN, [position("CIM PRB", 3000, 23.4), position("GS PRA", -800, 21.6), position("TWO PRB", 500)]
    )
    book.quotes_changed({"GS PRA": Quote(bid=21.9, ask=22.0, last=21.95)})
    totals = book.totals([GUN])
    assert totals.without_quote == 1
    assert totals.cost_basis == pytest.approx(3000 * 23.4 - 800 * 21.6)
    assert totals.market_value is not None
    assert totals.unrealized_pnl is not None
    assert totals.cost_basis == pytest.approx(totals.market_value - totals.unrealized_pnl)
