"""Scroll areas: a viewport created here instead of by Qt, scroll bars without a menu, the window's ground."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractScrollArea, QScrollArea, QWidget


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


def remove_menus(area: QAbstractScrollArea) -> None:
    """Make a right click on the scroll bars of ``area`` do nothing.

    Qt's own menu would also open beside the last column of a table.
    """
    for bar in (area.verticalScrollBar(), area.horizontalScrollBar()):
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)


def scrolling(widget: QWidget, name: str) -> QScrollArea:
    """Return a frame in which ``widget`` scrolls, on the window's own background; ``name`` is for a screen
    reader.
    """
    area = framed(QScrollArea(), widget)
    area.setAccessibleName(name)
    return area


def framed(area: QScrollArea, widget: QWidget) -> QScrollArea:
    """Place ``widget`` into ``area``, on the window's own background and without a frame; return ``area``."""
    remove_menus(area)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setWidget(widget)
    # Qt would paint both with the system's palette, which may be light in a dark window.
    widget.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    return area
