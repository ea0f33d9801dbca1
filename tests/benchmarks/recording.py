"""``python -m tests.benchmarks.recording``: what it costs to record the wires, and how much a day takes.

The recorder's own share: the same frames go through a tap that records and through one that does not. The
size is that of the demo's own updates, whose figures are written in several ways, at 200 a second.
"""

import asyncio
import json
import random
import sys
import tempfile
import time
from pathlib import Path

from psf_monitor.domain.account import AccountMode
from psf_monitor.recording.entry import Entry, Kind
from psf_monitor.recording.format import Clocks
from psf_monitor.recording.recorder import WireRecorder
from psf_monitor.recording.writer import Writer
from psf_monitor.sim.hammer.figure_format import FigureFormat
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.records import QuoteMoved
from psf_monitor.sim.market.scenarios import scenario
from tests.benchmarks.gauges import percentile

PER_S = 5_000
TICKS_PER_S = 200
SAMPLE = 120_000
DAY_S = 8 * 3600
_BEAT_S = 0.01


def frames(count: int) -> list[bytes]:
    """So many updates as SimHammer words them."""
    market = Market(scenario("normal"), 7)
    dresser = FigureFormat(random.Random(7), market.clock)
    found: list[bytes] = []

    def on_event(event: object) -> None:
        if isinstance(event, QuoteMoved) and event.security.hammer_symbol is not None:
            update = dresser.update(event)
            if update:
                found.append(json.dumps({"cmd": "L1Update", "result": update}).encode())

    market.subscribe(on_event)
    while len(found) < count:
        market.step(0.1)
    return found[:count]


async def cost(path: Path | None, some: list[bytes], seconds: float) -> tuple[float, float]:
    """Processor time in % of a core, and how late the loop's timers were (p99, ms)."""
    wires = WireRecorder()
    line = wires.link(AccountMode.HAMMER_PRO).opened("127.0.0.1:16400")
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
    percent = 100 * (time.process_time() - used) / (time.perf_counter() - began)
    wires.stop()
    return percent, percentile(late, 99)


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


def main(seconds: float = 10.0) -> None:
    some = frames(SAMPLE)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = asyncio.run(cost(None, some, seconds))
        recorded = asyncio.run(cost(folder / "cost.wires", some, seconds))
        size = day_bytes(folder, some)
    say = sys.stdout.write
    say(f"processor at {PER_S}/s: {recorded[0] - plain[0]:.2f} % of a core\n")
    say(f"event loop late p99: {plain[1]:.2f} ms without, {recorded[1]:.2f} ms with\n")
    say(f"a day of {TICKS_PER_S} ticks/s: {size / 1e6:.0f} MB\n")


if __name__ == "__main__":
    main()
