"""A menu whose check marks are smooth at every scale of the screen: Qt's own are jagged at 175 percent."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QMenu

from psf_monitor.ui.style.shapes import Shape, draw

_FROM_THE_LEFT, _SIZE = 12.0, 10.0
"""The centre of the mark in its entry, and its width, in device-independent pixels."""


class Menu(QMenu):
    """Draws its marks in the colours of its entries; its submenus do so, too."""

    def submenu(self, title: str) -> "Menu":
        """Append a menu with this title and return it."""
        menu = Menu(title, self)
        self.addMenu(menu)
        return menu

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        painter = QPainter(self)
        for action in self.actions():
            if not (action.isVisible() and action.isCheckable() and action.isChecked()):
                continue
            rect = self.actionGeometry(action)
            if rect.intersects(event.rect()):
                centre = QPointF(rect.left() + _FROM_THE_LEFT, rect.center().y() + 0.5)
                draw(painter, Shape.CHECK, centre, _SIZE, self._colour_of(action))
        painter.end()

    def _colour_of(self, action: QAction) -> QColor:
        roles = QPalette.ColorRole
        role = roles.HighlightedText if action is self.activeAction() else roles.WindowText
        groups = QPalette.ColorGroup
        return self.palette().color(groups.Normal if action.isEnabled() else groups.Disabled, role)
