"""The day's P&L as a picture: every login's and that of all, and nothing that is not known."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from psf_monitor.domain.fills.journal_records import DayPoint
from psf_monitor.domain.fills.trade_date import SHARES
from psf_monitor.formatting import HIDDEN
from psf_monitor.ui.journal.pnl_curve_window import PnlCurveWindow, curves_of, legend_of, moved_apart
from tests.support.records import GUN, NOON, PED
from tests.ui.window import WindowUnderTest, fill, has_keys


@pytest.fixture
def full(ui: WindowUnderTest) -> WindowUnderTest:
    fill(ui)
    curve = ui.book.day.curve
    curve.restore(
        DayPoint(NOON - timedelta(minutes=30 - n), mode, figure * n)
        for n in range(20)
        for mode, figure in ((GUN, 10.0), (PED, -3.0), (None, 7.0))
    )
    return ui


def opened(ui: WindowUnderTest) -> PnlCurveWindow:
    ui.window.menus.curve.trigger()
    (window,) = ui.window.findChildren(PnlCurveWindow)
    return window


def test_that_it_is_opened_once_by_its_key_and_closed_by_esc(full: WindowUnderTest, qtbot: QtBot) -> None:
    window = opened(full)
    assert opened(full) is window
    qtbot.waitUntil(lambda: has_keys(window))
    with qtbot.waitSignal(window.destroyed):
        QTest.keyClick(window, Qt.Key.Key_Escape)


def test_that_every_login_has_its_curve_and_its_figure_of_now(full: WindowUnderTest) -> None:
    window = opened(full)
    assert [curve.mode for curve in window.curves] == [None, GUN, PED]
    assert window.curves == curves_of(full.book, (GUN, PED))
    strip = full.book.strip(GUN)
    assert window.curves[1].now == strip.day_pnl
    assert "a point a minute since 11:30 ET" in window.legend.text
    assert f"GUN +{strip.day_pnl:,.0f}" in window.legend.text
    assert not window.picture.grab().isNull()


def test_that_it_reports_once_that_the_evening_before_is_not_known(full: WindowUnderTest) -> None:
    window = opened(full)
    assert "evening" not in window.legend.text
    for mode in (GUN, PED):
        full.book.trades_unknown(mode, "", {SHARES: "as if nothing was traded on the evening before."})
    window.refresh()
    assert window.legend.text.count("the evening before is not known") == 1
    assert window.picture.toolTip() == "as if nothing was traded on the evening before."


def test_that_hidden_values_cover_its_figures(full: WindowUnderTest) -> None:
    window = opened(full)
    shown = window.picture.grab().toImage()
    full.window.menus.hide_values.setChecked(True)
    assert HIDDEN in window.legend.text
    assert "GUN +" not in window.legend.text
    assert window.picture.grab().toImage() != shown


def test_that_old_figures_are_called_old_and_none_is_made_up(full: WindowUnderTest) -> None:
    full.lose_hammer()
    curves = curves_of(full.book, (GUN, PED))
    assert all(curve.is_old for curve in curves)
    assert "(old)" in legend_of(curves, hides=False)
    assert legend_of([], hides=False) == "Nothing is known of today yet"


def test_that_the_names_of_curves_that_end_together_are_below_each_other() -> None:
    assert moved_apart([50.0, 52.0, 20.0, 51.0]) == [50.0, 72.0, 20.0, 61.0]
    assert moved_apart([]) == []
