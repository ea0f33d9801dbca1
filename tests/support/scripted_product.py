"""The whole product in front of scripted servers: from the sockets to the cells of the window."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from msgspec import structs, to_builtins

from psf_monitor.api import snapshot_records
from psf_monitor.book.rows import OrderRow, PositionRow, QuoteState
from psf_monitor.connection.backoff import Backoff
from psf_monitor.connection.status import CONNECTED_STATES, LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.hammer.timing import HammerTiming
from psf_monitor.ibkr.timing import IbkrTiming
from psf_monitor.runtime.monitor import Monitor, Storage
from psf_monitor.runtime.timing import MonitorTiming
from psf_monitor.settings import HammerProfile, IbkrProfile, Settings
from psf_monitor.ui.fills.rows import FillRow
from psf_monitor.ui.shell.main_window import MainWindow
from psf_monitor.ui.table.model import TableModel
from tests.hammer.running_adapter import QUICK as QUICK_HAMMER
from tests.ibkr.running_connector import QUICK
from tests.support.make_window import delete_window, make_window
from tests.support.product_tables import ProductTables
from tests.support.records import GUN, PED, Clock
from tests.support.scripted_hammer import PASSWORD, ScriptedHammer
from tests.support.scripted_tws import Script, ScriptedTws
from tests.support.waiting import PATIENT_JOURNAL, until

HAMMER = AccountMode.HAMMER_PRO
POLLING = replace(QUICK, orders_override_s=0.02)


class ScriptedProduct:
    """One login and HAMMER as scripted servers, the running monitor, and its tables or its whole window."""

    def __init__(
        self,
        tws: ScriptedTws,
        hammer: ScriptedHammer,
        monitor: Monitor,
        screen: MainWindow | ProductTables,
        clock: Clock,
    ) -> None:
        self.tws = tws
        self.hammer = hammer
        self.monitor = monitor
        self._screen = screen
        self.clock = clock

    @property
    def window(self) -> MainWindow:
        assert isinstance(self._screen, MainWindow), "built without a window"
        return self._screen

    @property
    def positions_table(self) -> TableModel[PositionRow]:
        shown = self._screen.positions
        return shown if isinstance(shown, TableModel) else shown.model

    @property
    def orders_table(self) -> TableModel[OrderRow]:
        shown = self._screen.orders
        return shown if isinstance(shown, TableModel) else shown.model

    @property
    def fills_table(self) -> TableModel[FillRow]:
        shown = self._screen.fills
        return shown if isinstance(shown, TableModel) else shown.model

    async def connect(self) -> None:
        """Connect both and return when everything they send at first has arrived."""
        for mode in (GUN, HAMMER):
            self.monitor.links[mode].connect()
        await until(lambda: self._is_loaded, what="the positions, the orders and every price")

    async def connect_with_fills(self) -> None:
        """Connect likewise, and return when the first list of executions has arrived, too."""
        await self.connect()
        await until(lambda: self.monitor.fills.state(GUN).as_of, what="the executions")

    async def list_fills_again(self, lists: int = 1) -> None:
        """Have everything sent this many times more, up to the request for executions."""
        for _ in range(lists):
            asked = self.tws.asked(7)
            self.monitor.refresh()
            await until(lambda asked=asked: self.tws.asked(7) > asked)  # type: ignore[misc]

    @property
    def gaps(self) -> str:
        """For which times executions are unknown, as a sentence."""
        return " ".join(self.monitor.fills.state(GUN).gaps)

    @property
    def _is_loaded(self) -> bool:
        book, state = self.monitor.book, self.monitor.book.account_state(GUN)
        if self.monitor.links[GUN].status.state not in CONNECTED_STATES or not state.is_loaded:
            return False
        if state.orders_checked_at is None and state.orders_problem is None:
            return False
        states = {row.quote_state for row in book.position_rows()}
        states |= {row.quote_state for row in book.order_rows()}
        return self.monitor.links[HAMMER].status.state is LinkState.READY and QuoteState.WAITING not in states

    def positions(self) -> list[dict[str, str]]:
        """The text of every cell of the positions table, in its order."""
        return self.cells(self.positions_table)

    def orders(self) -> dict[int, dict[str, str]]:
        """The text of every cell of the orders table, by permId and in its order."""
        cells = self.cells(self.orders_table)
        return {int(each["perm_id"].replace("—", "0")): each for each in cells}

    def fills(self) -> list[dict[str, str]]:
        """The text of every cell of today's fills, in its order."""
        self._screen.show_now()
        if isinstance(self._screen, MainWindow):
            self._screen.controllers.fills.apply_changes()
        return self.cells(self.fills_table)

    def fill_totals(self) -> list[dict[str, str]]:
        """The text of every cell of the fills added up by symbol."""
        self.fills()
        if isinstance(self._screen, ProductTables):
            return self.cells(self._screen.fill_totals())
        self._screen.fills.by_symbol.setChecked(True)
        self._screen.controllers.fills.apply_changes()
        return self.cells(self._screen.fills.totals.model)

    def api_fills(self) -> dict[str, dict[str, Any]]:
        """Return today's executions in the API, by id."""
        return {
            f.broker_id: to_builtins(snapshot_records.fill(f, self.clock()))
            for f in self.monitor.fills.fills()
        }

    def cells(self, table: TableModel[Any]) -> list[dict[str, str]]:
        """The text of every cell of a table, in its order."""
        self._screen.show_now()
        keys = [column.key for column in table.table.columns]
        lines = [table.line(place) for place in range(table.shown_count)]
        return [{key: table.cell(line, n).text for n, key in enumerate(keys)} for line in lines]

    def order_rows(self) -> dict[int, OrderRow]:
        """The orders as the book joins them, by permId."""
        return {row.perm_id: row for row in self.monitor.book.order_rows()}

    def tooltip(self, table: TableModel[Any], column: str, place: int = 0) -> str:
        """Return the tooltip of a cell."""
        self._screen.show_now()
        report = table.table.columns[table.table.index(column)].tooltip
        return "" if report is None else report(table.line(place).row, self.clock())

    def snapshot(self) -> dict[str, Any]:
        """Return the content of the API and of ``psf-monitor snapshot``."""
        reported: dict[str, Any] = to_builtins(
            snapshot_records.snapshot(self.monitor.book, self.monitor.links, (GUN,))
        )
        return reported

    def api_orders(self) -> dict[int, dict[str, Any]]:
        return {order["perm_id"]: order for order in self.snapshot()["orders"]}


@asynccontextmanager
async def scripted(
    of: Script,
    *,
    timing: IbkrTiming = POLLING,
    clock: Clock | None = None,
    journal: Path | None = None,
    symbols: Path | None = None,
    has_window: bool = False,
    hammer_timing: HammerTiming = QUICK_HAMMER,
    ped: Script | None = None,
    **profile: Any,
) -> AsyncIterator[ScriptedProduct]:
    """The product with this script behind it; nothing is connected yet. Needs the fixture ``qapp``.

    Its tables are read without a window, unless ``has_window``, for what stands in the window's other parts.
    ``ped`` is what is behind IBKR_PED, where anything is.
    """
    clock = clock or Clock()
    async with AsyncExitStack() as stack:
        tws = await stack.enter_async_context(ScriptedTws(of, clock))
        hammer = await stack.enter_async_context(
            ScriptedHammer(of.get("hammer", {}), of.get("hammer_account"))
        )
        other = 1 if ped is None else (await stack.enter_async_context(ScriptedTws(ped, clock))).port
        gun = IbkrProfile(
            GUN, "127.0.0.1", tws.port, of.get("client_id", 1), account_id=of.get("account_id", "")
        )
        settings = Settings(
            ibkr={GUN: structs.replace(gun, **profile), PED: IbkrProfile(PED, "127.0.0.1", other, 2)},
            hammer=HammerProfile("127.0.0.1", hammer.port, PASSWORD, account_key=of.get("account_key", "")),
            symbols=symbols,
        )
        monitor = Monitor(
            settings,
            clock,
            storage=Storage(journal),
            timing=MonitorTiming(timing, hammer_timing, Backoff(0.01, 0.02), journal=PATIENT_JOURNAL),
        )
        expects_paper = {GUN: _is_paper(of), PED: False}
        screen = (_window_over if has_window else ProductTables)(monitor, clock, expects_paper)
        monitor.book.expect({GUN} if _is_paper(of) else set())
        running = asyncio.create_task(monitor.run())
        try:
            yield ScriptedProduct(tws, hammer, monitor, screen, clock)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            if isinstance(screen, MainWindow):
                delete_window(screen)


def _is_paper(of: Script) -> bool:
    return str(of.get("accounts", "")).startswith("D")


def _window_over(monitor: Monitor, clock: Clock, expects_paper: Mapping[AccountMode, bool]) -> MainWindow:
    return make_window(monitor.book, monitor.links, clock, fills=monitor.fills, expects_paper=expects_paper)
