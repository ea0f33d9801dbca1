"""Alerts in the window: set from a row, shown by every sign, seen, muted, changed and taken away by keys."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from psf_monitor.alerts import alert_text
from psf_monitor.alerts.store import AlertStore
from psf_monitor.alerts.watch import AlertWatch
from psf_monitor.domain.alerts.alert import Alert, AlertKind, Direction
from psf_monitor.formatting import HIDDEN
from psf_monitor.ui.alerts.form import AlertForm
from psf_monitor.ui.alerts.list_controller import open_form
from psf_monitor.ui.alerts.sounds import SOUNDS, USUAL_SOUNDS, as_wave
from psf_monitor.ui.style.theme import Tone
from tests.support.records import GUN, order, position
from tests.ui.alerts.trader import Trader, key
from tests.ui.window import WindowUnderTest, fill, has_keys, quote

Opener = Callable[..., WindowUnderTest]
CONTROL = Qt.KeyboardModifier.ControlModifier
CIM = "CIM PRB"


def the_form(trader: Trader) -> AlertForm:
    (form,) = [each for each in trader.ui.window.findChildren(AlertForm) if each.isVisible()]
    return form


def test_that_the_list_is_made_when_opened_with_everything_reported_before(
    open_window: Opener, qtbot: QtBot
) -> None:
    ui = open_window()
    fill(ui)
    section, watch = ui.window.section, ui.window.context.sources.alerts
    watch.add(Alert(0, AlertKind.PRICE, CIM, "last", Direction.UP, 24.58))
    ui.book.quotes_changed({CIM: quote(ui.clock, 24.52, 24.60, 24.59)})
    qtbot.waitUntil(lambda: section.alerts_count.text == "2")
    assert not section.has_alerts
    ui.window.menus.hide_values.trigger()
    section.show_alerts()
    assert (section.alerts.model.row_count, section.alerts.fired.model.row_count) == (2, 1)
    assert section.alerts.model.are_values_hidden


def test_that_an_alert_that_waits_is_reported_beside_a_tab_that_nobody_has_looked_at(
    open_window: Opener, qtbot: QtBot
) -> None:
    ui = open_window()
    fill(ui)
    section = ui.window.section
    ui.window.context.sources.alerts.add(Alert(0, AlertKind.PRICE, "TWO PRB", "last", Direction.UP, 24.58))
    qtbot.waitUntil(lambda: section.alerts_count.text == "2")
    ui.wait()
    assert [chip.text for chip in section.behind] == ["", "", "Alerts: 1 waiting"]


def test_that_alerts_that_are_not_kept_are_reported_beside_a_tab_that_nobody_has_looked_at(
    open_window: Opener, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    ui = open_window()
    section = ui.window.section
    why = "The alerts are not kept: there is no room."
    with monkeypatch.context() as patch:
        patch.setattr(AlertWatch, "problem", why)
        ui.window.controllers.unseen_alerts.tick()
        assert ui.window.status.news.text.endswith(f"Alerts: {why}")
        qtbot.waitUntil(lambda: section.behind[-1].text == "Alerts: FILE FAULT")
        assert section.behind[-1].toolTip() == f"Alerts: {why}"
        section.show_alerts()
        assert (section.alerts.chip.text, section.alerts.remark.text) == ("FILE FAULT", why)
    ui.window.controllers.unseen_alerts.tick()
    assert ui.window.status.news.text.endswith("Alerts: They are kept in their file again.")
    assert (section.alerts.chip.text, section.alerts.remark.text) == ("", "")


def test_that_nothing_moves_for_a_list_of_alerts_that_comes_to_the_front(
    open_window: Opener, qtbot: QtBot
) -> None:
    ui = open_window()
    fill(ui)
    section = ui.window.section
    for figure in range(12):
        ui.window.context.sources.alerts.add(
            Alert(0, AlertKind.PRICE, CIM, "last", Direction.UP, 30.0 + figure)
        )
    qtbot.waitUntil(lambda: section.alerts_count.text == "13")
    ui.wait()
    height = section.height()
    section.show_alerts()
    ui.wait()
    assert section.height() == height


def test_that_an_alert_is_set_from_a_row_by_keys_at_the_price_of_its_share(
    trader: Trader, qtbot: QtBot
) -> None:
    trader.ui.window.positions.view.selectRow(0)
    key(qtbot, trader, Qt.Key.Key_N)
    form = the_form(trader)
    assert (form.symbol.text(), form.what.currentText(), form.figure.text()) == (CIM, "last", "24.55")
    qtbot.waitUntil(lambda: has_keys(form))
    form.figure.setText("24.58")
    assert form.message.text() == "CIM PRB: last crosses 24.58."
    qtbot.keyClick(form.figure, Qt.Key.Key_Return)  # type: ignore[no-untyped-call]
    alert = trader.watch.alerts[-1]
    assert (alert.symbol, alert.what, alert.figure) == (CIM, "last", 24.58)
    qtbot.waitUntil(lambda: trader.panel.model.row_count == 2)
    assert trader.panel.count.text == "2"


NO_FIGURES = (
    ("24.5.8", "'24.5.8' is no number. Write one such as 25.125."),
    ("25,125", "'25,125' may mean 25.125 or 25125. Write 25.125 or 25125, whichever is meant."),
    ("nan", "'nan' is no number. Write one such as 25.125."),
    ("", "Give a figure."),
    ("-0", "The figure is above 0."),
    ("1" + "0" * 30, "The figure is 1e+30; it is to be below 1,000,000,000."),
    ("24.0000001", "The figure is 24.0000001; it has 6 decimals at most."),
)


def test_that_a_text_that_is_no_figure_keeps_the_form_open_with_a_message(trader: Trader) -> None:
    form = trader.ui.window.controllers.unseen_alerts.controller.open_form(None)
    form.symbol.setText(CIM)
    before = trader.watch.alerts
    for typed, text in NO_FIGURES:
        form.figure.setText(typed)
        assert form.message.property("look") != "refusal", typed
        form.save.click()
        assert form.isVisible(), typed
        assert (form.message.text(), trader.watch.alerts) == (text, before)
        assert form.message.height() >= form.message.heightForWidth(form.message.width()), typed
        assert form.message.property("look") == "refusal", typed
    form.figure.setText("1,024.5")
    assert form.message.property("look") != "refusal"
    form.save.click()
    assert trader.watch.alerts[-1].figure == 1024.5


def test_that_a_symbol_may_be_typed_in_any_case_on_a_turkish_keyboard_too(trader: Trader) -> None:
    for number, typed in enumerate(("cim  prb ", "CİM PRB", "cım prb"), 1):
        form = trader.ui.window.controllers.unseen_alerts.controller.open_form(None)
        form.symbol.setText(typed)
        form.figure.setText(f"{25 + number}")
        form.save.click()
        saved = trader.watch.alerts[-1]
        assert (saved.symbol, saved.figure) == (CIM, 25 + number), typed


def test_that_the_level_that_is_compared_is_shown_with_all_its_digits(trader: Trader) -> None:
    alert = trader.set_one(24.581254)
    trader.trade(24.59)
    assert trader.news.endswith("Alert: CIM PRB last crossed 24.581254 upward, seen 24.59")
    assert alert_text.condition(replace(alert, figure=0.000001)) == "last crosses 0.000001 upward"
    of_money = replace(alert, kind=AlertKind.PNL, what="day", figure=-1_000.5)
    assert alert_text.condition(of_money) == "day P&L crosses \u22121,000.5 upward"


def test_that_every_kind_can_be_set_in_the_form(trader: Trader) -> None:
    for kind in AlertKind:
        form = trader.ui.window.controllers.unseen_alerts.controller.open_form(None)
        form.kind.choose(kind)
        form.symbol.setText(CIM)
        form.figure.setText("15")
        form.save.click()
        assert trader.watch.alerts[-1].kind is kind, form.message.text()


def test_that_each_kind_has_a_sound_of_its_own_until_the_trader_chooses_one(
    trader: Trader, qtbot: QtBot
) -> None:
    form = trader.ui.window.controllers.unseen_alerts.controller.open_form(None)
    assert {kind: sounding(form, kind) for kind in AlertKind} == USUAL_SOUNDS
    assert form.sound.chosen == "alarm"
    qtbot.keyClick(form.sound, Qt.Key.Key_Up)  # type: ignore[no-untyped-call]
    chosen = form.sound.chosen
    assert chosen != "alarm"
    assert sounding(form, AlertKind.PRICE) == chosen
    form.close()
    trader.set_one(sound="")
    again = open_form(trader.watch.alerts[-1], trader.watch.change, trader.ui.window.theme, trader.ui.window)
    assert sounding(again, AlertKind.SIZE) == "", "silent on purpose"


def sounding(form: AlertForm, kind: AlertKind) -> str:
    form.kind.choose(kind)
    return form.sound.chosen


def test_that_an_alert_is_set_from_the_window_of_a_share(trader: Trader, qtbot: QtBot) -> None:
    row = trader.ui.window.positions.model.line(0).row
    share = trader.ui.window.symbol_windows.open(row)
    share.activateWindow()
    qtbot.waitUntil(lambda: has_keys(share))
    qtbot.keyClick(share.ladder, Qt.Key.Key_N, CONTROL)  # type: ignore[no-untyped-call]
    form = the_form(trader)
    assert (form.symbol.text(), form.what.currentText()) == (CIM, "last")
    form.close()
    share.close()


def test_that_a_row_and_an_order_offer_to_be_watched(trader: Trader) -> None:
    def choose(menu: QMenu) -> None:
        next(action for action in menu.actions() if "New" in action.text()).trigger()

    choose(trader.ui.window.controllers.row_menus.of_position(0, 0))
    the_form(trader).close()
    choose(trader.ui.window.controllers.row_menus.of_order(0, 0))
    form = next(each for each in trader.ui.window.findChildren(AlertForm) if each.isVisible())
    assert (form.symbol.text(), form.what.currentText(), form.figure.text()) == (CIM, "ask", "24.52")


def test_that_an_alert_is_reported_without_a_box_and_without_taking_the_keys(
    trader: Trader, qtbot: QtBot
) -> None:
    trader.set_one()
    focused = trader.ui.window.focusWidget()
    trader.trade(24.58)
    window = trader.ui.window
    assert trader.news.endswith("Alert: CIM PRB last crossed 24.58 upward, seen 24.58")
    assert window.status.news.tone is Tone.WARN
    assert window.top_bar.alert.text == "1 alert · CIM PRB last"
    assert window.windowTitle().startswith("(1) ")
    assert trader.played == ["rise"]
    assert window.controllers.unseen_alerts.controller.marks == {CIM: "last"}
    assert window.focusWidget() is focused
    key(qtbot, trader, Qt.Key.Key_E)
    assert window.section.shows_alerts
    assert (window.top_bar.alert.text, window.controllers.unseen_alerts.controller.marks) == ("", {})
    assert not window.windowTitle().startswith("(")


def test_that_selecting_a_row_removes_its_alert_mark_but_not_the_log_entry(trader: Trader) -> None:
    trader.set_one()
    trader.trade(24.58)
    trader.ui.window.positions.view.selectRow(2)
    assert trader.ui.window.top_bar.alert.text
    trader.ui.window.positions.view.selectRow(0)
    assert trader.ui.window.top_bar.alert.text == ""
    trader.panel.log.setChecked(True)
    trader.ui.wait()
    reported = trader.panel.fired.model
    assert reported.cell(reported.line(0), reported.table.index("seen")).text == "24.58"


def test_that_the_list_shows_current_figure_distance_and_state(trader: Trader) -> None:
    trader.set_one(24.60)
    trader.ui.wait()
    place = next(n for n in range(2) if trader.cell("symbol", n) == CIM)
    reported = [trader.cell(name, place) for name in ("when", "now", "away", "state", "sound", "again")]
    assert reported == ["last crosses 24.60 upward", "24.55", "+0.05", "Armed", "rise", "once"]
    trader.ui.lose_hammer()
    trader.ui.wait()
    assert (trader.cell("now", place), trader.cell("state", place)) == ("—", "Waiting, quotes frozen")
    trader.ui.book.quotes_live()
    trader.trade(24.61)
    trader.ui.wait()
    assert trader.cell("state", place) == "Fired 12:00:02 at 24.61"


def test_that_one_key_mutes_and_unmutes(trader: Trader, qtbot: QtBot) -> None:
    trader.set_one()
    key(qtbot, trader, Qt.Key.Key_M)
    trader.trade(24.58)
    assert trader.played == []
    assert trader.ui.window.top_bar.alert.text
    assert trader.panel.mute.isChecked()
    trader.ui.wait()
    assert {trader.cell("state", n) for n in range(2)} >= {"Armed, muted until 12:10"}
    key(qtbot, trader, Qt.Key.Key_M)
    assert not trader.panel.mute.isChecked()


def test_that_the_list_is_worked_by_keys(trader: Trader, qtbot: QtBot) -> None:
    trader.set_one()
    trader.ui.wait()
    key(qtbot, trader, Qt.Key.Key_E)
    view = trader.panel.view
    place = next(n for n in range(2) if trader.cell("symbol", n) == CIM)
    view.setCurrentIndex(trader.panel.model.index(place, 0))
    qtbot.keyClick(view, Qt.Key.Key_Space)  # type: ignore[no-untyped-call]
    assert [alert.is_on for alert in trader.watch.alerts] == [True, False]
    qtbot.keyClick(view, Qt.Key.Key_Return)  # type: ignore[no-untyped-call]
    the_form(trader).close()
    qtbot.keyClick(view, Qt.Key.Key_Delete)  # type: ignore[no-untyped-call]
    assert len(trader.watch.alerts) == 1


def test_that_a_filled_order_is_reported_without_any_alert_set(trader: Trader) -> None:
    trader.watch.check()
    now = order(CIM, limit_price=24.52, filled=500, status="Filled", average_fill_price=24.52)
    trader.ui.book.order_changed(GUN, now)
    trader.watch.check()
    assert "GUN BUY CIM PRB filled: 500 of 500 at 24.52" in trader.news
    assert trader.played == ["chime"]


def test_that_hide_values_covers_the_figures_of_mine_and_no_price(trader: Trader) -> None:
    trader.watch.add(Alert(0, AlertKind.PNL, CIM, "unrealized", Direction.UP, 4321.0))
    trader.set_one()
    trader.ui.window.menus.hide_values.setChecked(True)
    text = " ".join(trader.cell(name, n) for name in ("when", "now", "away") for n in range(3))
    assert "4,321" not in text
    assert HIDDEN in text
    assert "24.58" in text
    trader.ui.book.positions_replaced(GUN, [position(CIM, 30_000, 23.0)])
    trader.watch.check()
    assert "4,321" not in trader.news


def test_that_a_copied_list_is_plain(trader: Trader, qtbot: QtBot) -> None:
    trader.set_one()
    trader.ui.wait()
    trader.ui.window.section.show_alerts()
    trader.panel.view.selectAll()
    trader.panel.view.setFocus()
    key(qtbot, trader, Qt.Key.Key_C)
    assert "0.03" in QGuiApplication.clipboard().text().split("\t")


def test_that_alerts_are_there_again_after_a_restart(open_window: Opener, tmp_path: Path) -> None:
    path = tmp_path / "alerts.json"

    def over(ui: WindowUnderTest) -> AlertWatch:
        return AlertWatch(ui.book, ui.fills, ui.links, ui.clock, AlertStore(path))

    first = over(open_window())
    first.add(Alert(0, AlertKind.PRICE, CIM, "last", Direction.UP, 24.58))
    first.save()
    assert [alert.figure for alert in over(open_window()).alerts] == [None, 24.58]


@pytest.mark.parametrize("name", SOUNDS)
def test_that_each_sound_is_a_short_one(name: str) -> None:
    data = as_wave(name)
    assert data[:4] == b"RIFF"
    assert 4_000 < len(data) < 60_000


def test_that_now_and_away_are_of_the_frame_in_which_the_row_shows_the_price(
    trader: Trader, qtbot: QtBot
) -> None:
    trader.set_one()
    trader.ui.window.section.show_alerts()
    qtbot.waitUntil(lambda: trader.panel.model.row_count == 2)
    place = next(at for at in range(2) if trader.cell("symbol", at) == CIM)
    seen: list[tuple[str, ...]] = []

    def look() -> None:
        seen.append((trader.ui.cell("last"), trader.cell("now", place), trader.cell("away", place)))

    trader.ui.window.refresh.added_up.connect(look)
    for last, shown in ((24.56, ("24.56", "24.56", "+0.02")), (24.57, ("24.57", "24.57", "+0.01"))):
        seen.clear()
        trader.trade(last)
        qtbot.waitUntil(lambda: bool(seen))
        assert seen[0] == shown
