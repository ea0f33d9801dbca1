"""The alerts of a share in its own window: set, seen, switched and removed there, and no other share's."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from psf_monitor.domain.alerts.alert import Alert, AlertKind, Direction
from psf_monitor.formatting import HIDDEN
from psf_monitor.ui.alerts.form import AlertForm
from psf_monitor.ui.alerts.share_alerts import ShareAlertsPanel
from psf_monitor.ui.symbol.window import HISTORY, SymbolWindow
from tests.ui.window import WindowUnderTest, fill, has_keys, quote

Opener = Callable[..., WindowUnderTest]
CIM, GS = "CIM PRB", "GS PRA"
CROSSING = Alert(0, AlertKind.PRICE, CIM, "last", Direction.UP, 24.58, sound="rise")


class Trader:
    """The window of CIM PRB over an account, its page of alerts in front or not."""

    def __init__(self, ui: WindowUnderTest) -> None:
        self.ui = ui
        fill(ui)
        self.watch = ui.window.context.sources.alerts
        assert ui.window.symbol_windows.open_named(CIM)
        (self.share,) = ui.window.symbol_windows.windows

    @property
    def tab(self) -> str:
        self.share.refresh()
        (text,) = [b.text() for b in self.share.findChildren(QPushButton) if b.text().startswith(HISTORY)]
        return text

    @property
    def panel(self) -> ShareAlertsPanel:
        self.share.refresh()
        (found,) = self.share.findChildren(ShareAlertsPanel)
        return found

    def cells(self, *keys: str) -> list[list[str]]:
        model = self.panel.model
        lines = [model.line(place) for place in range(model.shown_count)]
        return [[model.cell(line, model.table.index(key)).text for key in keys] for line in lines]

    def trade(self, last: float, symbol: str = CIM) -> None:
        self.ui.book.quotes_changed({symbol: quote(self.ui.clock, last - 0.03, last + 0.05, last)})


@pytest.fixture
def trader(ui: WindowUnderTest) -> Trader:
    return Trader(ui)


def in_front(qtbot: QtBot, window: QWidget) -> None:
    window.activateWindow()
    qtbot.waitUntil(lambda: has_keys(window))


def key(qtbot: QtBot, widget: QWidget, pressed: Qt.Key, held: Qt.KeyboardModifier | None = None) -> None:
    qtbot.keyClick(widget, pressed, held or Qt.KeyboardModifier.NoModifier)  # type: ignore[no-untyped-call]


def the_form(share: SymbolWindow) -> AlertForm:
    (form,) = [each for each in share.findChildren(AlertForm) if each.isVisible()]
    return form


def test_that_they_are_listed_below_the_history_with_figure_distance_and_state_and_no_other_shares(
    trader: Trader,
) -> None:
    trader.watch.add(CROSSING)
    trader.watch.add(Alert(0, AlertKind.PRICE, GS, "last", Direction.UP, 22.5))
    assert trader.tab == "History, alerts 1"
    trader.share.choose_tab(HISTORY)
    assert trader.cells("when", "now", "away", "state", "sound") == [
        ["last crosses 24.58 upward", "24.55", "+0.03", "Armed", "rise"]
    ]
    assert trader.panel.count.text == "1"
    assert trader.panel.remark.text == "1 more alert for any share (Ctrl+E)"


def test_that_one_is_set_switched_off_and_removed_by_keys(trader: Trader, qtbot: QtBot) -> None:
    trader.share.choose_tab(HISTORY)
    assert trader.panel.frame.empty.title.text == "No alert of this share is set."
    in_front(qtbot, trader.share)
    key(qtbot, trader.share.ladder, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    form = the_form(trader.share)
    qtbot.waitUntil(lambda: has_keys(form))
    form.figure.setText("24.60")
    key(qtbot, form.figure, Qt.Key.Key_Return)
    assert trader.cells("when") == [["last crosses 24.60"]]
    in_front(qtbot, trader.share)
    view = trader.panel.view
    view.setFocus()
    view.setCurrentIndex(trader.panel.model.index(0, 0))
    key(qtbot, view, Qt.Key.Key_Space)
    assert trader.cells("on", "state") == [["Off", "Off"]]
    assert trader.panel.count.text == "0 of 1 on"
    key(qtbot, view, Qt.Key.Key_Return)
    assert the_form(trader.share).symbol.text() == CIM
    the_form(trader.share).close()
    key(qtbot, view, Qt.Key.Key_Delete)
    assert trader.cells("on") == []
    assert [alert.symbol for alert in trader.watch.alerts] == [""]


def test_that_the_tab_counts_a_fired_alert_until_the_list_is_opened(trader: Trader, qtbot: QtBot) -> None:
    trader.watch.add(CROSSING)
    trader.trade(24.59)
    trader.trade(22.4, GS)
    assert trader.tab == "History, alerts 1 · 1 fired"
    assert trader.ui.window.top_bar.alert.text == "1 alert · CIM PRB last"
    in_front(qtbot, trader.ui.window)
    trader.share.choose_tab(HISTORY)
    assert trader.tab == "History, alerts 1 · 1 fired", "the trader looks at another window"
    in_front(qtbot, trader.share)
    assert trader.cells("state") == [["Fired 12:00:00 at 24.59"]]
    assert trader.tab == "History, alerts 1"
    assert trader.ui.window.top_bar.alert.text == ""


def test_that_hidden_values_cover_a_limit_of_mine_there_too(trader: Trader) -> None:
    trader.watch.add(Alert(0, AlertKind.PNL, CIM, "unrealized", Direction.UP, 4321.0))
    trader.watch.add(CROSSING)
    trader.share.choose_tab(HISTORY)
    trader.ui.window.menus.hide_values.setChecked(True)
    shown = " ".join(text for row in trader.cells("when", "now", "away") for text in row)
    assert "4,321" not in shown
    assert HIDDEN in shown
    assert "24.58" in shown
