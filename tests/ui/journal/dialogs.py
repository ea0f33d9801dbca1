"""The dialogs of the journal, opened as the trader does."""

from PySide6.QtWidgets import QDialog

from psf_monitor.ui.journal.export_dialog import ExportDialog
from psf_monitor.ui.journal.gains_dialog import GainsDialog
from psf_monitor.ui.journal.recorded_days_dialog import RecordedDaysDialog
from tests.ui.window import WindowUnderTest


def only(ui: WindowUnderTest, kind: type[QDialog]) -> QDialog:
    (found,) = [each for each in ui.window.findChildren(kind) if each.isVisible()]
    return found


def history(ui: WindowUnderTest) -> RecordedDaysDialog:
    ui.window.menus.history.trigger()
    dialog = only(ui, RecordedDaysDialog)
    assert isinstance(dialog, RecordedDaysDialog)
    return dialog


def days(dialog: RecordedDaysDialog) -> list[str]:
    return [dialog.days.item(row).text() for row in range(dialog.days.count())]


def export(ui: WindowUnderTest) -> ExportDialog:
    ui.window.menus.export.trigger()
    dialog = only(ui, ExportDialog)
    assert isinstance(dialog, ExportDialog)
    return dialog


def gains(ui: WindowUnderTest) -> GainsDialog:
    ui.window.menus.gains.trigger()
    dialog = only(ui, GainsDialog)
    assert isinstance(dialog, GainsDialog)
    return dialog
