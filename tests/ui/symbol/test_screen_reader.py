"""What a screen reader gets of the painted parts of a share's window: what is visible, on request."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from psf_monitor.domain.depth import Depth, DepthLevel
from psf_monitor.formatting import HIDDEN
from psf_monitor.ui.base.painted_widget import PaintedWidget
from psf_monitor.ui.shell.shortcut_list import ShortcutList
from psf_monitor.ui.symbol.window import DEPTH, HISTORY, INDICATORS
from tests.ui.symbol.test_window import LIVE, opened
from tests.ui.window import WindowUnderTest, fill, has_keys


def received(part: QWidget) -> str:
    asked = QAccessible.queryAccessibleInterface(part)
    assert asked.text(QAccessible.Text.Name)
    return asked.text(QAccessible.Text.Description)


@pytest.fixture
def full(ui: WindowUnderTest) -> WindowUnderTest:
    fill(ui)
    return ui


def test_that_the_depth_is_reported_as_it_is_when_it_is_asked_for(full: WindowUnderTest) -> None:
    window = opened(full)
    reported = received(window.ladder)
    assert reported.startswith("DEPTH · HAMMER\n")
    assert "24.50 bid 2,300: NYSE 1,500, ARCA 800" in reported
    assert "GUN BUY: at most 100 ahead" in reported
    full.book.depths.depth_changed(
        {window.share.symbol: replace(LIVE, depth=Depth((), (DepthLevel(24.7, 900),)))}
    )
    window.refresh()
    assert "24.70 ask 900" in received(window.ladder)


def test_that_quote_holdings_orders_and_fills_are_reported_with_their_titles(full: WindowUnderTest) -> None:
    window = opened(full)
    header = received(window.header)
    assert "Last 24.55" in header
    assert "HAMMER Live" in header
    assert "GUN Long 3,000 @ 23.4186" in header
    assert "Acct GUN, Side BUY, Left 500, Limit 24.52" in received(window.orders)


def test_that_old_figures_are_reported_as_old(full: WindowUnderTest) -> None:
    window = opened(full)
    full.lose_hammer()
    window.refresh()
    assert "Last 24.55 (old)" in received(window.header)
    assert "FROZEN" in received(window.ladder)


def test_that_hidden_values_are_not_reported_and_no_part_is_silent(full: WindowUnderTest) -> None:
    window = opened(full)
    full.window.context.menus.hide_values.trigger()
    window.refresh()
    parts = window.findChildren(PaintedWidget)
    reported = [received(part) for part in parts]
    assert [part.accessibleName() for part, text in zip(parts, reported, strict=True) if not text] == []
    assert not {
        quantity for quantity in ("3,000", "1,400", "4,400", " 500") if quantity in "\n".join(reported)
    }
    assert HIDDEN in received(window.ladder)


def nameless(window: QWidget) -> list[QWidget]:
    """Return what takes the keys or a click there and has no name for a screen reader."""
    taking = [
        each
        for each in window.findChildren(QWidget)
        if each.isVisibleTo(window) and each.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]
    assert taking
    names = {each: QAccessible.queryAccessibleInterface(each).text(QAccessible.Text.Name) for each in taking}
    return [each for each, name in names.items() if not name]


def test_that_whatever_takes_the_keys_has_a_name_on_every_page(full: WindowUnderTest) -> None:
    window = opened(full)
    for page in (DEPTH, HISTORY, INDICATORS):
        window.choose_tab(page)
        assert nameless(window) == [], page
    full.window.menus.keys.trigger()
    (keys,) = full.window.findChildren(ShortcutList)
    assert nameless(keys) == []


def test_that_a_price_chosen_by_the_keys_is_reported(
    full: WindowUnderTest, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts: list[str] = []

    def receive(event: QAccessibleEvent) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            texts.append(event.message())

    window = opened(full)
    window.show()
    window.ladder.setFocus()
    window.activateWindow()
    qtbot.waitUntil(lambda: has_keys(window) and window.ladder.hasFocus())
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(QAccessible, "updateAccessibility", receive)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
        QTest.keyClick(window.ladder, key)
        window.refresh()
        assert texts.pop() == window.explaining.text
        assert not texts
