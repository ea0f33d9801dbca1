"""Two logins that share some of their accounts: each account is counted once, and none is lost."""

from psf_monitor.book.book import Book
from psf_monitor.domain.account import AccountMode, AccountSummary
from tests.records import GUN, PED, Clock, position


def told(book: Book, mode: AccountMode, *accounts: str) -> None:
    book.accounts_named(mode, accounts)
    book.positions_replaced(mode, [position(account=account, mode=mode) for account in accounts])
    values = [AccountSummary(mode, account, "USD", net_liquidation=100.0) for account in accounts]
    book.summaries_replaced(mode, values)


def test_that_the_accounts_of_overlapping_logins_are_added_once_each() -> None:
    book = Book(Clock())
    told(book, GUN, "U1", "U2")
    told(book, PED, "U2", "U3")
    assert book.strip(None).net_liquidation == 300.0
    assert (book.strip(GUN).net_liquidation, book.strip(PED).net_liquidation) == (200.0, 200.0)
    assert sorted(row.account for row in book.position_rows()) == ["U1", "U2", "U3"]


def test_that_one_login_reached_twice_is_counted_once() -> None:
    book = Book(Clock())
    told(book, GUN, "U1")
    told(book, PED, "U1")
    assert book.strip(None).net_liquidation == 100.0
