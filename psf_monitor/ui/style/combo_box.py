"""A combo box with its own arrow: with Qt's style sheets there is a raised button, or no arrow at all."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPolygonF
from PySide6.QtWidgets import QComboBox

_FROM_THE_RIGHT, _HALF_WIDTH, _HEIGHT = 12.0, 4.0, 4.0
"""The centre of the arrow and its size, in device-independent pixels."""


class ComboBox(QComboBox):
    """Qt's own, in the colours of its palette and of its state."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        group = QPalette.ColorGroup.Normal if self.isEnabled() else QPalette.ColorGroup.Disabled
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.palette().color(group, QPalette.ColorRole.Text))
        painter.setBrush(painter.pen().color())
        middle, top = self.width() - _FROM_THE_RIGHT, (self.height() - _HEIGHT) / 2
        corners = ((-_HALF_WIDTH, 0.0), (_HALF_WIDTH, 0.0), (0.0, _HEIGHT))
        painter.drawPolygon(QPolygonF([QPointF(middle + x, top + y) for x, y in corners]))
