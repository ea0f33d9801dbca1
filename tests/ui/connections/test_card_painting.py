"""What of a card is painted: its second line alone while only that changes, and the same picture as ever."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QImage, QPaintEvent, QRegion
from pytestqt.qtbot import QtBot

from psf_monitor.connection.status import LinkState
from psf_monitor.ui.connections.card import CardFace
from tests.support.records import GUN
from tests.ui.window import WindowUnderTest, fill

Opener = Callable[..., WindowUnderTest]


class Regions(QObject):
    """Notes which parts of a card are painted."""

    def __init__(self, face: CardFace) -> None:
        super().__init__()
        self.painted: list[QRegion] = []
        face.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QPaintEvent):
            self.painted.append(event.region())
        return False

    def next(self, ui: WindowUnderTest, qtbot: QtBot) -> QRegion:
        """The part that is painted with the window's next second."""
        self.painted.clear()
        ui.wait()
        qtbot.waitUntil(lambda: bool(self.painted))
        return self.painted[-1]


def picture(face: CardFace, *parts: QRegion) -> QImage:
    image = QImage(face.size(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    for part in parts:
        face.render(image, part.boundingRect().topLeft(), part)
    return image


@pytest.mark.parametrize("width", [720, 1280])
def test_that_an_age_repaints_the_second_line_of_its_card_alone(
    open_window: Opener, width: int, qtbot: QtBot
) -> None:
    ui = open_window(size=(width, 720))
    fill(ui)
    face = ui.window.links_panel.cards[GUN].face
    regions = Regions(face)
    regions.next(ui, qtbot)
    region = regions.next(ui, qtbot)
    line = region.boundingRect()
    assert (line.top(), line.height(), line.left()) == (21, 16, 28)
    whole = QRegion(face.rect())
    assert picture(face, whole - region, region) == picture(face, whole)
    assert picture(face, region).copy(line) == picture(face, whole).copy(line)


def test_that_another_state_repaints_its_card_whole(ui: WindowUnderTest, qtbot: QtBot) -> None:
    fill(ui)
    face = ui.window.links_panel.cards[GUN].face
    regions = Regions(face)
    regions.next(ui, qtbot)
    ui.links[GUN].be(LinkState.CUT_OFF)
    assert regions.next(ui, qtbot).contains(face.rect())
