"""What a spreadsheet gets of a table: numbers that it can add, and nothing old that looks new."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QTreeView
from pytestqt.qtbot import QtBot

from psf_monitor import formatting
from psf_monitor.connection.pacing import CELLS_A_TURN
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.facts.merge import merge
from psf_monitor.facts.table import parse
from psf_monitor.formatting import HIDDEN
from psf_monitor.ui.fills.rows import FillRow
from psf_monitor.ui.table.export.clipboard import copy, copy_rows
from psf_monitor.ui.table.export.csv_dialog import open_csv_dialog, proposed_file
from psf_monitor.ui.table.export.plain_rows import plain_text
from psf_monitor.ui.table.export.progress import ExportProgress
from psf_monitor.ui.table.panel import TablePanel
from tests.support.fill_records import fill as an_execution
from tests.support.records import GUN, order, position
from tests.support.waiting import PATIENCE_MS
from tests.ui.window import WindowUnderTest, quote

pytestmark = pytest.mark.unseen

WindowMaker = Callable[..., WindowUnderTest]


@pytest.fixture
def short(open_window: WindowMaker) -> WindowUnderTest:
    """A short of a quarter million shares whose price is finer than the screen shows."""
    ui = open_window()
    ui.open(GUN, [position("GS PRA", -250_000.5, 21.64251234)])
    ui.quote(GS_PRA=quote(ui.clock, 21.97, 22.02, 22.001234567, prev_close=22.1))
    ui.window.show_now()
    return ui


def copied(ui: WindowUnderTest) -> dict[str, str]:
    titles, line = ui.window.positions.view.export([0]).table()
    return dict(zip(titles, line, strict=True))


def test_that_every_figure_is_a_number_with_all_its_digits(short: WindowUnderTest) -> None:
    cells = copied(short)
    assert cells["Qty"] == "-250000.5"
    assert cells["Avg px"] == "21.64251234"
    assert cells["Last"] == "22.001235"
    assert cells["Chg"] == "-0.0988"
    value = short.window.positions.model.line(0).row.market_value
    assert value is not None
    assert float(cells["Mkt value"]) == round(value, 6)


def test_that_no_copied_number_has_typography(short: WindowUnderTest) -> None:
    text = short.window.positions.view.export([0]).as_text()
    assert not set(text) & {"\N{MINUS SIGN}", ",", "+", "—"}


def test_that_an_unknown_figure_is_an_empty_cell(open_window: WindowMaker) -> None:
    ui = open_window()
    ui.open(GUN, [position("TWO PRB", 1000, None)])
    ui.window.show_now()
    cells = copied(ui)
    assert (cells["Avg px"], cells["Bid"], cells["Mkt value"]) == ("", "", "")
    assert cells["Qty"] == "1000"


def test_that_texts_are_copied_as_somebody_wrote_them_each_in_its_cell(ui: WindowUnderTest) -> None:
    facts = merge(
        {"mine.csv": parse(b'Symbol;AVG_ADV;Note\nCIM PRB;52,700;"1,000 ""old"" \xe2\x88\x92 5"\n')}
    )
    ui.book.facts.replace_all(facts)
    ui.open(GUN, [position()], [order(reference='"split 1,000'), order(perm_id=2, reference="=1,000")])
    ui.wait()
    positions, orders = ui.window.positions, ui.window.orders
    for key in ("fact:AVGADV", "fact:NOTE"):
        positions.view.header.arrangement.show_column(key, is_wanted=True)
    orders.view.header.arrangement.show_column("reference", is_wanted=True)
    reported = copied(ui)
    assert (reported["AVG_ADV"], reported["Note"]) == ("52,700", '1,000 "old" \u2212 5')
    pasted = csv.DictReader(io.StringIO(orders.view.export([0, 1]).as_text()), delimiter="\t", strict=True)
    assert sorted(row["Order ref"] for row in pasted) == ['"split 1,000', "'=1,000"]


def test_that_old_prices_are_marked_old_with_their_time(short: WindowUnderTest) -> None:
    assert "Old" not in copied(short)
    since = short.clock()
    short.lose_hammer()
    short.window.show_now()
    assert copied(short)["Old"] == f"HAMMER QUOTES as of {formatting.stamp(since)} ET, CALCULATED"


def test_that_an_old_position_is_marked_old_with_its_time(short: WindowUnderTest) -> None:
    since = short.clock()
    short.book.account_lost(GUN, since)
    short.window.show_now()
    assert copied(short)["Old"] == f"IBKR as of {formatting.stamp(since)} ET, CALCULATED"


def test_that_a_covered_figure_stays_covered(short: WindowUnderTest) -> None:
    short.window.menus.hide_values.setChecked(True)
    cells = copied(short)
    assert (cells["Qty"], cells["Mkt value"]) == (HIDDEN, HIDDEN)
    assert cells["Last"] == "22.001235"


def save(ui: WindowUnderTest, panel: TablePanel[Any], path: Path) -> None:
    """Name a file, as the trader does in the dialog."""
    dialog = open_csv_dialog(panel, ui.window)
    dialog.fileSelected.emit(str(path))
    dialog.close()


def is_at_rest(ui: WindowUnderTest) -> bool:
    """Nothing is being written or copied any more."""
    return not ui.window.findChildren(ExportProgress)


def test_that_the_file_reads_back_as_the_table(short: WindowUnderTest, tmp_path: Path, qtbot: QtBot) -> None:
    panel, path = short.window.positions, tmp_path / "positions.csv"
    assert proposed_file(panel).name == "positions_20260918_120000.csv"
    save(short, panel, path)
    qtbot.waitUntil(lambda: is_at_rest(short), timeout=PATIENCE_MS)
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert row == copied(short)


@pytest.fixture
def many(open_window: WindowMaker) -> WindowUnderTest:
    """So many positions that they are written in several turns."""
    ui = open_window()
    ui.open(GUN, [position(f"S{n:03} PRA", n + 1.0, 20.0, con_id=n + 1) for n in range(COUNT)])
    ui.window.show_now()
    return ui


COUNT = 2 * CELLS_A_TURN // 10


def test_that_very_many_rows_are_written_as_they_were_when_the_file_was_named(
    many: WindowUnderTest, tmp_path: Path, qtbot: QtBot
) -> None:
    panel, path = many.window.positions, tmp_path / "positions.csv"
    expected = panel.export().table()
    save(many, panel, path)
    many.book.position_changed(GUN, position("S000 PRA", 77.0, 20.0, con_id=1))
    many.book.account_lost(GUN, many.clock())
    many.window.menus.hide_values.setChecked(True)
    many.window.show_now()
    assert not path.exists()
    qtbot.waitUntil(lambda: is_at_rest(many), timeout=PATIENCE_MS)
    assert list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""))) == expected
    assert len(expected) == COUNT + 1
    assert panel.export().table() != expected


def test_that_a_saving_that_is_cancelled_leaves_the_file_as_it_was(
    many: WindowUnderTest, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "positions.csv"
    path.write_text("before")
    save(many, many.window.positions, path)
    (progress,) = many.window.findChildren(ExportProgress)
    progress.canceled.emit()
    qtbot.waitUntil(lambda: is_at_rest(many), timeout=PATIENCE_MS)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert path.read_text() == "before"


def test_that_very_many_rows_are_copied_whole_and_in_order(many: WindowUnderTest, qtbot: QtBot) -> None:
    view = many.window.positions.view
    expected = view.export(range(COUNT)).as_text()
    clipboard = QGuiApplication.clipboard()
    copy_rows(view.export(range(COUNT - 1)), view)
    copy_rows(view.export(range(COUNT)), view)
    qtbot.waitUntil(lambda: is_at_rest(many), timeout=PATIENCE_MS)
    assert clipboard.text() == expected
    assert len(expected.splitlines()) == COUNT + 1


def test_that_the_latest_copy_stays_on_the_clipboard(many: WindowUnderTest, qtbot: QtBot) -> None:
    view = many.window.positions.view
    copy_rows(view.export(range(COUNT)), view)
    copy("later")
    qtbot.waitUntil(lambda: is_at_rest(many), timeout=PATIENCE_MS)
    assert QGuiApplication.clipboard().text() == "later"


@pytest.mark.seen
def test_that_qts_own_dialog_has_the_window_s_colours(open_window: WindowMaker) -> None:
    window = open_window(theme="dark").window
    dialog = open_csv_dialog(window.positions, window)
    for files in dialog.findChildren(QTreeView):
        corner = files.viewport().rect().bottomRight()
        ground = files.viewport().grab().toImage().pixelColor(corner).name()
        assert ground == window.theme.palette.base.lower()
    dialog.close()


def test_that_a_file_that_cannot_be_written_is_named(
    short: WindowUnderTest, tmp_path: Path, qtbot: QtBot
) -> None:
    missing = tmp_path / "nowhere" / "here.csv"
    save(short, short.window.positions, missing)
    qtbot.waitUntil(lambda: is_at_rest(short), timeout=PATIENCE_MS)
    (box,) = short.window.findChildren(QMessageBox)
    assert str(missing) in box.text()


def test_that_a_row_offers_to_save_its_table(short: WindowUnderTest) -> None:
    menu = short.window.controllers.row_menus.of_position(0, 0)
    (action,) = [each for each in menu.actions() if "CSV" in each.text().replace("&", "")]
    action.trigger()
    (dialog,) = short.window.findChildren(QFileDialog)
    dialog.close()


@pytest.mark.seen
def test_that_the_keys_copy_plain_numbers(short: WindowUnderTest, qtbot: QtBot) -> None:
    view = short.window.positions.view
    view.setFocus()
    # Its keys are those of the window in front, which it need not be yet.
    qtbot.waitUntil(view.hasFocus, timeout=PATIENCE_MS)
    view.selectRow(0)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)  # type: ignore[no-untyped-call]
    assert "-250000.5" in QGuiApplication.clipboard().text().split("\t")


def test_that_a_commission_in_another_currency_keeps_its_name() -> None:
    execution: Fill = replace(an_execution(commission=1.23456), commission_currency="CAD")
    row = FillRow(execution)
    assert row.plainly(execution.commission) == "1.23456 CAD"
    own = FillRow(replace(execution, commission_currency="USD"))
    assert own.plainly(execution.commission) == 1.23456
    assert own.mode is AccountMode.IBKR_GUN


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_that_any_number_comes_back_as_itself(number: float) -> None:
    text = formatting.number_cell(number)
    assert float(text) == number
    assert not set(text) & set("eE,+")


@pytest.mark.parametrize(
    ("shown", "plain"),
    [("−1,234.50", "-1234.50"), ("—", ""), ("BUY 1,000 +1 ?", "BUY 1000 +1 ?"), ("a, 100", "a, 100")],
)
def test_that_a_text_loses_its_typography(shown: str, plain: str) -> None:
    assert formatting.without_typography(shown) == plain


@pytest.fixture
def decimal_comma() -> Iterator[None]:
    """A computer that is set to Turkish; one set to German has a decimal comma, too."""
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.Turkish, QLocale.Country.Turkey))
    yield
    QLocale.setDefault(before)


@pytest.mark.seen
@pytest.mark.usefixtures("decimal_comma")
def test_that_rows_and_sums_are_copied_as_the_spreadsheets_of_this_computer_read_figures(
    short: WindowUnderTest,
) -> None:
    view = short.window.positions.view
    view.selectAll()
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    titles, line = (each.split("\t") for each in QGuiApplication.clipboard().text().splitlines())
    cells = dict(zip(titles, line, strict=True))
    assert (cells["Qty"], cells["Avg px"], cells["Chg"]) == ("-250000,5", "21,64251234", "-0,0988")
    assert cells["Symbol"] == "GS PRA"
    short.window.positions.copy_sums()
    sums = QGuiApplication.clipboard().text()
    assert "," in sums
    assert "." not in sums


@pytest.mark.usefixtures("decimal_comma")
def test_that_one_copied_cell_is_a_price_that_an_order_ticket_reads(short: WindowUnderTest) -> None:
    model = short.window.positions.model
    column = next(place for place, column in enumerate(model.columns) if column.title == "Avg px")
    assert plain_text(model, model.line(0), column) == "21.64251234"


@pytest.mark.usefixtures("decimal_comma")
def test_that_a_table_is_saved_for_the_spreadsheets_of_this_computer_or_for_programs(
    short: WindowUnderTest, tmp_path: Path, qtbot: QtBot
) -> None:
    here = "CSV: 24,55 and ; between columns, for spreadsheets here (*.csv)"
    programs = "CSV: 24.55 and , between columns, for programs (*.csv)"
    for kind, separator, quantity in ((here, ";", "-250000,5"), (programs, ",", "-250000.5")):
        path = tmp_path / f"{quantity}.csv"
        dialog = open_csv_dialog(short.window.positions, short.window)
        assert dialog.nameFilters() == [here, programs]
        assert dialog.selectedNameFilter() == here
        dialog.selectNameFilter(kind)
        dialog.fileSelected.emit(str(path))
        dialog.close()
        qtbot.waitUntil(lambda: is_at_rest(short), timeout=PATIENCE_MS)
        text = io.StringIO(path.read_text("utf-8-sig"), newline="")
        (row,) = csv.DictReader(text, delimiter=separator, strict=True)
        assert (row["Qty"], row["Symbol"]) == (quantity, "GS PRA")
