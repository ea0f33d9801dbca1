"""The ladder of a share as it is painted."""

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from psf_monitor.domain.depth import Depth, DepthLevel, DepthReport, DepthState, OwnOrder
from psf_monitor.domain.orders.order import Side
from psf_monitor.ui.style.styled_text import StyledText, advance, pixels_in
from psf_monitor.ui.style.theme import Scheme, Theme, Tone
from psf_monitor.ui.symbol import ladder
from psf_monitor.ui.symbol.ladder import Ladder
from psf_monitor.ui.symbol.ladder_lines import (
    Average,
    L1Prices,
    LadderLines,
    PrintWeights,
    Weight,
    build_lines,
)
from psf_monitor.ui.symbol.price_markers import averages_beyond
from psf_monitor.ui.symbol.small_table import ROW
from tests.support.records import GUN


def lines_with(rwvap: float | None, *, weight: float = 8.5) -> LadderLines:
    market, weights = L1Prices(24.52, 24.60, 600, 400, 24.55), {24.55: Weight(weight, 1.0)}
    return build_lines(DepthReport(DepthState.OFF), market, (), PrintWeights(weights, rwvap=rwvap))


@pytest.mark.parametrize("scheme", [Scheme.DARK, Scheme.LIGHT])
def test_that_the_line_of_rwvap_goes_beside_the_figure_of_a_weight(qtbot: QtBot, scheme: Scheme) -> None:
    theme = Theme(scheme)
    shown = Ladder(theme)
    qtbot.addWidget(shown)
    shown.resize(shown.sizeHint())

    def painted(rwvap: float | None) -> tuple[list[QColor], list[QColor]]:
        """The row of the weight up to the end of its figure, and behind it."""
        lines = lines_with(rwvap)
        shown.show_lines(
            lines, "", DepthState.OFF, is_old=False, are_values_hidden=False, grpan_title=("", "", "")
        )
        place = next(n for n, line in enumerate(shown.shown) if line.price == 24.55)
        top = ladder.BAND + ladder.TITLES + (place + 1) * ROW
        image = shown.grab().toImage()
        bar = ladder.BARS + shown.weights_room - 42
        rows = range(top, top + ROW)
        return (
            [image.pixelColor(x, y) for x in range(bar + 4, bar + 20) for y in rows],
            [image.pixelColor(x, y) for x in range(bar + 34, shown.width() - 2) for y in rows],
        )

    without, beside = painted(None), painted(24.55)
    assert theme.colour(Tone.WARN) in beside[1]
    assert beside[0] == without[0]


def depth_of(best: float, levels: int = 12) -> DepthReport:
    """A depth with a cent between bid and ask."""
    bids = tuple(DepthLevel(round(best - step / 100, 2), 100.0) for step in range(levels))
    asks = tuple(DepthLevel(round(best + (1 + step) / 100, 2), 100.0) for step in range(levels))
    return DepthReport(DepthState.LIVE, Depth(bids, asks))


def ladder_of(qtbot: QtBot, theme: Theme, lines: LadderLines) -> Ladder:
    shown = Ladder(theme)
    qtbot.addWidget(shown)
    shown.resize(shown.sizeHint())
    shown.show_lines(
        lines, "", DepthState.LIVE, is_old=False, are_values_hidden=False, grpan_title=("", "", "")
    )
    return shown


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("text", ["GUN 1,000", "GUN 1,000 +1", "HAM 10,000 +2"])
def test_that_a_chip_is_written_as_small_as_its_number_of_orders_needs(text: str) -> None:
    theme = Theme(Scheme.DARK)
    styled = StyledText(text, is_bold=True)
    found = pixels_in(ladder.CHIP, theme, styled, ladder.CHIP_SIZES)
    assert advance(theme, styled, found) <= ladder.CHIP
    larger = [pixels for pixels in ladder.CHIP_SIZES if pixels > found]
    assert all(advance(theme, styled, pixels) > ladder.CHIP for pixels in larger)


def test_that_an_average_has_a_wedge_at_its_exact_height_and_its_name_where_no_order_is(
    qtbot: QtBot,
) -> None:
    theme = Theme(Scheme.DARK)
    orders = [OwnOrder(1, GUN, "U1", "BUY", 24.52, 100)]
    drawn = []
    for averages in ((), (Average("GUN", 24.5251), Average("PED", 24.49))):
        lines = build_lines(
            depth_of(24.54), L1Prices(24.54, 24.55), orders, PrintWeights(), averages=averages
        )
        shown = ladder_of(qtbot, theme, lines)
        drawn.append(shown.grab().toImage())
        tops = {
            line.price: ladder.BAND + ladder.TITLES + (place + 1) * ROW
            for place, line in enumerate(shown.shown)
        }
    before, after = drawn
    changed = [
        (x, y)
        for x in range(ladder.MINE + 60)
        for y in range(before.height())
        if before.pixel(x, y) != after.pixel(x, y)
    ]
    wedges = sorted(y for x, y in changed if x >= ladder.MINE + 56)
    exact = [tops[24.53] + ROW / 2 + 0.49 * ROW, tops[24.49] + ROW / 2]
    assert abs(wedges[0] + 4 - exact[0]) <= 1
    assert abs(wedges[-1] - 4 - exact[1]) <= 1
    assert not [y for x, y in changed if x < ladder.MINE - 10 and tops[24.52] <= y < tops[24.51]]
    assert [y for x, y in changed if x < ladder.MINE - 10 and tops[24.49] <= y < tops[24.48]]


@pytest.mark.parametrize(
    ("side", "text"), [(Side.SELL, "PED average 25.1000"), (Side.BUY, "HAM average 24.0100 +1")]
)
def test_that_averages_beyond_the_view_are_named_at_its_edges(side: Side, text: str) -> None:
    lines = build_lines(depth_of(24.54), L1Prices(24.54, 24.55), (), PrintWeights()).lines
    averages = [Average("GUN", 23.4186), Average("HAM", 24.01), Average("PED", 25.1)]
    assert averages_beyond(averages, lines, side) == text
