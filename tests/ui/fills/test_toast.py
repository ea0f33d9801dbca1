"""A new fill is shown and sounded as the trader has chosen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.fill_records import fill
from tests.support.records import GUN
from tests.ui.fills.day_of_fills import DAY, arrive
from tests.ui.fills_tab import report
from tests.ui.window import ACCOUNTS, WindowUnderTest


def test_that_nothing_is_reported_and_no_sound_is_made_unless_wanted(
    full: WindowUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    beeps: list[int] = []
    monkeypatch.setattr(QApplication, "beep", lambda: beeps.append(1))
    arrive(full, fill("3.1"))
    assert not full.window.controllers.fills.toast.isVisible()
    assert not beeps


def test_that_a_new_fill_is_reported_and_sounded_when_wanted(
    full: WindowUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    beeps: list[int] = []
    monkeypatch.setattr(QApplication, "beep", lambda: beeps.append(1))
    full.window.menus.announce_fills.trigger()
    full.window.menus.beep_fills.trigger()
    arrive(full, fill("3.1", "NLY PRG", "BUY", 300, 25.44))
    toast = full.window.controllers.fills.toast
    assert toast.isVisible()
    assert toast.label.text == "GUN  BUY 300 NLY PRG at 25.44"
    assert beeps == [1]
    arrive(full, fill("3.2", "MS PRK", "SELL", 10, 25.0))
    assert toast.label.text == "GUN  SELL 10 MS PRK at 25.00  (and 1 more)"
    toast.timer.timeout.emit()
    assert not toast.isVisible()
    arrive(full, fill("3.3", "T PRC", "SELL", 5, 19.1))
    assert toast.label.text == "GUN  SELL 5 T PRC at 19.10"


def test_that_the_morning_list_is_not_announced(ui: WindowUnderTest) -> None:
    ui.window.menus.announce_fills.trigger()
    report(ui, *DAY)
    ui.fills.fills_listed(GUN, [ACCOUNTS[GUN]])
    ui.window.show_now()
    assert not ui.window.controllers.fills.toast.isVisible()


def test_that_the_line_takes_no_keys_stays_inside_and_opens_the_fills(
    full: WindowUnderTest, qtbot: QtBot
) -> None:
    window = full.window
    window.menus.announce_fills.trigger()
    window.section.show_fills(False)
    window.positions.view.setFocus()
    arrive(full, fill("3.1"))
    toast = window.controllers.fills.toast
    assert window.positions.view.hasFocus()
    assert window.rect().contains(toast.geometry())
    window.resize(960, 700)
    assert window.rect().contains(toast.geometry())
    qtbot.mouseClick(toast, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    assert not toast.isVisible()
    assert window.fills.isVisible()
