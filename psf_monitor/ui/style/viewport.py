"""The viewport of a scroll area, made here instead of by Qt."""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractScrollArea, QWidget


def make_viewport(area: QAbstractScrollArea, ground: QPalette.ColorRole) -> QWidget:
    """Give ``area`` a viewport over ``ground`` in the place of Qt's own, which is as that is otherwise.

    Of a widget that Qt has made PySide6 has to find out the class. It makes those of all widgets for that,
    dialogs and all, when it is first asked: a twentieth of the start.
    """
    viewport = QWidget()
    viewport.setObjectName("qt_scrollarea_viewport")
    viewport.setBackgroundRole(ground)
    viewport.setAutoFillBackground(True)
    area.setViewport(viewport)
    viewport.lower()
    return viewport
