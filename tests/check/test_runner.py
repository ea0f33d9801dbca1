"""``psf-monitor check`` against both simulated far sides: what it says of every way to fail."""

import asyncio
import io
import itertools
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from psf_monitor.check import runner as check
from psf_monitor.check.steps import STEPS, Outcome, Step
from psf_monitor.check.timing import HELD_SYMBOL_WAIT_S, CheckTiming
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.ibkr.guard import ALLOWED_REQUESTS
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.settings import IbkrProfile, Settings
from psf_monitor.sim.demo import Gateways
from psf_monitor.sim.hammer.account import OwnAccount
from psf_monitor.sim.market.records import SimHolding
from psf_monitor.sim.tws import layouts
from tests.conftest import ExpectedErrors
from tests.far_sides import settings_for, standing_still
from tests.records import GUN, PED
from tests.running_tasks import running_tasks
from tests.waiting import PATIENCE_S, PROCESS_PATIENCE_S, until

HAMMER = AccountMode.HAMMER_PRO
ALL = (GUN, PED, HAMMER)
SHORT_S = 0.3
"""For what never comes; everything else gets ``PATIENCE_S``."""


@pytest.fixture(autouse=True)
def _ib_insync_may_complain(expected_errors: ExpectedErrors) -> None:
    """It logs what TWS says as errors of its own."""
    expected_errors.allow("ib_insync.client", "ib_insync.wrapper")


@pytest.fixture
async def gateways() -> AsyncIterator[Gateways]:
    async with standing_still() as both:
        yield both


@dataclass(frozen=True, slots=True)
class Printed:
    """What the command said, and its exit code."""

    code: int
    text: str

    def of(self, target: AccountMode, step: str) -> tuple[str, str]:
        """How the step ended and its result; it has to be printed exactly once."""
        line = rf"^{target} +{step} +(ok|FAILED|not reached)(?: +[0-9]+ ms)?(?:  (.+))?$"
        found: list[tuple[str, str]] = re.findall(line, self.text, re.MULTILINE)
        assert len(found) == 1, f"{target} {step} in\n{self.text}"
        return found[0]

    def failed_at(self, target: AccountMode) -> str:
        """The only step of the target that failed; all before it are ok and none after it was reached."""
        ended = [self.of(target, step)[0] for step in STEPS[target]]
        place = ended.index("FAILED")
        assert ended[:place] == ["ok"] * place
        assert ended[place + 1 :] == ["not reached"] * (len(ended) - place - 1)
        return STEPS[target][place]

    def is_all_ok(self, target: AccountMode) -> bool:
        return all(self.of(target, step)[0] == "ok" for step in STEPS[target])


Checked = Callable[..., "asyncio.Future[Printed]"]


@pytest.fixture
def checked(capsys: pytest.CaptureFixture[str]) -> Checked:
    async def run(
        settings: Settings,
        targets: Collection[AccountMode] = ALL,
        timeout_s: float = PATIENCE_S,
        held_symbol_s: float = HELD_SYMBOL_WAIT_S,
    ) -> Printed:
        async with asyncio.timeout(PATIENCE_S):
            code = await check.report(settings, targets, CheckTiming(timeout_s, held_symbol_s))
        return Printed(code, capsys.readouterr().out)

    return lambda *details, **more: asyncio.ensure_future(run(*details, **more))


def with_login(settings: Settings, mode: AccountMode, **changes: object) -> Settings:
    changed = replace(settings.ibkr[mode], **changes)  # type: ignore[arg-type]
    return replace(settings, ibkr={**settings.ibkr, mode: changed})


def with_hammer(settings: Settings, **changes: object) -> Settings:
    return replace(settings, hammer=replace(settings.hammer, **changes))  # type: ignore[arg-type]


# -- everything well ---------------------------------------------------------------------------------------


async def test_that_every_step_is_told_with_what_came(gateways: Gateways, checked: Checked) -> None:
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


async def test_that_the_quote_is_of_a_share_that_is_held(gateways: Gateways, checked: Checked) -> None:
    printed = await checked(settings_for(gateways))
    symbol = printed.of(HAMMER, "quote")[1].partition(":")[0]
    assert symbol in {h.security.local_symbol for h in gateways.market.holdings.values() if h.quantity}
    security = gateways.market.security(symbol)
    assert f"bid {security.bid:.2f}, ask {security.ask:.2f}" in printed.text


async def test_that_without_a_login_that_tells_what_is_held_the_quote_does_not_wait(
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
    printed = await checked(settings_for(gateways), [GUN, HAMMER], 1.0, held_symbol_s=0.0)
    assert printed.text.index("HAMMER_PRO  quote           ok") < printed.text.index("IBKR_GUN    handshake")


async def test_that_the_time_of_the_quote_is_from_its_asking(
    gateways: Gateways,
) -> None:
    gateways.gun.faults.silent = True
    steps: dict[str, Step] = {}
    now_s = 0.0

    def tell(step: Step) -> None:
        nonlocal now_s
        steps[step.name] = step
        if step.name == "handshake":
            now_s += 1000.0

    await check.run(
        settings_for(gateways),
        [GUN, HAMMER],
        tell,
        timing=CheckTiming(1.0, 3600.0),
        stopwatch=lambda: now_s,
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
        timing=CheckTiming(PATIENCE_S),
        stopwatch=lambda: float(next(ticks)),
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

            def tell(step: Step, at: tuple[str, str] = (target, name), seen: asyncio.Event = seen) -> None:
                if (step.target, step.name) == at:
                    seen.set()

            checking = asyncio.create_task(
                check.run(settings_for(gateways), ALL, tell, timing=CheckTiming(PATIENCE_S))
            )
            await asyncio.wait_for(seen.wait(), PATIENCE_S)
            checking.cancel()
            await asyncio.gather(checking, return_exceptions=True)
            assert checking.cancelled()
            await until(lambda: not gateways.gun.connections + gateways.ped.connections)
            await until(lambda: not gateways.hammer.connections)
            assert running_tasks() == before


async def test_that_a_listener_that_breaks_ends_the_check_and_every_line(gateways: Gateways) -> None:
    def tell(step: Step) -> None:
        if step.name == "accounts":
            raise RuntimeError("the paper ran out")

    with pytest.raises(ExceptionGroup) as raised:
        await check.run(settings_for(gateways), ALL, tell, timing=CheckTiming(PATIENCE_S))
    assert raised.group_contains(RuntimeError, match="the paper ran out")
    await until(lambda: not gateways.gun.connections + gateways.ped.connections)
    await until(lambda: not gateways.hammer.connections)


async def test_that_a_login_that_is_not_what_the_settings_expect_is_said(
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


# -- TWS ---------------------------------------------------------------------------------------------------


async def test_that_a_closed_port_is_said_and_the_others_go_on(gateways: Gateways, checked: Checked) -> None:
    settings = settings_for(gateways)
    await gateways.ped.stop()
    printed = await checked(settings)
    assert printed.code == check.FAILED
    assert printed.failed_at(PED) == "TCP"
    assert f"Nothing answers at 127.0.0.1:{settings.ibkr[PED].port}.\n" in printed.text
    assert "compare the Socket port. (502)\n" in printed.text
    assert printed.is_all_ok(GUN)
    assert printed.is_all_ok(HAMMER)
    assert printed.text.endswith("Result: IBKR_GUN ok, IBKR_PED FAILED, HAMMER_PRO ok.\n")


async def test_that_a_name_that_does_not_exist_is_said(gateways: Gateways, checked: Checked) -> None:
    settings = with_login(settings_for(gateways), GUN, host="no..computer")
    printed = await checked(settings, [GUN])
    assert (printed.code, printed.failed_at(GUN)) == (check.FAILED, "name")
    assert "Cannot find the computer 'no..computer'." in printed.text


async def test_that_tws_waiting_for_a_person_is_said(gateways: Gateways, checked: Checked) -> None:
    gateways.gun.faults.silent = True
    printed = await checked(settings_for(gateways), [GUN], SHORT_S)
    assert (printed.code, printed.failed_at(GUN)) == (check.FAILED, "handshake")
    assert "It is often waiting for you to allow this connection" in printed.text
    assert "Look for a question window in TWS" in printed.text


async def test_that_a_client_id_held_by_the_running_window_is_said_and_left_to_it(
    gateways: Gateways, checked: Checked
) -> None:
    async with _a_window(gateways) as monitor:
        printed = await checked(settings_for(gateways), [GUN])
        assert (printed.code, printed.failed_at(GUN)) == (check.FAILED, "handshake")
        assert "Client id 1 is already used on this TWS." in printed.text
        assert "The psf_monitor window that is running now may hold it" in printed.text
        assert "--gun-client-id N. (326)" in printed.text
        assert monitor.links[GUN].status.state is LinkState.READY


@asynccontextmanager
async def _a_window(gateways: Gateways) -> AsyncIterator[Monitor]:
    monitor = Monitor(settings_for(gateways))
    running = asyncio.create_task(monitor.run())
    monitor.links[GUN].connect()
    await until(lambda: monitor.links[GUN].status.state is LinkState.READY)
    try:
        yield monitor
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_that_two_profiles_with_one_client_id_at_one_place_are_said_and_no_other_program_blamed(
    gateways: Gateways, checked: Checked
) -> None:
    port = gateways.gun.port
    twins = {GUN: IbkrProfile(GUN, "127.0.0.1", port, 5), PED: IbkrProfile(PED, "localhost", port, 5)}
    printed = await checked(replace(settings_for(gateways), ibkr=twins), [GUN, PED])
    assert printed.code == check.FAILED
    assert printed.is_all_ok(GUN)
    assert printed.failed_at(PED) == "handshake"
    assert "Client id 5 is already used by IBKR_GUN." in printed.text
    assert "Both profiles are set to the same host, port and client id" in printed.text
    assert "another program" not in printed.text


async def test_that_two_profiles_that_reach_one_login_are_said(gateways: Gateways, checked: Checked) -> None:
    port = gateways.gun.port
    twins = {GUN: IbkrProfile(GUN, "127.0.0.1", port, 5), PED: IbkrProfile(PED, "localhost", port, 6)}
    printed = await checked(replace(settings_for(gateways), ibkr=twins), [GUN, PED])
    said = [printed.of(mode, "accounts")[1] for mode in (GUN, PED)]
    (second,) = [text for text in said if "reaches the same TWS login, and rows are counted once" in text]
    assert re.search("; (IBKR_GUN|IBKR_PED) reaches", second)


async def test_that_something_else_on_the_port_is_not_taken_for_tws(
    gateways: Gateways, checked: Checked
) -> None:
    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        printed = await checked(with_login(settings_for(gateways), GUN, port=port), [GUN])
    assert (printed.code, printed.failed_at(GUN)) == (check.FAILED, "handshake")
    assert f"Something answers on port {port} but it is not TWS." in printed.text


async def test_that_an_account_of_another_login_is_said_masked(gateways: Gateways, checked: Checked) -> None:
    printed = await checked(with_login(settings_for(gateways), GUN, account_id="U7654321"), [GUN])
    assert (printed.code, printed.failed_at(GUN)) == (check.FAILED, "accounts")
    assert "Account U••••321 is not in this login." in printed.text
    assert "U7654321" not in printed.text


async def test_that_read_only_api_is_said_of_the_orders_alone(gateways: Gateways, checked: Checked) -> None:
    gateways.gun.faults.read_only = True
    gateways.gun.faults.read_only_refuses.add(16)
    printed = await checked(settings_for(gateways), [GUN])
    assert printed.code == check.FAILED
    assert [s for s in STEPS[GUN] if printed.of(GUN, s)[0] != "ok"] == ["orders"]
    assert "TWS has Read-Only API ticked, which also blocks reading orders." in printed.text


@pytest.mark.parametrize(
    ("request_id", "step", "says"),
    [
        (61, "positions", "TWS did not send the positions in 0.3 s."),
        (16, "orders", "Orders are not available for IBKR_GUN. TWS did not list them"),
        (62, "account values", "TWS did not send the account values in 0.3 s."),
    ],
)
async def test_that_an_answer_that_does_not_come_fails_its_own_step(
    request_id: int, step: str, says: str, gateways: Gateways, checked: Checked
) -> None:
    gateways.gun.faults.unanswered.add(request_id)
    printed = await checked(settings_for(gateways), [GUN], SHORT_S)
    assert printed.code == check.FAILED
    assert [s for s in STEPS[GUN] if printed.of(GUN, s)[0] != "ok"] == [step]
    assert says in printed.text


async def test_that_what_tws_holds_is_not_called_ok_while_it_is_cut_off(gateways: Gateways) -> None:
    steps: dict[str, Step] = {}

    def tell(step: Step) -> None:
        steps[step.name] = step
        if step.name == "accounts":
            gateways.gun.notify(1100, "Connectivity between IBKR and TWS has been lost.")

    await check.run(settings_for(gateways), [GUN], tell, timing=CheckTiming(PATIENCE_S))
    assert steps["positions"].outcome is Outcome.FAILED
    assert "may be old: 12 positions.\nTWS is cut off from IBKR (1100)" in steps["positions"].explanation


async def test_that_a_list_with_a_message_that_could_not_be_read_is_not_called_ok(
    gateways: Gateways, checked: Checked, monkeypatch: pytest.MonkeyPatch, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("psf_monitor.ibkr.client")
    whole = layouts.position

    def short(held: SimHolding) -> layouts.Message:
        return whole(held)[:-1] if held.security.local_symbol == "ABR PRF" else whole(held)

    monkeypatch.setattr(layouts, "position", short)
    printed = await checked(settings_for(gateways), [GUN])
    assert (printed.code, printed.of(GUN, "positions")[0]) == (check.FAILED, "FAILED")
    assert "Messages of TWS that could not be read are missing here: 1 position." in printed.text


async def test_that_a_line_lost_in_the_middle_ends_the_rest(gateways: Gateways) -> None:
    steps: dict[str, Step] = {}
    gateways.gun.faults.unanswered.update({16, 61, 62})

    def tell(step: Step) -> None:
        steps[step.name] = step
        if step.name == "accounts":
            gateways.gun.close_all()

    await check.run(settings_for(gateways), [GUN], tell, timing=CheckTiming(PATIENCE_S))
    assert steps["positions"].outcome is Outcome.FAILED
    assert "TWS closed the connection" in steps["positions"].explanation
    assert {steps[name].outcome for name in ("orders", "account values")} == {Outcome.NOT_REACHED}
    assert {steps[name].took_ms for name in ("orders", "account values")} == {None}


# -- HAMMER ------------------------------------------------------------------------------------------------


async def test_that_a_hammer_that_is_not_running_is_said(gateways: Gateways, checked: Checked) -> None:
    settings = settings_for(gateways)
    await gateways.hammer.stop()
    printed = await checked(settings)
    assert (printed.code, printed.failed_at(HAMMER)) == (check.FAILED, "WebSocket")
    assert f"Hammer Pro does not answer at 127.0.0.1:{settings.hammer.port}." in printed.text
    assert printed.is_all_ok(GUN)


async def test_that_something_else_on_the_port_is_not_taken_for_hammer(
    gateways: Gateways, checked: Checked
) -> None:
    printed = await checked(with_hammer(settings_for(gateways), port=gateways.gun.port), [HAMMER])
    assert (printed.code, printed.failed_at(HAMMER)) == (check.FAILED, "WebSocket")
    assert "but it is not Hammer Pro." in printed.text


async def test_that_a_wrong_password_is_said_and_not_shown(gateways: Gateways, checked: Checked) -> None:
    printed = await checked(with_hammer(settings_for(gateways), password="swordfish"), [HAMMER])
    assert (printed.code, printed.failed_at(HAMMER)) == (check.FAILED, "password")
    assert "Hammer Pro refused the password." in printed.text
    assert "give it as HAMMER_PASSWORD" in printed.text
    assert "swordfish" not in printed.text


async def test_that_a_data_source_that_does_not_start_is_said(gateways: Gateways, checked: Checked) -> None:
    printed = await checked(with_hammer(settings_for(gateways), streamer="NONESUCH"), [HAMMER])
    assert (printed.code, printed.failed_at(HAMMER)) == (check.FAILED, "data source")
    assert "did not start the data source NONESUCH" in printed.text


async def test_that_an_account_id_in_what_hammer_says_is_masked(gateways: Gateways, checked: Checked) -> None:
    printed = await checked(with_hammer(settings_for(gateways), streamer="U7654321"), [HAMMER])
    assert "did not start the data source U••••321" in printed.text


async def test_that_a_hammer_that_goes_away_in_the_middle_is_not_waited_for(gateways: Gateways) -> None:
    steps: dict[str, Step] = {}

    def tell(step: Step) -> None:
        steps[step.name] = step
        if step.name == "data source":
            gateways.hammer.stall()
            gateways.hammer.close_all()

    async with asyncio.timeout(PATIENCE_S):
        await check.run(settings_for(gateways), [HAMMER], tell, timing=CheckTiming(3600.0))
    ended = [steps[name].outcome for name in ("account", "quote")]
    assert ended in ([Outcome.OK, Outcome.FAILED], [Outcome.FAILED, Outcome.NOT_REACHED])
    (failed,) = [step for step in steps.values() if step.outcome is Outcome.FAILED]
    assert "closed the connection" in failed.explanation


async def test_that_a_symbol_that_hammer_refuses_is_said(gateways: Gateways, checked: Checked) -> None:
    gateways.hammer.forget("SPY")
    printed = await checked(settings_for(gateways), [HAMMER])
    assert (printed.code, printed.failed_at(HAMMER)) == (check.FAILED, "quote")
    assert "HAMMER does not know SPY (asked as SPY)." in printed.text


async def test_that_hammer_is_asked_by_the_names_of_the_trader(
    gateways: Gateways, checked: Checked, tmp_path: Path
) -> None:
    table = tmp_path / "symbols.csv"
    table.write_text("SPY,SPY.US\nIWM\n")
    printed = await checked(replace(settings_for(gateways), symbols=table), [HAMMER])
    assert (printed.code, printed.failed_at(HAMMER)) == (check.FAILED, "quote")
    assert "HAMMER does not know SPY (asked as SPY.US)." in printed.text
    assert "The table is not all right: line 2: has no HAMMER symbol for IWM." in printed.text


async def test_that_a_hammer_that_says_nothing_is_not_waited_for_longer_than_asked(
    gateways: Gateways, checked: Checked
) -> None:
    gateways.hammer.stall()
    printed = await checked(settings_for(gateways), [HAMMER], SHORT_S)
    assert (printed.code, printed.failed_at(HAMMER)) == (check.FAILED, "password")
    assert "Hammer Pro was not done with this in 0.3 s." in printed.text


async def test_that_a_price_that_does_not_come_is_said(gateways: Gateways) -> None:
    steps: dict[str, Step] = {}

    def tell(step: Step) -> None:
        steps[step.name] = step
        if step.name == "data source":
            gateways.hammer.stall()

    await check.run(settings_for(gateways), [HAMMER], tell, timing=CheckTiming(SHORT_S))
    assert steps["quote"].outcome is Outcome.FAILED
    assert "SPY (asked as SPY) but sent no price in 0.3 s." in steps["quote"].explanation


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
            assert sim.stdout is not None
            ports = json.loads(sim.stdout.readline())
            told = subprocess.run(
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
    printed = Printed(told.returncode, told.stdout)
    assert (printed.code, told.stderr) == (check.FAILED, "")
    assert printed.is_all_ok(GUN)
    assert printed.is_all_ok(PED)
    assert printed.failed_at(HAMMER) == "password"
    (log,) = tmp_path.rglob("psf_monitor.log")
    kept = log.read_text(encoding="utf-8")
    assert "starts: check" in kept
    assert "Hammer Pro refused the password." in kept
    assert not re.search("swordfish|U[0-9]{7}", kept)


# HAMMER's own account.


async def test_that_hammers_own_account_is_really_looked_at(gateways: Gateways, checked: Checked) -> None:
    own = OwnAccount(gateways.market.clock)
    own.place("Buy", "CIM-B", 300, 24.50)
    gateways.hammer.accounts.by_key[own.key] = own
    printed = await checked(settings_for(gateways), [HAMMER])
    assert printed.is_all_ok(HAMMER)
    result = printed.of(HAMMER, "account")[1]
    assert "2 positions" in result
    assert "1 open order" in result
    assert own.key not in printed.text


async def test_that_a_hammer_without_an_account_is_all_right(gateways: Gateways, checked: Checked) -> None:
    printed = await checked(settings_for(gateways), [HAMMER])
    assert printed.of(HAMMER, "account") == ("ok", "none is set up in Hammer Pro")


async def test_that_an_account_that_hammer_does_not_have_is_said(
    gateways: Gateways, checked: Checked
) -> None:
    own = OwnAccount(gateways.market.clock)
    gateways.hammer.accounts.by_key[own.key] = own
    settings = with_hammer(settings_for(gateways), account_key="NOT-MINE")
    printed = await checked(settings, [HAMMER], timeout_s=SHORT_S * 5)
    assert printed.code == check.FAILED
    assert printed.of(HAMMER, "account")[0] == "FAILED"
    assert printed.of(HAMMER, "quote")[0] == "ok"
    assert "does not have the account that is set" in printed.text
