"""The viewport of a scroll area, created here instead of by Qt."""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractScrollArea, QWidget


def make_viewport(area: QAbstractScrollArea, ground: QPalette.ColorRole) -> QWidget:
    """Give ``area`` a viewport with background ``ground`` that otherwise equals Qt's own.

    For a widget created by Qt, PySide6 has to determine the class, and creates all widget classes, dialogs
    included, the first time: a twentieth of the start-up time.
    """
    viewport = QWidget()
    viewport.setObjectName("qt_scrollarea_viewport")
    viewport.setBackgroundRole(ground)
    viewport.setAutoFillBackground(True)
    area.setViewport(viewport)
    viewport.lower()
    return viewport
