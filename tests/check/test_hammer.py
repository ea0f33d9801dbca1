"""What the check says of HAMMER: not running, refusing, silent, without a price or an account."""

import asyncio
from pathlib import Path

from msgspec.structs import replace

from psf_monitor.check import runner as check
from psf_monitor.check.steps import Outcome, Step
from psf_monitor.check.timing import CheckTiming
from psf_monitor.sim.demo import Gateways
from psf_monitor.sim.hammer.account import OwnAccount
from tests.check.printed import HAMMER, Checked, with_hammer
from tests.support.records import GUN
from tests.support.sim_servers import settings_for
from tests.support.waiting import LIMIT_S, PATIENCE_S, limits_run_out

# -- HAMMER ------------------------------------------------------------------------------------------------


async def test_that_a_hammer_that_is_not_running_is_reported(gateways: Gateways, checked: Checked) -> None:
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


async def test_that_a_wrong_password_is_reported_and_not_shown(gateways: Gateways, checked: Checked) -> None:
    printed = await checked(with_hammer(settings_for(gateways), password="swordfish"), [HAMMER])
    assert (printed.code, printed.failed_at(HAMMER)) == (check.FAILED, "password")
    assert "Hammer Pro refused the password." in printed.text
    assert "give it as HAMMER_PASSWORD" in printed.text
    assert "swordfish" not in printed.text


async def test_that_a_data_source_that_does_not_start_is_reported(
    gateways: Gateways, checked: Checked
) -> None:
    printed = await checked(with_hammer(settings_for(gateways), streamer="NONESUCH"), [HAMMER])
    assert (printed.code, printed.failed_at(HAMMER)) == (check.FAILED, "data source")
    assert "did not start the data source NONESUCH" in printed.text


async def test_that_an_account_id_in_a_text_of_hammer_is_masked(gateways: Gateways, checked: Checked) -> None:
    printed = await checked(with_hammer(settings_for(gateways), streamer="U7654321"), [HAMMER])
    assert "did not start the data source U••••321" in printed.text


async def test_that_a_hammer_that_closes_during_the_start_is_not_waited_for(gateways: Gateways) -> None:
    steps: dict[str, Step] = {}

    def report(step: Step) -> None:
        steps[step.name] = step
        if step.name == "data source":
            gateways.hammer.stall()
            gateways.hammer.close_all()

    async with asyncio.timeout(PATIENCE_S):
        await check.run(settings_for(gateways), [HAMMER], report, timing=CheckTiming(3600.0))
    ended = [steps[name].outcome for name in ("account", "quote")]
    assert ended in ([Outcome.OK, Outcome.FAILED], [Outcome.FAILED, Outcome.NOT_REACHED])
    (failed,) = [step for step in steps.values() if step.outcome is Outcome.FAILED]
    assert "closed the connection" in failed.explanation


async def test_that_a_symbol_that_hammer_refuses_is_reported(gateways: Gateways, checked: Checked) -> None:
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


async def test_that_a_silent_hammer_is_not_waited_for_longer_than_asked(
    gateways: Gateways, checked: Checked
) -> None:
    gateways.hammer.stall()
    printed = await checked(settings_for(gateways), [HAMMER], runs_out_behind=["WebSocket"])
    assert (printed.code, printed.failed_at(HAMMER)) == (check.FAILED, "password")
    assert "Hammer Pro was not done with this in 30 s." in printed.text


async def test_that_a_price_that_does_not_come_is_reported(gateways: Gateways) -> None:
    steps: dict[str, Step] = {}

    def report(step: Step) -> None:
        steps[step.name] = step
        if step.name == "data source":
            gateways.hammer.stall()
            asyncio.get_running_loop().call_later(0.05, limits_run_out)

    await check.run(settings_for(gateways), [HAMMER], report, timing=CheckTiming(LIMIT_S))
    assert steps["quote"].outcome is Outcome.FAILED
    assert "SPY (asked as SPY) but sent no price in 30 s." in steps["quote"].explanation


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


async def test_that_an_account_that_hammer_does_not_have_is_reported(
    gateways: Gateways, checked: Checked
) -> None:
    own = OwnAccount(gateways.market.clock)
    gateways.hammer.accounts.by_key[own.key] = own
    settings = with_hammer(settings_for(gateways), account_key="NOT-MINE")
    printed = await checked(settings, [HAMMER], runs_out_behind=["quote"])
    assert printed.code == check.FAILED
    assert printed.of(HAMMER, "account")[0] == "FAILED"
    assert printed.of(HAMMER, "quote")[0] == "ok"
    assert "does not have the account that is set" in printed.text
