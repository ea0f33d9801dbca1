"""The window: places the panels, joins their controllers, and says what happened.

It knows neither wire nor loop: links are told to connect or disconnect, and everything else is read.
"""

from collections.abc import Sequence
from pathlib import Path

from PySide6 import QtCore, QtGui
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QGuiApplication,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QMainWindow, QPushButton, QWidget

from psf_monitor import formatting
from psf_monitor.book.rows import Level, Notice
from psf_monitor.domain.account import AccountMode
from psf_monitor.problem import Problem
from psf_monitor.ui.alerts.panel import AlertsPanel
from psf_monitor.ui.base.context import Sources, WindowContext
from psf_monitor.ui.base.environment import Environment, WindowPaths
from psf_monitor.ui.base.menus import Menus
from psf_monitor.ui.base.selection import Selection
from psf_monitor.ui.base.tab_order import move_focus, reach_by_keys
from psf_monitor.ui.connections.api_controller import ApiController
from psf_monitor.ui.connections.banner import Banners
from psf_monitor.ui.connections.controller import ConnectionsController
from psf_monitor.ui.connections.panel import ConnectionsPanel
from psf_monitor.ui.fills.controller import FillsController
from psf_monitor.ui.fills.panel import FillsPanel
from psf_monitor.ui.journal.controller import JournalController
from psf_monitor.ui.orders.panel import OrdersPanel
from psf_monitor.ui.positions.exposure import ExposureLine
from psf_monitor.ui.positions.panel import PositionsPanel
from psf_monitor.ui.recording.controller import WireController
from psf_monitor.ui.shell import about, shortcut_list
from psf_monitor.ui.shell.alerts.signs import AlertSigns
from psf_monitor.ui.shell.layout.controller import LayoutController
from psf_monitor.ui.shell.layout.middle import Middle
from psf_monitor.ui.shell.layout.section_splitter import SectionSplitter
from psf_monitor.ui.shell.layout.store import LayoutStore
from psf_monitor.ui.shell.log import LogPanel, LogTail
from psf_monitor.ui.shell.lower_section import LowerSection
from psf_monitor.ui.shell.overview import Overview
from psf_monitor.ui.shell.position_order_menus import RowMenus
from psf_monitor.ui.shell.refresh import Refresh
from psf_monitor.ui.shell.screenshot import Camera
from psf_monitor.ui.shell.status_bar import StatusBar
from psf_monitor.ui.shell.symbol_windows import SymbolWindows
from psf_monitor.ui.shell.top_bar import TopBar
from psf_monitor.ui.shell.view_controller import ViewController
from psf_monitor.ui.style import on_top
from psf_monitor.ui.style.theme import Scheme, Theme, use_fusion
from psf_monitor.ui.table.facts.controller import FactsController

FULL_WIDTH = 1200
"""From this width on, every column has room."""
THE_TRADERS_OWN, NO_PATHS = Environment(), WindowPaths()
FRAME = QSize(16, 40)
"""Room for the borders and the title bar that the system draws, device-independent pixels."""


class MainWindow(QMainWindow):
    """Shows one book and its links; pulls when the book differs, and once a second for what ages."""

    def __init__(
        self,
        sources: Sources,
        log: LogTail,
        store: LayoutStore,
        *,
        theme: str | None = None,
        environment: Environment = THE_TRADERS_OWN,
        paths: WindowPaths = NO_PATHS,
        crash: Problem | None = None,
    ) -> None:
        """``theme`` wins over the one in ``store``; ``crash`` is how the last psf_monitor ended."""
        use_fusion()
        super().__init__()
        self._clock = sources.clock
        self._service = sources.service
        self._files = paths.files
        self._is_compact: bool | None = None
        scheme = None if theme is None else Scheme(theme)
        self.theme = Theme(scheme or Scheme.SYSTEM, self)
        self.row = TopBar(self.theme, environment)
        self.menus = Menus(self.row.menus, sources.links)
        self.context = WindowContext(sources, self.theme, self.menus, Selection(self), environment.title)
        self.setWindowTitle(self.context.title())
        self._make_panels(log, crash)
        self._place()
        self._make_controllers(paths.pictures)
        self._join()
        self._on_theme_changed()
        self.resize(1280, 720)
        self._layout = LayoutController(
            self.context, store, self, self.splitter, self.positions, self.section, self.links_panel
        )
        self._layout.follow_symbols(self.symbol_windows)
        self._restore_layout(scheme)
        self.refresh.second.connect(self._on_second)
        self.refresh.begin()
        self._on_second()
        self.positions.view.setFocus()

    # Building.

    def _make_panels(self, log: LogTail, crash: Problem | None) -> None:
        context = self.context
        self.banners = Banners(self.theme, crash)
        self.links_panel = ConnectionsPanel(self.theme, tuple(context.sources.links))
        self.exposure = ExposureLine(self.theme)
        day_line = context.sources.book.day.curve.line
        self.positions = PositionsPanel(self.theme, context.clock, context.selection, day_line)
        self.orders = OrdersPanel(self.theme, context.clock)
        self.fills = FillsPanel(self.theme, context.clock)
        self.alerts = AlertsPanel(self.theme, context.clock)
        self.section = LowerSection(self.orders, self.fills, self.alerts, self.theme)
        self.status = StatusBar(self.theme)
        self.log = LogPanel(log, self.theme)

    def _make_controllers(self, pictures: Sequence[Path]) -> None:
        context = self.context
        self._overview = Overview(
            context, self.banners, self.links_panel, self.exposure, self.positions, self.orders, self.middle
        )
        self.refresh = Refresh(
            context.sources, self.positions, self.orders, self._overview, self._is_seen, self
        )
        self._facts = FactsController(context.sources.book.facts, (self.positions, self.orders), self)
        self.row_menus = RowMenus(context, self.positions, self.orders, self)
        self.connections_controller = ConnectionsController(context, self.links_panel, self.banners, self)
        self.api_controller = ApiController(context, self)
        self.wire_controller = WireController(context, self.row.recording, self)
        self.journal_controller = JournalController(context, self)
        self._view_controller = ViewController(context, self.positions, self.section, self.status, self.log)
        self.fills_controller = FillsController(context, self.fills, self.row_menus, self)
        self.alert_signs = AlertSigns(context, self.row, self.positions, self.section, self.status, self)
        self.camera = Camera(context, self, pictures, self._overview.states, self._prepare_picture)
        tables = (self.orders, self.fills, self.fills.totals)
        self.symbol_windows = SymbolWindows(
            context,
            self.positions,
            tables,
            self.alert_signs.controller,
            self,
            lambda window: self._shoot(self.camera.of(window)),
        )

    def _place(self) -> None:
        self.setMenuWidget(self.row)
        self.splitter = SectionSplitter(self.positions, self.section)
        self.log.hide()
        self.splitter.add_below(self.log)
        self.middle = Middle(self.banners, self.links_panel, self.exposure, self.splitter, self.status)
        self.setCentralWidget(self.middle)
        reach_by_keys(self.findChildren(QPushButton))

    def _join(self) -> None:
        self.theme.changed.connect(self._on_theme_changed)
        self._join_menus()
        self._connect_notices()
        self._join_panels()
        for keys, slot in (
            ("Ctrl+F", self.positions.focus_filter),
            ("Esc", self.positions.clear_filter),
            ("Ctrl+Shift+X", self.positions.copy_sums),
            ("F6", self._view_controller.next_pane),
            ("Ctrl+Tab", self.section.switch),
            *((f"Alt+{n}", lambda n=n: self.positions.choose(n)) for n in range(len(AccountMode) + 1)),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    def _join_menus(self) -> None:
        menus = self.menus
        menus.refresh.triggered.connect(self._on_read_again)
        menus.keys.triggered.connect(lambda: shortcut_list.ShortcutList(self.theme, self).show())
        menus.quit.triggered.connect(self.close)
        menus.about.triggered.connect(self._on_about)
        menus.screenshot.triggered.connect(self._on_screenshot)
        menus.on_top.toggled.connect(self._on_top)
        menus.exposure.toggled.connect(self.exposure.setVisible)
        menus.hide_values.toggled.connect(self._on_hide_values)
        self.row.screenshot.clicked.connect(self._on_screenshot)
        self.row.hide_values.clicked.connect(menus.hide_values.toggle)
        self.row.on_top.toggled.connect(menus.on_top.setChecked)

    def _connect_notices(self) -> None:
        """Everything that happened is told in the status line."""
        self.refresh.noticed.connect(self.status.show_notice)
        for signal, source, level in (
            (self.row_menus.reported, "Window", Level.INFO),
            (self.row_menus.warned, "Symbols", Level.WARNING),
            (self._facts.reported, "My file", Level.INFO),
            (self._facts.warned, "My file", Level.WARNING),
            (self.wire_controller.reported, "Recording", Level.INFO),
            (self.wire_controller.warned, "Recording", Level.WARNING),
            (self.journal_controller.reported, "Journal", Level.INFO),
        ):
            signal.connect(lambda text, source=source, level=level: self._report(source, level, text))
        self.fills_controller.warned.connect(lambda source, text: self._report(source, Level.WARNING, text))
        self.status.folder_requested.connect(_open_folder)

    def _join_panels(self) -> None:
        selection, fills = self.context.selection, self.fills_controller
        selection.changed.connect(self._on_selection)
        self.positions.frame.empty.connect_all_clicked.connect(self.connections_controller.connect_all)
        self.row_menus.share_requested.connect(self.symbol_windows.open)
        self.row_menus.alert_requested.connect(self.alert_signs.controller.open_form)
        self.refresh.added_up.connect(self.alert_signs.controller.follow_figures)
        self.refresh.is_followed = self.alerts.view.isVisible
        self.row_menus.orders_requested.connect(lambda: self.section.show_fills(False))
        fills.front_wanted.connect(self.section.show_fills)
        fills.bar_filled.connect(self.section.follow)
        fills.history_requested.connect(self.journal_controller.choose_day)
        self.journal_controller.day_chosen.connect(fills.show_day)
        self.section.switched.connect(fills.refresh)
        self.banners.seen.connect(self.context.sources.book.message_acknowledged)
        self.banners.focus_left.connect(self.positions.view.setFocus)
        self.links_panel.fields_changed.connect(self.refresh.refresh)
        for mode, card in self.links_panel.cards.items():
            card.account.toggled.connect(self.refresh.refresh)
            card.log.triggered.connect(
                lambda _checked=False, mode=mode: self._view_controller.show_log_of(mode)
            )

    def _restore_layout(self, scheme: Scheme | None) -> None:
        self._layout.read_late.connect(self._on_layout_read)
        self._on_layout_read(self._layout.restore(scheme))

    def _on_layout_read(self, problem: str) -> None:
        self.connections_controller.connect_at_start()
        if problem:
            self._report("Settings", Level.WARNING, problem)

    # Pulling.

    def _is_seen(self) -> bool:
        return self.isVisible() and not self.isMinimized()

    def show_now(self) -> None:
        """Bring everything on the screen up to this moment."""
        self.row.clock.set_text(f"{formatting.clock(self._clock())} ET")
        # The book lets finished orders go by the clock alone, so it is asked even when nothing came.
        self.refresh.refresh()
        self.wire_controller.follow()
        if not self.isMinimized():
            self.splitter.follow()
            self.positions.tick()
            self.orders.tick()
            self.fills_controller.tick()
            self.alert_signs.tick()
            self._facts.follow()
            self.row_menus.follow()
            self._view_controller.tick()

    def _on_second(self) -> None:
        if self.isMinimized():
            return
        self.show_now()
        if self._is_seen():
            self._layout.consider()

    # What the trader does.

    def _on_selection(self) -> None:
        self.orders.model.filter(self.context.selection.modes, self.context.selection.text)
        self.refresh.refresh()

    def _on_read_again(self) -> None:
        self._service.refresh()
        self._report("Window", Level.INFO, "accounts and orders are read again")

    def _on_about(self) -> None:
        about.show_about(self, self._files)

    def _on_top(self, is_wanted: bool) -> None:
        self.row.on_top.setChecked(is_wanted)
        on_top.keep_on_top(self, is_wanted=is_wanted)

    def _on_hide_values(self, is_wanted: bool) -> None:
        self.row.hide_values.setText("Show values" if is_wanted else "Hide values")
        for panel in (self.positions, self.orders):
            panel.model.hide_values(is_wanted)
        self.status.hide_values(is_wanted)
        self.log.hide_values(is_wanted)
        self.row_menus.follow()
        self.refresh.refresh()

    def _on_screenshot(self) -> None:
        self._shoot(self.camera)

    def _shoot(self, camera: Camera) -> None:
        shot = camera.shoot()
        level = Level.WARNING if shot.problem else Level.INFO
        self._report("Screenshot", level, shot.problem or f"saved to {shot.path} and copied")
        if shot.path is not None:
            self.status.offer_folder(shot.path.parent)

    def _prepare_picture(self) -> None:
        """Everything on a picture is of one moment, and no account is named."""
        self._cover_accounts()
        self.show_now()
        self.symbol_windows.refresh()

    def _cover_accounts(self) -> None:
        for card in self.links_panel.cards.values():
            card.account.setChecked(False)
        self.api_controller.cover()

    def bring_to_front(self) -> None:
        """Show the window over all others, with the keys, as it was before it was minimised."""
        if self.isMinimized():
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def place_above(self, bar: QWidget) -> None:
        """Show a line of its own over the cards and tables."""
        self.middle.place_above(bar)

    def fit_screen(self) -> None:
        """Make a window that its screen cannot show as large as the screen can, with a frame around it."""
        screen = QGuiApplication.screenAt(self.geometry().center()) or QGuiApplication.primaryScreen()
        self.resize(self.size().boundedTo(screen.availableSize() - FRAME))

    def report_fault(self) -> None:
        """Something failed inside: say so. The log has it all, and the window lives."""
        text = "something failed inside; the log has the details (Ctrl+L); record the wires (View)"
        self._report("psf_monitor", Level.ERROR, text)

    def _report(self, source: str, level: Level, text: str) -> None:
        self.status.show_notice(Notice(self._clock(), source, level, text, text))

    # The look.

    def _on_theme_changed(self) -> None:
        # To take one costs as much as to build half the window.
        if self.theme.sheet != self.styleSheet():
            self.theme.colour_ticks()
            self.setPalette(self.theme.qt_palette)
            self.setStyleSheet(self.theme.sheet)
        if self.isVisible():
            for child in self.findChildren(QWidget):
                # Of a table, update() wants an index in PySide6 before 6.10.1.
                QWidget.update(child)

    # Qt.

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        is_compact = event.size().width() < FULL_WIDTH
        if is_compact is not self._is_compact:
            self._is_compact = is_compact
            for part in (self.row, self.links_panel, self.positions, self.orders, self.fills, self.alerts):
                part.set_compact(is_compact if part.window() is self else part.window().width() < FULL_WIDTH)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() is QEvent.Type.ThemeChange:
            self.theme.follow_system()
        if event.type() is QEvent.Type.WindowStateChange and self._is_seen():
            # Nothing was drawn while it was minimised.
            self.show_now()
            for area in self.findChildren(QAbstractScrollArea):
                area.viewport().update()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802
        return move_focus(self, is_forward=forward)

    def keep_layout(self) -> None:
        """Write the layout down now, as closing does."""
        self._layout.save()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        self.refresh.refresh()
        super().showEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        self.refresh.end()
        self._layout.save()
        self.symbol_windows.close_all()
        self.alert_signs.controller.close()
        self.keep_layout()
        self._cover_accounts()
        super().closeEvent(event)


def _open_folder(folder: Path) -> None:
    """Each class of Qt takes its time to be made: these are with their first use."""
    QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(folder)))
