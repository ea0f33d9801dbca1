"""The borders of boxes, at the scales that screens have."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from psf_monitor.ui.style.shapes import paint_border, paint_card
from psf_monitor.ui.style.theme import Scheme, Theme

BOX = QRectF(0, 0, 40, 22)


@pytest.fixture(params=["card", "border"])
def paint(request: pytest.FixtureRequest, qapp: QApplication) -> Callable[[QPainter], None]:
    assert qapp is not None
    theme = Theme(Scheme.DARK)
    if request.param == "card":
        return lambda painter: paint_card(painter, theme, BOX)
    return lambda painter: paint_border(painter, BOX, theme.colour("divider"))


def missing_sides(paint: Callable[[QPainter], None], scale: float, top: int) -> list[tuple[int, int]]:
    """Paint the box that far below a picture's edge; return the direction of each side that is not seen."""
    missing = []
    picture = QImage(200, 300, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(scale)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    painter.translate(5, top)
    painter.setClipRect(BOX)
    paint(painter)
    painter.end()
    middle = BOX.translated(5, top).center() * scale
    inside = picture.pixelColor(middle.toPoint())
    for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        reach = BOX.width() if x else BOX.height()
        seen = {
            picture.pixelColor(round(middle.x() + x * step), round(middle.y() + y * step)).name()
            for step in range(int(reach * scale / 2) - 3, int(reach * scale / 2) + 1)
        }
        if not seen - {inside.name(), QColor(Qt.GlobalColor.white).name()}:
            missing.append((x, y))
    return missing


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 1.75, 2.0])
def test_that_a_box_has_all_four_sides_at_every_position(
    paint: Callable[[QPainter], None], scale: float
) -> None:
    found = {top: missing_sides(paint, scale, top) for top in range(105, 109)}
    assert {top: missing for top, missing in found.items() if missing} == {}
