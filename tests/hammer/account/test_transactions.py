"""Orders of HAMMER's own account, and what filled of them, in the words of several brokers."""

from datetime import UTC, datetime

import pytest

from psf_monitor.hammer.account import transactions
from psf_monitor.hammer.account.fields import entry_of
from tests.conftest import named_in_failure


def test_that_every_action_is_a_side_and_an_unknown_one_stays() -> None:
    for action, side in (
        ("Buy", "BUY"),
        ("COVER", "BUY"),
        ("BUY_TO_COVER", "BUY"),
        ("Sell", "SELL"),
        ("short", "SELL"),
        ("SELL_SHORT", "SELL"),
        ("Sell Short", "SELL"),
        ("B", "BUY"),
        ("BuyToOpen", "BUY"),
        ("S", "SELL"),
        ("SS", "SELL"),
        ("Sell To Close", "SELL"),
        ("Exchange", "Exchange"),
    ):
        with named_in_failure(action, side):
            assert transactions.transaction_of(entry_of({"Action": action})).side == side


def test_that_the_status_is_that_of_tws_or_stays_raw() -> None:
    for fields, status, is_open in (
        ({"StatusID": "Open"}, "Submitted", True),
        ({"StatusID": "Open", "IsOpen": False}, "Submitted", True),
        ({"Status": "Open"}, "Submitted", True),
        ({"statusID": "Open"}, "Submitted", True),
        ({"StatusID": "", "Status": "Partial"}, "Submitted", True),
        ({"StatusID": "", "statusID": "open"}, "Submitted", True),
        ({"StatusID": "Partial", "IsOpen": False}, "Submitted", True),
        ({"StatusID": "PartiallyFilled"}, "Submitted", True),
        ({"StatusID": "Partially Filled"}, "Submitted", True),
        ({"StatusID": "Suspended"}, "Suspended", True),
        ({"StatusID": "Suspended", "IsOpen": "false"}, "Suspended", False),
        ({"QTY": 300, "FilledQTY": 100}, "Submitted", True),
        ({"QTY": 300, "FilledQTY": 300}, "", False),
        ({"IsOpen": "true"}, "Submitted", True),
        ({"StatusID": "PendingReplace", "IsOpen": 1}, "PendingReplace", True),
        ({"StatusID": "Filled", "IsOpen": False}, "Filled", False),
        ({"StatusID": "Canceled"}, "Cancelled", False),
        ({"StatusID": "Rejected"}, "Rejected", False),
        ({"StatusID": "Expired"}, "Expired", False),
        ({}, "", False),
    ):
        with named_in_failure(fields, status, is_open):
            found = transactions.transaction_of(entry_of(fields))
            assert (found.status, found.is_open) == (status, is_open)


def test_that_an_order_is_read_whole() -> None:
    fields = {
        "OrderID": 70001,
        "Symbol": "CIM-B",
        "Action": "Short",
        "QTY": "-500",
        "OrderType": "Stop Limit",
        "LimitPrice": "24.40",
        "StopPrice": 24.5,
        "TIF": "Day",
        "StatusID": "Open",
        "FilledQTY": 200,
        "FilledPrice": "24.41",
        "OrderDT": "2026-09-18T14:26:00",
    }
    entry = entry_of(fields)
    assert transactions.order_id_of(entry) == "70001"
    found = transactions.transaction_of(entry)
    assert (found.side, found.quantity, found.order_type, found.tif) == ("SELL", 500, "STP LMT", "DAY")
    assert (found.limit_price, found.stop_price) == (24.40, 24.5)
    assert (found.filled, found.remaining, found.average_fill_price) == (200, 300, 24.41)
    assert found.placed_at == datetime(2026, 9, 18, 14, 26, tzinfo=UTC)


def test_that_the_size_of_an_order_is_read_under_every_name() -> None:
    for name in ("QTY", "Quantity", "OrderQTY", "OriginalQTY"):
        with named_in_failure(name):
            found = transactions.transaction_of(entry_of({name: "500", "FilledQTY": 200}))
            assert (found.quantity, found.remaining) == (500, 300)


def test_that_an_order_goes_by_its_id_as_hammer_writes_it() -> None:
    for fields, order_id in (
        ({"OrderID": 70001}, "70001"),
        ({"OrderID": 70001.0}, "70001"),
        ({"OrderID": "007"}, "007"),
        ({"OrderID": "A-17/b"}, "A-17/b"),
        ({"OrderID": "", "TransactionID": "T9"}, "T9"),
        ({}, ""),
    ):
        with named_in_failure(fields, order_id):
            assert transactions.order_id_of(entry_of(fields)) == order_id


def test_that_filled_quantities_are_added_up_if_only_fills_are_reported() -> None:
    fills = [{"QTY": 100, "Price": 24.40}, {"QTY": "300", "Price": "24.44"}, {"QTY": None}]
    found = transactions.transaction_of(entry_of({"QTY": 500, "Fills": fills}))
    assert (found.filled, found.remaining) == (400, 100)
    assert found.average_fill_price == pytest.approx(24.43)


def test_that_a_market_order_has_no_limit_and_what_is_not_reported_is_unknown() -> None:
    found = transactions.transaction_of(entry_of({"OrderType": "Market", "LimitPrice": 0, "QTY": ""}))
    assert (found.order_type, found.limit_price, found.quantity) == ("MKT", None, None)
    assert (found.filled, found.remaining, found.average_fill_price) == (None, None, None)


def test_that_an_execution_that_cannot_be_read_leaves_what_filled_unknown() -> None:
    for junk in ("?", None, 7, {"QTY": "abc"}, {"QTY": 5, "Price": "24,40"}):
        with named_in_failure(junk):
            fields = {"QTY": 500, "Fills": [{"QTY": 100, "Price": 24.40}, junk]}
            found = transactions.transaction_of(entry_of(fields))
            assert (found.filled, found.remaining) == (None, None)
            assert found.has_unreadable_fills


def test_that_a_price_that_is_no_number_is_named() -> None:
    names = {"LimitPrice": "limit", "StopPrice": "stop", "FilledPrice": "average_fill_price"}
    no_numbers: tuple[object, ...] = ("24,40", "abc", "1_000", "$24", True, [24.4], {}, -24.4, "Infinity")
    for junk in no_numbers:
        for field, name in names.items():
            with named_in_failure(field, junk):
                found = transactions.transaction_of(entry_of({"QTY": 500, field: junk}))
                assert found.unread == (name,)
                assert (found.limit_price, found.stop_price, found.average_fill_price) == (None, None, None)


def test_that_a_price_that_is_not_set_is_not_named() -> None:
    for nothing in (None, "", " ", "-", "N/A", "NaN", "null", 0, "0", -1, "-1.0", 2**31 - 1):
        with named_in_failure(nothing):
            fields = {"LimitPrice": nothing, "StopPrice": nothing, "FilledPrice": nothing}
            assert transactions.transaction_of(entry_of(fields)).unread == ()


def test_that_a_number_of_shares_that_is_no_number_is_named() -> None:
    for junk in ("1,000", "abc", True, [100], 2147483647):
        with named_in_failure(junk):
            of_all = transactions.transaction_of(
                entry_of({"QTY": junk, "FilledQTY": junk, "RemainingQTY": junk})
            )
            assert of_all.unread == ("total_quantity", "filled", "remaining")
            # What the others make plain is known.
            derived = transactions.transaction_of(
                entry_of({"QTY": 300, "FilledQTY": 100, "RemainingQTY": junk})
            )
            assert (derived.unread, derived.remaining) == ((), 200)
