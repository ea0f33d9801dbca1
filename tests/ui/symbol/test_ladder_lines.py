"""The lines of the ladder: which of them is in the middle of the view."""

import pytest

from psf_monitor.domain.depth import Depth, DepthLevel, DepthReport, DepthState, Place
from psf_monitor.ui.symbol.ladder_lines import L1Prices, PrintWeights, Weight, build_lines, place_text


@pytest.mark.parametrize(("bid", "ask", "last"), [(21.40, 21.53, 21.52), (24.54, 24.60, 24.55)])
def test_that_the_midpoint_is_between_the_sides_however_wide_the_spread(
    bid: float, ask: float, last: float
) -> None:
    depth = Depth(
        tuple(DepthLevel(round(bid - step / 100, 2), 100.0) for step in range(8)),
        tuple(DepthLevel(round(ask + step / 100, 2), 100.0) for step in range(8)),
    )
    lines = build_lines(
        DepthReport(DepthState.LIVE, depth), L1Prices(bid, ask, last=last), (), PrintWeights()
    )
    prices = [line.price for line in lines.lines]
    above, below = lines.middle - prices.index(ask), prices.index(bid) - lines.middle
    assert above >= 0
    assert abs(above - below) <= 1


def test_that_the_middle_of_one_side_alone_is_its_best_price() -> None:
    depth = Depth((DepthLevel(24.54, 100.0), DepthLevel(24.50, 100.0)))
    lines = build_lines(DepthReport(DepthState.LIVE, depth), L1Prices(24.54), (), PrintWeights())
    assert lines.lines[lines.middle].price == 24.54


def test_that_the_middle_without_a_depth_is_the_last() -> None:
    lines = build_lines(
        DepthReport(DepthState.LIVE), L1Prices(last=24.55), (), PrintWeights({24.50: Weight(1.0)})
    )
    assert lines.lines[lines.middle].is_last


def test_that_no_place_reveals_the_size_of_a_hidden_order() -> None:
    assert place_text(Place.ALONE, hides=False) == "alone"
    hidden = {place_text(place, hides=True) for place in (Place.ALONE, Place.PART_SHOWN)}
    assert hidden == {""}, "the size displayed there is no secret"
    assert place_text(Place.CROSSES, hides=True) == "crosses"
