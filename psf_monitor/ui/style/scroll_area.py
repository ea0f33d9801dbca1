"""Scroll areas: a viewport created here instead of by Qt, and scroll bars without a menu."""

from PySide6.QtCore import Qt
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


def remove_menus(area: QAbstractScrollArea) -> None:
    """Make a right click on the scroll bars of ``area`` do nothing.

    Qt's own menu would also open beside the last column of a table.
    """
    for bar in (area.verticalScrollBar(), area.horizontalScrollBar()):
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
