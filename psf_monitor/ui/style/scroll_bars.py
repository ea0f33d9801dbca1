"""Scroll bars without Qt's own menu, which a right click beside the last column would open."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea


def remove_menus(area: QAbstractScrollArea) -> None:
    """Make a right click on the scroll bars of ``area`` do nothing."""
    for bar in (area.verticalScrollBar(), area.horizontalScrollBar()):
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
