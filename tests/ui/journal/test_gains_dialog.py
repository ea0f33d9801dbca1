"""The gains of an account and year, shown and saved."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from psf_monitor.formatting import HIDDEN
from psf_monitor.ui.journal.gains_dialog import GAINS
from tests.support.fill_records import fill
from tests.support.records import GUN, NOON
from tests.ui.fills_tab import Book, Record, column
from tests.ui.journal.dialogs import days, gains, history
from tests.ui.journal.recorded_days import CLOSE, SOLD, YESTERDAY, recorded_day
from tests.ui.service import Service
from tests.ui.window import ACCOUNTS, WindowUnderTest

pytestmark = pytest.mark.unseen

# Gains.


Opener = Callable[..., WindowUnderTest]


def test_that_the_gains_of_an_account_and_year_are_the_brokers(ui: WindowUnderTest) -> None:
    dialog = gains(ui)
    shown = {each.key: column(dialog.table, each.key) for each in GAINS.columns if not each.is_optional}
    assert shown == {
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
    assert {key: text for key, (text, _tone) in total.figures.figures.items()} == {
        "cost_basis": "6,215.75",
        "proceeds": "6,279.25",
        "gain": "+63.50",
    }
    assert "Nothing was watched" in dialog.missing.text()


def test_that_amounts_of_money_have_two_decimals(open_window: Opener) -> None:
    odd = replace(SOLD, price=24.4333, commission=1.0451, realized_pnl=12.3456)
    record = Record(Book({YESTERDAY: recorded_day(YESTERDAY, odd)}))
    dialog = gains(open_window(service=Service(record=record)))
    money = ("cost_basis", "proceeds", "gain")
    assert [column(dialog.table, key) for key in money] == [["4,873.27"], ["4,885.61"], ["+12.35"]]
    total = dialog.table.frame.total
    assert total is not None
    assert [total.figures.figures[key][0] for key in money] == ["4,873.27", "4,885.61", "+12.35"]


def test_that_another_year_or_account_is_read_anew(ui: WindowUnderTest) -> None:
    dialog = gains(ui)
    dialog.year.setCurrentText("2025")
    assert dialog.table.model.row_count == 0
    assert dialog.table.frame.empty.shown.title == "No realized gain of 2025 is recorded."
    dialog.year.setCurrentText("2026")
    assert dialog.table.model.row_count == 2
    dialog.account.setCurrentIndex(1)
    assert dialog.table.model.row_count == 0
    assert "has not reported the cost of 1 execution" in dialog.missing.text()


def test_that_gains_are_saved_as_csv(ui: WindowUnderTest, record: Record, tmp_path: Path) -> None:
    dialog = gains(ui)
    assert Path(dialog.file.text()).name == "gains_GUN_2026.csv"
    dialog.file.setText(str(tmp_path / "gains.csv"))
    dialog.save.click()
    assert record.book.written == [(tmp_path / "gains.csv", (ACCOUNTS[GUN],), 2026, NOON)]
    assert "written to" in dialog.message.text()


def test_that_a_file_that_the_trader_named_stays_named_for_another_year_or_account(
    ui: WindowUnderTest,
) -> None:
    dialog = gains(ui)
    dialog.account.setCurrentIndex(1)
    assert Path(dialog.file.text()).name == "gains_PED_2026.csv"
    dialog.file.setText("taxes.csv")
    dialog.year.setCurrentText("2025")
    dialog.account.setCurrentIndex(0)
    assert dialog.file.text() == "taxes.csv"


def test_that_gains_in_two_currencies_are_not_added_together(ui: WindowUnderTest, record: Record) -> None:
    foreign = fill("y.9", "RY PRA", "SELL", 10, 30.0, at=CLOSE, realized_pnl=5.0)
    instrument = type(foreign.instrument)(77, "RY PRA", currency="CAD")
    foreign = replace(foreign, instrument=instrument, commission=1.0, commission_currency="CAD")
    record.book.kept[YESTERDAY] = recorded_day(YESTERDAY, SOLD, foreign)
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
    assert {text for text, _tone in total.figures.figures.values()} == {HIDDEN}
    dialog.close()
    assert set(column(gains(ui).table, "gain")) == {HIDDEN}


def test_that_an_empty_journal_is_reported(open_window: Opener) -> None:
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
