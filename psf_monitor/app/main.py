"""Runs what is behind the window until it is closed; the only module that joins Qt and asyncio."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from PySide6.QtWidgets import QApplication

from psf_monitor.app import startup
from psf_monitor.app.build_window import PAINT_WAIT_S, OpenedWindow, open_window
from psf_monitor.app.event_loop import WindowEventLoop
from psf_monitor.app.options import WindowOptions
from psf_monitor.app.services import MonitorService
from psf_monitor.app.session_end import run_to_the_end
from psf_monitor.book.sums.groups import GroupBy
from psf_monitor.connection import deferred_asyncio
from psf_monitor.connection.pacing import LOOK_EVERY_S
from psf_monitor.files import reason
from psf_monitor.runtime.api_host import ApiHost
from psf_monitor.runtime.demo import Files, open_files, servers_for
from psf_monitor.runtime.demo_folder import remove_left_over
from psf_monitor.runtime.error_output import report_errors
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.settings import user_paths
from psf_monitor.ui.shell import screenshot
from psf_monitor.ui.shell.main_window import MainWindow
from psf_monitor.ui.table.columns import Band

FACTS_SHOWN = (
    "current_yield",
    "days_to_ex_dividend",
    "days_to_call",
    "fact:CMON",
    "fact:COUPON",
    "fact:EXDIVDATE",
    "fact:CALLDATE",
)
FACTS_COVERED = ("side", "bid_size", "ask_size", "spread", "change_pct", "working")
"""The columns that the demo of the scenario ``my-file`` shows, and those hidden in their favour."""
SHARE_SHOWN = "CIM PRB"
"""The share that the demo of the scenario ``depth`` opens."""


def run(application: QApplication, options: WindowOptions, opened: OpenedWindow | None) -> int:
    """Serve until the window is closed; return the exit code. Without a window, open one first."""
    loop = WindowEventLoop(application)
    asyncio.set_event_loop(loop)
    with loop:
        showing = loop.create_task(show(application, options, opened))
        return int(run_to_the_end(application, loop, showing))


async def show(application: QApplication, options: WindowOptions, opened: OpenedWindow | None = None) -> int:
    """Open the window if needed, serve until it is closed, and clean up. Return the exit code."""
    deferred_asyncio.set_running_loop()
    if opened is not None:
        return await _serve(application, options, opened)
    application.setQuitOnLastWindowClosed(False)
    files = None if options.is_demo else Files(options.journal, user_paths().api_token)
    async with servers_for(options.settings, options.scenario, options.seed) as (settings, clock):
        with open_files(files) as kept:
            opened = open_window(options, settings, clock, kept)
            return await _serve(application, options, opened)


async def _serve(application: QApplication, options: WindowOptions, opened: OpenedWindow) -> int:
    window, monitor, api_host, service = opened.window, opened.monitor, opened.api_host, opened.service
    try:
        closed = asyncio.Event()
        application.lastWindowClosed.connect(closed.set)
        if not window.isVisible():
            closed.set()
        painted = asyncio.Event()
        opened.first_paint.when_painted(painted.set)
        monitor.load()
        async with asyncio.TaskGroup() as tasks:
            serving = tasks.create_task(_serve_links(monitor, service, painted, options.password))
            listening = tasks.create_task(_serve_others(api_host, painted))
            if options.is_demo and options.scenario != "first-run":
                monitor.connect_all()
            if options.is_demo and options.scenario == "depth":
                tasks.create_task(_open_share(window))
            if options.is_demo and options.scenario == "my-file":
                tasks.create_task(_show_facts(window))
            exit_code = 0
            if options.screenshot is not None:
                await _wait_on_clock(monitor.clock, options.after_s)
                exit_code = _take_screenshot(window, options)
                window.close()
            await closed.wait()
            await service.close()
            listening.cancel()
            await asyncio.wait({listening})
            serving.cancel()
        return exit_code
    finally:
        opened.close()


async def _serve_links(
    monitor: Monitor, service: MonitorService, painted: asyncio.Event, password: Callable[[], str] | None
) -> None:
    """Serve the links. What takes long to load is loaded first, but not before the window is painted."""
    await _wait_until_painted(painted)
    startup.load("psf_monitor.hammer.session", "psf_monitor.ibkr.session")
    if password is not None:
        service.use_password(password())
    await monitor.run()


async def _serve_others(api_host: ApiHost, painted: asyncio.Event) -> None:
    """Open the local API, which also takes long to load."""
    await _wait_until_painted(painted)
    remove_left_over()
    await api_host.run()


async def _wait_on_clock(clock: Callable[[], datetime], seconds: float) -> None:
    """Wait until this much of the demo's time has passed, which stops while the computer is busy."""
    begin, left_s = clock(), seconds
    while left_s > 0:
        await asyncio.sleep(LOOK_EVERY_S)
        left_s = seconds - (clock() - begin).total_seconds()


async def _show_facts(window: MainWindow) -> None:
    """Show columns of the demo's own file and group by it, if it is read before the window closes."""
    arrangement = window.positions.view.header.arrangement
    while arrangement.columns[-1].band is not Band.FACTS:
        if not window.isVisible():
            return
        await asyncio.sleep(LOOK_EVERY_S)
    for key in FACTS_SHOWN:
        arrangement.show_column(key, is_wanted=True)
    for key in FACTS_COVERED:
        arrangement.show_column(key, is_wanted=False)
    window.positions.choose_group(GroupBy.GROUP)


async def _open_share(window: MainWindow) -> None:
    """Open the window of the demo's share as soon as it is held."""
    is_open = False
    while window.isVisible() and not is_open:
        await asyncio.sleep(LOOK_EVERY_S)
        is_open = window.symbol_windows.open_named(SHARE_SHOWN)


async def _wait_until_painted(painted: asyncio.Event) -> None:
    with suppress(TimeoutError):
        # A window may be opened minimized.
        async with asyncio.timeout(PAINT_WAIT_S):
            await painted.wait()


def _take_screenshot(window: MainWindow, options: WindowOptions) -> int:
    assert options.screenshot is not None
    try:
        screenshot_maker = window.screenshot_maker
        for share in window.symbol_windows.windows[:1]:
            if options.size is not None:
                share.resize(*options.size)
            screenshot_maker = screenshot_maker.of(share)
        screenshot.write(screenshot_maker.picture(has_footer=options.has_footer), options.screenshot)
    except OSError as error:
        report_errors(f"--screenshot: {options.screenshot} cannot be written: {reason(error)}.")
        return 1
    return 0
