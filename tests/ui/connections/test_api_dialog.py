"""The dialog of the local API: where it is, its token covered, and what is wrong with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from psf_monitor.problem import Problem
from psf_monitor.ui.connections.api_dialog import COVERED, ApiDialog
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
def dialog(ui: WindowUnderTest) -> ApiDialog:
    ui.window.menus.local_api.trigger()
    dialog = ui.window.controllers.api.dialog
    assert dialog is not None
    assert dialog.isVisible()
    return dialog


@pytest.fixture
def quick_dialog(api_host: FakeApi, qtbot: QtBot) -> Iterator[ApiDialog]:
    """A dialog that looks at the API often, without a window around it."""
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ApiDialog(api_host, parent, look_every_ms=5)
    dialog.show()
    yield dialog
    dialog.close()


def test_that_the_token_is_covered_until_it_is_asked_for(dialog: ApiDialog) -> None:
    assert dialog.address.text() == "http://127.0.0.1:8766"
    assert dialog.token.text() == COVERED
    dialog.show_token.click()
    assert (dialog.token.text(), dialog.show_token.text()) == (TOKEN, "&Hide")
    dialog.show_token.click()
    assert dialog.token.text() == COVERED


def test_that_it_can_be_copied_without_being_shown(dialog: ApiDialog) -> None:
    dialog.copy_token.click()
    assert QGuiApplication.clipboard().text() == TOKEN
    assert dialog.token.text() == COVERED
    dialog.copy_address.click()
    assert QGuiApplication.clipboard().text() == "http://127.0.0.1:8766"


def test_that_a_closed_dialog_forgets_that_it_was_shown(dialog: ApiDialog, ui: WindowUnderTest) -> None:
    dialog.show_token.click()
    dialog.close()
    ui.window.menus.local_api.trigger()
    assert dialog.token.text() == COVERED


def test_that_no_picture_has_the_token(dialog: ApiDialog, ui: WindowUnderTest) -> None:
    dialog.show_token.click()
    ui.window.screenshot_maker.picture(has_footer=False)
    assert dialog.token.text() == COVERED


def test_that_problems_are_reported_and_what_comes_later_is_shown(
    quick_dialog: ApiDialog, api_host: FakeApi, qtbot: QtBot
) -> None:
    api_host.address, api_host.problem = (
        None,
        Problem("The local API did not start.", "Port 8766 cannot be opened."),
    )
    qtbot.waitUntil(lambda: quick_dialog.status.text() == str(api_host.problem))
    assert (quick_dialog.address.text(), quick_dialog.token.text()) == ("—", "—")
    assert not quick_dialog.copy_token.isEnabled()
    api_host.address, api_host.problem = "http://127.0.0.1:9000", None
    qtbot.waitUntil(lambda: quick_dialog.address.text() == "http://127.0.0.1:9000")
    assert quick_dialog.copy_token.isEnabled()


def test_that_the_texts_are_whole_however_long_they_are(
    quick_dialog: ApiDialog, api_host: FakeApi, qtbot: QtBot
) -> None:
    api_host.address = None
    for problem in ("Short.", "A much longer sentence about what is wrong with it. " * 8):
        api_host.problem = Problem(problem)
        qtbot.waitUntil(lambda: quick_dialog.status.text() == str(api_host.problem))
        qtbot.waitUntil(
            lambda: (
                quick_dialog.status.height()
                >= quick_dialog.status.heightForWidth(quick_dialog.status.width())
            )
        )


def test_that_it_shows_how_to_switch_it_on(open_window: Callable[..., WindowUnderTest]) -> None:
    ui = open_window(service=Service(api=FakeApi(is_wanted=False, address=None)))
    ui.window.menus.local_api.trigger()
    dialog = ui.window.controllers.api.dialog
    assert dialog is not None
    assert "--api" in dialog.status.text()
    assert "[api]" in dialog.status.text()


def test_that_its_menu_has_no_key_of_another(ui: WindowUnderTest) -> None:
    assert ui.window.menus.local_api.shortcut() == QKeySequence()
