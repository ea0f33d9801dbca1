"""Every way in which the brokers behind Hammer Pro name the same thing."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.domain.account import AccountSummary
from psf_monitor.hammer.account import messages as account_messages
from psf_monitor.hammer.account import transactions
from psf_monitor.hammer.account.fields import entry_of
from psf_monitor.hammer.account.messages import MODE, TradingAccount
from psf_monitor.hammer.messages import ProtocolError
from tests.conftest import named_in_failure

KEY = "ALARIC:TOPI000000A1"


def raw(value: Any) -> msgspec.Raw:
    return msgspec.Raw(json.dumps(value).encode())


def test_that_the_accounts_are_read() -> None:
    fields = {"accounts": [{"accountKey": KEY, "accountID": "TOPI000000A1", "accountNick": "Main"}, {}]}
    assert account_messages.accounts_of(raw(fields)) == (TradingAccount(KEY, "TOPI000000A1", "Main"),)


def test_that_a_quantity_is_read_under_every_name() -> None:
    for fields, quantity in (
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
    ):
        with named_in_failure(fields, quantity):
            assert account_messages.quantity_of(entry_of(fields)) == quantity


def test_that_the_average_price_is_read_under_every_name() -> None:
    for name in (
        "Paid",
        "AvgPrice",
        "AveragePrice",
        "AvgCost",
        "AverageCost",
        "BasisPrice",
        "Basis",
        "avg_price",
    ):
        with named_in_failure(name):
            assert account_messages.average_price_of(entry_of({name: "25.02"})) == 25.02
            assert account_messages.average_price_of(entry_of({name: 0})) is None
            assert account_messages.average_price_of({}) is None


def test_that_of_two_values_under_one_name_neither_counts_and_a_percentage_is_no_amount() -> None:
    fields = entry_of(
        {"QTY": 100, "Qty": 200, "Paid": 25.02, "paid": "25.02", "Symbol": "", "SYMBOL": "CIM-B"}
    )
    assert account_messages.quantity_of(fields) is None
    assert account_messages.average_price_of(fields) == 25.02
    assert account_messages.symbol_of(fields) == "CIM-B"
    balances = entry_of({"OpenPnL%": 2.5, "OpenPnL": 512.0, "Cash": 5, "cash": 7})
    assert account_messages.summary_of(balances, "A").unrealized_pnl == 512.0
    assert account_messages.unreadable_balances(balances) == ["total_cash"]


@pytest.mark.parametrize(
    "reported", [[{"Symbol": "CIM-B"}], {"accountKey": KEY, "positions": [{"Symbol": "CIM-B"}]}]
)
def test_that_positions_come_bare_or_wrapped(reported: Any) -> None:
    found = account_messages.listing_of(raw(reported), "positions", KEY)
    assert (found.entries, found.is_all) == (({"symbol": "CIM-B"},), None)


def test_that_a_listing_shows_whether_it_is_all() -> None:
    for how, is_all in (("set", True), ("change", False), ("Set", True), ("", None)):
        with named_in_failure(how, is_all):
            fields = {"accountKey": KEY, "setOrChange": how, "transactions": []}
            assert account_messages.listing_of(raw(fields), "transactions", KEY).is_all is is_all


def test_that_data_of_another_account_is_left_out() -> None:
    other = {"accountKey": "OTHER", "setOrChange": "set", "transactions": [{"OrderID": 1}]}
    assert account_messages.listing_of(raw(other), "transactions", KEY) == account_messages.EntryList(
        (), is_all=False, is_of_another=True
    )
    mixed = [{"Symbol": "A", "accountKey": "OTHER"}, {"Symbol": "B"}, {"Symbol": "C", "accountKey": KEY}]
    found = account_messages.listing_of(raw(mixed), "positions", KEY).entries
    assert [account_messages.symbol_of(entry) for entry in found] == ["B", "C"]
    assert account_messages.balances_of(raw({"accountKey": "OTHER", "Cash": 1}), KEY) == {}


def test_that_an_answer_that_is_no_list_of_positions_is_an_error() -> None:
    for reported in (None, "none", 7, [1], {"positions": "none"}, {"positions": [None]}, {}):
        with named_in_failure(reported), pytest.raises(ProtocolError):
            account_messages.listing_of(raw(reported), "positions", KEY)


def test_that_one_unreadable_entry_costs_that_entry_alone() -> None:
    found = account_messages.listing_of(raw([None, {"Symbol": "CIM-B"}, 7]), "positions", KEY)
    assert (found.entries, found.unreadable) == (({"symbol": "CIM-B"},), 2)


def test_that_an_answer_without_the_list_is_not_yet() -> None:
    for reported in ("Requesting positions..", None, True, {}, {"reason": "later"}, {"positions": ""}):
        with named_in_failure(reported), pytest.raises(account_messages.ListPendingError):
            account_messages.listing_of(raw(reported), "positions", KEY)


@pytest.mark.parametrize("reported", ["Requesting balances..", None, [], {}, {"accountKey": KEY}])
def test_that_an_answer_without_a_balance_is_not_yet(reported: Any) -> None:
    with pytest.raises(account_messages.ListPendingError):
        account_messages.balances_of(raw(reported), KEY)


def test_that_balances_are_read_under_the_names_of_several_brokers() -> None:
    for fields in (
        {"NetLiquidation": 1000, "BuyingPower": "2000", "TotalCash": 5},
        {"account_value": "1000", "buying_power": 2000, "Cash": 5},
        {"balances": {"Equity": 1000, "BP": 2000, "CashBalance": 5}},
        {"balances": [{"Equity": 1000, "BP": 2000, "CashBalance": 5}, {"accountKey": "OTHER", "Equity": 7}]},
    ):
        with named_in_failure(fields):
            found = account_messages.summary_of(
                account_messages.balances_of(raw({"accountKey": KEY, **fields}), KEY), "A1"
            )
            assert found == AccountSummary(MODE, "A1", net_liquidation=1000, buying_power=2000, total_cash=5)


def test_that_balances_under_unknown_names_are_unknown_and_not_zero() -> None:
    found = account_messages.summary_of(
        account_messages.balances_of(raw({"Gold": 7, "Equity": "nan", "Currency": "usd"}), KEY), "A1"
    )
    assert found == AccountSummary(MODE, "A1", "USD")


@pytest.mark.parametrize("value", ["abc", "1,000", "$5", True, [1, 2], {}])
def test_that_a_balance_that_is_no_number_is_named(value: Any) -> None:
    balances = account_messages.balances_of(raw({"NetLiq": value, "BP": "N/A", "Cash": 2147483647}), KEY)
    assert account_messages.unreadable_balances(balances) == ["net_liquidation"]
    assert account_messages.summary_of(balances, "A1") == AccountSummary(MODE, "A1")


def test_that_a_balance_of_two_times_or_currencies_is_named() -> None:
    of_two = {"current": {"BuyingPower": 500}, "startOfDay": {"BuyingPower": 900}}
    balances = account_messages.balances_of(raw(of_two), KEY)
    assert account_messages.unreadable_balances(balances) == ["buying_power"]


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
            transactions.transaction_of(entry)
            account_messages.average_price_of(entry)
    try:
        account_messages.summary_of(account_messages.balances_of(result, KEY), "A1")
        account_messages.accounts_of(result)
    except ProtocolError:
        pass
