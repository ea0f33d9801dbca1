"""Two logins that share some of their accounts: each account is counted once, and none is lost."""

from psf_monitor.book.book import Book
from psf_monitor.domain.account import AccountMode, AccountSummary
from psf_monitor.ui.connections.strip import StripHeading, strip_text
from tests.support.records import GUN, NOON, PED, Clock, position


def report(book: Book, mode: AccountMode, *accounts: str) -> None:
    book.accounts_named(mode, accounts)
    book.positions_replaced(mode, [position(account=account, mode=mode) for account in accounts])
    values = [AccountSummary(mode, account, "USD", net_liquidation=100.0) for account in accounts]
    book.summaries_replaced(mode, values)


def test_that_the_accounts_of_overlapping_logins_are_added_once_each() -> None:
    book = Book(Clock())
    report(book, GUN, "U1", "U2")
    report(book, PED, "U2", "U3")
    assert book.strip(None).net_liquidation == 300.0
    assert (book.strip(GUN).net_liquidation, book.strip(PED).net_liquidation) == (200.0, 200.0)
    assert sorted(row.account for row in book.position_rows()) == ["U1", "U2", "U3"]


def test_that_only_accounts_that_both_logins_reach_are_reported_as_shared() -> None:
    book = Book(Clock())
    report(book, GUN, "U1240821", "U1240822")
    report(book, PED, "U1240822", "U1240823")
    state = book.account_state(PED)
    assert (state.duplicate_of, state.shared, state.is_same_login) == (GUN, ("U1240822",), False)
    report(book, PED, "U1240822", "U1240821")
    assert book.account_state(PED).is_same_login


def test_that_one_login_reached_twice_is_counted_once() -> None:
    book = Book(Clock())
    report(book, GUN, "U1")
    report(book, PED, "U1")
    assert book.strip(None).net_liquidation == 100.0


def test_that_accounts_of_different_base_currencies_are_not_added_and_named() -> None:
    book = Book(Clock())
    report(book, GUN, "U1240821")
    report(book, PED, "U1240822")
    book.summaries_replaced(PED, [AccountSummary(PED, "U1240822", "EUR", net_liquidation=100.0)])
    strip = book.strip(None)
    assert (strip.net_liquidation, strip.currency) == (None, None)
    (why,) = strip.not_added
    assert why == (
        "Account values of different base currencies are not added: PED U••••822 in EUR, GUN U••••821 in USD"
    )
    assert not book.strip(PED).not_added
    text = strip_text(StripHeading("Total"), strip, NOON, fields=["net_liquidation"])
    assert (text.title, text.money[0].text) == ("Total¹", "—")
    assert why in text.tooltip


def test_that_a_login_without_reported_values_is_named_as_missing_in_the_sum() -> None:
    book = Book(Clock())
    report(book, GUN, "U1240821")
    book.accounts_named(PED, ["U1240822"])
    book.positions_replaced(PED, [position(account="U1240822", mode=PED)])
    strip = book.strip(None)
    assert (strip.net_liquidation, strip.currency) == (None, "USD")
    assert strip.not_added == ("No account values of PED U••••822, so the sums are not known",)
    report(book, PED, "U1240822")
    assert (book.strip(None).net_liquidation, book.strip(None).not_added) == (200.0, ())


def test_that_values_that_are_not_ready_are_named_in_the_sum() -> None:
    book = Book(Clock())
    report(book, GUN, "U1240821", "U1240823")
    ready = AccountSummary(GUN, "U1240821", "USD", net_liquidation=100.0)
    book.summaries_replaced(GUN, [ready, AccountSummary(GUN, "U1240823")])
    for strip in (book.strip(GUN), book.strip(None)):
        assert strip.net_liquidation is None
        assert strip.not_added == ("No account values of GUN U••••823, so the sums are not known",)


def test_that_one_figure_that_one_account_lacks_is_named() -> None:
    book = Book(Clock())
    report(book, GUN, "U1240821", "U1240823")
    whole = AccountSummary(GUN, "U1240821", "USD", net_liquidation=100.0, total_cash=5.0)
    book.summaries_replaced(GUN, [whole, AccountSummary(GUN, "U1240823", "USD", net_liquidation=100.0)])
    assert (book.strip(None).net_liquidation, book.strip(None).total_cash) == (200.0, None)
    assert book.strip(None).not_added == ("GUN U••••823: no total cash, not summed",)
