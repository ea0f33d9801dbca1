"""The positions panel: accounts, filter, values, and what the sums leave out."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QWidget

from psf_monitor.book.rows import PositionRow, QuoteState
from psf_monitor.book.sums.groups import GroupBy
from psf_monitor.book.sums.totals import Totals, counted_modes, totals_of
from psf_monitor.connection.pacing import ROWS_OF_A_SCREEN
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.valuation import MarkRule
from psf_monitor.ui.base.held_keys import add_shortcut
from psf_monitor.ui.base.selection import ALL_MODES, Selection
from psf_monitor.ui.base.view_options import GROUP_TITLES, MARK_TEXTS, MARKS_IN_SHORT, QUIET_AFTER_MIN
from psf_monitor.ui.positions import quote_warnings
from psf_monitor.ui.positions.columns import positions_table
from psf_monitor.ui.positions.grouping import PositionGrouping
from psf_monitor.ui.positions.total import hidden, sum_figures, total_figures
from psf_monitor.ui.style.label import Fit, Label
from psf_monitor.ui.style.theme import Theme, Tone
from psf_monitor.ui.table.columns import Column
from psf_monitor.ui.table.export import local_notation
from psf_monitor.ui.table.facts.columns import OWN_GROUP
from psf_monitor.ui.table.panel import TablePanel

if TYPE_CHECKING:
    from psf_monitor.domain.position import PositionKey

_FILTER_HINT = "Filter  (Ctrl+F)"
_EVERY = "All accounts"
_GROUP_TOOLTIPS = {
    GroupBy.NONE: "No groups",
    GroupBy.SHARE: "Group by share, over the logins",
    GroupBy.ISSUER: "Group by issuer: the CMON of your own file, else the root of the symbol",
    GroupBy.LOGIN: "Group by login",
    GroupBy.GROUP: "Group by the column Group of your own file",
}
_CHOICE_PADDING = 7
_GROUP_PADDING = 6
_OWN_GROUPS = list(GroupBy).index(GroupBy.GROUP)
_FILTER_WIDTH, _FILTER_WIDTH_COMPACT = 108, 84
_SET_SYMBOL, _SET_SYMBOL_IN_SHORT = "Set HAMMER symbol…", "Set symbol…"
_LEAST_WIDTH = 928
"""The width of the bar in pixels in which the link's text has room beside all else on half a screen."""
_NARROW_WIDTH = 880
"""The width of the bar in pixels below which accounts have short names and only menus have the link."""


class PositionsPanel(TablePanel[PositionRow]):
    """The table of positions with the account switch and the filter box.

    ``quiet_after_min``: the age of a share that has not changed for this many minutes is marked.
    """

    symbol_requested = Signal(str)
    """Emitted when the trader wants to set HAMMER's name of this share."""
    group_chosen = Signal(object)
    """Emitted with the new ``GroupBy`` of the rows."""

    def __init__(
        self,
        theme: Theme,
        clock: Callable[[], datetime],
        selection: Selection,
    ) -> None:
        table = positions_table(lambda: self.quiet_after_min, lambda key: self.day_line(key))
        super().__init__(table, theme, clock, has_total=True)
        self.quiet_after_min = QUIET_AFTER_MIN
        self.day_line: Callable[[PositionKey], Sequence[float]] = lambda _key: ()
        """Returns a position's day P&L over the day, in contract currency; empty before there is a book."""
        self.selection = selection
        self.filter_box = self._make_filter_box()
        selection.changed.connect(self._on_selection)
        self._switch = QButtonGroup(self)
        self._is_bar_narrow: bool | None = None
        self.bar.insertLayout(2, self._fill_switch())
        self._group = GroupBy.NONE
        self._has_own_groups = False
        self._group_switch, self._group_buttons = self._group_choice(theme)
        self.bar.insertWidget(3, self._group_switch)
        # The window may be narrower than this bar asks for, which then omits the switch.
        bar = self.bar.parentWidget()
        assert bar is not None
        bar.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.bar.insertWidget(4, self.filter_box)
        self._totals: tuple[Totals, str] | None = None
        self._hides = False
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._fill_total())
        self._is_narrow = False
        self._unknown_symbol = ""
        self._has_link = False
        self.set_symbol = QPushButton(_SET_SYMBOL)
        self.set_symbol.setProperty("look", "link")
        self.set_symbol.setToolTip("Enter the name under which HAMMER has this share")
        self.set_symbol.hide()
        self.set_symbol.clicked.connect(lambda: self.symbol_requested.emit(self._unknown_symbol))
        self.bar.insertWidget(self.bar.indexOf(self.warning) + 1, self.set_symbol)

    def _make_filter_box(self) -> QLineEdit:
        box = QLineEdit()
        box.setPlaceholderText(_FILTER_HINT)
        box.setAccessibleName("Filter symbol")
        box.setToolTip("Show only the symbols that contain this, in every table (Ctrl+F; Esc clears it)")
        box.setFixedHeight(18)
        box.setFixedWidth(_FILTER_WIDTH)
        box.textChanged.connect(self.selection.filter)
        box.returnPressed.connect(self.focus_rows)
        add_shortcut("Down", box, self.focus_rows, Qt.ShortcutContext.WidgetShortcut)
        return box

    def _fill_switch(self) -> QHBoxLayout:
        """Create the buttons of the account switch beside each other."""
        row = QHBoxLayout()
        row.setSpacing(0)
        for number, (text, _modes) in enumerate(_CHOICES):
            button = QPushButton(text)
            button.setProperty("look", "segment")
            button.setCheckable(True)
            button.setAccessibleName(f"Show {text}")
            button.setToolTip(f"{_EVERY if number == 0 else f'Only {text}'} (Alt+{number})")
            self._switch.addButton(button, number)
            row.addWidget(button)
        self._name_accounts()
        self._switch.button(0).setChecked(True)
        self._switch.idToggled.connect(self._on_switch)
        return row

    def _name_accounts(self) -> None:
        """Name the accounts of the switch in short if the bar is narrow."""
        is_narrow = self.width() < _NARROW_WIDTH
        if is_narrow is self._is_bar_narrow:
            return
        self._is_bar_narrow = is_narrow
        metrics = self._theme.metrics(11, bold=True)
        for number, (text, modes) in enumerate(_CHOICES):
            button = self._switch.button(number)
            name = modes[0].short if is_narrow and len(modes) == 1 else text
            button.setText(name)
            # Its text is bold while pressed, and is neither cut nor wider then.
            button.setFixedSize(metrics.horizontalAdvance(name) + 2 * _CHOICE_PADDING, 18)

    def _group_choice(self, theme: Theme) -> tuple[QWidget, QButtonGroup]:
        """Create the segmented switch of the groups; on half a screen only the View menu has them."""
        box = QWidget()
        box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._group_title = Label(theme, pixels=11, tone=Tone.TEXT2, fit=Fit.WHOLE)
        self._group_title.set_text("Group ")
        row.addWidget(self._group_title)
        buttons = QButtonGroup(self)
        for number, by in enumerate(GroupBy):
            text = GROUP_TITLES[by]
            button = QPushButton(text)
            button.setProperty("look", "segment")
            button.setCheckable(True)
            width = theme.metrics(11, bold=True).horizontalAdvance(text)
            button.setFixedSize(width + 2 * _GROUP_PADDING, 18)
            button.setAccessibleName(f"Group by {text.lower()}")
            button.setToolTip(f"{_GROUP_TOOLTIPS[by]} (Ctrl+G: the next)")
            buttons.addButton(button, number)
            button.clicked.connect(lambda _checked=False, by=by: self.choose_group(by))
            row.addWidget(button)
            button.setVisible(by is not GroupBy.GROUP)
        buttons.button(0).setChecked(True)
        return box, buttons

    def extend(self, columns: Sequence[Column[Any]]) -> None:
        """Add these columns; the trader's own group, if among them, can then be grouped by."""
        super().extend(columns)
        self._has_own_groups |= any(column.key == OWN_GROUP for column in columns)
        self._group_buttons.button(_OWN_GROUPS).setVisible(self._has_own_groups)
        self._share_room()

    def set_narrow(self, is_narrow: bool) -> None:
        """On half a screen only the View menu has the groups, and the count is shorter."""
        super().set_narrow(is_narrow)
        # The filter is beside it, and must not move while typing.
        self.count.reserve("88" if is_narrow else "88 of 88")
        self._group_switch.setVisible(not is_narrow)
        self._is_narrow = is_narrow
        self._share_room()

    def _share_room(self) -> None:
        """Shrink the filter box on half a screen, and everything a little for an additional group."""
        is_narrow = self._is_narrow or self._has_own_groups
        self.filter_box.setPlaceholderText("Filter" if is_narrow else _FILTER_HINT)
        self.filter_box.setFixedWidth(_FILTER_WIDTH_COMPACT if is_narrow else _FILTER_WIDTH)
        self._group_title.setVisible(not self._has_own_groups)
        self._name_accounts()
        is_short = self._has_own_groups or self.width() < _LEAST_WIDTH
        self.set_symbol.setText(_SET_SYMBOL_IN_SHORT if is_short else _SET_SYMBOL)
        self._give_way()

    def warn(self, chip: str, text: str, *shorter: str) -> None:
        """Show the chip and its text, or neither. If room is short they replace the mark rule."""
        super().warn(chip, text, *shorter)
        self._give_way()

    def _give_way(self) -> None:
        is_narrow = self._is_narrow or self._has_own_groups
        self.remark.setVisible(not (is_narrow and self.warning.text))
        self.set_symbol.setVisible(self._has_link and not self._is_bar_narrow)

    def show_mark(self, rule: MarkRule | None) -> None:
        """Show how positions are valued, in one word if there is no room for more."""
        if rule is None:
            self.remark.set_text("")
        else:
            self.remark.set_text(f"Mark: {MARK_TEXTS[rule]}", shorter=(f"Mark: {MARKS_IN_SHORT[rule]}",))
            self.remark.setToolTip(f"A position is valued at: {MARK_TEXTS[rule]}. View changes it.")

    def focus_filter(self) -> None:
        """Focus the filter box with its text selected."""
        self.filter_box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter_box.selectAll()

    def focus_rows(self) -> None:
        """Focus the table, with the first row selected unless another one is."""
        places = range(self.model.shown_count)
        first = next((place for place in places if self.model.line(place).heading is None), None)
        if first is not None:
            if not self.view.selectionModel().hasSelection():
                self.view.setCurrentIndex(self.model.index(first, self.model.table.index("symbol")))
            self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def clear_filter(self) -> None:
        """End the sum of selected rows, else show every share again; the table gets the focus."""
        if len(self.view.selected_places()) > 1:
            self.view.clearSelection()
        else:
            self.selection.filter("")
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def choose(self, number: int) -> None:
        """Press a button of the account switch: 0 all, then the profiles."""
        self._switch.button(number).setChecked(True)

    @property
    def account(self) -> str:
        """Return the label of the account switch's pressed button."""
        return _CHOICES[self._switch.checkedId()][0]

    def choose_account(self, text: str) -> None:
        """Press the button with this label, if there is one."""
        for number, (name, _modes) in enumerate(_CHOICES):
            if name == text:
                self._switch.button(number).setChecked(True)

    @property
    def sum_modes(self) -> tuple[AccountMode, ...]:
        """Return the profiles that the total row adds up: IBKR's, or HAMMER's own account if it is shown
        alone.
        """
        modes = self.selection.modes
        return counted_modes(modes)

    def refresh_part(self) -> None:
        """Update the sum of a selection at once; sums of very many rows follow with all others."""
        total = self.frame.total
        if total is not None and total.figures.is_part and len(self._part()) <= ROWS_OF_A_SCREEN:
            self._fill_total()

    def show_totals(self, totals: Totals, left_out: str, *, are_values_hidden: bool) -> None:
        """Fill the total row; ``left_out`` names the profiles that are not counted."""
        self._totals = totals, left_out
        self.model.renew_headings()
        self._hides = are_values_hidden
        self._fill_total()

    def _fill_total(self) -> None:
        """Show the total of all positions, of two or more selected ones, or of those that the filter
        leaves.
        """
        if self.frame.total is None or self._totals is None:
            return
        whole, left_out = self._totals
        rows = self._part()
        figures = total_figures(whole, left_out)
        if rows:
            counted = counted_modes({row.mode for row in rows})
            figures = sum_figures(totals_of(rows, counted), len(rows), whole, left_out)
        self.frame.total.show_figures(hidden(figures) if self._hides else figures)

    def _part(self) -> list[PositionRow]:
        """Return the rows that are added up instead of all: the selected ones, or those that the filter
        leaves.
        """
        rows = self.view.selected_rows()
        if len(rows) < 2:
            rows = self.model.matched() if self.selection.filter_text else []
        return rows

    @property
    def group(self) -> GroupBy:
        """Return what the rows under one heading have in common."""
        return self._group

    def choose_group(self, by: GroupBy) -> None:
        """Group the rows under headings."""
        self._group = by
        self._group_buttons.button(list(GroupBy).index(by)).setChecked(True)
        grouping = None if by is GroupBy.NONE else PositionGrouping(by, lambda: self.sum_modes)
        self.model.groups.group(grouping)
        self.group_chosen.emit(by)

    def next_group(self) -> None:
        """Group by the next criterion, after the last by none."""
        order = [by for by in GroupBy if by is not GroupBy.GROUP or self._has_own_groups]
        self.choose_group(order[(order.index(self._group) + 1) % len(order) if self._group in order else 0])

    def copy_sums(self) -> None:
        """Copy the total row to the clipboard, as numbers."""
        if self.frame.total is not None:
            QGuiApplication.clipboard().setText(self.frame.total.as_text(local_notation.local_notation()))

    def show_quotes(self, state: QuoteState, rows: Collection[PositionRow]) -> None:
        """Show what is wrong with the prices of ``rows``, if anything is."""
        # Most rows have no problem, so all are checked in one pass.
        odd = [
            row
            for row in rows
            if row.mark is None
            or row.quote_state is QuoteState.FROZEN
            or row.quote_late_s is not None
            or row.quantity is None
        ]
        without = [row for row in odd if row.mark is None]
        unknown = [row for row in without if row.quote_state is QuoteState.MISSING and row.hammer_symbol]
        self._unknown_symbol = min((row.priced_as for row in unknown), default="")
        self._has_link = bool(unknown) and state is QuoteState.LIVE
        self._give_way()
        match state:
            case _ if not rows:
                self.warn("", "")
            case QuoteState.FROZEN:
                self.warn("ALL QUOTES FROZEN", "")
            case QuoteState.OFF:
                self.warn("NO QUOTES", "HAMMER is not connected")
            case QuoteState.LIVE:
                warning = quote_warnings.warning_of(odd, without)
                self.warn(warning.chip, *warning.wordings)
                self.chip.setToolTip(warning.every)
            case _:
                self.warn("NO QUOTES YET", "waiting for HAMMER")

    def _on_selection(self) -> None:
        self.model.filter(self.selection.modes, self.selection.text)
        self._fill_total()
        if self.filter_box.text() != self.selection.text:
            self.filter_box.setText(self.selection.text)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._share_room()

    def _on_switch(self, number: int, is_checked: bool) -> None:
        if is_checked:
            self.selection.choose(_CHOICES[number][1])


_CHOICES: tuple[tuple[str, tuple[AccountMode, ...]], ...] = (
    ("All", ALL_MODES),
    *((mode.value, (mode,)) for mode in AccountMode),
)
