"""What is painted around the depth is whole: the price of a share at 1,240 as well as that of one at 24."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from psf_monitor.domain.depth import Place
from psf_monitor.domain.quote import Print
from psf_monitor.ui.style.painted_text import LEFT, RIGHT
from psf_monitor.ui.style.shapes import Shape
from psf_monitor.ui.style.styled_text import StyledText, advance, pixels_in
from psf_monitor.ui.style.theme import Scheme, Theme, Tone
from psf_monitor.ui.symbol.header import Figure, Header
from psf_monitor.ui.symbol.ladder_lines import PLACES_IN_SHORT
from psf_monitor.ui.symbol.price_markers import AHEAD, figure_room
from psf_monitor.ui.symbol.small_table import ROW, SmallTable, scrolling_table
from psf_monitor.ui.symbol.time_and_sales import WIDTH, TimeAndSales
from tests.support.records import NOON
from tests.ui.window import has_keys

PRICES = ["24.52", "1,240.38", "12,345.67"]
"""What HAMMER may send; no US preferred share has stood at the last one."""


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    assert qapp is not None
    return Theme(Scheme.DARK)


@pytest.mark.parametrize("symbol", ["CIM PRB", "RITM PRD", "A LONG NAME OF A FUTURE"])
def test_that_the_figures_of_the_header_leave_the_symbol_its_room(
    theme: Theme, qtbot: QtBot, symbol: str
) -> None:
    header = Header(theme, symbol)
    qtbot.addWidget(header)
    captions = ["Bid sz", "Bid", "Ask", "Ask sz", "Spread", "Last", "Age"]
    figures = [
        *(Figure(each, StyledText("24.52"), 48) for each in captions),
        Figure("Chg", StyledText("+"), 96),
    ]
    header.set_figures([*figures, Figure("HAMMER", StyledText("Live", Tone.GAIN), 54, Shape.DISC)], ())
    for width in (560, 640, 900):
        header.resize(width, 53)
        shown = [figure.caption for figure in header.fitting]
        assert {"Bid", "Ask", "Last", "HAMMER"} <= set(shown)
        narrower = theme.text_width(symbol, 17, bold=True) + sum(each.width for each in header.fitting) + 18
        assert narrower <= width - 15 or not {"Spread", "Ask sz", "Bid sz", "Age"} & set(shown)
    assert len(header.fitting) == 9


@pytest.mark.parametrize("place", Place)
def test_that_the_shares_ahead_of_an_order_are_shown_completely(theme: Theme, place: Place) -> None:
    text = PLACES_IN_SHORT.get(place, place.value)
    is_unknown = place in {Place.NOT_IN_DEPTH, Place.UNKNOWN, Place.CROSSES}
    for figure in ("—",) if is_unknown else ("0", "1,200", "9,999"):
        room = figure_room(theme, figure, text)
        assert room >= advance(theme, StyledText(figure, is_bold=True), 12)
        assert AHEAD - room >= advance(theme, StyledText(text), 9)


@pytest.mark.parametrize("price", PRICES)
def test_that_time_and_sales_show_every_figure_of_a_price(theme: Theme, qtbot: QtBot, price: str) -> None:
    time_and_sales = TimeAndSales(theme)
    qtbot.addWidget(time_and_sales)
    for frozen in ("", "Quotes frozen"):
        time_and_sales.show_prints([Print(float(price.replace(",", "")), 100, NOON, "NYSE")], NOON, frozen)
        assert time_and_sales.price_room >= advance(theme, StyledText(price, is_old=bool(frozen)), 11)
        # What is wider is the prices'; the times have the room that they have beside a short price.
        assert time_and_sales.width() - time_and_sales.price_room == WIDTH - 38


@pytest.mark.parametrize("price", PRICES)
def test_that_a_column_gets_the_width_its_texts_need_at_the_expense_of_others(
    theme: Theme, qtbot: QtBot, price: str
) -> None:
    columns: list[tuple[str, int, Qt.AlignmentFlag]] = [("Qty", 90, LEFT), ("Price", 46, RIGHT)]
    lines = SmallTable(theme, "Fills today", columns)
    qtbot.addWidget(lines)
    lines.resize(146, 80)
    lines.set_rows([[StyledText("100"), StyledText(price)]], "")
    quantities, prices = lines.rooms()
    assert prices - 4 >= advance(theme, StyledText(price), 11)
    assert quantities + prices <= 136 + 1e-6


@pytest.mark.parametrize("price", PRICES[:2])
def test_that_a_price_is_whole_between_the_sizes_of_the_depth(theme: Theme, price: str) -> None:
    for styled in (StyledText(price), StyledText(price, is_bold=True), StyledText(price, is_old=True)):
        assert advance(theme, styled, pixels_in(47, theme, styled)) <= 47


def test_that_the_sum_is_the_last_row_that_is_seen_wherever_the_rows_are_scrolled_to(
    theme: Theme, qtbot: QtBot
) -> None:
    lines = SmallTable(theme, "Fills today", [("Time ET", 52, LEFT), ("Qty", 44, RIGHT)])
    area = scrolling_table(lines)
    qtbot.addWidget(area)
    area.resize(200, 6 * ROW + 9)
    rows = [[StyledText(f"11:{minute:02}"), StyledText("100")] for minute in range(12)]
    total = [StyledText("Sum", is_bold=True), StyledText("1,200", is_bold=True)]
    lines.set_rows(rows, "12 fills", ["Bought 1,200 @ 24.5050"], total)
    area.show()
    bar = area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    sums, seen = [], []
    for value in (0, ROW + 5, bar.maximum()):
        bar.setValue(value)
        picture = area.viewport().grab().toImage()
        sums.append(picture.copy(0, 5 * ROW, 180, ROW))
        seen.append([row[0].text for row in lines.shown])
    assert seen == [
        ["11:00", "11:01", "11:02"],
        ["11:02", "11:03", "11:04"],
        ["11:09", "11:10", "11:11"],
    ]
    assert sums[0] == sums[1] == sums[2]
    assert lines.toolTip() == "Bought 1,200 @ 24.5050", "what has no room below the rows"


def test_that_a_sentence_below_the_rows_is_wrapped_and_one_without_room_is_hinted_at(
    theme: Theme, qtbot: QtBot
) -> None:
    lines = SmallTable(theme, "Fills today", [("Time ET", 52, LEFT), ("Qty", 44, RIGHT)])
    qtbot.addWidget(lines)
    basis = "as if nothing was traded on the evening before, 20:00 to 00:00 New York: that is not known."
    lines.set_rows([[StyledText("11:00"), StyledText("100")]], "1 fill", [basis])
    assert theme.text_width(basis, 11) > 296
    lines.resize(296, 8 * ROW)
    assert " ".join(lines.written) == basis
    assert all(theme.text_width(line, 11) <= 296 - 8 for line in lines.written)
    lines.resize(296, 4 * ROW)
    (only,) = lines.written
    assert only.startswith("as if nothing was traded")
    assert only.endswith("…")
    assert lines.toolTip() == basis
    lines.set_rows(lines.rows, "1 fill", [basis], shorter=["the evening before is not known"])
    assert lines.written == ["the evening before is not known"]
    lines.resize(296, 3 * ROW)
    assert lines.written == []


def test_that_rows_are_scrolled_by_keys_and_it_is_seen_that_they_go_there(theme: Theme, qtbot: QtBot) -> None:
    lines = SmallTable(theme, "Fills today", [("Time ET", 52, LEFT), ("Qty", 44, RIGHT)])
    lines.set_rows([[StyledText(f"11:{minute:02}"), StyledText("100")] for minute in range(12)], "12 fills")
    area = scrolling_table(lines)
    qtbot.addWidget(area)
    area.resize(200, 6 * ROW)
    area.show()
    area.activateWindow()
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0 and has_keys(area))
    area.clearFocus()
    before = lines.grab().toImage()
    area.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(area.hasFocus)
    assert lines.grab().toImage() != before
    qtbot.keyClick(area, Qt.Key.Key_Down)  # type: ignore[no-untyped-call]
    assert lines.shown[0][0].text == "11:01"
    qtbot.keyClick(area, Qt.Key.Key_PageDown)  # type: ignore[no-untyped-call]
    assert lines.shown[-1][0].text > "11:04"
    assert area.accessibleName() == "Fills today"
