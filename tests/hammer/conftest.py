from collections.abc import AsyncIterator

import pytest

from psf_monitor.hammer.account import account
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.sim.hammer.account import OwnAccount
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.scenarios import scenario
from tests.hammer.far_side import KNOWN, RecordingSink, Shown, WatchedClock, adapter_of


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
async def hammer_with_account(
    market: Market, own: OwnAccount, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SimHammer]:
    """HAMMER with an account of its own, which we ask again sooner than a trader's."""
    monkeypatch.setattr(account, "REFRESH_SOONEST_S", 0.01)
    monkeypatch.setattr(account, "RETRY_EVERY_S", 0.05)
    monkeypatch.setattr(account, "AGAIN_SOON_S", 0.05)
    monkeypatch.setattr(account, "ANSWER_WAIT_S", 0.2)
    async with SimHammer(market, accounts=[own]) as sim:
        yield sim


@pytest.fixture
def sink() -> RecordingSink:
    return RecordingSink()


@pytest.fixture
def clock(market: Market, monkeypatch: pytest.MonkeyPatch) -> WatchedClock:
    """It is turned on by seconds in less time than a turn of reading rests."""
    monkeypatch.setattr("psf_monitor.hammer.websocket.QUIET_REST_S", 0.0)
    return WatchedClock(market)


@pytest.fixture
def adapter(hammer: SimHammer, sink: RecordingSink, clock: WatchedClock) -> HammerAdapter:
    adapter = adapter_of(hammer, sink, clock)
    adapter.want(KNOWN)
    return adapter


@pytest.fixture
def shown(hammer: SimHammer, clock: WatchedClock, market: Market) -> Shown:
    return Shown.of(hammer, market, clock)
