"""The simulated market and its TWS, for every test of the IBKR package."""

from collections.abc import AsyncIterator

import pytest

from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.scenarios import scenario
from psf_monitor.sim.tws.server import SimTws
from tests.conftest import ExpectedErrors
from tests.ibkr.running_connector import POLLING, Login, profile, serving


@pytest.fixture(autouse=True)
def _ib_insync_may_complain(expected_errors: ExpectedErrors) -> None:
    """ib_insync logs TWS's messages as errors."""
    expected_errors.allow("ib_insync.client", "ib_insync.wrapper")


@pytest.fixture
def market() -> Market:
    return Market(scenario("normal"), 7)


@pytest.fixture
async def tws(market: Market) -> AsyncIterator[SimTws]:
    async with SimTws(market, "IBKR_GUN", refresh_s=0.0) as server:
        yield server


@pytest.fixture
async def login(market: Market, tws: SimTws) -> AsyncIterator[Login]:
    """IBKR_GUN, not connected yet, whose orders are requested all the time."""
    async with serving(Login(market, profile(tws.port), POLLING)) as one:
        yield one
