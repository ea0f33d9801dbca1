"""A row shows what the sources reported last, whatever was calculated before."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from psf_monitor.book.book import Book
from psf_monitor.book.rows import PositionRow
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.position import PositionKey
from tests.support.records import GUN, PED, Clock, order, position
from tests.ui.window import quote

SYMBOLS = ("CIM PRB", "NLY PRG")
LOGINS = {GUN: "U1", PED: "U2"}
STEPS = st.one_of(
    st.tuples(
        st.just("position"),
        st.sampled_from([GUN, PED]),
        st.sampled_from(SYMBOLS),
        st.sampled_from([0, 500, -200]),
    ),
    st.tuples(
        st.just("order"), st.sampled_from([GUN, PED]), st.sampled_from(SYMBOLS), st.sampled_from([100, 300])
    ),
    st.tuples(st.just("orders"), st.sampled_from([GUN, PED]), st.sampled_from(SYMBOLS), st.integers(0, 2)),
    st.tuples(st.just("price"), st.just(GUN), st.sampled_from(SYMBOLS), st.integers(1900, 2100)),
    st.tuples(st.sampled_from(["lost", "dropped", "named", "look"]), st.sampled_from([GUN, PED])),
)


def report(book: Book, clock: Clock, step: tuple[object, ...]) -> None:
    mode = step[1]
    assert isinstance(mode, AccountMode)
    account = LOGINS[mode]
    match step:
        case ("position", _, str(symbol), int(quantity)):
            book.position_changed(mode, position(symbol, quantity, account=account, mode=mode))
        case ("order", _, str(symbol), int(quantity)):
            reported = order(symbol, quantity=quantity, account=account, mode=mode, perm_id=7)
            book.order_changed(mode, replace(reported, remaining=float(quantity)))
        case ("orders", _, str(symbol), int(count)):
            listed = [order(symbol, account=account, mode=mode, perm_id=100 + n) for n in range(count)]
            book.orders_replaced(mode, listed)
        case ("price", _, str(symbol), int(cents)):
            last = cents / 100
            book.quotes_changed({symbol: quote(clock, last - 0.1, last + 0.1, last)})
        case ("lost", _):
            book.account_lost(mode, clock())
        case ("dropped", _):
            book.account_dropped(mode)
        case ("named", _):
            book.accounts_named(mode, [account])
            book.positions_replaced(mode, [position(SYMBOLS[0], 100, account=account, mode=mode)])
        case ("look", _):
            book.drain(())


def rows(book: Book) -> dict[PositionKey, PositionRow]:
    """Without what was held at the open: that is believed once it has stood for some seconds."""
    return {
        row.key: row._replace(opening=None, earned=None, day_pnl=None, day_why="")
        for row in book.position_rows()
    }


@given(st.lists(STEPS, max_size=25))
def test_that_rows_looked_at_after_each_step_are_those_of_one_look(steps: list[tuple[object, ...]]) -> None:
    clock = Clock()
    watched, unwatched = Book(clock), Book(clock)
    for book in (watched, unwatched):
        book.quotes_live()
    for step in steps:
        for book in (watched, unwatched):
            report(book, clock, step)
        watched.drain()
        clock.advance(0.1)
    assert rows(watched) == rows(unwatched)
