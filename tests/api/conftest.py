"""The API over simulated servers that stand still."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from psf_monitor.sim.demo import Gateways
from tests.api.client import ApiClient, over_servers
from tests.conftest import ExpectedErrors
from tests.support.sim_servers import standing_still


@pytest.fixture
async def gateways() -> AsyncIterator[Gateways]:
    async with standing_still() as both:
        yield both


@pytest.fixture
async def api(
    gateways: Gateways, tmp_path: Path, expected_errors: ExpectedErrors
) -> AsyncIterator[ApiClient]:
    expected_errors.allow("ib_insync.client")
    async with over_servers(gateways, tmp_path) as api:
        yield api
