"""The window of one share: the depth with own orders, trades, positions, and today's fills."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from psf_monitor import formatting
from psf_monitor.connection.pacing import SYMBOL_WINDOW_MS, SYMBOL_WINDOWS_EACH_MS
from psf_monitor.domain.indicators import Window
from psf_monitor.ui.base.context import WindowContext
from psf_monitor.ui.base.held_keys import add_shortcut
from psf_monitor.ui.style.label import Fit, Label
from psf_monitor.ui.style.scroll_area import scrolling
from psf_monitor.ui.style.tab import Tab
from psf_monitor.ui.style.theme import Tone
from psf_monitor.ui.symbol import share_text
from psf_monitor.ui.symbol.depth_page import DepthPage
from psf_monitor.ui.symbol.header import Header
from psf_monitor.ui.symbol.history_page import HistoryPage
from psf_monitor.ui.symbol.indicators_view import PrintsView
from psf_monitor.ui.symbol.share_view import Share as Share
from psf_monitor.ui.symbol.share_view import ShareReader, status_of

SIZES = (0, 20, 100, 500)
WINDOWS = {
    Window.TEN_MINUTES: "10m",
    Window.HALF_HOUR: "30m",
    Window.HOUR: "1h",
    Window.THREE_HOURS: "3h",
    Window.DAY: "1d",
    Window.THREE_DAYS: "3d",
}
_BETWEEN_TABS = 8
DEPTH, HISTORY, INDICATORS = "Depth", "History", "GRPAN, RWVAP"


class AlertsOfShare(Protocol):
    """The share's alerts: the text of their tab, and a list that is made when it is opened."""

    @property
    def text(self) -> str: ...
    def panel(self, window: QWidget) -> QWidget: ...
    def refresh(self) -> None: ...


class SymbolWindow(QWidget):
    """Shows one share until it is closed, and requests its depth for that long. ``closed`` is emitted
    once.
    """

    closed = Signal()
    screenshot_requested = Signal()

    def __init__(self, context: WindowContext, share: Share, alerts: AlertsOfShare, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.share = share
        self._alerts = alerts
        self._context = context
        self._theme = context.theme
        self._reader = ShareReader(context.sources, share)
        self._leave: Callable[[], None] | None = None
        self._follow_depth(is_priced=not self._reader.unpriced())
        self.setWindowTitle(context.title(share.symbol))
        self.setMinimumSize(560, 440)
        self._make()
        self._place()
        self._join()
        self._on_theme()
        self.refresh()
        self._timer.start()

    @property
    def window_of_prints(self) -> Window:
        """Return how far back the weights look."""
        return self._reader.window

    def choose_window(self, window: Window) -> None:
        """Weight the prints of this window."""
        self._reader.window = window
        self._buttons[window].setChecked(True)
        self.refresh()

    @property
    def tab(self) -> str:
        """Return the name of the page in front."""
        return list(self._tabs)[self._pages.currentIndex()]

    def choose_tab(self, name: str) -> None:
        """Bring the page with this name to the front, if there is one."""
        if name in self._tabs:
            self._tabs[name].setChecked(True)
            self._pages.setCurrentIndex(list(self._tabs).index(name))
            self._show_choices()
            if name == HISTORY:
                self.history.place_alerts(self._alerts.panel(self))
            self.refresh()

    @property
    def least_size(self) -> int:
        """Return the size below which prints are not listed."""
        return self.time_and_sales.least_size

    def filter_prints(self, least_size: int) -> None:
        """List the prints of at least this many shares."""
        self.time_and_sales.filter(least_size)

    def share_time(self, place: int, windows: int) -> None:
        """Update as often as is allowed with this many windows open, each after the one before."""
        self._timer.setInterval(SYMBOL_WINDOW_MS if windows == 1 else SYMBOL_WINDOWS_EACH_MS * windows)
        self._turn.start(SYMBOL_WINDOWS_EACH_MS * place)

    def _follow_depth(self, *, is_priced: bool) -> None:
        """Request the depth from HAMMER as long as HAMMER's symbol is this share."""
        if is_priced and self._leave is None:
            self._leave = self._context.sources.book.depths.watch(self.share.symbol)
        elif not is_priced:
            self._leave_depth()

    def _leave_depth(self) -> None:
        leave, self._leave = self._leave, None
        if leave is not None:
            leave()

    def refresh(self) -> None:
        """Update everything in front to this moment; what has not changed is not repainted."""
        view = self._reader.read()
        self._follow_depth(is_priced=not view.unpriced)
        hides = self._context.are_values_hidden
        self.header.set_figures(share_text.header_figures(view), share_text.holdings(view, hides=hides))
        held = " ".join(styled.text for styled in self.header.holdings)
        cut = [] if self.header.fitting_holdings is self.header.holdings else [held]
        self.header.setToolTip("\n".join([*cut, *share_text.day_sentences(view, hides=hides)]))
        asked = "" if view.unpriced else "  ·  asked for while this window is open"
        self.status.set_text(f"{status_of(view)}{asked}")
        self.clock.set_text(f"READ-ONLY  ·  {formatting.clock(view.now)} ET")
        self._tabs[HISTORY].setText(", ".join(filter(None, [HISTORY, self._alerts.text])))
        if self.tab == INDICATORS:
            self.indicators.refresh("" if view.unpriced else self.share.symbol, view.market.last, view.now)
        elif self.tab == HISTORY:
            self.history.set_view(view, hides=hides)
            self._alerts.refresh()
        else:
            self.depth_page.set_view(view, hides=hides)

    # Building.

    def _make(self) -> None:
        theme = self._theme
        self.header = Header(theme, self.share.symbol)
        self.depth_page = DepthPage(theme)
        self.ladder, self.time_and_sales, self.explaining = (
            self.depth_page.ladder,
            self.depth_page.time_and_sales,
            self.depth_page.explaining,
        )
        self.orders, self.fills = self.depth_page.orders, self.depth_page.fills
        self.history = HistoryPage(self._context, self.share)
        self.indicators = PrintsView(self._context.sources.book, theme)
        self.status = Label(theme, pixels=11, tone=Tone.TEXT2)
        self.clock = Label(theme, pixels=11, tone=Tone.TEXT2, fit=Fit.WHOLE)
        self._pages = QStackedWidget()
        self._tabs: dict[str, Tab] = {}
        self._tab_group = QButtonGroup(self)
        scrolled = scrolling(self.indicators, INDICATORS)
        for name, page in ((DEPTH, self.depth_page), (HISTORY, self.history), (INDICATORS, scrolled)):
            self._pages.addWidget(page)
            tab = Tab(theme, name)
            tab.setToolTip(f"{name}  (Ctrl+Tab)")
            self._join_button(tab, self._tab_group, partial(self._on_tab, name))
            self._tabs[name] = tab
        self._buttons: dict[Window, QPushButton] = {}
        self._group = QButtonGroup(self)
        for number, (window, text) in enumerate(WINDOWS.items(), start=1):
            button = QPushButton(text)
            button.setProperty("look", "menu")
            button.setCheckable(True)
            button.setFixedSize(QSize(40, 19))
            button.setAccessibleName(f"Prints of the last {window.value}")
            button.setToolTip(f"Weigh the prints of the last {window.value} ({number})")
            self._join_button(button, self._group, partial(self._on_window, window))
            self._buttons[window] = button
        self._buttons[Window.HOUR].setChecked(True)
        self._tabs[DEPTH].setChecked(True)
        # Coarse timers are aligned with each other, but the windows have to be drawn one after another.
        precise = Qt.TimerType.PreciseTimer
        self._turn = QTimer(self, singleShot=True, timerType=precise)
        self._timer = QTimer(self, timerType=precise)
        self._timer.setInterval(SYMBOL_WINDOW_MS)

    @staticmethod
    def _join_button(button: QPushButton, group: QButtonGroup, slot: object) -> None:
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(slot)
        group.addButton(button)

    def _place(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 4)
        layout.setSpacing(4)
        layout.addWidget(self.header)
        bar = QHBoxLayout()
        bar.setSpacing(2)
        for tab in self._tabs.values():
            bar.addWidget(tab)
            bar.addSpacing(_BETWEEN_TABS)
        self._caption = Label(self._theme, pixels=11, tone=Tone.TEXT2, fit=Fit.FILLING)
        bar.addWidget(self._caption, 1)
        for button in self._buttons.values():
            bar.addWidget(button)
        bar.addWidget(self.history.switch)
        self._show_choices()
        layout.addLayout(bar)
        layout.addWidget(self._pages, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.status)
        foot.addStretch(1)
        foot.addWidget(self.clock)
        layout.addLayout(foot)
        self.resize(640, 577)

    def _show_choices(self) -> None:
        """Show the choices of the page in front: how far back prints are weighted, or whose history it is."""
        is_wanted = self.tab == DEPTH
        text, shorter = ("Prints of the last ", ("Prints ", "")) if is_wanted else ("", ())
        self._caption.set_text(text, shorter=shorter)
        self.history.switch.setVisible(self.tab == HISTORY)
        for button in self._buttons.values():
            button.setVisible(is_wanted)

    def _join(self) -> None:
        self._turn.timeout.connect(self._timer.start)
        self._timer.timeout.connect(self._on_timer)
        self._theme.changed.connect(self._on_theme)
        self._context.menus.hide_values.toggled.connect(self.refresh)
        slots: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Esc", self.close),
            ("Ctrl+Shift+S", self.screenshot_requested.emit),
            ("Ctrl+Shift+L", self._next_size),
            ("Ctrl+H", self._context.menus.hide_values.toggle),
            ("Ctrl+Tab", partial(self._next_tab, 1)),
            ("Ctrl+Shift+Tab", partial(self._next_tab, -1)),
            *((str(n), partial(self.choose_window, window)) for n, window in enumerate(WINDOWS, start=1)),
        )
        for keys, slot in slots:
            add_shortcut(keys, self, slot)

    def _on_window(self, window: Window, _is_checked: bool = True) -> None:
        self.choose_window(window)

    def _on_tab(self, name: str, _is_checked: bool = True) -> None:
        self.choose_tab(name)

    def _next_tab(self, step: int) -> None:
        names = list(self._tabs)
        self.choose_tab(names[(names.index(self.tab) + step) % len(names)])

    def _next_size(self) -> None:
        after = SIZES.index(self.least_size) + 1 if self.least_size in SIZES else 0
        self.filter_prints(SIZES[after % len(SIZES)])

    def _on_timer(self) -> None:
        if self.isVisible() and not self.isMinimized():
            self.refresh()

    def _on_theme(self) -> None:
        page = self.depth_page
        self.setPalette(self._theme.qt_palette)
        self.setAutoFillBackground(True)
        for part in (self.header, self.ladder, self.time_and_sales, self.orders, self.fills, page.picture):
            part.update()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        self._timer.stop()
        self._leave_depth()
        self.history.stop()
        had_keys, main = self.isActiveWindow(), self.parentWidget()
        self.closed.emit()
        super().closeEvent(event)
        if had_keys and main is not None and main.isVisible():
            main.activateWindow()
