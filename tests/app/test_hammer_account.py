"""Hammer Pro's own account from the server to the cells of the window, however HAMMER sends it."""

import json

import pytest
from PySide6.QtWidgets import QApplication

from psf_monitor.cli import snapshot
from psf_monitor.domain.account import AccountMode
from psf_monitor.sim.demo import Gateways
from psf_monitor.sim.hammer.account import OwnAccount
from tests.app.running_window import SOON, Trader, with_running_window
from tests.support.sim_servers import settings_for, standing_still
from tests.support.waiting import PATIENCE_S, until

HAMMER = AccountMode.HAMMER_PRO
LISTS = ("getPositions", "getTransactions", "getBalances")


def own_account(gateways: Gateways) -> OwnAccount:
    own = OwnAccount(gateways.market.clock)
    gateways.hammer.accounts.by_key[own.key] = own
    return own


def make_difficult(own: OwnAccount) -> None:
    """Behave like a HAMMER that is starting, with a broker that uses its own field names."""
    own.style, own.partial_status, own.sends_is_open, own.id_form = 1, "PartiallyFilled", False, "AL-{}/x"
    own.refuses.update({"startTradingAccount", "subscribe balances"})
    own.is_started = True
    own.fails_first.update(dict.fromkeys(LISTS, 1))
    own.not_yet.update(dict.fromkeys(LISTS, 2))
    own.empty_first.update(dict.fromkeys(LISTS, 1))


def held(trader: Trader) -> dict[str, str]:
    return {r["symbol"]: r["quantity"] for r in trader.rows(trader.window.positions) if r["account"] == "HAM"}


def test_that_the_window_shows_the_account_of_a_hammer_that_is_still_starting(qapp: QApplication) -> None:
    async def day(trader: Trader, gateways: Gateways) -> None:
        own = own_account(gateways)
        make_difficult(own)
        buy, short = own.place("Buy", "CIM-B", 300, 24.50), own.place("SELL_SHORT", "GS-A", 100, 22.40)
        own.fill(buy, 100, 24.50)
        trader.click(HAMMER)
        await until(lambda: held(trader) == {"NLY PRG": "500", "GS PRA": "−200", "CIM PRB": "100"})
        await until(lambda: trader.order(short.order_id), what="the order without a number")
        assert trader.order(short.order_id)["side"] == "SELL"
        assert trader.order(buy.order_id)["remaining"] == "200"
        own.fill(buy, 150, 24.49)
        await until(lambda: trader.order("AL-70001/x")["filled"] == "250", what="the fill")
        await until(lambda: held(trader)["CIM PRB"] == "250")
        assert "order AL-70001/x CIM PRB filled 250 of 300" in trader.window.status.news.text

    with_running_window(qapp, day)


def test_that_the_window_never_goes_back_to_what_an_overtaken_answer_holds(qapp: QApplication) -> None:
    async def day(trader: Trader, gateways: Gateways) -> None:
        own, hammer = own_account(gateways), gateways.hammer
        order = own.place("Sell", "NLY-G", 500, 25.45)

        def asked() -> int:
            return len(hammer.commands("getPositions"))

        trader.click(HAMMER)
        await until(lambda: held(trader).get("NLY PRG") == "500")
        await until(lambda: trader.order(order.order_id))
        own.hold_answers()
        before = asked()
        own.fill(order, 200, 25.45)
        await until(lambda: asked() > before, what="the question")
        own.fill(order, 300, 25.46)
        await until(lambda: "NLY PRG" not in held(trader), what="the end of the position")
        seen: set[str] = set()
        before = asked()
        own.release_answers()

        def is_asked_again() -> bool:
            trader.window.show_now()
            seen.update(held(trader))
            return asked() > before

        await until(is_asked_again, what="the next questions")
        assert seen == {"GS PRA"}

    with_running_window(qapp, day)


async def test_that_the_snapshot_waits_for_a_hammer_that_is_still_starting(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with standing_still() as gateways:
        own = own_account(gateways)
        make_difficult(own)
        buy = own.place("Buy", "CIM-B", 300, 24.50)
        own.fill(buy, 100, 24.50)
        code = await snapshot.print_snapshot(settings_for(gateways), [HAMMER], PATIENCE_S, hammer_timing=SOON)
        assert code == snapshot.COMPLETE
    answer = json.loads(capsys.readouterr().out)
    assert {p["symbol"]: p["qty"] for p in answer["positions"]} == {
        "NLY PRG": 500,
        "GS PRA": -200,
        "CIM PRB": 100,
    }
    (order,) = answer["orders"]
    assert (order["order_id"], order["status"]) == ("AL-70001/x", "Submitted")


def test_that_f5_reads_hammers_account_and_prices_again_too(qapp: QApplication) -> None:
    async def day(trader: Trader, gateways: Gateways) -> None:
        own, hammer = own_account(gateways), gateways.hammer
        own.place("Buy", "CIM-B", 300, 24.50)
        trader.click(HAMMER)
        await until(lambda: held(trader) and trader.is_connected(HAMMER), what="the account")
        asked = ("getPositions", "getTransactions", "getSymbolSnapshot")
        before = {each: len(hammer.commands(each)) for each in asked}
        trader.window.menus.refresh.trigger()
        await until(
            lambda: all(len(hammer.commands(each)) > before[each] for each in asked), what="all requests"
        )
        assert "accounts and orders are read again" in trader.window.status.news.text

    with_running_window(qapp, day)
