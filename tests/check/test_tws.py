"""What the check says of a TWS that is closed, waiting, taken, silent, cut off or lost."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from msgspec.structs import replace

from psf_monitor.check import runner as check
from psf_monitor.check.profiles import Profiles
from psf_monitor.check.steps import STEPS, Outcome, Step
from psf_monitor.check.timing import CheckTiming
from psf_monitor.connection.status import LinkState
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.settings import IbkrProfile
from psf_monitor.sim.demo import Gateways
from psf_monitor.sim.market.records import SimHolding
from psf_monitor.sim.tws import layouts
from tests.check.printed import HAMMER, Checked, with_login
from tests.conftest import ExpectedErrors
from tests.support.records import GUN, PED
from tests.support.sim_servers import settings_for
from tests.support.waiting import PATIENCE_S, until

# -- TWS ---------------------------------------------------------------------------------------------------


async def test_that_a_closed_port_is_reported_and_the_others_go_on(
    gateways: Gateways, checked: Checked
) -> None:
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


async def test_that_a_name_that_does_not_exist_is_reported(gateways: Gateways, checked: Checked) -> None:
    settings = with_login(settings_for(gateways), GUN, host="no..computer")
    printed = await checked(settings, [GUN])
    assert (printed.code, printed.failed_at(GUN)) == (check.FAILED, "name")
    assert "Cannot find the computer 'no..computer'." in printed.text


async def test_that_tws_waiting_for_a_person_is_reported(gateways: Gateways, checked: Checked) -> None:
    gateways.gun.faults.silent = True
    printed = await checked(settings_for(gateways), [GUN], runs_out_behind=["TCP"])
    assert (printed.code, printed.failed_at(GUN)) == (check.FAILED, "handshake")
    assert "It is often waiting for you to allow this connection" in printed.text
    assert "Look for a question window in TWS" in printed.text


async def test_that_a_client_id_held_by_the_running_window_is_reported_and_left_to_it(
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


async def test_that_two_profiles_with_one_client_id_at_one_place_are_reported_and_no_other_program_blamed(
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


async def test_that_two_profiles_that_reach_one_login_are_reported(
    gateways: Gateways, checked: Checked
) -> None:
    port = gateways.gun.port
    twins = {GUN: IbkrProfile(GUN, "127.0.0.1", port, 5), PED: IbkrProfile(PED, "localhost", port, 6)}
    printed = await checked(replace(settings_for(gateways), ibkr=twins), [GUN, PED])
    texts = [printed.of(mode, "accounts")[1] for mode in (GUN, PED)]
    (second,) = [text for text in texts if "reaches the same TWS login, and rows are counted once" in text]
    assert re.search("; (IBKR_GUN|IBKR_PED) reaches", second)


def test_that_two_logins_that_share_an_account_are_not_called_one() -> None:
    profiles = Profiles({})
    assert profiles.named(GUN, ["U1240821", "U1240822"]) == ""
    text = "IBKR_GUN shows U••••822, too, and what both report is counted once"
    assert profiles.named(PED, ["U1240822", "U1240823"]) == text
    assert profiles.named(PED, ["U1240822"]) == text


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


async def test_that_an_account_of_another_login_is_reported_masked(
    gateways: Gateways, checked: Checked
) -> None:
    printed = await checked(with_login(settings_for(gateways), GUN, account_id="U7654321"), [GUN])
    assert (printed.code, printed.failed_at(GUN)) == (check.FAILED, "accounts")
    assert "Account U••••321 is not in this login." in printed.text
    assert "U7654321" not in printed.text


async def test_that_the_read_only_api_is_reported_for_the_orders_only(
    gateways: Gateways, checked: Checked
) -> None:
    gateways.gun.faults.read_only = True
    gateways.gun.faults.read_only_refuses.add(16)
    printed = await checked(settings_for(gateways), [GUN])
    assert printed.code == check.FAILED
    assert [s for s in STEPS[GUN] if printed.of(GUN, s)[0] != "ok"] == ["orders"]
    assert "TWS has Read-Only API ticked, which also blocks reading orders." in printed.text


@pytest.mark.parametrize(
    ("request_id", "step", "message"),
    [
        (61, "positions", "Positions are not available for IBKR_GUN. TWS did not list them within 30 s."),
        (16, "orders", "Orders are not available for IBKR_GUN. TWS did not list them"),
        (62, "account values", "TWS does not report the account values. It did not report them within 30 s."),
    ],
)
async def test_that_an_answer_that_does_not_come_fails_its_own_step(
    request_id: int, step: str, message: str, gateways: Gateways, checked: Checked
) -> None:
    gateways.gun.faults.unanswered.add(request_id)
    others = [name for name in STEPS[GUN] if name != step]
    printed = await checked(settings_for(gateways), [GUN], runs_out_behind=others)
    assert printed.code == check.FAILED
    assert [s for s in STEPS[GUN] if printed.of(GUN, s)[0] != "ok"] == [step]
    assert message in printed.text


async def test_that_data_of_a_cut_off_tws_is_not_called_ok(gateways: Gateways) -> None:
    steps: dict[str, Step] = {}

    def report(step: Step) -> None:
        steps[step.name] = step
        if step.name == "accounts":
            gateways.gun.notify(1100, "Connectivity between IBKR and TWS has been lost.")

    await check.run(settings_for(gateways), [GUN], report, timing=CheckTiming(PATIENCE_S))
    assert steps["positions"].outcome is Outcome.FAILED
    assert "may be old: 12 positions.\nTWS is cut off from IBKR (1100)" in steps["positions"].explanation


async def test_that_a_list_with_a_message_that_could_not_be_read_is_not_called_ok(
    gateways: Gateways, checked: Checked, monkeypatch: pytest.MonkeyPatch, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
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

    def report(step: Step) -> None:
        steps[step.name] = step
        if step.name == "accounts":
            gateways.gun.close_all()

    await check.run(settings_for(gateways), [GUN], report, timing=CheckTiming(PATIENCE_S))
    assert steps["positions"].outcome is Outcome.FAILED
    assert "TWS closed the connection" in steps["positions"].explanation
    assert {steps[name].outcome for name in ("orders", "account values")} == {Outcome.NOT_REACHED}
    assert {steps[name].took_ms for name in ("orders", "account values")} == {None}
