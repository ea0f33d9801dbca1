"""Shows the current content of the trader's files in the tables, and reports problems with them."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from psf_monitor import formatting
from psf_monitor.book.fact_book import FactBook
from psf_monitor.domain.facts import NOTHING_KNOWN
from psf_monitor.ui.table.facts.columns import fact_columns
from psf_monitor.ui.table.panel import TablePanel


class FactsController(QObject):
    """Follows the book's facts; the tables of ``panels`` get a column for each column of the files."""

    reported = Signal(str)
    warned = Signal(str)

    def __init__(self, book: FactBook, panels: Sequence[TablePanel[Any]], parent: QObject) -> None:
        super().__init__(parent)
        self._book = book
        self._panels = panels
        self._shown = NOTHING_KNOWN

    def refresh(self) -> None:
        """Show new columns, and report new problems of the files."""
        facts, before = self._book.known, self._shown
        if facts is before:
            return
        self._shown = facts
        if facts.columns != before.columns:
            for panel in self._panels:
                panel.extend(fact_columns(facts.columns))
        if facts.problems != before.problems and facts.problems:
            more = f" (and {len(facts.problems) - 1:,} more in the log)" if len(facts.problems) > 1 else ""
            self.warned.emit(f"{facts.problems[0]}{more}")
        elif facts.shares != before.shares or before.problems:
            shares = formatting.counted(len(facts.shares), "share")
            self.reported.emit(f"{shares} and {formatting.counted(len(facts.columns), 'column')} are read")
