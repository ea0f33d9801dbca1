"""What the window costs when little or nothing happens: still, on a normal day, minimised."""

import asyncio

from tests.benchmarks import far_side
from tests.benchmarks.cases.wire import in_qt
from tests.benchmarks.far_side import Remote
from tests.benchmarks.gauges import Cpu, application, wake_ups
from tests.benchmarks.plan import Figure, Measured, Plan
from tests.benchmarks.product import connected, opened, sort_by_profit

NAME = "idle"
OURS = "psf_monitor"
TICKS_PER_S = 200
_QUIET_PERCENT = 3.0
_MOST_LOOKS = 15
_CASES = (("nothing moves", 1.0), (f"{TICKS_PER_S} ticks/s", 4.0), (f"{TICKS_PER_S} ticks/s, minimised", 2.0))

HOW = (
    "Idle: all three connected, a tenth as many orders as positions, sorted on live P&L; processor time of "
    "the product's process, in percent of a core, and how often a second it is woken."
)


async def _quiet(look_s: float) -> None:
    """Return when what follows a connection, the trades so far of every symbol, has come."""
    for _ in range(_MOST_LOOKS):
        cpu = Cpu()
        await asyncio.sleep(look_s)
        if cpu.percent() < _QUIET_PERCENT:
            break


def measure(plan: Plan) -> Measured:
    application()
    found = Measured(notes=[HOW])
    used: list[tuple[float, float]] = []

    async def story(remote: Remote) -> None:
        async with opened(remote.ports) as (monitor, window):
            sort_by_profit(window)
            await connected(monitor)
            await _quiet(min(1.0, plan.idle_s))
            cpu, woken = Cpu(), wake_ups()
            await asyncio.sleep(plan.idle_s)
            used.append((cpu.percent(), (wake_ups() - woken) / plan.idle_s))
            for minimises in (False, True):
                if minimises:
                    window.showMinimized()
                cpu, woken = Cpu(), wake_ups()
                await remote.tell("stream", count=round(TICKS_PER_S * plan.idle_s), per_s=TICKS_PER_S)
                used.append((cpu.percent(), (wake_ups() - woken) / plan.idle_s))
        await remote.leave()

    with far_side.started(plan.symbols, plan.symbols, plan.symbols // 10) as remote:
        in_qt(lambda: story(remote))
    for (case, most), (percent, woken) in zip(_CASES, used, strict=True):
        found.figures.append(Figure(NAME, case, OURS, "CPU %", percent, "%"))
        found.add(NAME, case, OURS, "woken times/s", [woken])
        found.judge(f"idle, {case}", f"under {most:g} % of a core", percent, "%", most=most)
    return found
