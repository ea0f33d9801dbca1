"""Whether memory leaks: by ticks, by reconnects, by a day of fills."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from psf_monitor.runtime.monitor import Monitor
from tests.benchmarks import servers
from tests.benchmarks.cases.wire import in_qt
from tests.benchmarks.measurements import application, resident_mb
from tests.benchmarks.plan import Figure, Measured, Plan
from tests.benchmarks.product import connected, opened, until
from tests.benchmarks.servers import Remote

NAME = "leaks"
OURS = "psf_monitor"
_MOST_MB = 3.0
_POSITIONS = 40
_FILLS_PER_S = 100.0
_PER_TICKS, _PER_RECONNECTS, _PER_FILLS = 1_000_000, 100, 2000

HOW = (
    "Growth: memory that is resident, after collecting garbage. Each kind is done once in small to warm up, "
    "then measured and put in proportion where fewer were done. A day of fills is placed and filled by "
    "another program."
)


def _are_up_again(monitor: Monitor, before: Sequence[datetime | None]) -> bool:
    pairs = zip(monitor.links.values(), before, strict=True)
    return all(link.status.up_since not in (None, up_since) for link, up_since in pairs)


def measure(plan: Plan) -> Measured:
    application()
    found = Measured(notes=[HOW])
    if resident_mb() is None:
        found.notes.append("This system does not say how much memory a process holds.")
        return found
    grown: dict[str, float] = {}

    def now_mb() -> float:
        return resident_mb() or 0.0

    async def story(remote: Remote) -> None:
        async with opened(remote.ports) as (monitor, window):
            await connected(monitor)

            async def ticks(count: int) -> None:
                reported = await remote.request("blast", count=count)
                model = window.positions.model
                await until(
                    lambda: sorted(row.bid or 0.0 for row in model.rows()) == sorted(reported["last"]),
                    "the last quotes",
                )

            async def reconnects(count: int) -> None:
                for _ in range(count):
                    before = [link.status.up_since for link in monitor.links.values()]
                    await remote.request("drop")
                    await until(partial(_are_up_again, monitor, before), "every connection again")

            async def fills(count: int) -> None:
                reported = await remote.request("fills", count=count, per_s=_FILLS_PER_S)
                await until(lambda: window.positions.model.row_count == reported["held"], "the last fill")

            kinds = (
                (f"per {_PER_TICKS:,} ticks", ticks, plan.ticks, _PER_TICKS),
                (f"per {_PER_RECONNECTS} reconnects", reconnects, plan.reconnects, _PER_RECONNECTS),
                (f"per day of {_PER_FILLS:,} fills", fills, plan.fills, _PER_FILLS),
            )
            for name, do, count, per in kinds:
                if not count:
                    continue
                await do(max(count // 5, 1))
                before = now_mb()
                await do(count)
                # What a frame later still holds is not grown.
                await asyncio.sleep(0.2)
                grown[name] = (now_mb() - before) * per / count
        await remote.leave()

    with servers.started(_POSITIONS, _POSITIONS, 0) as remote:
        in_qt(lambda: story(remote))
    for name, mb in grown.items():
        found.figures.append(Figure(NAME, name, OURS, "MB", mb, "MB"))
        if plan.ticks >= _PER_TICKS:
            found.judge(f"memory growth {name}", f"under {_MOST_MB:g} MB", mb, "MB", most=_MOST_MB)
    return found
