"""The whole product over both simulated servers, and everything that one moment of it shows."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from psf_monitor.api import snapshot_records
from psf_monitor.connection.backoff import Backoff
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.ibkr.timing import IbkrTiming
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.runtime.timing import MonitorTiming
from psf_monitor.settings import HammerProfile, IbkrProfile, Settings
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.scenarios import scenario
from psf_monitor.sim.tws.server import SimTws
from psf_monitor.ui.shell.main_window import MainWindow
from psf_monitor.ui.table.panel import TablePanel
from psf_monitor.ui.table.sorted_lines import Cell
from tests.api.client import ApiClient, opened
from tests.hammer.passing_time import WatchedClock, time_passes
from tests.hammer.running_adapter import QUICK as QUICK_HAMMER
from tests.ibkr.running_connector import BRISK, QUICK
from tests.support.make_window import delete_window, make_window
from tests.support.records import GUN, PED
from tests.support.waiting import LIMIT_S, until

HAMMER = AccountMode.HAMMER_PRO
ACCOUNTS = {GUN: "U1240821", PED: "U1770037"}
HELD = {GUN: ("CIM PRB", "SPY", "BAC PRL"), PED: ("CIM PRB",)}
SHARES = 100
ASKING = replace(QUICK, orders_override_s=0.05)
WATCHFUL = replace(ASKING, answer_s=LIMIT_S, heartbeat_every_s=0.05, heartbeat_misses=1)
"""For a silent TWS, which is lost after ``limits_run_out``."""


@dataclass(frozen=True)
class Moment:
    """Everything shown, and sent to other programs, at one moment."""

    positions: dict[tuple[AccountMode, str], dict[str, Cell]]
    orders: dict[str, dict[str, Cell]]
    total: dict[str, str]
    total_is_old: bool
    total_note: str
    strips: dict[str, dict[str, tuple[str, bool]]]
    """By title and caption: a figure and whether it is old."""
    strips_as_of: dict[str, str]
    cards: dict[AccountMode, str]
    banners: str
    chip: str
    reported: dict[tuple[str, str], dict[str, Any]]
    """The API's positions, by profile and symbol."""
    reported_orders: dict[str, dict[str, Any]]
    reported_by_hammer: str
    """The API's problem with HAMMER."""

    def cell(self, key: str, symbol: str = "CIM PRB", mode: AccountMode = GUN) -> tuple[str, bool]:
        """A cell of the positions: its text, and whether it is marked as old."""
        cell = self.positions[mode, symbol][key]
        return cell.text, cell.is_old

    def order_cell(self, key: str, symbol: str = "CIM PRB") -> tuple[str, bool]:
        cell = self.orders[symbol][key]
        return cell.text, cell.is_old


class OnScreen:
    """Two logins, HAMMER, the monitor, its window, and its API; time passes only on request."""

    def __init__(
        self,
        market: Market,
        tws: dict[AccountMode, SimTws],
        hammer: SimHammer,
        clock: WatchedClock,
        monitor: Monitor,
        window: MainWindow,
        api: ApiClient,
    ) -> None:
        self.market = market
        self.tws = tws
        self.hammer = hammer
        self.clock = clock
        self.monitor = monitor
        self.window = window
        self.api = api

    async def connect(self) -> None:
        """Connect all three and return when every row is there and current."""
        self.monitor.connect_all()
        await until(lambda: all(link.status.state is LinkState.READY for link in self.monitor.links.values()))
        await until(lambda: self._is_whole, what="every position with its price and its previous close")

    @property
    def _is_whole(self) -> bool:
        rows = self.monitor.book.position_rows()
        return (
            len(rows) == 4
            and all(row.day_pnl is not None for row in rows)
            and len(self.cells_of_orders()) == 1
        )

    async def time_passes(self, seconds: float, step_s: float = 4.0) -> None:
        await time_passes(self.market, self.clock, seconds, step_s)

    async def time_passes_until(self, condition: Callable[[], bool], *, most_s: float = 120.0) -> None:
        """Let time pass until a condition holds; fail if it does not within this many seconds."""
        left_s = most_s
        while not condition():
            assert left_s > 0, "it did not come true in time"
            await self.time_passes(4)
            left_s -= 4

    def sleep(self, seconds: float) -> datetime:
        """The computer sleeps; when it fell asleep."""
        fell_asleep = self.market.clock()
        self.market.clock.advance(seconds)
        return fell_asleep

    async def now(self) -> Moment:
        """Look at all of it."""
        fields: dict[tuple[str, str], dict[str, Any]] = {}
        orders: dict[str, dict[str, Any]] = {}
        for mode in (GUN, PED):
            login = {"params": {"account_type": mode.value}}
            # A lost login answers nothing: its rows are in the stream and in the snapshot.
            answer = await self.api.get("account/ibkr/positions", **login)
            for each in answer.json().get("positions", ()):
                fields[mode.value, each["symbol"]] = each
            answer = await self.api.get("account/ibkr/orders", **login)
            orders |= {each["symbol"]: each for each in answer.json().get("orders", ())}
        status = (await self.api.get("account/hammer/status")).json()
        return self._seen(fields, orders, status.get("error") or "")

    def _seen(self, reported: Any, orders: Any, status: str) -> Moment:
        window = self.window
        window.show_now()
        total = window.positions.frame.total
        assert total is not None
        strips = [strip.content for strip in window.links_panel.strips.values() if strip.content is not None]
        faces = {mode: card.face.content for mode, card in window.links_panel.cards.items()}
        return Moment(
            positions=self.cells_of_positions(),
            orders=self.cells_of_orders(),
            total={key: text for key, (text, _tone) in total.figures.figures.items()},
            total_is_old=total.figures.is_old,
            total_note=total.figures.note,
            strips={s.title.rstrip("¹"): {m.caption: (m.text, m.is_old) for m in s.money} for s in strips},
            strips_as_of={strip.title.rstrip("¹"): strip.as_of for strip in strips},
            cards={mode: text.accessible_text for mode, text in faces.items() if text is not None},
            banners="\n".join(f"{b.title.text} {b.detail.text}" for b in window.banners.banners),
            chip=f"{window.positions.chip.text} {window.positions.warning.text}".strip(),
            reported=reported,
            reported_orders=orders,
            reported_by_hammer=status,
        )

    def cells_of_positions(self) -> dict[tuple[AccountMode, str], dict[str, Cell]]:
        panel = self.window.positions
        self.window.show_now()
        lines = [panel.model.line(place) for place in range(panel.model.shown_count)]
        return {(line.row.mode, line.row.symbol): _cells(panel, line) for line in lines}

    def cells_of_orders(self) -> dict[str, dict[str, Cell]]:
        panel = self.window.orders
        self.window.show_now()
        lines = [panel.model.line(place) for place in range(panel.model.shown_count)]
        return {line.row.symbol: _cells(panel, line) for line in lines}

    def reported(self) -> snapshot_records.Snapshot:
        """Return what ``psf-monitor snapshot`` and the stream report of both logins, connected or not."""
        return snapshot_records.snapshot(self.monitor.book, self.monitor.links)

    def cell(self, key: str, symbol: str = "CIM PRB", mode: AccountMode = GUN) -> tuple[str, bool]:
        """One cell now."""
        cell = self.cells_of_positions()[mode, symbol][key]
        return cell.text, cell.is_old

    def tooltip(self, key: str, symbol: str = "CIM PRB") -> str:
        """Return the tooltip of a cell of GUN's position."""
        return self._tooltip(self.window.positions, key, symbol)

    def order_tooltip(self, key: str, symbol: str = "CIM PRB") -> str:
        """Return the tooltip of a cell of its order on a share."""
        return self._tooltip(self.window.orders, key, symbol)

    def _tooltip(self, panel: TablePanel[Any], key: str, symbol: str) -> str:
        model = panel.model
        self.window.show_now()
        lines = [model.line(place) for place in range(model.shown_count)]
        line = next(x for x in lines if (x.row.mode, x.row.symbol) == (GUN, symbol))
        return model.tooltip(line, model.table.index(key))


def _cells(panel: TablePanel[Any], line: Any) -> dict[str, Cell]:
    model = panel.model
    return {column.key: model.cell(line, n) for n, column in enumerate(model.table.columns)}


@asynccontextmanager
async def on_screen(
    folder: Path, *, timing: IbkrTiming = ASKING, backoff: Backoff = BRISK
) -> AsyncIterator[OnScreen]:
    """All of it, on free ports; nothing is connected yet. Needs the fixture ``qapp``."""
    market = Market(scenario("normal"))
    clock = WatchedClock(market)
    for holding in tuple(market.holdings.values()):
        market.set_position(holding.account, holding.security.local_symbol, 0, 0.0)
    for mode, account in ACCOUNTS.items():
        for symbol in HELD[mode]:
            market.set_position(account, symbol, SHARES, 20.0)
    for order in tuple(market.orders.values()):
        market.vanish_order(order.perm_id)
    market.place_order(ACCOUNTS[GUN], "CIM PRB", "BUY", 50, 24.58)
    async with AsyncExitStack() as stack:
        tws = {
            mode: await stack.enter_async_context(SimTws(market, mode.value, refresh_s=0.0))
            for mode in ACCOUNTS
        }
        hammer = await stack.enter_async_context(SimHammer(market))
        settings = Settings(
            ibkr={mode: IbkrProfile(mode, "127.0.0.1", tws[mode].port, 1) for mode in ACCOUNTS},
            hammer=HammerProfile("127.0.0.1", hammer.port, hammer.password),
        )
        monitor = Monitor(
            settings,
            clock,
            timing=MonitorTiming(timing, QUICK_HAMMER, backoff),
            elapsed_s=clock.elapsed_s,
        )
        clock.watch(monitor.links[HAMMER], hammer)
        window = make_window(monitor.book, monitor.links, monitor.clock, fills=monitor.fills)
        api = await stack.enter_async_context(opened(monitor, folder))
        running = asyncio.create_task(monitor.run())
        try:
            yield OnScreen(market, tws, hammer, clock, monitor, window, api)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            delete_window(window)
