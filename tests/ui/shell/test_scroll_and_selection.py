"""Changing rows: what is selected, at the top or under the mouse keeps its place."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from psf_monitor.book.sums.groups import GroupBy
from tests.conftest import release_keys
from tests.support.records import GUN, position
from tests.ui.window import WindowUnderTest, fill, quote


def select_row(ui: WindowUnderTest, place: int) -> None:
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    positions = ui.window.positions
    positions.view.selectionModel().select(positions.model.index(place, 0), flags)


def test_that_the_selected_row_stays_selected_when_the_order_of_rows_changes(ui: WindowUnderTest) -> None:
    fill(ui)
    view = ui.window.positions.view
    select_row(ui, 2)
    view.sortByColumn(ui.window.positions.model.table.index("quantity"), Qt.SortOrder.AscendingOrder)
    (index,) = view.selectionModel().selectedRows()
    assert (index.row(), ui.cell("symbol", index.row())) == (0, "GS PRA")


def test_that_the_row_at_the_top_stays_at_the_top_when_rows_come_above_it(
    ui: WindowUnderTest, qtbot: QtBot
) -> None:
    ui.open(GUN, [position(f"M{n:02d}", 10, 5.0, con_id=n + 1) for n in range(60)])
    ui.window.show_now()
    view = ui.window.positions.view
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() > 20)
    view.verticalScrollBar().setValue(20)
    ui.book.position_changed(GUN, position("A00", 10, 5.0))
    ui.window.show_now()
    assert ui.cell("symbol", view.rowAt(0)) == "M20"


def move_over(viewport: QWidget) -> None:
    """The pointer moves over a table."""
    at = QPointF(20.0, 20.0)
    none = Qt.MouseButton.NoButton
    moved = QMouseEvent(QEvent.Type.MouseMove, at, at, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(viewport, moved)


def test_that_rows_do_not_move_while_the_mouse_is_over_the_table(ui: WindowUnderTest) -> None:
    model, viewport = ui.window.positions.model, ui.window.positions.view.viewport()
    QApplication.sendEvent(viewport, QEnterEvent(QPointF(), QPointF(), QPointF()))
    # The window may have come under a pointer that rests.
    assert not model.is_held
    move_over(viewport)
    assert model.is_held
    QApplication.sendEvent(viewport, QEvent(QEvent.Type.Leave))
    assert not model.is_held


def test_that_the_hold_ends_some_time_after_the_mouse_last_moved_and_is_shown_meanwhile(
    ui: WindowUnderTest, qtbot: QtBot
) -> None:
    fill(ui)
    panel = ui.window.positions
    panel.view.sortByColumn(panel.model.table.index("last"), Qt.SortOrder.AscendingOrder)
    panel.view.hold.setInterval(1)
    move_over(panel.view.viewport())
    panel.view.hold.stop()
    ui.quote(CIM_PRB=quote(ui.clock, 1.0, 1.1, 1.05))
    ui.wait()
    assert panel.model.is_order_held
    assert panel.view.header.sort_arrow == "▵"
    panel.view.hold.start()
    qtbot.waitUntil(lambda: not panel.model.is_held)
    ui.wait()
    assert panel.view.header.sort_arrow == "▴"
    assert panel.model.line(0).row.symbol == "CIM PRB"


def test_that_a_row_is_selected_after_a_key_that_was_clicked_with_shift(
    ui: WindowUnderTest, qtbot: QtBot
) -> None:
    fill(ui)
    view = ui.window.positions.view
    qtbot.keyClick(view, Qt.Key.Key_F9, Qt.KeyboardModifier.ShiftModifier)  # type: ignore[no-untyped-call]
    release_keys()
    view.selectRow(0)
    assert view.selectionModel().isRowSelected(0)


def open_shares(ui: WindowUnderTest) -> None:
    names = ("ABR PRF", "CIM PRB", "CIM PRD", "GS PRA", "MFA PRC", "MS PRK")
    ui.open(GUN, [position(name, 10, 5.0, con_id=n) for n, name in enumerate(names, start=1)])
    ui.window.show_now()
    ui.window.positions.view.setFocus()


def typed(ui: WindowUnderTest, text: str) -> str:
    """Type ``text`` in the table of positions without a pause; return the symbol that is selected."""
    view = ui.window.positions.view
    view.typing.stop()
    QTest.keyClicks(view, text)
    (index,) = view.selectionModel().selectedRows()
    return ui.cell("symbol", index.row())


def test_that_typed_letters_go_to_the_row_whose_symbol_begins_with_them(ui: WindowUnderTest) -> None:
    open_shares(ui)
    view = ui.window.positions.view
    for section in ui.window.positions.view.header.arrangement.shown[:3]:
        view.setCurrentIndex(ui.window.positions.model.index(5, section))
        found = [typed(ui, text) for text in ("gs", "cim prd", "ms", "abr", "CIM")]
        assert found == ["GS PRA", "CIM PRD", "MS PRK", "ABR PRF", "CIM PRB"]


def test_that_the_same_letter_again_goes_on_to_the_next_row_and_round(ui: WindowUnderTest) -> None:
    open_shares(ui)
    assert [typed(ui, "m" * times) for times in (1, 1, 2, 3)] == ["MFA PRC", "MS PRK", "MS PRK", "MFA PRC"]


def test_that_letters_without_a_symbol_leave_the_selection_and_backspace_begins_anew(
    ui: WindowUnderTest,
) -> None:
    open_shares(ui)
    assert typed(ui, "gs") == "GS PRA"
    assert typed(ui, "cimx") == "CIM PRB"
    assert typed(ui, "zz") == "CIM PRB"
    view = ui.window.positions.view
    QTest.keyClick(view, Qt.Key.Key_Backspace)
    QTest.keyClicks(view, "ms")
    (index,) = view.selectionModel().selectedRows()
    assert ui.cell("symbol", index.row()) == "MS PRK"


def test_that_typed_letters_go_to_groups_too_and_change_nothing_in_an_empty_table(
    ui: WindowUnderTest,
) -> None:
    ui.window.show_now()
    QTest.keyClicks(ui.window.positions.view, "cim")
    open_shares(ui)
    ui.window.positions.choose_group(GroupBy.ISSUER)
    assert typed(ui, "cim") == "CIM"
    assert typed(ui, "cim prd") == "CIM PRD"
