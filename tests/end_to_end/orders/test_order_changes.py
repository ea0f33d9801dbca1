"""What happens while it is watched: in the window's cells, over HTTP, on the command line, in the CSV."""

import socket
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from psf_monitor.book.orders.account_orders import DONE_STAYS_S
from psf_monitor.cli.snapshot import FAILED, QUOTES_MISSING
from tests.support.all_outputs import AllOutputs, all_outputs
from tests.support.records import GUN, NOON, Clock
from tests.support.scripted_tws import Script, script
from tests.support.tws_messages import UNSET, execution, listed, open_order, position
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

HAMMER = {"CIM-B": [24.5, 24.6, 24.55, 24.4]}
CIM = 700000001
UNSETS = ["", "2147483647", "9223372036854775807", UNSET]

Opening = Callable[..., AbstractAsyncContextManager[AllOutputs]]


@pytest.fixture
def watching(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Opening:
    def opening(of: Script, **more: Any) -> AbstractAsyncContextManager[AllOutputs]:
        return all_outputs(of, tmp_path, capsys, **more)

    return opening


def script_with(*orders: list[list[str]], **more: Any) -> dict[str, Any]:
    messages = [message for order in orders for message in order]
    return {"to_61": [position()], "to_16": messages, "hammer": HAMMER, **more}


# Orders.


@pytest.mark.parametrize(
    ("reported", "status", "filled"),
    [([execution(301, 400, 24.9)], "Filled", 400.0), ([execution(301, 150, 24.9)], "Gone", 150.0)],
)
async def test_that_an_order_that_leaves_is_reported_over_http_as_it_ended(
    watching: Opening, reported: list[list[str]], status: str, filled: float
) -> None:
    async with watching(script_with(listed(301, order_id=8, client_id=5, quantity=400))) as seen:
        await seen.product.connect()
        seen.product.tws.answers["7"] = list(reported)
        seen.product.tws.answers["16"] = []
        await until(lambda: seen.product.orders()[301]["filled"] == f"{filled:g}")
        order = (await seen.orders())[301]
        assert (order["status"], order["filled"], order["remaining"]) == (status, filled, 400 - filled)
        assert seen.product.orders()[301]["status"] == status
        assert (await seen.positions())[CIM]["working_sell"] == 0
        assert (await seen.command()).orders() == {}
        seen.product.clock.advance(DONE_STAYS_S)
        assert await seen.orders() == {}


async def test_that_only_an_order_that_appeared_has_a_time_over_http(watching: Opening) -> None:
    async with watching(script_with(listed(1))) as seen:
        await seen.product.connect()
        seen.product.tws.answers["16"] = [*listed(1), *listed(2)]
        await until(lambda: 2 in seen.product.orders())
        placed = {key: order["placed_at"] for key, order in (await seen.orders()).items()}
        assert placed == {1: None, 2: seen.product.clock().isoformat()}
        assert {k: o["placed_at"] for k, o in (await seen.command()).orders().items()} == {1: None, 2: None}


async def test_that_the_terms_of_an_order_are_reported_over_http(watching: Opening) -> None:
    late = "20991130 09:30:00 US/Eastern"
    of = script_with(
        listed(1, reference="PSFALGO:LT_TRIM|x", outside_hours=1),
        listed(2, good_after=late, status="PreSubmitted"),
        listed(3, why_held="locate", status="PreSubmitted"),
    )
    # The fields of a script in one text end at the bar.
    of["to_16"][0][23] = "PSFALGO:LT_TRIM|x"
    async with watching(of) as seen:
        await seen.product.connect()
        for orders in (await seen.orders(), (await seen.command()).orders()):
            first = orders[1]
            assert (first["order_ref"], first["strategy_tag"]) == ("PSFALGO:LT_TRIM|x", "PSFALGO:LT_TRIM|x")
            assert {key: order["outside_rth"] for key, order in orders.items()} == {
                1: True,
                2: False,
                3: False,
            }
            assert [orders[key]["waits_for"] for key in (2, 3)] == ["Waits for time", "Held for locate"]
        assert seen.product.orders()[1]["reference"] == "PSFALGO:LT_TRIM|x"


NUMBERS = ["quantity", "limit", "aux", "trail_stop", "cash", "parent_id", "order_id", "client_id"]


@pytest.mark.parametrize("unset", UNSETS)
async def test_that_no_text_for_an_unset_figure_is_reported_as_one(watching: Opening, unset: str) -> None:
    """Set each field of a trailing limit in turn to every value that TWS uses for an unset figure."""
    orders = []
    for number, name in enumerate(NUMBERS, 1):
        is_id = name in ("parent_id", "order_id", "client_id")
        value = "2147483647" if is_id else unset
        terms: dict[str, Any] = {"order_type": "TRAIL LIMIT", "trail_stop": 23.8, "limit": 23.5, name: value}
        orders.append([open_order(number, **terms)])
    async with watching(script_with(*orders, to_61=[position(unset)])) as seen:
        await seen.product.connect()
        printed = await seen.command()
        assert printed.code == QUOTES_MISSING
        for records in (await seen.orders(), printed.orders()):
            fields = dict(enumerate((records[n] for n in range(1, len(NUMBERS) + 1)), 1))
            assert fields[1]["qty"] is None
            assert fields[2]["limit_price"] is None
            assert fields[4]["stop_price"] is None
            assert fields[5]["cash_qty"] is None
            assert fields[6]["parent_id"] is None
            assert fields[7]["order_id"] == 0
            for order in fields.values():
                order.pop("con_id")
                figures = [value for value in order.values() if isinstance(value, int | float)]
                assert max(map(abs, figures)) < 1e6
        for positions in (await seen.positions(), printed.positions()):
            assert (positions[CIM]["qty"], positions[CIM]["market_value"]) == (None, None)
        shown = [text for cells in seen.product.orders().values() for text in cells.values()]
        assert not any(
            mark in text.replace(",", "") for text in shown for mark in ("2147483647", "9223372", "E+")
        )


# What is held, and by whom.


async def test_that_the_models_of_an_account_are_reported_over_http(watching: Opening) -> None:
    accounts = ",".join(f"U12408{n}" for n in range(21, 81))
    held = [
        ["71", "1", "{req}", *position(quantity, cost)[2:], model]
        for model, quantity, cost in (("Income", 300, 24.0), ("Growth", 100, 26.0))
    ]
    values = [f"73|1|{{req}}|U1240821|{m}|NetLiquidation|1000.5|USD" for m in ("Income", "Growth")]
    of = {
        "accounts": accounts,
        "account_id": "U1240821",
        "to_74": held,
        "to_76": values,
        "hammer": HAMMER,
    }
    async with watching(of) as seen:
        await seen.product.connect()
        await until(lambda: seen.product.monitor.book.strip(GUN).net_liquidation)
        printed = await seen.command()
        for positions in (await seen.positions(), printed.positions()):
            held_now = positions[CIM]
            assert (held_now["qty"], held_now["avg_price"]) == (400, 24.5)
            assert held_now["models"] == {"Income": 300, "Growth": 100}
        summary = (await seen.http("account/ibkr/summary"))["summary"]
        assert printed.reported is not None
        assert summary["net_liquidation"] == printed.reported["summaries"][0]["net_liquidation"] == 2001.0


async def test_that_another_login_behind_the_port_is_reported_over_http(watching: Opening) -> None:
    async with watching(script_with(listed(1))) as seen:
        tws = seen.product.tws
        await seen.product.connect()
        tws.accounts = "U7770001"
        tws.answers["61"] = [position(7, account="U7770001")]
        tws.answers["16"] = []
        tws.answers["62"] = ["63|1|{req}|U7770001|NetLiquidation|5.00|USD"]
        tws.close_all()
        await until(lambda: [p["quantity"] for p in seen.product.positions()] == ["7"])
        assert {p["account"] for p in (await seen.positions()).values()} == {"U7770001"}
        assert await seen.orders() == {}
        await until(lambda: seen.product.monitor.book.strip(GUN).net_liquidation == 5.0)
        summaries = (await seen.http("account/ibkr/summary"))["summaries"]
        assert [(s["account"], s["net_liquidation"]) for s in summaries] == [("U7770001", 5.0)]
        assert "U••••821 left, U••••001 came" in (await seen.status())["error"]


async def test_that_an_account_that_is_announced_is_reported_over_http(watching: Opening) -> None:
    async with watching(script_with()) as seen:
        tws = seen.product.tws
        await seen.product.connect()
        tws.answers["61"].append(position(7, account="U5550001"))
        tws.send("15|1|U1240821,U5550001")
        await until(
            lambda: "no account values of U••••001" in str(seen.product.monitor.book.account_state(GUN))
        )
        assert "no account values" in (await seen.status())["error"]
        summaries = (await seen.http("account/ibkr/summary"))["summaries"]
        assert {s["account"]: s["net_liquidation"] for s in summaries} == {
            "U1240821": 250_000.0,
            "U5550001": None,
        }
        tws.answers["62"].append("63|1|{req}|U5550001|NetLiquidation|1000.00|USD")
        seen.product.monitor.refresh()
        await until(lambda: seen.product.monitor.book.strip(GUN).net_liquidation == 251_000.0)
        assert (await seen.status())["error"] is None
        accounts = [p["account"] for p in (await seen.http("account/ibkr/positions"))["positions"]]
        assert sorted(accounts) == ["U1240821", "U5550001"]


@pytest.mark.parametrize("venue", ["VALUE", "CORPACT", "ESCROW"])
async def test_that_a_dead_share_at_a_venue_of_ibkrs_own_has_no_price_anywhere(
    watching: Opening, venue: str
) -> None:
    dead = position(
        500, 18.5, con_id=55, symbol="DHCNI", local_symbol="DHCNI", exchange=venue, sec_type="STK"
    )
    of = {"to_61": [dead], "hammer": {"DHCNI": [36.0, 36.4, 36.2, 36.0]}}
    async with watching(of) as seen:
        await seen.product.connect()
        printed = await seen.command()
        assert printed.code == QUOTES_MISSING
        why = f"at {venue}, IBKR's own venue for what is not traded: HAMMER is not asked"
        for positions in (await seen.positions(), printed.positions()):
            reported = positions[55]
            assert (reported["current_price"], reported["market_value"], reported["unrealized_pnl"]) == (
                None,
                None,
                None,
            )
            assert (reported["no_price"], reported["price_status"]) == (why, "NO_PRICE")
        (cells,) = seen.product.positions()
        assert (cells["last"], cells["market_value"]) == ("—", "—")
        assert seen.product.hammer.asked_for == frozenset()


# The connection.


async def test_that_nothing_answers_at_a_localhost_of_two_addresses_is_reported_over_http(
    watching: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = socket.create_server(("127.0.0.1", 0))
    port = nobody.getsockname()[1]
    nobody.close()
    asked = socket.getaddrinfo

    def found(host: str, port: int, *args: Any, **more: Any) -> list[Any]:
        if host != "localhost":
            return list(asked(host, port, *args, **more))
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kind, (address, port)) for address in ("127.0.0.1", "127.0.0.2")]

    async with watching({}) as seen:
        monkeypatch.setattr(socket, "getaddrinfo", found)
        refused = await seen.api.post(
            "account/ibkr/connect", params={"account_type": GUN.value, "host": "localhost", "port": port}
        )
        assert refused.status_code == 503
        assert refused.json()["what"] == f"Nothing answers at localhost:{port}."
        assert "Multiple exceptions" not in refused.text
        assert f"Nothing answers at localhost:{port}" in (await seen.status())["error"]


async def test_that_a_tws_that_loses_ibkr_during_the_handshake_gives_no_snapshot_until_it_is_back(
    watching: Opening,
) -> None:
    async with watching(script("cut_off_at_login")) as seen:
        await seen.product.connect()
        reported = (await seen.positions())[CIM]
        assert reported["stale_since"] is not None
        status = await seen.status()
        assert (status["state"], "(2110)" in status["error"]) == ("CUT_OFF", True)
        health = (await seen.http("/health"))["links"][GUN.value]
        assert (health["state"], "(2110)" in health["error"]) == ("CUT_OFF", True)
        assert (await seen.command(0.5)).code == FAILED
        seen.product.tws.send("4|2|-1|1102|Connectivity has been restored - data maintained.|")
        await until(lambda: seen.product.snapshot()["positions"][0]["stale_since"] is None)
        assert (await seen.status())["error"] is None


# Executions.


async def test_that_the_clock_of_tws_decides_times_and_gaps_over_http(watching: Opening) -> None:
    clock = Clock(datetime(2026, 11, 25, 22, 30, tzinfo=UTC))
    of = {
        "handshake_time": "20261126 01:30:00 TRT",
        "to_61": [position()],
        "hammer": HAMMER,
        "to_7": [_at("20261126 00:45:30"), _at("20261126 00:46:30 Middle Earth Time", 2)],
    }
    async with watching(of, clock=clock) as seen:
        await seen.product.connect()
        await until(lambda: seen.product.monitor.fills.state(GUN).as_of)
        reported = await seen.http("fills")
        assert [fill["timestamp"] for fill in reported["fills"]] == ["2026-11-25T21:45:30+00:00", None]
        assert [fill["trade_date"] for fill in reported["fills"]] == ["2026-11-25", None]
        assert reported["fills"][1]["time_as_reported"] == "20261126 00:46:30 Middle Earth Time"
        gaps = reported["gaps"][GUN.value]
        assert gaps[0].startswith("what was traded from 00:00:00 to 16:00:00 New York is not known")
        assert any("1 execution has no time" in gap for gap in gaps)
        assert reported["as_of"][GUN.value] is not None
        held = (await seen.positions())[CIM]
        assert held["day_pnl"] is None
        assert "today's executions are not known in full" in held["day_pnl_gap"]
        lines = await seen.exported(date(2026, 11, 25))
        assert [line["Time (UTC)"] for line in lines] == ["2026-11-25T21:45:30+00:00", ""]


def _at(stamp: str, number: int = 1) -> list[str]:
    reported = execution(number, 100, 24.5, number)
    reported[15] = stamp
    return reported


async def test_that_a_correction_and_its_trade_date_are_reported_over_http(watching: Opening) -> None:
    done = execution(301, 100, 24.9)
    done[15] = "20260917 20:30:00 US/Eastern"
    cost = ["59", "1", done[14], "1.25", "USD", "45.00", UNSET, "0"]
    async with watching(script_with(to_7=[done, cost]), clock=Clock(NOON)) as seen:
        await seen.product.connect()
        await until(lambda: seen.product.fills() and seen.product.fills()[0]["realized_pnl"] != "—")
        (fill,) = await seen.fills()
        assert (fill["trade_date"], fill["session"], fill["realized_pnl"]) == (
            "2026-09-18",
            "overnight",
            45.0,
        )
        corrected = [*done]
        corrected[14], corrected[20] = done[14].replace(".01.01", ".01.02"), "24.8"
        seen.product.tws.answers["7"] = [done, cost, corrected]
        seen.product.monitor.refresh()
        await until(lambda: seen.product.fills()[0]["price"] == "24.80")
        (fill,) = await seen.fills()
        assert (fill["price"], fill["realized_pnl"], fill["commission"]) == (24.8, None, None)
        await until(lambda: "corrected execution" in "".join(seen.product.monitor.fills.state(GUN).gaps))
        gaps = (await seen.http("fills"))["gaps"][GUN.value]
        assert any(
            "has not reported the cost and the realized P&L of a corrected execution" in gap for gap in gaps
        )
        (line,) = await seen.exported(date(2026, 9, 18))
        assert (line["Trade date"], line["Session"], line["Price"], line["Realized P&L"]) == (
            "2026-09-18",
            "overnight",
            "24.8",
            "",
        )
        late = [*cost]
        late[2], late[5] = corrected[14], "35.00"
        seen.product.tws.answers["7"] = [done, cost, corrected, late]
        seen.product.monitor.refresh()
        await until(lambda: seen.product.fills()[0]["realized_pnl"] != "—")
        (fill,) = await seen.fills()
        assert fill["realized_pnl"] == 35.0


async def test_that_a_liquidation_is_reported_over_http_and_in_the_csv(watching: Opening) -> None:
    clock = Clock(datetime(2026, 9, 18, 13, 41, tzinfo=UTC))
    async with watching(script("margin_warning"), clock=clock) as seen:
        await seen.product.connect()
        await until(lambda: seen.product.monitor.fills.state(GUN).as_of)
        before = await seen.http("fills")
        assert (before["count"], before["problems"][GUN.value]) == (0, None)
        (gap,) = before["gaps"][GUN.value]
        assert "of the evening before" in gap
        seen.product.tws.send_next()
        seen.product.tws.send_next()
        await until(lambda: seen.product.fills(), what="the fill")
        (fill,) = await seen.fills()
        assert (fill["liquidation"], fill["side"], fill["qty"], fill["price"]) == (True, "SELL", 300, 20.98)
        assert [m["code"] for m in (await seen.status())["messages"]] == [2148]
        await until(lambda: seen.product.positions()[0]["quantity"] == "100")
        assert (await seen.positions())[CIM]["qty"] == 100
        (line,) = await seen.exported()
        assert (line["Note"], line["Quantity"]) == ("liquidated by IBKR", "300")
        # It is not there again before the question is answered.
        seen.product.tws.hold()
        seen.product.tws.close_all()
        await until(lambda: seen.product.monitor.fills.state(GUN).problem)
        assert (await seen.http("fills"))["problems"][GUN.value] is not None


async def test_that_an_order_without_a_quantity_leaves_the_potential_unknown(watching: Opening) -> None:
    async with watching(script_with(listed(1), listed(2, quantity=""))) as seen:
        await seen.product.connect()
        for positions in (await seen.positions(), (await seen.command()).positions()):
            reported = positions[CIM]
            assert (reported["working_sell"], reported["working_uncounted"], reported["potential_qty"]) == (
                100,
                1,
                None,
            )
