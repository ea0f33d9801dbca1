"""``python -m tests.golden_recordings.make``: records what scripts and demo send, and what the window shows.

Each recording is a file of its own; beside it stands what was shown when it was made, live.
"""

import asyncio
import json
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from psf_monitor.connection.status import LinkState
from psf_monitor.recording.reader import tail_path
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.runtime.timing import MonitorTiming
from tests.golden_recordings.window_cells import Shown, shown
from tests.replay.recorded_and_replayed import QUICK_LISTS, live, quick_gateways
from tests.support.make_window import make_window
from tests.support.records import PED
from tests.support.scripted_product import scripted
from tests.support.scripted_tws import script
from tests.support.sim_servers import running_monitor, settings_for
from tests.support.waiting import until

FOLDER = Path(__file__).parent
SCRIPTS = (
    "auction_only",
    "combo",
    "fractions",
    "gains_units",
    "inactive",
    "informational_code",
    "not_in_the_market_yet",
    "one_cancels_all",
    "order_types",
    "renamed_preferred",
    "duplicate_order_ids",
    "usd_share_abroad",
)


async def of_script(path: Path) -> Shown:
    """Return the recording of one script."""
    reported = script(path.stem)
    async with scripted(
        reported, expects_paper=str(reported.get("accounts", "")).startswith("D"), has_window=True
    ) as product:
        product.monitor.record_wires(path)
        await product.connect()
        asked = product.tws.asked(16)
        while product.tws.asked(16) < asked + 2:  # noqa: ASYNC110 - whatever there was is listed by then
            await asyncio.sleep(0.01)
        found = shown(product.window)
        product.monitor.wires.stop()
    return found


async def of_demo(path: Path) -> Shown:
    """The demo, some steps of its market, with both connections lost on the way."""
    gateways = quick_gateways()
    await gateways.start(moves=False)
    monitor = Monitor(settings_for(gateways), gateways.market.clock, timing=MonitorTiming(QUICK_LISTS))
    window = make_window(monitor.book, monitor.links, gateways.market.clock, fills=monitor.fills)
    monitor.record_wires(path)
    try:
        async with running_monitor(monitor):
            await live(gateways, monitor, 10)
            if path.stem == "losses":
                gateways.ped.reset_all()
                gateways.hammer.close_all()
                await until(lambda: monitor.links[PED].status.state is not LinkState.READY)
                await live(gateways, monitor, 20)
            found = shown(window)
            monitor.wires.stop()
    finally:
        window.close()
        await gateways.stop()
    return found


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication([])
    makers: dict[str, Callable[[Path], Coroutine[Any, Any, Shown]]] = dict.fromkeys(SCRIPTS, of_script)
    makers |= dict.fromkeys(("demo", "losses"), of_demo)
    for name, make in makers.items():
        path = FOLDER / f"{name}.wires"
        path.unlink(missing_ok=True)
        tail_path(path).unlink(missing_ok=True)
        with asyncio.Runner() as runner:
            asyncio.set_event_loop(runner.get_loop())
            found = runner.run(make(path))
        text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
        path.with_suffix(".json").write_text(text, encoding="utf-8")
    del application


if __name__ == "__main__":
    main()
