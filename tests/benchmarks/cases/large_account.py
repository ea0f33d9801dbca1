"""Accounts of thousands of positions: loading them, the prices over them, sorting and filtering."""

import asyncio
import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt

from psf_monitor.connection.status import LinkState
from psf_monitor.ui.shell.main_window import MainWindow
from tests.benchmarks import servers
from tests.benchmarks.cases import connect
from tests.benchmarks.cases.tables import STEADY_PER_S, Nothing, steady
from tests.benchmarks.cases.wire import Watched, in_qt
from tests.benchmarks.measurements import Cpu, Turns, application, percentile, wake_ups
from tests.benchmarks.plan import Measured, Plan
from tests.benchmarks.product import Product, opened, sort_by_profit, until
from tests.benchmarks.servers import Remote

NAME = "large_account"
OURS = "psf_monitor"
RATE = 2000
_PATIENCE_S = 300.0
"""HAMMER is asked for a hundred snapshots a second, so as not to be overrun: thousands take a minute."""
_PAUSE_S = 0.1
_SETTLES_S = 3.0
_ROW_COUNTS = 50, 500, 5000
_STREAMS = 3
"""So many times as long as elsewhere prices stream: of one share there is a price every few seconds."""
_HELD = "longest turn ms"

HOW = (
    "Large accounts: positions and orders over two logins, TWS and HAMMER in a process each. Connect as in "
    "the benchmark of that name. A turn is what the event loop does until Qt has its own again, in processor "
    f"time, which a busy computer does not lengthen. Then HAMMER sends {RATE:,} quotes a second over all of "
    "the shares, in no order of their names, and answers by the same market; the rows are sorted on live "
    "P&L. What a hand does is processor time until it is "
    f"painted, the median of several times. An update at {STEADY_PER_S:,} a second is one of a table alone, "
    "less the same window without any."
)


def measure(plan: Plan) -> Measured:
    application()
    found = Measured(notes=[HOW])
    positions, orders = plan.large_account
    case = f"{positions:,} positions, {orders:,} orders"
    ratio = connect.compared(found, NAME, case, positions, orders, min(plan.connects, 1))
    found.judge(f"connect: {case}, next to connectAsync", "1.3 times", ratio, "times", most=1.3)
    away = found.value(case, OURS, connect.HELD)
    found.judge(f"event loop held at a time while {case} load", "50 ms", away, "ms", most=50)
    with servers.started_apart(positions, positions, orders) as remote:
        in_qt(lambda: _day(remote, found, plan, case))
    _judge_the_day(found, case)
    _measure_updates(found, plan)
    return found


async def _day(remote: Remote, found: Measured, plan: Plan, case: str) -> None:
    positions, orders = plan.large_account
    async with opened(remote.ports) as (monitor, window):
        await asyncio.sleep(0.2)
        sort_by_profit(window)
        turns = Turns()
        turns.start()
        monitor.connect_all()
        links = monitor.links.values()
        ready = LinkState.READY
        await until(
            lambda: all(link.status.state is ready for link in links), "every connection", _PATIENCE_S
        )
        shown = window.positions.model, window.orders.model
        await until(lambda: [m.row_count for m in shown] == [positions, orders], "every row")
        # As they are shown: who asks the book has every row worked out at once.
        lines = shown[0].lines(range(positions))
        await until(lambda: all(line.row.bid is not None for line in lines), "every price")
        found.add(NAME, case, OURS, f"with HAMMER, {_HELD}", [max(turns.stop())])
        watched = Watched(remote, monitor, window)
        await asyncio.sleep(min(_SETTLES_S, plan.idle_s))
        cpu, woken = Cpu(), wake_ups()
        await asyncio.sleep(plan.idle_s)
        found.add(NAME, f"{case}, nothing moves", OURS, "CPU %", [cpu.percent()])
        found.add(NAME, f"{case}, nothing moves", OURS, "wake-ups/s", [(wake_ups() - woken) / plan.idle_s])
        turns.start()
        run = await watched.steady(RATE, _STREAMS * plan.stream_s, positions, is_scattered=True)
        run[f"{RATE}/s, {_HELD}"] = max(turns.stop())
        for what in ("messages/s", "late p50 ms", "late p99 ms", "CPU %", "stall p99 ms", "dropped"):
            found.add(NAME, f"{case}, {RATE}/s", OURS, what, [run[what]])
        found.add(NAME, f"{case}, {RATE}/s", OURS, _HELD, [run[f"{RATE}/s, {_HELD}"]])
        for what, act in _hand(window).items():
            took: list[float] = []
            for _ in range(plan.hand):
                took.append(_processor_ms(window, act))
                await asyncio.sleep(_PAUSE_S)
            found.add(NAME, case, OURS, f"{what} ms", took)
    await remote.leave()


def _hand(window: MainWindow) -> dict[str, Callable[[], object]]:
    """What a trader does with a table, and does again."""
    panel, sides = window.positions, [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder]
    view, filters = panel.view, ["S", "S01", ""]

    def sort(key: str) -> None:
        sides.reverse()
        view.sortByColumn(panel.model.table.index(key), sides[0])

    def filter_rows() -> None:
        filters.append(filters.pop(0))
        panel.selection.filter(filters[0])

    return {
        "sort on live P&L": partial(sort, "unrealized_pnl"),
        "sort on the symbol": partial(sort, "symbol"),
        "filter": filter_rows,
        "select all": view.selectAll,
        "scroll to the end": view.scrollToBottom,
    }


def _processor_ms(window: MainWindow, act: Callable[[], object]) -> float:
    began = time.thread_time()
    act()
    window.positions.view.viewport().repaint()
    return 1000 * (time.thread_time() - began)


def _judge_the_day(found: Measured, case: str) -> None:
    live = f"{case}, {RATE}/s"
    found.judge(
        f"{live}: send to painted cell, p99", "60 ms", found.value(live, OURS, "late p99 ms"), "ms", most=60
    )
    found.judge(f"{live}: dropped", "nothing", found.value(live, OURS, "dropped"), "", most=0)
    found.judge(f"{live}: event loop held at a time", "50 ms", found.value(live, OURS, _HELD), "ms", most=50)
    for what in ("sort on live P&L", "sort on the symbol", "filter", "select all"):
        found.judge(f"{case}: {what}", "100 ms", found.value(case, OURS, f"{what} ms"), "ms", most=100)


def _measure_updates(found: Measured, plan: Plan) -> None:
    costs: dict[int, float] = {}
    for rows in (count for count in _ROW_COUNTS if count <= plan.large_account[0]):
        # In turn, so that both have the same machine.
        runs = [
            steady(Product, rows, plan.table_s)["CPU %"] - steady(Nothing, rows, plan.table_s)["CPU %"]
            for _ in range(plan.hand)
        ]
        costs[rows] = percentile(runs, 50) / 100 / STEADY_PER_S * 1e6
        found.add(NAME, f"{rows:,} rows", OURS, "processor us per update", [costs[rows]])
    if len(costs) > 1:
        ratio = costs[max(costs)] / costs[min(costs)]
        few, many = min(costs), max(costs)
        found.judge(f"an update of {many:,} rows next to {few} rows", "1.2 times", ratio, "times", most=1.2)
