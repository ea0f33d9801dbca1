"""What the window costs when little or nothing happens: still, on a normal day, minimised."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from statistics import median

from tests.benchmarks import servers
from tests.benchmarks.cases.wire import in_qt
from tests.benchmarks.measurements import Cpu, application, wake_ups
from tests.benchmarks.plan import Figure, Measured, Plan
from tests.benchmarks.product import connected, opened, sort_by_profit
from tests.benchmarks.servers import Remote

NAME = "idle"
OURS = "psf_monitor"
TICKS_PER_S = 200
_QUIET_PERCENT = 3.0
_QUIET_LOOKS = 5
_MOST_LOOKS = 30
_PIECES = 5
_CASES = (("nothing moves", 1.0), (f"{TICKS_PER_S} ticks/s", 4.0), (f"{TICKS_PER_S} ticks/s, minimised", 2.0))

HOW = (
    "Idle: all three connected, a tenth as many orders as positions, sorted on live P&L; processor time of "
    "the product's process, in percent of a core, and how often a second it is woken: each the median of "
    f"{_PIECES} pieces of the time, so that what the computer does besides for a while is in few of them. A "
    "process that mostly sleeps finds other programs' data in the processor's cache: the same work takes it "
    "several times as long as one that is busy. Compare builds in rounds that take turns."
)


async def _quiet(look_s: float) -> None:
    """Return when what follows a connection, the trades so far of every symbol, has come.

    They come in batches: a single quiet look may be between two.
    """
    quiet = 0
    for _ in range(_MOST_LOOKS):
        cpu = Cpu()
        await asyncio.sleep(look_s)
        quiet = quiet + 1 if cpu.percent() < _QUIET_PERCENT else 0
        if quiet == _QUIET_LOOKS:
            break


async def _stream(remote: Remote, seconds: float) -> None:
    await remote.request("stream", count=round(TICKS_PER_S * seconds), per_s=TICKS_PER_S)


async def _used(seconds: float, pass_time: Callable[[float], Awaitable[object]]) -> tuple[float, float]:
    """Percent of a core and wake-ups a second while ``pass_time`` passes so much time, in pieces."""
    percents, wakes = [], []
    for _ in range(_PIECES):
        cpu, woken = Cpu(), wake_ups()
        await pass_time(seconds / _PIECES)
        percents.append(cpu.percent())
        wakes.append((wake_ups() - woken) / (seconds / _PIECES))
    return median(percents), median(wakes)


def measure(plan: Plan) -> Measured:
    application()
    found = Measured(notes=[HOW])
    used: list[tuple[float, float]] = []

    async def story(remote: Remote) -> None:
        async with opened(remote.ports) as (monitor, window):
            sort_by_profit(window)
            await connected(monitor)
            await _quiet(min(1.0, plan.idle_s))
            used.append(await _used(plan.idle_s, asyncio.sleep))
            for minimises in (False, True):
                if minimises:
                    window.showMinimized()
                used.append(await _used(plan.idle_s, partial(_stream, remote)))
        await remote.leave()

    with servers.started(plan.symbols, plan.symbols, plan.symbols // 10) as remote:
        in_qt(lambda: story(remote))
    for (case, most), (percent, woken) in zip(_CASES, used, strict=True):
        found.figures.append(Figure(NAME, case, OURS, "CPU %", percent, "%"))
        found.add(NAME, case, OURS, "woken times/s", [woken])
        found.judge(f"idle, {case}", f"under {most:g} % of a core", percent, "%", most=most)
    return found
