"""What the windows of shares cost under load: five of them, forty prices a side."""

from functools import partial
from typing import Any

from psf_monitor.domain.depth import DepthState
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.ui.shell.main_window import MainWindow
from tests.benchmarks import servers
from tests.benchmarks.cases.wire import Watched, in_qt
from tests.benchmarks.market import name_of
from tests.benchmarks.measurements import application
from tests.benchmarks.plan import Measured, Plan, Verdict
from tests.benchmarks.product import connected, opened, sort_by_profit, until
from tests.benchmarks.servers import Remote

NAME = "depth"
OURS, ALONE, CLOSED = "psf_monitor", "without them", "closed again"
WINDOWS, LEVELS, RATE, DEPTH_RATE = 5, 40, 5000, 2000
MOST_MORE = 6.0
_CASE = f"{WINDOWS} windows of {LEVELS} levels, {DEPTH_RATE} L2/s beside {RATE} L1/s"
_SHOWN = ("CPU %", "stall p50 ms", "stall p99 ms", "stall max ms", "late p99 ms", "dropped")

HOW = (
    f"Depth: {RATE:,} messages a second into the window, and {DEPTH_RATE:,} updates a second of the depth, "
    f"each of both sides with {LEVELS} prices, while the windows of {WINDOWS} shares are open; next to the "
    "same window before they were opened, and after they were closed."
)


def _open(window: MainWindow, count: int) -> None:
    for number in range(count):
        assert window.symbol_windows.open_named(name_of(number))


def _has_depth(monitor: Monitor, number: int, levels: int = 0) -> bool:
    """Return whether the depth of this share has arrived, with this many prices a side unless any will do."""
    report = monitor.book.depths.report(name_of(number))
    if report.state is not DepthState.LIVE or report.depth is None:
        return False
    return not levels or len(report.depth.bids) == levels


def measure(plan: Plan) -> Measured:
    application()
    found = Measured(notes=[HOW])
    runs: dict[str, list[dict[str, float]]] = {}
    windows = min(WINDOWS, plan.symbols)
    rate, depth_rate = (RATE, DEPTH_RATE) if RATE in plan.rates else (plan.rates[-1], plan.rates[-1])

    async def story(remote: Remote) -> None:
        async with opened(remote.ports) as (monitor, window):
            sort_by_profit(window)
            await connected(monitor)
            watched = Watched(remote, monitor, window)
            steady = partial(watched.steady, rate, plan.wire_s / plan.rounds, plan.symbols)
            # Loading and measuring for the first time is not part of the windows' cost.
            await steady()
            runs.setdefault(ALONE, []).append(await steady())
            _open(window, windows)
            asked: dict[str, Any] = {"shares": windows, "levels": LEVELS, "depth_per_s": depth_rate}
            # Or what HAMMER has of it by itself would come behind what is streamed.
            await until(lambda: all(_has_depth(monitor, n) for n in range(windows)), "the windows")
            runs.setdefault(OURS, []).append(await steady(**asked))
            await until(lambda: all(_has_depth(monitor, n, LEVELS) for n in range(windows)), "the depth")
            window.symbol_windows.close_all()
            await until(lambda: not monitor.book.depths.symbols, "the end of the windows")
            runs.setdefault(CLOSED, []).append(await steady())
        await remote.leave()

    for _ in range(plan.rounds):
        with servers.started(plan.symbols, plan.symbols, 0) as remote:
            in_qt(partial(story, remote))
    for name, measured in runs.items():
        for what in _SHOWN:
            worst = "max" in what or what == "dropped"
            found.add(NAME, _CASE, name, what, [run[what] for run in measured], 100 if worst else 50)
    _judge(found)
    return found


def _judge(found: Measured) -> None:
    dropped, stall = (found.value(_CASE, OURS, what) for what in ("dropped", "stall p99 ms"))
    found.judge(f"{WINDOWS} windows of shares: dropped", "nothing", dropped, "dropped", most=0.0)
    found.judge(f"{WINDOWS} windows of shares: stall p99", "under 16 ms", stall, "ms", most=16.0)
    alone = found.value(_CASE, ALONE, "CPU %")
    for name, title, most in (
        (OURS, f"{WINDOWS} windows of shares: CPU more than without", MOST_MORE),
        (CLOSED, "windows of shares closed again: CPU more than before", 1.0),
    ):
        more = found.value(_CASE, name, "CPU %") - alone
        text = f"{more:+.1f} % of a core"
        found.verdicts.append(Verdict(title, f"{most:g} % of a core at most", text, more <= most))
