"""What a snapshot at the open says was held is what is held now, whatever identifies it."""

from datetime import timedelta

import pytest

from psf_monitor.book.book import Book
from psf_monitor.book.day.open_quantities import SETTLES_AFTER
from psf_monitor.book.fills import Fills
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.day_pnl import OpenQuantity, OpenSource
from psf_monitor.domain.fills.journal_records import SnapshotKind
from psf_monitor.domain.position import Position
from psf_monitor.domain.quote import Quote
from psf_monitor.journal.snapshots import snapshot_of
from tests.conftest import named_in_failure
from tests.support.records import GUN, NOON, Clock, instrument, position

HAMMER = AccountMode.HAMMER_PRO
OPEN = NOON - timedelta(hours=2, minutes=30)
HELD = {
    "by conId": position(),
    "without conId, at a market": position(con_id=0),
    "without conId and market": position(con_id=0, exchange=" "),
    "HAMMER's own share": position(con_id=0, exchange="", mode=HAMMER),
    "HAMMER's own option": position("XYZ", 5, con_id=0, exchange="", kind="OPT", mode=HAMMER),
    "HAMMER's own in euros": position("XYZ", 5, con_id=0, exchange="", currency="EUR", mode=HAMMER),
}


def test_that_a_position_is_found_again_in_the_snapshot_of_the_open() -> None:
    for name, held in HELD.items():
        with named_in_failure(name):
            book, recorded = book_of(held), book_of(held)
            book.day.opened(snapshot_of(recorded, held.mode, SnapshotKind.OPEN, OPEN, is_current=True))
            (row,) = book.position_rows()
            assert row.opening == OpenQuantity(held.quantity or 0.0, OpenSource.JOURNAL)


@pytest.mark.parametrize("name", ["without conId, at a market", "without conId and market"])
def test_that_what_left_without_conid_has_no_price_of_a_share_by_its_name(name: str) -> None:
    held = HELD[name]
    clock = Clock()
    book, fills = book_with(clock)
    book.day.opened(snapshot_of(book_of(held), held.mode, SnapshotKind.OPEN, OPEN, is_current=True))
    for _ in range(2):
        fills.fills_listed(GUN, [held.account])
        list(book.closed_today())
        clock.advance(2 * SETTLES_AFTER.total_seconds())
    fills.fills_listed(GUN, [held.account])
    (closed,) = book.closed_today()
    assert (closed.key, closed.prev_close) == (held.key, None)


def book_of(held: Position) -> Book:
    return book_with(Clock(), held)[0]


def book_with(clock: Clock, *held: Position) -> tuple[Book, Fills]:
    book, fills = Book(clock), Fills(clock)
    book.attach_fills(fills)
    mode, account = (held[0].mode, held[0].account) if held else (GUN, position().account)
    book.accounts_named(mode, [account])
    book.positions_replaced(mode, held)
    book.quotes_live()
    symbol = instrument().symbol
    book.quotes_changed({symbol: Quote(bid=24.5, ask=24.6, last=24.55, prev_close=24.0, received_at=clock())})
    fills.fills_listed(mode, [account])
    return book, fills
