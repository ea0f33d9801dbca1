"""A TWS that is cut off from IBKR: from the first moment, in the middle, and when it is back."""

import asyncio
from dataclasses import replace

import pytest

from psf_monitor.check import runner
from psf_monitor.check.steps import Outcome, Step
from psf_monitor.check.timing import CheckTiming
from psf_monitor.connection.status import LinkState
from tests.end_to_end.connection.connection_texts import (
    HELD_BY_TWO,
    QUICK_FARMS,
    api,
    bannered,
    banners,
    card,
    notice,
)
from tests.support.all_outputs import snapshot_in_vain
from tests.support.records import GUN
from tests.support.scripted_product import POLLING, scripted
from tests.support.scripted_tws import script
from tests.support.tws_messages import listed
from tests.support.waiting import LIMIT_S, limits_run_out, until

pytestmark = pytest.mark.usefixtures("qapp")


# TWS without IBKR.


async def test_that_a_tws_that_was_cut_off_before_we_came_is_reported_from_the_first_moment() -> None:
    async with scripted(script("cut_off_at_login")) as stage:
        await stage.connect()
        assert "TWS lost IBKR" in card(stage)
        assert "lost its link to IBKR" in bannered(stage)
        reported = api(stage)
        assert reported.state == "CUT_OFF"
        assert "(2110)" in (reported.error or "")
        assert stage.snapshot()["positions"][0]["stale_since"] is not None
        assert stage.tws.asked(61) == 1


async def test_that_the_snapshot_command_fails_for_a_tws_without_ibkr(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with scripted(script("cut_off_at_login"), has_window=False) as stage:
        err = await snapshot_in_vain(stage.monitor.settings, "(2110)", capsys)
        assert err.startswith("psf-monitor: IBKR_GUN: TWS lost its link to IBKR.")


async def test_that_a_tws_that_is_cut_off_and_lists_nothing_hides_nothing() -> None:
    of = {**HELD_BY_TWO, "to_16": listed(1)}
    async with scripted(of) as stage:
        await stage.connect()
        stage.tws.answers["16"] = []
        stage.tws.answers["61"] = []
        stage.tws.send(notice(1100, "Connectivity between IBKR and TWS has been lost."))
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
        stage.tws.send(notice(1102, "Connectivity between IBKR and TWS has been restored."))
        await until(lambda: not stage.positions())
        await until(lambda: [cells["status"] for cells in stage.orders().values()] == ["Gone"])


async def test_that_what_a_tws_lists_once_it_is_back_has_not_moved_since_it_listed_nothing() -> None:
    of = {**HELD_BY_TWO, "to_61": [], "greetings": [notice(1100, "Connectivity has been lost.")]}
    async with scripted(of) as stage:
        for link in stage.monitor.links.values():
            link.connect()
        await until(lambda: stage.tws.asked(61) and stage.tws.asked(16) > 1 and stage.tws.asked(7))
        stage.tws.answers["61"] = list(HELD_BY_TWO["to_61"])
        stage.tws.send(notice(1102, "Connectivity between IBKR and TWS has been restored."))
        await until(lambda: len(stage.positions()) == 1)
        for _ in range(3):
            stage.clock.advance(1)
            stage.monitor.refresh()
            await until(lambda: stage.monitor.fills.state(GUN).as_of == stage.clock(), what="another list")
        assert not any("changed" in gap for gap in stage.monitor.fills.state(GUN).gaps)


@pytest.mark.parametrize("code", [2104, 2106, 2158])
async def test_that_a_tws_counts_as_reconnected_when_its_data_farms_are_back(code: int) -> None:
    async with scripted(script("cut_off_at_login"), timing=QUICK_FARMS) as stage:
        await stage.connect()
        stage.tws.send(notice(code, "Data farm connection is OK:usfarm"))
        await until(lambda: stage.monitor.links[GUN].status.state is LinkState.READY)
        await until(lambda: stage.snapshot()["positions"][0]["stale_since"] is None)
        assert stage.tws.asked(61) == 2
        assert api(stage).error is None
        assert banners(stage) == []


async def test_that_earlier_notices_about_data_farms_are_no_sign_of_connectivity() -> None:
    of = {**script("cut_off_at_login")}
    of["greetings"] = [*of["greetings"], notice(2104, "Market data farm connection is OK:usfarm")]
    async with scripted(
        of, timing=replace(POLLING, farms_after_s=60.0, farms_settle_s=0.0), has_window=False
    ) as stage:
        await stage.connect()
        stage.tws.send(notice(2158, "Sec-def data farm connection is OK:secdefil"), notice(2148, "URGENT"))
        await until(lambda: api(stage).messages)
        assert stage.monitor.links[GUN].status.state is LinkState.CUT_OFF


async def test_that_farms_that_go_again_are_no_way_back() -> None:
    async with scripted(
        script("cut_off_at_login"), timing=replace(QUICK_FARMS, farms_settle_s=0.05), has_window=False
    ) as stage:
        await stage.connect()
        stage.tws.send(notice(2104, "OK:usfarm"), notice(2103, "broken:usfarm"), notice(2104, "OK:usfarm"))
        stage.tws.send(notice(2110, "Connectivity between TWS and server is broken."))
        stage.tws.send(notice(1102, "restored"))
        await until(lambda: stage.monitor.links[GUN].status.state is LinkState.READY)
        assert stage.tws.asked(61) == 2


async def test_that_the_check_of_a_tws_without_ibkr_fails_and_ends() -> None:
    of = script("cut_off_at_login")
    async with scripted(of, has_window=False) as stage:
        del stage.tws.answers["16"]
        steps: list[Step] = []
        async with asyncio.TaskGroup() as tasks:
            timing = CheckTiming(LIMIT_S)
            tasks.create_task(runner.run(stage.monitor.settings, (GUN,), steps.append, timing=timing))
            await until(lambda: stage.tws.asked(16))
            limits_run_out()
        ends = {step.name: step for step in steps}
        for name in ("positions", "orders", "account values"):
            assert ends[name].outcome is Outcome.FAILED
        assert "cut off from IBKR (2110)" in ends["positions"].explanation
