"""What reaches the pixels: grounds, bars, chips and bands."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QItemSelectionModel, QPoint, QPointF, QRect
from PySide6.QtGui import QImage, QPixmap, QRegion
from PySide6.QtWidgets import QApplication

from psf_monitor.book.sums.groups import GroupBy
from psf_monitor.ui.style.theme import DARK, Tone
from psf_monitor.ui.table.column_arrangement import PADDING
from psf_monitor.ui.table.columns import Band
from tests.support.records import GUN, order, position
from tests.ui.window import WindowUnderTest, fill, quote


def ground(ui: WindowUnderTest, key: str, place: int = 0) -> str:
    """The colour of a position's cell, near its lower left corner."""
    view, model = ui.window.positions.view, ui.window.positions.model
    rect = view.visualRect(model.index(place, model.table.index(key)))
    return pixel(view.viewport().grab().toImage(), rect.x() + 4, rect.bottom() - 2)


def pixel(picture: QImage, x: int, y: int) -> str:
    ratio = picture.devicePixelRatio()
    return picture.pixelColor(int(x * ratio), int(y * ratio)).name().upper()


def colours(picture: QImage) -> set[str]:
    return {
        picture.pixelColor(x, y).name().upper()
        for x in range(picture.width())
        for y in range(picture.height())
    }


def test_that_rows_alternate(ui: WindowUnderTest) -> None:
    fill(ui)
    assert [ground(ui, "bid", place) for place in range(2)] == [DARK.base, DARK.alt]


@pytest.mark.parametrize(("bid", "colour"), [(24.53, DARK.tick_up), (24.51, DARK.tick_down)])
def test_that_a_price_that_moved_is_drawn_on_its_tint(ui: WindowUnderTest, bid: float, colour: str) -> None:
    fill(ui)
    assert ground(ui, "bid") == DARK.base
    ui.quote(CIM_PRB=quote(ui.clock, bid=bid))
    ui.window.show_now()
    assert ground(ui, "bid") == colour
    assert ground(ui, "ask") == DARK.base


def test_that_a_selected_row_has_a_ground_and_a_bar(ui: WindowUnderTest) -> None:
    fill(ui)
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    view = ui.window.positions.view
    view.selectionModel().select(ui.window.positions.model.index(1, 0), flags)
    assert ground(ui, "last", 1) == DARK.selection
    assert pixel(view.viewport().grab().toImage(), 1, 30) == DARK.accent


def test_that_an_order_near_its_fill_has_a_ground_and_a_bar_until_prices_freeze(
    ui: WindowUnderTest,
) -> None:
    ui.open(GUN, [position()], [order(limit_price=24.57)])
    ui.quote(CIM_PRB=quote(ui.clock))
    ui.window.show_now()
    viewport = ui.window.orders.view.viewport()
    picture = viewport.grab().toImage()
    assert (pixel(picture, 1, 10), pixel(picture, 300, 3)) == (DARK.warn, DARK.near_fill)
    ui.lose_hammer()
    ui.window.show_now()
    picture = viewport.grab().toImage()
    assert (pixel(picture, 1, 10), pixel(picture, 300, 3)) == (DARK.base, DARK.base)


def test_that_a_short_stands_on_a_chip(ui: WindowUnderTest) -> None:
    fill(ui)
    view, model = ui.window.positions.view, ui.window.positions.model
    rect = view.visualRect(model.index(2, model.table.index("side")))
    assert DARK.short_bg in colours(view.viewport().grab(rect).toImage())


def test_that_the_bands_take_the_colour_of_a_warning_while_prices_are_frozen(ui: WindowUnderTest) -> None:
    fill(ui)
    header = ui.window.positions.view.header
    before = colours(header.grab().toImage())
    ui.lose_hammer()
    ui.window.show_now()
    assert DARK.warn not in before
    assert DARK.warn in colours(header.grab().toImage())


def test_that_the_ground_of_a_row_goes_on_to_the_edge_of_the_table(ui: WindowUnderTest) -> None:
    ui.open(GUN, [position()], [order(limit_price=24.57)])
    ui.quote(CIM_PRB=quote(ui.clock))
    ui.window.resize(1900, 900)
    ui.window.show_now()
    view = ui.window.orders.view
    edge = view.viewport().width() - 1
    assert view.header.length() < edge
    assert pixel(view.viewport().grab().toImage(), edge, 3) == DARK.near_fill


def test_that_a_selected_order_near_its_fill_keeps_its_ground_between_lines(ui: WindowUnderTest) -> None:
    ui.open(GUN, [position()], [order(limit_price=24.57)])
    ui.quote(CIM_PRB=quote(ui.clock))
    ui.window.show_now()
    view = ui.window.orders.view
    view.selectRow(0)
    picture, bottom = view.viewport().grab().toImage(), view.rowHeight(0) - 1
    assert [pixel(picture, 300, y) for y in (0, 4, bottom)] == [DARK.accent, DARK.near_fill, DARK.accent]
    assert pixel(picture, 1, 10) == DARK.warn


def test_that_cells_drawn_again_apart_from_each_other_look_as_they_do_together(ui: WindowUnderTest) -> None:
    fill(ui)
    ui.window.positions.view.selectRow(2)
    ui.quote(CIM_PRB=quote(ui.clock, bid=24.51))
    ui.window.show_now()
    view, table = ui.window.positions.view, ui.window.positions.model.table
    places = (("bid", 0), ("last", 2), ("unrealized_pnl", 0), ("account", 2))
    cells = [view.visualRect(view.model().index(place, table.index(key))) for key, place in places]
    together = view.viewport().grab()
    apart = QPixmap(together.size())
    apart.setDevicePixelRatio(together.devicePixelRatio())
    apart.fill(DARK.warn)
    view.viewport().render(apart, QPoint(), sum(map(QRegion, cells), QRegion()))
    between = cells[0].translated(0, cells[0].height())
    assert colours(_part(apart, between)) == {DARK.warn}
    assert [_part(apart, cell) for cell in cells] == [_part(together, cell) for cell in cells]


def _part(picture: QPixmap, rect: QRect) -> QImage:
    ratio = picture.devicePixelRatio()
    begin, size = QPointF(rect.topLeft()) * ratio, rect.size() * ratio
    return picture.copy(QRect(begin.toPoint(), size)).toImage()


def where_text_begins(ui: WindowUnderTest, key: str, place: int) -> int:
    """How far in the first pixel of a cell's text is."""
    view, model = ui.window.positions.view, ui.window.positions.model
    rect = view.visualRect(model.index(place, model.table.index(key)))
    picture = view.viewport().grab(rect).toImage()
    grounds = {pixel(picture, 1, 4), DARK.grid}
    columns = range(1, int(picture.width() / picture.devicePixelRatio()))
    return next(x for x in columns if {pixel(picture, x, y) for y in range(4, 16)} - grounds)


def test_that_a_row_under_a_heading_is_indented(ui: WindowUnderTest) -> None:
    fill(ui)
    alone = where_text_begins(ui, "symbol", 0)
    ui.window.positions.choose_group(GroupBy.ISSUER)
    assert [ui.cell("symbol", place) for place in range(4)] == ["CIM", "CIM PRB", "CIM PRB", "GS PRA"]
    begins = [where_text_begins(ui, "symbol", place) for place in (1, 2)]
    assert begins == [alone + 12, alone + 12]
    gs_alone = where_text_begins(ui, "symbol", 3)
    assert abs(gs_alone - alone) <= 1
    ui.window.positions.choose_group(GroupBy.NONE)
    assert where_text_begins(ui, "symbol", 1) == alone


def test_that_the_line_of_a_band_goes_on_over_columns_that_are_chosen(ui: WindowUnderTest) -> None:
    fill(ui)
    window = ui.window
    header = window.positions.view.header
    QApplication.processEvents()
    for key in ("grpan", "grpan_concentration", "rwvap_1d"):
        header.arrangement.show_column(key, is_wanted=True)
        QApplication.processEvents()
    corner = header.viewport().mapTo(window, QPoint(0, 0))
    left, right = next((left, right) for band, left, right in header.bands() if band is Band.HAMMER)
    line = corner.y() + window.theme.zoomed(14) - 1
    on_screen = window.screen().grabWindow(window.winId()).toImage()
    drawn = {pixel(on_screen, corner.x() + x, line) for x in range(left + 5, right - 5)}
    assert drawn == {DARK.control}


def test_that_the_bell_of_an_alert_covers_no_letter_of_a_symbol_in_a_group(ui: WindowUnderTest) -> None:
    ui.open(GUN, [position("RITM PRD"), position("RITM PRC", con_id=5)])
    ui.window.positions.choose_group(GroupBy.ISSUER)
    ui.window.show_now()
    view, model = ui.window.positions.view, ui.window.positions.model
    cell = view.visualRect(model.index(1, model.table.index("symbol")))
    letters = cell.adjusted(PADDING + 12, 0, 0, 0)
    before = view.viewport().grab().copy(letters).toImage()
    view.mark_alerts({"RITM PRC": "", "RITM PRD": ""})
    after = view.viewport().grab()
    assert after.copy(letters).toImage() == before
    assert DARK.warn in colours(after.copy(cell).toImage())


def test_that_a_wide_sum_is_not_drawn_over_the_one_beside_it(ui: WindowUnderTest) -> None:
    fill(ui)
    panel = ui.window.positions
    total = panel.frame.total
    assert total is not None
    header, place = panel.view.header, panel.model.table.index("market_value")
    bar = panel.view.horizontalScrollBar()
    bar.setValue(bar.maximum())
    assert header.is_seen(place)
    assert header.is_seen(panel.model.table.index("unrealized_pnl"))
    left, width = header.sectionViewportPosition(place), header.sectionSize(place)
    beside = QRect(left, 2, width, total.height() - 2)
    before = total.grab(beside).toImage()
    figures = {**total.figures.figures, "unrealized_pnl": ("−2,428,952,031,683", Tone.LOSS)}
    total.show_figures(replace(total.figures, figures=figures))
    assert total.grab(beside).toImage() == before
