"""All dialogs of the journal, loaded with the first of them, after the window is on the screen."""

from psf_monitor.ui.journal.export_dialog import ExportDialog as ExportDialog
from psf_monitor.ui.journal.gains_dialog import GainsDialog as GainsDialog
from psf_monitor.ui.journal.pnl_curve_window import PnlCurveWindow as PnlCurveWindow
from psf_monitor.ui.journal.recorded_days_dialog import RecordedDaysDialog as RecordedDaysDialog
