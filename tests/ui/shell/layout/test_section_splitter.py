"""Where the positions end: as the rows need it until the trader drags the handle."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from psf_monitor.ui.shell.layout.section_splitter import LEAST_ABOVE, SPARE_ROWS
from psf_monitor.ui.shell.main_window import MainWindow
from tests.support.records import GUN, order, position
from tests.support.waiting import PATIENCE_MS
from tests.ui.pointer import go_to
from tests.ui.window import WindowUnderTest

Opener = Callable[..., WindowUnderTest]


def rest(window: MainWindow) -> None:
    """The pointer, wherever a test before has left it, moves over no table."""
    for panel in (window.positions, window.orders, window.fills, window.fills.totals):
        panel.view.hold.stop()


def hold(ui: WindowUnderTest, positions: int, orders: int, *, is_pointed: bool = False) -> None:
    if not is_pointed:
        rest(ui.window)
    ui.open(
        GUN,
        [position(f"S{n:02d} PRA", 1000, 20.0, con_id=n + 1) for n in range(positions)],
        [order(f"S{n:02d} PRA", limit_price=20.0, perm_id=n + 1) for n in range(orders)],
    )
    ui.wait()


def whole_rows(window: MainWindow) -> tuple[int, int]:
    """How many rows of positions and of open orders have room."""
    views = (window.positions.view, window.orders.view)
    above, below = (v.viewport().height() // v.verticalHeader().defaultSectionSize() for v in views)
    return above, below


@pytest.mark.parametrize(("positions", "orders"), [(20, 8), (20, 16), (5, 25), (25, 3)])
def test_that_on_a_large_screen_every_row_of_both_has_room(
    open_window: Opener, positions: int, orders: int
) -> None:
    ui = open_window(size=(1920, 1040))
    hold(ui, positions, orders)
    above, below = whole_rows(ui.window)
    assert above >= positions
    assert below >= orders


def test_that_its_place_from_the_first_painting_does_not_change_with_the_seconds(open_window: Opener) -> None:
    window = open_window(size=(1280, 720)).window
    shown = window.splitter.sizes()
    window.show_now()
    assert window.splitter.sizes() == shown


def test_that_it_follows_the_orders_that_come(open_window: Opener) -> None:
    ui = open_window(size=(1280, 1040))
    hold(ui, 10, 5)
    hold(ui, 10, 14)
    assert whole_rows(ui.window)[1] >= 14


def test_that_eight_orders_are_sure_of_room_however_many_positions_there_are(open_window: Opener) -> None:
    ui = open_window(size=(1280, 720))
    hold(ui, 60, 30)
    assert whole_rows(ui.window)[1] == 8


def drag(window: MainWindow, by: int) -> None:
    handle = window.splitter.handle(1)
    at = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(handle, at + QPoint(0, by))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=at)


def test_that_it_stays_where_the_trader_drags_it_until_a_double_click(open_window: Opener) -> None:
    ui = open_window(size=(1280, 1040))
    hold(ui, 10, 5)
    window = ui.window
    followed = window.splitter.sizes()
    drag(window, -80)
    chosen = window.splitter.sizes()
    assert chosen != followed
    hold(ui, 10, 14)
    assert window.splitter.sizes() == chosen
    QTest.mouseDClick(window.splitter.handle(1), Qt.MouseButton.LeftButton)
    assert whole_rows(window)[1] >= 14
    assert window.splitter.saved() == ()


def test_that_the_log_opens_with_room_for_its_lines_at_the_newest(open_window: Opener) -> None:
    ui = open_window(size=(1280, 900))
    hold(ui, 10, 5)
    window = ui.window
    window.log.lines.setPlainText("\n".join(f"line {n}" for n in range(200)))
    window.menus.log.trigger()
    for _ in range(2):
        ui.wait()
    assert window.log.height() >= window.log.sizeHint().height()
    bar = window.log.lines.verticalScrollBar()
    assert bar.value() == bar.maximum()


@pytest.mark.parametrize("height", [704, 710, 716, 722])
def test_that_the_sections_return_to_their_places_when_the_log_is_closed(
    open_window: Opener, qtbot: QtBot, height: int
) -> None:
    ui = open_window(size=(1280, height))
    hold(ui, 20, 9)
    splitter, log = ui.window.splitter, ui.window.menus.log
    before = splitter.sizes()

    def is_open() -> bool:
        rest(ui.window)
        ui.wait()
        return ui.window.log.height() == ui.window.log.sizeHint().height()

    def is_as_before() -> bool:
        rest(ui.window)
        ui.wait()
        return splitter.sizes() == before

    log.trigger()
    qtbot.waitUntil(is_open)
    log.trigger()
    qtbot.waitUntil(is_as_before)


def test_that_no_order_moves_while_the_pointer_is_over_the_orders(open_window: Opener) -> None:
    ui = open_window(size=(1280, 1040))
    hold(ui, 40, 5)
    window = ui.window
    before = window.splitter.sizes()
    go_to(window.orders.view)
    hold(ui, 40, 14, is_pointed=True)
    assert window.splitter.sizes() == before
    rest(window)
    ui.wait()
    assert window.splitter.sizes() == before, "a pointer at rest is still there"
    go_to(window.top_bar)
    rest(window)
    ui.wait()
    assert window.splitter.sizes() != before


def test_that_the_first_orders_get_their_room_wherever_the_pointer_is(open_window: Opener) -> None:
    ui = open_window(size=(1280, 1040))
    hold(ui, 10, 0)
    go_to(ui.window.orders)
    rest(ui.window)
    ui.wait()
    hold(ui, 10, 14)
    assert whole_rows(ui.window)[1] >= 14


@pytest.mark.parametrize(("positions", "orders"), [(0, 0), (5, 3), (20, 8), (22, 8)])
def test_that_on_a_very_large_screen_the_orders_are_close_below_the_positions(
    open_window: Opener, positions: int, orders: int
) -> None:
    ui = open_window(size=(2560, 1600))
    hold(ui, positions, orders)
    above, below = whole_rows(ui.window)
    assert positions <= above <= max(positions + SPARE_ROWS, LEAST_ABOVE)
    assert below > orders


def test_that_a_position_that_comes_or_goes_moves_no_order(open_window: Opener) -> None:
    ui = open_window(size=(2560, 1600))
    hold(ui, 21, 8)
    before = ui.window.splitter.sizes()
    hold(ui, 22, 8)
    assert ui.window.splitter.sizes() == before


def test_that_no_tab_moves_when_another_comes_to_the_front_from_the_start_on(qtbot: QtBot) -> None:
    ui = WindowUnderTest()
    qtbot.addWidget(ui.window)
    section = ui.window.section
    section.show_alerts()
    ui.window.resize(1280, 720)
    with qtbot.waitExposed(ui.window, timeout=PATIENCE_MS):
        ui.window.show()
    hold(ui, 20, 8)
    with_alerts = ui.window.splitter.sizes()
    section.show_fills(False)
    for _ in range(2):
        rest(ui.window)
        ui.wait()
    assert whole_rows(ui.window)[1] == 8
    assert ui.window.splitter.sizes() == with_alerts
