"""Loads a past day from the journal into the fills tab, page by page, and today's fills back."""

from collections.abc import Callable, Collection, Iterable
from contextlib import aclosing
from datetime import date, datetime

from PySide6.QtCore import QObject, Signal

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.domain.fills.journal_records import DayPage
from psf_monitor.ui.base import garbage
from psf_monitor.ui.base.journal_port import JournalPort, JournalReader
from psf_monitor.ui.fills.panel import FillsPanel
from psf_monitor.ui.fills.past_day import PastDay, no_past_fills, no_past_sums, past_text
from psf_monitor.ui.fills.rows import FillRow


class DayReader(QObject):
    """Reads past days; the previous content stays until the first page of another day has arrived.

    ``past`` is the day shown, ``None`` for today. ``changed``: more of it has arrived, or no more will, and
    ``warned`` says why.
    """

    changed = Signal()
    warned = Signal(str)

    def __init__(
        self, journal: JournalPort, panel: FillsPanel, row_of: Callable[[Fill], FillRow], parent: QObject
    ) -> None:
        super().__init__(parent)
        self.past: PastDay | None = None
        self._journal = journal
        self._panel = panel
        self._row_of = row_of
        self._stop: Callable[[], None] = lambda: None
        panel.model.arranged.connect(self._on_arranged)

    def read(self, day: date) -> None:
        """Show a past day from its first page on."""
        self._stop()
        past = PastDay(day)
        self._stop = self._journal.request(
            lambda journal: self._pages(journal, past),
            lambda _none: self._panel.model.arrange(),
            lambda why: self._fail(past, why),
        )

    def show_today(self, fills: Iterable[Fill]) -> None:
        """Show these fills of today, and nothing of another day."""
        self._stop()
        self.past = None
        self._panel.why_partial = ""
        self._panel.show_day(None)
        self._panel.begin()
        self._panel.replace_all(map(self._row_of, fills))
        self.changed.emit()

    def fill_bar(self, modes: Collection[AccountMode], text: str, now: datetime) -> None:
        """Show how much of the past day is there, and why the tables are empty if they are."""
        past, model = self.past, self._panel.model
        assert past is not None
        why = None if model.shown_count else no_past_fills(past, modes, text, model.row_count, now)
        self._panel.set_bar(past_text(past, modes, now), why, no_past_sums(past))

    async def _pages(self, journal: JournalReader, past: PastDay) -> None:
        async with aclosing(journal.fills_in_pages(past.day)) as pages:
            async for page in pages:
                self._add(past, page)

    def _add(self, past: PastDay, page: DayPage) -> None:
        if self.past is not past:
            self.past = past
            self._panel.show_day(past.day)
            self._panel.begin()
        past.add(page)
        self._panel.append([self._row_of(fill) for fill in page.fills])
        self._report(past)
        garbage.settle()

    def _fail(self, past: PastDay, why: str) -> None:
        self.warned.emit(why)
        shown = self.past
        if shown is not None and shown.read < shown.fill_count:
            shown.failure = why if shown is past else "Another day was asked for before it was there."
            self._report(shown)
            self._panel.model.arrange()

    def _on_arranged(self) -> None:
        past = self.past
        if past is not None and not past.is_whole and past.read == past.fill_count:
            past.is_whole = True
            self._report(past)
            self._panel.add_up()

    def _report(self, past: PastDay) -> None:
        self._panel.why_partial = past.why_partial
        self.changed.emit()
