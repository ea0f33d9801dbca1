"""The page of a position's history in each login, from the journal."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import partial
from math import fsum

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from psf_monitor import formatting
from psf_monitor.book.sums.totals import counted_modes
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.position_history import (
    HeldNow,
    HistoryEvent,
    HistoryRow,
    RecordedShare,
    position_history,
)
from psf_monitor.domain.market_hours import new_york
from psf_monitor.formatting import hidden
from psf_monitor.ui.base.context import WindowContext
from psf_monitor.ui.base.journal_port import Stop
from psf_monitor.ui.base.tab_order import reach_by_keys
from psf_monitor.ui.style.label import Label
from psf_monitor.ui.style.painted_text import LEFT, RIGHT
from psf_monitor.ui.style.styled_text import StyledText
from psf_monitor.ui.style.theme import Theme, Tone
from psf_monitor.ui.symbol.history_chart import MARKS, HistoryChart
from psf_monitor.ui.symbol.share_view import Share, ShareView
from psf_monitor.ui.symbol.small_table import SmallTable, scrolling_table

_COLUMNS = (
    ("Day", 76, LEFT),
    ("Acct", 38, LEFT),
    ("What", 88, LEFT),
    ("Qty", 56, RIGHT),
    ("Price", 66, RIGHT),
    ("Held after", 70, RIGHT),
    ("Avg px", 68, RIGHT),
    ("Realized", 70, RIGHT),
    ("Held", 46, RIGHT),
    ("Fills", 40, RIGHT),
)
_CALCULATED = 2
"""The last columns are not in the journal as they stand."""
_ALL = "All"
_PART_OF_TABLE, _PART_OF_ALERTS = 3, 2
_PICTURE_FROM = 400
"""From this height on there is room for the chart beside both tables."""
_MARKS = MARKS | {HistoryEvent.NOT_WATCHED: "╱", HistoryEvent.HELD_BEFORE: "·"}


class HistoryPage(QWidget):
    """Queries the journal when it comes to the front, and again after a fill or a change of quantity."""

    def __init__(self, context: WindowContext, share: Share) -> None:
        super().__init__()
        self._context = context
        self._share = share
        self._requested: object = None
        self._recorded: RecordedShare | None = None
        self._problem = ""
        self._stop: Stop | None = None
        self._chosen: AccountMode | None = None
        self._shown: tuple[ShareView, bool] | None = None
        self.switch = AccountSwitch(context.theme)
        """Chooses whose history is shown; the window places it beside the tabs."""
        self.switch.chosen.connect(self.choose_account)
        self.message = Label(context.theme, pixels=11)
        self.picture = HistoryChart(context.theme)
        self.table = SmallTable(context.theme, "History", _COLUMNS)
        self._places = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.message)
        layout.addWidget(self.picture)
        layout.addWidget(scrolling_table(self.table), _PART_OF_TABLE)

    def place_alerts(self, panel: QWidget) -> None:
        """Place the share's alerts at the bottom, once."""
        if panel.parentWidget() is not self:
            self._places.addWidget(panel, _PART_OF_ALERTS)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self.picture.setVisible(event.size().height() >= _PICTURE_FROM)

    def set_view(self, view: ShareView, *, hides: bool) -> None:
        """Show this moment; ``hides`` hides quantities and money."""
        self._shown = (view, hides)
        if not self._context.service.record.is_recording:
            self.message.set_text("No journal is kept, so nothing is known of the days before.")
            return
        held = [HeldNow(row.mode, row.account, row.quantity, row.average_price) for row in view.positions]
        wanted = ([(each.mode, each.account, each.quantity) for each in held], view.fills)
        if self._requested != wanted:
            self._requested = wanted
            self._request()
        if self._recorded is None:
            self.message.set_text(self._problem or "The journal is asked.")
            return
        today = new_york(view.now).date()
        every = position_history(self._recorded, held, today)
        modes = [mode for mode in AccountMode if any(row.mode is mode for row in every)]
        if self._chosen not in modes:
            self._chosen = None
        self.switch.offer(modes, self._chosen)
        rows = [row for row in every if self._chosen in (None, row.mode)]
        closes = tuple(each for each in self._recorded.closes if self._chosen in (None, each.mode))
        self.table.set_bands(bands_of(rows, self._recorded.since))
        stale = {row.mode: row.stale_since for row in view.positions if row.stale_since is not None}
        shown = history_rows(rows, hides=hides)
        self.table.set_rows(shown, unwatched(rows), total=history_total(rows, stale, hides=hides))
        self.picture.show_closes(closes, rows, hides=hides)
        as_of = {mode: formatting.moment(since, view.now) for mode, since in stale.items()}
        self.message.set_text(self._problem or sentence_of(rows, today, as_of))

    def choose_account(self, mode: AccountMode | None) -> None:
        """Show the history of this account's position alone; ``None`` for all of them."""
        self._chosen = mode
        if self._shown is not None:
            view, hides = self._shown
            self.set_view(view, hides=hides)

    def stop(self) -> None:
        """Cancel a pending query."""
        if self._stop is not None:
            self._stop()

    def _request(self) -> None:
        self.stop()
        share = self._share
        self._stop = self._context.service.record.request(
            lambda journal: journal.share(share.con_id, share.symbol), self._on_answer, self._on_failed
        )

    def _on_answer(self, recorded: RecordedShare) -> None:
        self._recorded, self._problem = recorded, ""

    def _on_failed(self, why: str) -> None:
        self._problem = why


class AccountSwitch(QWidget):
    """A switch between all accounts and each one with a row."""

    chosen = Signal(object)
    """The chosen ``AccountMode``, or ``None`` for all."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._group = QButtonGroup(self)
        self._buttons: dict[AccountMode | None, QPushButton] = {}
        for mode in (None, *AccountMode):
            text = _ALL if mode is None else mode.abbreviation
            self._buttons[mode] = button = QPushButton(text)
            button.setProperty("look", "segment")
            button.setCheckable(True)
            button.setFixedSize(theme.metrics(11, bold=True).horizontalAdvance(text) + 22, 19)
            name = f"History in {'all accounts' if mode is None else mode.value}"
            button.setAccessibleName(name)
            button.setToolTip(name)
            button.clicked.connect(partial(self._on_clicked, mode))
            self._group.addButton(button)
            row.addWidget(button)
        reach_by_keys(self._buttons.values())
        self.modes: Sequence[AccountMode] | None = None

    def offer(self, modes: Sequence[AccountMode], chosen: AccountMode | None) -> None:
        """Offer these accounts from now on, nothing if there is only one; ``chosen`` is pressed."""
        if modes != self.modes:
            self.modes = modes
            for mode, button in self._buttons.items():
                button.setVisible(len(modes) > 1 and (mode is None or mode in modes))
        self._buttons[chosen].setChecked(True)

    def _on_clicked(self, mode: AccountMode | None, _is_checked: bool = True) -> None:
        self.chosen.emit(mode)


def bands_of(rows: Sequence[HistoryRow], since: date | None) -> list[tuple[str, int]]:
    """Return which brokers' figures the journal kept, since when, and which columns are calculated."""
    brokers = " AND ".join(sorted({row.mode.broker for row in rows}, reverse=True))
    journal = "JOURNAL" if since is None else f"JOURNAL SINCE {since}"
    whose = "  ·  ".join(filter(None, (brokers, journal)))
    return [(whose, len(_COLUMNS) - _CALCULATED), ("CALCULATED", _CALCULATED)]


def history_rows(rows: Sequence[HistoryRow], *, hides: bool) -> list[list[StyledText]]:
    """Return the rows as text, newest first."""
    found = []
    for row in rows:
        is_gap = row.event is HistoryEvent.NOT_WATCHED
        tone = Tone.WARN if is_gap else Tone.TEXT
        unknown = "not known" if is_gap else formatting.DASH
        gain = row.realized_pnl
        gained = Tone.TEXT2 if not gain else Tone.GAIN if gain > 0 else Tone.LOSS
        moved = formatting.signed_quantity(row.quantity)
        found.append(
            [
                StyledText(row.day.isoformat(), tone),
                StyledText(row.mode.abbreviation, tone),
                StyledText(
                    f"{_MARKS[row.event]} {row.event}", tone, is_bold=row.event is HistoryEvent.OPENED
                ),
                StyledText(hidden(moved, hides), tone),
                StyledText(unknown if row.price is None else formatting.average_price(row.price), tone),
                StyledText(hidden(formatting.quantity(row.held), hides), tone),
                StyledText(formatting.average_price(row.average_price), tone),
                StyledText(
                    unknown if gain is None else hidden(formatting.signed_cents(gain), hides),
                    gained,
                ),
                StyledText(formatting.DASH if row.days_held is None else f"{row.days_held} d", Tone.TEXT2),
                StyledText(str(row.fills) if row.fills else formatting.DASH, Tone.TEXT2),
            ]
        )
    return found


def history_total(
    rows: Sequence[HistoryRow], stale: Collection[AccountMode] = (), *, hides: bool
) -> list[StyledText]:
    """Return the current quantity and average, and the realized P&L: of IBKR's logins, or of HAMMER's own
    alone.

    An average over longs and shorts is meaningless, and one with an unknown part is unknown. Both are old if
    the broker's part in one of them is, in the accounts of ``stale``.
    """
    modes = counted_modes(row.mode for row in rows)
    counted = [row for row in rows if row.mode in modes]
    if not counted:
        return []
    latest = {(row.mode, row.account): row for row in reversed(counted)}.values()
    held = [row.held for row in latest if row.held is not None]
    whole = fsum(held) if len(held) == len(latest) else None
    gains = [row.realized_pnl for row in counted if row.realized_pnl is not None]
    gain = fsum(gains) if gains else None
    tone = Tone.TEXT if not gain else Tone.GAIN if gain > 0 else Tone.LOSS

    is_old = any(row.mode in stale for row in latest)

    def figure(
        text: str, *, is_mine: bool = True, tone: Tone = Tone.TEXT, is_old: bool = False
    ) -> StyledText:
        return StyledText(hidden(text, hides and is_mine), tone, is_bold=True, is_old=is_old)

    return [
        figure("Sum", is_mine=False),
        *[StyledText("")] * 4,
        figure(formatting.quantity(whole), is_old=is_old),
        figure(formatting.average_price(_average(list(latest))), is_mine=False, is_old=is_old),
        figure(formatting.signed_cents(gain), tone=tone),
        StyledText(""),
        figure(str(sum(row.fills for row in counted)), is_mine=False),
    ]


def _average(latest: Sequence[HistoryRow]) -> float | None:
    if any(row.held is None for row in latest):
        return None
    parts = [(row.held, row.average_price) for row in latest if row.held]
    known = [(held, average) for held, average in parts if average is not None]
    if not parts or len(known) < len(parts) or len({held > 0 for held, _ in known}) > 1:
        return None
    return fsum(held * average for held, average in known) / fsum(held for held, _ in known)


def unwatched(rows: Sequence[HistoryRow]) -> str:
    """Return how often a change was not watched."""
    unseen = sum(row.event is HistoryEvent.NOT_WATCHED for row in rows)
    return formatting.counted(unseen, "change") + " not watched" if unseen else ""


def sentence_of(rows: Sequence[HistoryRow], today: date, as_of: Mapping[AccountMode, str]) -> str:
    """Return since when each login has held it; ``as_of`` is the time of those that are not current."""
    parts = []
    for mode in sorted({row.mode for row in rows}, key=list(AccountMode).index):
        latest = next(row for row in rows if row.mode is mode)
        if not latest.held:
            continue
        opened = next((row for row in rows if row.mode is mode and row.event is HistoryEvent.OPENED), None)
        old = f", as of {as_of[mode]}" if mode in as_of else ""
        if opened is None:
            parts.append(f"{mode.abbreviation} held before the journal began{old}")
        else:
            held_for = f"{(today - opened.day).days} days"
            parts.append(f"{mode.abbreviation} open since {opened.day}, {held_for}{old}")
    if rows:
        return "  ·  ".join(parts) or "Nobody holds it now."
    return "The journal has nothing of this share."
