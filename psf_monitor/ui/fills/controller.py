"""Connects the fills to their tab, the menus, the filter and the toast about a new one."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from psf_monitor.connection.pacing import FILLS_FRAME_MS
from psf_monitor.connection.status import CONNECTED_STATES
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.problem import Problem
from psf_monitor.ui.base.context import WindowContext
from psf_monitor.ui.fills import day_reader
from psf_monitor.ui.fills.fill_text import (
    FillSources,
    bar_text,
    bust,
    liquidation,
    no_fills,
)
from psf_monitor.ui.fills.rows import FillRow
from psf_monitor.ui.fills.toast import Toast
from psf_monitor.ui.table.row_menu import RowNavigator, add_copy_order_id, copy_menu, pop_up

if TYPE_CHECKING:
    from psf_monitor.ui.fills.panel import FillsPanel


class FillsController(QObject):
    """Shows today's fills as they arrive, how complete their list is, and past days on request.

    Their panel exists once the trader opens it (``attach``), or is made with ``make_panel`` if there is a
    fill or a warning to show.

    While a past day is shown, today's fills are still announced. ``warned`` carries, with its source, why a
    day cannot be shown, which fill was cancelled and what is wrong with the journal, ``recovered`` that
    nothing is any longer; ``liquidated`` what IBKR has just done by itself, the
    gravest news there is; ``bar_filled``: the bar has changed;
    ``front_wanted``: whether the fills should be in front; ``history_requested``: the list of recorded days
    should open.
    """

    warned = Signal(str, str)
    recovered = Signal(str, str)
    liquidated = Signal(str, str)
    bar_filled = Signal()
    front_wanted = Signal(bool)
    history_requested = Signal()

    def __init__(
        self,
        context: WindowContext,
        make_panel: Callable[[], "FillsPanel"],
        navigator: RowNavigator,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        sources, menus, selection = context.sources, context.menus, context.selection
        self._fills = sources.fills
        self._links = sources.links
        self._expects_paper = context.service.expects_paper
        self._expected: Mapping[AccountMode, bool] = dict(self._expects_paper)
        self._make_panel = make_panel
        self._panel: FillsPanel | None = None
        self._selection = selection
        self._menus = menus
        self._navigator = navigator
        self._clock = context.clock
        self._record = context.service.record
        self._journal_problem: Problem | None = None
        self._window = window
        self._days: day_reader.DayReader | None = None
        self.toast = Toast(context.theme, window)
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(FILLS_FRAME_MS)
        self._frame.timeout.connect(self.apply_changes)
        menus.hide_values.toggled.connect(self._on_hide_values)
        menus.announce_fills.toggled.connect(self.toast.dismiss)
        menus.history.triggered.connect(self.history_requested)
        menus.history.setEnabled(self._record.is_recording)
        selection.changed.connect(self._on_selection)
        self.toast.clicked.connect(lambda: self.front_wanted.emit(True))
        self._fills.when_dirty(self._frame.start)
        self.toast.hide_values(context.are_values_hidden)

    def attach(self, panel: "FillsPanel") -> None:
        """Show the fills in this panel from here on, beginning with those of today."""
        self._panel = panel
        panel.day_button.setEnabled(self._record.is_recording)
        panel.day_requested.connect(self.history_requested)
        panel.today_requested.connect(lambda: self.show_day(None))
        for each in (panel, panel.totals):
            each.view.menu_requested.connect(lambda at, each=each: pop_up(each, self.menu_of, at))
        panel.by_symbol.toggled.connect(lambda _is_wanted: self.refresh())
        panel.filter(self._selection.modes, self._selection.text)
        panel.hide_values(self._menus.hide_values.isChecked())
        panel.replace_all(map(self._row, self._fills.fills()))
        self.refresh()

    # Today.

    def apply_changes(self) -> None:
        """Apply what arrived, and announce it."""
        self._frame.stop()
        changes = self._fills.drain()
        if self._expects_paper != self._expected:
            self._expected = dict(self._expects_paper)
            if self._panel is not None:
                self._panel.replace_all([self._row(row.fill) for row in self._panel.model.rows()])
        rows = changes.rows.items()
        if self._panel is None:
            if any(fill is not None for _key, fill in rows):
                self._make_panel()
        elif not self._shows_past:
            self._panel.apply({key: None if fill is None else self._row(fill) for key, fill in rows})
        for fill in changes.arrived:
            if fill.is_liquidation:
                self.liquidated.emit(fill.mode.value, liquidation(fill))
        for fill in changes.busted:
            self.warned.emit(fill.mode.value, bust(fill))
        if changes.arrived:
            if self._menus.announce_fills.isChecked():
                self.toast.notify(changes.arrived)
            if self._menus.beep_fills.isChecked():
                QApplication.beep()
        self.refresh()

    def tick(self) -> None:
        """Remove yesterday's fills, and check the links; called once a second."""
        self.apply_changes()
        if self._panel is not None:
            self._panel.tick()

    def refresh(self) -> None:
        """Update the bar, the reason for an empty table, and the warning of a panel that is behind."""
        self._report_journal()
        self._refresh_state()
        self.bar_filled.emit()

    def _report_journal(self) -> None:
        problem, before = self._record.problem, self._journal_problem
        if problem == before:
            return
        self._journal_problem = problem
        if problem is None:
            self.recovered.emit("Journal", "it is written again")
        else:
            # The whole sentence names a folder, and with it its owner, which no screenshot may show.
            cause = problem.cause.removeprefix("Journal: ")
            self.warned.emit("Journal", f"{cause}. {problem.to_do}".strip())

    def _refresh_state(self) -> None:
        now, panel, modes = self._clock(), self._panel, self._selection.modes
        text = self._selection.filter_text
        if self._days is not None and self._days.past is not None:
            self._days.fill_bar(modes, text, now)
            return
        connected = {mode for mode, link in self._links.items() if link.status.state in CONNECTED_STATES}
        watch = FillSources({mode: self._fills.state(mode) for mode in self._links}, connected)
        texts = bar_text(watch, modes, self._record.problem, now)
        if panel is not None:
            rows = panel.model.row_count
            why = None if panel.model.shown_count else no_fills(watch, modes, text, rows, now)
            panel.set_bar(texts, why)
        elif texts.chip:
            # The tab shows the bar's warning beside it.
            self._make_panel()

    # Other days.

    def show_day(self, day: date | None) -> None:
        """Show a past day as it is read, or today at once."""
        self.front_wanted.emit(True)
        if self._days is None:
            self._days = day_reader.DayReader(self._record, self._make_panel(), self._row, self)
            self._days.changed.connect(self.refresh)
            self._days.warned.connect(lambda why: self.warned.emit("Journal", why))
        if day is None:
            self._days.show_today(self._fills.fills())
        else:
            self._days.read(day)

    @property
    def _shows_past(self) -> bool:
        return self._days is not None and self._days.past is not None

    def _row(self, fill: Fill) -> FillRow:
        return FillRow.of(fill, self._expected, self._clock())

    # The trader's actions.

    def menu_of(self, place: int, section: int) -> QMenu:
        """Return the menu of the row shown at ``place``, over the column ``section``."""
        panel = self._make_panel().front
        line = panel.model.line(place)
        row = line.row
        menu = copy_menu(panel, place, section, self._window)
        if isinstance(row, FillRow):
            add_copy_order_id(menu, panel, place)
        menu.addAction(f"&Filter to {row.symbol}", lambda: self._selection.filter(row.symbol))
        menu.addAction("&Show position", lambda: self._navigator.show_position(row))
        menu.addAction("D&epth, orders and prints\tEnter", lambda: self._navigator.show_share(row))
        menu.addAction("&Details", lambda: self._navigator.show_details(panel, line.key))
        return menu

    def _on_selection(self) -> None:
        if self._panel is not None:
            self._panel.filter(self._selection.modes, self._selection.text)
        self.refresh()

    def _on_hide_values(self, is_wanted: bool) -> None:
        if self._panel is not None:
            self._panel.hide_values(is_wanted)
        self.toast.hide_values(is_wanted)
        self.refresh()
