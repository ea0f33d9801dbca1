"""``psf-monitor snapshot --json`` against both simulated servers: the market's own book, to the cent."""

import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from msgspec.structs import replace

from psf_monitor.cli import snapshot
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.settings import IbkrProfile
from psf_monitor.sim.demo import Gateways
from psf_monitor.sim.hammer.account import OwnAccount
from tests.conftest import ExpectedErrors
from tests.support.records import GUN, PED
from tests.support.sim_servers import settings_for, standing_still
from tests.support.waiting import LONGER_AND_LONGER_S, PATIENCE_S, PROCESS_PATIENCE_S, line_of, running_tasks

HAMMER = AccountMode.HAMMER_PRO

UNKNOWN_TO_HAMMER = "TWO PRB"

RECORDS = ("positions", "orders", "summaries")


@pytest.fixture
async def gateways() -> AsyncIterator[Gateways]:
    async with standing_still() as both:
        yield both


async def take(
    gateways: Gateways, capsys: pytest.CaptureFixture[str], *modes: Any, timeout_s: float = PATIENCE_S
) -> tuple[int, dict[str, Any]]:
    code = await snapshot.print_snapshot(settings_for(gateways), modes or IBKR_MODES, timeout_s)
    return code, json.loads(capsys.readouterr().out)


async def test_that_the_snapshot_is_the_market_to_the_cent(
    gateways: Gateways, capsys: pytest.CaptureFixture[str]
) -> None:
    code, reported = await take(gateways, capsys)
    assert code == snapshot.QUOTES_MISSING  # one symbol that HAMMER does not know
    market = gateways.market

    held = {(h.account, h.security.con_id): h for h in market.holdings.values() if h.quantity}
    assert {(p["account"], p["con_id"]) for p in reported["positions"]} == held.keys()
    for p in reported["positions"]:
        holding = held[p["account"], p["con_id"]]
        security = holding.security
        assert (p["symbol"], p["qty"]) == (security.local_symbol, holding.quantity)
        assert p["avg_price"] == pytest.approx(holding.average_cost / security.multiplier)
        assert p["account_type"] == ("IBKR_GUN" if p["account"] == "U1240821" else "IBKR_PED")
        if security.local_symbol == UNKNOWN_TO_HAMMER:
            assert {p[k] for k in ("current_price", "bid", "ask", "market_value", "unrealized_pnl")} == {None}
            continue
        assert (p["bid"], p["ask"]) == (security.bid, security.ask)
        price = min(max(security.last, security.bid), security.ask)
        assert p["current_price"] == price
        assert p["market_value"] == pytest.approx(holding.quantity * price, abs=0.005)
        assert p["unrealized_pnl"] == pytest.approx(
            holding.quantity * (price - holding.average_cost), abs=0.005
        )

    working = {o.perm_id: o for o in market.orders.values() if o.status not in ("Filled", "Cancelled")}
    assert {o["perm_id"] for o in reported["orders"]} == working.keys()
    for o in reported["orders"]:
        order = working[o["perm_id"]]
        assert (o["order_id"], o["symbol"]) == (order.order_id, order.security.local_symbol)
        assert (o["side"], o["qty"], o["filled"], o["remaining"]) == (
            order.action,
            order.quantity,
            order.filled,
            order.remaining,
        )
        assert (o["order_type"], o["limit_price"], o["status"]) == (
            order.order_type,
            order.limit_price,
            order.status,
        )

    for s in reported["summaries"]:
        rows = {(row.tag, row.currency): row.value for row in market.account_values(s["account"])}
        assert s["connected"] is True
        assert s["net_liquidation"] == float(rows["NetLiquidation", "USD"])
        assert s["available_funds"] == float(rows["AvailableFunds", "USD"])
        assert [s["initial_margin"], s["maintenance_margin"]] == [float(rows["MaintMarginReq", "USD"])] * 2
        assert s["gross_position_value"] == float(rows["GrossPositionValue", "USD"])


async def test_that_one_account_can_be_asked_for(
    gateways: Gateways, capsys: pytest.CaptureFixture[str]
) -> None:
    code, reported = await take(gateways, capsys, GUN)
    assert code == snapshot.COMPLETE
    for part in (reported[each] for each in RECORDS):
        assert {record["account_type"] for record in part} == {"IBKR_GUN"}
    assert gateways.ped.received == []


async def test_that_two_profiles_that_reach_one_login_report_its_rows_once_and_name_each_other(
    gateways: Gateways, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_for(gateways)
    port = gateways.gun.port
    twins = {GUN: IbkrProfile(GUN, "127.0.0.1", port, 5), PED: IbkrProfile(PED, "localhost", port, 6)}
    settings = replace(settings, ibkr=twins)
    assert await snapshot.print_snapshot(settings, IBKR_MODES, PATIENCE_S) == snapshot.COMPLETE
    printed = capsys.readouterr()
    reported = json.loads(printed.out)["positions"]
    held = [h for h in gateways.market.holdings.values() if h.quantity and h.account == "U1240821"]
    assert len(reported) == len(held)
    assert printed.err.count("reaches the same TWS login") == 1
    assert (
        "psf-monitor: IBKR_PED: IBKR_GUN reaches the same TWS login, and its rows are given once.\n"
        in printed.err
    )


async def test_that_one_client_id_for_two_profiles_at_one_place_is_blamed_on_no_other_program(
    gateways: Gateways, capsys: pytest.CaptureFixture[str], expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync")
    settings = settings_for(gateways)
    port = gateways.gun.port
    twins = {GUN: IbkrProfile(GUN, "127.0.0.1", port, 5), PED: IbkrProfile(PED, "localhost", port, 5)}
    assert (
        await snapshot.print_snapshot(replace(settings, ibkr=twins), IBKR_MODES, PATIENCE_S)
        == snapshot.FAILED
    )
    text = capsys.readouterr().err
    assert re.match(r"psf-monitor: (IBKR_\w+): Client id 5 is already used by (?!\1)IBKR_\w+\.", text)
    assert "another program" not in text


async def test_that_hammers_own_account_can_be_asked_for(
    gateways: Gateways, capsys: pytest.CaptureFixture[str]
) -> None:
    own = OwnAccount(gateways.market.clock)
    own.place("Buy", "CIM-B", 300, 24.50)
    gateways.hammer.accounts.by_key[own.key] = own
    code, reported = await take(gateways, capsys, HAMMER)
    assert code == snapshot.COMPLETE
    held = {p["symbol"]: p for p in reported["positions"]}
    assert {symbol: p["qty"] for symbol, p in held.items()} == {"NLY PRG": 500, "GS PRA": -200}
    security = gateways.market.security("NLY PRG")
    assert (held["NLY PRG"]["bid"], held["NLY PRG"]["current_price"]) == (security.bid, security.mark)
    assert (held["NLY PRG"]["account_type"], held["NLY PRG"]["con_id"]) == ("HAMMER_PRO", None)
    (order,) = reported["orders"]
    assert (order["order_id"], order["perm_id"], order["symbol"]) == ("70001", None, "CIM PRB")
    (summary,) = reported["summaries"]
    assert (summary["account"], summary["net_liquidation"]) == ("TOPI000000A1", 258_048.0)
    assert gateways.gun.received == gateways.ped.received == []


async def test_that_a_missing_account_of_hammer_is_no_empty_snapshot(
    gateways: Gateways, capsys: pytest.CaptureFixture[str]
) -> None:
    gateways.hammer.accounts.by_key.clear()
    assert await snapshot.print_snapshot(settings_for(gateways), [HAMMER], PATIENCE_S) == snapshot.FAILED
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "psf-monitor: HAMMER_PRO: Hammer Pro has no trading account set up. Set one up there.\n"


async def test_that_hammers_own_account_is_not_waited_for_when_nobody_asks(
    gateways: Gateways, capsys: pytest.CaptureFixture[str]
) -> None:
    own = OwnAccount(gateways.market.clock, holdings={"NOBODY": (1.0, 1.0)})
    gateways.hammer.accounts.by_key[own.key] = own
    code, reported = await take(gateways, capsys, GUN)
    assert code == snapshot.COMPLETE
    assert {record["account_type"] for part in RECORDS for record in reported[part]} == {"IBKR_GUN"}


async def test_that_a_price_that_hammer_does_not_report_is_null_in_the_snapshot(
    gateways: Gateways, capsys: pytest.CaptureFixture[str]
) -> None:
    faults = gateways.hammer.faults
    faults.unanswered_symbols.add("CIM-B")
    faults.unsent.add("CIM-B")
    settings = settings_for(gateways)
    for wait_s in LONGER_AND_LONGER_S:
        code = await snapshot.print_snapshot(settings, [GUN], wait_s)
        out = capsys.readouterr().out
        if code == snapshot.QUOTES_MISSING:
            break
    answer = json.loads(out)
    (each,) = [each for each in answer["positions"] if each["symbol"] == "CIM PRB"]
    assert (each["quote_state"] == "LIVE", each["price_status"]) == (False, "NO_PRICE")
    figures = ("current_price", "timestamp", "bid", "ask", "market_value", "unrealized_pnl", "day_pnl")
    assert [each[name] for name in figures] == [None] * len(figures)


async def test_that_the_fields_are_those_of_psfalgo(
    gateways: Gateways, capsys: pytest.CaptureFixture[str]
) -> None:
    _code, reported = await take(gateways, capsys, GUN)
    assert list(reported) == [*RECORDS, "totals", "groups", "exposure"]
    assert list(reported["positions"][0]) == [
        "symbol",
        "qty",
        "avg_price",
        "account",
        "account_type",
        "current_price",
        "timestamp",
        "con_id",
        "market_value",
        "unrealized_pnl",
        "bid",
        "ask",
        "currency",
        "day_pnl",
        "quote_state",
        "stale_since",
        "excluded",
        "key",
        "working_buy",
        "working_sell",
        "working_uncounted",
        "listed_as",
        "other_names",
        "also_quoted",
        "price_unit",
        "no_price",
        "day_pnl_gap",
        "prev_close",
        "price_status",
        "potential_qty",
        "quote_as_of",
        "quote_late_s",
        "models",
        "issuer",
        *("cost_basis", "net_liquidation_pct", "current_yield", "days_to_ex_dividend", "days_to_call"),
        "facts",
        "befday_qty",
        "befday_cost",
        "group",
        "lt_qty",
        "mm_qty",
        "facts_as_of",
    ]
    assert list(reported["orders"][0]) == [
        "order_id",
        "perm_id",
        "symbol",
        "side",
        "qty",
        "order_type",
        "limit_price",
        "status",
        "filled",
        "remaining",
        "account",
        "account_type",
        "currency",
        "stop_price",
        "tif",
        "stale_since",
        "excluded",
        "key",
        "con_id",
        "sec_type",
        "listed_as",
        "cash_qty",
        "order_ref",
        "oca_group",
        "parent_id",
        "waits_for",
        "near_fill",
        "action",
        "price",
        "strategy_tag",
        "no_price",
        "quote_state",
        "quote_as_of",
        "quote_late_s",
        "ahead",
        "ahead_place",
        *("placed_at", "placed_at_reported", "unread"),
        "outside_rth",
        "legs",
        "good_till",
        "algorithm",
        "price_unit",
        "facts",
        "yield_at_limit",
        "hidden",
        "display_size",
        "discretionary_amt",
        "offset",
        "trailing_percent",
        "capped_at",
        "attributes",
    ]
    assert list(reported["summaries"][0]) == [
        "account_type",
        "account",
        "connected",
        "net_liquidation",
        "buying_power",
        "total_cash",
        "gross_position_value",
        "available_funds",
        "unrealized_pnl",
        "realized_pnl",
        *("excess_liquidity", "initial_margin", "maintenance_margin"),
        "currency",
        *("in_review", "stale_since"),
        "key",
    ]


async def test_that_after_the_snapshot_every_line_is_closed(
    gateways: Gateways, capsys: pytest.CaptureFixture[str]
) -> None:
    tasks = running_tasks()
    await take(gateways, capsys)
    assert gateways.gun.connections == gateways.ped.connections == 0
    assert running_tasks() == tasks


async def test_that_a_failed_connection_is_one_clear_line_and_no_json(
    gateways: Gateways, capsys: pytest.CaptureFixture[str], expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync.client")
    settings = settings_for(gateways)
    await gateways.ped.stop()
    assert await snapshot.print_snapshot(settings, IBKR_MODES, PATIENCE_S) == snapshot.FAILED
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("psf-monitor: IBKR_PED: Nothing answers at 127.0.0.1:")
    assert err.count("\n") == 1


async def test_that_every_connection_that_fails_is_named_whichever_fails_first(
    gateways: Gateways, capsys: pytest.CaptureFixture[str], expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync.client")
    settings = settings_for(gateways)
    for server in (gateways.gun, gateways.ped, gateways.hammer):
        await server.stop()
    assert await snapshot.print_snapshot(settings, IBKR_MODES, PATIENCE_S) == snapshot.FAILED
    reported = [line.split(": ")[1] for line in capsys.readouterr().err.splitlines()]
    assert reported == ["IBKR_GUN", "IBKR_PED", "HAMMER"]


async def test_that_a_hammer_that_does_not_answer_fails_too(
    gateways: Gateways, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_for(gateways)
    await gateways.hammer.stop()
    assert await snapshot.print_snapshot(settings, [GUN], PATIENCE_S) == snapshot.FAILED
    assert "Hammer Pro does not answer" in capsys.readouterr().err


async def test_that_orders_that_are_not_available_are_no_empty_list(
    gateways: Gateways, capsys: pytest.CaptureFixture[str]
) -> None:
    gateways.gun.faults.unanswered.add(16)
    text = "not connected"
    for wait_s in LONGER_AND_LONGER_S:
        # A busy computer takes longer to connect.
        if "not connected" in text:
            assert await snapshot.print_snapshot(settings_for(gateways), [GUN], wait_s) == snapshot.FAILED
            text = capsys.readouterr().err
    assert "did not list the orders" in text


def test_that_the_command_reads_what_the_simulator_command_serves(tmp_path: Any) -> None:
    """Two processes, nothing shared but the ports that the one prints."""
    with subprocess.Popen(
        [sys.executable, "-m", "psf_monitor.sim", "--seed", "3"], stdout=subprocess.PIPE, text=True
    ) as sim:
        try:
            ports = json.loads(line_of(sim))
            result = subprocess.run(
                [
                    *(sys.executable, "-m", "psf_monitor", "snapshot", "--json", "--account", "IBKR_PED"),
                    *("--ped-port", str(ports["ped_port"]), "--hammer-port", str(ports["hammer_port"])),
                ],
                env=os.environ | {"HAMMER_PASSWORD": ports["hammer_password"]},
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=False,
                timeout=PROCESS_PATIENCE_S,
            )
        finally:
            sim.terminate()
    assert result.returncode == snapshot.QUOTES_MISSING, result.stderr
    assert {p["account"] for p in json.loads(result.stdout)["positions"]} == {"U1770037"}
