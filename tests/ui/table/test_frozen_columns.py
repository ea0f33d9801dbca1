"""A table wider than its room: the columns that say whose row it is stay in sight, and stay themselves."""

import os
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QPaintEvent, QRegion, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from psf_monitor.ui.table.panel import TablePanel
from tests.support.records import position
from tests.support.waiting import within_patience
from tests.ui.pointer import go_to
from tests.ui.window import WindowUnderTest, fill, quote

LEFT = Qt.MouseButton.LeftButton


def panels(ui: WindowUnderTest) -> list[TablePanel[Any]]:
    return [ui.window.positions, ui.window.orders]


@pytest.fixture
def wide(ui: WindowUnderTest) -> WindowUnderTest:
    """Every column is twice as wide as it was, so that half of each table is out of sight."""
    fill(ui)
    for panel in panels(ui):
        header = panel.view.header
        for section in header.arrangement.shown:
            header.resizeSection(section, 2 * header.sectionSize(section))
    ui.window.show_now()
    return ui


def section(panel: TablePanel[Any], key: str) -> int:
    return panel.model.table.index(key)


def scroll(panel: TablePanel[Any], to: int) -> None:
    panel.view.horizontalScrollBar().setValue(to)


def to_the_end(panel: TablePanel[Any]) -> None:
    scroll(panel, panel.view.horizontalScrollBar().maximum())


def picture(panel: TablePanel[Any], width: int) -> QImage:
    rows = panel.view.viewport()
    return rows.grab(QRect(0, 0, width, panel.view.rowHeight(0) * panel.model.shown_count)).toImage()


class Paints(QObject):
    """Notes what of a widget is drawn again."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self.drawn = QRegion()
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QPaintEvent):
            self.drawn += event.region()
        return False

    def let_draw(self, qtbot: QtBot) -> None:
        """Let all be drawn that is to be drawn, and forget it."""
        self._widget.update()
        qtbot.waitUntil(lambda: not self.drawn.isEmpty())
        for _ in within_patience("a table at rest"):
            if self.drawn.isEmpty():
                break
            self.drawn = QRegion()
            QApplication.processEvents()


@pytest.mark.parametrize("which", [0, 1])
def test_that_account_and_symbol_read_the_same_however_far_the_table_is_scrolled(
    wide: WindowUnderTest, which: int
) -> None:
    panel = panels(wide)[which]
    header = panel.view.header
    acct, symbol = section(panel, "account"), section(panel, "symbol")
    both = (acct, symbol)
    at_first = {each: picture_of(panel, header.sectionViewportPosition(each), each) for each in both}
    to_the_end(panel)
    assert [held.section for held in header.held()] == [*both]
    for held in header.held():
        assert picture_of(panel, held.left, held.section) == at_first[held.section]


def picture_of(panel: TablePanel[Any], left: int, column: int) -> QImage:
    # The last pixels are left out: there the held columns draw the line that ends them.
    rows = panel.view.viewport()
    width = panel.view.header.sectionSize(column) - 2
    return rows.grab(QRect(left, 0, width, panel.view.rowHeight(0) * panel.model.shown_count)).toImage()


def test_that_nothing_is_held_while_nothing_is_scrolled_away(wide: WindowUnderTest) -> None:
    for panel in panels(wide):
        assert panel.view.header.held() == []
        assert panel.view.header.held_width() == 0


def test_that_a_click_on_a_held_symbol_selects_its_row(wide: WindowUnderTest) -> None:
    panel = wide.window.positions
    to_the_end(panel)
    held = panel.view.header.held()[1]
    at = QPoint(held.left + 20, panel.view.rowViewportPosition(2) + 5)
    index = panel.view.indexAt(at)
    assert (index.row(), index.column()) == (2, section(panel, "symbol"))
    before = picture(panel, held.left + 50)
    QTest.mouseClick(panel.view.viewport(), LEFT, pos=at)
    assert [each.row() for each in panel.view.selectionModel().selectedRows()] == [2]
    assert picture(panel, held.left + 50) != before, "the selection is seen on the held columns too"


def test_that_a_click_on_a_held_title_sorts_by_it(wide: WindowUnderTest) -> None:
    panel = wide.window.positions
    to_the_end(panel)
    held = panel.view.header.held()[0]
    QTest.mouseClick(panel.view.header.viewport(), LEFT, pos=QPoint(held.left + 15, 20))
    assert panel.model.sort_order[0] == section(panel, "account")


def test_that_a_held_column_is_widened_at_the_edge_where_it_is_seen(wide: WindowUnderTest) -> None:
    panel = wide.window.positions
    header = panel.view.header
    scroll(panel, 200)
    symbol = section(panel, "symbol")
    before = header.sectionSize(symbol)
    edge = header.held_width()
    QTest.mousePress(header.viewport(), LEFT, pos=QPoint(edge - 1, 20))
    QTest.mouseMove(header.viewport(), QPoint(edge + 9, 20))
    QTest.mouseMove(header.viewport(), QPoint(edge + 29, 20))
    QTest.mouseRelease(header.viewport(), LEFT, pos=QPoint(edge + 29, 20))
    assert header.sectionSize(symbol) == before + 30


def test_that_a_held_column_is_not_moved_by_a_drag(wide: WindowUnderTest) -> None:
    panel = wide.window.positions
    header = panel.view.header
    scroll(panel, 200)
    order = header.arrangement.shown
    left = header.held()[1].left
    QTest.mousePress(header.viewport(), LEFT, pos=QPoint(left + 30, 20))
    QTest.mouseMove(header.viewport(), QPoint(left + 300, 20))
    QTest.mouseMove(header.viewport(), QPoint(left + 600, 20))
    QTest.mouseRelease(header.viewport(), LEFT, pos=QPoint(left + 600, 20))
    assert header.arrangement.shown == order
    assert header.sectionsMovable()


def test_that_the_pointer_shows_where_a_frozen_column_can_be_widened(wide: WindowUnderTest) -> None:
    panel = wide.window.positions
    header = panel.view.header
    scroll(panel, 200)

    def points_at(x: int, shape: Qt.CursorShape) -> None:
        go_to(header.viewport(), QPoint(x, 20))
        assert header.cursor().shape() is shape

    points_at(header.held_width() - 2, Qt.CursorShape.SplitHCursor)
    points_at(header.held_width() - 40, Qt.CursorShape.ArrowCursor)
    header.arrangement.lock(True)
    points_at(header.held_width() - 2, Qt.CursorShape.ArrowCursor)


def test_that_the_menu_of_a_frozen_cell_is_that_of_its_column(wide: WindowUnderTest) -> None:
    panel = wide.window.positions
    to_the_end(panel)
    held = panel.view.header.held()[1]
    index = panel.view.indexAt(QPoint(held.left + 20, 5))
    menu = wide.window.controllers.row_menus.of_position(index.row(), index.column())
    menu.actions()[0].trigger()
    assert QApplication.clipboard().text() == "CIM PRB"


def test_that_the_arrow_keys_scroll_a_table_that_does_not_fit_and_home_and_end_go_all_the_way(
    wide: WindowUnderTest,
) -> None:
    view = wide.window.positions.view
    bar = view.horizontalScrollBar()
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert bar.value() == bar.singleStep()
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert bar.value() == 0
    QTest.keyClick(view, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert bar.value() == 0


def test_that_the_up_and_down_keys_still_move_the_row(wide: WindowUnderTest) -> None:
    view = wide.window.positions.view
    view.selectRow(0)
    scroll(wide.window.positions, 300)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert [each.row() for each in view.selectionModel().selectedRows()] == [1]
    assert view.horizontalScrollBar().value() == 300, "the held column is in sight as it is"


def test_that_the_wheel_with_shift_scrolls_sideways(wide: WindowUnderTest) -> None:
    view = wide.window.positions.view
    at = QPointF(300, 50)
    turn = QWheelEvent(
        at,
        view.viewport().mapToGlobal(at),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ShiftModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), turn)
    assert view.horizontalScrollBar().value() == 120


def test_that_a_cell_is_not_brought_into_sight_behind_the_held_columns(wide: WindowUnderTest) -> None:
    panel = wide.window.positions
    to_the_end(panel)
    quantity = section(panel, "quantity")
    panel.view.scrollTo(panel.model.index(0, quantity))
    assert panel.view.columnViewportPosition(quantity) >= panel.view.header.held_width()


def test_that_a_figure_is_never_cut_at_its_left(wide: WindowUnderTest) -> None:
    panel = wide.window.positions
    header = panel.view.header
    quantity = section(panel, "quantity")
    scroll(panel, header.sectionPosition(quantity) + header.sectionSize(quantity) * 3 // 4)
    scroll(panel, panel.view.horizontalScrollBar().value() - header.held_width())
    edge, covered = header.held_width(), header.covered_width()
    assert edge < covered, "most of the quantity is behind the symbol"
    row = panel.view.rowHeight(0)
    rest = panel.view.viewport().grab(QRect(edge, 2, covered - edge, row - 6)).toImage()
    colours = {rest.pixelColor(x, y).name() for x in range(rest.width()) for y in range(rest.height())}
    assert len(colours) == 1, "the rest of it is ground, no half figure"


def cut(panel: TablePanel[Any], key: str) -> int:
    """Scroll until 30 pixels of this column are left at the right edge; where they begin."""
    header, width = panel.view.header, panel.view.viewport().width()
    scroll(panel, header.sectionPosition(section(panel, key)) - (width - 30))
    assert header.sectionViewportPosition(section(panel, key)) == width - 30
    return width - 30


def is_plain(picture: QImage) -> bool:
    points = ((x, y) for x in range(picture.width()) for y in range(picture.height()))
    return len({picture.pixelColor(*point).name() for point in points}) == 1


@pytest.mark.parametrize("is_scrolled", [False, True])
def test_that_a_figure_is_never_cut_at_its_right(wide: WindowUnderTest, is_scrolled: bool) -> None:
    panel = wide.window.positions
    header = panel.view.header
    # Its figure is as wide as the 30 pixels that are left of it.
    header.resizeSection(section(panel, "last"), 45)
    if not is_scrolled:
        before = header.sectionSize(section(panel, "side"))
        spare = panel.view.viewport().width() - 30 - header.sectionPosition(section(panel, "last"))
        header.resizeSection(section(panel, "side"), before + spare)
    else:
        header.resizeSection(section(panel, "side"), 400)
    begins = cut(panel, "last")
    assert (panel.view.horizontalScrollBar().value() > 0) is is_scrolled
    assert header.whole_until() == begins
    assert not header.is_seen(section(panel, "last"))
    assert header.is_seen(section(panel, "spread"))
    row = panel.view.rowHeight(0)
    assert is_plain(panel.view.viewport().grab(QRect(begins, 2, 30, row - 6)).toImage())
    assert is_plain(header.viewport().grab(QRect(begins, 20, 30, 10)).toImage())


def test_that_a_total_is_never_cut_at_its_right(wide: WindowUnderTest) -> None:
    panel = wide.window.positions
    total = panel.frame.total
    assert total is not None
    panel.view.header.resizeSection(section(panel, "market_value"), 70)
    begins = cut(panel, "market_value")
    assert is_plain(total.grab(QRect(begins - 20, 4, 48, total.height() - 6)).toImage())


def test_that_a_text_may_be_cut_at_its_right(wide: WindowUnderTest) -> None:
    panel = wide.window.positions
    header = panel.view.header
    side = section(panel, "side")
    header.resizeSection(side, 2_000)
    assert header.whole_until() == panel.view.viewport().width()
    assert header.is_seen(side)


def test_that_a_figure_that_is_whole_beside_the_held_columns_is_shown(wide: WindowUnderTest) -> None:
    panel = wide.window.positions
    header = panel.view.header
    quantity = section(panel, "quantity")
    header.resizeSection(quantity, 400)
    scroll(panel, header.sectionPosition(quantity) + 100 - header.sectionPosition(section(panel, "side")))
    edge = header.held_width()
    assert header.sectionViewportPosition(quantity) < edge
    assert header.covered_width() == edge
    assert header.is_seen(quantity)


def test_that_the_titles_are_drawn_anew_when_the_table_is_scrolled(wide: WindowUnderTest) -> None:
    panel = wide.window.positions
    QApplication.processEvents()
    paints = Paints(panel.view.header.viewport())
    scroll(panel, 40)
    QApplication.processEvents()
    assert paints.drawn.contains(QPoint(panel.view.header.viewport().width() // 2, 20))


def test_that_columns_too_wide_to_be_held_scroll_like_the_others(wide: WindowUnderTest) -> None:
    panel = wide.window.positions
    header = panel.view.header
    header.resizeSection(section(panel, "symbol"), 900)
    to_the_end(panel)
    assert [each.section for each in header.held()] == [section(panel, "account")]


def test_that_a_held_cell_that_changes_is_drawn_again_where_it_is_seen(wide: WindowUnderTest) -> None:
    panel = wide.window.positions
    to_the_end(panel)
    QApplication.processEvents()
    held = panel.view.header.held()[0]
    paints = Paints(panel.view.viewport())
    index = panel.model.index(1, held.section)
    panel.model.dataChanged.emit(index, index)
    QApplication.processEvents()
    row = panel.view.rowViewportPosition(1)
    assert paints.drawn.contains(QPoint(held.left + 5, row + 5))
    assert not paints.drawn.contains(QPoint(held.left + 5, panel.view.rowViewportPosition(3) + 5))


def test_that_of_a_row_the_cells_that_changed_are_drawn_again_and_no_other(
    ui: WindowUnderTest, qtbot: QtBot
) -> None:
    fill(ui)
    panel = ui.window.positions
    QApplication.processEvents()
    paints = Paints(panel.view.viewport())
    ui.window.show_now()
    paints.let_draw(qtbot)
    ui.quote(CIM_PRB=quote(ui.clock, bid=24.53))
    ui.window.show_now()
    QApplication.processEvents()
    cells = {
        column.key: panel.view.visualRect(panel.model.index(0, place))
        for place, column in enumerate(panel.model.columns)
    }
    assert paints.drawn.contains(cells["bid"].center())
    assert not paints.drawn.intersects(cells["ask"])
    assert not paints.drawn.intersects(cells["last"])
    assert not paints.drawn.intersects(cells["symbol"])


@pytest.mark.skipif(
    os.environ["QT_QPA_PLATFORM"] != "offscreen", reason="others may stand over a window on a real screen"
)
def test_that_rows_that_have_left_leave_nothing_on_the_screen(ui: WindowUnderTest, qtbot: QtBot) -> None:
    fill(ui)
    view = ui.window.positions.view
    paints = Paints(view.viewport())
    ui.window.show_now()
    paints.let_draw(qtbot)
    first = ui.window.positions.model.line(0).row
    ui.book.position_changed(first.mode, position(first.symbol, 0, account=first.account, mode=first.mode))
    ui.window.show_now()
    qtbot.waitUntil(lambda: not paints.drawn.isEmpty())
    screen = ui.window.screen().grabWindow(ui.window.winId())
    corner = view.viewport().mapTo(ui.window, QPoint(0, 0))
    shown = screen.toImage().copy(QRect(corner * screen.devicePixelRatio(), view.viewport().size()))
    assert shown == view.viewport().grab().toImage().convertToFormat(shown.format())


def test_that_the_band_over_the_held_columns_and_over_the_rest_both_keep_their_names(
    wide: WindowUnderTest,
) -> None:
    panel = wide.window.positions
    header = panel.view.header
    scroll(panel, 60)
    plain = header.viewport().grab(QRect(0, 0, 40, 12)).toImage()
    scroll(panel, 0)
    assert header.viewport().grab(QRect(0, 0, 40, 12)).toImage() == plain


def test_that_a_total_is_not_drawn_over_its_own_name(wide: WindowUnderTest) -> None:
    panel = wide.window.positions
    total = panel.frame.total
    assert total is not None
    before = total.grab(QRect(0, 0, 50, total.height())).toImage()
    to_the_end(panel)
    assert total.grab(QRect(0, 0, 50, total.height())).toImage() == before
