"""Files of fills, by account and days."""

from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from psf_monitor.domain.fills.journal_records import AccountRemark
from psf_monitor.formatting import DECIMAL_COMMA, DECIMAL_POINT, Notation
from psf_monitor.ui.journal.export_dialog import read_day
from psf_monitor.ui.journal.form import shortened
from tests.support.fill_records import fill
from tests.support.records import NOON, PED
from tests.ui.fills_tab import Record
from tests.ui.journal.dialogs import export
from tests.ui.journal.recorded_days import MONDAY, YESTERDAY, recorded_day
from tests.ui.window import ACCOUNTS, WindowUnderTest, has_keys

pytestmark = pytest.mark.unseen

# Files.


def test_that_fills_are_exported_by_account_and_days(
    ui: WindowUnderTest, record: Record, tmp_path: Path
) -> None:
    record.book.missing = (AccountRemark("U1240821", "Nothing was watched on 2026-09-15."),)
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


def test_that_an_account_is_masked_and_a_date_with_the_same_digits_is_not(
    ui: WindowUnderTest, record: Record, tmp_path: Path
) -> None:
    record.book.kept[MONDAY] = recorded_day(MONDAY, fill("m.1", account="2026"))
    record.book.missing = (AccountRemark("2026", "Nothing was watched on 2026-09-15."),)
    record.book.remarks = (AccountRemark("", "Nothing was watched on 2026-09-16."),)
    dialog = export(ui)
    dialog.file.setText(str(tmp_path / "fills.csv"))
    dialog.save.click()
    assert dialog.message.text().splitlines()[1:] == [
        "••••026: Nothing was watched on 2026-09-15.",
        "No account is in the journal: Nothing was watched on 2026-09-16.",
    ]


def test_that_all_accounts_is_no_account_in_particular(
    ui: WindowUnderTest, record: Record, tmp_path: Path
) -> None:
    dialog = export(ui)
    dialog.file.setText(str(tmp_path / "fills.csv"))
    dialog.save.click()
    assert record.book.written[0][1] == ()


def test_that_a_wrong_input_is_reported_beside_its_field_and_nothing_is_written(
    ui: WindowUnderTest, record: Record, tmp_path: Path
) -> None:
    dialog = export(ui)
    for first, last, file, text in (
        ("2026-13-01", "2026-09-18", "x.csv", "YYYY-MM-DD"),
        ("2026-09-18", "2026-09-17", "x.csv", "before the first"),
        ("", "2026-09-18", "x.csv", "'' is no day. Write one as YYYY-MM-DD"),
        ("2026-09-18", "18.9.26", "x.csv", "'18.9.26' is no day"),
        ("2026-09-17", "2026-09-18", "", "Give the file a name"),
        ("2026-09-17", "2026-09-18", "nowhere/x.csv", "There is no folder"),
        ("2026-09-17", "2026-09-18", "n" * 300 + "/x.csv", "There is no folder"),
    ):
        dialog.first.setText(first)
        dialog.last.setText(last)
        dialog.file.setText(str(tmp_path / file) if file else "")
        dialog.save.click()
        assert text in dialog.message.text()
        assert dialog.message.property("look") == "refusal"
        assert not record.book.written
    dialog.message.setText("Writing…")
    assert dialog.message.property("look") != "refusal"


def test_that_a_file_that_cannot_be_written_is_reported_and_can_be_tried_again(
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


def test_that_a_file_that_is_there_is_replaced_only_when_that_is_wished_again(
    ui: WindowUnderTest, record: Record, tmp_path: Path
) -> None:
    dialog = export(ui)
    mine, other = tmp_path / "mine.csv", tmp_path / "other.csv"
    for path in (mine, other):
        path.write_text("of last year")
    for path in (mine, other):
        dialog.file.setText(str(path))
        dialog.save.click()
        assert dialog.message.text() == f"{path} is there already. Save once more to replace it."
    assert not record.book.written
    dialog.save.click()
    assert [each[0] for each in record.book.written] == [other]
    dialog.browse.click()
    chooser = dialog.findChild(QFileDialog)
    assert chooser is not None
    chooser.fileSelected.emit(str(mine))
    dialog.save.click()
    assert [each[0] for each in record.book.written] == [other, mine]
    chooser.close()


def test_that_a_file_name_without_a_folder_is_put_in_the_proposed_folder_and_reported_in_full(
    ui: WindowUnderTest, record: Record
) -> None:
    dialog = export(ui)
    path = Path(dialog.file.text()).parent / "one-that-nobody-has.csv"
    dialog.file.setText(path.name)
    dialog.save.click()
    assert record.book.written[0][0] == path
    assert str(path) in dialog.message.text()


@pytest.mark.seen
def test_that_the_button_that_was_pressed_has_the_keys_again_when_the_file_is_written(
    ui: WindowUnderTest, record: Record, tmp_path: Path
) -> None:
    dialog = export(ui)
    for number, is_broken in enumerate((False, True)):
        record.book.is_broken = is_broken
        dialog.file.setText(str(tmp_path / f"{number}.csv"))
        dialog.save.setFocus()
        dialog.save.click()
        assert dialog.save.isEnabled()
        assert dialog.focusWidget() is dialog.save


@pytest.mark.seen
def test_that_enter_in_a_field_writes_the_file(
    ui: WindowUnderTest, record: Record, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = export(ui)
    dialog.file.setText(str(tmp_path / "fills.csv"))
    dialog.activateWindow()
    qtbot.waitUntil(lambda: has_keys(dialog))
    qtbot.keyClick(dialog.file, Qt.Key.Key_Return)  # type: ignore[no-untyped-call]
    assert record.book.written


@pytest.mark.seen
def test_that_a_dialog_grows_for_its_text_and_squeezes_no_field(
    ui: WindowUnderTest, record: Record, tmp_path: Path
) -> None:
    record.book.missing = tuple(
        AccountRemark("U1240821", f"Nothing was watched on 2026-09-{day}.") for day in range(10, 18)
    )
    dialog = export(ui)
    dialog.file.setText(str(tmp_path / "fills.csv"))
    height = dialog.file.height()
    dialog.save.click()
    assert dialog.message.height() >= dialog.message.heightForWidth(dialog.message.width()) > 8 * 12
    assert dialog.file.height() == height


@pytest.mark.seen
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


@pytest.mark.parametrize("text", ["2026-02-30", "18.09.2026", "2026-09", "", "x", "٢٠٢٦-09-18"])
def test_that_a_text_that_is_no_date_is_none(text: str) -> None:
    assert read_day(text) is None


def test_that_many_sentences_are_shortened_and_counted() -> None:
    text = shortened([f"{n}" for n in range(20)], "the file")
    assert len(text) == 9
    assert text[-1] == "And 12 more, which the file names."


def test_that_the_proposed_file_is_in_a_folder_that_is_there(ui: WindowUnderTest) -> None:
    dialog = export(ui)
    assert Path(dialog.file.text()).parent.is_dir()


@pytest.mark.seen
def test_that_the_field_of_the_file_begins_where_the_others_do(ui: WindowUnderTest) -> None:
    dialog = export(ui)
    dialog.show()
    lefts = {field.mapTo(dialog, QPoint(0, 0)).x() for field in (dialog.account, dialog.first, dialog.file)}
    assert len(lefts) == 1


def test_that_the_message_of_a_file_has_a_name_before_and_after_it_says_anything(
    ui: WindowUnderTest, tmp_path: Path
) -> None:
    def name() -> str:
        return QAccessible.queryAccessibleInterface(dialog.message).text(QAccessible.Text.Name)

    dialog = export(ui)
    assert name() == "How it ended"
    dialog.file.setText(str(tmp_path / "no folder" / "fills.csv"))
    dialog.save.click()
    assert name() == f"There is no folder {tmp_path / 'no folder'}."


@pytest.mark.seen
@pytest.mark.parametrize(
    ("place", "notation"), [(0, DECIMAL_COMMA), (1, DECIMAL_POINT)], ids=["here", "programs"]
)
def test_that_where_a_decimal_comma_is_usual_a_file_may_have_one(
    ui: WindowUnderTest, record: Record, tmp_path: Path, place: int, notation: Notation
) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German, QLocale.Country.Germany))
    try:
        dialog = export(ui)
    finally:
        QLocale.setDefault(before)
    assert dialog.notation.isVisible()
    dialog.notation.setCurrentIndex(place)
    dialog.file.setText(str(tmp_path / "fills.csv"))
    dialog.save.click()
    assert record.book.notation == notation


@pytest.mark.seen
def test_that_nobody_is_asked_for_a_notation_where_a_decimal_point_is_usual(
    ui: WindowUnderTest, record: Record, tmp_path: Path
) -> None:
    dialog = export(ui)
    assert not dialog.notation.isVisible()
    dialog.file.setText(str(tmp_path / "fills.csv"))
    dialog.save.click()
    assert record.book.notation == DECIMAL_POINT
