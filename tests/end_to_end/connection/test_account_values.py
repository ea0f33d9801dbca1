"""What a login is worth: values that are not ready, models, and accounts that come and go."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.conftest import ExpectedErrors
from tests.end_to_end.connection.connection_texts import (
    HELD_BY_TWO,
    api,
    bannered,
    banners,
    notice,
    position_of,
)
from tests.support.all_outputs import snapshot_in_vain
from tests.support.records import GUN
from tests.support.scripted_product import POLLING, scripted
from tests.support.scripted_tws import script
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


# Account values.


async def test_that_values_that_ibkr_is_resetting_are_unknown_and_reported_so_until_ready() -> None:
    async with scripted(script("account_not_ready"), has_window=True) as product:
        await product.connect()
        await until(lambda: "AccountReady" in bannered(product))
        (record,) = product.snapshot()["summaries"]
        figures = ("net_liquidation", "total_cash", "buying_power", "excess_liquidity", "realized_pnl")
        assert [record[name] for name in figures] == [None] * 5
        strip = product.monitor.book.strip(GUN)
        assert (strip.net_liquidation, strip.total_cash) == (None, None)
        assert "not ready" in (api(product).error or "")
        product.tws.answers["76"] = [
            _value("AccountReady", "true"),
            _value("NetLiquidation", "250000.00", "USD"),
        ]
        product.tws.send(_value("AccountReady", "true"))
        await until(lambda: product.monitor.book.strip(GUN).net_liquidation == 250_000.0)
        assert api(product).error is None
        assert banners(product) == []


async def test_that_a_snapshot_has_no_values_that_are_not_ready(capsys: pytest.CaptureFixture[str]) -> None:
    async with scripted(script("account_not_ready")) as product:
        await snapshot_in_vain(product.monitor.settings, "AccountReady", capsys)


def _value(tag: str, value: str, currency: str = "", model: str = "") -> str:
    return f"73|1|{{req}}|DU2000003|{model}|{tag}|{value}|{currency}"


def _ready(account: str, value: str) -> str:
    return f"73|1|{{req}}|{account}||AccountReady|{value}|"


@pytest.mark.parametrize("accounts", ["U1240821", "U1240821,U5550001"])
async def test_that_a_login_of_few_accounts_has_no_values_that_are_not_ready(
    accounts: str, capsys: pytest.CaptureFixture[str]
) -> None:
    named = accounts.split(",")
    of = {
        **HELD_BY_TWO,
        "accounts": accounts,
        "to_62": [(account, "NetLiquidation", "0.00", "USD") for account in named],
        "to_76": [_ready(named[-1], "false")],
    }
    async with scripted(of, has_window=True) as product:
        await product.connect()
        await until(lambda: "AccountReady" in bannered(product))
        fields = {s["account"]: s["net_liquidation"] for s in product.snapshot()["summaries"]}
        assert fields == {**dict.fromkeys(named, 0.0), named[-1]: None}
        assert product.monitor.book.strip(GUN).net_liquidation is None
        assert "not ready" in (api(product).error or "")
        await snapshot_in_vain(product.monitor.settings, "AccountReady", capsys)
        product.tws.answers["76"] = [_ready(account, "true") for account in named]
        product.tws.answers["62"] = [
            f"63|1|{{req}}|{account}|NetLiquidation|1000.00|USD" for account in named
        ]
        product.tws.send(_ready(named[-1], "true").replace("{req}", "9"))
        await until(lambda: product.monitor.book.strip(GUN).net_liquidation == 1000.0 * len(named))
        assert api(product).error is None


@pytest.mark.parametrize("answer", [None, "refused"])
async def test_that_account_values_count_as_ready_if_tws_does_not_report_whether_they_are(
    answer: str | None,
) -> None:
    async with scripted(HELD_BY_TWO, timing=replace(POLLING, readiness_s=0.05)) as product:
        if answer is None:
            del product.tws.answers["76"]
        else:
            product.tws.answers["76"] = ["4|2|{req}|321|Error validating request: no account updates.|"]
        await product.connect()
        await until(lambda: product.monitor.book.strip(GUN).net_liquidation == 250_000.0)
        assert api(product).error is None


async def test_that_a_net_liquidation_in_review_is_marked() -> None:
    def of_account(tag: str, value: str) -> str:
        return f"73|1|{{req}}|U1240821||{tag}|{value}|"

    in_review = of_account("NLVAndMarginInReview", "true")
    of = {**HELD_BY_TWO, "accounts": "U1240821", "to_76": [of_account("AccountReady", "true"), in_review]}
    async with scripted(of, has_window=True) as product:
        await product.connect()
        await until(lambda: product.monitor.book.strip(GUN).in_review)
        product.window.show_now()
        content = product.window.links_panel.strips[GUN].content
        assert content is not None
        (worth,) = [money for money in content.money if money.caption == "Net liq"]
        assert worth.title == "Net liq¹"
        sentence = "IBKR is reviewing the net liquidation and the margin of GUN U••••821"
        assert sentence in content.tooltip
        (record,) = product.snapshot()["summaries"]
        assert (record["net_liquidation"], record["in_review"]) == (250_000.0, True)
        product.tws.send(of_account("NLVAndMarginInReview", "false").replace("{req}", "9"))
        await until(lambda: not product.monitor.book.strip(GUN).in_review)


@pytest.mark.parametrize("junk", ["nan", "inf", "1_000", "0x10", "\\uff11", "N/A"])
async def test_that_a_value_that_is_no_number_is_unknown_and_named(junk: str) -> None:
    values = [("U1240821", "NetLiquidation", junk, "USD"), ("U1240821", "BuyingPower", "99.00", "USD")]
    of = {**HELD_BY_TWO, "accounts": "U1240821", "to_62": values}
    async with scripted(of, has_window=True) as product:
        await product.connect()
        await until(lambda: product.monitor.book.strip(GUN).buying_power == 99.0)
        assert product.snapshot()["summaries"][0]["net_liquidation"] is None
        text = "account values that TWS reports cannot be read: NetLiquidation of U••••821"
        assert text in (api(product).error or "")
        assert text in bannered(product)


async def test_that_values_of_model_portfolios_are_added_up() -> None:
    of: Mapping[str, Any] = {
        **script("account_not_ready"),
        "to_76": [
            _value("NetLiquidation", "100.00", "USD", "Income"),
            _value("NetLiquidation", "250.50", "USD", "Growth"),
            _value("TotalCashValue", "1.00", "USD", "Income"),
            _value("TotalCashValue", "1.7976931348623157E308", "USD", "Growth"),
        ],
    }
    async with scripted(of) as product:
        await product.connect()
        await until(lambda: product.monitor.book.strip(GUN).net_liquidation == 350.5)
        assert product.monitor.book.strip(GUN).total_cash is None


# Logins that change.


async def test_that_an_account_that_comes_later_brings_its_positions_and_its_cash() -> None:
    async with scripted(HELD_BY_TWO) as product:
        await product.connect()
        product.tws.answers["61"].append(position_of("U5550001", 7))
        product.tws.answers["62"].append("63|1|{req}|U5550001|NetLiquidation|1000.00|USD")
        product.tws.send("15|1|U1240821,U5550001")
        await until(
            lambda: {p["account"] for p in product.snapshot()["positions"]} == {"U1240821", "U5550001"}
        )
        await until(lambda: product.monitor.book.strip(GUN).net_liquidation == 251_000.0)
        assert product.monitor.book.account_state(GUN).accounts == ("U1240821", "U5550001")
        assert api(product).error is None


async def test_that_an_account_with_positions_alone_is_reported_as_partial() -> None:
    async with scripted(HELD_BY_TWO, has_window=True) as product:
        await product.connect()
        product.tws.send(position_of("U5550001", 7))
        await until(lambda: "reports no account values of U••••001" in bannered(product))
        assert product.monitor.book.strip(GUN).net_liquidation is None
        assert [s["net_liquidation"] for s in product.snapshot()["summaries"]] == [250_000.0, None]
        assert "no account values" in (api(product).error or "")


async def test_that_another_login_behind_the_port_shows_nothing_of_the_one_before(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with scripted(HELD_BY_TWO, has_window=True) as product:
        await product.connect()
        product.tws.accounts = "U7770001"
        del product.tws.answers["61"]
        product.tws.answers["16"] = []
        product.tws.answers["62"] = []
        product.tws.close_all()
        await until(lambda: product.monitor.book.account_state(GUN).accounts == ("U7770001",))
        texts = [n.text for n in product.monitor.book.drain().notices if "login" in n.text]
        assert product.positions() == []
        assert product.snapshot() == {**product.snapshot(), "positions": [], "orders": []}
        assert {s["account"] for s in product.snapshot()["summaries"]} == {"U7770001"}
        assert not product.monitor.book.account_state(GUN).is_loaded
        assert texts == ["the login behind TWS has changed: U••••821 left, U••••001 came"]
        assert "U••••821 left, U••••001 came" in bannered(product)
        assert "U••••821 left, U••••001 came" in (api(product).error or "")
        assert any("login behind TWS has changed" in r.getMessage() for r in caplog.records)
        assert "U1240821" not in bannered(product)
        QTest.mouseClick(banners(product)[0].buttons[0], Qt.MouseButton.LeftButton)
        assert "login" not in bannered(product)
        assert "login" not in (api(product).error or "")


# What cannot be read.


@pytest.mark.parametrize(
    ("message", "kinds"),
    [
        ("4|2|-1", "notices of TWS"),
        ("63|1|not a request|U1240821|NetLiquidation|1|USD", "account values"),
        ("61|3|U1240821|not a con id", "positions"),
        ("11|1|7", "executions"),
        ("62|1|1|1|1|1", ""),
        ("1|6|17|not a price", ""),
        ("14|2|not a bulletin", ""),
        ("9999|1", "unknown messages"),
        ("not a message", "unknown messages"),
    ],
)
async def test_that_unreadable_messages_are_counted_by_kind(
    message: str, kinds: str, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    async with scripted(HELD_BY_TWO, has_window=True) as product:
        await product.connect()
        # A list that ends after these values would restart the count.
        await until(lambda: product.monitor.fills.state(GUN).as_of, what="the executions")
        product.tws.send(message, message, notice(2148, "URGENT"))
        await until(lambda: "URGENT" in bannered(product))
        warning = product.monitor.links[GUN].status.warning
        assert f"2 {kinds}" in str(warning) if kinds else warning is None
