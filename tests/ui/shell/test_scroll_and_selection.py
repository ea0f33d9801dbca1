"""Changing rows: what is selected, at the top or under the mouse keeps its place."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

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
