from dataclasses import replace

import pytest

from psf_monitor.connection.backoff import Backoff
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.hammer.sink import HammerSinks
from psf_monitor.settings import HammerProfile
from psf_monitor.sim.hammer.server import SimHammer
from tests.hammer.passing_time import WatchedClock
from tests.hammer.prices.depth.depth_record import DepthRecord
from tests.hammer.running_adapter import KNOWN, QUICK, RecordingSink


@pytest.fixture
def record() -> DepthRecord:
    return DepthRecord()


@pytest.fixture
def sleeper(
    hammer: SimHammer, sink: RecordingSink, clock: WatchedClock, record: DepthRecord
) -> HammerAdapter:
    """An adapter that measures silence by the clock of the market."""
    adapter = HammerAdapter(
        HammerProfile("127.0.0.1", hammer.port, "demo", ""),
        HammerSinks(sink, prints=sink, depth=record),
        clock,
        elapsed_s=clock.elapsed_s,
        timing=QUICK,
    )
    adapter.set_wanted(KNOWN)
    return adapter


@pytest.fixture
def looker(hammer: SimHammer, sink: RecordingSink, clock: WatchedClock, record: DepthRecord) -> HammerAdapter:
    adapter = HammerAdapter(
        HammerProfile("127.0.0.1", hammer.port, "demo", ""),
        HammerSinks(sink, prints=sink, depth=record),
        clock,
        timing=replace(QUICK, backoff=Backoff(first_s=0.02, most_s=0.05)),
    )
    adapter.set_wanted(KNOWN)
    return adapter
