"""The page of the depth where there is little room, and when nothing of it is current."""

from dataclasses import replace

from psf_monitor.domain.depth import DepthState
from psf_monitor.ui.symbol.ladder import LEAST_WEIGHTS
from tests.ui.symbol.test_window import CIM, LIVE, opened
from tests.ui.window import WindowUnderTest, fill


def test_that_what_is_explained_of_a_frozen_depth_says_of_when_it_is(ui: WindowUnderTest) -> None:
    fill(ui)
    window = opened(ui)
    assert window.explaining.text.startswith("24.52 bid 600: NYSE 600")
    before = window.depth_page.picture.grab().toImage()
    ui.lose_hammer()
    ui.book.depths.depth_changed({CIM: replace(LIVE, state=DepthState.STALE)})
    window.refresh()
    assert window.explaining.text.startswith("As of 12:00:00: 24.52 bid 600: NYSE 600")
    assert window.depth_page.picture.grab().toImage() != before


def test_that_a_narrow_window_leaves_the_weights_out_rather_than_cut_them(ui: WindowUnderTest) -> None:
    fill(ui)
    window = opened(ui)
    window.show()
    window.resize(560, 440)
    assert window.ladder.weights_room == 0
    assert not window.grab().isNull()
    window.resize(640, 577)
    assert window.ladder.weights_room >= LEAST_WEIGHTS
