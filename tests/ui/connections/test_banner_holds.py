"""Banners come and go, and nothing moves under a pointer that is over the cards or tables."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from psf_monitor.connection.status import LinkState
from psf_monitor.problem import Problem
from psf_monitor.ui.connections.banner import BANNER_HEIGHT, TWO_LINES_HEIGHT, Banner
from tests.support.records import GUN, PED
from tests.ui.pointer import go_to
from tests.ui.window import HAMMER, WindowUnderTest, fill

LOST = Problem("The line broke.", "TWS closed it.", "Start TWS.", "closed", "Start TWS.")


def top_of(ui: WindowUnderTest, part: QWidget) -> int:
    return part.mapTo(ui.window, QPoint(0, 0)).y()


def tops(ui: WindowUnderTest) -> tuple[int, ...]:
    """Where cards, positions and orders begin."""
    window = ui.window
    parts = (window.links_panel, window.positions.view, window.orders.view, window.status)
    return tuple(top_of(ui, part) for part in parts)


def go_away(ui: WindowUnderTest) -> None:
    go_to(ui.window.top_bar)
    for panel in (ui.window.positions, ui.window.orders):
        panel.view.hold.stop()
    ui.wait()


def come_to_rest(ui: WindowUnderTest) -> None:
    """The pointer has not moved for some seconds: rows are sorted again."""
    for panel in (ui.window.positions, ui.window.orders):
        panel.view.hold.stop()
    ui.wait()
    QApplication.processEvents()


def lose(ui: WindowUnderTest, mode: object = PED) -> None:
    ui.links[mode].be(LinkState.FAILED, problem=LOST)  # type: ignore[index]
    ui.wait()
    QApplication.processEvents()


def line(ui: WindowUnderTest) -> Banner | None:
    return ui.window.banners.line.banner


@pytest.mark.parametrize("part", ["positions", "orders", "links_panel", "exposure"])
def test_that_nothing_moves_for_a_banner_while_the_pointer_is_there(ui: WindowUnderTest, part: str) -> None:
    fill(ui)
    go_away(ui)
    under = getattr(ui.window, part)
    go_to(under)
    before = tops(ui)
    lose(ui)
    come_to_rest(ui)
    assert tops(ui) == before
    assert not ui.window.banners.banners
    go_away(ui)
    assert [banner.title.text for banner in ui.window.banners.banners] == ["IBKR_PED: The line broke."]
    assert line(ui) is None
    assert tops(ui) > before


def test_that_a_banner_held_back_is_shown_in_the_bottom_line_with_its_buttons(ui: WindowUnderTest) -> None:
    fill(ui)
    go_to(ui.window.orders)
    lose(ui)
    banner = line(ui)
    assert banner is not None
    assert banner.isVisible()
    assert top_of(ui, banner) == top_of(ui, ui.window.status)
    assert not ui.window.status.news.isVisible()
    assert [button.text() for button in banner.buttons] == ["Connect", "Hide"]
    go_to(banner)
    assert line(ui) is banner, "the way down to it does not take it away"
    QTest.mouseClick(banner.buttons[-1], Qt.MouseButton.LeftButton)
    assert line(ui) is None
    assert ui.window.status.news.isVisible()
    assert not ui.window.banners.banners


def test_that_the_most_urgent_one_is_shown_and_the_others_are_counted(ui: WindowUnderTest) -> None:
    fill(ui)
    go_to(ui.window.orders)
    lose(ui)
    lose(ui, GUN)
    banner = line(ui)
    assert banner is not None
    assert banner.title.text == "IBKR_GUN: The line broke."
    assert banner.more.text == "+1 more"
    go_away(ui)
    assert len(ui.window.banners.banners) == 2


def test_that_a_banner_takes_its_place_when_the_pointer_goes_up_to_the_cards(ui: WindowUnderTest) -> None:
    fill(ui)
    go_to(ui.window.positions)
    lose(ui)
    go_to(ui.window.links_panel)
    assert len(ui.window.banners.banners) == 1
    assert line(ui) is None


def test_that_the_next_one_goes_to_the_line_while_one_stands_above(ui: WindowUnderTest) -> None:
    fill(ui)
    lose(ui)
    go_away(ui)
    go_to(ui.window.positions)
    before = tops(ui)
    lose(ui, HAMMER)
    assert tops(ui) == before
    assert len(ui.window.banners.banners) == 1
    assert not ui.window.banners.banners[0].more.isVisible()
    banner = line(ui)
    assert banner is not None
    assert {banner.title.text, ui.window.banners.banners[0].title.text} == {
        "IBKR_PED: The line broke.",
        "HAMMER: The line broke.",
    }


def test_that_a_banner_that_goes_leaves_its_room_until_the_pointer_has_gone(ui: WindowUnderTest) -> None:
    fill(ui)
    without = tops(ui)
    lose(ui)
    go_away(ui)
    with_banner = tops(ui)
    go_to(ui.window.positions)
    ui.links[PED].be(LinkState.READY, up_since=ui.clock())
    come_to_rest(ui)
    assert not ui.window.banners.banners
    assert tops(ui) == with_banner
    go_away(ui)
    assert tops(ui) == without


def test_that_banners_are_shown_above_while_the_pointer_is_elsewhere(ui: WindowUnderTest) -> None:
    fill(ui)
    lose(ui)
    assert len(ui.window.banners.banners) == 1
    assert line(ui) is None


@pytest.mark.parametrize("width", [1280, 940, 720])
def test_that_a_banner_is_whole_in_every_picture_however_new_it_is(ui: WindowUnderTest, width: int) -> None:
    fill(ui)
    ui.window.resize(width, 600)
    ground = ui.window.theme.palette.error_bg
    now = ui.clock()
    ui.lose_hammer()
    ui.wait(4)
    longer = "It is not running, its API is off, or it uses another port; another program may hold it. " * 2
    heights = set()
    for number in range(6):
        problem = replace(LOST, why=longer if number % 2 else "")
        state = (LinkState.RECONNECTING, LinkState.CONNECTING)[number % 2]
        ui.links[HAMMER].be(state, since=now, lost_at=now, attempt=3, retry_at=now, problem=problem)
        ui.wait()
        picture = ui.window.screenshot_maker.picture(has_footer=False)
        (banner,) = ui.window.banners.banners
        inside = banner.mapTo(ui.window, banner.rect().center())
        assert QColor(ground) in [picture.pixelColor(inside.x() + n, inside.y()) for n in range(30)], number
        text = ui.window.theme.metrics(12).boundingRect(
            QRect(0, 0, banner.detail.width(), 1000), Qt.TextFlag.TextWordWrap, banner.detail.text
        )
        assert text.height() <= banner.detail.height(), number
        heights.add(banner.height())
        for part in (banner.title, banner.detail, *banner.buttons):
            assert banner.rect().contains(part.geometry()), (number, part.geometry(), banner.height())
    assert BANNER_HEIGHT <= min(heights) < max(heights)


class Paintings(QObject):
    """Checks every banner before it is painted: which of its parts reach beyond it."""

    def __init__(self) -> None:
        super().__init__()
        self.heights: set[int] = set()
        self.cut: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(watched, Banner) and event.type() is QEvent.Type.Paint:
            self.heights.add(watched.height())
            parts = (watched.title, watched.detail, *watched.buttons)
            self.cut += [part.accessibleName() for part in parts if part.height() > watched.height()]
        return False


def test_that_no_banner_is_ever_painted_before_its_parts_have_their_place(ui: WindowUnderTest) -> None:
    fill(ui)
    go_away(ui)
    application = QApplication.instance()
    assert application is not None
    paintings = Paintings()
    application.installEventFilter(paintings)
    for mode in (PED, GUN, HAMMER):
        for why in ("It closed the line, and nobody said why it did. ", "It closed the line. " * 12):
            ui.links[mode].be(LinkState.FAILED, problem=replace(LOST, why=why.strip()))
            ui.window.show_now()
            QApplication.processEvents()
            ui.links[mode].be(LinkState.CONNECTING)
            ui.window.show_now()
            QApplication.processEvents()
    application.removeEventFilter(paintings)
    assert paintings.heights == {BANNER_HEIGHT, TWO_LINES_HEIGHT}
    assert paintings.cut == []


def test_that_a_banner_has_room_for_its_whole_text_at_every_width(ui: WindowUnderTest, qtbot: QtBot) -> None:
    fill(ui)
    go_away(ui)
    ui.book.accounts_named(GUN, ["U7654321"])
    ui.window.show_now()
    (banner,) = ui.window.banners.banners
    assert "has changed" in banner.title.text
    metrics = ui.window.theme.metrics(12)
    for width in (1280, 1100, 1000, 940, 860, 780, 720, 1280):
        ui.window.resize(width, 480)
        assert ui.window.width() == width
        qtbot.waitUntil(lambda: ui.window.banners.rect().contains(banner.geometry()))
        detail = banner.detail.rect()
        flags = Qt.TextFlag.TextWordWrap
        text = metrics.boundingRect(QRect(0, 0, detail.width(), 1000), flags, banner.detail.text)
        assert text.height() <= detail.height()
        assert banner.title.drawn == banner.title.text


def test_that_a_banner_that_comes_leaves_the_window_as_high_as_it_is(ui: WindowUnderTest) -> None:
    fill(ui)
    go_away(ui)
    ui.window.resize(940, 480)
    ui.links[PED].be(LinkState.FAILED, problem=replace(LOST, why="It closed the line. " * 12))
    ui.window.show_now()
    QApplication.processEvents()
    assert ui.window.banners.banners
    assert ui.window.height() == 480
