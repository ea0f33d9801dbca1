"""Shapes that carry a meaning without colour, such as the lights of cards, and borders of boxes."""

from enum import Enum, auto

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from psf_monitor.ui.style.theme import Theme, Tone


class Shape(Enum):
    """The shape; its colour is an argument."""

    DISC = auto()
    RING = auto()
    HALF = auto()
    TRIANGLE = auto()
    SQUARE = auto()
    CROSS = auto()
    CHECK = auto()
    RIGHT = auto()
    DOWN = auto()
    BELL = auto()


def draw(painter: QPainter, shape: Shape, centre: QPointF, size: float, colour: QColor) -> None:
    """Paint ``shape`` around ``centre``, ``size`` device-independent pixels wide."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    half = size / 2
    box = QRectF(centre.x() - half, centre.y() - half, size, size)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    match shape:
        case Shape.DISC:
            painter.drawEllipse(box)
        case Shape.RING:
            _ring(painter, box, colour)
        case Shape.HALF:
            painter.drawPie(box.adjusted(1, 1, -1, -1), 90 * 16, 180 * 16)
            _ring(painter, box, colour)
        case Shape.TRIANGLE:
            painter.drawPolygon(
                QPolygonF([QPointF(centre.x(), box.top()), box.bottomRight(), box.bottomLeft()])
            )
        case Shape.SQUARE:
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        case Shape.CROSS:
            inner = box.adjusted(1, 1, -1, -1)
            painter.setPen(QPen(colour, 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(inner.topLeft(), inner.bottomRight())
            painter.drawLine(inner.topRight(), inner.bottomLeft())
        case Shape.CHECK:
            stroke = QPen(
                colour, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
            )
            painter.setPen(stroke)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            places = ((0.08, 0.55), (0.38, 0.85), (0.92, 0.2))
            painter.drawPolyline([QPointF(box.x() + size * x, box.y() + size * y) for x, y in places])
        case Shape.RIGHT:
            tip = QPointF(box.right(), centre.y())
            painter.drawPolygon(QPolygonF([box.topLeft(), tip, box.bottomLeft()]))
        case Shape.DOWN:
            tip = QPointF(centre.x(), box.bottom())
            painter.drawPolygon(QPolygonF([box.topLeft(), tip, box.topRight()]))
        case Shape.BELL:
            _bell(painter, box)
    painter.restore()


def _ring(painter: QPainter, box: QRectF, colour: QColor) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 1.6))
    painter.drawEllipse(box.adjusted(0.8, 0.8, -0.8, -0.8))


def _bell(painter: QPainter, box: QRectF) -> None:
    width, height = box.width(), box.height()
    painter.drawPie(QRectF(box.x() + width * 0.18, box.y(), width * 0.64, height * 0.9), 0, 180 * 16)
    painter.drawRect(QRectF(box.x() + width * 0.18, box.y() + height * 0.44, width * 0.64, height * 0.26))
    painter.drawRect(QRectF(box.x() + width * 0.06, box.y() + height * 0.68, width * 0.88, height * 0.12))
    painter.drawEllipse(QRectF(box.x() + width * 0.4, box.y() + height * 0.82, width * 0.2, height * 0.18))


def paint_card(painter: QPainter, theme: Theme, rect: QRectF, border: Tone | None = None) -> None:
    """Paint the background and the border of a card or strip."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour(border or "divider"), 1.5 if border else 1.0))
    painter.setBrush(theme.colour("card"))
    painter.drawRoundedRect(rect.adjusted(0.75, 0.75, -0.75, -0.75), 4, 4)


def paint_border(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    """Paint a border along the inside of ``rect``, complete at every scale of the screen."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(colour)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
    painter.restore()
