"""A login of TWS on the window's loop, which reads a socket before it runs what waits."""

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from psf_monitor.app.event_loop import WindowEventLoop
from psf_monitor.ibkr.client import ReadOnlyIB
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.scenarios import scenario
from psf_monitor.sim.tws.server import SimTws
from tests.support.waiting import PATIENCE_S, joined

BUSY_CALLBACKS, CALLBACK_S = 10, 0.003


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a simulated TWS on a thread of its own, which answers while this one is busy."""
    loop = asyncio.new_event_loop()
    tws = SimTws(Market(scenario("normal")), "IBKR_GUN")
    thread = threading.Thread(daemon=True, target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(tws.start(), loop).result(PATIENCE_S)
    yield tws.port
    asyncio.run_coroutine_threadsafe(tws.stop(), loop).result(PATIENCE_S)
    loop.call_soon_threadsafe(loop.stop)
    joined(thread)
    loop.close()


def test_that_a_login_connects_however_busy_the_loop_is(qapp: QApplication, port: int) -> None:
    loop = WindowEventLoop(qapp)
    is_over = False

    def work() -> None:
        end_s = time.perf_counter() + CALLBACK_S
        while time.perf_counter() < end_s:
            pass
        if not is_over:
            loop.call_soon(work)

    async def connect() -> list[str]:
        nonlocal is_over
        ib = ReadOnlyIB()
        for _ in range(BUSY_CALLBACKS):
            loop.call_soon(work)
        try:
            await ib.client.connectAsync("127.0.0.1", port, 5, PATIENCE_S)
            return list(ib.client.getAccounts())
        finally:
            is_over = True
            ib.client.disconnect()

    asyncio.set_event_loop(loop)
    with loop:
        assert loop.run_until_complete(connect()) == ["U1240821"]
    asyncio.set_event_loop(None)
