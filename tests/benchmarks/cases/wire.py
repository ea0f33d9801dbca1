"""From HAMMER's socket to the painted cell: how late, how much processor, and how near the limit."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Hashable, Mapping
from functools import partial
from typing import Any

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from psf_monitor.app.event_loop import WindowEventLoop
from psf_monitor.connection.status import LinkState
from psf_monitor.hammer.messages import decode
from psf_monitor.hammer.prices.l1_update import L1Update
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.ui.shell.main_window import MainWindow
from tests.benchmarks import servers
from tests.benchmarks.cases.tables import STEADY_PER_S, Nothing
from tests.benchmarks.cases.tables import steady as steady_table
from tests.benchmarks.market import name_of, update_of
from tests.benchmarks.measurements import Cpu, PaintWatch, Stalls, application, percentile
from tests.benchmarks.peers import Peer, vnpy_peers
from tests.benchmarks.plan import Measured, Plan, Verdict
from tests.benchmarks.product import HAMMER, connected, opened, shown_bids, sort_by_profit, until
from tests.benchmarks.servers import Remote

NAME = "wire"
OURS, CEILING, PEER = "psf_monitor", "ceiling", "vnpy unsorted"
_SETTLE_S = 0.3
_LEAD_S = 0.5
"""How long a rate lasts before anything is measured: TCP itself begins slowly after a silence."""
_VERY_MANY = 1000
"""So many rows are not to be asked for while anything is measured: all of them are worked out at once."""

HOW = (
    "Wire: SimTws and SimHammer run in a process of their own; positions of two accounts, sorted on live "
    "P&L. A rate is measured once it has lasted half a second. "
    "Late is from the send to the end of painting the cell. Net CPU is what is left after "
    "the same window without quotes. The ceiling is picows on plain asyncio: receive and decode, no window. "
    "vnpy has no such socket: what its unsorted TickMonitor takes for as many ticks a second is that of the "
    "table alone. "
    "At full blast frames are packed before, and sent as fast as the socket takes them."
)


def in_qt(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a story on the Qt event loop, as the product does."""
    loop = WindowEventLoop(application())
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(story())
    asyncio.set_event_loop(None)


class _Counter(WSListener):
    """Receives and decodes, and nothing else."""

    def __init__(self) -> None:
        self.count = 0
        self.last_at = 0.0

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:  # noqa: ARG002
        if frame.msg_type == WSMsgType.TEXT and isinstance(decode(frame.get_payload_as_bytes()), L1Update):
            self.count += 1
            self.last_at = time.perf_counter()


async def _ceiling(remote: Remote, seconds: float) -> dict[str, float]:
    counter = _Counter()
    transport, _ = await ws_connect(
        lambda: counter, f"ws://127.0.0.1:{remote.ports['hammer']}/", use_aiofastnet=False
    )
    cpu = Cpu()
    reported = await remote.request("blast", seconds=seconds)
    await until(lambda: counter.count >= reported["sent"], "the end of the blast")
    used, used_s = cpu.percent(), cpu.seconds()
    transport.disconnect(graceful=False)
    await remote.leave()
    return {
        "messages/s": counter.count / (counter.last_at - reported["began"]),
        "CPU %": used,
        "CPU us/message": 1e6 * used_s / counter.count,
    }


class Watched:
    """The open window and what measures it."""

    def __init__(self, remote: Remote, monitor: Monitor, window: MainWindow) -> None:
        self.remote = remote
        self.monitor = monitor
        self.window = window
        self.stalls = Stalls()
        panel = window.positions
        self.paint = PaintWatch(panel.view.viewport(), lambda: shown_bids(panel))

    @property
    def is_connected(self) -> bool:
        return self.monitor.links[HAMMER].status.state is LinkState.READY

    async def quiet(self, seconds: float) -> float:
        """The processor that the window takes without quotes, in percent, the measuring included."""
        await asyncio.sleep(min(_SETTLE_S, seconds))
        self.stalls.start()
        cpu = Cpu()
        await asyncio.sleep(seconds)
        self.stalls.stop()
        return cpu.percent()

    async def steady(
        self, rate: int, seconds: float, symbols: int, *, is_scattered: bool = False, **more: Any
    ) -> dict[str, float]:
        """Measure a rate of quotes from ``update_of``; ``more`` is sent besides."""
        idle = await self.quiet(min(seconds, 2.0))
        lead_s = min(_LEAD_S, seconds)
        self.paint.clear()
        count = round(rate * (lead_s + seconds))
        streaming = asyncio.create_task(
            self.remote.request("stream", count=count, per_s=rate, is_scattered=is_scattered, **more)
        )
        await until(lambda: self.paint.painted, "the first quotes")
        await asyncio.sleep(lead_s)
        self.stalls.start()
        cpu = Cpu()
        reported = await streaming
        used = cpu.percent()
        gaps = self.stalls.stop()
        sent: list[float] = reported["sent"]
        first, end = reported["first"], reported["first"] + len(sent)
        updates = [update_of(number, symbols, is_scattered=is_scattered) for number in range(first, end)]
        bids = dict(updates[-symbols:])
        await until(
            partial(self._holds, {name_of(number): bid for number, bid in bids.items()}), "the last quotes"
        )
        sent_at: dict[tuple[Hashable, float], float] = {
            (name_of(number), bid): at
            for (number, bid), at in zip(updates, sent, strict=True)
            if at >= sent[0] + lead_s
        }
        late = [
            1000 * (at - sent_at[who, what]) for who, what, at in self.paint.painted if (who, what) in sent_at
        ]
        return {
            "messages/s": len(sent) / (sent[-1] - sent[0]) if len(sent) > 1 else float("nan"),
            "late p50 ms": percentile(late, 50),
            "late p99 ms": percentile(late, 99),
            "late max ms": max(late, default=float("nan")),
            "CPU %": used,
            "net CPU %": used - idle,
            "stall p50 ms": percentile(gaps, 50),
            "stall p99 ms": percentile(gaps, 99),
            "stall max ms": max(gaps),
            "dropped": 0.0 if self.is_connected else 1.0,
        }

    def _holds(self, expected: Mapping[str, float]) -> bool:
        """Whether every row is at its quote; of very many, whether it is shown so by itself."""
        model = self.window.positions.model
        lines = model.lines(range(model.shown_count))
        rows = model.rows() if len(lines) < _VERY_MANY else [line.row for line in lines]
        shown = {row.symbol: row.bid for row in rows}
        return all(shown.get(name) == bid for name, bid in expected.items())

    def _is_painted(self, expected: Mapping[Hashable, float]) -> bool:
        """Whether what was painted last of every row on the screen is its last quote."""
        return bool(self.paint.seen) and all(expected.get(who) == bid for who, bid in self.paint.seen.items())

    async def blast(self, seconds: float) -> dict[str, float]:
        await asyncio.sleep(min(_SETTLE_S, seconds))
        self.paint.clear()
        self.stalls.start()
        cpu = Cpu()
        # The answer comes behind the blast, on a line of its own: meanwhile nothing else is awaited.
        reported = await self.remote.request("blast", seconds=seconds)
        expected: dict[Hashable, float] = {name_of(n): bid for n, bid in enumerate(reported["last"])}
        await until(lambda: self._is_painted(expected), "the last painting")
        on_screen = time.perf_counter()
        model = self.window.positions.model
        await until(
            lambda: all(row.bid == expected[row.symbol] for row in model.rows() if row.symbol in expected),
            "the last quotes",
        )
        in_model = time.perf_counter()
        used, used_s = cpu.percent(), cpu.seconds()
        gaps = self.stalls.stop()
        return {
            "messages/s": reported["sent"] / (max(on_screen, reported["ended"]) - reported["began"]),
            "CPU %": used,
            "CPU us/message": 1e6 * used_s / reported["sent"],
            "stall p99 ms": percentile(gaps, 99),
            "stall max ms": max(gaps),
            "last on screen after ms": 1000 * (on_screen - reported["ended"]),
            "last in every row after ms": 1000 * (in_model - reported["ended"]),
            "dropped": 0.0 if self.is_connected else 1.0,
        }


def _table_alone(peer: type[Peer], plan: Plan) -> dict[str, float]:
    """The processor that a table takes for the judged rate without any socket."""
    used, idle = (steady_table(each, plan.symbols, plan.table_s)["CPU %"] for each in (peer, Nothing))
    return {"net CPU %": used - idle}


def measure(plan: Plan) -> Measured:
    application()
    found = Measured(notes=[HOW])
    peers = [peer for peer in vnpy_peers() if peer.name == PEER and STEADY_PER_S in plan.rates]
    runs: dict[tuple[str, str], list[dict[str, float]]] = {}

    async def story(remote: Remote) -> None:
        async with opened(remote.ports) as (monitor, window):
            sort_by_profit(window)
            await connected(monitor)
            watched = Watched(remote, monitor, window)
            for rate in plan.rates:
                run = await watched.steady(rate, plan.wire_s / plan.rounds, plan.symbols)
                runs.setdefault((f"{rate}/s", OURS), []).append(run)
            run = await watched.blast(plan.blast_s / plan.rounds if plan.rounds > 1 else plan.blast_s)
            runs.setdefault(("full blast", OURS), []).append(run)
        await remote.leave()

    for _ in range(plan.rounds):
        with servers.started(plan.symbols, plan.symbols, 0) as remote:
            in_qt(partial(story, remote))
        with servers.started(plan.symbols, 0, 0) as remote:
            run = asyncio.run(_ceiling(remote, min(plan.blast_s, 3.0)))
            runs.setdefault(("full blast", CEILING), []).append(run)
        for peer in peers:
            runs.setdefault((f"{STEADY_PER_S}/s", PEER), []).append(_table_alone(peer, plan))
    for (case, contender), measured in runs.items():
        for what in measured[0]:
            # What must never be exceeded is the worst of all rounds, the rest their median.
            worst = "max" in what or "after" in what or what == "dropped"
            found.add(NAME, case, contender, what, [run[what] for run in measured], 100 if worst else 50)
    _judge(found, plan)
    if peers:
        _judge_next_to_peer(found)
    return found


def _judge(found: Measured, plan: Plan) -> None:
    if STEADY_PER_S in plan.rates:
        case = f"{STEADY_PER_S}/s"
        for what, most in (
            ("dropped", 0.0),
            ("stall p99 ms", 16.0),
            ("stall max ms", 50.0),
            ("late p99 ms", 50.0),
        ):
            value = found.value(case, OURS, what)
            target = "nothing" if what == "dropped" else f"under {most:g} ms"
            found.judge(f"5,000 messages/s: {what}", target, value, what.rsplit(" ", 1)[-1], most=most)
    for what, most in (("stall max ms", 100.0), ("last on screen after ms", 100.0), ("dropped", 0.0)):
        value = found.value("full blast", OURS, what)
        target = "nothing" if what == "dropped" else f"under {most:g} ms"
        found.judge(f"full blast: {what}", target, value, what.rsplit(" ", 1)[-1], most=most)
    ours, ceiling = (found.value("full blast", name, "messages/s") for name in (OURS, CEILING))
    share = 100 * ours / ceiling
    found.verdicts.append(
        Verdict("throughput with the window alive", "60 % of the ceiling", f"{share:.0f} %", share >= 60)
    )


def _judge_next_to_peer(found: Measured) -> None:
    mine, theirs = (found.value(f"{STEADY_PER_S}/s", name, "net CPU %") for name in (OURS, PEER))
    found.verdicts.append(
        Verdict(
            "net CPU at 5,000 messages/s, next to vnpy unsorted",
            "half at most",
            f"{mine:.1f} % against {theirs:.1f} %",
            mine <= theirs / 2,
        )
    )
