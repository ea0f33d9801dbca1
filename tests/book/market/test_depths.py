"""Whose depth is asked for, and which of my orders stand in it."""

from dataclasses import replace
from typing import Any

from psf_monitor.book.book import Book
from psf_monitor.book.market.depths import Depths, own_orders
from psf_monitor.domain.depth import Depth, DepthLevel, DepthReport, DepthState
from psf_monitor.domain.instrument import Instrument
from tests.records import GUN, NOON, PED, order

LIVE = DepthReport(DepthState.LIVE, Depth((DepthLevel(24.5, 100),), ()))


def test_that_a_share_is_asked_for_as_long_as_anybody_looks_at_it() -> None:
    depths, wanted = Depths(), list[frozenset[str]]()
    depths.when_wanted(wanted.append)
    leave, leave_too = depths.look_at("CIM PRB"), depths.look_at("CIM PRB")
    leave()
    leave()
    assert depths.symbols == {"CIM PRB"}
    leave_too()
    assert wanted == [frozenset(), {"CIM PRB"}, frozenset()]


def test_that_what_is_told_of_a_share_that_nobody_looks_at_is_dropped() -> None:
    depths = Depths()
    leave = depths.look_at("CIM PRB")
    depths.depth_changed({"CIM PRB": LIVE, "SPY": LIVE})
    assert depths.report("CIM PRB") is LIVE
    assert depths.report("SPY").state is DepthState.NOT_ASKED
    leave()
    depths.depth_changed({"CIM PRB": LIVE})
    assert depths.report("CIM PRB").state is DepthState.NOT_ASKED


def test_that_my_orders_are_told_by_their_con_id_and_not_by_their_name() -> None:
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
