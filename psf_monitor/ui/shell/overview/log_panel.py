"""The last lines of the log, inside the window."""

import logging
import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from psf_monitor.domain.account import AccountMode
from psf_monitor.ui.base.held_keys import Button
from psf_monitor.ui.shell.overview.log_tail import LogTail
from psf_monitor.ui.style.label import Fit, Label
from psf_monitor.ui.style.scroll_area import remove_menus
from psf_monitor.ui.style.theme import Theme

_FIGURE = re.compile(r"\d[\d.,]*")
_MASK = "•••"


class LogPanel(QWidget):
    """Shows the last lines of the log, newest at the bottom. ``refresh`` is called once a second."""

    def __init__(self, tail: LogTail, theme: Theme) -> None:
        super().__init__()
        self._tail = tail
        self._shown: tuple[int, bool, bool, AccountMode | None] | None = None
        self._only: AccountMode | None = None
        self._are_values_hidden = False
        title = Label(theme, pixels=13, bold=True, fit=Fit.WHOLE)
        title.set_text("Log")
        self.only_warnings = Button("Only warnings")
        self.only_warnings.setCheckable(True)
        self.only_warnings.setProperty("look", "menu")
        self.only_warnings.setFixedHeight(18)
        self.only_warnings.setToolTip("Leave out lines that are neither warnings nor errors")
        self.only_warnings.toggled.connect(self.refresh)
        self.every_line = Button()
        self.every_line.setProperty("look", "menu")
        self.every_line.setFixedHeight(18)
        self.every_line.setToolTip("Show the lines of everything again")
        self.every_line.clicked.connect(lambda: self.show_only(None))
        self.every_line.hide()
        self.lines = QPlainTextEdit()
        remove_menus(self.lines)
        self.lines.setReadOnly(True)
        self.lines.setAccessibleName("Log")
        self.lines.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.lines.setFont(theme.font(11))
        bar = QHBoxLayout()
        bar.setContentsMargins(4, 0, 2, 0)
        bar.addWidget(title)
        bar.addWidget(self.only_warnings)
        bar.addWidget(self.every_line)
        bar.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(bar)
        layout.addWidget(self.lines, 1)

    def hide_values(self, is_wanted: bool) -> None:
        """Hide every figure of a text: a log line does not distinguish prices from quantities."""
        self._are_values_hidden = is_wanted
        self.refresh()

    def show_only(self, mode: AccountMode | None) -> None:
        """Show the lines of one connection, or every line; the button says which."""
        self._only = mode
        self.every_line.setVisible(mode is not None)
        if mode is not None:
            self.every_line.setText(f"Only {mode.link_name}  ✕")
            self.every_line.setAccessibleName(f"Only {mode.link_name}; show every line again")
        self.refresh()

    def refresh(self) -> None:
        """Show new lines, if any."""
        state = (self._tail.count, self.only_warnings.isChecked(), self._are_values_hidden, self._only)
        if state == self._shown:
            return
        self._shown = state
        least = logging.WARNING if self.only_warnings.isChecked() else logging.NOTSET
        lines = [line for line in list(self._tail.lines) if line.level >= least]
        if self._only is not None:
            lines = [line for line in lines if line.link == self._only.link_name]
        shown = [
            line.head + (_covered(line.text) if self._are_values_hidden else line.text) for line in lines
        ]
        bar = self.lines.verticalScrollBar()
        was_at_end, before = bar.value() == bar.maximum(), bar.value()
        self.lines.setPlainText("\n".join(shown))
        bar.setValue(bar.maximum() if was_at_end else before)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Open it at the newest line."""
        super().showEvent(event)
        self.refresh()
        bar = self.lines.verticalScrollBar()
        bar.setValue(bar.maximum())

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(600, 140)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(200, 70)


def _covered(text: str) -> str:
    return _FIGURE.sub(_MASK, text)
