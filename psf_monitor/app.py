"""The composition root of the window: builds, wires, runs, closes. Alone in joining Qt and asyncio."""

import asyncio
import importlib
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType

import qasync
from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from psf_monitor import check, logs
from psf_monitor.assets import asset
from psf_monitor.desk import Desk, system_clock
from psf_monitor.domain.account import AccountMode
from psf_monitor.settings import (
    HammerProfile,
    IbkrProfile,
    Settings,
    SettingsError,
    store_password,
    user_paths,
)
from psf_monitor.steps import Tell
from psf_monitor.ui import capture, settings_file
from psf_monitor.ui.layout_store import LayoutStore
from psf_monitor.ui.log_panel import LogTail
from psf_monitor.ui.window import MainWindow
from psf_monitor.ui.windows import take_own_taskbar_place

_log = logging.getLogger(__name__)

CHECK_TIMEOUT_S = 20.0
"""The longest wait for one step of the connection test."""


@dataclass(frozen=True, slots=True)
class WindowOptions:
    """What the window is opened with; no ``settings`` means the demo of ``scenario`` with ``seed``.

    ``theme`` and ``size`` win over what is kept in ``layout``; without that file nothing is kept.
    ``settings_file`` takes what the trader changes in the window; without it nothing can be changed.
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
    settings_file: Path | None = None
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
    take_own_taskbar_place()
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
        with _log_tail(settings) as tail:
            return await _serve(application, options, settings, clock, tail)


async def _serve(
    application: QApplication,
    options: WindowOptions,
    settings: Settings,
    clock: Callable[[], datetime],
    tail: LogTail,
) -> int:
    desk = Desk(settings, clock)
    service = DeskService(desk, settings, options.settings_file, clock)
    window = MainWindow(
        desk.book,
        desk.links,
        clock,
        theme=options.theme,
        demo=options.is_demo,
        expects_paper=service.expects_paper,
        store=None if options.layout is None else LayoutStore(options.layout),
        pictures=(user_paths().pictures, Path.home() / "psf_monitor"),
        service=service,
        log=tail,
        files={"Settings": user_paths().settings, "Log": user_paths().logs / logs.FILE_NAME},
    )
    if options.hides_values:
        window.menus.hide_values.setChecked(True)
    if options.size is not None:
        window.resize(*options.size)
    closed = asyncio.Event()
    application.lastWindowClosed.connect(closed.set)
    _close_on_signals(window)
    window.show()
    hook, sys.excepthook = sys.excepthook, partial(_on_unforeseen, window)
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
            await service.close()
            serving.cancel()
        return exit_code
    finally:
        sys.excepthook = hook
        window.close()
        window.deleteLater()


class DeskService:
    """What the trader asks of the desk through the window.

    ``expects_paper`` follows what is changed. Every test that still runs is stopped by ``close``.
    """

    def __init__(
        self, desk: Desk, settings: Settings, settings_file: Path | None, clock: Callable[[], datetime]
    ) -> None:
        self.settings = settings
        self.expects_paper = {mode: mode in settings.expects_paper for mode in settings.ibkr}
        self._desk = desk
        self._settings_file = settings_file
        self._clock = clock
        self._checks: set[asyncio.Task[None]] = set()

    @property
    def can_change(self) -> bool:
        return self._settings_file is not None

    def change(self, mode: AccountMode, values: Mapping[str, str | int | bool], password: str) -> None:
        if self._settings_file is None:
            raise SettingsError("there is no file to keep it in.")
        before = self.settings
        is_hammer = mode is AccountMode.HAMMER_PRO
        section = "hammer" if is_hammer else f"ibkr.{mode.short.lower()}"
        names = {"expects_paper" if key == "expects" else key for key in values}
        kept = settings_file.save(self._settings_file, section, values)
        if is_hammer:
            if password:
                self._keep_password(password)
            given = {name: getattr(kept.hammer, name) for name in names}
            hammer = replace(before.hammer, password=password or before.hammer.password, **given)
            self.settings = replace(before, hammer=hammer)
        else:
            given = {name: getattr(kept.ibkr[mode], name) for name in names}
            self.settings = replace(before, ibkr={**before.ibkr, mode: replace(before.ibkr[mode], **given)})
            self.expects_paper[mode] = self.settings.ibkr[mode].expects_paper
        self._desk.reconfigure(self.settings)

    def check(self, modes: Collection[AccountMode], tell: Tell) -> Callable[[], None]:
        task = asyncio.get_running_loop().create_task(
            check.run(self.settings, modes, tell, timeout_s=CHECK_TIMEOUT_S, clock=self._clock)
        )
        self._checks.add(task)
        task.add_done_callback(self._on_checked)

        def stop() -> None:
            task.cancel()

        return stop

    def refresh(self) -> None:
        self._desk.refresh()

    @property
    def symbol_problems(self) -> tuple[str, ...]:
        return self._desk.symbol_problems

    def set_hammer_symbol(self, ibkr_symbol: str, hammer_symbol: str) -> None:
        self._desk.set_hammer_symbol(ibkr_symbol, hammer_symbol)

    async def close(self) -> None:
        """Stop every test that still runs, and wait for its end."""
        for task in self._checks:
            task.cancel()
        await asyncio.gather(*self._checks, return_exceptions=True)

    def _keep_password(self, password: str) -> None:
        for handler in logging.getLogger().handlers:
            if isinstance(handler.formatter, logs.MaskingFormatter):
                handler.formatter.hide(password)
        store_password(password)

    def _on_checked(self, task: asyncio.Task[None]) -> None:
        self._checks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.error("the connection test failed in an unforeseen way", exc_info=task.exception())


@contextmanager
def _log_tail(settings: Settings) -> Iterator[LogTail]:
    """The log's last lines for the window, without the secrets that the log file does not hold either."""
    formatter = logs.MaskingFormatter()
    for secret in (settings.hammer.password, settings.hammer.account_key):
        formatter.hide(secret)
    tail = LogTail(formatter)
    tail.setLevel(logging.INFO)
    logging.getLogger().addHandler(tail)
    try:
        yield tail
    finally:
        logging.getLogger().removeHandler(tail)
        tail.close()


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


def _on_unforeseen(
    window: MainWindow, kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """The same, said in the window too."""
    _log_unforeseen(kind, error, trace)
    window.tell_fault()


def _log_unforeseen(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """An exception in a slot: logged with its trace, and the window lives."""
    _log.error("an unforeseen error", exc_info=(kind, error, trace))
