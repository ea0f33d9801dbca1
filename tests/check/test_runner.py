"""``psf-monitor check`` where everything is well: every step once, nothing sent but what reads."""

import asyncio
import io
import itertools
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from psf_monitor.check import runner as check
from psf_monitor.check.steps import STEPS, Outcome, Step
from psf_monitor.check.timing import CheckTiming
from psf_monitor.ibkr.guard import ALLOWED_REQUESTS
from psf_monitor.sim.demo import Gateways
from tests.check.printed import ALL, HAMMER, Checked, Printed, with_login
from tests.support.records import GUN, PED
from tests.support.sim_servers import settings_for
from tests.support.waiting import (
    LIMIT_S,
    PATIENCE_S,
    PROCESS_PATIENCE_S,
    limits_run_out,
    line_of,
    running_tasks,
    until,
)

# -- everything well ---------------------------------------------------------------------------------------


async def test_that_every_step_is_reported_with_what_came(gateways: Gateways, checked: Checked) -> None:
    printed = await checked(settings_for(gateways))
    assert printed.code == check.ALL_OK
    assert all(printed.is_all_ok(target) for target in ALL)
    assert printed.of(GUN, "name") == ("ok", "127.0.0.1")
    client_id = settings_for(gateways).ibkr[GUN].client_id
    assert printed.of(GUN, "handshake") == ("ok", f"TWS API 176, client id {client_id}")
    assert printed.of(GUN, "accounts") == ("ok", "U••••821 (live)")
    assert printed.of(GUN, "positions") == ("ok", "12 positions")
    assert printed.of(GUN, "orders") == ("ok", "5 open orders")
    assert printed.of(PED, "account values") == ("ok", "of 1 account")
    assert printed.of(HAMMER, "data source") == ("ok", "ALARICQ")
    assert printed.text.endswith("Result: IBKR_GUN ok, IBKR_PED ok, HAMMER_PRO ok.\n")
    assert not re.search("[0-9]{6}", printed.text), "an account id"


async def test_that_the_log_marks_which_lines_are_the_tests(
    gateways: Gateways, checked: Checked, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await checked(settings_for(gateways), [GUN])
    first, *lines, last = caplog.messages
    assert first == "IBKR_GUN: its connection test begins"
    assert "IBKR_GUN: ready" in lines
    assert last == "IBKR_GUN: its connection test has ended"


async def test_that_the_quote_is_of_a_share_that_is_held(gateways: Gateways, checked: Checked) -> None:
    printed = await checked(settings_for(gateways))
    symbol = printed.of(HAMMER, "quote")[1].partition(":")[0]
    assert symbol in {h.security.local_symbol for h in gateways.market.holdings.values() if h.quantity}
    security = gateways.market.security(symbol)
    assert f"bid {security.bid:.2f}, ask {security.ask:.2f}" in printed.text


async def test_that_without_a_login_that_lists_positions_the_quote_does_not_wait(
    gateways: Gateways, checked: Checked
) -> None:
    settings = settings_for(gateways)
    await gateways.gun.stop()
    printed = await checked(with_login(settings, PED, host="no..computer"), held_symbol_s=3600.0)
    assert printed.of(HAMMER, "quote")[1].startswith("SPY: bid ")


async def test_that_a_login_that_waits_for_a_person_does_not_hold_the_quote_up(
    gateways: Gateways, checked: Checked
) -> None:
    gateways.gun.faults.silent = True
    printed = await checked(
        settings_for(gateways), [GUN, HAMMER], held_symbol_s=0.0, runs_out_behind=["quote"]
    )
    assert printed.text.index("HAMMER_PRO  quote           ok") < printed.text.index("IBKR_GUN    handshake")


async def test_that_the_time_of_the_quote_is_from_its_asking(
    gateways: Gateways,
) -> None:
    gateways.gun.faults.silent = True
    steps: dict[str, Step] = {}
    now_s = 0.0

    def report(step: Step) -> None:
        nonlocal now_s
        steps[step.name] = step
        if step.name == "handshake":
            now_s += 1000.0
        if step.name in ("account", "TCP") and {"account", "TCP"} <= steps.keys():
            asyncio.get_running_loop().call_later(0.02, limits_run_out)

    await check.run(
        settings_for(gateways),
        [GUN, HAMMER],
        report,
        timing=CheckTiming(LIMIT_S, 3600.0, lambda: now_s),
    )
    assert steps["handshake"].outcome is Outcome.FAILED
    assert steps["quote"].took_ms == 0.0


async def test_that_the_records_hold_no_account_id_and_count_the_time(gateways: Gateways) -> None:
    steps: list[Step] = []
    ticks = itertools.count()
    await check.run(
        settings_for(gateways),
        ALL,
        steps.append,
        timing=CheckTiming(PATIENCE_S, stopwatch=lambda: float(next(ticks))),
    )
    assert sorted((s.target, s.name) for s in steps) == sorted((t, n) for t in ALL for n in STEPS[t])
    assert not [step for step in steps if re.search("[0-9]{6}", step.result + step.explanation)]
    assert all(step.took_ms is not None and step.took_ms >= 1000 for step in steps)


async def test_that_one_target_can_be_checked_alone(gateways: Gateways, checked: Checked) -> None:
    printed = await checked(settings_for(gateways), [HAMMER])
    assert printed.code == check.ALL_OK
    assert printed.of(HAMMER, "quote")[1].startswith("SPY: bid ")
    assert "IBKR" not in printed.text
    assert gateways.gun.received == gateways.ped.received == []


async def test_that_a_check_only_reads_and_leaves_nothing_behind(
    gateways: Gateways, checked: Checked
) -> None:
    tasks = running_tasks()
    await checked(settings_for(gateways))
    await until(lambda: running_tasks() == tasks, what="every task's end")
    assert gateways.gun.connections == gateways.ped.connections == 0
    await until(lambda: not gateways.hammer.connections, what="HAMMER's line closed")
    sent = {request for _, request in (*gateways.gun.received, *gateways.ped.received)}
    assert sent <= ALLOWED_REQUESTS.keys()
    assert gateways.gun.refused == gateways.ped.refused == []
    assert gateways.hammer.refused == []


async def test_that_a_check_can_be_stopped_at_any_step(gateways: Gateways) -> None:
    before = running_tasks()
    for target, names in STEPS.items():
        for name in names:
            seen = asyncio.Event()

            def report(step: Step, at: tuple[str, str] = (target, name), seen: asyncio.Event = seen) -> None:
                if (step.target, step.name) == at:
                    seen.set()

            checking = asyncio.create_task(
                check.run(settings_for(gateways), ALL, report, timing=CheckTiming(PATIENCE_S))
            )
            await asyncio.wait_for(seen.wait(), PATIENCE_S)
            checking.cancel()
            await asyncio.gather(checking, return_exceptions=True)
            assert checking.cancelled()
            await until(lambda: not gateways.gun.connections + gateways.ped.connections)
            await until(lambda: not gateways.hammer.connections)
            assert running_tasks() == before


async def test_that_a_listener_that_breaks_ends_the_check_and_every_line(gateways: Gateways) -> None:
    def report(step: Step) -> None:
        if step.name == "accounts":
            raise RuntimeError("the paper ran out")

    with pytest.raises(ExceptionGroup) as raised:
        await check.run(settings_for(gateways), ALL, report, timing=CheckTiming(PATIENCE_S))
    assert raised.group_contains(RuntimeError, match="the paper ran out")
    await until(lambda: not gateways.gun.connections + gateways.ped.connections)
    await until(lambda: not gateways.hammer.connections)


async def test_that_a_login_that_is_not_what_the_settings_expect_is_reported(
    gateways: Gateways, checked: Checked
) -> None:
    settings = with_login(settings_for(gateways), GUN, expects_paper=True)
    printed = await checked(settings, [GUN])
    assert printed.of(GUN, "accounts")[1] == "U••••821 (live, not what the settings expect)"


async def test_that_a_console_without_the_letters_gets_question_marks(
    gateways: Gateways, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii", write_through=True)
    monkeypatch.setattr(sys, "stdout", narrow)
    assert await check.report(settings_for(gateways), [GUN], CheckTiming(PATIENCE_S)) == check.ALL_OK
    assert b"U????821 (live)" in narrow.buffer.getvalue()


# -- the command -------------------------------------------------------------------------------------------


def test_that_the_command_checks_what_the_simulator_command_serves(tmp_path: Path) -> None:
    """Two processes, nothing shared but the ports that the one prints."""
    homes = (
        "HOME",
        "XDG_STATE_HOME",
        "XDG_CONFIG_HOME",
        "WIN_PD_OVERRIDE_LOCAL_APPDATA",
        "WIN_PD_OVERRIDE_APPDATA",
    )
    environment = os.environ | dict.fromkeys(homes, str(tmp_path)) | {"PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(
        [sys.executable, "-m", "psf_monitor.sim"], stdout=subprocess.PIPE, text=True
    ) as sim:
        try:
            ports = json.loads(line_of(sim))
            result = subprocess.run(
                [
                    *(
                        sys.executable,
                        "-m",
                        "psf_monitor",
                        "check",
                        "--hammer-port",
                        str(ports["hammer_port"]),
                    ),
                    *("--gun-port", str(ports["tws_port"]), "--ped-port", str(ports["ped_port"])),
                ],
                env=environment | {"HAMMER_PASSWORD": "swordfish"},
                cwd=tmp_path,
                capture_output=True,
                encoding="utf-8",
                check=False,
                timeout=PROCESS_PATIENCE_S,
            )
        finally:
            sim.terminate()
    printed = Printed(result.returncode, result.stdout)
    assert (printed.code, result.stderr) == (check.FAILED, "")
    assert printed.is_all_ok(GUN)
    assert printed.is_all_ok(PED)
    assert printed.failed_at(HAMMER) == "password"
    (log,) = tmp_path.rglob("psf_monitor.log")
    kept = log.read_text(encoding="utf-8")
    assert "starts: check" in kept
    assert "Hammer Pro refused the password." in kept
    assert not re.search("swordfish|U[0-9]{7}", kept)
