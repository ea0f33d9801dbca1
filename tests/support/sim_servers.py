"""Both simulated servers over a market that stands still, and the settings that reach them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psf_monitor.domain.account import IBKR_MODES
from psf_monitor.ibkr.timing import IbkrTiming
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.runtime.timing import MonitorTiming
from psf_monitor.settings import HammerProfile, IbkrProfile, Settings
from psf_monitor.sim.demo import Gateways
from tests.support.records import GUN, PED

PROMPT = MonitorTiming(IbkrTiming(executions_soonest_s=0.05))
"""Asks for what was done as soon as something moved."""


@asynccontextmanager
async def standing_still() -> AsyncIterator[Gateways]:
    gateways = Gateways()
    await gateways.start(moves=False)
    try:
        yield gateways
    finally:
        await gateways.stop()


def settings_for(gateways: Gateways) -> Settings:
    ports = {GUN: gateways.gun.port, PED: gateways.ped.port}
    return Settings(
        ibkr={mode: IbkrProfile(mode, "127.0.0.1", ports[mode], 1) for mode in IBKR_MODES},
        hammer=HammerProfile("127.0.0.1", gateways.hammer.port, gateways.hammer.password),
    )


@asynccontextmanager
async def running_monitor(monitor: Monitor) -> AsyncIterator[Monitor]:
    """The monitor at work; nothing is left of it after the block."""
    running = asyncio.create_task(monitor.run())
    try:
        yield monitor
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
