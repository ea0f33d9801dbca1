"""Every way in which the brokers behind Hammer Pro name the same thing."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.domain.account import AccountSummary
from psf_monitor.hammer.account import messages as account_messages
from psf_monitor.hammer.account.messages import MODE, TradingAccount
from psf_monitor.hammer.messages import ProtocolError

KEY = "ALARIC:TOPI000000A1"


def raw(value: Any) -> msgspec.Raw:
    return msgspec.Raw(json.dumps(value).encode())


def test_that_the_accounts_are_read() -> None:
    fields = {"accounts": [{"accountKey": KEY, "accountID": "TOPI000000A1", "accountNick": "Main"}, {}]}
    assert account_messages.accounts_of(raw(fields)) == (TradingAccount(KEY, "TOPI000000A1", "Main"),)


@pytest.mark.parametrize(
    ("fields", "quantity"),
    [
        ({"QTY": -200}, -200),
        ({"Quantity": "300"}, 300),
        ({"Qty": 1.5}, 1.5),
        ({"LongQty": 100, "ShortQty": 0}, 100),
        ({"LongQty": "0", "ShortQty": "250"}, -250),
        ({"ShortQty": -250}, -250),
        ({"LongQuantity": 100, "ShortQuantity": 0}, 100),
        ({"ShortQuantity": "250"}, -250),
        ({"NetQty": -40}, -40),
        ({"Position": "75"}, 75),
        ({"QTY": "", "Quantity": 300}, 300),
        ({"QTY": None, "LongQty": 100}, 100),
        ({"QTY": -250, "LongQty": 0, "ShortQty": 250}, -250),
        ({"QTY": 0, "LongQty": "0", "ShortQty": None}, 0),
        ({"QTY": 250, "LongQty": 0, "ShortQty": 250}, None),
        ({"QTY": 0, "ShortQty": 7}, None),
        ({"QTY": "many"}, None),
        ({"QTY": "many", "LongQty": 100}, None),
        ({"LongQty": 100, "ShortQty": "?"}, None),
        ({"Position": True}, None),
        ({"QTY": None}, None),
        ({}, None),
    ],
)
def test_that_a_quantity_is_read_under_every_name(fields: dict[str, Any], quantity: float | None) -> None:
    assert account_messages.quantity_of(account_messages.entry_of(fields)) == quantity


@pytest.mark.parametrize(
    "name",
    ["Paid", "AvgPrice", "AveragePrice", "AvgCost", "AverageCost", "BasisPrice", "Basis", "avg_price"],
)
def test_that_the_average_price_is_read_under_every_name(name: str) -> None:
    assert account_messages.average_price_of(account_messages.entry_of({name: "25.02"})) == 25.02
    assert account_messages.average_price_of(account_messages.entry_of({name: 0})) is None
    assert account_messages.average_price_of({}) is None


@pytest.mark.parametrize(
    "reported", [[{"Symbol": "CIM-B"}], {"accountKey": KEY, "positions": [{"Symbol": "CIM-B"}]}]
)
def test_that_positions_come_bare_or_wrapped(reported: Any) -> None:
    found = account_messages.listing_of(raw(reported), "positions", KEY)
    assert (found.entries, found.is_all) == (({"symbol": "CIM-B"},), None)


@pytest.mark.parametrize(("how", "is_all"), [("set", True), ("change", False), ("Set", True), ("", None)])
def test_that_a_listing_shows_whether_it_is_all(how: str, is_all: bool | None) -> None:
    fields = {"accountKey": KEY, "setOrChange": how, "transactions": []}
    assert account_messages.listing_of(raw(fields), "transactions", KEY).is_all is is_all


def test_that_data_of_another_account_is_left_out() -> None:
    other = {"accountKey": "OTHER", "setOrChange": "set", "transactions": [{"OrderID": 1}]}
    assert account_messages.listing_of(raw(other), "transactions", KEY) == account_messages.Listing(
        (), is_all=False
    )
    mixed = [{"Symbol": "A", "accountKey": "OTHER"}, {"Symbol": "B"}, {"Symbol": "C", "accountKey": KEY}]
    found = account_messages.listing_of(raw(mixed), "positions", KEY).entries
    assert [account_messages.symbol_of(entry) for entry in found] == ["B", "C"]
    assert account_messages.balances_of(raw({"accountKey": "OTHER", "Cash": 1}), KEY) == {}


@pytest.mark.parametrize("reported", [None, "none", 7, [1], {"positions": "none"}, {"positions": [None]}, {}])
def test_that_an_answer_that_is_no_list_of_positions_is_an_error(reported: Any) -> None:
    with pytest.raises(ProtocolError):
        account_messages.listing_of(raw(reported), "positions", KEY)


@pytest.mark.parametrize(
    ("action", "side"),
    [
        ("Buy", "BUY"),
        ("COVER", "BUY"),
        ("BUY_TO_COVER", "BUY"),
        ("Sell", "SELL"),
        ("short", "SELL"),
        ("SELL_SHORT", "SELL"),
        ("Sell Short", "SELL"),
        ("Exchange", "Exchange"),
    ],
)
def test_that_every_action_is_a_side_and_an_unknown_one_stays(action: str, side: str) -> None:
    assert account_messages.transaction_of(account_messages.entry_of({"Action": action})).side == side


@pytest.mark.parametrize(
    ("fields", "status", "is_open"),
    [
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
    ],
)
def test_that_the_status_is_that_of_tws_or_stays_raw(
    fields: dict[str, Any], status: str, is_open: bool
) -> None:
    found = account_messages.transaction_of(account_messages.entry_of(fields))
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
    }
    entry = account_messages.entry_of(fields)
    assert account_messages.order_id_of(entry) == "70001"
    found = account_messages.transaction_of(entry)
    assert (found.side, found.quantity, found.order_type, found.tif) == ("SELL", 500, "STP LMT", "DAY")
    assert (found.limit_price, found.stop_price) == (24.40, 24.5)
    assert (found.filled, found.remaining, found.average_fill_price) == (200, 300, 24.41)


@pytest.mark.parametrize("name", ["QTY", "Quantity", "OrderQTY", "OriginalQTY"])
def test_that_the_size_of_an_order_is_read_under_every_name(name: str) -> None:
    found = account_messages.transaction_of(account_messages.entry_of({name: "500", "FilledQTY": 200}))
    assert (found.quantity, found.remaining) == (500, 300)


@pytest.mark.parametrize(
    ("fields", "order_id"),
    [
        ({"OrderID": 70001}, "70001"),
        ({"OrderID": 70001.0}, "70001"),
        ({"OrderID": "007"}, "007"),
        ({"OrderID": "A-17/b"}, "A-17/b"),
        ({"OrderID": "", "TransactionID": "T9"}, "T9"),
        ({}, ""),
    ],
)
def test_that_an_order_goes_by_its_id_as_hammer_writes_it(fields: dict[str, Any], order_id: str) -> None:
    assert account_messages.order_id_of(account_messages.entry_of(fields)) == order_id


def test_that_one_unreadable_entry_costs_that_entry_alone() -> None:
    found = account_messages.listing_of(raw([None, {"Symbol": "CIM-B"}, 7]), "positions", KEY)
    assert (found.entries, found.unreadable) == (({"symbol": "CIM-B"},), 2)


@pytest.mark.parametrize(
    "reported", ["Requesting positions..", None, True, {}, {"reason": "later"}, {"positions": ""}]
)
def test_that_an_answer_without_the_list_is_not_yet(reported: Any) -> None:
    with pytest.raises(account_messages.ListPending):
        account_messages.listing_of(raw(reported), "positions", KEY)


@pytest.mark.parametrize("reported", ["Requesting balances..", None, [], {}, {"accountKey": KEY}])
def test_that_an_answer_without_a_balance_is_not_yet(reported: Any) -> None:
    with pytest.raises(account_messages.ListPending):
        account_messages.balances_of(raw(reported), KEY)


def test_that_filled_quantities_are_added_up_if_only_fills_are_reported() -> None:
    fills = [{"QTY": 100, "Price": 24.40}, {"QTY": "300", "Price": "24.44"}, {"QTY": None}, "?"]
    found = account_messages.transaction_of(account_messages.entry_of({"QTY": 500, "Fills": fills}))
    assert (found.filled, found.remaining) == (400, 100)
    assert found.average_fill_price == pytest.approx(24.43)


def test_that_a_market_order_has_no_limit_and_what_is_not_reported_is_unknown() -> None:
    found = account_messages.transaction_of(
        account_messages.entry_of({"OrderType": "Market", "LimitPrice": 0, "QTY": ""})
    )
    assert (found.order_type, found.limit_price, found.quantity) == ("MKT", None, None)
    assert (found.filled, found.remaining, found.average_fill_price) == (None, None, None)


@pytest.mark.parametrize(
    "fields",
    [
        {"NetLiquidation": 1000, "BuyingPower": "2000", "TotalCash": 5},
        {"account_value": "1000", "buying_power": 2000, "Cash": 5},
        {"balances": {"Equity": 1000, "BP": 2000, "CashBalance": 5}},
        {"balances": [{"Equity": 1000, "BP": 2000, "CashBalance": 5}, {"accountKey": "OTHER", "Equity": 7}]},
    ],
)
def test_that_balances_are_read_under_the_names_of_several_brokers(fields: dict[str, Any]) -> None:
    found = account_messages.summary_of(
        account_messages.balances_of(raw({"accountKey": KEY, **fields}), KEY), "A1"
    )
    assert found == AccountSummary(MODE, "A1", net_liquidation=1000, buying_power=2000, total_cash=5)


def test_that_balances_under_unknown_names_are_unknown_and_not_zero() -> None:
    found = account_messages.summary_of(
        account_messages.balances_of(raw({"Gold": 7, "Equity": "nan", "Currency": "usd"}), KEY), "A1"
    )
    assert found == AccountSummary(MODE, "A1", "USD")


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["positions", "accounts", "QTY", "Symbol", "OrderID", "Fills", "Price", "accountKey"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(anything)
def test_that_whatever_is_reported_is_read_or_a_protocol_error(reported: Any) -> None:
    result = raw(reported)
    for name in ("positions", "accounts"):
        try:
            found = account_messages.listing_of(result, name, KEY)
        except ProtocolError:
            continue
        for entry in found.entries:
            quantity = account_messages.quantity_of(entry)
            assert quantity is None or abs(quantity) < float("inf")
            account_messages.transaction_of(entry)
            account_messages.average_price_of(entry)
    try:
        account_messages.summary_of(account_messages.balances_of(result, KEY), "A1")
        account_messages.accounts_of(result)
    except ProtocolError:
        pass
