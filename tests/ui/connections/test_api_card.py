"""The card of the local API: where it is, its token covered, and what is wrong with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from psf_monitor.problem import Problem
from psf_monitor.ui.connections.api_card import COVERED, ApiCard
from tests.ui.service import Service
from tests.ui.window import WindowUnderTest

TOKEN = "s3cret-t0ken"


@dataclass
class FakeApi:
    is_wanted: bool = True
    address: str | None = "http://127.0.0.1:8766"
    problem: Problem | None = None

    def token(self) -> str | None:
        return TOKEN if self.address else None


@pytest.fixture
def api_host() -> FakeApi:
    return FakeApi()


@pytest.fixture
def ui(open_window: Callable[..., WindowUnderTest], api_host: FakeApi) -> WindowUnderTest:
    return open_window(service=Service(api=api_host))


@pytest.fixture
def card(ui: WindowUnderTest) -> ApiCard:
    ui.window.menus.local_api.trigger()
    card = ui.window.controllers.api.card
    assert card is not None
    assert card.isVisible()
    return card


@pytest.fixture
def quick_card(api_host: FakeApi, qtbot: QtBot) -> Iterator[ApiCard]:
    """A card that looks at the API often, without a window around it."""
    parent = QWidget()
    qtbot.addWidget(parent)
    card = ApiCard(api_host, parent, look_every_ms=5)
    card.show()
    yield card
    card.close()


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


def test_that_a_closed_card_forgets_that_it_was_shown(card: ApiCard, ui: WindowUnderTest) -> None:
    card.show_token.click()
    card.close()
    ui.window.menus.local_api.trigger()
    assert card.token.text() == COVERED


def test_that_no_picture_has_the_token(card: ApiCard, ui: WindowUnderTest) -> None:
    card.show_token.click()
    ui.window.camera.picture(has_footer=False)
    assert card.token.text() == COVERED


def test_that_problems_are_reported_and_what_comes_later_is_shown(
    quick_card: ApiCard, api_host: FakeApi, qtbot: QtBot
) -> None:
    api_host.address, api_host.problem = (
        None,
        Problem("The local API did not start.", "Port 8766 cannot be opened."),
    )
    qtbot.waitUntil(lambda: quick_card.status.text() == str(api_host.problem))
    assert (quick_card.address.text(), quick_card.token.text()) == ("—", "—")
    assert not quick_card.copy_token.isEnabled()
    api_host.address, api_host.problem = "http://127.0.0.1:9000", None
    qtbot.waitUntil(lambda: quick_card.address.text() == "http://127.0.0.1:9000")
    assert quick_card.copy_token.isEnabled()


def test_that_the_texts_are_whole_however_long_they_are(
    quick_card: ApiCard, api_host: FakeApi, qtbot: QtBot
) -> None:
    api_host.address = None
    for problem in ("Short.", "A much longer sentence about what is wrong with it. " * 8):
        api_host.problem = Problem(problem)
        qtbot.waitUntil(lambda: quick_card.status.text() == str(api_host.problem))
        qtbot.waitUntil(
            lambda: quick_card.status.height() >= quick_card.status.heightForWidth(quick_card.status.width())
        )


def test_that_it_shows_how_to_switch_it_on(open_window: Callable[..., WindowUnderTest]) -> None:
    ui = open_window(service=Service(api=FakeApi(is_wanted=False, address=None)))
    ui.window.menus.local_api.trigger()
    card = ui.window.controllers.api.card
    assert card is not None
    assert "--api" in card.status.text()
    assert "[api]" in card.status.text()


def test_that_its_menu_has_no_key_of_another(ui: WindowUnderTest) -> None:
    assert ui.window.menus.local_api.shortcut() == QKeySequence()
