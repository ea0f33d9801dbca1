"""The window of one share: opened by a key, read at a glance, given up when it is closed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.depth import Ahead, Depth, DepthLevel, DepthReport, DepthState, OwnOrder, Place
from psf_monitor.domain.indicators import DEFAULT_RULES, Window
from psf_monitor.domain.orders.order import Side
from psf_monitor.domain.quote import Print
from psf_monitor.formatting import HIDDEN
from psf_monitor.ui.positions.columns import POSITIONS
from psf_monitor.ui.shell.layout.store import LayoutStore, SymbolLayout, WindowLayout, WindowPlace
from psf_monitor.ui.style.theme import Tone
from psf_monitor.ui.symbol import ladder_lines
from psf_monitor.ui.symbol.day_chart import steps_of
from psf_monitor.ui.symbol.ladder_lines import L1Prices, PrintWeights, Weight, build_lines, explained
from psf_monitor.ui.symbol.share_text import holdings
from psf_monitor.ui.symbol.share_view import ShareReader
from psf_monitor.ui.symbol.time_and_sales import side_of
from psf_monitor.ui.symbol.window import DEPTH as DEPTH_TAB
from psf_monitor.ui.symbol.window import INDICATORS, SymbolWindow
from tests.support.fill_records import fill as execution
from tests.support.records import GUN, NOON, PED, position
from tests.ui.window import WindowUnderTest, fill, has_keys

CIM = "CIM PRB"
DEPTH = Depth(
    (DepthLevel(24.52, 600, "NYSE"), DepthLevel(24.50, 1500, "NYSE"), DepthLevel(24.50, 800, "ARCA")),
    (DepthLevel(24.60, 400, "NSDQ"), DepthLevel(24.62, 700, "")),
)
LIVE = DepthReport(DepthState.LIVE, DEPTH, NOON, NOON)


@pytest.fixture
def full(ui: WindowUnderTest) -> WindowUnderTest:
    fill(ui)
    return ui


def opened(ui: WindowUnderTest, report: DepthReport | None = LIVE) -> SymbolWindow:
    assert ui.window.symbol_windows.open_named(CIM)
    (window,) = ui.window.symbol_windows.windows
    if report is not None:
        ui.book.depths.depth_changed({CIM: report})
    window.refresh()
    return window


def texts(window: SymbolWindow) -> list[list[str]]:
    return [[styled.text for styled in row] for row in window.orders.rows]


def press(widget: QWidget, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    widget.window().activateWindow()
    widget.setFocus()
    QTest.keyClick(widget, key, held)


def test_that_enter_on_a_row_opens_it_once_and_closing_gives_its_depth_up(
    full: WindowUnderTest,
) -> None:
    window = full.window
    window.show()
    view = window.positions.view
    view.setCurrentIndex(window.positions.model.index(0, POSITIONS.index("symbol")))
    press(view, Qt.Key.Key_Return)
    press(view, Qt.Key.Key_Return)
    (share,) = window.symbol_windows.windows
    assert share.share.symbol == CIM
    assert full.book.depths.symbols == {CIM}
    share.close()
    assert not window.symbol_windows.windows
    assert full.book.depths.symbols == frozenset()


def test_that_it_is_in_the_menu_of_a_position_and_of_an_order(full: WindowUnderTest) -> None:
    menus = full.window.controllers.row_menus
    for menu in (menus.of_position(0, POSITIONS.index("symbol")), menus.of_order(0, 1)):
        (action,) = [each for each in menu.actions() if "epth, orders" in each.text()]
        action.trigger()
    assert next(window.share.symbol for window in full.window.symbol_windows.windows) == CIM


def test_that_it_reports_my_orders_with_what_is_ahead_and_what_each_login_holds(
    full: WindowUnderTest,
) -> None:
    window = opened(full)
    assert texts(window) == [["GUN", "BUY", "500", "24.52", "100", "At bid"]]
    held = " ".join(styled.text for styled in window.header.holdings)
    assert "GUN Long 3,000 @ 23.4186" in held
    assert "PED Long 1,400 @ 23.9020" in held
    assert "IBKR 4,400" in held


def test_that_a_figure_has_the_tone_of_what_is_shown_of_it(full: WindowUnderTest) -> None:
    window = opened(full)
    view = ShareReader(full.window.context.sources, window.share).read()
    (row, *_) = view.positions
    for pnl, tone in ((0.4, Tone.TEXT), (0.6, Tone.GAIN), (-0.4, Tone.TEXT), (-0.6, Tone.LOSS)):
        shown = replace(view, positions=(row._replace(unrealized_pnl=pnl),))
        (_, _, money) = holdings(shown, hides=False)[:3]
        assert (pnl, money.tone) == (pnl, tone)


def test_that_every_state_of_the_depth_is_reported(full: WindowUnderTest) -> None:
    for report, text in (
        (DepthReport(DepthState.ASKING), "has been asked"),
        (DepthReport(DepthState.NOT_SERVED, reason="L2 costs extra"), "L2 costs extra"),
        (DepthReport(DepthState.SILENT, since=NOON), "nothing of the depth has come"),
        (DepthReport(DepthState.OFF), "not connected"),
        (replace(LIVE, depth=Depth((), DEPTH.asks)), "nobody displays a bid"),
        (replace(LIVE, depth=Depth(DEPTH.bids, unsent=frozenset({Side.SELL}))), "bids  ·  HAMMER has not"),
        (replace(LIVE, state=DepthState.STALE, reason="an update is missing"), "old: an update is missing"),
        (replace(LIVE, depth=replace(DEPTH, unreadable=2)), "2 rows could not be read"),
        (LIVE, "3 bids, 2 asks"),
    ):
        window = opened(full, report)
        assert text in window.status.text
        window.close()
    assert "nobody" not in opened(full, replace(LIVE, depth=Depth(unreadable=1))).status.text


def test_that_nothing_is_reported_of_my_place_while_there_is_no_depth_or_another_market(
    full: WindowUnderTest,
) -> None:
    window = opened(full, DepthReport(DepthState.ASKING))
    assert texts(window)[0][4] == "—"
    other = replace(DEPTH, bids=(DepthLevel(24.40, 100),))
    full.book.depths.depth_changed({CIM: replace(LIVE, depth=other)})
    window.refresh()
    full.clock.advance(2)
    window.refresh()
    assert texts(window)[0][4] == "—"


def test_that_hidden_values_cover_what_is_mine_and_keep_what_is_the_markets(full: WindowUnderTest) -> None:
    window = opened(full)
    full.window.menus.hide_values.setChecked(True)
    mine = [styled.text for row in window.orders.rows for styled in row]
    assert mine == ["GUN", "BUY", HIDDEN, "24.52", HIDDEN, "At bid"]
    text = " ".join(styled.text for styled in window.header.holdings) + window.explaining.text
    assert not [figure for figure in ("3,000", "1,400", "4,400", "100 ahead") if figure in text]
    assert "23.4186" in text
    assert [figure.text.text for figure in window.header.figures][1:3] == ["24.52", "24.60"]


def test_that_it_is_where_it_was_when_it_is_opened_again(
    open_window: Callable[..., WindowUnderTest], tmp_path: Path
) -> None:
    store = tmp_path / "layout.json"
    ui = open_window(store=LayoutStore(store))
    fill(ui)
    window = opened(ui)
    window.setGeometry(40, 50, 700, 600)
    window.choose_window(Window.DAY)
    window.filter_prints(100)
    window.choose_tab(INDICATORS)
    ui.window.close()
    again = open_window(store=LayoutStore(store))
    fill(again)
    window = opened(again)
    assert window.geometry().getRect() == (40, 50, 700, 600)
    assert window.window_of_prints is Window.DAY
    assert window.least_size == 100
    assert window.tab == INDICATORS


def test_that_it_is_painted_small_and_large_in_both_themes(full: WindowUnderTest) -> None:
    window = opened(full)
    for size in ((560, 440), (640, 577), (1000, 900)):
        window.resize(*size)
        assert not window.grab().isNull()


def own(side: str, price: float, left: float, key: int = 1, mode: object = GUN) -> OwnOrder:
    return OwnOrder(key, mode, "U1", side, price, left)  # type: ignore[arg-type]


MARKET = L1Prices(24.52, 24.60, 600, 400, 24.55)


def test_that_every_price_is_one_line_and_long_gaps_are_folded() -> None:
    orders = (own("SELL", 25.10, 300),)
    found = build_lines(LIVE, MARKET, orders, PrintWeights({24.55: Weight(3.0, 1.0)}, 24.55))
    prices = [line.price for line in found.lines if not line.empty]
    assert prices == [
        25.10,
        24.62,
        24.61,
        24.60,
        24.59,
        24.58,
        24.57,
        24.56,
        24.55,
        24.54,
        24.53,
        24.52,
        24.51,
        24.50,
    ]
    (fold,) = [line for line in found.lines if line.empty]
    assert fold.empty == 0.47
    by_price = {line.price: line for line in found.lines}
    assert by_price[24.55].is_last
    assert by_price[24.55].is_spread
    assert by_price[25.10].mine[0][1].place is Place.NOT_IN_DEPTH
    assert [line.price for line in found.lines if line.is_near_grpan] == [
        24.59,
        24.58,
        24.57,
        24.56,
        24.55,
        24.54,
        24.53,
        24.52,
        24.51,
    ]


def test_that_without_a_depth_bid_and_ask_of_l1_are_in_their_lines() -> None:
    found = build_lines(DepthReport(DepthState.NOT_SERVED), MARKET, (own("BUY", 24.52, 100),), PrintWeights())
    by_price = {line.price: line for line in found.lines}
    assert by_price[24.52].is_l1_only
    assert by_price[24.52].mine[0][1] == Ahead(Place.UNKNOWN)
    assert "L1 only" in explained(by_price[24.60], are_values_hidden=False)


def test_that_a_line_is_explained_with_its_venues_and_what_is_ahead() -> None:
    orders = (own("BUY", 24.50, 500, 1, PED), own("BUY", 24.50, 1000, 2))
    found = build_lines(LIVE, MARKET, orders, PrintWeights())
    (line,) = [each for each in found.lines if each.price == 24.50]
    text = explained(line, are_values_hidden=False)
    assert "24.50 bid 2,300: NYSE 1,500, ARCA 800" in text
    assert "PED BUY: at most 2,400 ahead = 600 better + 1,800 here (1,000 is mine)" in text
    assert "venue not reported 700" in explained(found.lines[0], are_values_hidden=False)


def test_that_the_weights_are_those_of_grpan_and_name_what_finra_gave() -> None:
    prints = [Print(24.55, 100, NOON, "NYSE"), Print(24.55, 300, NOON, "FNRA"), Print(24.6, 50, NOON, "")]
    assert ladder_lines.weights_of(prints, DEFAULT_RULES) == {24.55: Weight(1.4, 0.4), 24.6: Weight(0.2, 0.2)}


def test_that_a_print_is_at_the_ask_or_at_the_bid_of_that_moment() -> None:
    at = NOON - timedelta(seconds=1)
    assert side_of(Print(24.60, 100, at, bid=24.52, ask=24.60)) == 1
    assert side_of(Print(24.51, 100, at, bid=24.52, ask=24.60)) == -1
    assert side_of(Print(24.55, 100, at, bid=24.52, ask=24.60)) == 0
    assert side_of(Print(24.55, 100, at)) == 0


def test_that_the_table_of_orders_reports_what_is_ahead_only_while_the_window_is_open(
    full: WindowUnderTest,
) -> None:
    columns = {column.key: column for column in full.window.orders.model.columns}
    assert columns["ahead"].is_optional
    assert columns["ahead"].is_sensitive
    place = next(n for n in range(2) if full.order_cell("symbol", n) == CIM)
    assert full.order_cell("ahead", place) == "—"
    window = opened(full)
    full.window.show_now()
    line = full.window.orders.model.line(place)
    assert (full.order_cell("ahead", place), full.order_cell("ahead_place", place)) == ("100", "")
    report = columns["ahead"].tooltip
    assert report is not None
    assert report(line.row, NOON) == "At most 100 ahead = 0 at better prices + 100 here"
    window.close()
    full.window.show_now()
    assert full.order_cell("ahead", place) == "—"
    assert "Enter" in report(full.window.orders.model.line(place).row, NOON)


def test_that_two_shares_of_one_name_have_a_window_each_and_hammers_row_opens_ibkrs(
    ui: WindowUnderTest,
) -> None:
    first, second = position(CIM, con_id=1), position(CIM, con_id=2, account="U7654037", mode=PED)
    hammers = position(CIM, con_id=0, account="H1", mode=AccountMode.HAMMER_PRO)
    ui.open(GUN, [first])
    ui.open(PED, [second])
    ui.window.show_now()
    windows = ui.window.symbol_windows
    rows = {row.key.con_id: row for row in ui.window.positions.model.rows()}
    one, other = windows.open(rows[1]), windows.open(rows[2])
    assert one is not other
    assert [window.share.con_id for window in windows.windows] == [1, 2]
    one.setGeometry(10, 20, 600, 500)
    other.setGeometry(40, 50, 700, 600)
    windows.close_all()
    assert windows.open(rows[1]).geometry().getRect() == (10, 20, 600, 500)
    assert windows.open(rows[2]).geometry().getRect() == (40, 50, 700, 600)
    windows.close_all()
    ui.book.positions_replaced(PED, [])
    ui.open(AccountMode.HAMMER_PRO, [hammers], account="H1")
    ui.window.show_now()
    rows = {row.key.con_id: row for row in ui.window.positions.model.rows()}
    assert windows.open(rows[0]).share.con_id == 1


def test_that_a_window_is_not_left_on_a_screen_that_is_gone(
    open_window: Callable[..., WindowUnderTest], tmp_path: Path
) -> None:
    store = LayoutStore(tmp_path / "layout.json")
    far = SymbolLayout(CIM, WindowPlace(90_000, 40, 700, 600))
    store.save(WindowLayout(symbols=(far,)))
    ui = open_window(store=LayoutStore(tmp_path / "layout.json"))
    fill(ui)
    window = opened(ui)
    (screen, *_) = QGuiApplication.screens()
    assert screen.availableGeometry().contains(window.geometry().topLeft())


def test_that_its_pages_are_walked_by_keys_and_only_the_front_one_is_brought_up_to_date(
    full: WindowUnderTest, qtbot: QtBot
) -> None:
    window = opened(full)
    assert window.tab == DEPTH_TAB
    qtbot.waitUntil(lambda: window.windowHandle().isExposed())
    window.activateWindow()
    qtbot.waitUntil(lambda: has_keys(window))
    press(window.ladder, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    assert window.tab != DEPTH_TAB
    before = window.orders.rows
    full.book.orders_replaced(GUN, [])
    window.refresh()
    assert window.orders.rows is before
    window.choose_tab(DEPTH_TAB)
    assert texts(window)[0][-1] == "Gone"
    press(window.ladder, Qt.Key.Key_Escape)
    assert not full.window.symbol_windows.windows


def test_that_the_prints_of_the_day_are_steps_of_five_minutes() -> None:
    begin = NOON - timedelta(hours=2)
    prints = [
        Print(24.40, 100, begin - timedelta(seconds=1)),
        Print(24.50, 100, begin),
        Print(24.60, 100, begin + timedelta(minutes=4, seconds=59)),
        Print(24.55, 100, begin + timedelta(minutes=15)),
    ]
    first, second = steps_of(prints, begin)
    assert (first.begin, first.low, first.high, first.average) == (begin, 24.50, 24.60, 24.55)
    assert (second.begin, second.low) == (begin + timedelta(minutes=15), 24.55)


def test_that_the_picture_of_the_day_and_the_orders_share_their_room(full: WindowUnderTest) -> None:
    window = opened(full)
    window.resize(640, 577)
    window.show()
    page = window.depth_page
    window.refresh()
    assert page.picture.isVisible()
    assert not page.orders.isVisible()
    page.orders_wanted.click()
    assert page.orders.isVisible()
    assert not page.picture.isVisible()
    window.resize(800, 900)
    window.refresh()
    assert page.orders.isVisible()
    assert page.picture.isVisible()


def test_that_the_picture_is_drawn_anew_when_something_traded(full: WindowUnderTest) -> None:
    window = opened(full)
    window.show()
    picture = window.depth_page.picture
    before = picture.grab().toImage()
    prints = [Print(24.5 + n / 100, 100, NOON - timedelta(minutes=n)) for n in range(20, -1, -1)]
    full.book.prints_changed({CIM: prints})
    window.refresh()
    with_prints = picture.grab().toImage()
    assert with_prints != before
    full.fills.fills_reported(GUN, [execution("1", CIM, "BUY", 100, 24.52, at=NOON - timedelta(minutes=9))])
    window.refresh()
    assert picture.grab().toImage() != with_prints


def test_that_a_share_has_its_fills_of_today_as_they_are_reported_and_none_of_yesterday(
    full: WindowUnderTest,
) -> None:
    sources, share = full.window.context.sources, opened(full).share
    reader = ShareReader(sources, share)
    assert reader.read().fills == ()
    reported = execution("1", CIM, at=NOON)
    full.fills.fills_reported(GUN, [reported, execution("2", "GS PRA", at=NOON)])
    assert reader.read().fills == (reported,)
    corrected = replace(reported, revision=2, quantity=90)
    full.fills.fills_reported(GUN, [corrected])
    assert reader.read().fills == (corrected,)
    full.clock.advance(24 * 3600)
    assert reader.read().fills == ()
