"""The recorded fills of some days as a CSV file."""

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtWidgets import QLineEdit, QWidget

from psf_monitor.domain.market_hours import new_york
from psf_monitor.problem import shown
from psf_monitor.ui.base.journal_port import JournalPort
from psf_monitor.ui.journal.form import RecordForm


class ExportDialog(RecordForm):
    """Account, first and last day, file. Figures are written in full, whether values are hidden or not."""

    def __init__(self, record: JournalPort, clock: Callable[[], datetime], parent: QWidget) -> None:
        super().__init__(record, "Export fills", parent)
        self._clock = clock
        today = new_york(clock()).date()
        self.account.addItem("All accounts", "")
        self.first = self._day("From", today.replace(day=1))
        self.last = self._day("To", today)
        self.propose(f"fills_{today.replace(day=1)}_{today}.csv")
        self.add_file_row(is_in_form=True)
        self.save.clicked.connect(self._on_save)
        for line in (self.first, self.last):
            line.textEdited.connect(self._on_day)
        self.request(lambda journal: journal.accounts(), self.show_accounts, self.failed)

    def _day(self, title: str, day: date) -> QLineEdit:
        line = QLineEdit(day.isoformat())
        line.setAccessibleName(title)
        line.setPlaceholderText("YYYY-MM-DD")
        line.setFixedWidth(100)
        self.form.addRow(title, line)
        return line

    def _on_day(self) -> None:
        self.propose(f"fills_{self.first.text().strip()}_{self.last.text().strip()}.csv")

    def _on_save(self) -> None:
        first, last = read_day(self.first.text()), read_day(self.last.text())
        if first is None or last is None:
            wrong = self.first if first is None else self.last
            self.message.refuse(f"{shown(wrong.text())} is no day. Write one as YYYY-MM-DD: 2026-09-18.")
            return
        if last < first:
            self.message.refuse("The last day is before the first.")
            return
        path = self.path()
        if path is None:
            return
        account, now, notation = self.chosen_account(), self._clock(), self.chosen_notation()
        accounts = [account] if account else []
        self.begin_writing()
        self.request(
            lambda journal: journal.export_fills(path, accounts, first, last, now, notation),
            self.ended(path, "fill", "psf-monitor export"),
            self.failed,
        )


def read_day(text: str) -> date | None:
    """Return the date typed by the trader; ``None`` if it is none."""
    if not text.isascii():
        return None
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
