"""The page of the depth where there is little room, and when nothing of it is current."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from psf_monitor.domain.depth import DepthState
from psf_monitor.ui.style.styled_text import StyledText, advance
from psf_monitor.ui.style.theme import Tone
from psf_monitor.ui.symbol.ladder import BAND, LEAST_WEIGHTS, TITLES
from psf_monitor.ui.symbol.small_table import ROW
from psf_monitor.ui.symbol.window import SymbolWindow
from tests.support.fill_records import fill as execution
from tests.support.records import GUN, PED, order
from tests.ui.symbol.test_window import CIM, LIVE, opened, press
from tests.ui.window import WindowUnderTest, fill, has_keys, quote


def test_that_the_explanation_of_a_frozen_depth_shows_as_of_when_it_is(ui: WindowUnderTest) -> None:
    fill(ui)
    window = opened(ui)
    assert window.explaining.text.startswith("24.52 bid 600: NYSE 600")
    before = window.depth_page.picture.grab().toImage()
    ui.lose_hammer()
    ui.book.depths.depth_changed({CIM: replace(LIVE, state=DepthState.STALE)})
    window.refresh()
    assert window.explaining.text.startswith("As of 12:00:00: 24.52 bid 600: NYSE 600")
    assert window.depth_page.picture.grab().toImage() != before


def test_that_my_order_is_outlined_in_the_row_that_is_explained_for_there_its_ground_is_the_rows(
    ui: WindowUnderTest,
) -> None:
    fill(ui)
    window = opened(ui)
    ladder, line = window.ladder, window.ladder.explained
    assert line is not None
    assert line.mine
    middle = int(BAND + TITLES + (ladder.shown.index(line) + 1.5) * ROW)

    def edge() -> QColor:
        return ladder.grab().toImage().pixelColor(5, middle)

    outline = ui.window.theme.colour(Tone.BUY)
    assert edge() == outline
    press(ladder, Qt.Key.Key_Up)
    assert ladder.explained != line
    assert edge() != outline


def test_that_keys_show_where_the_focus_is_and_which_price_they_chose(
    ui: WindowUnderTest, qtbot: QtBot
) -> None:
    fill(ui)
    window = opened(ui)
    window.activateWindow()
    qtbot.waitUntil(lambda: has_keys(window))
    ladder, theme = window.ladder, ui.window.theme
    ladder.setFocus(Qt.FocusReason.ActiveWindowFocusReason)

    def border() -> QColor:
        return ladder.grab().toImage().pixelColor(ladder.width() // 2, 0)

    assert border() == theme.colour("divider")
    while (line := ladder.explained) is None or line.mine:
        press(ladder, Qt.Key.Key_Up)
    assert border() == theme.colour("accent")
    top = int(BAND + TITLES + (ladder.shown.index(line) + 1) * ROW)
    assert ladder.grab().toImage().pixelColor(1, top + 4) == theme.colour("accent")
    qtbot.mouseClick(ladder, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    assert border() == theme.colour("divider")


def test_that_the_orders_of_a_low_window_are_reached_by_tab(ui: WindowUnderTest, qtbot: QtBot) -> None:
    fill(ui)
    window = opened(ui)
    window.resize(640, 577)
    window.activateWindow()
    qtbot.waitUntil(lambda: has_keys(window))
    page = window.depth_page
    qtbot.waitUntil(page.orders_wanted.isVisible)
    window.ladder.setFocus()
    while QApplication.focusWidget() is not page.orders_wanted:
        focused = QApplication.focusWidget()
        qtbot.keyClick(focused, Qt.Key.Key_Tab)  # type: ignore[no-untyped-call]
        assert QApplication.focusWidget() is not window.ladder, "Tab went round without it"
    qtbot.keyClick(page.orders_wanted, Qt.Key.Key_Return)  # type: ignore[no-untyped-call]
    qtbot.waitUntil(page.orders.isVisible)


def test_that_a_narrow_window_leaves_the_weights_out_rather_than_cut_them(ui: WindowUnderTest) -> None:
    fill(ui)
    window = opened(ui)
    window.show()
    window.resize(560, 440)
    assert window.ladder.weights_room == 0
    assert not window.grab().isNull()
    window.resize(640, 577)
    assert window.ladder.weights_room >= LEAST_WEIGHTS


def test_that_in_the_smallest_window_no_title_of_the_fills_touches_another_and_every_figure_is_whole(
    ui: WindowUnderTest, qtbot: QtBot
) -> None:
    fill(ui)
    for number, side in enumerate(("BUY", "SELL") * 6):
        gain = -1318.82 if side == "SELL" else None
        done = execution(str(number), CIM, side, 1100, 24.5, commission=12.5, realized_pnl=gain)
        ui.fills.fills_reported(GUN, [done])
    window = opened(ui)
    window.show()
    window.resize(560, 440)
    window.refresh()
    fills = window.fills
    qtbot.waitUntil(lambda: fills.needed_width <= fills.width() < 400)
    theme = ui.window.theme
    titles = ("Time ET", "Acct", "Side", "Qty", "Price", "Comm", "Realized")
    for title, styled, room in zip(titles, fills.total, fills.rooms(), strict=True):
        is_left_after_another = title in {"Acct", "Side"}
        widest = max(advance(theme, StyledText(title, is_bold=True), 11), advance(theme, styled, 11))
        assert room >= widest + 5 + 6 * is_left_after_another, title
    assert sum(fills.rooms()) <= fills.width() - 10 + 1e-6
    assert [styled.text for styled in fills.total] == ["Sum", "", "", "0", "", "150.00", "−7,912.92"]
    assert len(fills.rows) == 12
    assert window.depth_page.picture.width() > 150


def test_that_sizes_which_the_quote_does_not_report_are_those_of_the_depth_or_the_column_explains_why(
    ui: WindowUnderTest,
) -> None:
    fill(ui)
    ui.book.quotes_changed({CIM: quote(ui.clock, bid_size=None, ask_size=None)})
    ui.window.show_now()
    model = ui.window.positions.model
    column = model.table.index("bid_size")
    assert ui.cell("bid_size") == "—"
    assert "reports no size" in model.tooltip(model.line(0), column)
    window = opened(ui, None)
    assert sizes(window) == {"Bid sz": "—", "Ask sz": "—"}
    ui.book.depths.depth_changed({CIM: LIVE})
    window.refresh()
    assert sizes(window) == {"Bid sz": "600", "Ask sz": "400"}
    ui.window.show_now()
    assert (ui.cell("bid_size"), ui.cell("ask_size")) == ("600", "400")
    ui.book.quotes_changed({CIM: quote(ui.clock, bid=24.51, bid_size=None, ask_size=250.0)})
    window.refresh()
    assert sizes(window) == {"Bid sz": "—", "Ask sz": "250"}, "nobody displays 24.51; L1's own size wins"
    ui.book.quotes_changed({CIM: quote(ui.clock, bid_size=None, ask_size=None)})
    ui.window.show_now()
    assert ui.cell("bid_size") == "600"
    window.close()
    ui.window.show_now()
    assert ui.cell("bid_size") == "—", "a depth that nobody looks at is not asked for"


def sizes(window: SymbolWindow) -> dict[str, str]:
    return {each.caption: each.text.text for each in window.header.figures if each.caption.endswith("sz")}


def test_that_own_orders_are_sorted_by_login_whichever_connected_first(ui: WindowUnderTest) -> None:
    ui.open(PED, [], [order("CIM PRB", limit_price=24.52, mode=PED, account="U7654037", perm_id=9001)])
    fill(ui)
    ui.open(PED, [], [order("CIM PRB", limit_price=24.52, mode=PED, account="U7654037", perm_id=9001)])
    window = opened(ui)
    assert [row[0].text for row in window.orders.rows] == ["GUN", "PED"]
    (line,) = [line for line in window.ladder.lines if line.mine]
    assert [each.mode for each, _ahead in line.mine] == [GUN, PED]


def test_that_the_first_size_has_room_for_three_fills_and_three_sentences_about_them(
    ui: WindowUnderTest, qtbot: QtBot
) -> None:
    fill(ui)
    ui.fills.fills_reported(GUN, [execution(str(number), CIM, at=ui.clock()) for number in range(3)])
    window = opened(ui)
    window.resize(640, 577)
    window.show()
    window.refresh()
    sentences = ["Bought 300 @ 24.5000", "Day P&L +1", "Day P&L: the evening before is not known"]
    fills = window.fills

    def all_are_written() -> bool:
        fills.set_rows(fills.rows, "3 fills", sentences, fills.total)
        return len(fills.shown) == 3 and fills.written == sentences

    qtbot.waitUntil(all_are_written)


def test_that_no_figure_of_the_positions_is_cut_in_a_narrow_header(ui: WindowUnderTest) -> None:
    fill(ui)
    window = opened(ui)
    window.resize(640, 577)
    window.refresh()
    header = window.header
    assert header.fitting_holdings == header.holdings
    whole = " ".join(styled.text for styled in header.holdings)
    assert whole not in header.toolTip()
    for mode in (GUN, PED):
        ui.book.account_lost(mode, ui.clock())
    window.resize(560, 440)
    window.refresh()
    whole = " ".join(styled.text for styled in header.holdings)
    *shown, more = header.fitting_holdings
    assert more.text == "…"
    assert shown == header.holdings[: len(shown)]
    assert header.toolTip().startswith(whole)
