"""The banners over the tables: what they say, what their buttons do, and the room they take."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from psf_monitor.connection.status import LinkState
from tests.support.records import GUN, PED
from tests.ui.service import Service
from tests.ui.window import HAMMER, PROBLEM, WindowUnderTest, fill


def test_that_the_buttons_of_the_frozen_banner_retry_and_stop(ui: WindowUnderTest, qtbot: QtBot) -> None:
    fill(ui)
    ui.links[HAMMER].connect()
    ui.lose_hammer()
    ui.wait(4)
    retry, stop = ui.window.banners.banners[0].buttons
    qtbot.mouseClick(retry, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    assert ui.links[HAMMER].cut_short == 1
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    assert not ui.links[HAMMER].is_wanted


def test_that_at_most_two_banners_are_shown_and_the_others_are_counted(ui: WindowUnderTest) -> None:
    for mode in (GUN, PED, HAMMER):
        ui.links[mode].be(LinkState.FAILED, problem=PROBLEM)
    ui.window.show_now()
    first, second = ui.window.banners.banners
    assert not first.more.isVisible()
    assert (second.more.text, second.more.isVisible()) == ("+1 more", True)
    ui.links[HAMMER].be(LinkState.IDLE)
    ui.window.show_now()
    assert not second.more.isVisible()


def test_that_a_failure_can_be_hidden_and_is_shown_again_when_it_recurs(
    ui: WindowUnderTest, qtbot: QtBot
) -> None:
    ui.links[GUN].be(LinkState.FAILED, problem=PROBLEM)
    ui.window.show_now()
    _connect, hide = ui.window.banners.banners[0].buttons
    qtbot.mouseClick(hide, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    ui.wait()
    assert ui.window.banners.banners == []
    ui.links[GUN].be(LinkState.FAILED, problem=PROBLEM, since=ui.clock())
    ui.wait()
    assert len(ui.window.banners.banners) == 1


def test_that_a_banner_too_long_for_one_line_goes_on_in_a_second(ui: WindowUnderTest) -> None:
    problem = replace(PROBLEM, why="Another program, or our last session, still holds it. " * 3)
    ui.links[PED].be(LinkState.FAILED, problem=problem)
    ui.window.show_now()
    QApplication.processEvents()
    (banner,) = ui.window.banners.banners
    metrics = ui.window.theme.metrics(12)
    assert metrics.horizontalAdvance(banner.detail.text) > banner.detail.width()
    assert banner.height() == 42
    ui.links[PED].be(LinkState.FAILED, problem=replace(PROBLEM, why="Short."))
    ui.window.show_now()
    assert ui.window.banners.banners[0].height() == 28


@pytest.mark.parametrize("size", [(1264, 632), (1280, 720)], ids=["1920 x 1080 at 150 %", "at 100 %"])
def test_that_two_long_banners_are_whole_in_the_first_size(
    open_window: Callable[..., WindowUnderTest], size: tuple[int, int]
) -> None:
    ui = open_window(size=size)
    problem = replace(PROBLEM, why="Another program, or our last session, still holds it. " * 3)
    for mode in (GUN, PED, HAMMER):
        ui.links[mode].be(LinkState.FAILED, problem=problem)
    ui.window.show_now()
    QApplication.processEvents()
    assert (ui.window.width(), ui.window.height()) == size
    holder = ui.window.banners
    assert [banner.height() for banner in holder.banners] == [42, 42]
    assert all(holder.rect().contains(banner.geometry()) for banner in holder.banners)
    assert ui.window.positions.view.viewport().height() > 0


def test_that_on_half_a_screen_it_is_reported_whole_which_symbol_has_no_quote(
    open_window: Callable[..., WindowUnderTest],
) -> None:
    ui = open_window(size=(960, 720), service=Service())
    fill(ui)
    QApplication.processEvents()
    text = ui.window.positions.warning
    assert text.drawn == "TWO PRB: unknown to HAMMER"
    assert ui.window.positions.set_symbol.isVisible()
