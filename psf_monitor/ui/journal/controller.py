"""The File menu's actions on the journal: exports of fills and gains, and snapshots on request."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from psf_monitor import formatting
from psf_monitor.domain.market_hours import new_york
from psf_monitor.ui.base.context import WindowContext
from psf_monitor.ui.journal import dialogs


class JournalController(QObject):
    """Opens the dialogs, which are disabled while no journal is kept.

    ``reported`` is news for the window, ``day_chosen`` the recorded day that the trader wants to see.
    """

    reported = Signal(str)
    day_chosen = Signal(object)

    def __init__(self, context: WindowContext, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._record = context.service.record
        context.menus.curve.triggered.connect(self.show_curve)
        self._menus = menus = context.menus
        self._theme = context.theme
        self._clock = context.clock
        self._window = window
        for action, handler in (
            (menus.export, self.export),
            (menus.gains, self.show_gains),
            (menus.snapshot, self.take_snapshot),
        ):
            action.triggered.connect(handler)
            action.setEnabled(self._record.is_recording)

    def export(self) -> None:
        """Open the form for a CSV file of fills."""
        dialogs.ExportDialog(self._record, self._clock, self._window).show()

    def show_curve(self) -> None:
        """Open the chart of the day's P&L, or raise it."""
        window = next(iter(self._window.findChildren(dialogs.PnlCurveWindow)), None)
        if window is None:
            window = dialogs.PnlCurveWindow(self._context, self._window)
        window.show()
        window.raise_()
        window.activateWindow()

    def choose_day(self) -> None:
        """Open the list of recorded days."""
        dialog = dialogs.RecordedDaysDialog(self._record, new_york(self._clock()).date(), self._window)
        dialog.chosen.connect(self.day_chosen)
        dialog.show()

    def show_gains(self) -> None:
        """Open the table of realized gains."""
        hides = self._menus.hide_values
        dialog = dialogs.GainsDialog(
            self._record, self._theme, self._clock, self._window, hides=hides.isChecked()
        )
        hides.toggled.connect(dialog.hide_values)
        dialog.show()

    def take_snapshot(self) -> None:
        """Take a snapshot now, and report of which accounts."""
        modes = self._record.take_snapshot()
        named = formatting.listed([mode.value for mode in modes])
        problem = self._record.problem
        if problem is not None:
            self.reported.emit(f"{problem.cause}; the snapshot waits in memory")
        elif modes:
            self.reported.emit(f"snapshot of {named} taken")
        else:
            self.reported.emit("nothing is known of any account yet, so no snapshot was taken")
