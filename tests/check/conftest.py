"""Both simulated servers, and the check that is run against them."""

import asyncio
import re
from collections.abc import AsyncIterator, Collection

import pytest

from psf_monitor.check import runner as check
from psf_monitor.check.timing import HELD_SYMBOL_WAIT_S, CheckTiming
from psf_monitor.domain.account import AccountMode
from psf_monitor.settings import Settings
from psf_monitor.sim.demo import Gateways
from tests.check.printed import ALL, Checked, Printed
from tests.conftest import ExpectedErrors
from tests.support.sim_servers import standing_still
from tests.support.waiting import LIMIT_S, PROCESS_PATIENCE_S, limits_run_out, until


@pytest.fixture(autouse=True)
def _ib_insync_may_complain(expected_errors: ExpectedErrors) -> None:
    """ib_insync logs TWS's messages as errors."""
    expected_errors.allow("ib_insync.client", "ib_insync.wrapper")


@pytest.fixture
async def gateways() -> AsyncIterator[Gateways]:
    async with standing_still() as both:
        yield both


@pytest.fixture
def checked(capsys: pytest.CaptureFixture[str]) -> Checked:
    async def run(
        settings: Settings,
        targets: Collection[AccountMode] = ALL,
        held_symbol_s: float = HELD_SYMBOL_WAIT_S,
        runs_out_behind: Collection[str] = (),
    ) -> Printed:
        """Each step has ``LIMIT_S``, and fails once the steps of these names have ended."""
        text = ""

        def have_ended() -> bool:
            nonlocal text
            text += capsys.readouterr().out
            return all(re.search(rf" {name} +(ok|FAILED)", text) for name in runs_out_behind)

        async with asyncio.timeout(PROCESS_PATIENCE_S):
            checking = asyncio.create_task(
                check.report(settings, targets, CheckTiming(LIMIT_S, held_symbol_s))
            )
            if runs_out_behind:
                await until(lambda: have_ended() or checking.done())
                for _ in range(10):
                    # What comes next is begun.
                    await asyncio.sleep(0)
                limits_run_out()
            code = await checking
        return Printed(code, text + capsys.readouterr().out)

    return lambda *details, **more: asyncio.ensure_future(run(*details, **more))
