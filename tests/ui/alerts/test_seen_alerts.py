"""What fires while its list is looked at needs no sign."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.alerts.trader import Trader, key
from tests.ui.window import has_keys


def test_that_an_alert_fired_while_its_list_is_in_front_is_not_unseen(trader: Trader, qtbot: QtBot) -> None:
    window = trader.ui.window
    trader.set_one()
    key(qtbot, trader, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: has_keys(window))
    trader.trade(24.58)
    assert trader.news.endswith("Alert: CIM PRB last crossed 24.58 upward, seen 24.58")
    assert trader.played == ["rise"]
    window.controllers.unseen_alerts.tick()
    assert (window.top_bar.alert.text, window.controllers.unseen_alerts.controller.marks) == ("", {})
    assert not window.windowTitle().startswith("(")


def test_that_an_alert_fired_behind_another_window_is_unseen_until_its_list_has_the_focus(
    trader: Trader, qtbot: QtBot
) -> None:
    window = trader.ui.window
    trader.set_one()
    key(qtbot, trader, Qt.Key.Key_E)
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: has_keys(other))
    trader.trade(24.58)
    window.controllers.unseen_alerts.tick()
    assert window.windowTitle().startswith("(1) ")
    window.activateWindow()
    qtbot.waitUntil(lambda: has_keys(window))
    window.controllers.unseen_alerts.tick()
    assert not window.windowTitle().startswith("(")
