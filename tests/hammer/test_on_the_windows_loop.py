"""The adapter on the loop that the window runs on."""

import asyncio
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from psf_monitor.app.event_loop import WindowEventLoop
from psf_monitor.connection.status import LinkState
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.scenarios import scenario
from tests.hammer.running_adapter import RecordingSink, adapter_of, agrees, connected
from tests.support.waiting import until


@pytest.fixture
def loop(qtbot: QtBot) -> Iterator[asyncio.AbstractEventLoop]:  # noqa: ARG001
    loop = WindowEventLoop()
    asyncio.set_event_loop(loop)
    with loop:
        yield loop
    asyncio.set_event_loop(None)


async def _quotes_come_and_go() -> None:
    market = Market(scenario("normal"))
    sink = RecordingSink()
    async with SimHammer(market) as hammer:
        adapter = adapter_of(hammer, sink, market.clock)
        adapter.set_wanted(["CIM PRB", "SPY"])
        async with connected(adapter):
            for _ in range(5):
                market.step(5.0)
                await until(lambda: agrees(sink, market, ("CIM PRB", "SPY")))
            flood = asyncio.create_task(hammer.flood(hammer.prepared_updates(2_000)))
            await flood
            hammer.send_raw('{"cmd":"L1Update","result":{"sym":"SPY","bid":11.11}}')
            await until(lambda: sink.quotes["SPY"].bid == 11.11)
            hammer.close_all()
            await until(lambda: sink.states == ["live", "frozen", "live"])
            adapter.link.disconnect()
            await until(lambda: adapter.link.status.state is LinkState.IDLE)
            await until(lambda: hammer.connections == 0)
            assert sink.states[-1] == "dropped"
        assert not adapter.unreadable_frames


def test_that_the_adapter_works_on_the_loop_of_the_window(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_until_complete(_quotes_come_and_go())
