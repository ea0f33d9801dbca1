"""What it costs to record the wires, and how much a day takes.

The recorder's own share: the same frames go through a tap that records and through one that does not, in
turn, for the computer may do other things meanwhile. The size is that of the demo's own updates, whose
figures are written in several ways, at 200 a second.
"""

import asyncio
import tempfile
import time
from pathlib import Path
from statistics import median

from psf_monitor.domain.account import AccountMode
from psf_monitor.recording.entry import LINKS, Entry, Kind
from psf_monitor.recording.format import Clocks
from psf_monitor.recording.recorder import WireRecorder
from psf_monitor.recording.writer import Writer
from tests.benchmarks.cases.recorded_hours import TICKS_PER_S, frames
from tests.benchmarks.measurements import percentile
from tests.benchmarks.plan import Measured, Plan

NAME = "recording"
PER_S = 5_000
DAY_S = 8 * 3600
_BEAT_S = 0.01


async def cost(path: Path | None, some: list[bytes], seconds: float) -> tuple[float, float]:
    """Processor time in % of a core, until all is written, and how late the loop's timers were (p99, ms)."""
    wires = WireRecorder()
    line = wires.begin_line(LINKS[AccountMode.HAMMER_PRO], {"endpoint": "127.0.0.1:16400"})
    line.end_head()
    if path is not None:
        wires.start(path, {})
    late: list[float] = []
    began, used = time.perf_counter(), time.process_time()
    place, due = 0, began
    while time.perf_counter() - began < seconds:
        due += _BEAT_S
        await asyncio.sleep(max(due - time.perf_counter(), 0))
        late.append(1000 * max(time.perf_counter() - due, 0))
        for _ in range(int(PER_S * _BEAT_S)):
            line.received(some[place % len(some)])
            place += 1
    lasted = time.perf_counter() - began
    wires.stop()
    return 100 * (time.process_time() - used) / lasted, percentile(late, 99)


def day_bytes(folder: Path, some: list[bytes]) -> float:
    """What a day at ``TICKS_PER_S`` takes, by a sample of it that comes in turns of 80 ms."""
    clock = [Clocks(0, 0)]
    path = folder / "day.wires"
    writer = Writer(path, "run", {}, clocks=lambda: clock[0])
    a_turn = TICKS_PER_S * 8 // 100
    for begin in range(0, len(some), a_turn):
        at_ns = begin // a_turn * 80_000_000
        clock[0] = Clocks(at_ns, at_ns)
        turn = some[begin : begin + a_turn]
        writer.write([Entry(at_ns + n * 4_000, Kind.RECEIVED, 3, 1, frame) for n, frame in enumerate(turn)])
    writer.close()
    return path.stat().st_size / len(some) * TICKS_PER_S * DAY_S


def measure(plan: Plan) -> Measured:
    """Record and do not, in turn; and write a sample of a day."""
    some = frames(plan.frames)
    percents, waits = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(plan.recorded_pairs):
            plain = asyncio.run(cost(None, some, plan.recorded_s))
            recorded = asyncio.run(cost(folder / f"{number}.wires", some, plan.recorded_s))
            percents.append(recorded[0] - plain[0])
            waits.append(recorded[1] - plain[1])
        size = day_bytes(folder, some)
    found = Measured()
    case = f"{PER_S}/s"
    found.add(NAME, case, "psf_monitor", "more CPU %", percents)
    found.add(NAME, case, "psf_monitor", "more late p99 ms", waits)
    found.add(NAME, f"a day of {TICKS_PER_S}/s", "psf_monitor", "MB", [size / 1e6])
    found.judge(f"recording {case}", "2 % of a core", median(percents), "%", most=2.0)
    found.judge(f"loop late p99, recording {case}", "1 ms more", median(waits), "ms", most=1.0)
    found.judge(f"a recorded day of {TICKS_PER_S}/s", "60 MB", size / 1e6, "MB", most=60.0)
    found.notes.append(
        f"{plan.recorded_pairs} pairs of {plan.recorded_s:g} s, with and without, one after the other; "
        f"medians of the differences. The day is a sample of {len(some)} updates."
    )
    return found
