"""How a book comes to hold something, and what of it is looked at."""

from psf_monitor.book.book import Book
from psf_monitor.book.rows import OrderRow, PositionRow
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.position import Position
from psf_monitor.domain.quote import Quote
from tests.support.records import GUN, NOON, order, position

HAMMER = AccountMode.HAMMER_PRO


QUOTE = Quote(bid=24.52, ask=24.60, last=24.55, prev_close=24.47, changed_at=NOON, received_at=NOON)


QUOTE_UP = QUOTE._replace(bid=24.62, ask=24.70, last=24.65)


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


def hammers_own(symbol: str, quantity: float = 100) -> Position:
    return Position(HAMMER, "A1", Instrument(0, symbol), quantity, 20.0)
