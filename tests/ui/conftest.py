"""The trader's desk, opened for one test."""

from collections.abc import Callable
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.window import WindowUnderTest


@pytest.fixture
def open_desk(qtbot: QtBot) -> Callable[..., WindowUnderTest]:
    """Opens a window of 1280 x 720, of ``size``, or of the size that was kept."""

    def opened(*, size: tuple[int, int] | None = (1280, 720), **options: Any) -> WindowUnderTest:
        desk = WindowUnderTest(**options)
        qtbot.addWidget(desk.window)
        if size is not None:
            desk.window.resize(*size)
        desk.window.show()
        desk.window.activateWindow()
        qtbot.waitUntil(desk.window.isActiveWindow)
        return desk

    return opened


@pytest.fixture
def desk(open_desk: Callable[..., WindowUnderTest]) -> WindowUnderTest:
    return open_desk()
