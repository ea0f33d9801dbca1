"""A day by keyboard alone: find a share, read what is ahead, set a price alert, copy the sums."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from psf_monitor.domain.depth import Depth, DepthLevel, DepthReport, DepthState
from psf_monitor.ui.alerts.form import AlertForm
from psf_monitor.ui.symbol.window import SymbolWindow
from tests.support.records import NOON
from tests.ui.window import WindowUnderTest, fill, has_keys, quote

CIM = "CIM PRB"
DEPTH = Depth(
    (DepthLevel(24.54, 600, "NYSE"), DepthLevel(24.52, 1500, "NYSE"), DepthLevel(24.52, 800, "ARCA")),
    (DepthLevel(24.60, 400, "NSDQ"),),
)
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


class Keys:
    """The keyboard: keys go to the focused widget of the active window."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot

    def __call__(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        self._qtbot.keyClick(self.at(), key, held)  # type: ignore[no-untyped-call]

    def write(self, text: str) -> None:
        self._qtbot.keyClicks(self.at(), text)  # type: ignore[no-untyped-call]

    def at(self) -> QWidget:
        widget = QApplication.focusWidget() or QApplication.activeWindow()
        assert widget is not None
        return widget

    def wait_for(self, window: QWidget) -> None:
        self._qtbot.waitUntil(lambda: has_keys(window))


@pytest.fixture
def keys(qtbot: QtBot) -> Keys:
    return Keys(qtbot)


def the_share(ui: WindowUnderTest) -> SymbolWindow:
    (window,) = ui.window.symbol_windows.windows
    return window


def trade(ui: WindowUnderTest, last: float) -> None:
    ui.book.quotes_changed({CIM: quote(ui.clock, 24.54, 24.60, last)})
    ui.window.context.sources.alerts.check()


def test_that_a_share_is_found_read_watched_and_added_up_without_a_mouse(
    ui: WindowUnderTest, keys: Keys
) -> None:
    fill(ui)
    window = ui.window
    trade(ui, 24.55)
    keys(Qt.Key.Key_F, CONTROL)
    keys.write("cim")
    keys(Qt.Key.Key_Down)
    assert window.positions.view.hasFocus()
    keys(Qt.Key.Key_Return)
    share = the_share(ui)
    keys.wait_for(share)
    assert share.share.symbol == CIM
    assert keys.at() is share.ladder
    report = DepthReport(DepthState.LIVE, DEPTH, NOON, NOON)
    ui.book.depths.depth_changed({CIM: replace(report)})
    share.refresh()

    keys(Qt.Key.Key_Home)
    keys(Qt.Key.Key_Down, CONTROL)
    assert "24.52 bid 2,300: NYSE 1,500, ARCA 800" in share.explaining.text
    assert "GUN BUY: at most 2,400 ahead = 600 better + 1,800 here" in share.explaining.text

    keys(Qt.Key.Key_N, CONTROL)
    (form,) = share.findChildren(AlertForm)
    keys.wait_for(form)
    assert (form.symbol.text(), form.figure.text()) == (CIM, "24.52")
    assert keys.at() is form.figure
    keys.write("24.58")
    keys(Qt.Key.Key_Return)
    alert = window.context.sources.alerts.alerts[-1]
    assert (alert.symbol, alert.what, alert.figure) == (CIM, "last", 24.58)

    keys.wait_for(share)
    trade(ui, 24.59)
    share.refresh()
    assert window.status.news.text.endswith("Alert: CIM PRB last crossed 24.58, seen 24.59")
    assert window.windowTitle().startswith("(1) ")
    keys(Qt.Key.Key_E, CONTROL)
    keys.wait_for(window)
    assert keys.at() is window.alerts.view
    assert not window.windowTitle().startswith("(")

    share.activateWindow()
    keys.wait_for(share)
    keys(Qt.Key.Key_Escape)
    keys.wait_for(window)
    assert not window.symbol_windows.windows
    keys(Qt.Key.Key_X, CONTROL | SHIFT)
    titles, sums = (line.split("\t") for line in QGuiApplication.clipboard().text().split("\n"))
    assert dict(zip(titles, sums, strict=True))[""] == "Sum of 2 rows"
    assert dict(zip(titles, sums, strict=True))["Mkt value"] == f"{4400 * 24.59:.2f}".rstrip("0").rstrip(".")
    keys(Qt.Key.Key_Escape)
    assert window.context.selection.text == ""


def test_that_enter_in_the_filter_chooses_the_first_row_and_keeps_one_that_is_chosen(
    ui: WindowUnderTest, keys: Keys
) -> None:
    fill(ui)
    view = ui.window.positions.view
    keys(Qt.Key.Key_F, CONTROL)
    keys(Qt.Key.Key_Return)
    assert [row.symbol for row in view.selected_rows()] == [CIM]
    assert view.hasFocus()
    view.selectRow(2)
    keys(Qt.Key.Key_F, CONTROL)
    keys(Qt.Key.Key_Return)
    assert [row.symbol for row in view.selected_rows()] == ["GS PRA"]
    keys(Qt.Key.Key_F, CONTROL)
    keys.write("no such share")
    keys(Qt.Key.Key_Return)
    assert keys.at() is ui.window.positions.filter_box, "there is no row to go to"
