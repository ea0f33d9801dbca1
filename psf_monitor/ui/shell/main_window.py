"""The main window: places the panels, and shows what happened.

It is complete, and may be painted, before there is a book; ``attach`` connects it to its sources.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtCore, QtGui
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QGuiApplication,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QMainWindow, QPushButton, QWidget

from psf_monitor import formatting
from psf_monitor.book.rows import Level, Notice
from psf_monitor.domain.account import AccountMode
from psf_monitor.problem import Problem
from psf_monitor.ui.base.context import Sources, WindowContext
from psf_monitor.ui.base.held_keys import add_shortcut
from psf_monitor.ui.base.menus import Menus
from psf_monitor.ui.base.selection import Selection
from psf_monitor.ui.base.tab_order import move_focus, reach_by_keys
from psf_monitor.ui.base.window_setup import WindowSetup
from psf_monitor.ui.connections.banner import Banners
from psf_monitor.ui.connections.panel import ConnectionsPanel
from psf_monitor.ui.orders.panel import OrdersPanel
from psf_monitor.ui.positions.exposure import ExposureLine
from psf_monitor.ui.positions.panel import PositionsPanel
from psf_monitor.ui.shell import about, controllers, shortcut_list
from psf_monitor.ui.shell.layout.controller import LayoutController
from psf_monitor.ui.shell.layout.main_area import MainArea
from psf_monitor.ui.shell.layout.screens import FRAME
from psf_monitor.ui.shell.layout.section_splitter import SectionSplitter
from psf_monitor.ui.shell.layout.store import LayoutStore
from psf_monitor.ui.shell.lower_section import LowerSection
from psf_monitor.ui.shell.overview.log_tail import LogTail
from psf_monitor.ui.shell.overview.overview import Overview
from psf_monitor.ui.shell.overview.overview_state import Unconnected, unconnected_state
from psf_monitor.ui.shell.status_bar import StatusBar
from psf_monitor.ui.shell.top_bar import TopBar
from psf_monitor.ui.shell.view_controller import ViewController
from psf_monitor.ui.shell.window_parts import WindowParts
from psf_monitor.ui.style import on_top
from psf_monitor.ui.style.theme import Scheme, Theme, use_fusion

if TYPE_CHECKING:
    from psf_monitor.ui.alerts.panel import AlertsPanel
    from psf_monitor.ui.fills.panel import FillsPanel
    from psf_monitor.ui.shell.overview.log_panel import LogPanel
    from psf_monitor.ui.shell.refresh import Refresh
    from psf_monitor.ui.shell.screenshot import ScreenshotMaker
    from psf_monitor.ui.shell.symbol_windows import SymbolWindows

FULL_WIDTH = 1200
"""From this width on, every column has room."""
DEFAULT_SETUP = WindowSetup()


class MainWindow(QMainWindow):
    """Shows one book and its links; reads the book when it changes, and once a second for what ages.

    What depends on the book, from ``context`` on, exists once ``attach`` was called.
    """

    context: WindowContext
    refresh: "Refresh"
    screenshot_maker: "ScreenshotMaker"
    symbol_windows: "SymbolWindows"

    def __init__(
        self,
        known: Unconnected,
        log: LogTail,
        store: LayoutStore,
        setup: WindowSetup = DEFAULT_SETUP,
    ) -> None:
        """Create the window; ``known`` is shown until a book is attached."""
        use_fusion()
        super().__init__()
        self._clock = known.clock
        self._environment = environment = setup.environment
        self._paths = setup.paths
        self._is_narrow: bool | None = None
        self._controllers: controllers.Controllers | None = None
        scheme = None if setup.theme is None else Scheme(setup.theme)
        self.theme = Theme(scheme or Scheme.SYSTEM, self)
        # While it is empty: to style all of its parts again takes a third of building and showing it.
        self._on_theme_changed()
        self.top_bar = TopBar(self.theme, environment)
        self.menus = Menus(self.top_bar.menus, known.statuses)
        self.selection = Selection(self)
        self.setWindowTitle(environment.title_of())
        self._make_panels(tuple(known.statuses), setup.crash)
        self._place(log)
        self._join()
        self.resize(1280, 720)
        self._layout = LayoutController(self._parts, store)
        self._problem = self._layout.restore(scheme)
        self._show_unconnected(known)
        self.positions.view.setFocus()

    # Building.

    def _make_panels(self, modes: tuple[AccountMode, ...], crash: Problem | None) -> None:
        self.banners = Banners(self.theme, crash)
        self.links_panel = ConnectionsPanel(self.theme, modes)
        self.exposure = ExposureLine(self.theme)
        self.positions = PositionsPanel(self.theme, self._clock, self.selection)
        self.orders = OrdersPanel(self.theme, self._clock)
        self.section = LowerSection(self.orders, self.theme)
        self.status = StatusBar(self.theme)

    @property
    def fills(self) -> "FillsPanel":
        return self.section.fills

    @property
    def alerts(self) -> "AlertsPanel":
        return self.section.alerts

    @property
    def controllers(self) -> "controllers.Controllers":
        """Return what connects the parts to the attached sources."""
        assert self._controllers is not None
        return self._controllers

    @property
    def log(self) -> "LogPanel":
        return self.view_controller.log

    def _place(self, log: LogTail) -> None:
        self.setMenuWidget(self.top_bar)
        self.splitter = SectionSplitter(self.positions, self.section)
        self.main_area = MainArea(self.banners, self.links_panel, self.exposure, self.splitter, self.status)
        self.setCentralWidget(self.main_area)
        reach_by_keys(self.findChildren(QPushButton))
        self._parts = WindowParts(
            self,
            self._environment,
            self.theme,
            self.menus,
            self.selection,
            self.top_bar,
            self.main_area,
            log,
        )

    def _join(self) -> None:
        self.view_controller = ViewController(self._parts)
        self.theme.changed.connect(self._on_theme_changed)
        self.selection.changed.connect(self._on_selection)
        self.status.folder_requested.connect(_open_folder)
        self.banners.focus_left.connect(self.positions.view.setFocus)
        for mode, card in self.links_panel.cards.items():
            card.log.triggered.connect(
                lambda _checked=False, mode=mode: self.view_controller.show_log_of(mode)
            )
        self._join_menus()
        for keys, slot in (
            ("Ctrl+F", self.positions.focus_filter),
            ("Esc", self.positions.clear_filter),
            ("Ctrl+Shift+X", self.positions.copy_sums),
            ("F6", self.view_controller.next_pane),
            ("Ctrl+Tab", self.section.switch),
            *((f"Alt+{n}", lambda n=n: self.positions.choose(n)) for n in range(len(AccountMode) + 1)),
        ):
            add_shortcut(keys, self, slot)

    def _join_menus(self) -> None:
        menus = self.menus
        menus.keys.triggered.connect(lambda: shortcut_list.ShortcutList(self.theme, self).show())
        menus.quit.triggered.connect(self.close)
        menus.about.triggered.connect(lambda: about.show_about(self, self._paths.files))
        menus.on_top.toggled.connect(self._on_top)
        menus.exposure.toggled.connect(self.exposure.setVisible)
        menus.hide_values.toggled.connect(self._on_hide_values)
        self.top_bar.hide_values.clicked.connect(menus.hide_values.toggle)
        self.top_bar.on_top.toggled.connect(menus.on_top.setChecked)

    def _show_unconnected(self, known: Unconnected) -> None:
        """Show what is known before anything is connected, worded as it will be with a book."""
        state = unconnected_state(known, self.positions.sum_modes)
        self.top_bar.clock.set_text(f"{formatting.clock(state.now)} ET")
        Overview(self._parts).show_unconnected(state)
        self.view_controller.tick()

    def attach(self, sources: Sources) -> None:
        """Show ``sources`` from here on, and forward the trader's requests to them."""
        self.view_controller.complete()
        self.context = WindowContext(sources, self.theme, self.menus, self.selection, self._environment)
        made = controllers.Controllers(self._parts, self.context, self._paths.pictures, self._report)
        self._controllers = made
        self.refresh = made.refresh
        self.screenshot_maker = made.screenshot_maker
        self.symbol_windows = made.symbol_windows
        self._layout.attach(sources.book, made.symbol_windows)
        self._layout.read_late.connect(self._on_layout_read)
        self._layout.kept.connect(self._on_layout_kept)
        self._on_layout_read(self._problem)
        self.refresh.second.connect(self._on_second)
        made.begin()
        self._on_second()

    def _on_layout_read(self, problem: str) -> None:
        self.controllers.connections.connect_at_start()
        if problem:
            self._report("Settings", Level.WARNING, problem)

    def _on_layout_kept(self, problem: str) -> None:
        level = Level.WARNING if problem else Level.INFO
        self._report("Settings", level, problem or "The layout of the window is kept again.")

    # Refreshing.

    def show_now(self) -> None:
        """Update everything on the screen to this moment, if there is a book."""
        if self._controllers is not None:
            self._controllers.show_now()
            self.view_controller.tick()

    def _on_second(self) -> None:
        if self.isMinimized() or self._controllers is None:
            return
        self._controllers.pass_second()
        self.view_controller.tick()
        if self._parts.is_seen:
            self._layout.save_if_settled()

    # The trader's actions.

    def _on_selection(self) -> None:
        self.orders.model.filter(self.selection.modes, self.selection.text)

    def _on_top(self, is_wanted: bool) -> None:
        self.top_bar.on_top.setChecked(is_wanted)
        on_top.keep_on_top(self, is_wanted=is_wanted)

    def _on_hide_values(self, is_wanted: bool) -> None:
        self.top_bar.hide_values.setText("Show values" if is_wanted else "Hide values")
        for panel in (self.positions, self.orders):
            panel.model.hide_values(is_wanted)
        self.status.hide_values(is_wanted)

    def bring_to_front(self) -> None:
        """Show the window above all others, with the focus, in its state from before it was minimized."""
        if self.isMinimized():
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def place_above(self, bar: QWidget) -> None:
        """Show a bar above the cards and tables."""
        self.main_area.place_above(bar)

    def fit_screen(self) -> None:
        """Resize a window that does not fit its screen, leaving room for its frame."""
        screen = QGuiApplication.screenAt(self.geometry().center()) or QGuiApplication.primaryScreen()
        self.resize(self.size().boundedTo(screen.availableSize().shrunkBy(FRAME)))

    def report_fault(self) -> None:
        """Report an internal error. The log has the trace, and the window continues."""
        text = "something failed inside; the log has the details (Ctrl+L); record the wires (View)"
        self._report("psf_monitor", Level.ERROR, text)

    def _report(self, source: str, level: Level, text: str) -> None:
        self.status.show_notice(
            Notice(self._clock(), source, level, text, text), is_answer=level is Level.INFO
        )

    # Appearance.

    def _on_theme_changed(self) -> None:
        # Setting one costs as much as building half of the window.
        if self.theme.sheet != self.styleSheet():
            self.theme.colour_ticks()
            self.setPalette(self.theme.qt_palette)
            self.setStyleSheet(self.theme.sheet)
        if self.isVisible():
            for child in self.findChildren(QWidget):
                # On a table, update() requires an index in PySide6 before 6.10.1.
                QWidget.update(child)

    # Qt.

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        is_narrow = event.size().width() < FULL_WIDTH
        if is_narrow is not self._is_narrow:
            self._is_narrow = is_narrow
            for part in (self.top_bar, self.links_panel, self.positions, self.section):
                part.set_narrow(is_narrow if part.window() is self else part.window().width() < FULL_WIDTH)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() is QEvent.Type.ThemeChange:
            self.theme.follow_system()
        if event.type() is QEvent.Type.WindowStateChange and self._parts.is_seen:
            # Nothing was drawn while it was minimized.
            if self._controllers is not None:
                self.refresh.visibility.shown()
            self.show_now()
            for area in self.findChildren(QAbstractScrollArea):
                area.viewport().update()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802
        return move_focus(self, is_forward=forward)

    def save_layout(self) -> None:
        """Save the layout now, as closing does."""
        self._layout.save()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        if self._controllers is not None:
            self.refresh.refresh()
        super().showEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        if self._controllers is not None:
            self.refresh.end()
            self.save_layout()
            self._controllers.end()
            self.save_layout()
            self._controllers.cover_accounts()
        super().closeEvent(event)


def _open_folder(folder: Path) -> None:
    """Open the folder. Qt classes take time to be made, so these are made on first use."""
    QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(folder)))
