"""The window of one share: the depth with my orders in it, what traded, what I hold, what I did today."""

from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from psf_monitor import formatting
from psf_monitor.domain.indicators import Window
from psf_monitor.ui.base.context import WindowContext
from psf_monitor.ui.style.label import Label
from psf_monitor.ui.style.theme import Tone
from psf_monitor.ui.symbol import share_text
from psf_monitor.ui.symbol.ladder import Ladder
from psf_monitor.ui.symbol.ladder_lines import explained
from psf_monitor.ui.symbol.panes import LEFT, RIGHT, Header, Lines
from psf_monitor.ui.symbol.share_view import Share as Share
from psf_monitor.ui.symbol.share_view import ShareReader, ShareView, status_of
from psf_monitor.ui.symbol.tape import Tape

REFRESH_MS = 100
SIZES = (0, 20, 100, 500)
WINDOWS = {
    Window.TEN_MINUTES: "10m",
    Window.HALF_HOUR: "30m",
    Window.HOUR: "1h",
    Window.THREE_HOURS: "3h",
    Window.DAY: "1d",
    Window.THREE_DAYS: "3d",
}
_ORDERS = (
    ("Acct", 36, LEFT),
    ("Side", 38, LEFT),
    ("Left", 48, RIGHT),
    ("Limit", 50, RIGHT),
    ("Ahead ≤", 54, RIGHT),
    ("Place", 96, LEFT),
)
_FILLS = (
    ("Time ET", 52, LEFT),
    ("Acct", 32, LEFT),
    ("Side", 36, LEFT),
    ("Qty", 44, RIGHT),
    ("Price", 46, RIGHT),
    ("Comm", 40, RIGHT),
    ("Realized", 56, RIGHT),
)


class SymbolWindow(QWidget):
    """Shows one share until it is closed; its depth is asked for just as long. ``closed`` comes once."""

    closed = Signal()
    screenshot_asked = Signal()

    def __init__(self, context: WindowContext, share: Share, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.share = share
        self._context = context
        self._theme = context.theme
        self._reader = ShareReader(context.sources, share)
        self._leave = context.sources.book.depths.look_at(share.symbol)
        self.setWindowTitle(f"{share.symbol} - psf_monitor - read-only")
        self.setMinimumSize(560, 440)
        self._make()
        self._place()
        self._join()
        self._on_theme()
        self.refresh()
        self._timer.start()

    @property
    def window_of_prints(self) -> Window:
        """How far back the weights look."""
        return self._reader.window

    def choose_window(self, window: Window) -> None:
        """Weigh the prints of this window."""
        self._reader.window = window
        self._buttons[window].setChecked(True)
        self.refresh()

    @property
    def least_size(self) -> int:
        """Smaller prints are not listed."""
        return self.tape.least_size

    def filter_prints(self, least_size: int) -> None:
        """List the prints of at least so many shares."""
        self.tape.filter(least_size)

    def refresh(self) -> None:
        """Bring everything up to this moment; what has not changed is not painted."""
        view = self._reader.read()
        hides = self._context.are_values_hidden
        self.header.say(share_text.header_figures(view), share_text.holdings(view, hides=hides))
        title = (formatting.DASH, "")
        if view.grpan is not None:
            share = f"{view.grpan.concentration:.0f}% in ±0.04"
            title = (formatting.price(view.grpan.price), share)
        self.ladder.show_lines(
            view.lines,
            view.band,
            view.report.state,
            is_old=view.is_old,
            are_values_hidden=hides,
            grpan_title=title,
        )
        self.tape.show_prints(view.prints, view.now, _frozen(view))
        self.orders.say(share_text.order_rows(view, hides=hides), _counted(len(view.orders), "order"))
        fills = share_text.fill_rows(view, hides=hides)
        self.fills.say(
            fills, _counted(max(len(fills) - 1, 0), "fill"), share_text.fill_sentences(view, hides=hides)
        )
        self.status.say(f"{status_of(view)}  ·  asked for while this window is open")
        self.explain()

    def explain(self) -> None:
        """Say the line under the mouse, else the chosen one, in words."""
        line = self.ladder.explained
        words = explained(line, are_values_hidden=self._context.are_values_hidden) if line else ""
        self.explaining.say(words)
        self.explaining.setToolTip(words)

    # Building.

    def _make(self) -> None:
        theme = self._theme
        self.header = Header(theme, self.share.symbol)
        self.ladder = Ladder(theme)
        self.tape = Tape(theme)
        self.explaining = Label(theme, pixels=11)
        self.orders = Lines(theme, "My orders", _ORDERS)
        self.fills = Lines(theme, "Fills today", _FILLS)
        self.status = Label(theme, pixels=11, tone=Tone.TEXT2)
        self._buttons: dict[Window, QPushButton] = {}
        self._group = QButtonGroup(self)
        for window, words in WINDOWS.items():
            button = self._buttons[window] = QPushButton(words)
            button.setCheckable(True)
            button.setFixedSize(QSize(34, 19))
            button.setProperty("look", "menu")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setAccessibleName(f"Prints of the last {window.value}")
            button.clicked.connect(partial(self._on_window, window))
            self._group.addButton(button)
        self._buttons[Window.HOUR].setChecked(True)
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)

    def _place(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 4)
        layout.setSpacing(4)
        layout.addWidget(self.header)
        bar = QHBoxLayout()
        bar.setSpacing(2)
        title = Label(self._theme, pixels=13, bold=True, keeps_whole=True)
        title.say("Depth")
        bar.addWidget(title)
        bar.addStretch(1)
        caption = Label(self._theme, pixels=11, tone=Tone.TEXT2, keeps_whole=True)
        caption.say("Prints of the last ")
        bar.addWidget(caption)
        for button in self._buttons.values():
            bar.addWidget(button)
        layout.addLayout(bar)
        middle = QHBoxLayout()
        middle.setSpacing(6)
        middle.addWidget(self.ladder, 1)
        self.tape.setFixedWidth(180)
        middle.addWidget(self.tape)
        layout.addLayout(middle, 1)
        layout.addWidget(self.explaining)
        lower = QHBoxLayout()
        lower.setSpacing(8)
        lower.addWidget(self.orders, 1)
        lower.addWidget(self.fills, 1)
        layout.addLayout(lower)
        layout.addWidget(self.status)
        self.resize(640, 577)

    def _join(self) -> None:
        self._timer.timeout.connect(self._on_timer)
        self._theme.changed.connect(self._on_theme)
        self._context.menus.hide_values.toggled.connect(self.refresh)
        self.ladder.line_changed.connect(self.explain)
        for keys, slot in (
            ("Esc", self.close),
            ("Ctrl+Shift+S", self.screenshot_asked.emit),
            ("Ctrl+Shift+L", self._next_size),
            ("Ctrl+H", self._context.menus.hide_values.toggle),
            *((str(n), partial(self.choose_window, window)) for n, window in enumerate(WINDOWS, start=1)),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(slot)

    def _on_window(self, window: Window, _is_checked: bool = True) -> None:
        self.choose_window(window)

    def _next_size(self) -> None:
        after = SIZES.index(self.least_size) + 1 if self.least_size in SIZES else 0
        self.filter_prints(SIZES[after % len(SIZES)])

    def _on_timer(self) -> None:
        if self.isVisible() and not self.isMinimized():
            self.refresh()

    def _on_theme(self) -> None:
        self.setPalette(self._theme.qt_palette)
        self.setAutoFillBackground(True)
        self.setStyleSheet(self._theme.sheet)
        for part in (self.header, self.ladder, self.tape, self.orders, self.fills):
            part.update()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        self._timer.stop()
        self._leave()
        self.closed.emit()
        super().closeEvent(event)


def _frozen(view: ShareView) -> str:
    if not view.is_old or view.frozen_since is None:
        return ""
    return f"nothing heard since {formatting.moment(view.frozen_since, view.now)}"


def _counted(number: int, thing: str) -> str:
    return formatting.counted(number, thing) if number else f"no {thing}"
