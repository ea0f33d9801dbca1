"""The page of the depth: the ladder, time and sales, and below them own orders and today's fills."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from psf_monitor import formatting
from psf_monitor.domain.depth import DepthState
from psf_monitor.ui.base.tab_order import reach_by_keys
from psf_monitor.ui.style.label import Label
from psf_monitor.ui.style.painted_text import LEFT, RIGHT
from psf_monitor.ui.style.theme import Theme
from psf_monitor.ui.symbol import share_text
from psf_monitor.ui.symbol.day_chart import DayChart
from psf_monitor.ui.symbol.ladder import Ladder
from psf_monitor.ui.symbol.ladder_lines import LadderLine, explained
from psf_monitor.ui.symbol.share_view import ShareView
from psf_monitor.ui.symbol.small_table import ROW, SmallTable, scrolling_table
from psf_monitor.ui.symbol.time_and_sales import TimeAndSales

BOTH_FROM = 600
"""From this height on there is room for the orders and the chart of the day."""
SENTENCES_FROM = 420
"""From this height on the fills get the room for some of them and what their day P&L does not know."""
_FEW_FILLS = 9 * ROW
MOST_OF_FILLS = 0.62
"""The most of the width for the fills beside the chart of the day; figures take precedence."""
_ORDERS = (
    ("Acct", 36, LEFT),
    ("Side", 38, LEFT),
    ("Left", 48, RIGHT),
    ("Limit", 50, RIGHT),
    ("Ahead ≤", 54, RIGHT),
    ("Place", 96, LEFT),
)
_FILLS = (
    ("Time ET", 52, LEFT),
    ("Acct", 32, LEFT),
    ("Side", 36, LEFT),
    ("Qty", 44, RIGHT),
    ("Price", 46, RIGHT),
    ("Comm", 40, RIGHT),
    ("Realized", 56, RIGHT),
)


class DepthPage(QWidget):
    """Shows successive views; what has not changed is not repainted."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._hides, self._as_of = False, ""
        self._explained: LadderLine | None = None
        self.ladder = Ladder(theme)
        self.time_and_sales = TimeAndSales(theme)
        self.explaining = Label(theme, pixels=11)
        self.orders = SmallTable(theme, "My orders", _ORDERS)
        self.fills = SmallTable(theme, "Fills today", _FILLS)
        self.picture = DayChart(theme)
        self.ladder.line_changed.connect(self.explain)
        middle = QHBoxLayout()
        middle.setSpacing(6)
        middle.addWidget(self.ladder, 1)
        middle.addWidget(self.time_and_sales)
        lower = QHBoxLayout()
        lower.setSpacing(8)
        lower.addLayout(self._left(), 1)
        self._scrolled_fills = scrolling_table(self.fills)
        lower.addWidget(self._scrolled_fills, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(middle, 1)
        layout.addWidget(self.explaining)
        layout.addLayout(lower)

    def _left(self) -> QVBoxLayout:
        """Create the orders above the chart of the day: both if there is room, else the chosen one."""
        left = QVBoxLayout()
        left.setSpacing(3)
        self.orders_wanted = QPushButton("My orders")
        self.orders_wanted.setCheckable(True)
        self.orders_wanted.setFixedHeight(17)
        self.orders_wanted.setProperty("look", "menu")
        reach_by_keys([self.orders_wanted])
        self.orders_wanted.clicked.connect(self._share_room)
        left.addWidget(self.orders_wanted, 0, Qt.AlignmentFlag.AlignLeft)
        self._scrolled_orders = scrolling_table(self.orders)
        left.addWidget(self._scrolled_orders, 1)
        left.addWidget(self.picture, 1)
        return left

    def _share_room(self, _is_checked: bool = True) -> None:
        least = _FEW_FILLS if self.height() >= SENTENCES_FROM else 3 * ROW
        if self._scrolled_fills.minimumHeight() != least:
            self._scrolled_fills.setMinimumHeight(least)
        has_room = self.height() >= BOTH_FROM
        self.orders_wanted.setVisible(not has_room)
        text = "The day" if self.orders_wanted.isChecked() else f"My orders {len(self.orders.rows):,}"
        self.orders_wanted.setText(text)
        self.orders_wanted.setToolTip(f"Show {text[0].lower()}{text[1:]} here; a taller window has both")
        self._scrolled_orders.setVisible(has_room or self.orders_wanted.isChecked())
        self.picture.setVisible(has_room or not self.orders_wanted.isChecked())

    def set_view(self, view: ShareView, *, hides: bool) -> None:
        """Show this moment; ``hides`` hides the trader's own figures."""
        self._hides, self._as_of = hides, _as_of(view)
        title = (formatting.DASH, "", "")
        if view.grpan is not None:
            title = (formatting.price(view.grpan.price), f"{view.grpan.concentration:.0f}%", " in ±0.04")
        self.ladder.show_lines(
            view.lines,
            view.band,
            view.report.state,
            is_old=view.is_old,
            are_values_hidden=hides,
            grpan_title=title,
        )
        self.time_and_sales.show_prints(view.prints, view.now, _frozen(view))
        self.orders.set_rows(share_text.order_rows(view, hides=hides), _counted(len(view.orders), "order"))
        fills = share_text.fill_rows(view, hides=hides)
        sentences = share_text.fill_sentences(view, hides=hides)
        total = share_text.fill_total(view, hides=hides)
        shorter = share_text.fill_sentences(view, hides=hides, in_short=True)
        self.fills.set_rows(fills, _counted(len(fills), "fill"), sentences, total, shorter)
        bar = self._scrolled_fills.verticalScrollBar().sizeHint().width()
        widest = int(self.width() * MOST_OF_FILLS)
        self._scrolled_fills.setMinimumWidth(min(self.fills.needed_width + bar, widest))
        self.picture.set_view(view)
        self._share_room()
        self.explain()

    def explain(self) -> None:
        """Describe the line under the mouse, or the selected one."""
        line = self.ladder.explained
        text = self._as_of + explained(line, are_values_hidden=self._hides) if line else ""
        self.explaining.set_text(text)
        self.explaining.setToolTip(text)
        before, self._explained = self._explained, line
        if line is not None and (before is None or before.price != line.price) and self.ladder.hasFocus():
            self.ladder.announce(text)


def _as_of(view: ShareView) -> str:
    """Return the time of a depth that is no longer current."""
    since = view.report.since if view.report.state is DepthState.STALE else view.frozen_since
    return f"As of {formatting.moment(since, view.now)}: " if view.is_old and since is not None else ""


def _frozen(view: ShareView) -> str:
    if not view.is_old or view.frozen_since is None:
        return ""
    return f"nothing since {formatting.moment(view.frozen_since, view.now)}"


def _counted(number: int, thing: str) -> str:
    return formatting.counted(number, thing) if number else f"no {thing}"
