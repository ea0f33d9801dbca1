"""The table alone: how many ticks each can take, and what a steady stream of them costs."""

import itertools
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QWidget

from tests.benchmarks.measurements import STALL_EVERY_MS, Cpu, PaintWatch, Stalls, application, percentile
from tests.benchmarks.peers import Peer, PlainWidget, SortedModel, Tick, ticks, vnpy_peers
from tests.benchmarks.plan import Measured, Plan, Verdict
from tests.benchmarks.product import Product

NAME = "tables"
STEADY_PER_S = 5000
_JUDGED_ROWS = 500
_TURN_S = 0.005
_AT_ONCE = 16

HOW = (
    "Tables: 1280 x 720, twelve columns or more of which seven move. psf_monitor is the whole window, sorted "
    "on live P&L, fed with decoded HAMMER messages through its quote cache and book. vnpy is its own "
    "TickMonitor, fed with its own events through its own signal and process_event, on the window's thread; "
    "its event engine would hand them over from a thread of its own, which costs more. QTableWidget is "
    "written tick by tick, unsorted. Model and proxy is sorted on live P&L. As fast as possible: turns of 5 "
    "ms of ticks, then whatever the event loop has to do."
)


class Nothing(Peer):
    """Takes ticks and does nothing: what the feeding and measuring cost by themselves."""

    name = "nothing"

    def __init__(self, rows: int) -> None:  # noqa: ARG002
        self.widget = QWidget()

    def take(self, updates: Sequence[Any]) -> None:
        """Nothing to do."""

    def shown(self) -> Iterable[tuple[int, float]]:
        return ()

    @property
    def viewport(self) -> QWidget:
        return self.widget


class _Feed:
    """Ticks for a table, round and round, each with the time at which it was last fed."""

    def __init__(self, peer: Peer, made: Sequence[Tick]) -> None:
        self.count = 0
        self.fed_at: dict[tuple[int, float], float] = {}
        self._peer = peer
        self._pairs = itertools.cycle(list(zip(made, peer.prepared(made), strict=True)))

    def turn(self, count: int) -> None:
        """Feed this many at once, and record when."""
        now = time.perf_counter()
        pairs = list(itertools.islice(self._pairs, count))
        self.fed_at.update(((tick.number, tick.bid), now) for tick, _ in pairs)
        self._peer.take([update for _, update in pairs])
        self._peer.end_turn()
        self.count += count

    def flat_out(self) -> None:
        """Feed for the time of one turn."""
        peer, pairs = self._peer, self._pairs
        end = time.perf_counter() + _TURN_S
        while time.perf_counter() < end:
            peer.take([update for _, update in itertools.islice(pairs, _AT_ONCE)])
            self.count += _AT_ONCE
        peer.end_turn()


def _pump(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def _shown(contender: type[Peer], rows: int) -> Peer:
    peer = contender(rows)  # type: ignore[call-arg]
    peer.widget.resize(1280, 720)
    peer.widget.show()
    _pump(0.05)
    return peer


def flat_out(contender: type[Peer], rows: int, seconds: float) -> dict[str, float]:
    """As fast as possible: ticks a second and the stalls."""
    peer = _shown(contender, rows)
    feed = _Feed(peer, ticks(rows, max(20, 4000 // rows)))
    timer, stalls = QTimer(), Stalls()
    timer.timeout.connect(feed.flat_out)
    timer.start(0)
    stalls.start()
    cpu, began = Cpu(), time.perf_counter()
    _pump(seconds)
    took, used = time.perf_counter() - began, cpu.percent()
    timer.stop()
    gaps = stalls.stop()
    peer.close()
    _pump(0.01)
    return {
        "updates/s": feed.count / took,
        "CPU us per update": used / 100 * took / max(feed.count, 1) * 1e6,
        "stall p99 ms": percentile(gaps, 99),
        "stall max ms": max(gaps),
    }


def steady(contender: type[Peer], rows: int, seconds: float) -> dict[str, float]:
    """``STEADY_PER_S`` ticks a second: processor, stalls, and how old what is painted is."""
    peer = _shown(contender, rows)
    feed = _Feed(peer, ticks(rows, max(20, 4000 // rows)))
    watch = PaintWatch(peer.viewport, peer.shown)
    timer, stalls = QTimer(), Stalls()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    began = time.perf_counter()

    def on_due() -> None:
        due = int((time.perf_counter() - began) * STEADY_PER_S) - feed.count
        if due > 0:
            feed.turn(due)

    ages: list[float] = []

    def on_second() -> None:
        # Each figure comes again after a while: it is looked up before that.
        for who, what, at in watch.painted:
            if isinstance(who, int) and (fed := feed.fed_at.get((who, what))) is not None:
                ages.append(1000 * (at - fed))
        watch.clear()

    timer.timeout.connect(on_due)
    looking = QTimer()
    looking.timeout.connect(on_second)
    timer.start(STALL_EVERY_MS)
    looking.start(50)
    stalls.start()
    cpu = Cpu()
    _pump(seconds)
    took, used = time.perf_counter() - began, cpu.percent()
    timer.stop()
    looking.stop()
    gaps = stalls.stop()
    on_second()
    fed = feed.count / took
    peer.close()
    _pump(0.01)
    return {
        "updates/s": fed,
        "CPU %": used,
        "stall p50 ms": percentile(gaps, 50),
        "stall p99 ms": percentile(gaps, 99),
        "stall max ms": max(gaps),
        "age p50 ms": percentile(ages, 50),
        "age p99 ms": percentile(ages, 99),
    }


def measure(plan: Plan) -> Measured:
    application()
    found = Measured(notes=[HOW])
    vnpy = vnpy_peers()
    if not vnpy:
        found.notes.append("vnpy is not installed (uv run --group bench): left out of the tables.")
    contenders: list[type[Peer]] = [Product, *vnpy, PlainWidget, SortedModel]
    streamed: list[type[Peer]] = [Nothing, *contenders]
    for rows in plan.table_rows:
        saturated: dict[str, list[dict[str, float]]] = {}
        stream: dict[str, list[dict[str, float]]] = {}
        for _ in range(plan.table_rounds):
            for contender in contenders:
                saturated.setdefault(contender.name, []).append(flat_out(contender, rows, plan.table_s))
            for contender in streamed:
                stream.setdefault(contender.name, []).append(steady(contender, rows, plan.table_s))
        idle = percentile([run["CPU %"] for run in stream.pop(Nothing.name)], 50)
        for runs in stream.values():
            for run in runs:
                run["net CPU %"] = run["CPU %"] - idle
        for kind, by_name in (("flat out", saturated), (f"{STEADY_PER_S}/s", stream)):
            for name, runs in by_name.items():
                for what in runs[0]:
                    found.add(NAME, f"{rows} rows, {kind}", name, what, [run[what] for run in runs])
        if vnpy and rows == _JUDGED_ROWS:
            _judge(found, saturated)
    return found


def _judge(found: Measured, saturated: Mapping[str, Sequence[Mapping[str, float]]]) -> None:
    slow = f"{_JUDGED_ROWS} rows, {STEADY_PER_S}/s"
    for peer, least in (("vnpy unsorted", 40), ("vnpy as shipped", 500)):
        # Round by round: those of one round had the same machine, which is not the same for long.
        rounds = zip(saturated[Product.name], saturated[peer], strict=True)
        ratio = percentile([mine["updates/s"] / theirs["updates/s"] for mine, theirs in rounds], 50)
        found.judge_ratio(
            f"updates/s, {_JUDGED_ROWS} rows, next to {peer}", f"{least} times", ratio, least=least
        )
    mine, theirs = (found.value(slow, name, "net CPU %") for name in (Product.name, "vnpy unsorted"))
    found.verdicts.append(
        Verdict(
            "net CPU at 5,000 updates/s, table alone, next to vnpy unsorted",
            "half at most",
            f"{mine:.1f} % against {theirs:.1f} %",
            mine <= theirs / 2,
        )
    )
