"""The check marks of menus, as they are painted."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from psf_monitor.domain.account import AccountMode
from tests.ui.window import WindowUnderTest, fill

MARK = 18
"""The room of a mark at the left of its entry, in device-independent pixels."""


def shades(menu: QMenu, action: QAction) -> set[str]:
    """Return the colours left of an entry's text."""
    entry = menu.actionGeometry(action)
    rect = QRect(entry.left(), entry.top() + 3, MARK, entry.height() - 6)
    picture = menu.grab(rect).toImage()
    return {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}


def text_left(menu: QMenu, action: QAction) -> int:
    """Return where an entry's text begins, in device-independent pixels from the entry's left."""
    entry = menu.actionGeometry(action)
    picture = menu.grab(entry.adjusted(MARK, 3, -3, -3)).toImage()
    columns = range(picture.width())
    heights = range(picture.height())
    ground = picture.pixelColor(0, 0)
    return MARK + next(x for x in columns if any(picture.pixelColor(x, y) != ground for y in heights))


def test_that_an_entry_that_cannot_be_chosen_stands_in_line_with_the_others(ui: WindowUnderTest) -> None:
    export, refresh = ui.window.menus.export, ui.window.menus.refresh
    (file,) = (menu for menu in ui.window.findChildren(QMenu) if export in menu.actions())
    export.setEnabled(False)
    file.resize(file.sizeHint())
    assert abs(text_left(file, export) - text_left(file, refresh)) <= 1


def test_that_every_check_mark_is_smooth_and_no_other_entry_has_one(ui: WindowUnderTest) -> None:
    fill(ui)
    ui.window.show()
    ui.window.links_panel.fields_menu(AccountMode.IBKR_GUN)
    menus = [each for each in ui.window.findChildren(QMenu) if each.actions()]
    seen = {True: 0, False: 0}
    for menu in menus:
        menu.aboutToShow.emit()
        menu.ensurePolished()
        menu.resize(menu.sizeHint())
        for action in menu.actions():
            is_heading = menu.property("look") == "columns" and not action.isEnabled()
            if action.isVisible() and not action.isSeparator() and not is_heading:
                found = shades(menu, action)
                is_marked = action.isCheckable() and action.isChecked()
                assert (len(found) > 4) is is_marked, (menu.title(), action.text(), found)
                seen[is_marked] += 1
    assert seen[True] > 20
    assert seen[False] > 20
