"""Builds the window and what stands behind it, shows it, and takes it away. Nothing here runs or connects.

It knows no asyncio: that takes long to load, and the window does not need it.
"""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMetaObject, Qt
from PySide6.QtGui import QGuiApplication

from psf_monitor.alerts.store import AlertStore
from psf_monitor.app.options import WindowOptions
from psf_monitor.app.services import MonitorService
from psf_monitor.runtime import logs
from psf_monitor.runtime.api_host import ApiHost
from psf_monitor.runtime.demo import DEMO_ALERTS, Files
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.runtime.termination import on_termination
from psf_monitor.runtime.timings import Timings
from psf_monitor.runtime.wire_recording import WireRecording
from psf_monitor.settings import Settings, user_paths
from psf_monitor.ui.alerts import sounds
from psf_monitor.ui.base.context import Sources
from psf_monitor.ui.base.environment import Environment, WindowPaths
from psf_monitor.ui.base.first_paint import FirstPaint
from psf_monitor.ui.base.garbage import collected_by_the_window
from psf_monitor.ui.shell.layout.store import LayoutStore, NoLayoutStore
from psf_monitor.ui.shell.log import LogTail
from psf_monitor.ui.shell.main_window import MainWindow

_log = logging.getLogger(__name__)

PAINT_WAIT_S = 1.0
"""The longest that anything waits for the window to come on the screen: it may be opened minimised."""


class Opened:
    """A window on the screen and what stands behind it; ``close`` takes it away."""

    def __init__(
        self,
        window: MainWindow,
        monitor: Monitor,
        api_host: ApiHost,
        service: MonitorService,
        ends: ExitStack,
    ) -> None:
        self.window = window
        self.monitor = monitor
        self.api_host = api_host
        self.service = service
        self.first_paint = FirstPaint(window)
        self._ends = ends

    def close(self) -> None:
        self.window.close()
        self._ends.close()
        self.window.deleteLater()


def open_window(
    options: WindowOptions,
    settings: Settings,
    clock: Callable[[], datetime],
    files: Files,
    *,
    monitor: Monitor | None = None,
    replay: str = "",
) -> Opened:
    """Build all of it and show the window. The links are idle, but for those that are wanted at start.

    ``monitor`` is shown instead of one over ``settings``, ``replay`` what recording it plays: then no other
    place than that of ``settings`` is ever reached.
    """
    with ExitStack() as ends:
        ends.enter_context(collected_by_the_window())
        tail = ends.enter_context(_log_tail(settings, clock))
        monitor = monitor or _monitor(options, settings, clock, files.journal)
        api_host = ApiHost(
            monitor, options.api, files.api_token, report=partial(_log.warning, "%s"), crash=options.crash
        )
        wires = WireRecording(monitor, user_paths().recordings)
        service = MonitorService(monitor, options.settings_file, monitor.clock, api_host, wires)
        service.is_at_home = bool(replay)
        ends.callback(wires.stop)
        wires.start_if_wanted(options.record)
        window = _window(options, monitor, service, tail, replay)
        ends.enter_context(on_termination(partial(_close, window)))
        ends.enter_context(_layout_kept_at_the_sessions_end(window))
        ends.callback(setattr, sys, "excepthook", sys.excepthook)
        sys.excepthook = partial(_on_unforeseen, window)
        opened = Opened(window, monitor, api_host, service, ends.pop_all())
        window.show()
        return opened


def _monitor(
    options: WindowOptions, settings: Settings, clock: Callable[[], datetime], journal: Path | None
) -> Monitor:
    monitor = Monitor(
        settings,
        clock,
        journal=journal,
        timings=Timings(hammer=options.hammer_timing),
        keeps_simulated=options.is_demo,
        alerts=_alert_store(options),
    )
    if options.is_demo and options.scenario == "normal":
        for alert in DEMO_ALERTS:
            monitor.alerts.add(alert)
    return monitor


def _files(options: WindowOptions) -> dict[str, Path]:
    """What About names: settings that are not read are not the window's."""
    settings = {} if options.settings_file is None else {"Settings": options.settings_file}
    return settings | {"Log": user_paths().logs / logs.FILE_NAME}


def _window(
    options: WindowOptions, monitor: Monitor, service: MonitorService, tail: LogTail, replay: str
) -> MainWindow:
    """The window over what runs, as the options have it."""
    window = MainWindow(
        Sources(
            monitor.book,
            monitor.fills,
            monitor.links,
            monitor.clock,
            service.expects_paper,
            service,
            monitor.alerts,
            _play,
        ),
        tail,
        NoLayoutStore() if options.layout is None else LayoutStore(options.layout),
        theme=options.theme,
        environment=Environment(options.is_demo, replay),
        paths=WindowPaths(
            pictures=(user_paths().pictures, Path.home() / "psf_monitor"),
            files=_files(options),
        ),
        crash=None if options.crash is None else options.crash.problem,
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


def _alert_store(options: WindowOptions) -> AlertStore:
    """The file beside the layout's; one more window over the same settings reads it and does not write it."""
    path = None if options.layout is None else options.layout.with_name("alerts.json")
    return AlertStore(path, is_kept=options.instance is not None)


@contextmanager
def _layout_kept_at_the_sessions_end(window: MainWindow) -> Iterator[None]:
    """Write the layout when the session asks everybody to save: its end may still be called off."""
    application = QGuiApplication.instance()
    assert isinstance(application, QGuiApplication)
    application.commitDataRequest.connect(window.keep_layout)
    try:
        yield
    finally:
        application.commitDataRequest.disconnect(window.keep_layout)


@contextmanager
def _log_tail(settings: Settings, clock: Callable[[], datetime]) -> Iterator[LogTail]:
    """The log's last lines for the window, without the secrets that the log file does not hold either."""
    formatter = logs.WindowFormatter(clock)
    for secret in (settings.hammer.password, settings.hammer.account_key):
        formatter.hide(secret)
    tail = LogTail(formatter, formatter.head)
    tail.setLevel(logging.INFO)
    logging.getLogger().addHandler(tail)
    try:
        yield tail
    finally:
        logging.getLogger().removeHandler(tail)
        tail.close()


def _play(name: str) -> None:
    """Play a sound: what plays it is loaded with the first one."""
    sounds.play(name)


def _close(window: MainWindow) -> None:
    """Close it as a click would, from whatever thread."""
    QMetaObject.invokeMethod(window, "close", Qt.ConnectionType.QueuedConnection)


def _on_unforeseen(
    window: MainWindow, kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """The same, said in the window too."""
    log_unforeseen(kind, error, trace)
    window.report_fault()


def log_unforeseen(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """An exception in a slot: logged with its trace, and the window lives."""
    _log.error("an unforeseen error", exc_info=(kind, error, trace))
