"""The composition root of the window: builds, wires, runs, closes. Alone in joining Qt and asyncio."""

import asyncio
import importlib
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
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
from psf_monitor.desk import Desk
from psf_monitor.domain.account import AccountMode
from psf_monitor.journal.errors import JournalError
from psf_monitor.journal.journal import Journal
from psf_monitor.link import Trouble
from psf_monitor.recorder import Recorder
from psf_monitor.serve import Door, Files, far_side, kept_files
from psf_monitor.settings import (
    ApiSettings,
    Settings,
    SettingsError,
    store_password,
    user_paths,
)
from psf_monitor.steps import Tell
from psf_monitor.ui import capture, fill_record, settings_file
from psf_monitor.ui.fill_record import Found
from psf_monitor.ui.first_paint import FirstPaint
from psf_monitor.ui.garbage import collected_by_the_window
from psf_monitor.ui.layout_store import LayoutStore
from psf_monitor.ui.log_panel import LogTail
from psf_monitor.ui.window import MainWindow
from psf_monitor.ui.windows import take_own_taskbar_place

_log = logging.getLogger(__name__)

PAINT_WAIT_S = 1.0
"""The longest that the links wait for the window to come on the screen."""

CHECK_TIMEOUT_S = 20.0
"""The longest wait for one step of the connection test."""


@dataclass(frozen=True, slots=True)
class WindowOptions:
    """What the window is opened with; no ``settings`` means the demo of ``scenario`` with ``seed``.

    ``theme`` and ``size`` win over what is kept in ``layout``; without that file nothing is kept.
    ``settings_file`` takes what the trader changes in the window; without it nothing can be changed.
    ``journal`` is where the days are kept; without it nothing is kept, and the demo has one of its own.
    ``api`` is whether and where other programs may read. ``password`` looks up HAMMER's where ``settings``
    have none; a credential store is slow, and is asked once the window is on the screen.
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
    tab: str | None = None
    journal: Path | None = None
    api: ApiSettings = field(default_factory=ApiSettings)
    password: Callable[[], str] | None = None

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
    files = None if options.is_demo else Files(options.journal, user_paths().api_token)
    async with far_side(options.settings, options.scenario, options.seed) as (settings, clock):
        with collected_by_the_window(), _log_tail(settings) as tail, kept_files(files) as kept:
            return await _serve(application, options, settings, clock, tail, kept)


async def _serve(
    application: QApplication,
    options: WindowOptions,
    settings: Settings,
    clock: Callable[[], datetime],
    tail: LogTail,
    files: Files,
) -> int:
    desk = Desk(settings, clock, journal=None if files.journal is None else Journal(files.journal))
    door = Door(desk, options.api, files.api_token, say=_log.warning)
    service = DeskService(desk, options.settings_file, clock, door)
    window = MainWindow(
        desk.book,
        desk.links,
        clock,
        fills=desk.fills,
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
    if options.tab is not None:
        window.section.show_fills(options.tab == "fills")
    if options.size is not None:
        window.resize(*options.size)
    closed = asyncio.Event()
    application.lastWindowClosed.connect(closed.set)
    _close_on_signals(window)
    painted = asyncio.Event()
    FirstPaint(window).came.connect(painted.set)
    window.show()
    hook, sys.excepthook = sys.excepthook, partial(_on_unforeseen, window)
    try:
        async with asyncio.TaskGroup() as tasks:
            serving = tasks.create_task(_serve_links(desk, service, painted, options.password))
            listening = tasks.create_task(_serve_others(door, painted))
            if options.is_demo and options.scenario != "first-run":
                desk.connect_all()
            exit_code = 0
            if options.screenshot is not None:
                await asyncio.sleep(options.after_s)
                exit_code = _take_screenshot(window, options)
                window.close()
            await closed.wait()
            await service.close()
            listening.cancel()
            await asyncio.wait({listening})
            serving.cancel()
        return exit_code
    finally:
        sys.excepthook = hook
        window.close()
        window.deleteLater()


class DeskService:
    """What the trader asks of the desk through the window.

    ``expects_paper`` follows what is changed. Every test and question that still runs is stopped by
    ``close``.
    """

    def __init__(
        self, desk: Desk, settings_file: Path | None, clock: Callable[[], datetime], api: Door | None = None
    ) -> None:
        self.api = api
        self.expects_paper = {mode: mode in desk.settings.expects_paper for mode in desk.settings.ibkr}
        self._desk = desk
        self._settings_file = settings_file
        self._clock = clock
        self._checks: set[asyncio.Task[None]] = set()
        self.record = None if desk.recorder is None else DeskRecord(desk.recorder)

    @property
    def settings(self) -> Settings:
        return self._desk.settings

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
            after = replace(before, hammer=hammer)
        else:
            given = {name: getattr(kept.ibkr[mode], name) for name in names}
            after = replace(before, ibkr={**before.ibkr, mode: replace(before.ibkr[mode], **given)})
            self.expects_paper[mode] = after.ibkr[mode].expects_paper
        self._desk.reconfigure(after)

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
        """Stop every test and question that still runs, and wait for its end."""
        if self.record is not None:
            await self.record.close()
        for task in self._checks:
            task.cancel()
        await asyncio.gather(*self._checks, return_exceptions=True)

    def use_password(self, password: str) -> None:
        """Sign in to HAMMER with this one, unless the trader has given another."""
        settings = self.settings
        if password and not settings.hammer.password:
            logs.hide(password)
            self._desk.reconfigure(replace(settings, hammer=replace(settings.hammer, password=password)))

    def _keep_password(self, password: str) -> None:
        logs.hide(password)
        store_password(password)

    def _on_checked(self, task: asyncio.Task[None]) -> None:
        self._checks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.error("the connection test failed in an unforeseen way", exc_info=task.exception())


class DeskRecord:
    """Asks the journal for the window; ``close`` lets go of what is not answered yet."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._questions: set[asyncio.Task[None]] = set()

    @property
    def trouble(self) -> Trouble | None:
        return self._recorder.trouble

    def take_snapshot(self) -> list[AccountMode]:
        return self._recorder.take_snapshot()

    def ask(
        self,
        question: Callable[[fill_record.Journal], Awaitable[Found]],
        tell: Callable[[Found], None],
        fail: Callable[[str], None],
    ) -> fill_record.Stop:
        async def answer() -> None:
            try:
                found = await question(self._recorder.journal)
            except JournalError as error:
                fail(str(error))
            except OSError as error:
                fail(f"{error.filename or 'The file'} cannot be written: {error.strerror or error}.")
            else:
                tell(found)

        task = asyncio.get_running_loop().create_task(answer())
        self._questions.add(task)
        task.add_done_callback(self._on_answered)

        def stop() -> None:
            task.cancel()

        return stop

    async def close(self) -> None:
        for task in self._questions:
            task.cancel()
        await asyncio.gather(*self._questions, return_exceptions=True)

    def _on_answered(self, task: asyncio.Task[None]) -> None:
        self._questions.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.error("the journal failed in an unforeseen way", exc_info=task.exception())


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


async def _serve_links(
    desk: Desk, service: DeskService, painted: asyncio.Event, password: Callable[[], str] | None
) -> None:
    """Serve the links. What takes long to load is loaded before, but not before the window is there."""
    await _come(painted)
    for door in ("hammer", "ibkr"):
        importlib.import_module(f"psf_monitor.{door}.session")
    if password is not None:
        service.use_password(password())
    await desk.run()


async def _serve_others(door: Door, painted: asyncio.Event) -> None:
    """Let other programs in; what that loads takes long, too."""
    await _come(painted)
    await door.run()


async def _come(painted: asyncio.Event) -> None:
    with suppress(TimeoutError):
        # A window may be opened minimised.
        async with asyncio.timeout(PAINT_WAIT_S):
            await painted.wait()


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
