"""The dialog that lists the recorded days."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from psf_monitor import formatting
from psf_monitor.domain.fills.journal_records import DayCount
from psf_monitor.ui.base.journal_port import JournalPort
from psf_monitor.ui.style.scroll_area import remove_menus

_DAY = Qt.ItemDataRole.UserRole


class RecordedDaysDialog(QDialog):
    """Lists the days, the latest first, with today on top. The chosen day is shown in the window."""

    chosen = Signal(object)
    """A ``date``; ``None`` is today."""

    def __init__(self, record: JournalPort, today: date, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.setWindowTitle("History")
        self._today = today
        self.message = QLabel("Reading the journal…")
        self.message.setWordWrap(True)
        self.days = QListWidget()
        remove_menus(self.days)
        self.days.setAccessibleName("Days")
        self.days.itemActivated.connect(self._on_activated)
        self.days.itemClicked.connect(self._on_activated)
        layout = QVBoxLayout(self)
        layout.addWidget(self.message)
        layout.addWidget(self.days)
        stop = record.request(lambda journal: journal.days(), self._on_days, self.message.setText)
        self.finished.connect(lambda _result: stop())

    def _on_days(self, days: Sequence[DayCount]) -> None:
        past = sorted((each for each in days if each.day != self._today), key=lambda each: each.day)
        self._add(None, "Today")
        for each in reversed(past):
            kept = [formatting.counted(each.fills, "fill")]
            kept += [formatting.counted(each.snapshots, "snapshot")] if each.snapshots else []
            self._add(each.day, f"{each.day:%a %Y-%m-%d}    {', '.join(kept)}")
        text = f"{formatting.counted(len(past), 'day')} recorded before today." if past else ""
        self.message.setText(text or "No day before today is recorded.")
        self.days.setCurrentRow(0)
        self.days.setFocus()

    def _add(self, day: date | None, text: str) -> None:
        item = QListWidgetItem(text)
        item.setData(_DAY, day)
        self.days.addItem(item)

    def _on_activated(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(_DAY))

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(320, 420)
