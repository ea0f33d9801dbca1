"""Banners over the cards: at most two at a time, 28 px high, and 14 more for each further line of text.

While nothing may move under the pointer, a new banner is shown in a line that is always there.
"""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from psf_monitor.domain.account import AccountMode
from psf_monitor.problem import Problem
from psf_monitor.ui.base.tab_order import reach_by_keys
from psf_monitor.ui.connections.banner_text import BannerAction, BannerStyle, BannerText, crashed
from psf_monitor.ui.style import shapes
from psf_monitor.ui.style.label import Fit, Label
from psf_monitor.ui.style.shapes import Shape
from psf_monitor.ui.style.theme import Theme, Tone

BANNER_HEIGHT = 28
TWO_LINES_HEIGHT = 42
_ONE_MORE_LINE = TWO_LINES_HEIGHT - BANNER_HEIGHT
LINE_HEIGHT = 20
MOST_SHOWN = 2
_LEAST_WIDTH = 690
"""The width of a banner in the narrowest window; before its layout it is narrower, and would be too high."""
_LEFT, _RIGHT, _SPACING = 28, 8, 8
QWIDGETSIZE_MAX = (1 << 24) - 1
"""Qt's own constant for an unlimited height, which PySide6 lacks."""
_TONES = {BannerStyle.ERROR: Tone.ERROR, BannerStyle.WARNING: Tone.WARN, BannerStyle.PAPER: Tone.PAPER}
_STYLES = {BannerStyle.ERROR: "on_error", BannerStyle.WARNING: "on_warning", BannerStyle.PAPER: "on_paper"}


class Banner(QWidget):
    """One alert; its buttons take its own text colour. ``is_line``: it has one line, whatever its text."""

    clicked = Signal(object, object)

    def __init__(self, alert: BannerText, theme: Theme, *, is_line: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._alert = alert
        self._tone = _TONES[alert.style]
        self._is_line = is_line
        self._others: tuple[BannerText, ...] = ()
        self.setFixedHeight(LINE_HEIGHT if is_line else BANNER_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.title = Label(theme, bold=True, tone=self._tone)
        self.detail = Label(theme, tone=self._tone, fit=Fit.ELIDED if is_line else Fit.WRAPPED)
        # The title first: the text takes what it leaves.
        self.detail.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.more = Label(theme, bold=True, tone=self._tone, fit=Fit.WHOLE)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(_LEFT, 0, _RIGHT, 0)
        layout.setSpacing(_SPACING)
        self._texts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._texts.setSpacing(_SPACING)
        self._texts.addWidget(self.title)
        self._texts.addWidget(self.detail, 1)
        layout.addLayout(self._texts, 1)
        layout.addWidget(self.more)
        self.buttons: list[QPushButton] = []
        for text, action in alert.actions:
            button = QPushButton(text)
            button.setProperty("look", _STYLES[alert.style])
            button.setFixedHeight(18 if is_line else 20)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(f"{text}: {alert.title}")
            button.clicked.connect(
                lambda _checked=False, action=action: self.clicked.emit(self._alert, action)
            )
            layout.addWidget(button)
            self.buttons.append(button)
        reach_by_keys(self.buttons)
        self.more.hide()
        self._show_text(alert)

    def fits(self, alert: BannerText) -> bool:
        """Return whether this banner can show ``alert`` by only changing its text."""
        mine = self._alert
        return (mine.key, mine.style, mine.actions) == (alert.key, alert.style, alert.actions)

    def count(self, others: Sequence[BannerText]) -> None:
        """Show how many more there are, with their texts in the tooltip of the count."""
        if tuple(others) == self._others:
            return
        self._others = tuple(others)
        self.more.set_text(f"+{len(others)} more" if others else "")
        self.more.setToolTip("\n".join(f"{a.title} {a.text}" for a in others))
        self.more.setVisible(bool(others))
        self.set_width(self.width())

    def update_text(self, alert: BannerText) -> None:
        """Show these texts, if they have changed."""
        if alert != self._alert:
            self._alert = alert
            self._show_text(alert)

    def _show_text(self, alert: BannerText) -> None:
        self.title.set_text(alert.title)
        self.detail.set_text(alert.text)
        self.setToolTip(f"{alert.title} {alert.text}")
        self.setAccessibleName(f"{alert.title} {alert.text}")
        self.set_width(self.width())

    def set_width(self, width: int) -> None:
        """Set the height that the text needs at a width of ``width``.

        A text with more than two lines beside the title is placed below it. The height is known before the
        layout, so that no banner is ever seen cut.
        """
        if self._is_line:
            return
        beside = [*self.buttons, *([] if self.more.isHidden() else [self.more])]
        taken = sum(part.sizeHint().width() + _SPACING for part in beside)
        room = max(width, _LEAST_WIDTH) - _LEFT - _RIGHT - taken
        lines = self._lines(room - self.title.sizeHint().width() - _SPACING)
        way, one_more = QBoxLayout.Direction.LeftToRight, _ONE_MORE_LINE
        if lines > 2:
            lines, way = 1 + self._lines(room), QBoxLayout.Direction.TopToBottom
            one_more = max(one_more, self._theme.metrics(12).lineSpacing())
        height = BANNER_HEIGHT + (lines - 1) * one_more
        if (height, way) != (self.height(), self._texts.direction()):
            is_beside = way is QBoxLayout.Direction.LeftToRight
            self._texts.setDirection(way)
            self._texts.setSpacing(_SPACING if is_beside else 0)
            margin = 0 if is_beside else (BANNER_HEIGHT - self.title.sizeHint().height()) // 2
            self._texts.setContentsMargins(0, margin, 0, margin)
            self.setFixedHeight(height)
            own = self.layout()
            assert own is not None
            # While it is being shown Qt paints before it lays out what has another height.
            own.setGeometry(self.rect())

    def _lines(self, room: int) -> int:
        """Return how many lines the text takes in this many pixels."""
        metrics, text = self._theme.metrics(12), self.detail.text
        if metrics.horizontalAdvance(text) <= room:
            return 1
        flags = Qt.TextFlag.TextWordWrap
        wrapped = metrics.boundingRect(QRect(0, 0, max(room, 1), QWIDGETSIZE_MAX), flags, text)
        return max(2, -(-wrapped.height() // metrics.lineSpacing()))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self.set_width(self.width())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colour("error_light" if self._tone is Tone.ERROR else self._tone))
        painter.setBrush(theme.ground(self._tone))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        shapes.draw(painter, Shape.TRIANGLE, QPointF(15, self.height() / 2), 10, theme.colour(self._tone))


class BannerLine(QWidget):
    """The place of one banner where nothing has to move for it. ``filled``: whether there is one."""

    filled = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.banner: Banner | None = None
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def show_banner(self, banner: Banner | None) -> None:
        """Show ``banner`` in place of the previous one."""
        before, self.banner = self.banner, banner
        _put_away(self._layout, [before] if before is not None else [])
        if banner is not None:
            self._layout.addWidget(banner)
            banner.show()
        self.setVisible(banner is not None)
        self.filled.emit(banner is not None)


class Banners(QWidget):
    """The alerts that are due. Those that do not fit are counted, and named in the tooltip of the count.

    ``line`` is where a banner is shown that may not move what is below. ``seen``: the trader acknowledges a
    message of the broker. ``focus_left``: the banner with the focus goes.
    """

    clicked = Signal(AccountMode, object)
    focus_left = Signal()
    seen = Signal(AccountMode, object)

    def __init__(self, theme: Theme, crash: Problem | None = None) -> None:
        """``crash`` is shown after everything about the present, until it is dismissed."""
        super().__init__()
        self._theme = theme
        self._past = [] if crash is None else [crashed(crash)]
        self._hidden: set[object] = set()
        self._found: Sequence[BannerText] = ()
        self.banners: list[Banner] = []
        self.line = BannerLine()
        self._is_held = False
        self._places = 0
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(3)
        self.hide()

    def show_alerts(self, found: Sequence[BannerText], *, is_held: bool = False) -> None:
        """Show ``found``, most urgent first, without those that the trader has dismissed.

        ``is_held``: nothing may move now. A new banner is shown in the line, one that goes leaves its room.
        """
        self._found = found
        self._hidden &= {alert.key for alert in (*found, *self._past)}
        due = [alert for alert in (*found, *self._past) if alert.key not in self._hidden]
        self._hold(is_wanted=is_held)
        places = self._places if is_held else MOST_SHOWN
        shown, others = due[:places], due[places:]
        if not is_held:
            self._places = len(shown)
        self._show_above(shown)
        self._show_in_line(others[0] if is_held and others else None)
        if self.line.banner is not None:
            self.line.banner.count(others[1:])
        if self.banners:
            self.banners[-1].count(() if is_held else others)

    def on_pointer_left(self) -> None:
        """Put every banner in its own place: the pointer has moved on."""
        self.show_alerts(self._found)

    def _show_above(self, shown: Sequence[BannerText]) -> None:
        if len(shown) == len(self.banners) and all(
            banner.fits(alert) for banner, alert in zip(self.banners, shown, strict=True)
        ):
            for banner, alert in zip(self.banners, shown, strict=True):
                banner.update_text(alert)
            return
        self._leave_focus(self.banners)
        _put_away(self._layout, self.banners)
        self.banners = [self._made(alert) for alert in shown]
        above = self.parentWidget()
        room = None if above is None else above.layout()
        for banner in self.banners:
            self._layout.addWidget(banner)
            banner.set_width(self.width() if room is None else room.contentsRect().width())
            # A layout shows what is added to it in the next turn, and until then gives it no room.
            banner.show()
        self.setVisible(bool(self.banners) or self._is_held)

    def _show_in_line(self, alert: BannerText | None) -> None:
        before = self.line.banner
        if before is not None and alert is not None and before.fits(alert):
            before.update_text(alert)
        elif before is not None or alert is not None:
            self._leave_focus([before] if before is not None else [])
            self.line.show_banner(None if alert is None else self._made(alert, is_line=True))

    def _made(self, alert: BannerText, *, is_line: bool = False) -> Banner:
        banner = Banner(alert, self._theme, is_line=is_line)
        banner.clicked.connect(self._on_clicked)
        return banner

    def _leave_focus(self, going: Sequence[Banner]) -> None:
        if any(button.hasFocus() for banner in going for button in banner.buttons):
            # Before they go: Qt would hand it to whatever control comes next.
            self.focus_left.emit()

    def _hold(self, *, is_wanted: bool) -> None:
        """Keep the current height, or take what the banners need again."""
        if is_wanted is self._is_held:
            return
        self._is_held = is_wanted
        if is_wanted:
            self.setFixedHeight(self.height() if self.banners else 0)
            return
        self.setMinimumHeight(0)
        self.setMaximumHeight(QWIDGETSIZE_MAX)
        self.setVisible(bool(self.banners))

    def _on_clicked(self, alert: BannerText, action: BannerAction) -> None:
        if action is BannerAction.ACKNOWLEDGE:
            self.seen.emit(alert.mode, alert.message)
        elif action is BannerAction.HIDE:
            self._hidden.add(alert.key)
            self.show_alerts(self._found, is_held=self._is_held)
        else:
            self.clicked.emit(alert.mode, action)


def _put_away(layout: QHBoxLayout | QVBoxLayout, banners: Sequence[Banner]) -> None:
    for banner in banners:
        layout.removeWidget(banner)
        banner.hide()
        banner.deleteLater()
