"""Past days, files of fills and of gains, and the snapshot on demand: all out of the journal."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from psf_monitor.domain.fills.fill import Fill
from psf_monitor.domain.fills.journal_records import Coverage, RecordedDay
from psf_monitor.formatting import HIDDEN
from psf_monitor.problem import Problem
from psf_monitor.ui.journal.export_dialog import ExportDialog, read_day
from psf_monitor.ui.journal.form import shortened
from psf_monitor.ui.journal.gains_dialog import GAINS, GainsDialog
from psf_monitor.ui.journal.history_dialog import HistoryDialog
from tests.fill_records import fill
from tests.records import GUN, NOON, PED
from tests.ui.fills_tab import Book, Record, column, tell
from tests.ui.service import Service
from tests.ui.window import ACCOUNTS, WindowUnderTest

Opener = Callable[..., WindowUnderTest]

TODAY = date(2026, 9, 18)
YESTERDAY = date(2026, 9, 17)
MONDAY = date(2026, 9, 14)
CLOSE = datetime(2026, 9, 17, 20, 0, 5, tzinfo=UTC)


def watched(mode_account: str, until: datetime = CLOSE) -> Coverage:
    mode = PED if mode_account == ACCOUNTS[PED] else GUN
    return Coverage(until.date(), mode, mode_account, until - timedelta(hours=6), until)


BOUGHT = fill("y.1", "MS PRK", "BUY", 300, 24.9, at=CLOSE - timedelta(hours=3), commission=1.0)
SOLD = fill(
    "y.2", "GS PRA", "SELL", 200, 22.0, at=CLOSE - timedelta(hours=2), commission=1.25, realized_pnl=83.5
)
COVERED = fill(
    "y.3", "T PRC", "BUY", 100, 19.0, at=CLOSE - timedelta(hours=1), commission=0.5, realized_pnl=-20.0
)
OF_PED = fill("y.4", "CIM PRB", at=CLOSE - timedelta(hours=1), account=ACCOUNTS[PED], mode=PED)


def kept(day: date, *fills: Fill, seen: tuple[Coverage, ...] = ()) -> RecordedDay:
    return RecordedDay(day, fills, seen, ())


@pytest.fixture
def record() -> Record:
    both = (watched(ACCOUNTS[GUN]), watched(ACCOUNTS[PED]))
    return Record(
        Book(
            {
                MONDAY: kept(MONDAY),
                YESTERDAY: kept(YESTERDAY, BOUGHT, SOLD, COVERED, OF_PED, seen=both),
                TODAY: kept(TODAY),
            }
        )
    )


@pytest.fixture
def ui(open_window: Opener, record: Record) -> WindowUnderTest:
    opened = open_window(service=Service(record=record))
    tell(opened, fill("1.1", "NLY PRG"))
    return opened


def only(ui: WindowUnderTest, kind: type[QDialog]) -> QDialog:
    (found,) = [each for each in ui.window.findChildren(kind) if each.isVisible()]
    return found


def history(ui: WindowUnderTest) -> HistoryDialog:
    ui.window.menus.history.trigger()
    dialog = only(ui, HistoryDialog)
    assert isinstance(dialog, HistoryDialog)
    return dialog


def export(ui: WindowUnderTest) -> ExportDialog:
    ui.window.menus.export.trigger()
    dialog = only(ui, ExportDialog)
    assert isinstance(dialog, ExportDialog)
    return dialog


def gains(ui: WindowUnderTest) -> GainsDialog:
    ui.window.menus.gains.trigger()
    dialog = only(ui, GainsDialog)
    assert isinstance(dialog, GainsDialog)
    return dialog


def days(dialog: HistoryDialog) -> list[str]:
    return [dialog.days.item(row).text() for row in range(dialog.days.count())]


# Past days.


def test_that_the_days_are_listed_latest_first_with_today_on_top(ui: WindowUnderTest) -> None:
    assert days(history(ui)) == ["Today", "Thu 2026-09-17    4 fills", "Mon 2026-09-14    0 fills"]


def test_that_a_chosen_day_is_shown_as_recorded(ui: WindowUnderTest) -> None:
    dialog = history(ui)
    dialog.days.itemActivated.emit(dialog.days.item(1))
    panel = ui.window.fills
    assert panel.isVisible()
    assert column(panel, "symbol") == ["CIM PRB", "T PRC", "GS PRA", "MS PRK"]
    assert panel.day_button.text() == "Thu 2026-09-17"
    assert panel.remark.text == (
        "As recorded  ·  GUN watched 10:00:05 to 16:00:05 ET  ·  PED watched 10:00:05 to 16:00:05 ET"
    )
    assert (panel.chip.text, panel.warning.text) == ("", "")


def test_that_the_totals_of_a_past_day_are_those_of_its_rows(ui: WindowUnderTest) -> None:
    ui.window.fills.by_symbol.click()
    ui.window.fills_controller.show_day(YESTERDAY)
    assert column(ui.window.fills.totals, "symbol") == ["CIM PRB", "GS PRA", "MS PRK", "T PRC"]
    assert column(ui.window.fills.totals, "realized_pnl") == ["—", "+83.50", "—", "−20.00"]


def test_that_one_click_leads_back_to_today(ui: WindowUnderTest, qtbot: QtBot) -> None:
    ui.window.fills_controller.show_day(YESTERDAY)
    panel = ui.window.fills
    assert panel.back.isVisible()
    qtbot.mouseClick(panel.back, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    assert column(panel, "symbol") == ["NLY PRG"]
    assert panel.day_button.text() == "Today"
    assert not panel.back.isVisible()


def test_that_what_is_filled_meanwhile_is_there_on_the_way_back_and_not_before(ui: WindowUnderTest) -> None:
    ui.fills.fills_listed(GUN, [ACCOUNTS[GUN]])
    ui.window.menus.tell_fills.trigger()
    ui.window.fills_controller.show_day(YESTERDAY)
    tell(ui, fill("1.2", "PSA PRS"))
    panel = ui.window.fills
    assert "PSA PRS" not in column(panel, "symbol")
    assert ui.window.fills_controller.toast.isVisible()
    ui.window.fills_controller.show_day(None)
    assert set(column(panel, "symbol")) == {"NLY PRG", "PSA PRS"}


def test_that_a_day_that_was_not_watched_to_its_end_says_so(ui: WindowUnderTest, record: Record) -> None:
    early = watched(ACCOUNTS[GUN], CLOSE - timedelta(hours=2))
    record.book.kept[YESTERDAY] = kept(YESTERDAY, BOUGHT, seen=(early,))
    ui.window.fills_controller.show_day(YESTERDAY)
    panel = ui.window.fills
    assert panel.chip.text == "INCOMPLETE"
    assert "watched until 14:00:05" in panel.warning.text
    assert "Nothing was watched of IBKR_PED." in panel.warning.text


def test_that_an_empty_past_day_says_what_was_not_watched(ui: WindowUnderTest) -> None:
    ui.window.fills_controller.show_day(MONDAY)
    empty = ui.window.fills.frame.empty
    assert not empty.isHidden()
    assert empty.shown.title == "No fills recorded on Mon 2026-09-14"
    assert empty.shown.steps == ("Nothing was watched of IBKR_GUN and IBKR_PED.",)


def test_that_the_filter_holds_for_a_past_day(ui: WindowUnderTest) -> None:
    ui.window.fills_controller.show_day(YESTERDAY)
    ui.window.positions.filter_box.setText("gs")
    assert column(ui.window.fills, "symbol") == ["GS PRA"]
    ui.window.positions.filter_box.setText("XYZ")
    assert "XYZ" in ui.window.fills.frame.empty.shown.title


def test_that_a_day_that_cannot_be_read_is_said_and_today_stays(ui: WindowUnderTest, record: Record) -> None:
    record.book.is_broken = True
    ui.window.fills_controller.show_day(YESTERDAY)
    assert "The journal cannot be read." in ui.window.status.news.text
    assert column(ui.window.fills, "symbol") == ["NLY PRG"]
    assert history(ui).message.text() == "The journal cannot be read."


def test_that_the_last_wish_counts(ui: WindowUnderTest, record: Record) -> None:
    record.waits = True
    ui.window.fills_controller.show_day(YESTERDAY)
    ui.window.fills_controller.show_day(None)
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


def test_that_trouble_with_the_file_is_said_without_its_folder(ui: WindowUnderTest, record: Record) -> None:
    record.problem = Problem(
        "The journal /home/trader/j.sqlite3 cannot be written.", "Full.", "", "Journal: disk full", ""
    )
    ui.window.show_now()
    panel = ui.window.fills
    assert (panel.chip.text, panel.warning.text) == ("JOURNAL", "Journal: disk full")
    assert "/home/trader" in panel.warning.toolTip()


# Files.


def test_that_fills_are_exported_by_account_and_days(
    ui: WindowUnderTest, record: Record, tmp_path: Path
) -> None:
    record.book.missing = ("U1240821: Nothing was watched on 2026-09-15.",)
    dialog = export(ui)
    names = [dialog.account.itemText(row) for row in range(dialog.account.count())]
    assert names == ["All accounts", "IBKR_GUN  U••••821", "IBKR_PED  U••••037"]
    dialog.account.setCurrentIndex(2)
    dialog.first.setText("2026-09-14")
    dialog.last.setText("2026-09-17")
    dialog.file.setText(str(tmp_path / "fills.csv"))
    dialog.save.click()
    assert record.book.written == [(tmp_path / "fills.csv", (ACCOUNTS[PED],), MONDAY, YESTERDAY, NOON)]
    assert dialog.message.text().startswith(f"4 fills written to {tmp_path / 'fills.csv'}.")
    assert dialog.message.text().endswith("\nU••••821: Nothing was watched on 2026-09-15.")
    assert dialog.save.isEnabled()


def test_that_all_accounts_is_no_account_in_particular(
    ui: WindowUnderTest, record: Record, tmp_path: Path
) -> None:
    dialog = export(ui)
    dialog.file.setText(str(tmp_path / "fills.csv"))
    dialog.save.click()
    assert record.book.written[0][1] == ()


@pytest.mark.parametrize(
    ("first", "last", "file", "words"),
    [
        ("2026-13-01", "2026-09-18", "x.csv", "YYYY-MM-DD"),
        ("", "2026-09-18", "x.csv", "YYYY-MM-DD"),
        ("2026-09-18", "2026-09-17", "x.csv", "before the first"),
        ("2026-09-17", "2026-09-18", "", "Give the file a name"),
        ("2026-09-17", "2026-09-18", "nowhere/x.csv", "There is no folder"),
    ],
)
def test_that_a_wrong_wish_is_said_in_place_and_nothing_is_written(
    ui: WindowUnderTest, record: Record, tmp_path: Path, first: str, last: str, file: str, words: str
) -> None:
    dialog = export(ui)
    dialog.first.setText(first)
    dialog.last.setText(last)
    dialog.file.setText(str(tmp_path / file) if file else "")
    dialog.save.click()
    assert words in dialog.message.text()
    assert not record.book.written


def test_that_a_file_that_cannot_be_written_is_said_and_can_be_tried_again(
    ui: WindowUnderTest, record: Record, tmp_path: Path
) -> None:
    dialog = export(ui)
    dialog.file.setText(str(tmp_path / "fills.csv"))
    record.book.is_broken = True
    dialog.save.click()
    assert dialog.message.text() == "The journal cannot be read."
    record.book.is_broken = False
    dialog.save.click()
    assert record.book.written


def test_that_the_proposed_name_follows_the_days_until_it_is_changed(
    ui: WindowUnderTest, qtbot: QtBot
) -> None:
    dialog = export(ui)
    assert Path(dialog.file.text()).name == "fills_2026-09-01_2026-09-18.csv"
    dialog.first.clear()
    qtbot.keyClicks(dialog.first, "2026-09-10")  # type: ignore[no-untyped-call]
    assert Path(dialog.file.text()).name == "fills_2026-09-10_2026-09-18.csv"
    dialog.file.setText("mine.csv")
    qtbot.keyClicks(dialog.first, "1")  # type: ignore[no-untyped-call]
    assert dialog.file.text() == "mine.csv"


def test_that_browsing_fills_the_file_in_and_stops_nothing(ui: WindowUnderTest, tmp_path: Path) -> None:
    dialog = export(ui)
    dialog.browse.click()
    chooser = dialog.findChild(QFileDialog)
    assert chooser is not None
    chooser.fileSelected.emit(str(tmp_path / "chosen.csv"))
    assert dialog.file.text() == str(tmp_path / "chosen.csv")
    chooser.close()


@pytest.mark.parametrize("words", ["2026-02-30", "18.09.2026", "2026-09", "", "x"])
def test_that_what_is_no_day_is_none(words: str) -> None:
    assert read_day(words) is None


def test_that_many_sentences_are_shortened_and_counted() -> None:
    said = shortened([f"{n}" for n in range(20)], "the file")
    assert len(said) == 9
    assert said[-1] == "And 12 more, which the file names."


# Gains.


def test_that_the_gains_of_an_account_and_year_are_the_brokers(ui: WindowUnderTest) -> None:
    dialog = gains(ui)
    said = {each.key: column(dialog.table, each.key) for each in GAINS.columns if not each.is_hidden}
    assert said == {
        "day": ["2026-09-17", "2026-09-17"],
        "symbol": ["GS PRA", "T PRC"],
        "action": ["Sell", "Cover"],
        "quantity": ["200", "100"],
        "cost_basis": ["4,315.25", "1,900.50"],
        "proceeds": ["4,398.75", "1,880.50"],
        "gain": ["+83.50", "−20.00"],
        "currency": ["USD", "USD"],
    }
    total = dialog.table.frame.total
    assert total is not None
    assert {key: words for key, (words, _tone) in total.figures.figures.items()} == {
        "cost_basis": "6,215.75",
        "proceeds": "6,279.25",
        "gain": "+63.50",
    }
    assert "Nothing was watched" in dialog.missing.text()


def test_that_another_year_or_account_is_read_anew(ui: WindowUnderTest) -> None:
    dialog = gains(ui)
    dialog.year.setCurrentText("2025")
    assert dialog.table.model.row_count == 0
    assert dialog.table.frame.empty.shown.title == "No realized gain of 2025 is recorded."
    dialog.year.setCurrentText("2026")
    assert dialog.table.model.row_count == 2
    dialog.account.setCurrentIndex(1)
    assert dialog.table.model.row_count == 0
    assert "has not told the cost of 1 execution" in dialog.missing.text()


def test_that_gains_are_saved_as_csv(ui: WindowUnderTest, record: Record, tmp_path: Path) -> None:
    dialog = gains(ui)
    assert Path(dialog.file.text()).name == "gains_GUN_2026.csv"
    dialog.file.setText(str(tmp_path / "gains.csv"))
    dialog.save.click()
    assert record.book.written == [(tmp_path / "gains.csv", (ACCOUNTS[GUN],), 2026, NOON)]
    assert "written to" in dialog.message.text()


def test_that_gains_in_two_currencies_are_not_added_together(ui: WindowUnderTest, record: Record) -> None:
    foreign = fill("y.9", "RY PRA", "SELL", 10, 30.0, at=CLOSE, realized_pnl=5.0)
    instrument = type(foreign.instrument)(77, "RY PRA", currency="CAD")
    fields = {name: getattr(foreign, name) for name in foreign.__dataclass_fields__}
    fields |= {"instrument": instrument, "commission": 1.0, "commission_currency": "CAD"}
    record.book.kept[YESTERDAY] = kept(YESTERDAY, SOLD, Fill(**fields))
    total = gains(ui).table.frame.total
    assert total is not None
    assert total.figures.note == "CAD and USD are not added together"
    assert not total.figures.figures


def test_that_the_gains_are_hidden_with_the_other_values(ui: WindowUnderTest) -> None:
    dialog = gains(ui)
    ui.window.menus.hide_values.trigger()
    assert set(column(dialog.table, "gain") + column(dialog.table, "quantity")) == {HIDDEN}
    total = dialog.table.frame.total
    assert total is not None
    assert {words for words, _tone in total.figures.figures.values()} == {HIDDEN}
    dialog.close()
    assert set(column(gains(ui).table, "gain")) == {HIDDEN}


def test_that_an_empty_journal_says_so(open_window: Opener) -> None:
    ui = open_window(service=Service(record=Record()))
    dialog = gains(ui)
    assert dialog.table.frame.empty.shown.title == "Nothing is recorded yet."
    assert not dialog.save.isEnabled()
    assert days(history(ui)) == ["Today"]


def test_that_the_gains_take_the_size_of_the_tables(ui: WindowUnderTest) -> None:
    ui.window.theme.choose_zoom(1.5)
    dialog = gains(ui)
    dialog.table.model.sort(0)
    assert dialog.table.view.rowHeight(0) == ui.window.theme.row_height
    ui.window.theme.choose_zoom(1.0)
    assert dialog.table.view.rowHeight(0) == ui.window.theme.row_height


# The snapshot.


def test_that_a_snapshot_is_taken_when_asked_for_and_said(ui: WindowUnderTest, record: Record) -> None:
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


def test_that_the_proposed_file_is_in_a_folder_that_is_there(ui: WindowUnderTest) -> None:
    dialog = export(ui)
    assert Path(dialog.file.text()).parent.is_dir()


def test_that_the_field_of_the_file_begins_where_the_others_do(ui: WindowUnderTest) -> None:
    dialog = export(ui)
    dialog.show()
    lefts = {field.mapTo(dialog, QPoint(0, 0)).x() for field in (dialog.account, dialog.first, dialog.file)}
    assert len(lefts) == 1
