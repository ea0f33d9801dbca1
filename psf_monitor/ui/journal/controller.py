"""What the File menu does with the journal: files of fills and of gains, and a snapshot when asked.

A dialog is loaded when it is opened: the window is on the screen before.
"""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from psf_monitor import formatting
from psf_monitor.ui.base.journal_port import JournalPort
from psf_monitor.ui.base.menus import Menus
from psf_monitor.ui.style.theme import Theme


class JournalController(QObject):
    """Opens the dialogs. Without a ``record`` none can be chosen. ``told`` is news for the window."""

    told = Signal(str)

    def __init__(
        self,
        record: JournalPort | None,
        menus: Menus,
        theme: Theme,
        clock: Callable[[], datetime],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._record = record
        self._menus = menus
        self._theme = theme
        self._clock = clock
        self._window = window
        for action, handler in (
            (menus.export, self.export),
            (menus.gains, self.show_gains),
            (menus.snapshot, self.take_snapshot),
        ):
            action.triggered.connect(handler)
            action.setEnabled(record is not None)

    def export(self) -> None:
        """Open the form for a CSV file of fills."""
        if self._record is not None:
            from psf_monitor.ui.journal.export_dialog import ExportDialog

            ExportDialog(self._record, self._clock, self._window).show()

    def show_gains(self) -> None:
        """Open the table of realized gains."""
        if self._record is not None:
            from psf_monitor.ui.journal.gains_dialog import GainsDialog

            hides = self._menus.hide_values
            dialog = GainsDialog(
                self._record, self._theme, self._clock, self._window, hides=hides.isChecked()
            )
            hides.toggled.connect(dialog.hide_values)
            dialog.show()

    def take_snapshot(self) -> None:
        """Write down what is held now, and say of whom."""
        if self._record is None:
            return
        modes = self._record.take_snapshot()
        named = formatting.listed([mode.value for mode in modes])
        problem = self._record.problem
        if problem is not None:
            self.told.emit(f"{problem.cause}; the snapshot waits in memory")
        elif modes:
            self.told.emit(f"snapshot of {named} taken")
        else:
            self.told.emit("nothing is known of any account yet, so no snapshot was taken")
