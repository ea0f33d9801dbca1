"""The trader's monitor, opened for one test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from pytestqt.qtbot import QtBot

from tests.support.waiting import PATIENCE_MS
from tests.ui.window import WindowUnderTest, has_keys
from tests.ui.x11 import display_of_its_own


@pytest.fixture(scope="session", autouse=True)
def _dialogs_are_qts_own() -> Iterator[None]:
    """Those of the system no test can read, and Wine's fails when it is closed as soon as it is opened."""
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    yield
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, False)


@pytest.fixture
def open_window(qtbot: QtBot, request: pytest.FixtureRequest) -> Callable[..., WindowUnderTest]:
    """Opens a window of 1280 x 720, of ``size``, or of the size that was kept.

    In a module marked ``unseen`` it is built whole and never shown, which takes half of the time, but for
    the tests that are marked ``seen``.
    """
    marked = request.node.get_closest_marker
    is_shown = marked("unseen") is None or marked("seen") is not None

    def opened(*, size: tuple[int, int] | None = (1280, 720), **options: Any) -> WindowUnderTest:
        ui = WindowUnderTest(**options)
        qtbot.addWidget(ui.window)
        if size is not None:
            ui.window.resize(*size)
        if not is_shown:
            return ui
        with qtbot.waitExposed(ui.window, timeout=PATIENCE_MS):
            ui.window.show()
        ui.window.activateWindow()
        qtbot.waitUntil(lambda: has_keys(ui.window))
        return ui

    return opened


@pytest.fixture
def ui(open_window: Callable[..., WindowUnderTest]) -> WindowUnderTest:
    return open_window()


@pytest.fixture
def display() -> Iterator[str]:
    with display_of_its_own() as name:
        yield name
