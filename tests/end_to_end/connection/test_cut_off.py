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
    async with scripted(script("cut_off_at_login"), has_window=True) as product:
        await product.connect()
        assert "TWS lost IBKR" in card(product)
        assert "lost its link to IBKR" in bannered(product)
        reported = api(product)
        assert reported.state == "CUT_OFF"
        assert "(2110)" in (reported.error or "")
        assert product.snapshot()["positions"][0]["stale_since"] is not None
        assert product.tws.asked(61) == 1


async def test_that_the_snapshot_command_fails_for_a_tws_without_ibkr(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with scripted(script("cut_off_at_login")) as product:
        err = await snapshot_in_vain(product.monitor.settings, "(2110)", capsys)
        assert err.startswith("psf-monitor: IBKR_GUN: TWS lost its link to IBKR.")


async def test_that_a_tws_that_is_cut_off_and_lists_nothing_hides_nothing() -> None:
    of = {**HELD_BY_TWO, "to_16": listed(1)}
    async with scripted(of) as product:
        await product.connect()
        product.tws.answers["16"] = []
        product.tws.answers["61"] = []
        product.tws.send(notice(1100, "Connectivity between IBKR and TWS has been lost."))
        await until(lambda: api(product).state == "CUT_OFF")
        product.monitor.refresh()
        asked = product.tws.asked(16)
        await until(lambda: product.tws.asked(16) > asked + 2 and product.tws.asked(61) == 2)
        (order,), (held,) = product.snapshot()["orders"], product.snapshot()["positions"]
        assert (order["status"], held["working_sell"]) == ("Submitted", 100)
        assert None not in (order["stale_since"], held["stale_since"])
        # Over another connection TWS knows as little.
        product.tws.greet(notice(2110, "Connectivity between TWS and server is broken."))
        product.tws.close_all()
        await until(lambda: product.tws.asked(61) == 3 and product.tws.asked(16) > asked + 4)
        assert [cells["status"] for cells in product.orders().values()] == ["Submitted"]
        assert [cells["quantity"] for cells in product.positions()] == ["400"]
        # What it lists when it is back is what there is.
        product.tws.greet()
        product.tws.send(notice(1102, "Connectivity between IBKR and TWS has been restored."))
        await until(lambda: not product.positions())
        await until(lambda: [cells["status"] for cells in product.orders().values()] == ["Gone"])


async def test_that_what_a_tws_lists_once_it_is_back_has_not_moved_since_it_listed_nothing() -> None:
    of = {**HELD_BY_TWO, "to_61": [], "greetings": [notice(1100, "Connectivity has been lost.")]}
    async with scripted(of) as product:
        for link in product.monitor.links.values():
            link.connect()
        await until(lambda: product.tws.asked(61) and product.tws.asked(16) > 1 and product.tws.asked(7))
        product.tws.answers["61"] = list(HELD_BY_TWO["to_61"])
        product.tws.send(notice(1102, "Connectivity between IBKR and TWS has been restored."))
        await until(lambda: len(product.positions()) == 1)
        for _ in range(3):
            product.clock.advance(1)
            product.monitor.refresh()
            await until(
                lambda: product.monitor.fills.state(GUN).as_of == product.clock(), what="another list"
            )
        assert not any("changed" in gap for gap in product.monitor.fills.state(GUN).gaps)


@pytest.mark.parametrize("code", [2104, 2106, 2158])
async def test_that_a_tws_counts_as_reconnected_when_its_data_farms_are_back(code: int) -> None:
    async with scripted(script("cut_off_at_login"), timing=QUICK_FARMS, has_window=True) as product:
        await product.connect()
        product.tws.send(notice(code, "Data farm connection is OK:usfarm"))
        await until(lambda: product.monitor.links[GUN].status.state is LinkState.READY)
        await until(lambda: product.snapshot()["positions"][0]["stale_since"] is None)
        assert product.tws.asked(61) == 2
        assert api(product).error is None
        assert banners(product) == []


async def test_that_earlier_notices_about_data_farms_are_no_sign_of_connectivity() -> None:
    of = {**script("cut_off_at_login")}
    of["greetings"] = [*of["greetings"], notice(2104, "Market data farm connection is OK:usfarm")]
    async with scripted(of, timing=replace(POLLING, farms_after_s=60.0, farms_settle_s=0.0)) as product:
        await product.connect()
        product.tws.send(notice(2158, "Sec-def data farm connection is OK:secdefil"), notice(2148, "URGENT"))
        await until(lambda: api(product).messages)
        assert product.monitor.links[GUN].status.state is LinkState.CUT_OFF


async def test_that_farms_that_go_again_are_no_way_back() -> None:
    async with scripted(
        script("cut_off_at_login"), timing=replace(QUICK_FARMS, farms_settle_s=0.05)
    ) as product:
        await product.connect()
        product.tws.send(notice(2104, "OK:usfarm"), notice(2103, "broken:usfarm"), notice(2104, "OK:usfarm"))
        product.tws.send(notice(2110, "Connectivity between TWS and server is broken."))
        product.tws.send(notice(1102, "restored"))
        await until(lambda: product.monitor.links[GUN].status.state is LinkState.READY)
        assert product.tws.asked(61) == 2


async def test_that_the_check_of_a_tws_without_ibkr_fails_and_ends() -> None:
    of = script("cut_off_at_login")
    async with scripted(of) as product:
        del product.tws.answers["16"]
        steps: list[Step] = []
        async with asyncio.TaskGroup() as tasks:
            timing = CheckTiming(LIMIT_S)
            tasks.create_task(runner.run(product.monitor.settings, (GUN,), steps.append, timing=timing))
            await until(lambda: product.tws.asked(16))
            limits_run_out()
        ends = {step.name: step for step in steps}
        for name in ("positions", "orders", "account values"):
            assert ends[name].outcome is Outcome.FAILED
        assert "cut off from IBKR (2110)" in ends["positions"].explanation
