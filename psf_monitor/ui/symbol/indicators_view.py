"""The last prints of one share, and every window of the indicators over them."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from psf_monitor import formatting
from psf_monitor.book.book import Book
from psf_monitor.domain.indicators import Indicators, Window, deviation
from psf_monitor.domain.quote import Print
from psf_monitor.ui.style.theme import Theme

MOST_PRINTS = 20
"""How many prints are listed, newest first; the indicators use all recorded ones."""

_WINDOW_TITLES = (
    "Window",
    "GRPAN",
    "Conc.",
    "Dev.",
    "Shift",
    "Prints",
    "RWVAP",
    "Dev.",
    "Prints",
    "Left out",
)
_PRINT_TITLES = ("Time ET", "Price", "Size", "Venue")

Line = tuple[str, ...]


def print_lines(prints: Sequence[Print], now: datetime) -> list[Line]:
    """Return the latest prints, newest first: time in New York, price, shares, venue."""
    latest = prints[-MOST_PRINTS:][::-1]
    return [
        (
            formatting.moment(each.at, now),
            formatting.price(each.price),
            formatting.quantity(each.size),
            each.venue,
        )
        for each in latest
    ]


def window_lines(found: Indicators, last: float | None) -> list[Line]:
    """Return a line for each window. Deviations are ``last`` less the indicator, shifts are relative to the
    line above.

    Empty texts: the indicator has no such window. A dash: there are not enough prints in it.
    """
    lines = []
    above: float | None = None
    for window in Window:
        line: Line = (window.value,)
        if window not in found.grpan:
            line += ("",) * 5
        elif (grpan := found.grpan[window]) is None:
            line += (formatting.DASH,) * 5
            above = None
        else:
            line += (
                formatting.price(grpan.price),
                formatting.share(grpan.concentration),
                formatting.change(deviation(last, grpan.price)),
                formatting.change(deviation(grpan.price, above)),
                str(grpan.prints),
            )
            above = grpan.price
        if window not in found.rwvap:
            line += ("",) * 4
        elif (rwvap := found.rwvap[window]) is None:
            line += (formatting.DASH,) * 4
        else:
            away = formatting.deviation(deviation(last, rwvap.price))
            line += (formatting.average_price(rwvap.price), away, str(rwvap.prints), str(rwvap.left_out))
        lines.append(line)
    return lines


class PrintsView(QWidget):
    """Two small tables, each column one label. Print sizes are public, so hiding values keeps them."""

    def __init__(self, book: Book, theme: Theme) -> None:
        super().__init__()
        self._book = book
        self.message = QLabel()
        self.message.setProperty("look", "hint")
        self.message.setWordWrap(True)
        self.windows = _Columns(theme, _WINDOW_TITLES)
        self.prints = _Columns(theme, _PRINT_TITLES)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(5, 4, 5, 0)
        for title, columns in (("GRPAN AND RWVAP", self.windows), ("LAST PRINTS", self.prints)):
            heading = QLabel(title)
            heading.setProperty("look", "band")
            layout.addWidget(heading)
            layout.addLayout(columns)
            layout.addSpacing(8)
        layout.addWidget(self.message)
        layout.addStretch(1)

    def refresh(self, symbol: str, last: float | None, now: datetime) -> None:
        """Show what is known of ``symbol`` now; ``last`` is the price shown for it."""
        prints, found = self._book.trades.prints(symbol), self._book.indicators(symbol)
        self.prints.set_lines(print_lines(prints, now))
        self.windows.set_lines([] if found is None else window_lines(found, last))
        self.message.setText(self._remark(prints, found, now))

    def _remark(self, prints: Sequence[Print], found: Indicators | None, now: datetime) -> str:
        if found is None:
            return "HAMMER has reported no print."
        parts = []
        frozen = self._book.prices.frozen_since
        if frozen is not None:
            parts.append(f"Old: HAMMER has reported nothing since {formatting.moment(frozen, now)} ET.")
        if len(prints) > MOST_PRINTS:
            parts.append(f"The last {MOST_PRINTS} of {len(prints)} prints are listed.")
        if found.until != found.at:
            end = formatting.moment(found.until, now)
            parts.append(f"Outside the session windows end with the last print, at {end} ET.")
        if found.since is not None:
            since = formatting.moment(found.since, now)
            parts.append(
                f"The oldest print counted is of {since} ET: a window that begins earlier has no more."
            )
        return " ".join(parts)


class _Columns(QGridLayout):
    """Columns of text under their titles: the outer ones left-aligned, figures right-aligned."""

    def __init__(self, theme: Theme, titles: Sequence[str]) -> None:
        super().__init__()
        self.setHorizontalSpacing(12)
        self.setVerticalSpacing(2)
        self.lines: list[Line] = []
        self._titles = titles
        self._labels: list[QLabel] = []
        for place, title in enumerate(titles):
            is_text = title in ("Window", "Venue", "Time ET")
            side = Qt.AlignmentFlag.AlignLeft if is_text else Qt.AlignmentFlag.AlignRight
            head, label = QLabel(title), QLabel()
            head.setProperty("look", "hint")
            label.setFont(theme.font())
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            for row, each in enumerate((head, label)):
                each.setAlignment(side | Qt.AlignmentFlag.AlignTop)
                self.addWidget(each, row, place)
            self._labels.append(label)
        self.setColumnStretch(len(titles), 1)
        self._name_columns()

    def set_lines(self, lines: list[Line]) -> None:
        if lines == self.lines:
            return
        self.lines = lines
        for place, label in enumerate(self._labels):
            label.setText("\n".join(line[place] for line in lines))
        self._name_columns()

    def _name_columns(self) -> None:
        """Name each column and its figures for a screen reader."""
        for place, (title, label) in enumerate(zip(self._titles, self._labels, strict=True)):
            figures = ", ".join(filter(None, (line[place] for line in self.lines)))
            label.setAccessibleName(f"{title}: {figures}" if figures else title)
