"""The sheet of the plain controls, and what one of them looks like once it is to look otherwise."""

import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from psf_monitor.ui.style.stylesheet import change_look
from psf_monitor.ui.style.theme import Scheme, Theme


@pytest.mark.parametrize("kind", [QPushButton, QLineEdit, QComboBox])
def test_that_a_control_looks_as_if_made_with_the_look_that_it_is_given(
    qtbot: QtBot, kind: type[QWidget]
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setStyleSheet(Theme(Scheme.DARK).sheet)
    looks = ("filled", "refused", "")
    changed, *made = (kind(window) for _ in range(1 + len(looks)))
    for each, look in zip(made, looks, strict=True):
        each.setProperty("look", look)
    for each in (changed, *made):
        if isinstance(each, QPushButton):
            each.setText("Connect")
        each.resize(80, 22)
    window.show()
    for each, look in zip(made, looks, strict=True):
        change_look(changed, look)
        assert changed.font() == each.font()
        assert changed.grab().toImage() == each.grab().toImage()
