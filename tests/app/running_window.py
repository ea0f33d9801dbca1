"""The product's window on a Qt event loop, a trader who clicks in it, and nothing left after it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from psf_monitor.app import main as running
from psf_monitor.app.event_loop import WindowEventLoop
from psf_monitor.app.options import WindowOptions
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.indicators import IndicatorRules
from psf_monitor.hammer.timing import HammerTiming
from psf_monitor.sim.demo import Gateways
from psf_monitor.ui.shell.main_window import MainWindow
from tests.support.sim_servers import settings_for, standing_still
from tests.support.waiting import PATIENCE_S, running_tasks, until

SOON = HammerTiming(account_soonest_s=0.02, account_again_s=0.05, subscribe_pause_s=0.01)
"""Our own HAMMER may be asked sooner than a trader's."""


def in_qt(qapp: QApplication, story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a story on the Qt event loop, as the product does.

    However it ends, its tasks have ended and its windows are gone: the next test finds nothing of it.
    """
    loop = WindowEventLoop(qapp)
    asyncio.set_event_loop(loop)
    try:
        with loop:
            try:
                loop.run_until_complete(story())
            finally:
                loop.run_until_complete(_end_all_others())
    finally:
        asyncio.set_event_loop(None)
        for widget in qapp.topLevelWidgets():
            if isinstance(widget, MainWindow):
                widget.close()
                widget.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


async def _end_all_others() -> None:
    others = running_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


class Trader:
    """Sees what is on the screen and clicks; the market's controls are on the server."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    def click(self, mode: AccountMode) -> None:
        QTest.mouseClick(self.window.links_panel.cards[mode].button, Qt.MouseButton.LeftButton)

    def button(self, mode: AccountMode) -> str:
        return self.window.links_panel.cards[mode].button.text()

    def state(self, mode: AccountMode) -> str:
        text = self.window.links_panel.cards[mode].face.content
        return "" if text is None else text.state

    def is_connected(self, mode: AccountMode) -> bool:
        return self.state(mode) in ("Connected", "Connected, market closed")

    def rows(self, table: Any) -> list[dict[str, str]]:
        model = table.model
        return [
            {
                column.key: str(model.data(model.index(row, i), Qt.ItemDataRole.DisplayRole))
                for i, column in enumerate(model.columns)
            }
            for row in range(model.rowCount())
        ]

    def position(self, symbol: str, account: str = "GUN") -> dict[str, str]:
        rows = [
            r for r in self.rows(self.window.positions) if (r["symbol"], r["account"]) == (symbol, account)
        ]
        return rows[0] if rows else {}

    def order(self, order_id: str) -> dict[str, str]:
        rows = [r for r in self.rows(self.window.orders) if r["order_id"] == order_id]
        return rows[0] if rows else {}

    async def connect_all(self) -> None:
        for mode in self.window.links_panel.cards:
            self.click(mode)
        for mode in self.window.links_panel.cards:
            await until(partial(self.is_connected, mode), what=f"{mode} connected")
        await until(lambda: self.position("CIM PRB").get("last") == "24.55", what="the first price")


@asynccontextmanager
async def opened(qapp: QApplication, options: WindowOptions) -> AsyncIterator[MainWindow]:
    """The product's window, served until the block ends; closed then, as by the trader, with exit code 0."""
    before = qapp.topLevelWidgets()
    showing = asyncio.create_task(running.show(qapp, options))
    found: list[MainWindow] = []

    def is_open() -> bool:
        windows = (w for w in qapp.topLevelWidgets() if isinstance(w, MainWindow) and w not in before)
        found[:] = [window for window in windows if window.isVisible()]
        return bool(found) or showing.done()

    try:
        await until(is_open, what="the window")
        if showing.done():
            raise AssertionError(f"the window ended at once with {showing.result()}")
        yield found[0]
        found[0].close()
        async with asyncio.timeout(PATIENCE_S):
            assert await showing == 0
    finally:
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)


def with_running_window(
    qapp: QApplication,
    day: Callable[[Trader, Gateways], Coroutine[Any, Any, None]],
    *,
    indicators: IndicatorRules | None = None,
    **more: Any,
) -> None:
    """Open the window over a frozen market, run the story, close the window; nothing may be left."""

    async def story() -> None:
        async with standing_still() as gateways:
            others = running_tasks()
            settings = settings_for(gateways)
            if indicators is not None:
                settings = replace(settings, indicators=indicators)
            options = WindowOptions(
                settings, "normal", 7, "dark", (1280, 720), None, 0, hammer_timing=SOON, **more
            )
            async with opened(qapp, options) as window:
                await day(Trader(window), gateways)
            await until(lambda: gateways.gun.connections == gateways.ped.connections == 0)
            await until(lambda: running_tasks() <= others, what="the end of every task")

    in_qt(qapp, story)
