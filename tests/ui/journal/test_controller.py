"""Past days and the snapshot on demand: out of the journal."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from psf_monitor.problem import Problem
from tests.support.fill_records import fill
from tests.support.records import GUN, PED
from tests.ui.fills_tab import Record, column, report
from tests.ui.journal.dialogs import days, export, gains, history
from tests.ui.journal.recorded_days import BOUGHT, CLOSE, MONDAY, YESTERDAY, recorded_day, watched
from tests.ui.service import Service
from tests.ui.window import ACCOUNTS, WindowUnderTest

pytestmark = pytest.mark.unseen

Opener = Callable[..., WindowUnderTest]


# Past days.


def test_that_the_days_are_listed_latest_first_with_today_on_top(ui: WindowUnderTest) -> None:
    assert days(history(ui)) == ["Today", "Thu 2026-09-17    4 fills", "Mon 2026-09-14    0 fills"]


@pytest.mark.seen
def test_that_a_chosen_day_is_shown_as_recorded(ui: WindowUnderTest) -> None:
    dialog = history(ui)
    dialog.days.itemActivated.emit(dialog.days.item(1))
    panel = ui.window.fills
    assert panel.isVisible()
    assert column(panel, "symbol") == ["CIM PRB", "T PRC", "GS PRA", "MS PRK"]
    assert panel.day_button.text() == "Thu 2026-09-17"
    watched = "As recorded  ·  GUN watched 10:00:05 to 16:00:05 ET  ·  PED watched 10:00:05 to 16:00:05 ET"
    evening = "what was traded on the evening before, 20:00:00 to 00:00:00 New York, is not known"
    after_hours = "what was traded after hours, 16:00:05 to 20:00:00 New York, is not known"
    both = "IBKR_GUN and IBKR_PED: 2026-09-17"
    assert panel.remark.text == (
        f"{watched}  ·  {both}: {evening}; the broker's list began after it."
        f"  ·  {both}: {after_hours}; the broker's last list came before."
    )
    assert panel.remark.drawn == "As recorded  ·  …  ·  the evening before and after hours are not known"
    assert (panel.chip.text, panel.warning.text) == ("", "")


@pytest.mark.seen
def test_that_a_past_day_does_not_widen_the_window(ui: WindowUnderTest) -> None:
    window = ui.window
    window.controllers.fills.show_day(YESTERDAY)
    window.resize(940, 720)
    QApplication.processEvents()
    assert (window.width(), window.fills.back.isVisible()) == (940, True)
    assert window.minimumSizeHint().width() <= 940


def test_that_the_totals_of_a_past_day_are_those_of_its_rows(ui: WindowUnderTest) -> None:
    ui.window.fills.by_symbol.click()
    ui.window.controllers.fills.show_day(YESTERDAY)
    assert column(ui.window.fills.totals, "symbol") == ["CIM PRB", "GS PRA", "MS PRK", "T PRC"]
    assert column(ui.window.fills.totals, "realized_pnl") == ["—", "+83.50", "—", "−20.00"]


@pytest.mark.seen
def test_that_one_click_leads_back_to_today(ui: WindowUnderTest, qtbot: QtBot) -> None:
    ui.window.controllers.fills.show_day(YESTERDAY)
    panel = ui.window.fills
    assert panel.back.isVisible()
    qtbot.mouseClick(panel.back, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    assert column(panel, "symbol") == ["NLY PRG"]
    assert panel.day_button.text() == "Today"
    assert not panel.back.isVisible()


@pytest.mark.seen
def test_that_a_fill_while_a_past_day_is_shown_appears_on_returning_to_today(ui: WindowUnderTest) -> None:
    ui.fills.fills_listed(GUN, [ACCOUNTS[GUN]])
    ui.window.menus.announce_fills.trigger()
    ui.window.controllers.fills.show_day(YESTERDAY)
    report(ui, fill("1.2", "PSA PRS"))
    panel = ui.window.fills
    assert "PSA PRS" not in column(panel, "symbol")
    assert ui.window.controllers.fills.toast.isVisible()
    ui.window.controllers.fills.show_day(None)
    assert set(column(panel, "symbol")) == {"NLY PRG", "PSA PRS"}


def test_that_a_day_that_was_not_watched_to_its_end_is_reported(ui: WindowUnderTest, record: Record) -> None:
    early = watched(ACCOUNTS[GUN], CLOSE - timedelta(hours=2))
    record.book.kept[YESTERDAY] = recorded_day(YESTERDAY, BOUGHT, seen=(early,))
    ui.window.controllers.fills.show_day(YESTERDAY)
    panel = ui.window.fills
    assert panel.chip.text == "INCOMPLETE"
    assert "watched until 14:00:05" in panel.warning.text
    assert "Nothing was watched of IBKR_PED." in panel.warning.text


def test_that_an_empty_past_day_names_what_was_not_watched(ui: WindowUnderTest) -> None:
    ui.window.controllers.fills.show_day(MONDAY)
    empty = ui.window.fills.frame.empty
    assert not empty.isHidden()
    assert empty.shown.title == "No fills recorded on Mon 2026-09-14"
    assert empty.shown.steps == ("Nothing was watched of IBKR_GUN and IBKR_PED.",)


def test_that_the_filter_holds_for_a_past_day(ui: WindowUnderTest) -> None:
    ui.window.controllers.fills.show_day(YESTERDAY)
    ui.window.positions.filter_box.setText("gs")
    assert column(ui.window.fills, "symbol") == ["GS PRA"]
    ui.window.positions.filter_box.setText("XYZ")
    assert "XYZ" in ui.window.fills.frame.empty.shown.title


def test_that_a_day_that_cannot_be_read_is_reported_and_today_stays(
    ui: WindowUnderTest, record: Record
) -> None:
    record.book.is_broken = True
    ui.window.controllers.fills.show_day(YESTERDAY)
    assert "The journal cannot be read." in ui.window.status.news.text
    assert column(ui.window.fills, "symbol") == ["NLY PRG"]
    assert history(ui).message.text() == "The journal cannot be read."


def test_that_the_last_day_requested_is_shown(ui: WindowUnderTest, record: Record) -> None:
    record.waits = True
    ui.window.controllers.fills.show_day(YESTERDAY)
    ui.window.controllers.fills.show_day(None)
    record.answer()
    assert ui.window.fills.day is None
    assert column(ui.window.fills, "symbol") == ["NLY PRG"]


def test_that_a_dialog_that_was_closed_hears_no_answer(ui: WindowUnderTest, record: Record) -> None:
    record.waits = True
    for open_it in (history, export, gains):
        open_it(ui).close()
    assert not record.waiting


def test_that_without_a_journal_there_is_only_today(open_window: Opener) -> None:
    window = open_window(service=Service()).window
    menus = window.menus
    assert not any(a.isEnabled() for a in (menus.history, menus.export, menus.gains, menus.snapshot))
    assert not window.fills.day_button.isEnabled()


def test_that_a_problem_with_the_file_is_reported_without_its_folder(
    ui: WindowUnderTest, record: Record
) -> None:
    record.problem = Problem(
        "The journal /home/trader/j.sqlite3 cannot be written.", "Full.", "", "Journal: disk full", ""
    )
    ui.window.show_now()
    panel = ui.window.fills
    assert (panel.chip.text, panel.warning.text) == ("JOURNAL FAULT", "Journal: disk full")
    assert "/home/trader" in panel.warning.toolTip()


def test_that_a_problem_with_the_file_is_news_whichever_table_is_in_front(
    ui: WindowUnderTest, record: Record
) -> None:
    what = "The journal /home/trader/j.sqlite3 cannot be written."
    record.problem = Problem(what, "Full.", "Free some space on it.", "Journal: disk full", "")
    ui.window.show_now()
    assert ui.window.status.news.text.endswith("Journal: disk full. Free some space on it.")
    assert "/home/trader" not in ui.window.status.news.text
    record.problem = None
    ui.window.show_now()
    assert ui.window.status.news.text.endswith("Journal: it is written again")


# The snapshot.


def test_that_a_snapshot_is_taken_on_request_and_reported(ui: WindowUnderTest, record: Record) -> None:
    record.loaded = (GUN, PED)
    ui.window.menus.snapshot.trigger()
    assert record.snapshots == 1
    assert "snapshot of IBKR_GUN and IBKR_PED taken" in ui.window.status.news.text


def test_that_a_snapshot_of_nothing_is_not_called_one(ui: WindowUnderTest) -> None:
    ui.window.menus.snapshot.trigger()
    assert "no snapshot was taken" in ui.window.status.news.text


def test_that_a_snapshot_that_cannot_be_written_is_not_called_taken(
    ui: WindowUnderTest, record: Record
) -> None:
    record.loaded = (GUN,)
    record.problem = Problem("The journal cannot be written.", "Full.", "", "Journal: disk full", "")
    ui.window.menus.snapshot.trigger()
    assert "disk full; the snapshot waits in memory" in ui.window.status.news.text


def test_that_no_dialog_stops_the_window(ui: WindowUnderTest) -> None:
    for open_it in (history, export, gains):
        assert not open_it(ui).isModal()
