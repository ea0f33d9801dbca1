"""The window: places the panels, pulls from the book and the links, and hands the words round.

It knows neither wire nor loop: links are told to connect or disconnect, and everything else is read.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QImage, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMessageBox, QSplitter, QVBoxLayout, QWidget

from psf_monitor import __version__
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.link import Link, LinkState
from psf_monitor.monitor.book import Book
from psf_monitor.monitor.rows import AccountState, Level, Notice, QuoteState
from psf_monitor.ui import capture, text
from psf_monitor.ui.alerts import Deed, alerts
from psf_monitor.ui.band_header import frozen_notes
from psf_monitor.ui.banner import Banners
from psf_monitor.ui.card_words import card_name, details, link_notice
from psf_monitor.ui.emptiness import no_orders, no_positions
from psf_monitor.ui.links_panel import LinksPanel
from psf_monitor.ui.menu_row import DEMO, MenuRow
from psf_monitor.ui.menus import Menus
from psf_monitor.ui.orders_panel import OrdersPanel
from psf_monitor.ui.positions_panel import PositionsPanel
from psf_monitor.ui.status_line import StatusLine
from psf_monitor.ui.theme import Scheme, Theme, use_fusion

FULL_WIDTH = 1200
"""From this width on, every column has room."""
_FRAME_MS = 33
_UNSEEN_FRAME_MS = 250


class MainWindow(QMainWindow):
    """Shows one book and its links; pulls when the book differs, and once a second for what ages."""

    def __init__(
        self,
        book: Book,
        links: Mapping[AccountMode, Link],
        clock: Callable[[], datetime],
        *,
        theme: str = Scheme.SYSTEM.value,
        demo: bool = False,
        expects_paper: Mapping[AccountMode, bool],
    ) -> None:
        use_fusion()
        super().__init__()
        self._book = book
        self._links = links
        self._clock = clock
        self._expects_paper = expects_paper
        self._is_compact: bool | None = None
        self._states = dict.fromkeys(links, LinkState.IDLE)
        self.theme = Theme(Scheme(theme), self)
        self.setWindowTitle(f"psf_monitor - {DEMO}" if demo else "psf_monitor - read-only")
        self.row = MenuRow(self.theme, is_demo=demo)
        self.menus = Menus(self.row.menus, links, self.theme.scheme)
        self.banners = Banners(self.theme)
        self.links_panel = LinksPanel(self.theme, tuple(links))
        self.positions = PositionsPanel(self.theme, clock)
        self.orders = OrdersPanel(self.theme, clock)
        self.status = StatusLine(self.theme)
        self._place()
        self._wire()
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.timeout.connect(self._on_frame)
        self._second = QTimer(self)
        self._second.setSingleShot(True)
        self._second.setTimerType(Qt.TimerType.PreciseTimer)
        self._second.timeout.connect(self._on_second)
        self._on_theme_changed()
        self.resize(1280, 720)
        book.when_dirty(self._ask_for_frame)
        for link in links.values():
            link.when_changed(self._ask_for_frame)
        self._on_second()
        self.positions.view.setFocus()

    # Building.

    def _place(self) -> None:
        self.setMenuWidget(self.row)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setHandleWidth(3)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.positions)
        self.splitter.addWidget(self.orders)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(6, 1, 6, 0)
        layout.setSpacing(2)
        layout.addWidget(self.banners)
        layout.addWidget(self.links_panel)
        layout.addWidget(self.splitter, 1)
        layout.addWidget(self.status)
        self.setCentralWidget(middle)

    def _wire(self) -> None:
        self.theme.changed.connect(self._on_theme_changed)
        menus = self.menus
        menus.scheme_chosen.connect(self.theme.choose)
        menus.toggled.connect(self._on_toggled)
        menus.quit.triggered.connect(self.close)
        menus.about.triggered.connect(self._on_about)
        menus.screenshot.triggered.connect(self._on_screenshot)
        menus.on_top.toggled.connect(self._on_top)
        menus.connect_all.triggered.connect(self._on_connect_all)
        menus.disconnect_all.triggered.connect(self._on_disconnect_all)
        self.row.screenshot.clicked.connect(self._on_screenshot)
        self.row.on_top.toggled.connect(menus.on_top.setChecked)
        self.links_panel.toggled.connect(self._on_toggled)
        self.links_panel.copy_asked.connect(self._on_copy_details)
        self.banners.clicked.connect(self._on_banner)
        self.positions.modes_changed.connect(self._on_modes_changed)
        self.positions.frame.empty.connect_all_clicked.connect(self._on_connect_all)
        self.orders.view.doubleClicked.connect(
            lambda index: self.positions.filter_box.setText(self.orders.model.line(index.row()).row.symbol)
        )
        for keys, slot in (
            ("Ctrl+F", self._on_find),
            ("Esc", self._on_escape),
            *((f"Alt+{n}", lambda n=n: self.positions.choose(n)) for n in range(len(IBKR_MODES) + 1)),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    # Pulling.

    def _ask_for_frame(self) -> None:
        """Something differs: take it in with the next frame, together with whatever else comes until then."""
        if not self._frame.isActive():
            unseen = self.isMinimized() or not self.isVisible()
            self._frame.start(_UNSEEN_FRAME_MS if unseen else _FRAME_MS)

    def _on_frame(self) -> None:
        changes = self._book.drain()
        self.positions.apply(changes.positions)
        self.orders.apply(changes.orders)
        self._tell_link_news()
        for notice in changes.notices[-1:]:
            self.status.show_notice(notice)
        self._refresh()

    def show_now(self) -> None:
        """Bring everything on the screen up to this moment."""
        self.row.clock.say(f"{text.clock(self._clock())} ET")
        # The book lets finished orders go by the clock alone, so it is asked even when nothing came.
        self._on_frame()
        if not self.isMinimized():
            self.positions.tick()
            self.orders.tick()

    def _on_second(self) -> None:
        self._second.start(1000 - self._clock().microsecond // 1000)
        self.show_now()

    def _tell_link_news(self) -> None:
        """A link whose state has changed is news, once."""
        for mode, link in self._links.items():
            if link.status.state is not self._states[mode]:
                self._states[mode] = link.status.state
                self.status.show_notice(link_notice(mode, link.status))

    def _refresh(self) -> None:
        """Say everything that is not a row again; whatever reads the same is not drawn again."""
        now = self._clock()
        book = self._book
        statuses = {mode: link.status for mode, link in self._links.items()}
        accounts = {mode: book.account_state(mode) for mode in IBKR_MODES if mode in self._links}
        rows = list(self.positions.model.rows())
        newest = max((row.quote_changed_at for row in rows if row.quote_changed_at), default=None)
        self.links_panel.show_links(statuses, accounts, self._expects_paper, newest, now)
        self.menus.show_links(
            {m: s.state not in (LinkState.IDLE, LinkState.FAILED) for m, s in statuses.items()}
        )
        frozen_since = book.quotes_frozen_since
        self.banners.show_alerts(alerts(statuses, accounts, self._expects_paper, frozen_since, now))
        totals = book.totals(self.positions.sum_modes)
        excluded = book.totals(IBKR_MODES).excluded_modes
        left_out = _left_out(excluded, accounts) if len(excluded) < len(IBKR_MODES) else ""
        strips = {mode: book.strip(mode) for mode in accounts}
        self.links_panel.show_money(strips, book.strip(None), left_out, now)
        self.positions.show_totals(totals, _left_out(totals.excluded_modes, accounts))
        has_rows = self.positions.model.row_count > 0
        self.positions.count.say(self.positions.counted() if has_rows else text.DASH)
        self.positions.remark.say("Mark: last, held inside bid/ask" if has_rows else "")
        self.orders.count.say(self.orders.counted() if self.orders.model.row_count else text.DASH)
        self.positions.show_quotes(book.quotes_state, [row for row in rows if row.mark is None])
        self.orders.show_state(accounts, book.quotes_state)
        notes = frozen_notes(frozen_since, now) if book.quotes_state is QuoteState.FROZEN else {}
        for panel in (self.positions, self.orders):
            panel.view.header.set_notes(notes)
        modes, model = self.positions.modes, self.positions.model
        words = self.positions.filter_box.text().strip()
        why = None if model.shown_count else no_positions(statuses, accounts, modes, words, model.row_count)
        self.positions.frame.empty.explain(why)
        is_any = self.orders.model.shown_count > 0
        self.orders.frame.empty.explain(None if is_any else no_orders(statuses, accounts, modes, now))

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

    def _on_banner(self, mode: AccountMode, deed: Deed) -> None:
        link = self._links[mode]
        match deed:
            case Deed.CONNECT:
                link.connect()
            case Deed.DISCONNECT:
                link.disconnect()
            case Deed.RETRY:
                link.retry_now()

    def _on_modes_changed(self) -> None:
        self.orders.model.filter(self.positions.modes, "")
        self._refresh()

    def _on_find(self) -> None:
        self.positions.filter_box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.positions.filter_box.selectAll()

    def _on_escape(self) -> None:
        self.positions.filter_box.clear()
        self.positions.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_copy_details(self, mode: AccountMode) -> None:
        words = self.links_panel.cards[mode].face.words
        if words is not None:
            QGuiApplication.clipboard().setText(details(words, self._links[mode].status, self._clock()))

    def _on_top(self, is_wanted: bool) -> None:
        self.row.on_top.setChecked(is_wanted)
        was_visible = self.isVisible()
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint, is_wanted)
        if was_visible:
            self.show()

    def _on_screenshot(self) -> None:
        """Take the picture first: the dialog must not be in it, nor a later moment."""
        picture = capture.grab(self)
        name = f"psf_monitor_{text.file_stamp(self._clock())}.png"
        dialog = QFileDialog(self, "Save screenshot", str(capture.folder()), "PNG (*.png)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda chosen: self._save_picture(picture, Path(chosen)))
        dialog.open()

    def _save_picture(self, picture: QImage, path: Path) -> None:
        try:
            capture.write(picture, path)
        except OSError as error:
            self._tell(Level.ERROR, str(error))
        else:
            self._tell(Level.INFO, f"saved to {path}")

    def _tell(self, level: Level, words: str) -> None:
        self.status.show_notice(Notice(self._clock(), "Screenshot", level, words, words))

    def _on_about(self) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("About psf_monitor")
        box.setText(
            f"<b>psf_monitor {__version__}</b><br>Shows IBKR positions and open orders with HAMMER prices."
        )
        box.setInformativeText(
            "It is read-only: it cannot place, change or cancel an order. Orders are changed in TWS."
        )
        box.open()

    # The look.

    def _on_theme_changed(self) -> None:
        self.setPalette(self.theme.qt_palette)
        self.setStyleSheet(self.theme.sheet)
        for child in self.findChildren(QWidget):
            child.update()

    # Qt.

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        is_compact = event.size().width() < FULL_WIDTH
        if is_compact is not self._is_compact:
            self._is_compact = is_compact
            for part in (self.row, self.links_panel, self.positions, self.orders):
                part.set_compact(is_compact)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        self._frame.stop()
        self._second.stop()
        super().closeEvent(event)


def _left_out(modes: tuple[AccountMode, ...], accounts: Mapping[AccountMode, AccountState]) -> str:
    """Which profiles the sums do not count, and why."""
    reasons = []
    for mode in modes:
        account = accounts.get(mode)
        if account is not None and account.is_unexpected:
            reasons.append(f"{card_name(mode)} ({'paper' if account.is_paper else 'live'}) is excluded")
        else:
            reasons.append(f"{card_name(mode)} not connected, excluded")
    return " · ".join(reasons)
