"""The ladder of a share as it is painted."""

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from psf_monitor.domain.depth import DepthReport, DepthState
from psf_monitor.ui.style.theme import Scheme, Theme, Tone
from psf_monitor.ui.symbol import ladder
from psf_monitor.ui.symbol.ladder import Ladder
from psf_monitor.ui.symbol.ladder_lines import Indicators, LadderLines, Market, Weight, build_lines


def lines_with(rwvap: float | None, *, weight: float = 8.5) -> LadderLines:
    market, weights = Market(24.52, 24.60, 600, 400, 24.55), {24.55: Weight(weight, 1.0)}
    return build_lines(DepthReport(DepthState.OFF), market, (), Indicators(weights, rwvap=rwvap))


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
        top = ladder.BAND + ladder.TITLES + (place + 1) * ladder.ROW
        image = shown.grab().toImage()
        bar = ladder.BARS + shown.weights_room - 42
        rows = range(top, top + ladder.ROW)
        return (
            [image.pixelColor(x, y) for x in range(bar + 4, bar + 20) for y in rows],
            [image.pixelColor(x, y) for x in range(bar + 34, shown.width() - 2) for y in rows],
        )

    without, beside = painted(None), painted(24.55)
    assert theme.colour(Tone.WARN) in beside[1]
    assert beside[0] == without[0]
