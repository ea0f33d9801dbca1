"""The window: places the panels, pulls from the book and the links, and hands the words round.

It knows neither wire nor loop: links are told to connect or disconnect, and everything else is read.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QAbstractScrollArea, QMainWindow, QSplitter, QVBoxLayout, QWidget

from psf_monitor import formatting
from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from psf_monitor.book.rows import Level, Notice
from psf_monitor.connection.status import LinkState
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.account import AccountMode
from psf_monitor.ui.base.menus import Menus
from psf_monitor.ui.base.ports import ServicePort
from psf_monitor.ui.connections.api_controller import ApiController
from psf_monitor.ui.connections.banner import Banners
from psf_monitor.ui.connections.banner_text import BannerAction
from psf_monitor.ui.connections.controller import ConnectionsController
from psf_monitor.ui.connections.panel import ConnectionsPanel
from psf_monitor.ui.fills.controller import FillsController
from psf_monitor.ui.fills.panel import FillsPanel
from psf_monitor.ui.journal.controller import JournalController
from psf_monitor.ui.orders.panel import OrdersPanel
from psf_monitor.ui.positions.panel import PositionsPanel
from psf_monitor.ui.shell.layout_controller import LayoutController
from psf_monitor.ui.shell.layout_store import LayoutStore
from psf_monitor.ui.shell.log import LogPanel, LogTail
from psf_monitor.ui.shell.lower_section import LowerSection
from psf_monitor.ui.shell.menu_row import DEMO, MenuRow
from psf_monitor.ui.shell.overview import Overview
from psf_monitor.ui.shell.refresh import Refresh
from psf_monitor.ui.shell.row_menu import RowMenus
from psf_monitor.ui.shell.screenshot import Camera
from psf_monitor.ui.shell.status_bar import StatusBar
from psf_monitor.ui.shell.view_controller import ViewController
from psf_monitor.ui.style.theme import Scheme, Theme, use_fusion

FULL_WIDTH = 1200
"""From this width on, every column has room."""


class MainWindow(QMainWindow):
    """Shows one book and its links; pulls when the book differs, and once a second for what ages."""

    def __init__(
        self,
        book: Book,
        links: Mapping[AccountMode, Link],
        clock: Callable[[], datetime],
        *,
        fills: Fills | None = None,
        theme: str | None = None,
        demo: bool = False,
        expects_paper: Mapping[AccountMode, bool],
        store: LayoutStore | None = None,
        pictures: Sequence[Path] = (),
        service: ServicePort | None = None,
        log: LogTail | None = None,
        files: Mapping[str, Path] | None = None,
    ) -> None:
        """``theme`` wins over the kept one; without a ``store`` nothing of the layout is read or kept.

        Screenshots go to the first of ``pictures`` that takes them. What needs a ``service`` or a ``log``
        cannot be chosen without one. ``files`` are the paths that About names. Without ``fills`` none come.
        """
        use_fusion()
        super().__init__()
        self._links = links
        self._clock = clock
        self._is_compact: bool | None = None
        scheme = None if theme is None else Scheme(theme)
        self.theme = Theme(scheme or Scheme.SYSTEM, self)
        self.setWindowTitle(f"psf_monitor - {DEMO}" if demo else "psf_monitor - read-only")
        self.row = MenuRow(self.theme, is_demo=demo)
        self.menus = Menus(self.row.menus, links)
        self.banners = Banners(self.theme)
        self.links_panel = ConnectionsPanel(self.theme, tuple(links))
        self.positions = PositionsPanel(self.theme, clock)
        self.orders = OrdersPanel(self.theme, clock)
        self.fills = FillsPanel(self.theme, clock)
        self.section = LowerSection(self.orders, self.fills, self.theme)
        self.status = StatusBar(self.theme)
        self._service = service
        self.log = None if log is None else LogPanel(log, self.theme)
        self.row_menus = RowMenus(book, self.positions, self.orders, self.theme, clock, service, self)
        self.connection_menus = ConnectionsController(
            self.links_panel, self.menus, links, clock, service, self
        )
        self.api_controller = ApiController(None if service is None else service.api, self.menus, self)
        self._overview = Overview(
            book,
            links,
            expects_paper,
            self.menus,
            self.banners,
            self.links_panel,
            self.positions,
            self.orders,
        )
        self.refresh = Refresh(
            book, links, clock, self.positions, self.orders, self._overview, self._is_seen, self
        )
        hides = self.menus.hide_values.isChecked
        self.camera = Camera(
            self, self.theme, clock, pictures, self._overview.states, hides, self._cover_accounts
        )
        self._place()
        self._view_controller = ViewController(
            self.menus, book, self.theme, self.positions, self.section, self.status, self.log
        )
        self.fills_controller = FillsController(
            fills or Fills(clock),
            links,
            expects_paper,
            self.section,
            self.positions,
            self.menus,
            self.row_menus,
            self.theme,
            clock,
            None if service is None else service.record,
            self,
        )
        self.journal_controller = JournalController(
            None if service is None else service.record, self.menus, self.theme, clock, self
        )
        self._wire(files or {})
        self._on_theme_changed()
        self.resize(1280, 720)
        self._keeper: LayoutController | None = None
        if store is not None:
            self._keep_layout(store, scheme, book)
        self.refresh.second.connect(self._on_second)
        self.refresh.begin()
        self._on_second()
        self.positions.view.setFocus()

    # Building.

    def _place(self) -> None:
        self.setMenuWidget(self.row)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setHandleWidth(3)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.positions)
        self.splitter.addWidget(self.section)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        if self.log is not None:
            self.log.hide()
            self.splitter.addWidget(self.log)
            self.splitter.setStretchFactor(2, 0)
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(6, 1, 6, 0)
        layout.setSpacing(2)
        layout.addWidget(self.banners)
        layout.addWidget(self.links_panel)
        layout.addWidget(self.splitter, 1)
        layout.addWidget(self.status)
        self.setCentralWidget(middle)

    def _wire(self, files: Mapping[str, Path]) -> None:
        self.theme.changed.connect(self._on_theme_changed)
        self.refresh.noticed.connect(self.status.show_notice)
        menus = self.menus
        menus.refresh.triggered.connect(self._on_read_again)
        menus.refresh.setEnabled(self._service is not None)
        menus.keys.triggered.connect(self._on_keys)
        menus.toggled.connect(self._on_toggled)
        menus.quit.triggered.connect(self.close)
        menus.about.triggered.connect(lambda: self._on_about(files))
        menus.screenshot.triggered.connect(self._on_screenshot)
        menus.on_top.toggled.connect(self._on_top)
        menus.connect_all.triggered.connect(self._on_connect_all)
        menus.disconnect_all.triggered.connect(self._on_disconnect_all)
        self.row.screenshot.clicked.connect(self._on_screenshot)
        menus.hide_values.toggled.connect(self._on_hide_values)
        self.row.hide_values.clicked.connect(menus.hide_values.toggle)
        self.row_menus.told.connect(lambda words: self._tell("Window", Level.INFO, words))
        self.journal_controller.told.connect(lambda words: self._tell("Journal", Level.INFO, words))
        self.fills_controller.warned.connect(lambda source, words: self._tell(source, Level.WARNING, words))
        self.row_menus.warned.connect(lambda words: self._tell("Symbols", Level.WARNING, words))
        self.status.folder_asked.connect(_open_folder)
        self.row.on_top.toggled.connect(menus.on_top.setChecked)
        self.links_panel.fields_changed.connect(self.refresh.refresh)
        self.links_panel.toggled.connect(self._on_toggled)
        for mode, card in self.links_panel.cards.items():
            card.account.toggled.connect(self.refresh.refresh)
            card.log.setEnabled(self.log is not None)
            card.log.triggered.connect(
                lambda _checked=False, mode=mode: self._view_controller.show_log_of(mode)
            )
        self.banners.clicked.connect(self._on_banner)
        self.banners.seen.connect(self._overview.book.message_seen)
        self.positions.modes_changed.connect(self._on_modes_changed)
        self.positions.frame.empty.connect_all_clicked.connect(self._on_connect_all)
        self.orders.view.doubleClicked.connect(
            lambda index: self.positions.filter_box.setText(self.orders.model.line(index.row()).row.symbol)
        )
        for keys, slot in (
            ("Ctrl+F", self._on_find),
            ("Esc", self._on_escape),
            ("F6", self._view_controller.next_pane),
            *((f"Alt+{n}", lambda n=n: self.positions.choose(n)) for n in range(len(AccountMode) + 1)),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    def _keep_layout(self, store: LayoutStore, scheme: Scheme | None, book: Book) -> None:
        self._keeper = LayoutController(
            store,
            self,
            self.splitter,
            self.positions,
            self.section,
            self.theme,
            self.menus,
            self.links_panel,
            book,
            self._on_layout_read,
        )
        self._on_layout_read(self._keeper.restore(scheme))

    def _on_layout_read(self, problem: str) -> None:
        for mode in (m for m, card in self.links_panel.cards.items() if card.at_start.isChecked()):
            self._links[mode].connect()
        if problem:
            self._tell("Settings", Level.WARNING, problem)

    # Pulling.

    def _is_seen(self) -> bool:
        return self.isVisible() and not self.isMinimized()

    def show_now(self) -> None:
        """Bring everything on the screen up to this moment."""
        self.row.clock.say(f"{formatting.clock(self._clock())} ET")
        # The book lets finished orders go by the clock alone, so it is asked even when nothing came.
        self.refresh.refresh()
        if not self.isMinimized():
            self.positions.tick()
            self.orders.tick()
            self.fills_controller.tick()
            self.row_menus.follow()
            self._view_controller.tick()

    def _on_second(self) -> None:
        if self.isMinimized():
            return
        self.show_now()
        if self._keeper is not None and self._is_seen():
            self._keeper.consider()

    # What the trader does.

    def _on_toggled(self, mode: AccountMode) -> None:
        link = self._links[mode]
        if link.status.state in (LinkState.IDLE, LinkState.FAILED):
            link.connect()
        else:
            link.disconnect()

    def _on_connect_all(self) -> None:
        for link in self._links.values():
            link.connect()

    def _on_disconnect_all(self) -> None:
        for link in self._links.values():
            link.disconnect()

    def _on_banner(self, mode: AccountMode, action: BannerAction) -> None:
        link = self._links[mode]
        match action:
            case BannerAction.CONNECT:
                link.connect()
            case BannerAction.DISCONNECT:
                link.disconnect()
            case BannerAction.RETRY:
                link.retry_now()

    def _on_modes_changed(self) -> None:
        self.orders.model.filter(self.positions.modes, "")
        self.refresh.refresh()

    def _on_find(self) -> None:
        self.positions.filter_box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.positions.filter_box.selectAll()

    def _on_escape(self) -> None:
        self.positions.filter_box.clear()
        self.positions.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_read_again(self) -> None:
        if self._service is not None:
            self._service.refresh()
            self._tell("Window", Level.INFO, "accounts and orders are read again")

    def _on_about(self, files: Mapping[str, Path]) -> None:
        from psf_monitor.ui.shell.about import show_about

        show_about(self, files)

    def _on_keys(self) -> None:
        # A dialog is loaded when it is opened: the window is on the screen before.
        from psf_monitor.ui.shell.shortcut_list import ShortcutList

        ShortcutList(self.theme, self).show()

    def _on_top(self, is_wanted: bool) -> None:
        self.row.on_top.setChecked(is_wanted)
        was_visible = self.isVisible()
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint, is_wanted)
        if was_visible:
            self.show()

    def _on_hide_values(self, is_wanted: bool) -> None:
        self.row.hide_values.setText("Show values" if is_wanted else "Hide values")
        for panel in (self.positions, self.orders):
            panel.model.hide_values(is_wanted)
        self.status.hide_values(is_wanted)
        if self.log is not None:
            self.log.hide_values(is_wanted)
        self.row_menus.follow()
        self.refresh.refresh()

    def _on_screenshot(self) -> None:
        shot = self.camera.shoot()
        level = Level.WARNING if shot.problem else Level.INFO
        self._tell("Screenshot", level, shot.problem or f"saved to {shot.path} and copied")
        if shot.path is not None:
            self.status.offer_folder(shot.path.parent)

    def _cover_accounts(self) -> None:
        for card in self.links_panel.cards.values():
            card.account.setChecked(False)
        self.api_controller.cover()

    def tell_fault(self) -> None:
        """Something failed inside: say so. The log has it all, and the window lives."""
        words = "something failed inside; the log has the details (Ctrl+L)"
        self._tell("psf_monitor", Level.ERROR, words)

    def _tell(self, source: str, level: Level, words: str) -> None:
        self.status.show_notice(Notice(self._clock(), source, level, words, words))

    # The look.

    def _on_theme_changed(self) -> None:
        sheet = self.theme.sheet
        # To take one costs as much as to build half the window.
        if sheet != self.styleSheet():
            self.setPalette(self.theme.qt_palette)
            self.setStyleSheet(sheet)
        if self.isVisible():
            for child in self.findChildren(QWidget):
                child.update()

    # Qt.

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        is_compact = event.size().width() < FULL_WIDTH
        if is_compact is not self._is_compact:
            self._is_compact = is_compact
            for part in (self.row, self.links_panel, self.positions, self.orders, self.fills):
                part.set_compact(is_compact)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() is QEvent.Type.WindowStateChange and self._is_seen():
            # Nothing was drawn while it was minimised.
            self.show_now()
            for area in self.findChildren(QAbstractScrollArea):
                area.viewport().update()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        self.refresh.refresh()
        super().showEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        self.refresh.end()
        if self._keeper is not None:
            self._keeper.save()
        self._cover_accounts()
        super().closeEvent(event)


def _open_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
