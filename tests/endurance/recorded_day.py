"""A program that records the demo, loses its connections now and then, and waits to be killed.

When the market rests it tells the market's own book as one line of JSON.
"""

import asyncio
import json
import sys
from functools import partial
from pathlib import Path

from psf_monitor.runtime.monitor import Monitor
from psf_monitor.sim.demo import Gateways
from tests.far_sides import running_monitor, settings_for
from tests.records import GUN, PED
from tests.replay.stage import HAMMER, QUICK_LISTS, is_ready, last_of
from tests.waiting import until

STEPS_PER_S = 50
EVERY = 30


async def main(path: Path, lives_s: float) -> None:
    # ib_insync asks the policy for the loop.
    asyncio.set_event_loop(asyncio.get_running_loop())
    gateways = Gateways()
    await gateways.start(moves=False)
    monitor = Monitor(settings_for(gateways), gateways.market.clock, timing=QUICK_LISTS)
    monitor.record_wires(path)
    async with running_monitor(monitor):
        monitor.connect_all()
        await ready(monitor)
        for step in range(int(lives_s * STEPS_PER_S)):
            gateways.market.step(0.1)
            await asyncio.sleep(1 / STEPS_PER_S)
            if step % EVERY == EVERY - 1:
                lose(gateways, monitor, step // EVERY)
                await ready(monitor)
        gateways.market.trade("CIM PRB", 21.37, 100)
        await until(lambda: last_of(monitor, "CIM PRB") == {21.37})
        heard = len(gateways.gun.received), len(gateways.ped.received)
        await until(lambda: len(gateways.gun.received) > heard[0] + 20)
        await until(lambda: len(gateways.ped.received) > heard[1] + 20)
        await until(lambda: len(monitor.fills.fills()) >= len(gateways.market.executions))
        taken = monitor.wires.taken
        await until(lambda: monitor.wires.taken > taken + 50)
        sys.stdout.write(json.dumps(book_of(gateways)) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


async def ready(monitor: Monitor) -> None:
    for mode in (GUN, PED, HAMMER):
        await until(partial(is_ready, monitor, mode))


def lose(gateways: Gateways, monitor: Monitor, number: int) -> None:
    """Another kind of loss each time; the trader's own disconnect is one."""
    match number % 4:
        case 0:
            gateways.gun.reset_all()
        case 1:
            gateways.hammer.close_all()
        case 2:
            gateways.ped.close_all()
        case 3:
            monitor.links[GUN].retry_now()


def book_of(gateways: Gateways) -> dict[str, object]:
    market = gateways.market
    return {
        "positions": {
            f"{held.account} {held.security.local_symbol}": held.quantity
            for held in market.holdings.values()
            if held.quantity
        },
        "orders": {str(order.perm_id): order.filled for order in market.orders.values()},
        "executions": len(market.executions),
    }


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), float(sys.argv[2])))
