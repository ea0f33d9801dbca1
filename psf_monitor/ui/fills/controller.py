"""Joins the fills to their tab, the menus, the filter and the line that tells of a new one."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from psf_monitor.book.fills import Fills
from psf_monitor.connection.status import CONNECTED_STATES
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.account import AccountMode, is_paper
from psf_monitor.domain.fill import Fill
from psf_monitor.domain.market_hours import new_york
from psf_monitor.ui.base.journal_port import JournalPort
from psf_monitor.ui.base.menus import Menus
from psf_monitor.ui.fills.fill_text import Watch, bar_text, liquidation, no_fills, no_past_fills, past_text
from psf_monitor.ui.fills.rows import FillRow
from psf_monitor.ui.fills.toast import Toast
from psf_monitor.ui.positions.panel import PositionsPanel
from psf_monitor.ui.shell.lower_section import LowerSection
from psf_monitor.ui.shell.row_menu import RowMenus, copy
from psf_monitor.ui.style.theme import Theme

if TYPE_CHECKING:
    from psf_monitor.domain.journal_records import RecordedDay

_FRAME_MS = 100
"""Fills come one by one and not by the hundred a second: a tenth of one is early enough."""


class FillsController(QObject):
    """Takes today's fills in as they come, says how whole their list is, and shows past days when asked.

    While a past day is shown, today's fills go on to be told of. ``warned`` tells, with its source, why a day
    cannot be shown and what IBKR has just done by itself. Without a ``record`` there is only today.
    """

    warned = Signal(str, str)

    def __init__(
        self,
        fills: Fills,
        links: Mapping[AccountMode, Link],
        expects_paper: Mapping[AccountMode, bool],
        section: LowerSection,
        positions: PositionsPanel,
        menus: Menus,
        row_menus: RowMenus,
        theme: Theme,
        clock: Callable[[], datetime],
        record: JournalPort | None,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._fills = fills
        self._links = links
        self._expects_paper = expects_paper
        self._expected: Mapping[AccountMode, bool] = dict(expects_paper)
        self._section = section
        self._panel = section.fills
        self._positions = positions
        self._menus = menus
        self._row_menus = row_menus
        self._clock = clock
        self._record = record
        self._window = window
        self._past: RecordedDay | None = None
        self._let_go: Callable[[], None] = lambda: None
        self.toast = Toast(theme, window)
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(_FRAME_MS)
        self._frame.timeout.connect(self.follow)
        menus.hide_values.toggled.connect(self._on_hide_values)
        menus.tell_fills.toggled.connect(self.toast.put_away)
        menus.history.triggered.connect(self.choose_day)
        menus.history.setEnabled(record is not None)
        self._panel.day_button.setEnabled(record is not None)
        self._panel.day_asked.connect(self.choose_day)
        self._panel.today_asked.connect(lambda: self.show_day(None))
        positions.modes_changed.connect(self._on_modes_changed)
        self.toast.clicked.connect(lambda: section.show_fills(True))
        row_menus.orders_asked.connect(lambda: section.show_fills(False))
        for panel in (self._panel, self._panel.totals):
            view = panel.view
            view.doubleClicked.connect(
                lambda index, panel=panel: positions.filter_box.setText(
                    panel.model.line(index.row()).row.symbol
                )
            )
            view.customContextMenuRequested.connect(
                lambda at, panel=panel: row_menus.pop_up(panel, self.menu_of, at)
            )
        section.switched.connect(self.say)
        self._panel.by_symbol.toggled.connect(lambda _is_wanted: self.say())
        QShortcut(QKeySequence("Ctrl+Tab"), window).activated.connect(section.switch)
        fills.when_dirty(self._frame.start)
        self.follow()

    # Today.

    def follow(self) -> None:
        """Take in what came, and say it."""
        self._frame.stop()
        changes = self._fills.drain()
        if self._expects_paper != self._expected:
            self._expected = dict(self._expects_paper)
            self._show_all()
        elif self._past is None:
            rows = changes.rows.items()
            self._panel.apply({key: None if fill is None else self._row(fill) for key, fill in rows})
        for fill in changes.arrived:
            if fill.is_liquidation:
                self.warned.emit(fill.mode.value, liquidation(fill))
        if changes.arrived:
            if self._menus.tell_fills.isChecked():
                self.toast.tell(changes.arrived)
            if self._menus.beep_fills.isChecked():
                QApplication.beep()
        self.say()

    def tick(self) -> None:
        """A second has passed: yesterday's fills may have to leave, and links may have gone."""
        self.follow()
        self._panel.tick()

    def say(self) -> None:
        """Fill the bar, say why the table is empty if it is, and what the panel behind warns of."""
        self._say_state()
        self._section.follow()

    def _say_state(self) -> None:
        now, panel, modes = self._clock(), self._panel, self._positions.modes
        words = self._positions.filter_box.text().strip()
        is_any, rows = panel.model.shown_count > 0, panel.model.row_count
        if self._past is not None:
            why = None if is_any else no_past_fills(self._past, modes, words, rows, now)
            panel.say(past_text(self._past, modes, now), why)
            return
        connected = {mode for mode, link in self._links.items() if link.status.state in CONNECTED_STATES}
        watch = Watch({mode: self._fills.state(mode) for mode in AccountMode}, connected)
        why = None if is_any else no_fills(watch, modes, words, rows, now)
        problem = None if self._record is None else self._record.problem
        panel.say(bar_text(watch, modes, problem, now), why)

    # Other days.

    def choose_day(self) -> None:
        """Open the list of the days that are recorded."""
        if self._record is not None:
            # Loaded when it is opened: the window is on the screen before.
            from psf_monitor.ui.journal.history_dialog import HistoryDialog

            dialog = HistoryDialog(self._record, new_york(self._clock()).date(), self._window)
            dialog.chosen.connect(self.show_day)
            dialog.show()

    def show_day(self, day: date | None) -> None:
        """Show a past day as soon as it is read, or today at once."""
        self._let_go()
        self._section.show_fills(True)
        if day is None:
            self._show(None)
        elif self._record is not None:
            self._let_go = self._record.ask(
                lambda journal: journal.day(day), self._show, lambda why: self.warned.emit("Journal", why)
            )

    def _show(self, kept: "RecordedDay | None") -> None:
        self._past = kept
        self._panel.show_day(None if kept is None else kept.day)
        self._show_all()
        self.say()

    def _show_all(self) -> None:
        fills: Iterable[Fill] = self._fills.fills() if self._past is None else self._past.fills
        self._panel.replace_all(map(self._row, fills))

    def _row(self, fill: Fill) -> FillRow:
        expected = self._expected.get(fill.mode)
        return FillRow(fill, expected is not None and is_paper(fill.account) is not expected)

    # What the trader does.

    def menu_of(self, place: int, section: int) -> QMenu:
        """The menu of the row shown at ``place``, over the column ``section``."""
        panel = self._panel.front
        line = panel.model.line(place)
        row = line.row
        menu = self._row_menus.with_copies(panel, place, section)
        if isinstance(row, FillRow):
            words = panel.model.cell(line, panel.model.table.index("order_id")).text
            menu.addAction("Copy order &id", lambda: copy(words))
            menu.addSeparator()
        menu.addAction(f"&Filter to {row.symbol}", lambda: self._positions.filter_box.setText(row.symbol))
        menu.addAction("&Show position", lambda: self._row_menus.show_position(row))
        menu.addAction("&Details", lambda: self._row_menus.show_details(panel, line.key))
        return menu

    def _on_modes_changed(self) -> None:
        self._panel.filter(self._positions.modes, self._positions.filter_box.text())
        self.say()

    def _on_hide_values(self, is_wanted: bool) -> None:
        self._panel.hide_values(is_wanted)
        self.toast.hide_values(is_wanted)
        self.say()
