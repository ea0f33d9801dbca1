"""Every window that is open takes the colours that the trader chooses."""

from collections.abc import Callable

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from psf_monitor.ui.style.theme import Scheme
from tests.ui.window import WindowUnderTest, fill

OPENED_BY = {"&Keyboard", "&Check connections", "&About psf_monitor", "&New alert…"}
"""Entries of the menus that open a window or a dialog, besides those that begin or end as below."""


def opens(action: QAction) -> bool:
    text = action.text()
    return text in OPENED_BY or text.startswith("Day &P&&L") or text.endswith("of their own")


def windows() -> list[QWidget]:
    shown = (each for each in QApplication.topLevelWidgets() if each.isVisible())
    return [each for each in shown if not isinstance(each, QMenu)]


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_that_every_open_window_takes_the_colours_that_are_chosen(
    open_window: Callable[..., WindowUnderTest], theme: str
) -> None:
    ui = open_window(theme=theme)
    fill(ui)
    for action in [action for action in ui.window.findChildren(QAction) if opens(action)]:
        action.trigger()
    ui.window.symbol_windows.open_named("CIM PRB")
    opened = windows()
    assert len(opened) >= 8, [each.windowTitle() for each in opened]
    for scheme in (Scheme.LIGHT, Scheme.DARK, Scheme.LIGHT):
        ui.window.menus.scheme_chosen.emit(scheme)
        wanted = ui.window.theme.qt_palette.window().color().name()
        found = {each.windowTitle(): each.grab().toImage().pixelColor(1, 1).name() for each in opened}
        assert found == dict.fromkeys(found, wanted)
    for each in opened:
        if each is not ui.window:
            each.close()
