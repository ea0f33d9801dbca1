"""From the click on Connect to the first painting of everything, next to ib_insync with nothing behind it."""

import asyncio
import time
from functools import partial
from typing import Any

from ib_insync import IB

from psf_monitor.ui.table.panel import TablePanel
from tests.benchmarks import servers
from tests.benchmarks.cases.wire import in_qt
from tests.benchmarks.market import CLIENT_ID
from tests.benchmarks.measurements import PaintWatch, Stalls, Turns, application, percentile
from tests.benchmarks.plan import Figure, Measured, Plan
from tests.benchmarks.product import GUN, PED, opened, until
from tests.benchmarks.servers import Remote

NAME = "connect"
OURS, PEER = "psf_monitor", "ib_insync connectAsync"
HELD = "longest turn ms"
_CASE = "to everything there"

HOW = (
    "Connect: positions and open orders over two logins at once. psf_monitor is timed from the click to the "
    "painting that shows all of them; ib_insync is its own connectAsync, twice at once on plain asyncio, "
    "with the client id that placed the orders, so that it gets them too."
)


def _rows(panel: TablePanel[Any]) -> list[tuple[str, float]]:
    return [("rows", panel.model.shown_count)]


async def _ours(remote: Remote, positions: int, orders: int) -> tuple[float, float, float]:
    """Seconds until all of it is painted, and the longest that the event loop was away meanwhile, in ms:

    by the clock, and in processor time.
    """
    async with opened(remote.ports) as (monitor, window):
        await asyncio.sleep(0.2)
        watches = [
            PaintWatch(panel.view.viewport(), partial(_rows, panel))
            for panel in (window.positions, window.orders)
        ]
        for watch in watches:
            # Nothing was on the screen yet: whatever comes there first is new.
            watch.seen["rows"] = -1.0
        stalls, turns = Stalls(), Turns()
        stalls.start()
        turns.start()
        began = time.perf_counter()
        monitor.links[GUN].connect()
        monitor.links[PED].connect()

        def painted(watch: PaintWatch, count: int) -> float | None:
            return next((at for _, rows, at in watch.painted if rows == count), None)

        wanted = list(zip(watches, (positions, orders), strict=True))
        await until(lambda: all(painted(watch, count) for watch, count in wanted), "every row")
        took = max(painted(watch, count) or 0.0 for watch, count in wanted) - began
        return took, max(stalls.stop()), max(turns.stop())


async def _theirs(remote: Remote) -> float:
    asyncio.set_event_loop(asyncio.get_running_loop())
    clients = [IB(), IB()]
    began = time.perf_counter()
    await asyncio.gather(
        *(
            client.connectAsync("127.0.0.1", remote.ports[login], CLIENT_ID, timeout=30)
            for client, login in zip(clients, ("gun", "ped"), strict=True)
        )
    )
    took = time.perf_counter() - began
    for client in clients:
        client.disconnect()
    await asyncio.sleep(0.05)
    return took


def measure(plan: Plan) -> Measured:
    application()
    found = Measured(notes=[HOW])
    ratio = compared(found, NAME, _CASE, plan.held, plan.held, plan.connects)
    found.judge("connect to first full paint, next to connectAsync", "1.3 times", ratio, "times", most=1.3)
    return found


def compared(found: Measured, benchmark: str, case: str, positions: int, orders: int, connects: int) -> float:
    """Connect so often, and once to warm up; how long it took next to ib_insync alone."""
    ours: list[tuple[float, float, float]] = []
    theirs: list[float] = []

    async def story(remote: Remote) -> None:
        ours.append(await _ours(remote, positions, orders))

    with servers.started(positions, positions, orders) as remote:
        for number in range(connects + 1):
            in_qt(lambda: story(remote))
            theirs.append(asyncio.run(_theirs(remote)))
            if number == 0 and connects:
                ours.clear()
                theirs.clear()
    seconds, away, held = (percentile(values, 50) for values in zip(*ours, strict=True))
    found.figures.append(Figure(benchmark, case, OURS, "seconds", seconds, "s"))
    found.figures.append(Figure(benchmark, case, PEER, "seconds", percentile(theirs, 50), "s"))
    found.figures.append(Figure(benchmark, case, OURS, "away ms", away, "ms"))
    found.figures.append(Figure(benchmark, case, OURS, HELD, held, "ms"))
    return seconds / percentile(theirs, 50)
