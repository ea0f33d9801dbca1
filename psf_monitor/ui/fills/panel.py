"""The fills: the trades of one day, by execution or added up by share."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from psf_monitor import formatting
from psf_monitor.connection.pacing import FILLS_A_TURN
from psf_monitor.domain.account import AccountMode
from psf_monitor.ui.base.held_keys import Button
from psf_monitor.ui.base.step_runner import StepRunner, Steps, slices
from psf_monitor.ui.fills.columns import FILL_TOTALS, FILLS
from psf_monitor.ui.fills.fill_text import BarText
from psf_monitor.ui.fills.paged_model import PagedModel
from psf_monitor.ui.fills.rows import FillRow, FillTotalRow, TotalRows
from psf_monitor.ui.style.theme import Theme, Tone
from psf_monitor.ui.table.columns import account_band
from psf_monitor.ui.table.empty_state import Emptiness
from psf_monitor.ui.table.panel import TablePanel

_PADDING = 11


class FillsPanel(TablePanel[FillRow]):
    """Two tables of the same fills under one bar; the totals are made of exactly the rows of the other.

    ``day`` is the past day shown, ``None`` for today.
    """

    day_requested = Signal()
    today_requested = Signal()

    def __init__(self, theme: Theme, clock: Callable[[], datetime]) -> None:
        model: PagedModel[FillRow] = PagedModel(FILLS, theme, clock)
        super().__init__(FILLS, theme, clock, has_total=False, model=model)
        self.model: PagedModel[FillRow] = model
        self._adding = StepRunner(self)
        self._adding.done.connect(self._on_added_up)
        self._adds_again = False
        self._fills_by: Counter[AccountMode] = Counter()
        self.totals: TablePanel[FillTotalRow] = TablePanel(FILL_TOTALS, theme, clock, has_total=False)
        self._tables = self.stack(self.totals)
        self.by_symbol = Button("By symbol")
        self.by_symbol.setProperty("look", "segment")
        self.by_symbol.setCheckable(True)
        # Its text is bold while pressed, and does not move its neighbours then.
        width = theme.metrics(11, bold=True).horizontalAdvance(self.by_symbol.text())
        self.by_symbol.setFixedSize(width + 2 * _PADDING, 18)
        self.by_symbol.setAccessibleName("Fills added up by symbol")
        self.by_symbol.setToolTip("Fills added up by symbol in each account")
        self.by_symbol.toggled.connect(self._on_by_symbol)
        self.day_button = QPushButton("Today")
        self.day_button.setProperty("look", "menu")
        self.day_button.setFixedHeight(18)
        self.day_button.setToolTip("Choose another recorded day")
        self.day_button.clicked.connect(self.day_requested)
        self.back = QPushButton("Back to today")
        self.back.setAccessibleName("Back to the fills of today")
        self.back.setToolTip("Back to the fills of today")
        self.back.setProperty("look", "link")
        self.back.clicked.connect(self.today_requested)
        self.back.hide()
        for widget in (self.by_symbol, self.day_button, self.back):
            self.bar.insertWidget(self.bar.indexOf(self.chip), widget)
        self._modes: Collection[AccountMode] = tuple(AccountMode)
        self.day: date | None = None
        self.show_day(None)

    @property
    def front(self) -> TablePanel[Any]:
        """The visible table."""
        return self.totals if self.by_symbol.isChecked() else self

    def show_day(self, day: date | None) -> None:
        """Show which day the rows are of."""
        self.day = day
        text = "Today" if day is None else f"{day:%a %Y-%m-%d}"
        self.day_button.setText(text)
        self.day_button.setAccessibleName(f"Day of the fills: {text}")
        self.back.setVisible(day is not None)

    def apply(self, changes: Mapping[Any, FillRow | None]) -> None:
        for key, row in changes.items():
            before = self.model.row_of(key)
            if before is not None:
                self._fills_by[before.mode] -= 1
            if row is not None:
                self._fills_by[row.mode] += 1
        super().apply(changes)
        if changes:
            self.add_up()

    def replace_all(self, rows: Iterable[FillRow]) -> None:
        """Show exactly these; existing ones keep their places and their selection."""
        changes: dict[Any, FillRow | None] = {row.key: None for row in self.model.rows()}
        changes.update((row.key, row) for row in rows)
        self.apply(changes)

    def begin(self) -> None:
        """Remove all fills, before those of another day arrive."""
        self._adding.stop()
        self.model.clear()
        self._fills_by.clear()
        self._show_totals([])

    def append(self, rows: Sequence[FillRow]) -> None:
        """Append a page of new rows."""
        self._fills_by.update(row.mode for row in rows)
        self.model.append(rows)

    def add_up(self) -> None:
        """Add up the fills if the totals are visible; incomplete days are not added up."""
        if self.why_partial:
            self._adding.stop()
            self._show_totals([])
        elif self._adding.is_running:
            # If it started again with every fill, it would never end.
            self._adds_again = True
        elif self.by_symbol.isChecked():
            self._adds_again = False
            self._adding.start(self._add_up_in_steps())

    def filter(self, modes: Collection[AccountMode], text: str) -> None:
        """Show only fills of these profiles whose symbol contains ``text``."""
        self._modes = modes
        self.model.filter(modes, text)
        self.totals.model.filter(modes, text)

    def hide_values(self, is_wanted: bool) -> None:
        """Hide the quantities and amounts of money of both tables, or show them."""
        self.model.hide_values(is_wanted)
        self.totals.model.hide_values(is_wanted)

    def set_bar(
        self, texts: BarText, why_empty: Emptiness | None, why_no_sums: Emptiness | None = None
    ) -> None:
        """Fill the bar; ``why_empty`` covers the tables, ``why_no_sums`` the one by symbol."""
        self.count.set_text(self.counted() if self.model.row_count else formatting.DASH)
        self.warn(texts.chip, texts.text)
        self.warning.setToolTip(texts.why or texts.text)
        self.remark.set_text(texts.remark, Tone.TEXT2, shorter=texts.shorter)
        band = account_band({mode for mode in +self._fills_by if mode in self._modes})
        for header in (self.view.header, self.totals.view.header):
            header.name_account(band)
        self.frame.empty.explain(why_empty)
        self.totals.frame.empty.explain(why_no_sums or why_empty)

    def tick(self) -> None:
        super().tick()
        self.totals.tick()

    def set_narrow(self, is_narrow: bool) -> None:
        super().set_narrow(is_narrow)
        self.totals.set_narrow(is_narrow)
        self.back.setText("Today" if is_narrow else "Back to today")

    def resize_rows(self) -> None:
        super().resize_rows()
        self.totals.resize_rows()

    def _on_by_symbol(self, is_wanted: bool) -> None:
        self.add_up()
        self._tables.setCurrentIndex(int(is_wanted))
        self.columns_button.setMenu(self.front.column_menu)

    def _on_added_up(self) -> None:
        if self._adds_again:
            self.add_up()

    def _add_up_in_steps(self) -> Steps:
        rows, found = list(self.model.rows()), TotalRows()
        for number, each in enumerate(slices(rows, FILLS_A_TURN)):
            if number:
                yield
            found.add(each)
        if len(rows) <= FILLS_A_TURN:
            self._show_totals(found.result())
            return
        yield
        totals = found.result()
        yield
        self._show_totals(totals)
        yield

    def _show_totals(self, rows: Iterable[FillTotalRow]) -> None:
        found = {row.key: row for row in rows}
        changes: dict[Any, FillTotalRow | None] = {
            row.key: None for row in self.totals.model.rows() if row.key not in found
        }
        for key, row in found.items():
            line = self.totals.model.find(key)
            if line is None or line.row != row:
                changes[key] = row
        self.totals.apply(changes)
