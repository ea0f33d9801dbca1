"""What reaches the pixels: grounds, bars, chips and bands."""

import pytest
from PySide6.QtCore import QItemSelectionModel
from PySide6.QtGui import QImage

from psf_monitor.ui.style.theme import DARK
from tests.records import GUN, order, position
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
def test_that_a_price_that_moved_stands_on_its_tint(ui: WindowUnderTest, bid: float, colour: str) -> None:
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
