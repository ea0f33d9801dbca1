"""The card of the local API: where it is, its token covered, and what is wrong with it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PySide6.QtGui import QGuiApplication, QKeySequence
from pytestqt.qtbot import QtBot

from psf_monitor.ui.connections.api_card import COVERED, ApiCard
from tests.ui.service import Service
from tests.ui.window import WindowUnderTest

TOKEN = "s3cret-t0ken"


@dataclass
class APosedDoor:
    is_wanted: bool = True
    address: str | None = "http://127.0.0.1:8766"
    trouble: str | None = None

    def token(self) -> str | None:
        return TOKEN if self.address else None


@pytest.fixture
def door() -> APosedDoor:
    return APosedDoor()


@pytest.fixture
def desk(open_desk: Callable[..., WindowUnderTest], door: APosedDoor) -> WindowUnderTest:
    return open_desk(service=Service(api=door))


@pytest.fixture
def card(desk: WindowUnderTest) -> ApiCard:
    desk.window.menus.local_api.trigger()
    card = desk.window.api_acts.card
    assert card is not None
    assert card.isVisible()
    return card


def test_that_the_token_is_covered_until_it_is_asked_for(card: ApiCard) -> None:
    assert card.address.text() == "http://127.0.0.1:8766"
    assert card.token.text() == COVERED
    card.show_token.click()
    assert (card.token.text(), card.show_token.text()) == (TOKEN, "&Hide")
    card.show_token.click()
    assert card.token.text() == COVERED


def test_that_it_can_be_copied_without_being_shown(card: ApiCard) -> None:
    card.copy_token.click()
    assert QGuiApplication.clipboard().text() == TOKEN
    assert card.token.text() == COVERED
    card.copy_address.click()
    assert QGuiApplication.clipboard().text() == "http://127.0.0.1:8766"


def test_that_a_closed_card_forgets_that_it_was_shown(card: ApiCard, desk: WindowUnderTest) -> None:
    card.show_token.click()
    card.close()
    desk.window.menus.local_api.trigger()
    assert card.token.text() == COVERED


def test_that_no_picture_has_the_token(card: ApiCard, desk: WindowUnderTest) -> None:
    card.show_token.click()
    desk.window.camera.picture(has_footer=False)
    assert card.token.text() == COVERED


def test_that_trouble_is_said_and_what_comes_later_is_shown(
    card: ApiCard, door: APosedDoor, qtbot: QtBot
) -> None:
    door.address, door.trouble = None, "The local API did not start. Port 8766 cannot be opened."
    qtbot.waitUntil(lambda: card.words.text() == door.trouble)
    assert (card.address.text(), card.token.text()) == ("—", "—")
    assert not card.copy_token.isEnabled()
    door.address, door.trouble = "http://127.0.0.1:9000", None
    qtbot.waitUntil(lambda: card.address.text() == "http://127.0.0.1:9000")
    assert card.copy_token.isEnabled()


def test_that_the_words_are_whole_however_long_they_are(
    card: ApiCard, door: APosedDoor, qtbot: QtBot
) -> None:
    door.address = None
    for trouble in ("Short.", "A much longer sentence about the trouble with it. " * 8):
        door.trouble = trouble
        qtbot.waitUntil(lambda: card.words.text() == door.trouble)
        qtbot.waitUntil(lambda: card.words.height() >= card.words.heightForWidth(card.words.width()))


def test_that_it_says_how_to_switch_it_on(open_desk: Callable[..., WindowUnderTest]) -> None:
    desk = open_desk(service=Service(api=APosedDoor(is_wanted=False, address=None)))
    desk.window.menus.local_api.trigger()
    card = desk.window.api_acts.card
    assert card is not None
    assert "--api" in card.words.text()
    assert "[api]" in card.words.text()


def test_that_without_a_door_it_cannot_be_chosen(open_desk: Callable[..., WindowUnderTest]) -> None:
    assert not open_desk().window.menus.local_api.isEnabled()


def test_that_its_menu_has_no_key_of_another(desk: WindowUnderTest) -> None:
    assert desk.window.menus.local_api.shortcut() == QKeySequence()
