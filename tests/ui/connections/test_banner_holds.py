"""Banners come and go, and no row moves under a pointer that moves over a table."""

from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from psf_monitor.connection.status import LinkState
from psf_monitor.problem import Problem
from tests.records import GUN, PED
from tests.ui.window import WindowUnderTest, fill

LOST = Problem("The line broke.", "TWS closed it.", "Start TWS.", "closed", "Start TWS.")


def top_of_positions(ui: WindowUnderTest) -> int:
    window = ui.window
    return window.positions.view.mapTo(window, QPoint(0, 0)).y()


def point(ui: WindowUnderTest) -> None:
    """The trader moves the pointer over the orders."""
    viewport = ui.window.orders.view.viewport()
    for x in (200, 210):
        QTest.mouseMove(viewport, QPoint(x, 30))
    assert ui.window.splitter.is_held


def rest(ui: WindowUnderTest) -> None:
    """The pointer has not moved for some seconds."""
    window = ui.window
    for panel in (window.positions, window.orders, window.fills, window.fills.totals):
        panel.view.hold.stop()
    ui.wait()
    QApplication.processEvents()


def test_that_a_banner_waits_until_the_pointer_rests(ui: WindowUnderTest) -> None:
    fill(ui)
    rest(ui)
    before = top_of_positions(ui)
    point(ui)
    ui.links[PED].be(LinkState.FAILED, problem=LOST)
    ui.wait()
    assert top_of_positions(ui) == before
    assert ui.window.links_panel.cards[PED].face.words.state == "closed"  # type: ignore[union-attr]
    rest(ui)
    assert [banner.title.text for banner in ui.window.banners.banners] == ["IBKR_PED: The line broke."]
    assert top_of_positions(ui) > before


def test_that_a_banner_that_goes_leaves_its_room_until_the_pointer_rests(ui: WindowUnderTest) -> None:
    fill(ui)
    ui.links[PED].be(LinkState.FAILED, problem=LOST)
    rest(ui)
    with_banner = top_of_positions(ui)
    point(ui)
    ui.links[PED].be(LinkState.READY, up_since=ui.clock())
    ui.wait()
    assert not ui.window.banners.banners
    assert top_of_positions(ui) == with_banner
    rest(ui)
    assert top_of_positions(ui) < with_banner


def test_that_what_comes_meanwhile_takes_the_room_that_there_is(ui: WindowUnderTest) -> None:
    fill(ui)
    ui.links[PED].be(LinkState.FAILED, problem=LOST)
    rest(ui)
    with_banner = top_of_positions(ui)
    point(ui)
    ui.links[GUN].be(LinkState.FAILED, problem=LOST)
    ui.wait()
    (banner,) = ui.window.banners.banners
    assert banner.more.text == "+1 more"
    assert top_of_positions(ui) == with_banner
    rest(ui)
    assert len(ui.window.banners.banners) == 2
