"""Builds the window and what is behind it, shows it, and closes it. Nothing is run or connected here.

The window comes first, complete but without a book, because its sources take long to load, and so does
asyncio, which is not imported here.
"""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, QMetaObject, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from psf_monitor.alerts import store as alert_store
from psf_monitor.app import services
from psf_monitor.app.options import WindowOptions
from psf_monitor.connection.status import LinkState, LinkStatus
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.clock import Clock, as_clock
from psf_monitor.files import asset
from psf_monitor.runtime import (
    api_host,
    crash_report,
    demo,
    logs,
    monitor,
    termination,
    timing,
    wire_recording,
)
from psf_monitor.runtime.error_output import report_errors
from psf_monitor.settings import Settings, user_paths
from psf_monitor.ui.alerts import sounds
from psf_monitor.ui.base import context
from psf_monitor.ui.base.first_paint import FirstPaint
from psf_monitor.ui.base.garbage import collected_by_the_window
from psf_monitor.ui.base.window_setup import Environment, WindowPaths, WindowSetup
from psf_monitor.ui.shell.layout.store import LayoutStore, NoLayoutStore
from psf_monitor.ui.shell.main_window import MainWindow
from psf_monitor.ui.shell.overview.log_tail import LogTail
from psf_monitor.ui.shell.overview.overview_state import Unconnected
from psf_monitor.ui.style.theme import fusion_application

if TYPE_CHECKING:
    from psf_monitor.runtime.demo import Files

_log = logging.getLogger(__name__)

PAINT_WAIT_S = 1.0
"""The longest wait for the window's first painting: it may be opened minimized."""


def make_application() -> QApplication:
    """Return the application, creating it if needed; the process ends with 1 if that is impossible."""
    present = QApplication.instance()
    application = present if isinstance(present, QApplication) else _made()
    application.setApplicationName("psf_monitor")
    application.setWindowIcon(QIcon(str(asset("psf_monitor.png"))))
    # Closing the window only begins the end: connections are closed before the loop stops.
    application.setQuitOnLastWindowClosed(False)
    return application


def _made() -> QApplication:
    reported: list[str] = []

    def on_message(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if kind == QtMsgType.QtFatalMsg:
            _end(" ".join(reported) or text)
        reported.append(text)

    before = qInstallMessageHandler(on_message)
    try:
        return fusion_application(sys.argv[:1])
    finally:
        qInstallMessageHandler(before)
        if sys.stderr is not None:
            sys.stderr.writelines(f"{text}\n" for text in reported)


def _end(why: str) -> None:
    report_errors(
        f"no window can be shown. Qt says: {why} Start it in a desktop session; on Linux Qt wants the "
        "system's libraries that README.md names."
    )
    if sys.stderr is not None:
        sys.stderr.flush()
    crash_report.withdraw(user_paths().logs)
    os._exit(1)


class ShownWindow:
    """A window on the screen without a book; ``open_behind`` connects it to its sources."""

    def __init__(self, window: MainWindow, clock: Clock, ends: ExitStack) -> None:
        self.window = window
        self.clock = clock
        self.first_paint = FirstPaint(window)
        self.ends = ends

    def close(self) -> None:
        self.window.close()
        self.ends.close()
        self.window.deleteLater()


class OpenedWindow:
    """A window on the screen and what is behind it; ``close`` closes both."""

    def __init__(
        self,
        shown: ShownWindow,
        running: "monitor.Monitor",
        host: "api_host.ApiHost",
        service: "services.MonitorService",
    ) -> None:
        self.window = shown.window
        self.monitor = running
        self.api_host = host
        self.service = service
        self.first_paint = shown.first_paint
        self.close = shown.close


def show_window(
    options: WindowOptions, settings: Settings, clock: Callable[[], datetime], *, replay: str = ""
) -> ShownWindow:
    """Build the window and show it with idle links, before anything is behind it.

    ``replay`` names the recording that is played.
    """
    with ExitStack() as ends:
        ends.enter_context(collected_by_the_window())
        tail = ends.enter_context(_log_tail(settings, clock))
        right = as_clock(clock)
        window = _window(options, settings, right, tail, replay)
        ends.callback(setattr, sys, "excepthook", sys.excepthook)
        sys.excepthook = partial(_on_unforeseen, window)
        shown = ShownWindow(window, right, ends.pop_all())
        window.show()
        return shown


def open_window(
    options: WindowOptions,
    settings: Settings,
    clock: Callable[[], datetime],
    files: "Files",
    *,
    running: "monitor.Monitor | None" = None,
    replay: str = "",
) -> OpenedWindow:
    """Build everything and show the window. Links are idle, except those wanted at the start.

    A ``running`` monitor is shown instead of one over ``settings``; ``replay`` names the recording that it
    plays. No endpoint other than those in ``settings`` is then ever connected to.
    """
    shown = show_window(options, settings, clock if running is None else running.clock, replay=replay)
    try:
        return open_behind(shown, options, settings, files, running=running, is_replay=bool(replay))
    except BaseException:
        shown.close()
        raise


def open_behind(
    shown: ShownWindow,
    options: WindowOptions,
    settings: Settings,
    files: "Files",
    *,
    running: "monitor.Monitor | None" = None,
    is_replay: bool = False,
) -> OpenedWindow:
    """Build what is behind a window, and connect both. In a replay no endpoint other than those in
    the settings is ever connected to.
    """
    window, ends = shown.window, shown.ends
    running = running or _monitor(options, settings, shown.clock, files.journal)
    host = api_host.ApiHost(
        running, options.api, files.api_token, report=partial(_log.warning, "%s"), crash=options.crash
    )
    wires = wire_recording.WireRecording(running, user_paths().recordings)
    service = services.MonitorService(
        running, options.settings_file, running.clock, host, wires, is_replay=is_replay
    )
    ends.callback(wires.stop)
    wires.start_if_wanted(options.record)
    window.attach(
        context.Sources(
            running.book,
            running.fills,
            running.links,
            running.clock,
            service,
            running.alerts,
            _play,
        )
    )
    ends.enter_context(termination.on_termination(partial(_close, window)))
    ends.enter_context(_layout_kept_at_the_sessions_end(window))
    return OpenedWindow(shown, running, host, service)


def _monitor(
    options: WindowOptions, settings: Settings, clock: Callable[[], datetime], journal: Path | None
) -> "monitor.Monitor":
    made = monitor.Monitor(
        settings,
        clock,
        storage=monitor.Storage(journal, options.is_demo, _alert_store(options)),
        timing=_timing(options),
    )
    if options.is_demo and options.scenario == "normal":
        for alert in demo.DEMO_ALERTS:
            made.alerts.add(alert)
    return made


def _timing(options: WindowOptions) -> "timing.MonitorTiming":
    hammer = options.hammer_timing
    return timing.DEFAULT_TIMING if hammer is None else timing.MonitorTiming(hammer=hammer)


def _files(options: WindowOptions) -> dict[str, Path]:
    """Return the files listed in About, without settings that are not read."""
    settings = {} if options.settings_file is None else {"Settings": options.settings_file}
    return settings | {"Log": user_paths().logs / logs.FILE_NAME}


def _unconnected(settings: Settings, clock: Clock) -> Unconnected:
    """Return what the cards show of the settings before anything was connected."""
    now = clock()
    statuses = {
        mode: LinkStatus(LinkState.IDLE, now, f"{profile.host}:{profile.port}", profile.client_id)
        for mode, profile in settings.ibkr.items()
    }
    hammer = LinkStatus(LinkState.IDLE, now, f"{settings.hammer.host}:{settings.hammer.port}")
    expects = {mode: mode in settings.expects_paper for mode in settings.ibkr}
    return Unconnected(clock, {**statuses, AccountMode.HAMMER_PRO: hammer}, expects, settings.switched_off)


def _window(
    options: WindowOptions, settings: Settings, clock: Clock, tail: LogTail, replay: str
) -> MainWindow:
    """Build the window according to the options."""
    window = MainWindow(
        _unconnected(settings, clock),
        tail,
        NoLayoutStore() if options.layout is None else LayoutStore(options.layout),
        WindowSetup(
            theme=options.theme,
            environment=Environment(options.is_demo, replay),
            paths=WindowPaths(
                pictures=lambda: (user_paths().pictures, Path.home() / "psf_monitor"),
                files=_files(options),
            ),
            crash=None if options.crash is None else options.crash.problem,
        ),
    )
    if options.hides_values:
        window.menus.hide_values.setChecked(True)
    if options.tab is not None:
        window.section.show_fills(options.tab == "fills")
        if options.tab == "alerts":
            window.section.show_alerts()
    if options.size is not None:
        window.resize(*options.size)
    elif options.screenshot is None:
        window.fit_screen()
    return window


def _alert_store(options: WindowOptions) -> "alert_store.AlertStore":
    """Return the alerts' file, beside the layout's; a second window over the same settings only reads it."""
    path = None if options.layout is None else options.layout.with_name("alerts.json")
    return alert_store.AlertStore(path, is_saved=options.instance is not None)


@contextmanager
def _layout_kept_at_the_sessions_end(window: MainWindow) -> Iterator[None]:
    """Save the layout when the session asks applications to save: its end may still be cancelled."""
    application = QGuiApplication.instance()
    assert isinstance(application, QGuiApplication)
    application.commitDataRequest.connect(window.save_layout)
    try:
        yield
    finally:
        application.commitDataRequest.disconnect(window.save_layout)


@contextmanager
def _log_tail(settings: Settings, clock: Callable[[], datetime]) -> Iterator[LogTail]:
    """Yield the log's last lines for the window, with the same secrets hidden as in the file."""
    formatter = logs.WindowFormatter(clock)
    for secret in (settings.hammer.password, settings.hammer.account_key):
        formatter.hide(secret)
    tail = LogTail(formatter, formatter.head)
    tail.setLevel(logging.INFO)
    logs.catch_up(tail)
    logging.getLogger().addHandler(tail)
    try:
        yield tail
    finally:
        logging.getLogger().removeHandler(tail)
        tail.close()


def _play(name: str) -> None:
    """Play a sound; the player is loaded with the first one."""
    sounds.play(name)


def _close(window: MainWindow) -> None:
    """Close it as a click would, from any thread."""
    QMetaObject.invokeMethod(window, "close", Qt.ConnectionType.QueuedConnection)


def _on_unforeseen(
    window: MainWindow, kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Log the exception, and report it in the window."""
    log_unforeseen(kind, error, trace)
    window.report_fault()


def log_unforeseen(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log an exception in a slot with its trace; the window continues."""
    _log.error("an unforeseen error", exc_info=(kind, error, trace))
