"""The sheet of the plain controls, and what one of them looks like once it is to look otherwise."""

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QListWidget, QMenu, QPushButton, QWidget
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


@pytest.mark.parametrize("is_high_contrast", [False, True])
def test_that_checked_and_disabled_controls_can_be_recognized(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, is_high_contrast: bool
) -> None:
    monkeypatch.setattr("psf_monitor.ui.style.theme.is_high_contrast", lambda: is_high_contrast)
    theme = Theme(Scheme.DARK)
    assert (theme.palette.selection == theme.palette.base) is is_high_contrast
    menu, days, button = QMenu(), QListWidget(), QPushButton("Save")
    controls: tuple[QWidget, ...] = (menu, days, button)
    for control in controls:
        qtbot.addWidget(control)
        control.setStyleSheet(theme.sheet)
    actions = [menu.addAction(text) for text in ("Copy", "Details")]
    days.addItems(["Today", "Monday"])
    days.setCurrentRow(0)
    menu.setActiveAction(actions[0])
    before = [control.grab().toImage() for control in controls]
    menu.setActiveAction(actions[1])
    days.setCurrentRow(1)
    button.setEnabled(False)
    for control, image in zip(controls, before, strict=True):
        assert control.grab().toImage() != image, type(control).__name__


def test_that_a_label_is_as_large_as_its_look_defines(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setStyleSheet(Theme(Scheme.DARK).sheet)
    sizes = {"": 12, "hint": 11, "band": 10, "title": 13, "heading": 13}
    labels = {look: QLabel("24.52", window) for look in sizes}
    for look, label in labels.items():
        label.setProperty("look", look)
    window.show()
    assert {look: label.fontInfo().pixelSize() for look, label in labels.items()} == sizes
