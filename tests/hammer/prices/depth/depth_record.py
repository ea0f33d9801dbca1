"""What a window would show of the depth, and an adapter that is looked at."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from psf_monitor.domain.depth import Depth, DepthReport, DepthState
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.sim.hammer.server import SimHammer
from tests.hammer.running_adapter import connected
from tests.support.waiting import until

CIM = "CIM PRB"


class DepthRecord:
    """Keeps what a window would show of the depth."""

    def __init__(self) -> None:
        self.reports: dict[str, DepthReport] = {}
        self.reported = 0

    def depth_changed(self, reports: Mapping[str, DepthReport]) -> None:
        self.reports.update(reports)
        self.reported += 1

    def is_(self, state: DepthState, symbol: str = CIM) -> Callable[[], bool]:
        return lambda: symbol in self.reports and self.reports[symbol].state is state

    @property
    def depth(self) -> Depth:
        found = self.reports[CIM].depth
        assert found is not None
        return found


@asynccontextmanager
async def looking(adapter: HammerAdapter, record: DepthRecord) -> AsyncIterator[None]:
    adapter.set_wanted_depth({CIM})
    async with connected(adapter):
        await until(record.is_(DepthState.LIVE), what="the depth")
        yield


def asked(hammer: SimHammer, name: str = "subscribe") -> list[dict[str, Any]]:
    return [command for command in hammer.commands(name) if command.get("sub") == "L2"]
