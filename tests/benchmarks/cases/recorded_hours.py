"""A recording of hours: the demo's begin, then its updates at a steady pace and the lists of orders."""

import json
import random
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from psf_monitor.recording.entry import Entry, Kind
from psf_monitor.recording.format import Clocks
from psf_monitor.recording.messages import framed, messages_of
from psf_monitor.recording.reader import Reader
from psf_monitor.recording.writer import Writer
from psf_monitor.sim.hammer.figure_format import FigureFormat
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.records import QuoteMoved
from psf_monitor.sim.market.scenarios import scenario

DEMO = Path(__file__).parents[2] / "golden_recordings" / "demo.wires"
TICKS_PER_S = 200
_TURN_NS = 80_000_000
"""HAMMER's updates come in turns."""
_LISTS_EVERY_NS = 2_500_000_000
_NS = 1_000_000_000


def frames(count: int) -> list[bytes]:
    """Return this many updates as SimHammer sends them."""
    market = Market(scenario("normal"), 7)
    figure_format = FigureFormat(random.Random(7), market.clock)
    found: list[bytes] = []

    def on_event(event: object) -> None:
        if isinstance(event, QuoteMoved) and event.security.hammer_symbol is not None:
            update = figure_format.update(event)
            if update:
                found.append(json.dumps({"cmd": "L1Update", "result": update}).encode())

    market.subscribe(on_event)
    while len(found) < count:
        market.step(0.1)
    return found[:count]


def write(path: Path, lasts_s: float, some: list[bytes]) -> int:
    """Record this many seconds with these updates repeated; return how many updates it holds."""
    recorded = list(Reader(DEMO))
    first = recorded[0]
    begin = [r.entry for r in recorded if r.entry.kind not in (Kind.CLOSED, Kind.END)]
    begin = [e for e in begin if e.kind != Kind.ACT or b"disconnect" not in e.data]
    from_ns, until_ns = begin[-1].at_ns, begin[-1].at_ns + int(lasts_s * _NS)
    reported = cycle([_without_time(frame) for frame in some])
    now = [Clocks(first.entry.at_ns, first.utc_ns)]
    writer = Writer(path, "run", Reader(DEMO).header.facts["settings"], clocks=lambda: now[0])
    writer.write(begin)
    lists = list(_lists())
    count, list_ns = 0, from_ns
    for at_ns in range(from_ns, until_ns, _TURN_NS):
        turn = [_update(next(reported), at_ns + n * 1000) for n in range(TICKS_PER_S * _TURN_NS // _NS)]
        count += len(turn)
        if at_ns >= list_ns:
            turn += [entry._replace(at_ns=at_ns + 40_000 + n) for n, entry in enumerate(lists)]
            list_ns += _LISTS_EVERY_NS
        now[0] = Clocks(at_ns, first.utc_ns + at_ns - first.entry.at_ns)
        writer.write(turn)
    writer.close()
    return count


def _without_time(frame: bytes) -> bytes:
    """Sent over and over, its own time would be an older one."""
    answer = json.loads(frame)
    del answer["result"]["timeStamp"]
    return json.dumps(answer).encode()


def _update(frame: bytes, at_ns: int) -> Entry:
    return Entry(at_ns, Kind.RECEIVED, 3, _LINES[3], frame)


def _lines() -> dict[int, int]:
    return {r.entry.link: r.entry.line for r in Reader(DEMO) if r.entry.kind == Kind.OPENED}


_LINES = _lines()


def _lists() -> Iterator[Entry]:
    """The question for the open orders and its answer, as each TWS gave it last."""
    for link in (1, 2):
        messages = [m for m in messages_of(Reader(DEMO)) if m.recorded.entry.link == link and m.is_whole]
        asked = max(n for n, m in enumerate(messages) if m.kind == Kind.SENT and m.fields[0] == "16")
        yield messages[asked].recorded.entry
        for message in messages[asked:]:
            if message.kind == Kind.RECEIVED and message.fields[0] in ("5", "3", "53"):
                yield message.recorded.entry._replace(data=framed(message.payload))
                if message.fields[0] == "53":
                    break
