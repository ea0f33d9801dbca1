"""A toast in the corner of the window about what has just been filled. It disappears by itself."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from psf_monitor.domain.fills.fill import Fill
from psf_monitor.ui.fills.fill_text import new_fills_text
from psf_monitor.ui.style.label import Label
from psf_monitor.ui.style.theme import Theme

TOAST_HEIGHT = 28
SHOWN_MS = 8_000
_MARGIN = 8
_ABOVE = 24
"""Pixels from the bottom, so that the status line stays visible."""


class Toast(QWidget):
    """Placed over the lower right corner of ``parent``; never wider than it, and without taking the focus."""

    clicked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fills: Sequence[Fill] = ()
        self._are_values_hidden = False
        self.label = Label(theme, bold=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 10, 0)
        row.addWidget(self.label)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(SHOWN_MS)
        self.timer.timeout.connect(self.dismiss)
        parent.installEventFilter(self)
        self.hide()

    def notify(self, fills: Sequence[Fill]) -> None:
        """Show these, together with those still shown."""
        if not fills:
            return
        self._fills = (*self._fills, *fills)
        self._refresh_text()
        self.show()
        self.raise_()
        self.timer.start()

    def hide_values(self, is_wanted: bool) -> None:
        """Hide the quantity, or show it."""
        self._are_values_hidden = is_wanted
        self._refresh_text()

    def dismiss(self) -> None:
        self._fills = ()
        self.timer.stop()
        self.hide()

    def _refresh_text(self) -> None:
        if self._fills:
            self.label.set_text(new_fills_text(self._fills, are_values_hidden=self._are_values_hidden))
            self._stand()

    def _stand(self) -> None:
        parent = self.parentWidget()
        assert parent is not None
        width = min(self.sizeHint().width(), parent.width() - 2 * _MARGIN)
        left = parent.width() - width - _MARGIN
        self.setGeometry(left, parent.height() - TOAST_HEIGHT - _ABOVE, width, TOAST_HEIGHT)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.Resize and self._fills:
            self._stand()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        self.dismiss()
        self.clicked.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.colour("accent"))
        painter.setBrush(self._theme.colour("card"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
