"""What a spreadsheet gets of a table: numbers that it can add, and nothing old that looks new."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QTreeView
from pytestqt.qtbot import QtBot

from psf_monitor import formatting
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.formatting import HIDDEN
from psf_monitor.ui.fills.rows import FillRow
from psf_monitor.ui.table.export.csv_dialog import open_csv_dialog, proposed_file, save_shown
from tests.fill_records import fill as an_execution
from tests.records import GUN, position
from tests.ui.window import WindowUnderTest, quote
from tests.waiting import PATIENCE_MS

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
    export = ui.window.positions.view.export([0])
    return dict(zip(export.titles, export.lines[0], strict=True))


def test_that_every_figure_is_a_number_with_all_its_digits(short: WindowUnderTest) -> None:
    cells = copied(short)
    assert cells["Qty"] == "-250000.5"
    assert cells["Avg px"] == "21.642512"
    assert cells["Last"] == "22.001235"
    assert cells["Chg"] == "-0.0988"
    value = short.window.positions.model.line(0).row.market_value
    assert value is not None
    assert float(cells["Mkt value"]) == round(value, 6)


def test_that_no_copied_number_has_typography(short: WindowUnderTest) -> None:
    said = short.window.positions.view.export([0]).as_text()
    assert not set(said) & {"\N{MINUS SIGN}", ",", "+", "—"}


def test_that_what_is_unknown_is_an_empty_cell(open_window: WindowMaker) -> None:
    ui = open_window()
    ui.open(GUN, [position("TWO PRB", 1000, None)])
    ui.window.show_now()
    cells = copied(ui)
    assert (cells["Avg px"], cells["Bid"], cells["Mkt value"]) == ("", "", "")
    assert cells["Qty"] == "1000"


def test_that_old_prices_are_said_to_be_old_and_since_when(short: WindowUnderTest) -> None:
    assert "Old" not in copied(short)
    since = short.clock()
    short.lose_hammer()
    short.window.show_now()
    assert copied(short)["Old"] == f"HAMMER QUOTES as of {formatting.stamp(since)} ET, CALCULATED"


def test_that_an_old_position_is_said_to_be_old_and_since_when(short: WindowUnderTest) -> None:
    since = short.clock()
    short.book.account_lost(GUN, since)
    short.window.show_now()
    assert copied(short)["Old"] == f"IBKR as of {formatting.stamp(since)} ET, CALCULATED"


def test_that_a_covered_figure_stays_covered(short: WindowUnderTest) -> None:
    short.window.menus.hide_values.setChecked(True)
    cells = copied(short)
    assert (cells["Qty"], cells["Mkt value"]) == (HIDDEN, HIDDEN)
    assert cells["Last"] == "22.001235"


def test_that_the_file_reads_back_as_the_table(short: WindowUnderTest, tmp_path: Path) -> None:
    path = tmp_path / "positions.csv"
    assert save_shown(short.window.positions, path) == 1
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert row == copied(short)


def test_that_the_dialog_writes_what_is_shown(short: WindowUnderTest, tmp_path: Path) -> None:
    panel = short.window.positions
    assert proposed_file(panel).name == "positions_20260918_120000.csv"
    dialog = open_csv_dialog(panel, short.window)
    dialog.fileSelected.emit(str(tmp_path / "here.csv"))
    dialog.close()
    assert "GS PRA" in (tmp_path / "here.csv").read_text(encoding="utf-8-sig")


def test_that_qts_own_dialog_has_the_window_s_colours(open_window: WindowMaker) -> None:
    window = open_window(theme="dark").window
    dialog = open_csv_dialog(window.positions, window)
    for files in dialog.findChildren(QTreeView):
        corner = files.viewport().rect().bottomRight()
        ground = files.viewport().grab().toImage().pixelColor(corner).name()
        assert ground == window.theme.palette.base.lower()
    dialog.close()


def test_that_a_file_that_cannot_be_written_is_named(short: WindowUnderTest, tmp_path: Path) -> None:
    dialog = open_csv_dialog(short.window.positions, short.window)
    missing = tmp_path / "nowhere" / "here.csv"
    dialog.fileSelected.emit(str(missing))
    dialog.close()
    said = [box.property("text") for box in short.window.children() if box.property("text")]
    assert any(str(missing) in str(words) for words in said)


def test_that_every_table_offers_to_be_saved(short: WindowUnderTest) -> None:
    menu = short.window.row_menus.of_position(0, 0)
    (action,) = [each for each in menu.actions() if "CSV" in each.text().replace("&", "")]
    action.trigger()
    (dialog,) = short.window.findChildren(QFileDialog)
    dialog.close()


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
    said = formatting.number_cell(number)
    assert float(said) == number
    assert not set(said) & set("eE,+")


@pytest.mark.parametrize(
    ("shown", "plain"),
    [("−1,234.50", "-1234.50"), ("—", ""), ("BUY 1,000 +1 ?", "BUY 1000 +1 ?"), ("a, 100", "a, 100")],
)
def test_that_a_text_loses_its_typography(shown: str, plain: str) -> None:
    assert formatting.without_typography(shown) == plain
