"""A program that records the demo behind the window, with losses and restarts, and waits to be killed.

On the way the market rests, and the window is pictured and the recording marked. At its end it prints the
market's own book and the pictures as one line of JSON.
"""

import asyncio
import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from psf_monitor.connection import deferred_asyncio
from psf_monitor.connection.backoff import Backoff
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.runtime.timing import MonitorTiming
from tests.golden_recordings.window_cells import photographed, shown
from tests.replay.recorded_and_replayed import HAMMER, QUICK_LISTS, is_ready, quick_gateways, rest
from tests.support.make_window import make_window
from tests.support.records import GUN, PED
from tests.support.sim_servers import running_monitor, settings_for
from tests.support.waiting import until

STEPS_PER_S, LOSES_EVERY = 50, 30
LEAST_STEPS = 130
"""However slow the computer is, there are losses of each kind."""
MARK = "pictured"


async def main(path: Path, lives_s: float, pictures: int) -> None:
    deferred_asyncio.set_running_loop()
    gateways = quick_gateways()
    await gateways.start(moves=False)
    # Connections that are lost again and again are waited for longer and longer, as a rule.
    timing = MonitorTiming(QUICK_LISTS, backoff=Backoff(first_s=0.2, most_s=1.0))
    monitor = Monitor(settings_for(gateways), gateways.market.clock, timing=timing)
    window = make_window(monitor.book, monitor.links, gateways.market.clock, fills=monitor.fills)
    window.menus.ticks.setChecked(False)
    monitor.record_wires(path)
    taken: list[dict[str, Any]] = []
    async with running_monitor(monitor):
        monitor.connect_all()
        await ready(monitor)
        clock, step = asyncio.get_running_loop().time, 0
        began_s = clock()
        while len(taken) < pictures:
            gateways.market.step(0.1)
            await asyncio.sleep(1 / STEPS_PER_S)
            step += 1
            if step % LOSES_EVERY == 0:
                lose(gateways, monitor, step // LOSES_EVERY)
                await ready(monitor)
            part_done = min((clock() - began_s) / lives_s, step / LEAST_STEPS)
            if part_done >= (len(taken) + 1) / pictures:
                await rest(gateways, monitor, round(21.37 + len(taken) / 100, 2))
                taken.append({"cells": shown(window), "photos": photographed(window)})
                monitor.wires.acted(MARK)
        written = monitor.wires.taken_count
        await until(lambda: monitor.wires.taken_count > written + 50, what="what was recorded, on the disk")
        sys.stdout.write(json.dumps({**book_of(gateways), "pictures": taken}) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


async def ready(monitor: Monitor) -> None:
    for mode in (GUN, PED, HAMMER):
        await until(partial(is_ready, monitor, mode), what=f"{mode} ready")


def lose(gateways: Any, monitor: Monitor, number: int) -> None:
    """Another kind of loss each time; the trader's own retry is one."""
    match number % 4:
        case 0:
            gateways.gun.reset_all()
        case 1:
            gateways.hammer.close_all()
        case 2:
            gateways.ped.close_all()
        case 3:
            monitor.links[GUN].retry_now()


def book_of(gateways: Any) -> dict[str, object]:
    """The market's own book: what is held, what is open, what was done, and the account values."""
    market = gateways.market
    return {
        "positions": {
            f"{held.account} {held.security.local_symbol}": held.quantity
            for held in market.holdings.values()
            if held.quantity
        },
        "orders": {str(order.perm_id): order.filled for order in market.orders.values()},
        "executions": len(market.executions),
        "net_liquidation": {
            account: float(row.value)
            for login in market.logins.values()
            for account in login
            for row in market.account_values(account)
            if (row.tag, row.currency) == ("NetLiquidation", "USD")
        },
    }


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication([])
    asyncio.run(main(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])))
