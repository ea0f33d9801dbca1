"""Whatever is pointed at says what it does, or what it counts."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QWidget

from psf_monitor.ui.style.label import Chip
from tests.support.records import GUN, position
from tests.ui.window import WindowUnderTest, fill, quote


@pytest.fixture
def full(ui: WindowUnderTest) -> WindowUnderTest:
    fill(ui)
    ui.quote(GS_PRA=quote(ui.clock, 21.97, 22.02, 22.0))
    ui.window.show_now()
    return ui


def silent(window: QWidget) -> Iterator[str]:
    """The visible buttons and chips of a window that have no tooltip."""
    for button in window.findChildren(QAbstractButton):
        if button.isVisible() and not button.toolTip():
            yield button.text() or button.objectName() or type(button).__name__
    for chip in window.findChildren(Chip):
        if chip.isVisible() and chip.text and not chip.toolTip():
            yield chip.text


def test_that_every_button_and_chip_says_what_it_is_for(full: WindowUnderTest) -> None:
    assert list(silent(full.window)) == []
    full.window.section.show_fills(True)
    assert list(silent(full.window)) == []
    full.window.section.show_alerts()
    full.window.menus.log.trigger()
    assert list(silent(full.window)) == []


def test_that_every_button_of_a_shares_window_says_what_it_is_for(full: WindowUnderTest) -> None:
    assert full.window.symbol_windows.open_named("CIM PRB")
    (share,) = full.window.symbol_windows.windows
    assert list(silent(share)) == []


def test_that_keys_in_tooltips_are_those_of_the_menus(full: WindowUnderTest) -> None:
    menus, row = full.window.menus, full.window.top_bar

    def keys(action: QAction) -> str:
        return f"({action.shortcut().toString()})"

    assert row.hide_values.toolTip().endswith(keys(menus.hide_values))
    assert row.on_top.toolTip().endswith(keys(menus.on_top))
    assert row.screenshot.toolTip().endswith(keys(menus.screenshot))
    for mode, card in full.window.links_panel.cards.items():
        assert card.button.toolTip().endswith(keys(menus.links[mode]))


def test_that_the_chip_over_the_positions_names_every_share_that_it_counts(full: WindowUnderTest) -> None:
    held = [position(f"NEW PR{letter}", 100, 20.0, con_id=900 + n) for n, letter in enumerate("ABC")]
    full.book.positions_replaced(GUN, held)
    full.book.symbols_refused(frozenset({"NEW PRB"}))
    full.window.show_now()
    chip = full.window.positions.chip
    assert chip.text == "3 without quote"
    assert chip.toolTip().split("\n") == [
        "NEW PRA: no price from HAMMER yet",
        "NEW PRB: HAMMER does not know this symbol",
        "NEW PRC: no price from HAMMER yet",
    ]


def test_that_a_chip_over_very_many_shares_counts_those_it_does_not_name(full: WindowUnderTest) -> None:
    full.book.positions_replaced(GUN, [position(f"S{n:02}", 100, 20.0, con_id=n + 1) for n in range(30)])
    full.window.show_now()
    lines = full.window.positions.chip.toolTip().split("\n")
    assert (len(lines), lines[-1]) == (21, "and 10 more")
