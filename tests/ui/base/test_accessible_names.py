"""What those hear who do not see the window: every sentence that a dialog shows is read to them."""

from collections.abc import Callable

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel

from tests.fill_records import fill as execution
from tests.ui.fills_tab import Book, Record
from tests.ui.journal.recorded_days import SOLD, YESTERDAY, kept
from tests.ui.service import Service
from tests.ui.window import WindowUnderTest, fill


def test_that_every_sentence_of_a_dialog_is_read_and_not_what_it_is_about(
    open_window: Callable[..., WindowUnderTest],
) -> None:
    ui = open_window(service=Service(record=Record(Book({YESTERDAY: kept(YESTERDAY, SOLD, execution("1"))}))))
    fill(ui)
    menus = ui.window.menus
    opened = (
        menus.export,
        menus.gains,
        menus.history,
        menus.check,
        menus.local_api,
        menus.new_alert,
        menus.keys,
    )
    for action in opened:
        action.trigger()
    dialogs = [each for each in QApplication.topLevelWidgets() if each.isVisible() and each is not ui.window]
    assert len(dialogs) == len(opened)
    labels = [label for dialog in dialogs for label in dialog.findChildren(QLabel) if label.text()]
    name = QAccessible.Text.Name
    read = [QAccessible.queryAccessibleInterface(label).text(name) for label in labels]
    assert read == [label.text() for label in labels]
    for dialog in dialogs:
        dialog.close()
