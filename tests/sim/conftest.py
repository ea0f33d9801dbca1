"""A simulated TWS of its own market, and a client that reads each of its frames."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.scenarios import scenario
from psf_monitor.sim.tws.server import SimTws
from tests.sim.test_sim_tws_faults import Client


@pytest.fixture
def market() -> Market:
    return Market(scenario("normal"))


@pytest.fixture
async def tws(market: Market) -> AsyncIterator[SimTws]:
    async with SimTws(market, "IBKR_GUN", refresh_s=0.0) as server:
        yield server


@pytest.fixture
async def client(tws: SimTws) -> AsyncIterator[Client]:
    reader, writer = await asyncio.open_connection("127.0.0.1", tws.port)
    client = Client(reader, writer)
    yield client
    await client.close()
