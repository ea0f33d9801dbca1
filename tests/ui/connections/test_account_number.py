"""The number of an account, covered until it is asked for."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from psf_monitor.connection.status import LinkState
from psf_monitor.formatting import masked
from psf_monitor.ui.shell.layout.store import LayoutStore
from tests.support.records import GUN, PED
from tests.ui.connections.card_text import card_details
from tests.ui.window import HAMMER, PROBLEM, WindowUnderTest, fill

Opener = Callable[..., WindowUnderTest]


NUMBER = "U1240821"


def test_that_the_number_of_an_account_is_shown_once(ui: WindowUnderTest) -> None:
    fill(ui)
    ui.window.links_panel.cards[GUN].account.trigger()
    ui.wait()
    text = ui.window.links_panel.cards[GUN].face.content
    assert text is not None
    assert text.detail.count(NUMBER) == 1
    assert masked(NUMBER) not in text.detail


def test_that_a_button_of_a_banner_gives_the_focus_back_to_the_table(
    ui: WindowUnderTest, qtbot: QtBot
) -> None:
    fill(ui)
    ui.links[GUN].be(LinkState.FAILED, problem=PROBLEM)
    ui.wait()
    (banner,) = ui.window.banners.banners
    hide = next(button for button in banner.buttons if button.text() == "Hide")
    qtbot.mouseClick(hide, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    assert not ui.window.banners.banners
    assert ui.window.focusWidget() is ui.window.positions.view


def test_that_an_account_number_is_shown_until_it_is_covered_again(ui: WindowUnderTest) -> None:
    fill(ui)
    card = ui.window.links_panel.cards[GUN]
    assert NUMBER not in card_details(ui, GUN)
    assert masked(NUMBER) in card_details(ui, GUN)
    card.account.trigger()
    text = card.face.content
    assert text is not None
    assert text.detail.startswith(f"{NUMBER} · ")
    assert "U7654037" not in card_details(ui, PED)
    ui.wait()
    assert NUMBER in card_details(ui, GUN)
    card.account.trigger()
    assert NUMBER not in card_details(ui, GUN)


def test_that_no_picture_has_an_account_number(ui: WindowUnderTest) -> None:
    fill(ui)
    covered = ui.window.screenshot_maker.picture(has_footer=False)
    card = ui.window.links_panel.cards[GUN]
    card.account.trigger()
    shown = ui.window.grab().toImage()
    assert shown != covered, "the number is on the screen"
    assert ui.window.screenshot_maker.picture(has_footer=False) == covered
    assert not card.account.isChecked()
    assert NUMBER not in card_details(ui, GUN)


def test_that_a_window_that_closes_covers_the_number_and_keeps_nothing_of_it(
    open_window: Opener, tmp_path: Path
) -> None:
    ui = open_window(store=LayoutStore(tmp_path / "ui.json"))
    fill(ui)
    ui.window.links_panel.cards[GUN].account.trigger()
    ui.window.close()
    assert NUMBER not in card_details(ui, GUN)
    again = open_window(store=LayoutStore(tmp_path / "ui.json"))
    fill(again)
    assert NUMBER not in card_details(again, GUN)


def test_that_hammer_has_no_account_number_to_show(ui: WindowUnderTest) -> None:
    cards = ui.window.links_panel.cards
    assert [cards[mode].account.isVisible() for mode in (GUN, PED, HAMMER)] == [True, True, False]
