"""The list of keys that F1 shows."""

import re

from PySide6.QtGui import QAction, QKeySequence, QShortcut

from psf_monitor.ui.shell.shortcut_list import KEYS
from tests.ui.window import WindowUnderTest, fill

LISTED = {
    f"{prefix}{key}"
    for keys, _words in KEYS
    for prefix, others in [re.match(r"((?:Ctrl\+|Alt\+|Shift\+)*)(.*)", keys).groups()]  # type: ignore[union-attr]
    for key in others.split(", ")
}


def test_that_it_has_every_key_of_the_window(ui: WindowUnderTest) -> None:
    fill(ui)
    window = ui.window
    keys = [key for action in window.findChildren(QAction) for key in action.shortcuts()]
    keys += [shortcut.key() for shortcut in window.findChildren(QShortcut)]
    words = {key.toString(QKeySequence.SequenceFormat.PortableText) for key in keys}
    # Second spellings of the same keys: on keyboards where plus takes Shift, and beside the figures.
    assert words - LISTED - {"Ctrl+=", "Return", ""} == set()


def test_that_no_key_stands_in_it_twice() -> None:
    assert len({keys for keys, _words in KEYS}) == len(KEYS)
