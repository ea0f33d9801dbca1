"""A real main window over whatever a test has: what it does not name stands still."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent

from psf_monitor.alerts.store import AlertStore
from psf_monitor.alerts.watch import AlertWatch
from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.account import AccountMode
from psf_monitor.problem import Problem
from psf_monitor.ui.base.context import Sources
from psf_monitor.ui.base.ports import ServicePort
from psf_monitor.ui.base.window_setup import Environment, WindowPaths, WindowSetup
from psf_monitor.ui.shell.layout.store import LayoutStore, NoLayoutStore
from psf_monitor.ui.shell.main_window import MainWindow
from psf_monitor.ui.shell.overview.log_tail import LogTail
from psf_monitor.ui.shell.overview.overview_state import Unconnected
from tests.ui.service import Service


def make_window(
    book: Book,
    links: Mapping[AccountMode, Link],
    clock: Callable[[], datetime],
    *,
    fills: Fills | None = None,
    expects_paper: Mapping[AccountMode, bool] | None = None,
    service: ServicePort | None = None,
    log: LogTail | None = None,
    store: LayoutStore | None = None,
    theme: str | None = "dark",
    alerts: AlertWatch | None = None,
    play: Callable[[str], None] = lambda _name: None,
    demo: bool = False,
    replay: str = "",
    pictures: Sequence[Path] = (),
    files: Mapping[str, Path] | None = None,
    crash: Problem | None = None,
) -> MainWindow:
    """Build it; nothing is read from or kept on the disk unless a ``store`` is given."""
    expects = dict.fromkeys(links, False) if expects_paper is None else expects_paper
    own_fills = Fills(clock) if fills is None else fills
    sources = Sources(
        book,
        own_fills,
        links,
        clock,
        Service(expects_paper=dict(expects)) if service is None else service,
        alerts or AlertWatch(book, own_fills, links, clock, AlertStore(None)),
        play,
    )
    tail = LogTail(logging.Formatter()) if log is None else log
    window = MainWindow(
        Unconnected(clock, {mode: link.status for mode, link in links.items()}, expects),
        tail,
        NoLayoutStore() if store is None else store,
        WindowSetup(theme, Environment(demo, replay), WindowPaths(lambda: pictures, files or {}), crash),
    )
    window.attach(sources)
    return window


def delete_window(window: MainWindow) -> None:
    """Close a window and delete it at once: what Qt had put off for it is not done any more."""
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete.value)
