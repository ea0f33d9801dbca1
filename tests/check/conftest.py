"""Both simulated far sides, and the check that is run against them."""

import asyncio
from collections.abc import AsyncIterator, Collection

import pytest

from psf_monitor.check import runner as check
from psf_monitor.check.timing import HELD_SYMBOL_WAIT_S, CheckTiming
from psf_monitor.domain.account import AccountMode
from psf_monitor.settings import Settings
from psf_monitor.sim.demo import Gateways
from tests.check.printed import ALL, Checked, Printed
from tests.conftest import ExpectedErrors
from tests.far_sides import standing_still
from tests.waiting import PATIENCE_S


@pytest.fixture(autouse=True)
def _ib_insync_may_complain(expected_errors: ExpectedErrors) -> None:
    """It logs what TWS says as errors of its own."""
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
        timeout_s: float = PATIENCE_S,
        held_symbol_s: float = HELD_SYMBOL_WAIT_S,
    ) -> Printed:
        async with asyncio.timeout(PATIENCE_S):
            code = await check.report(settings, targets, CheckTiming(timeout_s, held_symbol_s))
        return Printed(code, capsys.readouterr().out)

    return lambda *details, **more: asyncio.ensure_future(run(*details, **more))
