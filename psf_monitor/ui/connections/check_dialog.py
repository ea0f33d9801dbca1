"""The connection test as a growing table: every step, its outcome, and what to do about it."""

from bisect import bisect
from collections.abc import Callable, Collection

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from psf_monitor.check.steps import STEPS, Outcome, Report, Step, lines_of
from psf_monitor.domain.account import AccountMode
from psf_monitor.ui.base.held_keys import disable_meanwhile
from psf_monitor.ui.style.scroll_area import remove_menus
from psf_monitor.ui.style.theme import Theme, Tone

Start = Callable[[Collection[AccountMode], Report], Callable[[], None]]
"""Begins the test, reports each step as it ends, and returns a function that stops it."""

_TITLES = ("Connection", "Step", "Outcome", "Took", "What was found")
_TOOK, _FOUND = 3, 4
_TONES = {Outcome.OK: Tone.GAIN, Outcome.FAILED: Tone.ALARM, Outcome.NOT_REACHED: Tone.TEXT2}
_WIDTH, _HIGHEST = 860, 680
_CHROME, _ROW = 150, 26
"""The height in pixels of everything but steps, and of a step with one line."""
_RECORD = "Record the wires (View) and check again: then what was said can be read and handed over."
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class CheckDialog(QDialog):
    """Runs the test while it is open; closing it stops pending steps.

    ``is_recorded`` says whether the wires are being recorded, so that the traffic can be read.
    """

    def __init__(
        self,
        modes: Collection[AccountMode],
        start: Start,
        parent: QWidget,
        theme: Theme,
        is_recorded: Callable[[], bool],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.setWindowTitle(_title_of(modes))
        self._modes = modes
        self._start = start
        self._is_recorded = is_recorded
        self._theme = theme
        self._all = sum(len(STEPS[mode]) for mode in modes)
        self._steps: list[Step] = []
        self._stop: Callable[[], None] = lambda: None
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.summary.setAccessibleDescription("How it ended")
        self.table = self._make_table()
        self.again = QPushButton("&Again")
        self.copy = QPushButton("&Copy")
        self.close_button = QPushButton("Close")
        self.again.clicked.connect(self._begin)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text()))
        self.close_button.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.again, self.copy, self.close_button):
            button.setFixedHeight(22)
            button.setMinimumWidth(72)
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.addWidget(self.summary)
        layout.addWidget(self.table)
        layout.addLayout(buttons)
        self.close_button.setDefault(True)
        self.close_button.setFocus()
        self.resize(_WIDTH, min(_CHROME + _ROW * (self._all + 2), _HIGHEST))
        self._begin()
        self.finished.connect(lambda _result: self._stop())

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, len(_TITLES))
        remove_menus(table)
        table.setHorizontalHeaderLabels(_TITLES)
        took = QTableWidgetItem(_TITLES[_TOOK])
        took.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        table.setHorizontalHeaderItem(_TOOK, took)
        table.setAccessibleName("Steps")
        table.setShowGrid(False)
        table.setWordWrap(True)
        # Tab moves on to the buttons instead of from step to step.
        table.setTabKeyNavigation(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_FOUND, QHeaderView.ResizeMode.Stretch)
        return table

    def _begin(self) -> None:
        """Begin all steps again; pending ones are given up."""
        self._stop()
        self._steps.clear()
        self.table.setRowCount(0)
        self.summary.setText("Trying…")
        self._enable_again = disable_meanwhile(self.again)
        self._stop = self._start(self._modes, self.show_step)

    def show_step(self, step: Step) -> None:
        """Show a finished step in its place among those of its connection."""
        order = list(self._modes)
        places = [(order.index(each.target), STEPS[each.target].index(each.name)) for each in self._steps]
        row = bisect(places, (order.index(step.target), STEPS[step.target].index(step.name)))
        self._steps.insert(row, step)
        self.table.insertRow(row)
        took = "" if step.took_ms is None else f"{step.took_ms:,.0f} ms"
        found = step.explanation or step.result
        for column, text in enumerate((step.target.link_name, step.name, step.outcome, took, found)):
            self.table.setItem(row, column, self._cell(column, text, step.outcome))
        if len(self._steps) == self._all:
            self.summary.setText(self._ending())
            self._enable_again()
        self._show_failure()

    def _ending(self) -> str:
        sentence = summary_of(self._steps)
        has_failed = any(step.outcome is Outcome.FAILED for step in self._steps)
        return f"{sentence} {_RECORD}" if has_failed and not self._is_recorded() else sentence

    def _show_failure(self) -> None:
        """Scroll to the first step that failed, if any."""
        failed = (row for row, step in enumerate(self._steps) if step.outcome is Outcome.FAILED)
        row = next(failed, None)
        if row is not None:
            self.table.scrollTo(self.table.model().index(row, _FOUND))

    def _cell(self, column: int, text: str, outcome: Outcome) -> QTableWidgetItem:
        item = QTableWidgetItem(text)
        top = Qt.AlignmentFlag.AlignTop
        item.setTextAlignment(
            (Qt.AlignmentFlag.AlignRight if column == _TOOK else Qt.AlignmentFlag.AlignLeft) | top
        )
        if text == outcome:
            item.setForeground(self._theme.colour(_TONES[outcome]))
            item.setFont(self._theme.font(12, bold=outcome is Outcome.FAILED))
        elif outcome is Outcome.NOT_REACHED:
            item.setForeground(self._theme.colour(Tone.TEXT2))
        return item

    def text(self) -> str:
        """Return the text for Copy: as ``psf-monitor check`` prints it, account numbers masked."""
        lines = [line for step in self._steps for line in lines_of(step)]
        return "\n".join([*lines, self.summary.text()])


def _title_of(modes: Collection[AccountMode]) -> str:
    """Return what is tested: one connection, by its name, or all."""
    names = [mode.link_name for mode in modes]
    return f"Test {names[0]}" if len(names) == 1 else "Check connections"


def summary_of(steps: Collection[Step]) -> str:
    """Return the result of the test as a sentence; a step that was never tried has not failed."""
    failed = sum(step.outcome is Outcome.FAILED for step in steps)
    missed = sum(step.outcome is Outcome.NOT_REACHED for step in steps)
    if not failed and not missed:
        return "Everything is ok."
    sentence = f"{_number(failed)} failed"
    if missed:
        sentence += f", {_number(missed)} {'was' if missed == 1 else 'were'} not reached"
    return f"{sentence[0].upper()}{sentence[1:]}."


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)
