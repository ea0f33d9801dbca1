"""What is drawn while a column is dragged, and what a right click on a scroll bar does not do."""

from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QHeaderView

from psf_monitor.ui.positions.columns import POSITIONS
from tests.ui.window import WindowUnderTest, fill


def test_that_a_dragged_title_has_its_own_background(ui: WindowUnderTest) -> None:
    fill(ui)
    header = ui.window.positions.view.header
    looks = []
    for below in ("black", "white"):
        image = QImage(90, header.height_needed, QImage.Format.Format_RGB32)
        image.fill(QColor(below))
        painter = QPainter(image)
        painter.setOpacity(0.75)
        header.paintSection(painter, QRect(0, 0, 90, image.height()), POSITIONS.index("bid"))
        painter.end()
        looks.append(image)
    assert looks[0] == looks[1]


def test_that_a_right_click_on_a_scroll_bar_opens_no_menu_of_qts(ui: WindowUnderTest) -> None:
    fill(ui)
    # A header has bars, too, and never shows them.
    areas = [a for a in ui.window.findChildren(QAbstractScrollArea) if not isinstance(a, QHeaderView)]
    assert areas
    for area in areas:
        for bar in (area.verticalScrollBar(), area.horizontalScrollBar()):
            assert bar.contextMenuPolicy() is Qt.ContextMenuPolicy.PreventContextMenu
    bar = ui.window.positions.view.verticalScrollBar()
    QTest.mouseClick(bar, Qt.MouseButton.RightButton, pos=QPoint(4, 20))
    assert QApplication.activePopupWidget() is None


def test_that_nothing_is_drawn_where_the_scroll_bars_meet(ui: WindowUnderTest) -> None:
    fill(ui)
    view = ui.window.positions.view
    down, across = view.verticalScrollBar(), view.horizontalScrollBar()
    view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    view.header.resizeSection(POSITIONS.index("bid"), 2000)
    ui.wait()
    assert across.isVisible()
    place = QPoint(down.mapTo(view, QPoint()).x(), across.mapTo(view, QPoint()).y())
    corner = view.grab(QRect(place, QSize(down.width(), across.height()))).toImage()
    drawn = {corner.pixelColor(x, y).name() for x in range(down.width()) for y in range(across.height())}
    assert drawn == {ui.window.theme.colour("base").name()}


def test_that_the_mark_of_a_state_grows_with_the_table(ui: WindowUnderTest) -> None:
    fill(ui)
    window = ui.window
    view = window.orders.view
    widths = []
    for zoom in (1.0, 1.5):
        window.theme.choose_zoom(zoom)
        ui.wait()
        section = window.orders.model.table.index("status")
        left, top = view.columnViewportPosition(section), view.rowViewportPosition(0)
        picture = view.viewport().grab(QRect(left, top, 40, view.rowHeight(0))).toImage()
        middle = picture.height() // 2 - 1
        ground = picture.pixelColor(1, middle)
        marked = [x for x in range(30) if picture.pixelColor(x, middle) != ground]
        gap = next((n for n, (a, b) in enumerate(pairwise(marked)) if b - a > 1), None)
        widths.append(len(marked) if gap is None else gap + 1)
    assert widths[1] > widths[0]
