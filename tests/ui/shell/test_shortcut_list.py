"""The list of keys that F1 shows."""

import re

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QAction, QKeySequence, QScreen, QShortcut
from PySide6.QtWidgets import QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from psf_monitor.ui.shell.shortcut_list import (
    ALERTS,
    CONNECTIONS,
    LEFT,
    RIGHT,
    SHARE,
    TABLES,
    WINDOW,
    Keys,
    ShortcutList,
)
from tests.ui.window import WindowUnderTest, fill


def spelled(listed: Keys) -> set[str]:
    """The keys one by one, as Qt spells them."""
    return {
        f"{prefix}{key}"
        for keys, _text in listed
        for prefix, others in [re.match(r"((?:Ctrl\+|Alt\+|Shift\+)*)(.*)", keys).groups()]  # type: ignore[union-attr]
        for key in others.removeprefix(prefix).split(", ")
    }


def test_that_it_has_every_key_of_the_window(ui: WindowUnderTest) -> None:
    fill(ui)
    window = ui.window
    keys = [key for action in window.findChildren(QAction) for key in action.shortcuts()]
    keys += [shortcut.key() for shortcut in window.findChildren(QShortcut)]
    texts = {key.toString(QKeySequence.SequenceFormat.PortableText) for key in keys}
    listed = tuple(line for group in (LEFT | RIGHT).values() for line in group)
    # Second spellings of the same keys: on keyboards where plus takes Shift, and beside the figures.
    assert texts - spelled(listed) - {"Ctrl+=", "Return", ""} == set()


def test_that_it_has_every_key_of_the_window_of_a_share(ui: WindowUnderTest) -> None:
    fill(ui)
    window = ui.window
    opened = window.symbol_windows.open(window.positions.model.line(0).row)
    keys = [shortcut.key() for shortcut in opened.findChildren(QShortcut)]
    keys += [key for action in opened.actions() for key in action.shortcuts()]
    texts = {key.toString(QKeySequence.SequenceFormat.PortableText) for key in keys}
    assert texts - spelled((*SHARE, *ALERTS, *WINDOW)) == set()


@pytest.mark.parametrize("group", [CONNECTIONS, TABLES, ALERTS, SHARE, WINDOW])
def test_that_no_key_means_two_things_in_one_place(group: Keys) -> None:
    assert len({keys for keys, _text in group}) == len(group)


def test_that_the_list_fits_a_small_screen(ui: WindowUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QScreen, "availableSize", lambda _self: QSize(960, 640))
    ui.window.menus.keys.trigger()
    (opened,) = ui.window.findChildren(ShortcutList)
    assert opened.width() <= 960
    assert opened.height() <= 600
    (area,) = opened.findChildren(QScrollArea)
    assert (area.horizontalScrollBar().maximum(), area.verticalScrollBar().maximum()) == (0, 0)


def test_that_every_text_of_the_list_is_inside_it(
    ui: WindowUnderTest, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(QScreen, "availableSize", lambda _self: QSize(1600, 900))
    ui.window.menus.keys.trigger()
    (opened,) = ui.window.findChildren(ShortcutList)
    (area,) = opened.findChildren(QScrollArea)
    content = area.widget()
    assert content is not None
    qtbot.waitUntil(lambda: content.size() == area.viewport().size())
    for label in opened.findChildren(QLabel):
        assert label.width() >= label.fontMetrics().horizontalAdvance(label.text()), label.text()
        assert content.rect().contains(label.geometry()), label.text()


def test_that_the_list_scrolls_where_the_screen_is_smaller(
    ui: WindowUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QScreen, "availableSize", lambda _self: QSize(731, 411))
    ui.window.menus.keys.trigger()
    (opened,) = ui.window.findChildren(ShortcutList)
    assert opened.width() < 731
    assert opened.height() < 411
    (area,) = opened.findChildren(QScrollArea)
    last = opened.findChildren(QLabel)[-1]
    area.ensureWidgetVisible(last)
    assert not last.visibleRegion().isEmpty()
    assert opened.focusWidget() is area
    opened.close()
