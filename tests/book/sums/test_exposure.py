"""Long, short, gross and net against the net liquidation, and what they do not hold."""

from psf_monitor.book.book import Book
from psf_monitor.book.sums.groups import GroupBy, grouped
from psf_monitor.domain.account import AccountSummary
from tests.support.records import GUN, PED, Clock, position
from tests.ui.window import quote

ALL = (("CIM PRB", 3000), ("CIM PRD", -1000), ("NLY PRG", 2000), ("MS PRK", -500), ("T PRC", 100))


def book_of(clock: Clock, net_liquidation: float | None = 500_000.0, currency: str = "USD") -> Book:
    book = Book(clock)
    for mode, account in ((GUN, "U1"), (PED, "U2")):
        book.accounts_named(mode, [account])
        book.positions_replaced(
            mode, [position(s, q, mode=mode, account=account) for s, q in ALL] if mode is GUN else []
        )
        book.orders_replaced(mode, [])
        book.summaries_replaced(mode, [AccountSummary(mode, account, currency, net_liquidation)])
    book.quotes_live()
    book.quotes_changed({symbol: quote(clock, 19.9, 20.1, 20.0) for symbol, _ in ALL[:4]})
    return book


def test_that_long_and_short_make_gross_and_net() -> None:
    exposure = book_of(Clock()).exposure()
    assert (exposure.long_value, exposure.short_value) == (100_000, -30_000)
    assert (exposure.gross_value, exposure.net_value) == (130_000, 70_000)
    assert (exposure.net_liquidation, exposure.percent(exposure.net_value)) == (1_000_000, 7.0)


def test_that_the_largest_issuers_are_by_gross() -> None:
    largest = book_of(Clock()).exposure().largest
    assert [(each.name, each.gross_value, each.net_value) for each in largest] == [
        ("CIM", 80_000, 40_000),
        ("NLY", 40_000, 40_000),
        ("MS", 10_000, -10_000),
    ]


def test_that_rows_without_a_price_are_left_out_and_named() -> None:
    assert book_of(Clock()).exposure().left_out == ("1 without quote excluded from value and P&L",)


def test_that_there_are_no_percents_where_the_net_liquidation_is_not_known_or_in_another_currency() -> None:
    unknown = book_of(Clock(), None).exposure()
    assert (unknown.net_value, unknown.percent(unknown.net_value)) == (70_000, None)
    other = book_of(Clock(), currency="CHF").exposure()
    assert other.percent(other.net_value) is None
    assert "the net liquidation is in CHF, so there are no percents" in other.left_out


def test_that_a_login_that_is_not_there_is_named() -> None:
    book = book_of(Clock())
    book.account_dropped(PED)
    exposure = book.exposure()
    assert (exposure.excluded_modes, exposure.net_liquidation) == ((PED,), 500_000)


def test_that_old_prices_and_old_values_make_it_old() -> None:
    clock = Clock()
    book = book_of(clock)
    assert not book.exposure().is_old
    book.quotes_frozen(clock())
    assert book.exposure().is_old


def test_that_nothing_held_is_known_to_be_nothing_valued() -> None:
    empty = Book(Clock()).exposure()
    assert (empty.long_value, empty.gross_value, empty.net_value, empty.largest) == (None, None, None, ())


def test_that_it_follows_each_price_and_each_position_after_it_was_asked() -> None:
    clock = Clock()
    book = book_of(clock)
    assert (book.exposure().long_value, book.exposure(GUN).long_value) == (100_000, 100_000)
    book.quotes_changed({"NLY PRG": quote(clock, 24.9, 25.1, 25.0)})
    assert (book.exposure().long_value, book.exposure(GUN).long_value) == (110_000, 110_000)
    book.position_changed(GUN, position("NLY PRG", 0, mode=GUN, account="U1"))
    assert book.exposure().long_value == 60_000
    book.account_dropped(GUN)
    assert book.exposure().long_value is None


def test_that_its_issuers_are_those_of_the_groups() -> None:
    book = book_of(Clock())
    groups = {group.name: group.totals for group in grouped(book.position_rows(), GroupBy.ISSUER, (GUN, PED))}
    for issuer in book.exposure().largest:
        totals = groups[issuer.name]
        assert issuer.net_value == totals.market_value
        assert issuer.gross_value == (totals.long_value or 0) - (totals.short_value or 0)


def test_that_sums_take_steps_only_for_what_has_changed() -> None:
    clock = Clock()
    book = book_of(clock)
    book.drain()
    assert len(list(book.sums.add_up_in_steps())) > 1
    assert list(book.sums.add_up_in_steps()) == []
    clock.advance(1)
    book.drain()
    assert list(book.sums.add_up_in_steps()) == []
    book.quotes_changed({"CIM PRB": quote(clock, 20.9, 21.1, 21.0)})
    book.drain()
    assert list(book.sums.add_up_in_steps())
    assert book.exposure().long_value == 103_000
