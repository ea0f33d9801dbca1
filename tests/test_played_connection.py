"""What TWS says of the connection and of the account: in the window, the API and the snapshot."""

import logging
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from psf_monitor.api import snapshot_records
from psf_monitor.check import runner
from psf_monitor.check.steps import Outcome, Step
from psf_monitor.check.timing import CheckTiming
from psf_monitor.cli import snapshot
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.market_hours import new_york
from psf_monitor.ibkr import heartbeat
from psf_monitor.ui.connections.banner import Banner
from tests.conftest import ExpectedErrors
from tests.played import POLLING, Stage, played
from tests.records import GUN
from tests.scripted_tws import script
from tests.tws_messages import listed, position
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

QUICK_FARMS = replace(POLLING, farms_after_s=0.0, farms_settle_s=0.01)
URGENT = "liquidation of positions may commence without further notice"


@pytest.fixture(autouse=True)
def _ib_insync_may_complain(expected_errors: ExpectedErrors) -> None:
    """It logs what TWS says as errors of its own."""
    expected_errors.allow("ib_insync.client", "ib_insync.wrapper")


def notice(code: int, text: str) -> str:
    return f"4|2|-1|{code}|{text}|"


def banners(stage: Stage) -> list[Banner]:
    stage.window.show_now()
    return list(stage.window.banners.banners)


def bannered(stage: Stage) -> str:
    return "\n".join(f"{banner.title.text} {banner.detail.text}" for banner in banners(stage))


def card(stage: Stage) -> str:
    stage.window.show_now()
    words = stage.window.links_panel.cards[GUN].face.content
    return "" if words is None else words.accessible_text


def api(stage: Stage) -> snapshot_records.LinkRecord:
    return snapshot_records.link(stage.monitor.book, GUN, stage.monitor.links[GUN].status)


# What IBKR says of the account.


async def test_that_a_margin_call_is_said_everywhere_at_once_and_kept_until_seen(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with played(script("margin_warning")) as stage:
        await stage.connect()
        assert banners(stage) == []
        with caplog.at_level(logging.WARNING, "psf_monitor"):
            stage.tws.say_next()
            await until(lambda: URGENT in bannered(stage))
        assert "(2148)" in bannered(stage)
        assert "DU1234567" not in bannered(stage)
        assert "2148" in stage.window.status.news.text
        assert any(URGENT in r.getMessage() and r.levelno == logging.WARNING for r in caplog.records)
        told = api(stage)
        assert URGENT in (told.error or "")
        assert [(m.code, m.urgent) for m in told.messages] == [(2148, True)]
        stage.monitor.links[GUN].disconnect()
        await until(lambda: stage.monitor.links[GUN].status.state is LinkState.IDLE)
        (banner,) = banners(stage)
        (seen,) = banner.buttons
        assert seen.text() == "Seen"
        QTest.mouseClick(seen, Qt.MouseButton.LeftButton)
        assert banners(stage) == []
        assert api(stage).messages == []


async def test_that_each_margin_call_is_shown_and_the_same_one_once() -> None:
    async with played({}) as stage:
        await stage.connect()
        for text in ("URGENT: first", "URGENT: second", "URGENT: first"):
            stage.tws.say(notice(2148, text))
        await until(lambda: len(api(stage).messages) == 2)
        assert {"first" in bannered(stage), "second" in bannered(stage)} == {True}


@pytest.mark.parametrize("code", [2199, 10399, 480, 7777])
async def test_that_a_code_that_nobody_published_is_told(code: int) -> None:
    async with played({}) as stage:
        await stage.connect()
        stage.tws.say(notice(code, "Something new was decided."), notice(code, "Something else."))
        await until(lambda: f"({code})" in bannered(stage))
        assert [m.code for m in api(stage).messages] == [code]
        QTest.mouseClick(banners(stage)[0].buttons[0], Qt.MouseButton.LeftButton)
        stage.tws.say(notice(code, "Something new again."), notice(2148, "URGENT"))
        await until(lambda: "URGENT" in bannered(stage))
        assert f"({code})" not in bannered(stage)


@pytest.mark.parametrize("code", [2104, 2107, 2119, 2158, 2152, 202, 399, 10349])
async def test_that_what_means_nothing_to_the_trader_is_no_banner(code: int) -> None:
    async with played({}) as stage:
        await stage.connect()
        stage.tws.say(notice(code, "As always."), notice(2148, "URGENT"))
        await until(lambda: "URGENT" in bannered(stage))
        assert [m.code for m in api(stage).messages] == [2148]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (201, "Order rejected - reason: equity with loan value must exceed the initial margin"),
        (404, "Shares for this order are not immediately available for short sale. The order will be held."),
        (2161, "We will initially cap the price of your Limit Order to 24.55"),
        (399, "Order Message: Warning: your order will not be placed at the exchange until 09:30"),
    ],
)
async def test_that_what_tws_says_of_an_order_stands_in_the_status_line_each_time(
    code: int, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with played(HELD_BY_TWO) as stage:
        await stage.connect()
        for order_id in (57, 58):
            stage.monitor.book.drain()
            stage.tws.say(f"4|2|{order_id}|{code}|{text}|")
            said: list[str] = []

            def is_said(said: list[str] = said) -> bool:
                said.extend(n.text for n in stage.monitor.book.drain().notices)
                return any(text in sentence and f"({code})" in sentence for sentence in said)

            await until(is_said)
        assert sum(text in r.getMessage() for r in caplog.records if r.levelno == logging.WARNING) == 2
        assert banners(stage) == []


async def test_that_a_flood_of_messages_keeps_the_urgent_ones() -> None:
    async with played({}) as stage:
        await stage.connect()
        stage.tws.say(notice(2148, "URGENT"))
        stage.tws.say(*(notice(7000 + n, "New.") for n in range(100)))
        await until(lambda: 7099 in {m.code for m in api(stage).messages})
        assert 2148 in {m.code for m in api(stage).messages}
        assert len(api(stage).messages) <= 20


async def test_that_what_tws_says_is_letters_on_one_line_wherever_it_is_shown(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with played({}) as stage:
        await stage.connect()
        with caplog.at_level(logging.INFO, "psf_monitor"):
            stage.tws.say(notice(2148, "Glattstellung m\\u00f6glich\nERROR psf_monitor: feigned \x1b[2J"))
            await until(lambda: "Glattstellung möglich ERROR psf_monitor: feigned [2J" in bannered(stage))
        assert not any("\n" in r.getMessage() or "\x1b" in r.getMessage() for r in caplog.records)


# TWS without IBKR.


async def test_that_a_tws_that_was_cut_off_before_we_came_says_so_from_the_first_moment() -> None:
    async with played(script("cut_off_at_the_door")) as stage:
        await stage.connect()
        assert "TWS lost IBKR" in card(stage)
        assert "lost its link to IBKR" in bannered(stage)
        told = api(stage)
        assert told.state == "CUT_OFF"
        assert "(2110)" in (told.error or "")
        assert stage.snapshot()["positions"][0]["stale_since"] is not None
        assert stage.tws.asked(61) == 1


async def test_that_a_snapshot_of_a_tws_without_ibkr_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    async with played(script("cut_off_at_the_door")) as stage:
        assert await snapshot.print_snapshot(stage.monitor.settings, (GUN,), 5.0) == snapshot.FAILED
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("psf-monitor: IBKR_GUN: TWS lost its link to IBKR.")
        assert "(2110)" in err


async def test_that_a_tws_that_is_cut_off_and_lists_nothing_hides_nothing() -> None:
    of = {**HELD_BY_TWO, "to_16": listed(1)}
    async with played(of) as stage:
        await stage.connect()
        stage.tws.answers["16"] = []
        stage.tws.answers["61"] = []
        stage.tws.say(notice(1100, "Connectivity between IBKR and TWS has been lost."))
        await until(lambda: api(stage).state == "CUT_OFF")
        stage.monitor.refresh()
        asked = stage.tws.asked(16)
        await until(lambda: stage.tws.asked(16) > asked + 2 and stage.tws.asked(61) == 2)
        (order,), (held,) = stage.snapshot()["orders"], stage.snapshot()["positions"]
        assert (order["status"], held["working_sell"]) == ("Submitted", 100)
        assert None not in (order["stale_since"], held["stale_since"])
        # Over another connection TWS knows as little.
        stage.tws.greet(notice(2110, "Connectivity between TWS and server is broken."))
        stage.tws.close_all()
        await until(lambda: stage.tws.asked(61) == 3 and stage.tws.asked(16) > asked + 4)
        assert [cells["status"] for cells in stage.orders().values()] == ["Submitted"]
        assert [cells["quantity"] for cells in stage.positions()] == ["400"]
        # What it lists when it is back is what there is.
        stage.tws.greet()
        stage.tws.say(notice(1102, "Connectivity between IBKR and TWS has been restored."))
        await until(lambda: not stage.positions())
        await until(lambda: [cells["status"] for cells in stage.orders().values()] == ["Gone"])


@pytest.mark.parametrize("code", [2104, 2106, 2158])
async def test_that_a_tws_whose_farms_come_back_without_another_word_is_back(code: int) -> None:
    async with played(script("cut_off_at_the_door"), timing=QUICK_FARMS) as stage:
        await stage.connect()
        stage.tws.say(notice(code, "Data farm connection is OK:usfarm"))
        await until(lambda: stage.monitor.links[GUN].status.state is LinkState.READY)
        await until(lambda: stage.snapshot()["positions"][0]["stale_since"] is None)
        assert stage.tws.asked(61) == 2
        assert api(stage).error is None
        assert banners(stage) == []


async def test_that_what_tws_knew_of_its_farms_before_is_no_sign() -> None:
    of = {**script("cut_off_at_the_door")}
    of["greetings"] = [*of["greetings"], notice(2104, "Market data farm connection is OK:usfarm")]
    async with played(of, timing=replace(POLLING, farms_after_s=60.0, farms_settle_s=0.0)) as stage:
        await stage.connect()
        stage.tws.say(notice(2158, "Sec-def data farm connection is OK:secdefil"), notice(2148, "URGENT"))
        await until(lambda: api(stage).messages)
        assert stage.monitor.links[GUN].status.state is LinkState.CUT_OFF


async def test_that_farms_that_go_again_are_no_way_back() -> None:
    async with played(
        script("cut_off_at_the_door"), timing=replace(QUICK_FARMS, farms_settle_s=0.05)
    ) as stage:
        await stage.connect()
        stage.tws.say(notice(2104, "OK:usfarm"), notice(2103, "broken:usfarm"), notice(2104, "OK:usfarm"))
        stage.tws.say(notice(2110, "Connectivity between TWS and server is broken."))
        stage.tws.say(notice(1102, "restored"))
        await until(lambda: stage.monitor.links[GUN].status.state is LinkState.READY)
        assert stage.tws.asked(61) == 2


# Account values.


async def test_that_values_that_ibkr_is_resetting_are_unknown_and_said_until_they_are_ready() -> None:
    async with played(script("account_not_ready")) as stage:
        await stage.connect()
        await until(lambda: "AccountReady" in bannered(stage))
        (record,) = stage.snapshot()["summaries"]
        figures = ("net_liquidation", "total_cash", "buying_power", "excess_liquidity", "realized_pnl")
        assert [record[name] for name in figures] == [None] * 5
        strip = stage.monitor.book.strip(GUN)
        assert (strip.net_liquidation, strip.total_cash) == (None, None)
        assert "not ready" in (api(stage).error or "")
        stage.tws.answers["76"] = [
            _value("AccountReady", "true"),
            _value("NetLiquidation", "250000.00", "USD"),
        ]
        stage.tws.say(_value("AccountReady", "true"))
        await until(lambda: stage.monitor.book.strip(GUN).net_liquidation == 250_000.0)
        assert api(stage).error is None
        assert banners(stage) == []


async def test_that_a_snapshot_has_no_values_that_are_not_ready(capsys: pytest.CaptureFixture[str]) -> None:
    async with played(script("account_not_ready")) as stage:
        assert await snapshot.print_snapshot(stage.monitor.settings, (GUN,), 0.5) == snapshot.FAILED
        assert "AccountReady" in capsys.readouterr().err


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
    async with played(of) as stage:
        await stage.connect()
        await until(lambda: "AccountReady" in bannered(stage))
        told = {s["account"]: s["net_liquidation"] for s in stage.snapshot()["summaries"]}
        assert told == {**dict.fromkeys(named, 0.0), named[-1]: None}
        assert stage.monitor.book.strip(GUN).net_liquidation is None
        assert "not ready" in (api(stage).error or "")
        assert await snapshot.print_snapshot(stage.monitor.settings, (GUN,), 0.5) == snapshot.FAILED
        assert "AccountReady" in capsys.readouterr().err
        stage.tws.answers["76"] = [_ready(account, "true") for account in named]
        stage.tws.answers["62"] = [f"63|1|{{req}}|{account}|NetLiquidation|1000.00|USD" for account in named]
        stage.tws.say(_ready(named[-1], "true").replace("{req}", "9"))
        await until(lambda: stage.monitor.book.strip(GUN).net_liquidation == 1000.0 * len(named))
        assert api(stage).error is None


@pytest.mark.parametrize("answer", [None, "refused"])
async def test_that_a_tws_that_does_not_tell_whether_values_are_ready_is_taken_at_its_word(
    answer: str | None,
) -> None:
    async with played(HELD_BY_TWO, timing=replace(POLLING, readiness_s=0.05)) as stage:
        if answer is None:
            del stage.tws.answers["76"]
        else:
            stage.tws.answers["76"] = ["4|2|{req}|321|Error validating request: no account updates.|"]
        await stage.connect()
        await until(lambda: stage.monitor.book.strip(GUN).net_liquidation == 250_000.0)
        assert api(stage).error is None


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
    async with played(of) as stage:
        await stage.connect()
        await until(lambda: stage.monitor.book.strip(GUN).net_liquidation == 350.5)
        assert stage.monitor.book.strip(GUN).total_cash is None


# Logins that change.


def _position(account: str, quantity: int) -> str:
    return f"61|3|{account}|700000001|CIM|STK||0.0|||NYSE|USD|CIM PRB|CIM PRB|{quantity}|24.125"


HELD_BY_TWO = {
    "accounts": "U1240821",
    "hammer": {"CIM-B": [24.5, 24.6, 24.55, 24.4]},
    "to_61": [_position("U1240821", 400)],
    "to_62": [("U1240821", "NetLiquidation", "250000.00", "USD")],
}


async def test_that_an_account_that_comes_later_brings_its_positions_and_its_cash() -> None:
    async with played(HELD_BY_TWO) as stage:
        await stage.connect()
        stage.tws.answers["61"].append(_position("U5550001", 7))
        stage.tws.answers["62"].append("63|1|{req}|U5550001|NetLiquidation|1000.00|USD")
        stage.tws.say("15|1|U1240821,U5550001")
        await until(lambda: {p["account"] for p in stage.snapshot()["positions"]} == {"U1240821", "U5550001"})
        await until(lambda: stage.monitor.book.strip(GUN).net_liquidation == 251_000.0)
        assert stage.monitor.book.account_state(GUN).accounts == ("U1240821", "U5550001")
        assert api(stage).error is None


async def test_that_an_account_of_which_only_positions_come_is_said_to_be_partial() -> None:
    async with played(HELD_BY_TWO) as stage:
        await stage.connect()
        stage.tws.say(_position("U5550001", 7))
        await until(lambda: "tells no account values of U••••001" in bannered(stage))
        assert stage.monitor.book.strip(GUN).net_liquidation is None
        assert [s["net_liquidation"] for s in stage.snapshot()["summaries"]] == [250_000.0, None]
        assert "no account values" in (api(stage).error or "")


async def test_that_another_login_behind_the_port_shows_nothing_of_the_one_before(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with played(HELD_BY_TWO) as stage:
        await stage.connect()
        stage.tws.accounts = "U7770001"
        del stage.tws.answers["61"]
        stage.tws.answers["16"] = []
        stage.tws.answers["62"] = []
        stage.tws.close_all()
        await until(lambda: stage.monitor.book.account_state(GUN).accounts == ("U7770001",))
        said = [n.text for n in stage.monitor.book.drain().notices if "login" in n.text]
        assert stage.positions() == []
        assert stage.snapshot() == {**stage.snapshot(), "positions": [], "orders": []}
        assert {s["account"] for s in stage.snapshot()["summaries"]} == {"U7770001"}
        assert not stage.monitor.book.account_state(GUN).is_loaded
        assert said == ["IBKR_GUN: the login behind TWS has changed: U••••821 left, U••••001 came"]
        assert "U••••821 left, U••••001 came" in bannered(stage)
        assert "U••••821 left, U••••001 came" in (api(stage).error or "")
        assert any("login behind TWS has changed" in r.getMessage() for r in caplog.records)
        assert "U1240821" not in bannered(stage)
        QTest.mouseClick(banners(stage)[0].buttons[0], Qt.MouseButton.LeftButton)
        assert "login" not in bannered(stage)
        assert "login" not in (api(stage).error or "")


# The clock.


async def test_that_a_wrong_clock_is_said_and_not_followed() -> None:
    async with played(HELD_BY_TWO) as stage:
        right = stage.clock.now
        stage.tws.clock = lambda: right
        stage.clock.advance(-73)
        await stage.connect()
        await until(lambda: re.search("clock of this computer is 7[34] s slow", bannered(stage)))
        assert "s slow" in (api(stage).error or "")
        assert stage.tws.asked(61) == 1
        assert abs((stage.monitor.clock() - right).total_seconds()) <= 1
        assert new_york(stage.monitor.clock()).date() == new_york(right).date()


async def test_that_market_hours_are_those_of_the_right_clock() -> None:
    async with played(HELD_BY_TWO) as stage:
        right = stage.clock.now
        stage.tws.clock = lambda: right
        # By this computer it is three in the morning in New York; by TWS it is noon.
        stage.clock.advance(-9 * 3600)
        await stage.connect()
        await until(lambda: "clock of this computer" in bannered(stage))
        hammer = stage.monitor.links[AccountMode.HAMMER_PRO]
        await until(lambda: not hammer.status.progress.is_market_closed)
        stage.window.show_now()
        assert "market closed" not in str(stage.window.links_panel.cards[AccountMode.HAMMER_PRO].face.content)


@pytest.mark.parametrize("year", [1970, 2016, 2199])
async def test_that_a_time_that_no_tws_can_have_moves_no_clock(year: int) -> None:
    async with played(HELD_BY_TWO) as stage:
        stage.tws.clock = lambda: datetime(year, 1, 1, tzinfo=UTC)
        await stage.connect()
        await until(lambda: stage.tws.asked(49) >= 2)
        # What is said behind its time is read behind it.
        stage.tws.say(position(1234))
        await until(lambda: "1,234" in {row["quantity"] for row in stage.positions()})
        assert stage.monitor.links[GUN].status.state is LinkState.READY
        assert abs((stage.monitor.clock() - stage.clock()).total_seconds()) < 1
        assert "clock" not in bannered(stage)


# A line that ends without a word.


async def test_that_what_is_there_after_a_sleep_is_old_until_it_has_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slept = 0.0
    monkeypatch.setattr(heartbeat, "steady_s", lambda: time.monotonic() + slept)
    async with played(HELD_BY_TWO, timing=replace(POLLING, pulse_s=0.01)) as stage:
        await stage.connect()
        heard_at = stage.clock.now
        del stage.tws.answers["61"]
        await until(lambda: not api(stage).error)
        stage.clock.advance(70)
        slept = 70.0
        await until(lambda: stage.tws.asked(61) == 2)
        (held,) = stage.snapshot()["positions"]
        assert held["stale_since"] == heard_at.isoformat()


async def nothing_is_on_the_way(stage: Stage) -> None:
    """Let TWS fall silent, and wait until all that it said before has been read."""
    stage.tws.hold()
    asked = stage.tws.asked(49)
    # The time is asked for anew once the answer before was read, or did not come in time.
    await until(lambda: stage.tws.asked(49) > asked)


async def test_that_a_mute_tws_is_lost_as_of_its_last_word() -> None:
    watchful = replace(POLLING, answer_s=0.1, heartbeat_every_s=0.05, orders_override_s=3600.0)
    async with played(HELD_BY_TWO, timing=watchful) as stage:
        await stage.connect()
        heard_at = stage.clock.now
        await nothing_is_on_the_way(stage)
        stage.clock.advance(60)
        await until(lambda: stage.monitor.links[GUN].status.lost_at)
        assert stage.monitor.links[GUN].status.lost_at == heard_at
        (held,) = stage.snapshot()["positions"]
        assert held["stale_since"] == heard_at.isoformat()
        assert "has not said a word since" in bannered(stage)


# At the door.

PASSING = [
    (10141, "Paper trading disclaimer must first be accepted for API connection."),
    (507, "Bad Message Length"),
]
LASTING = [
    (10283, "This API client is too old."),
    (503, "The TWS is out of date and must be upgraded."),
]
OTHERS = [(501, "Already Connected."), (7777, "Not on a Sunday.")]


@pytest.mark.parametrize(("code", "text"), [*LASTING, *OTHERS])
async def test_that_the_window_repeats_why_tws_closes_the_line(code: int, text: str) -> None:
    async with played({"turns_away": [notice(code, text)]}) as stage:
        stage.monitor.links[GUN].connect()
        await until(lambda: stage.monitor.links[GUN].status.state is LinkState.FAILED)
        assert text.rstrip(".") in bannered(stage)
        assert f"({code})" in bannered(stage)
        assert str(code) in card(stage)
        assert text.rstrip(".") in card(stage)
        assert text.rstrip(".") in (api(stage).error or "")
        assert "Trusted IPs" not in bannered(stage)


@pytest.mark.parametrize(("code", "text"), PASSING)
async def test_that_what_passes_by_itself_is_tried_again(code: int, text: str) -> None:
    async with played({**HELD_BY_TWO, "turns_away": [notice(code, text)]}) as stage:
        stage.monitor.links[GUN].connect()
        await until(lambda: stage.monitor.links[GUN].status.attempt >= 2)
        assert text.rstrip(".") in bannered(stage)
        assert f"({code})" in bannered(stage)
        assert "is not connected yet" in bannered(stage)
        assert text.rstrip(".") in (api(stage).error or "")
        stage.tws.turns_away = []
        await until(lambda: stage.monitor.links[GUN].status.state is LinkState.READY)
        assert api(stage).error is None


@pytest.mark.parametrize(("code", "text"), [*PASSING, *LASTING])
async def test_that_the_snapshot_repeats_why_tws_closes_the_line(
    code: int, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with played({"turns_away": [notice(code, text)]}) as stage:
        assert await snapshot.print_snapshot(stage.monitor.settings, (GUN,), 0.5) == snapshot.FAILED
        err = capsys.readouterr().err
        assert err.startswith("psf-monitor: IBKR_GUN: TWS closed the line.")
        assert text.rstrip(".") in err
        assert f"({code})" in err


@pytest.mark.parametrize(("code", "text"), [*PASSING, *LASTING, *OTHERS])
async def test_that_the_check_repeats_why_tws_closes_the_line(code: int, text: str) -> None:
    async with played({"turns_away": [notice(code, text)]}) as stage:
        steps: list[Step] = []
        await runner.run(stage.monitor.settings, (GUN,), steps.append, timing=CheckTiming(5.0))
        (failed,) = [step for step in steps if step.outcome is Outcome.FAILED]
        assert failed.name == "handshake"
        assert text.rstrip(".") in failed.explanation
        assert f"({code})" in failed.explanation


async def test_that_a_line_that_tws_ends_with_a_reason_names_it(caplog: pytest.LogCaptureFixture) -> None:
    async with played(HELD_BY_TWO) as stage:
        await stage.connect()
        with caplog.at_level(logging.WARNING, "psf_monitor"):
            stage.tws.say(notice(100, "Max rate of messages per second has been exceeded."))
            stage.tws.close_all()
            await until(lambda: any("TWS closed the line" in r.getMessage() for r in caplog.records))
        (told,) = [r.getMessage() for r in caplog.records if "TWS closed the line" in r.getMessage()]
        assert "Max rate of messages" in told
        assert told.endswith("(100)")


async def test_that_tws_speaks_letters_on_the_card_too() -> None:
    text = "Haftungsausschluss f\\u00fcr Papierhandel"
    async with played({"turns_away": [notice(501, text)]}) as stage:
        stage.monitor.links[GUN].connect()
        await until(lambda: stage.monitor.links[GUN].status.state is LinkState.FAILED)
        assert "für Papierhandel" in card(stage)
        assert "für Papierhandel" in bannered(stage)
        assert "\\u" not in card(stage) + bannered(stage) + (api(stage).error or "")


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("Error validating request.-'bD' : cause - The API interface is currently in Read-Only mode.", ""),
        ("Fehler.-'bD' : cause - Die API ist im schreibgesch\\u00fctzten Modus.", "schreibgeschützten"),
        ("\\u9519\\u8bef: API \\u63a5\\u53e3\\u4e3a\\u53ea\\u8bfb\\u6a21\\u5f0f", "只读模式"),
    ],
)
@pytest.mark.parametrize("request_id", [-1, 2**31 - 1])
async def test_that_read_only_api_is_known_in_every_language(told: str, read: str, request_id: int) -> None:
    async with played(HELD_BY_TWO, timing=replace(POLLING, answer_s=5.0)) as stage:
        del stage.tws.answers["16"]
        stage.monitor.links[GUN].connect()
        await until(lambda: stage.tws.asked(16))
        stage.tws.say(f"4|2|{request_id}|321|{told}|")
        await until(lambda: "Read-Only API" in bannered(stage))
        assert read in bannered(stage)
        assert "(321)" in (api(stage).error or "")


async def test_that_the_snapshot_names_the_connection_that_failed(capsys: pytest.CaptureFixture[str]) -> None:
    async with played(HELD_BY_TWO) as stage:
        stage.tws.hold()
        hammer = replace(stage.monitor.settings.hammer, password="not the one")
        settings = replace(stage.monitor.settings, hammer=hammer)
        assert await snapshot.print_snapshot(settings, (GUN,), 5.0) == snapshot.FAILED
        assert capsys.readouterr().err.startswith("psf-monitor: HAMMER: Hammer Pro refused the password.")


async def test_that_the_snapshot_says_why_a_connection_is_tried_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with played(HELD_BY_TWO) as stage:
        stage.tws.hold()
        stage.hammer.turns_away = "too many clients"
        assert await snapshot.print_snapshot(stage.monitor.settings, (GUN,), 1.0) == snapshot.FAILED
        told = capsys.readouterr().err
        assert told.startswith("psf-monitor: HAMMER: Hammer Pro did not let psf_monitor in.")
        assert "too many clients" in told


# A host with several addresses.


@pytest.fixture
def localhost_has_two_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(_host: str, port: int, *_args: object, **_more: object) -> list[Any]:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kind, (address, port)) for address in ("127.0.0.1", "127.0.0.2")]

    monkeypatch.setattr(socket, "getaddrinfo", found)


@pytest.mark.usefixtures("localhost_has_two_addresses")
async def test_that_nothing_answers_at_a_host_of_two_addresses_is_said_as_for_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with played({}) as stage:
        nobody = socket.create_server(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        nobody.close()
        settings = replace(
            stage.monitor.settings,
            ibkr={
                mode: replace(profile, host="localhost", port=port)
                for mode, profile in stage.monitor.settings.ibkr.items()
            },
            hammer=replace(stage.monitor.settings.hammer, host="localhost", port=port),
        )
        stage.monitor.reconfigure(settings)
        for link in stage.monitor.links.values():
            link.connect()
        await until(
            lambda: {link.status.state for link in stage.monitor.links.values()} == {LinkState.FAILED}
        )
        said = bannered(stage)
        assert f"Nothing answers at localhost:{port}" in str(stage.monitor.links[GUN].status.problem)
        hammer = stage.monitor.links[AccountMode.HAMMER_PRO].status.problem
        assert f"Hammer Pro does not answer at localhost:{port}" in str(hammer)
        assert "Multiple exceptions" not in said
        assert await snapshot.print_snapshot(settings, (GUN,), 5.0) == snapshot.FAILED
        assert "Multiple exceptions" not in capsys.readouterr().err


# What cannot be read.


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("3|x|Submitted", "order status"),
        ("4|2|-1|not a code|Something.|", "notice of TWS"),
        ("63|1|not a request|U1240821|NetLiquidation|1|USD", "account value"),
        ("61|3|U1240821|not a con id", "position"),
        ("11|1|7", "execution"),
        ("62|1|1|1|1|1", ""),
        ("1|6|17|not a price", ""),
        ("14|2|not a bulletin", ""),
        ("49|1|not a time", ""),
        ("9999|1", "unknown message"),
        ("not a message", "unknown message"),
    ],
)
async def test_that_what_cannot_be_read_is_counted_by_its_kind(
    message: str, kind: str, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("psf_monitor.ibkr.client")
    async with played(HELD_BY_TWO) as stage:
        await stage.connect()
        stage.tws.say(message, message, notice(2148, "URGENT"))
        await until(lambda: "URGENT" in bannered(stage))
        warning = stage.monitor.links[GUN].status.warning
        assert f"2 {kind}" in str(warning) if kind else warning is None


async def test_that_the_check_of_a_tws_without_ibkr_fails_and_ends() -> None:
    of = script("cut_off_at_the_door")
    async with played(of) as stage:
        del stage.tws.answers["16"]
        steps: list[Step] = []
        await runner.run(stage.monitor.settings, (GUN,), steps.append, timing=CheckTiming(0.5))
        ends = {step.name: step for step in steps}
        for name in ("positions", "orders", "account values"):
            assert ends[name].outcome is Outcome.FAILED
        assert "cut off from IBKR (2110)" in ends["positions"].explanation


async def test_that_a_line_that_tws_closes_is_lost_as_of_its_last_word() -> None:
    patient = replace(
        POLLING, answer_s=0.1, heartbeat_every_s=0.05, heartbeat_misses=10_000, orders_override_s=3600.0
    )
    async with played(HELD_BY_TWO, timing=patient) as stage:
        await stage.connect()
        heard_at = stage.clock.now
        await nothing_is_on_the_way(stage)
        stage.clock.advance(40)
        stage.tws.turns_away = [notice(501, "Not now.")]
        stage.tws.close_all()
        await until(lambda: stage.monitor.links[GUN].status.lost_at)
        assert stage.monitor.links[GUN].status.lost_at == heard_at
        (held,) = stage.snapshot()["positions"]
        assert held["stale_since"] == heard_at.isoformat()
