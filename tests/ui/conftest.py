"""The trader's monitor, opened for one test."""

from collections.abc import Callable
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.window import WindowUnderTest


@pytest.fixture
def open_window(qtbot: QtBot) -> Callable[..., WindowUnderTest]:
    """Opens a window of 1280 x 720, of ``size``, or of the size that was kept."""

    def opened(*, size: tuple[int, int] | None = (1280, 720), **options: Any) -> WindowUnderTest:
        ui = WindowUnderTest(**options)
        qtbot.addWidget(ui.window)
        if size is not None:
            ui.window.resize(*size)
        ui.window.show()
        ui.window.activateWindow()
        qtbot.waitUntil(ui.window.isActiveWindow)
        return ui

    return opened


@pytest.fixture
def ui(open_window: Callable[..., WindowUnderTest]) -> WindowUnderTest:
    return open_window()
