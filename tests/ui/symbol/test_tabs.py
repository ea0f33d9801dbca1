"""The tabs and the foot of a share's window."""

from psf_monitor.ui.style.tab import Tab
from tests.ui.symbol.test_window import opened
from tests.ui.window import WindowUnderTest, fill


def test_that_only_the_tab_in_front_is_underlined_and_none_moves_for_it(ui: WindowUnderTest) -> None:
    fill(ui)
    window = opened(ui)
    tabs = window.findChildren(Tab)
    accent, places = ui.window.theme.colour("accent"), set()
    for front in tabs:
        front.click()
        underlined = []
        for tab in tabs:
            image = tab.grab().toImage()
            edges = [
                image.pixelColor(20, 0),
                image.pixelColor(0, 9),
                image.pixelColor(20, image.height() - 1),
            ]
            assert accent not in edges[:2], tab.text()
            underlined += [tab.text()] if edges[2] == accent else []
        assert (window.tab, underlined) == (front.text(), [front.text()])
        places.add(tuple(tab.geometry().getRect() for tab in tabs))
    assert len(places) == 1


def test_that_the_foot_reports_that_it_only_reads_and_the_time_however_narrow_it_is(
    ui: WindowUnderTest,
) -> None:
    fill(ui)
    window = opened(ui)
    window.resize(window.minimumSize())
    assert window.clock.text == "READ-ONLY  ·  12:00:00 ET"
    ui.clock.advance(61)
    window.refresh()
    window.grab()
    assert window.clock.drawn == "READ-ONLY  ·  12:01:01 ET"
    assert window.clock.geometry().right() <= window.width()
