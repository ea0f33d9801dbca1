"""The composition root of the window: builds, wires, runs, closes. Alone in joining Qt and asyncio."""

import asyncio
import importlib
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType

import qasync
from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from psf_monitor.assets import asset
from psf_monitor.desk import Desk, system_clock
from psf_monitor.domain.account import AccountMode
from psf_monitor.settings import HammerProfile, IbkrProfile, Settings, user_paths
from psf_monitor.ui import capture
from psf_monitor.ui.layout_store import LayoutStore
from psf_monitor.ui.window import MainWindow

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WindowOptions:
    """What the window is opened with; no ``settings`` means the demo of ``scenario`` with ``seed``.

    ``theme`` and ``size`` win over what is kept in ``layout``; without that file nothing is kept.
    ``scale`` is the screen's, 1.5 for 150 %; ``has_footer`` is the screenshot's line of when and of what.
    """

    settings: Settings | None
    scenario: str
    seed: int
    theme: str | None
    size: tuple[int, int] | None
    screenshot: Path | None
    after_s: float
    layout: Path | None = None
    hides_values: bool = False
    scale: float = 1.0
    has_footer: bool = False

    @property
    def is_demo(self) -> bool:
        return self.settings is None


def run(options: WindowOptions) -> int:
    """Show the window until it is closed; the process's exit code."""
    sys.excepthook = _log_unforeseen
    if options.scale != 1.0:
        os.environ["QT_SCALE_FACTOR"] = f"{options.scale:g}"
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("psf_monitor")
    application.setWindowIcon(QIcon(str(asset("psf_monitor.svg"))))
    loop = qasync.QEventLoop(application)
    asyncio.set_event_loop(loop)
    with loop:
        return int(loop.run_until_complete(show(application, options)))


async def show(application: QApplication, options: WindowOptions) -> int:
    """Open the window, serve the links until it closes, leave nothing behind. The exit code."""
    # ib_insync asks the policy for the loop, and from Python 3.12 on that is not always the running one.
    asyncio.set_event_loop(asyncio.get_running_loop())
    # Closing the window only begins the end: connections are closed before the loop stops.
    application.setQuitOnLastWindowClosed(False)
    async with _far_side(options) as (settings, clock):
        desk = Desk(settings, clock)
        window = MainWindow(
            desk.book,
            desk.links,
            clock,
            theme=options.theme,
            demo=options.is_demo,
            expects_paper={mode: mode in settings.expects_paper for mode in settings.ibkr},
            store=None if options.layout is None else LayoutStore(options.layout),
            pictures=(user_paths().pictures, Path.home() / "psf_monitor"),
        )
        if options.hides_values:
            window.menus.hide_values.setChecked(True)
        if options.size is not None:
            window.resize(*options.size)
        closed = asyncio.Event()
        application.lastWindowClosed.connect(closed.set)
        _close_on_signals(window)
        window.show()
        try:
            async with asyncio.TaskGroup() as tasks:
                serving = tasks.create_task(desk.run())
                tasks.create_task(_warm_up())
                if options.is_demo and options.scenario != "first-run":
                    desk.connect_all()
                exit_code = 0
                if options.screenshot is not None:
                    await asyncio.sleep(options.after_s)
                    exit_code = _take_screenshot(window, options)
                    window.close()
                await closed.wait()
                serving.cancel()
            return exit_code
        finally:
            window.close()
            window.deleteLater()


@asynccontextmanager
async def _far_side(options: WindowOptions) -> AsyncIterator[tuple[Settings, Callable[[], datetime]]]:
    """The settings and the clock to run on: the user's, or the demo's own far sides and market time."""
    if options.settings is not None:
        yield options.settings, system_clock
        return
    from psf_monitor.sim.gateways import Gateways

    async with Gateways(options.scenario, seed=options.seed) as gateways:
        ports = {AccountMode.IBKR_GUN: gateways.gun.port, AccountMode.IBKR_PED: gateways.ped.port}
        yield (
            Settings(
                ibkr={
                    mode: IbkrProfile(mode, "127.0.0.1", port, client_id)
                    for client_id, (mode, port) in enumerate(ports.items(), start=1)
                },
                hammer=HammerProfile("127.0.0.1", gateways.hammer.port, gateways.hammer.password),
            ),
            gateways.market.clock,
        )


async def _warm_up() -> None:
    """Import ib_insync once the window is on screen, so that the first Connect need not wait for it."""
    await asyncio.sleep(0)
    importlib.import_module("psf_monitor.ibkr.session")


def _take_screenshot(window: MainWindow, options: WindowOptions) -> int:
    assert options.screenshot is not None
    try:
        capture.write(window.camera.picture(has_footer=options.has_footer), options.screenshot)
    except OSError as error:
        sys.stderr.write(f"psf-monitor: --screenshot: {error}\n")
        return 1
    return 0


def _close_on_signals(window: MainWindow) -> None:
    """Ctrl+C and a request to terminate close the window as a click would."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: QTimer.singleShot(0, window.close))


def _log_unforeseen(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """An exception in a slot: logged with its trace, and the window lives."""
    _log.error("an unforeseen error", exc_info=(kind, error, trace))
