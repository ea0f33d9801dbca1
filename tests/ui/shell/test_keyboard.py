"""Everything that can be clicked can be reached with the keyboard, and it is seen where the keys go."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QImage, QKeyEvent, QKeySequence, QMouseEvent, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget

from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.ui.style.theme import DARK
from psf_monitor.ui.symbol.window import SymbolWindow
from psf_monitor.ui.table.panel import TablePanel
from tests.support.records import GUN, PED
from tests.ui.service import Service
from tests.ui.window import HAMMER, PROBLEM, WindowUnderTest, fill

Opener = Callable[..., WindowUnderTest]


def stops(ui: WindowUnderTest) -> list[QWidget]:
    """Where the Tab key leads, once round."""
    window = ui.window
    window.positions.view.setFocus()
    found: list[QWidget] = []
    while (at := QApplication.focusWidget()) not in found:
        assert at is not None
        found.append(at)
        QTest.keyClick(at, Qt.Key.Key_Tab)
    return found


@pytest.fixture
def full(open_window: Opener) -> WindowUnderTest:
    ui = open_window(service=Service())
    fill(ui)
    ui.links[PED].be(LinkState.FAILED, problem=PROBLEM)
    ui.window.show_now()
    return ui


def test_that_tab_leads_to_every_button_strip_table_and_box(full: WindowUnderTest) -> None:
    window = full.window
    found = stops(full)
    buttons = [each for each in window.findChildren(QAbstractButton) if each.isVisible() and each.isEnabled()]
    unchecked = [b for b in buttons if b not in found and not in_a_group_with_a_stop(b, found)]
    assert [button.accessibleName() or button.text() for button in unchecked] == []
    assert set(window.links_panel.strips.values()) <= set(found)
    assert {window.positions.view, window.orders.view, window.positions.filter_box} <= set(found)
    assert window.banners.banners[0].buttons[0] in found


def test_that_tab_goes_as_the_window_is_read(full: WindowUnderTest) -> None:
    window = full.window
    window.menus.log.trigger()
    QApplication.processEvents()
    found = stops(full)
    cards = window.links_panel.cards.values()
    read = [
        window.positions.view,
        window.section.tabs.findChildren(QAbstractButton)[0],
        window.orders.columns_button,
        window.orders.view,
        window.log.only_warnings,
        window.log.lines,
        window.status.log,
        window.top_bar.hide_values,
        window.top_bar.screenshot,
        window.banners.banners[0].buttons[0],
        *(button for card in cards for button in (card.button, card.more)),
        *window.links_panel.strips.values(),
        window.positions.filter_box,
        window.positions.columns_button,
    ]
    assert [stop for stop in found if stop in read] == read


def test_that_shift_and_tab_go_the_same_way_back(full: WindowUnderTest) -> None:
    found = stops(full)
    full.window.positions.view.setFocus()
    for stop in reversed(found):
        at = QApplication.focusWidget()
        assert at is not None
        QTest.keyClick(at, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
        assert QApplication.focusWidget() is stop


def test_that_a_table_that_has_the_keys_has_a_line_round_it(full: WindowUnderTest) -> None:
    window = full.window
    for panel, other in ((window.positions, window.orders), (window.orders, window.positions)):
        panel.view.setFocus()
        QTest.keyClick(panel.view, Qt.Key.Key_Down)
        assert edges(panel, other) == [DARK.accent.lower(), DARK.divider.lower()]


def edges(*panels: TablePanel[Any]) -> list[str]:
    """The colour of the line round each table."""
    return [each.frame.grab().toImage().pixelColor(0, 40).name() for each in panels]


def test_that_no_focus_line_is_drawn_round_a_table_until_a_key_is_pressed(
    full: WindowUnderTest,
) -> None:
    window = full.window
    panel, none, line = window.positions, DARK.divider.lower(), DARK.accent.lower()
    assert panel.view.hasFocus()
    assert edges(panel, window.orders) == [none, none]
    QTest.keyClick(panel.view, Qt.Key.Key_Control)
    assert edges(panel) == [none]
    QTest.keyClick(panel.view, Qt.Key.Key_Down)
    assert edges(panel) == [line]
    at = panel.view.visualRect(panel.model.index(1, 2)).center()
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert edges(panel) == [none]
    QTest.keyClick(panel.view, Qt.Key.Key_F6)
    assert edges(panel, window.orders) == [none, line]


def test_that_a_click_on_a_button_leaves_the_keys_and_the_table_as_they_are(full: WindowUnderTest) -> None:
    window = full.window
    card = window.links_panel.cards[GUN]
    buttons = (window.top_bar.hide_values, window.section.tabs.findChildren(QAbstractButton)[0])
    banner = window.banners.banners[0].buttons[0]
    for button in (*buttons, card.button, banner):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert window.positions.view.hasFocus()
    QTest.keyClick(window.positions.view, Qt.Key.Key_Tab)
    focused = QApplication.focusWidget()
    assert isinstance(focused, QAbstractButton)


def test_that_enter_presses_what_has_the_keys_as_space_does(full: WindowUnderTest) -> None:
    window = full.window
    issuer = next(b for b in window.positions.findChildren(QAbstractButton) if b.text() == "Issuer")
    hide = next(b for b in window.banners.banners[0].buttons if b.text() == "Hide")
    for button in (
        window.top_bar.hide_values,
        issuer,
        window.section.tabs.findChildren(QAbstractButton)[1],
        hide,
    ):
        pressed: list[bool] = []
        button.clicked.connect(lambda _checked=False, pressed=pressed: pressed.append(True))
        for count, key in enumerate((Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space), start=1):
            if button is hide and count > 1:
                break
            button.setFocus(Qt.FocusReason.TabFocusReason)
            QTest.keyClick(button, key)
            assert len(pressed) == count


def test_that_keys_held_down_act_once_except_for_the_tables_size(full: WindowUnderTest) -> None:
    window = full.window
    window.menus.detach_positions.trigger()
    window.orders.view.setCurrentIndex(window.orders.model.index(0, 0))
    window.orders.view.setFocus()
    QTest.keyClick(window.orders.view, Qt.Key.Key_Return)
    (share,) = window.findChildren(SymbolWindow)
    parts: list[QAction | QShortcut] = [*window.findChildren(QAction), *window.findChildren(QShortcut)]
    repeated = {part for part in parts if part.autoRepeat() and not keys_of(part) <= {""}}
    assert {key for part in repeated for key in keys_of(part)} == {"Ctrl++", "Ctrl+=", "Ctrl+-"}
    share.close()


def keys_of(part: QAction | QShortcut) -> set[str]:
    keys = part.shortcuts() if isinstance(part, QAction) else [part.key()]
    return {each.toString(QKeySequence.SequenceFormat.PortableText) for each in keys}


def test_that_enter_held_down_on_a_button_presses_it_once(full: WindowUnderTest) -> None:
    window = full.window
    card = window.links_panel.cards[GUN].button
    for button in (card, window.top_bar.hide_values, window.top_bar.on_top, window.top_bar.screenshot):
        pressed: list[bool] = []
        button.clicked.connect(lambda _checked=False, pressed=pressed: pressed.append(True))
        button.setFocus(Qt.FocusReason.TabFocusReason)
        for is_repeated in (False, True, True):
            QApplication.sendEvent(button, key_event(Qt.Key.Key_Return, is_repeated=is_repeated))
        assert pressed == [True]


def key_event(key: Qt.Key, *, is_repeated: bool) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "", is_repeated)


def test_that_a_double_click_on_a_cards_button_is_one_click(full: WindowUnderTest) -> None:
    card = full.window.links_panel.cards[GUN]
    clicks: list[bool] = []
    card.toggled.disconnect()
    card.toggled.connect(lambda: clicks.append(True))
    for press in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
        for kind in (press, QEvent.Type.MouseButtonRelease):
            QApplication.sendEvent(card.button, mouse_event(kind))
    assert clicks == [True]


def mouse_event(kind: QEvent.Type) -> QMouseEvent:
    at, left = QPointF(20, 10), Qt.MouseButton.LeftButton
    return QMouseEvent(kind, at, at, left, left, Qt.KeyboardModifier.NoModifier)


def in_a_group_with_a_stop(button: QAbstractButton, found: list[QWidget]) -> bool:
    """Tab goes to one button of a switch; the arrow keys to the others."""
    group = button.group()
    return group is not None and any(each in found for each in group.buttons())


@pytest.mark.parametrize("mode", [GUN, PED, HAMMER])
def test_that_the_focused_widget_has_a_ring_of_two_pixels(full: WindowUnderTest, mode: AccountMode) -> None:
    ring = DARK.accent.lower()
    strip, card = full.window.links_panel.strips[mode], full.window.links_panel.cards[mode]
    full.window.links_panel.cards[mode].more.setFocus(Qt.FocusReason.TabFocusReason)
    assert edge(card.more) == [ring, ring]
    strip.setFocus(Qt.FocusReason.TabFocusReason)
    assert edge(strip) == [ring, ring]
    assert ring not in edge(card.more)


def edge(widget: QWidget) -> list[str]:
    """The colours of the two outermost pixels in the middle of the top."""
    picture: QImage = widget.grab().toImage()
    return [picture.pixelColor(picture.width() // 2, y).name() for y in (0, 1)]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Enter])
def test_that_a_strips_figures_are_chosen_by_keyboard(full: WindowUnderTest, key: Qt.Key) -> None:
    strip = full.window.links_panel.strips[GUN]
    strip.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(strip, key)
    (menu,) = [menu for menu in full.window.findChildren(QMenu) if menu.isVisible()]
    assert "Cash" in [action.text() for action in menu.actions()]
    menu.close()


def test_that_the_menu_key_opens_a_strips_figures(full: WindowUnderTest) -> None:
    strip = full.window.links_panel.strips[HAMMER]
    strip.setFocus(Qt.FocusReason.TabFocusReason)
    at = strip.rect().center()
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, at, strip.mapToGlobal(QPoint(at)))
    QApplication.sendEvent(strip, asked)
    (menu,) = [menu for menu in full.window.findChildren(QMenu) if menu.isVisible()]
    menu.close()


def test_that_a_cards_detail_gives_way_by_whole_parts(full: WindowUnderTest) -> None:
    face = full.window.links_panel.cards[GUN].face
    metrics = full.window.theme.metrics(11)
    parts = ("127.0.0.1:7497", "client 11", "up 5 s", "76 ms")
    detail = " · ".join(parts)
    for room in range(30, metrics.horizontalAdvance(detail)):
        text = face.cut(parts, room)
        assert metrics.horizontalAdvance(text) <= room
        if " · " in text:
            assert detail.startswith(text)
            assert text.split(" · ")[-1] in detail.split(" · ")
    assert face.cut(parts, metrics.horizontalAdvance(detail)) == detail


def test_that_a_letter_of_a_menu_means_one_entry(ui: WindowUnderTest) -> None:
    menus = [found for found in ui.window.findChildren(QMenu) if found.actions()]
    assert len(menus) > 10
    for menu in menus:
        letters = [action.text().replace("&&", "").partition("&")[2][:1].lower() for action in menu.actions()]
        given = [letter for letter in letters if letter]
        assert sorted(set(given)) == sorted(given), menu.title()
