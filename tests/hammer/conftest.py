from collections.abc import AsyncIterator

import pytest

from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.sim.hammer import SimHammer
from psf_monitor.sim.market import Market
from psf_monitor.sim.scenarios import scenario
from tests.hammer.far_side import KNOWN, RecordingSink, WatchedClock, adapter_of


@pytest.fixture
def market() -> Market:
    return Market(scenario("normal"))


@pytest.fixture
async def hammer(market: Market) -> AsyncIterator[SimHammer]:
    async with SimHammer(market) as sim:
        yield sim


@pytest.fixture
def sink() -> RecordingSink:
    return RecordingSink()


@pytest.fixture
def clock(market: Market) -> WatchedClock:
    return WatchedClock(market)


@pytest.fixture
def adapter(hammer: SimHammer, sink: RecordingSink, clock: WatchedClock) -> HammerAdapter:
    adapter = adapter_of(hammer, sink, clock)
    adapter.want(KNOWN)
    return adapter
