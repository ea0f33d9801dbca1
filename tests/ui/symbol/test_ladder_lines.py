"""The lines of the ladder: which of them is in the middle of the view."""

from dataclasses import replace

import pytest

from psf_monitor.domain.depth import Depth, DepthLevel, DepthReport, DepthState, Place
from psf_monitor.domain.orders.order import Side
from psf_monitor.ui.symbol.ladder_lines import (
    L1Prices,
    PrintWeights,
    Weight,
    build_lines,
    edge_text,
    explained,
    place_text,
)


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


def test_that_a_spread_over_eight_ticks_is_folded() -> None:
    for ask, folds in ((24.58, 0), (24.59, 1), (24.60, 1)):
        depth = Depth((DepthLevel(24.50, 100.0),), (DepthLevel(ask, 100.0),))
        lines = build_lines(DepthReport(DepthState.LIVE, depth), L1Prices(24.50, ask), (), PrintWeights())
        assert sum(bool(line.empty) for line in lines.lines) == folds, ask


def test_that_a_size_that_l1_does_not_have_is_no_figure() -> None:
    found = build_lines(DepthReport(DepthState.NOT_SERVED), L1Prices(24.5, 24.6), (), PrintWeights())
    (bid,) = (line for line in found.lines if line.bid)
    assert explained(bid, are_values_hidden=False) == "24.50 bid: L1 only"
    assert edge_text([bid], Side.BUY) == "L1 only below"
    assert edge_text([], Side.BUY) == ""


def test_that_nothing_is_said_to_be_displayed_only_where_the_whole_depth_is_known() -> None:
    weights = PrintWeights({24.53: Weight(1.0)})
    whole = Depth((DepthLevel(24.5, 100.0),), (DepthLevel(24.6, 100.0),))
    for depth, said in (
        (whole, "nothing displayed"),
        (replace(whole, unreadable=1), "what is displayed is not known"),
        (replace(whole, asks=(), unsent=frozenset({Side.SELL})), "what is displayed is not known"),
        (None, "what is displayed is not known"),
    ):
        state = DepthState.LIVE if depth else DepthState.NOT_SERVED
        lines = build_lines(DepthReport(state, depth), L1Prices(24.5, 24.6), (), weights)
        (line,) = (line for line in lines.lines if line.weight)
        assert explained(line, are_values_hidden=False).startswith(f"24.53: {said}")
        assert {line.is_whole for line in lines.lines} == {depth is whole}
