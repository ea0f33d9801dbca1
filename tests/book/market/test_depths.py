"""Whose depth is asked for, and which of my orders stand in it."""

from typing import Any

from msgspec.structs import replace

from psf_monitor.book.book import Book
from psf_monitor.book.market.depths import Depths, own_orders
from psf_monitor.domain.depth import Ahead, Depth, DepthLevel, DepthReport, DepthState, Place
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.orders.order import OrderKey
from psf_monitor.domain.quote import Quote
from tests.support.records import GUN, NOON, PED, Clock, order

LIVE = DepthReport(DepthState.LIVE, Depth((DepthLevel(24.5, 100),), ()))


def test_that_a_share_is_asked_for_as_long_as_anybody_looks_at_it() -> None:
    depths, wanted = Depths(), list[frozenset[str]]()
    depths.when_symbols_changed(wanted.append)
    leave, leave_too = depths.watch("CIM PRB"), depths.watch("CIM PRB")
    leave()
    leave()
    assert depths.symbols == {"CIM PRB"}
    leave_too()
    assert wanted == [frozenset(), {"CIM PRB"}, frozenset()]


def test_that_depth_of_a_share_without_an_open_window_is_dropped() -> None:
    depths = Depths()
    leave = depths.watch("CIM PRB")
    depths.depth_changed({"CIM PRB": LIVE, "SPY": LIVE})
    assert depths.report("CIM PRB") is LIVE
    assert depths.report("SPY").state is DepthState.NOT_REQUESTED
    leave()
    depths.depth_changed({"CIM PRB": LIVE})
    assert depths.report("CIM PRB").state is DepthState.NOT_REQUESTED


def test_that_my_orders_are_recognised_by_their_con_id_and_not_by_their_name() -> None:
    book = Book(lambda: NOON)
    cim, other = Instrument(1, "CIM PRB"), Instrument(2, "CIM PRB")
    terms: dict[str, Any] = {
        "order_type": "LMT",
        "limit_price": 24.5,
        "remaining": 500.0,
        "status": "Submitted",
    }
    first = replace(order(), mode=GUN, instrument=cim, perm_id=1, side="BUY", **terms)
    of_another = replace(order(), mode=PED, instrument=other, perm_id=2, side="BUY", **terms)
    stop = replace(
        first, perm_id=3, order_type="STP", limit_price=None, stop_price=24.0, status="PreSubmitted"
    )
    done = replace(first, perm_id=4, status="Cancelled")
    for each in (GUN, PED):
        book.accounts_named(each, ["U1"])
    book.orders_replaced(GUN, [first, stop, done])
    book.orders_replaced(PED, [of_another])
    (own,) = own_orders(book.order_rows(), 1, "CIM PRB")
    assert (own.key, own.side, own.price, own.left) == (first.key, "BUY", 24.5, 500.0)


def looked_at(clock: Clock) -> tuple[Book, OrderKey]:
    """A book in which one BUY of 500 rests in a depth of 900 at its price and 100 better ones."""
    book = Book(clock)
    book.accounts_named(GUN, ["U1240821"])
    mine = order("CIM PRB", "BUY", 500, 24.5)
    book.orders_replaced(GUN, [mine])
    book.quotes_live()
    book.quotes_changed({"CIM PRB": Quote(bid=24.52, ask=24.6, last=24.55, received_at=clock())})
    book.depths.watch("CIM PRB")
    depth = Depth((DepthLevel(24.52, 100), DepthLevel(24.5, 900)), (DepthLevel(24.6, 100),))
    book.depths.depth_changed({"CIM PRB": DepthReport(DepthState.LIVE, depth, clock(), clock())})
    return book, mine.key


def ahead(book: Book, key: OrderKey) -> Ahead | None:
    (row,) = [row for row in book.order_rows() if row.key == key]
    return row.ahead


def test_that_the_row_of_an_order_shows_what_is_ahead_and_what_of_it_is_own() -> None:
    clock = Clock()
    book, key = looked_at(clock)
    assert ahead(book, key) == Ahead(Place.QUEUED, 500.0, 100.0, 900.0)
    book.drain()
    another = order("CIM PRB", "BUY", 300, 24.5, perm_id=9002, order_id=12)
    book.order_changed(GUN, another)
    assert ahead(book, key) == Ahead(Place.QUEUED, 500.0, 100.0, 900.0, 300.0)
    book.account_lost(GUN, clock())
    assert ahead(book, key) == Ahead(Place.UNKNOWN), "the list of orders is old"


def test_that_a_depth_that_is_another_market_for_two_seconds_is_not_believed() -> None:
    clock = Clock()
    book, key = looked_at(clock)
    book.quotes_changed({"CIM PRB": Quote(bid=24.53, ask=24.6, last=24.55, received_at=clock())})
    assert ahead(book, key) == Ahead(Place.QUEUED, 500.0, 100.0, 900.0), "one of them may come later"
    clock.advance(1.9)
    assert ahead(book, key) == Ahead(Place.QUEUED, 500.0, 100.0, 900.0)
    clock.advance(0.1)
    assert ahead(book, key) == Ahead(Place.UNKNOWN), "by the clock alone"
    book.quotes_changed({"CIM PRB": Quote(bid=24.52, ask=24.6, last=24.55, received_at=clock())})
    assert ahead(book, key) == Ahead(Place.QUEUED, 500.0, 100.0, 900.0)
    clock.advance(10)
    assert ahead(book, key) == Ahead(Place.QUEUED, 500.0, 100.0, 900.0)


def test_that_a_depth_of_another_market_is_not_believed_because_the_clock_was_set_back() -> None:
    clock = Clock()
    book, key = looked_at(clock)
    book.quotes_changed({"CIM PRB": Quote(bid=24.53, ask=24.6, last=24.55, received_at=clock())})
    assert ahead(book, key) == Ahead(Place.QUEUED, 500.0, 100.0, 900.0)
    clock.advance(-3600)
    assert ahead(book, key) == Ahead(Place.UNKNOWN)
