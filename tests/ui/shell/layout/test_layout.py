"""Room for everything: whole rows, complete state texts, and a window that fits half a screen."""

import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from psf_monitor.connection.status import LinkState
from psf_monitor.domain.orders.order_standing import MarketPosition
from psf_monitor.ui.style.theme import Theme
from psf_monitor.ui.table.column_arrangement import PADDING
from psf_monitor.ui.table.columns import R
from psf_monitor.ui.table.panel import TablePanel
from psf_monitor.ui.table.sorted_lines import Cell
from tests.support.records import GUN, PED, order, position
from tests.ui.window import HAMMER, PROBLEM, WindowUnderTest, quote
from tests.ui.window import fill as window_fill

Opener = Callable[..., WindowUnderTest]
ROW_HEIGHT = 20
MARK = 10
"""The width of the sign before a status."""
MODES = (GUN, PED, HAMMER)
SMALL_SCREEN = QSize(1280, 720) / 1.75 - QSize(16, 10)
"""The room for the window on a screen of 1280 by 720 at 175 percent, less its frame."""


def fill(ui: WindowUnderTest, positions: int = 30, orders: int = 12) -> None:
    ui.open(
        GUN,
        [position(f"S{n:02d} PRA", 1000 + n, 1171.225, con_id=n + 1) for n in range(positions)],
        [order(f"S{n:02d} PRA", limit_price=1178.0 + n, perm_id=n + 1) for n in range(orders)],
    )
    quotes = {
        f"S{n:02d}_PRA": quote(ui.clock, 1181.0, 1184.99, 1182.5, prev_close=1170.0) for n in range(positions)
    }
    ui.quote(**quotes)
    ui.window.show_now()


@pytest.mark.parametrize(("exposure", "positions"), [(True, 13), (False, 14)])
def test_that_positions_and_eight_orders_are_whole_at_1280_by_720(
    open_window: Opener, qtbot: QtBot, exposure: bool, positions: int
) -> None:
    ui = open_window(size=(1280, 720))
    ui.window.menus.exposure.setChecked(exposure)
    fill(ui)
    view = ui.window.positions.view
    qtbot.waitUntil(lambda: view.viewport().height() >= positions * ROW_HEIGHT)
    assert ui.window.orders.view.viewport().height() >= 8 * ROW_HEIGHT


@pytest.mark.parametrize("width", [940, 1280])
def test_that_no_row_is_ever_cut(open_window: Opener, width: int) -> None:
    ui = open_window(size=(width, 600))
    fill(ui)
    ui.links[PED].be(LinkState.FAILED, problem=PROBLEM)
    ui.window.show_now()
    for height in range(640, 1100, 37):
        ui.window.resize(width, height)
        assert ui.window.height() == height
        for panel in (ui.window.positions, ui.window.orders):
            assert panel.view.viewport().height() % ROW_HEIGHT == 0, height


@pytest.mark.parametrize("demo", [False, True])
def test_that_the_window_fits_half_a_screen(open_window: Opener, demo: bool) -> None:
    ui = open_window(demo=demo)
    fill(ui)
    assert ui.window.minimumSizeHint().width() <= 940
    ui.window.resize(940, 720)
    assert ui.window.width() == 940


@pytest.mark.parametrize("demo", [False, True])
def test_that_the_window_fits_a_screen_of_1280_by_720_at_175_percent(open_window: Opener, demo: bool) -> None:
    ui = open_window(demo=demo)
    fill(ui)
    for _tab in range(3):
        ui.window.resize(SMALL_SCREEN)
        assert ui.window.size() == SMALL_SCREEN
        ui.window.section.switch()


def test_that_buttons_that_menus_have_too_make_way_for_the_menus_on_a_small_screen(
    open_window: Opener,
) -> None:
    ui = open_window(demo=True)
    row = ui.window.top_bar
    row.show_alerts("12 alerts · RITM PRD near fill", "12 alerts")
    seen = []
    for width in (1280, 940, 720):
        ui.window.resize(width, 480)
        QApplication.processEvents()
        assert row.menus.width() >= row.menus.sizeHint().width()
        assert row.clock.geometry().right() <= row.width()
        seen.append((row.demo.text, row.on_top.isVisible(), row.screenshot.isVisible()))
    assert seen == [
        ("DEMO · simulated data", True, True),
        ("DEMO · simulated data", True, True),
        ("DEMO", True, False),
    ]
    ui.window.resize(1280, 720)
    assert row.screenshot.isVisible()


def resized(ui: WindowUnderTest, *widths: int) -> Iterator[int]:
    """Take the window to one width after another; each is laid out when it is returned."""
    for width in widths:
        ui.window.resize(width, 720)
        QApplication.processEvents()
        yield width


def test_that_nothing_above_the_positions_overlaps_however_narrow_the_window_is(open_window: Opener) -> None:
    ui = open_window(size=(720, 720))
    window_fill(ui)
    bar = ui.window.positions.bar.parentWidget()
    assert bar is not None
    chip = ui.window.positions.chip
    for width in resized(ui, 720, 800, 918, 940, 1280, 800):
        assert ui.window.positions.set_symbol.isVisible() is (width > 900), width
        assert chip.text, width
        assert chip.width() == chip.sizeHint().width(), width
        parts = [
            each for each in bar.children() if isinstance(each, QWidget) and each.isVisible() and each.width()
        ]
        boxes = sorted((each.x(), each.x() + each.width()) for each in parts)
        assert all(right <= left for (_, right), (left, _) in itertools.pairwise(boxes)), (width, boxes)
        assert boxes[-1][1] <= bar.width(), width


def test_that_the_chip_of_an_alert_takes_no_menu_its_room(open_window: Opener) -> None:
    ui = open_window(size=(800, 720), demo=True)
    fill(ui)
    row = ui.window.top_bar
    for width in resized(ui, 800, 918, 940, 1280, 800):
        row.show_alerts("12 alerts · RITM PRD near fill", "12 alerts")
        QApplication.processEvents()
        assert row.menus.width() >= row.menus.sizeHint().width(), width
        assert row.alert.text == ("12 alerts · RITM PRD near fill" if width == 1280 else "12 alerts")
        row.show_alerts("", "")
        assert row.alert.text == ""


def test_that_no_table_scrolls_sideways(open_window: Opener) -> None:
    ui = open_window()
    fill(ui)
    for width in (918, 940, 960, 1199, 1200, 1280, 1920):
        ui.window.resize(width, 720)
        assert ui.window.width() == max(width, ui.window.minimumSizeHint().width())
        for panel in (ui.window.positions, ui.window.orders):
            assert panel.view.horizontalScrollBar().maximum() == 0, width


@pytest.mark.parametrize("width", [918, 1280])
def test_that_the_ids_and_states_of_orders_are_whole(open_window: Opener, width: int) -> None:
    ui = open_window(size=(width, 720))
    permanent = order("CIM PRB", order_id=0, perm_id=1_204_411_861)
    partly = order("MS PRK", order_id=1047, perm_id=2, quantity=800, filled=300)
    ui.open(GUN, [], [permanent, partly])
    ui.window.show_now()
    for key, text, beside in (
        ("order_id", "1204411861", 2 * PADDING),
        ("status", "Submitted · part", 3 * PADDING + MARK),
    ):
        assert text in [ui.order_cell(key, place) for place in range(2)]
        room = ui.window.orders.view.columnWidth(ui.window.orders.model.table.index(key))
        assert ui.window.theme.metrics(12).horizontalAdvance(text) + beside <= room, key


@pytest.mark.parametrize("width", [918, 960, 1280])
def test_that_the_conditions_of_an_order_are_complete(open_window: Opener, qtbot: QtBot, width: int) -> None:
    ui = open_window(size=(width, 720))
    fill(ui, orders=40)
    view = ui.window.orders.view
    # The scroll bar takes room from the columns.
    qtbot.waitUntil(lambda: view.verticalScrollBar().isVisible())
    assert view.horizontalScrollBar().maximum() == 0
    room = view.columnWidth(ui.window.orders.model.table.index("where")) - 2 * PADDING
    metrics = ui.window.theme.metrics(12)
    for text in MarketPosition:
        assert metrics.horizontalAdvance(text.value) <= room, text


def test_that_the_width_picks_the_columns(open_window: Opener) -> None:
    ui = open_window(size=(1280, 720))
    positions, orders = ui.window.positions, ui.window.orders
    for width in resized(ui, 1280, 1200, 1199, 960, 1200):
        is_hidden = width < 1200
        assert positions.view.isColumnHidden(positions.model.table.index("spread")) is is_hidden, width
        assert orders.view.isColumnHidden(orders.model.table.index("placed")) is is_hidden, width
        assert not positions.view.isColumnHidden(positions.model.table.index("last")), width


def test_that_a_narrow_window_picks_its_columns_from_the_start(open_window: Opener) -> None:
    positions = open_window(size=(960, 720)).window.positions
    assert positions.view.isColumnHidden(positions.model.table.index("spread"))


def test_that_the_text_of_a_state_is_never_cut(open_window: Opener) -> None:
    ui = open_window(size=(720, 720))
    for _width in resized(ui, 720, 885, 940, 960, 1200, 1280):
        for state in LinkState:
            state_words_fit(ui, state)


def state_words_fit(ui: WindowUnderTest, state: LinkState) -> None:
    now = ui.clock()
    for mode in MODES:
        retry_at = now + timedelta(seconds=59)
        ui.links[mode].be(state, since=now - timedelta(seconds=15), retry_at=retry_at, problem=PROBLEM)
    ui.window.show_now()
    for mode in MODES:
        face = ui.window.links_panel.cards[mode].face
        text = face.content
        assert text is not None
        shown = face.lines()
        left = 28 + ui.window.theme.metrics(13, bold=True).horizontalAdvance(text.name) + 7
        chip = shown.chip_width + 7 if shown.chip else 0
        assert ui.window.theme.metrics(10, bold=True).horizontalAdvance(shown.chip) <= shown.chip_width
        assert shown.state in (text.state, text.short_state), state
        metrics = ui.window.theme.metrics(11 if shown.is_stacked else 12, bold=True)
        word = metrics.horizontalAdvance(shown.state)
        # The last 7 pixels part a chip from the state beside it.
        wanted = max(left + chip - 7, 28 + word) if shown.is_stacked else left + chip + word
        assert wanted <= face.width(), state


def test_that_what_a_card_expects_stays_beside_its_name_however_long_it_connects(open_window: Opener) -> None:
    ui = open_window(size=(1280, 720))
    for mode in (GUN, PED):
        ui.links[mode].be(LinkState.CONNECTING, since=ui.clock())
    for _ in range(29):
        ui.wait()
        faces = [ui.window.links_panel.cards[mode].face for mode in (GUN, PED)]
        assert [face.lines().chip for face in faces] == ["expects LIVE"] * 2


def test_that_every_button_shows_its_whole_text(open_window: Opener) -> None:
    ui = open_window(size=(720, 720), demo=True)
    ui.links[GUN].be(LinkState.FAILED, problem=PROBLEM)
    fill(ui)
    for width in resized(ui, 720, 940, 1280):
        for button in ui.window.findChildren(QAbstractButton):
            if button.isVisible() and button.text():
                wanted = button.fontMetrics().horizontalAdvance(button.text())
                assert wanted <= button.width() - 8, (width, button.text())


def cells(panel: TablePanel[R], place: int) -> Iterator[tuple[Cell, int, str]]:
    """Each right-aligned cell of a row, the room it has, and its column."""
    line = panel.model.line(place)
    for i, column in enumerate(panel.model.columns):
        if not panel.view.isColumnHidden(i) and not column.is_left:
            yield panel.model.cell(line, i), panel.view.columnWidth(i) - 4, column.key


def test_that_the_figures_of_a_full_day_fit_their_columns(open_window: Opener) -> None:
    ui = open_window(size=(918, 720))
    fill(ui)
    theme: Theme = ui.window.theme
    positions, orders = ui.window.positions, ui.window.orders
    for width in resized(ui, 918, 940, 1280):
        held = (cells(positions, place) for place in range(14))
        ordered = (cells(orders, place) for place in range(8))
        for cell, room, key in itertools.chain(*held, *ordered):
            wanted = theme.metrics(bold=cell.is_bold).horizontalAdvance(cell.text)
            assert wanted <= room, (width, key)


def test_that_every_button_is_reached_by_the_keyboard(ui: WindowUnderTest, qtbot: QtBot) -> None:
    wanted: set[object] = {card.button for card in ui.window.links_panel.cards.values()}
    ui.window.positions.view.setFocus()
    for _press in range(40):
        qtbot.keyClick(ui.window.focusWidget(), Qt.Key.Key_Tab)  # type: ignore[no-untyped-call]
        wanted.discard(ui.window.focusWidget())
    assert not wanted
