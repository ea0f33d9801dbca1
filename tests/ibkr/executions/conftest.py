"""A login that is connected."""

from collections.abc import AsyncIterator

import pytest

from psf_monitor.sim.market.market import Market
from psf_monitor.sim.tws.server import SimTws
from tests.ibkr.running_connector import POLLING, Login, profile, serving


@pytest.fixture
async def login(market: Market, tws: SimTws) -> AsyncIterator[Login]:
    async with serving(Login(market, profile(tws.port), POLLING)) as one:
        yield one
