from collections.abc import AsyncIterator

import pytest

from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.sim.hammer.account import OwnAccount
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.scenarios import scenario
from tests.hammer.passing_time import WatchedClock
from tests.hammer.running_adapter import KNOWN, RecordingSink, Shown, adapter_of


@pytest.fixture
def market() -> Market:
    return Market(scenario("normal"))


@pytest.fixture
async def hammer(market: Market) -> AsyncIterator[SimHammer]:
    async with SimHammer(market) as sim:
        yield sim


@pytest.fixture
def own(market: Market) -> OwnAccount:
    return OwnAccount(market.clock)


@pytest.fixture
async def hammer_with_account(market: Market, own: OwnAccount) -> AsyncIterator[SimHammer]:
    """HAMMER with an account of its own."""
    async with SimHammer(market, accounts=[own]) as sim:
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
    adapter.set_wanted(KNOWN)
    return adapter


@pytest.fixture
def shown(hammer: SimHammer, clock: WatchedClock, market: Market) -> Shown:
    return Shown.of(hammer, market, clock)
