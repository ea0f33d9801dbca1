"""The realized gains of one account and year, as the broker calculated them, and what is missing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtWidgets import QLabel, QWidget

from psf_monitor import formatting
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.gains import METHOD, GainRow, Gains
from psf_monitor.domain.market_hours import new_york
from psf_monitor.ui.base.journal_port import JournalPort
from psf_monitor.ui.journal.form import RecordForm, shortened
from psf_monitor.ui.style.combo_box import ComboBox
from psf_monitor.ui.style.sign_tone import HALF_CENT, signed_tone
from psf_monitor.ui.style.theme import Theme, Tone
from psf_monitor.ui.table.columns import (
    Band,
    Head,
    OfThePast,
    Table,
    account_band,
    always,
    figure,
    optional,
    secondary,
    sensitive,
    text_column,
)
from psf_monitor.ui.table.empty_state import Emptiness
from psf_monitor.ui.table.frame import TotalFigures
from psf_monitor.ui.table.panel import TablePanel

_YEARS = 7
"""How many years are offered, ending with this one."""


@dataclass(frozen=True, slots=True)
class GainLine(OfThePast):
    """A row of the table; being in the past, it does not become old."""

    place: int
    gain: GainRow
    mode: AccountMode

    @property
    def key(self) -> int:
        return self.place

    @property
    def symbol(self) -> str:
        return self.gain.symbol


def _tone(line: GainLine, _now: datetime) -> Tone:
    return signed_tone(line.gain.gain, HALF_CENT, Tone.TEXT)


_I, _C = Band.IBKR, Band.CALCULATED

GAINS: Table[GainLine] = Table(
    "Realized gains",
    (
        text_column(Head("day", "Date", _I, 80), lambda r: r.gain.day.isoformat()),
        text_column(Head("symbol", "Symbol", _I, 90), lambda r: r.symbol, bold=always),
        text_column(Head("action", "Action", _I, 56), lambda r: r.gain.action),
        sensitive(figure(Head("quantity", "Qty", _I, 66), lambda r: r.gain.quantity, formatting.quantity)),
        sensitive(
            figure(
                Head("cost_basis", "Cost basis", _C, 100),
                lambda r: r.gain.cost_basis,
                formatting.rounded_cents,
            )
        ),
        sensitive(
            figure(
                Head("proceeds", "Proceeds", _C, 100),
                lambda r: r.gain.proceeds,
                formatting.rounded_cents,
            )
        ),
        sensitive(
            figure(
                Head("gain", "Gain", _I, 96),
                lambda r: r.gain.gain,
                formatting.signed_cents,
                _tone,
                bold=always,
            )
        ),
        text_column(Head("currency", "Currency", _I, 62), lambda r: r.gain.currency, secondary),
        optional(
            text_column(Head("broker_id", "Execution id", _I, 170), lambda r: r.gain.broker_id, secondary)
        ),
    ),
    sort_key="day",
    order=lambda r: (r.place,),
    holds=("day", "symbol"),
)


class GainsDialog(RecordForm):
    """Account, year, table with its sums, and sentences about what is missing."""

    def __init__(
        self,
        record: JournalPort,
        theme: Theme,
        clock: Callable[[], datetime],
        parent: QWidget,
        *,
        hides: bool,
    ) -> None:
        super().__init__(record, "Realized gains", parent)
        self.resize(860, 560)
        self._clock = clock
        self._are_values_hidden = hides
        self.gains: Gains | None = None
        self._modes: dict[str, AccountMode] = {}
        this_year = new_york(clock()).year
        self.year = ComboBox()
        self.year.setAccessibleName("Year")
        self.year.addItems([str(this_year - back) for back in range(_YEARS)])
        self.form.addRow("Year", self.year)
        self.table: TablePanel[GainLine] = TablePanel(GAINS, theme, clock, has_total=True)
        self.table.remark.set_text("IBKR's own figures; no lots are chosen here")
        self.table.model.hide_values(hides)
        self.table.resize_rows()
        theme.changed.connect(self.table.resize_rows)
        self.layout_.addWidget(self.table, 1)
        self.missing = QLabel()
        self.missing.setWordWrap(True)
        self.missing.setAccessibleDescription("What is missing")
        self.layout_.addWidget(self.missing)
        method = QLabel(METHOD)
        method.setProperty("look", "hint")
        method.setWordWrap(True)
        self.layout_.addWidget(method)
        self.add_file_row(is_in_form=False)
        self.save.setEnabled(False)
        self.save.clicked.connect(self._on_save)
        self.account.currentIndexChanged.connect(self._on_chosen)
        self.year.currentIndexChanged.connect(self._on_chosen)
        self._explain("Reading the journal…")
        self.request(lambda journal: journal.accounts(), self._on_accounts, self._explain)

    def hide_values(self, is_wanted: bool) -> None:
        """Hide the quantities and amounts of money, or show them."""
        self._are_values_hidden = is_wanted
        self.table.model.hide_values(is_wanted)
        self._show_sums()

    def _on_accounts(self, accounts: Sequence[tuple[AccountMode, str]]) -> None:
        self._modes = {account: mode for mode, account in accounts}
        if accounts:
            self.show_accounts(accounts)
        else:
            self._explain("Nothing is recorded yet.")

    def _on_chosen(self) -> None:
        account, year, now = self.chosen_account(), int(self.year.currentText()), self._clock()
        if not account:
            return
        self.cancel_queries()
        self.gains = None
        self.save.setEnabled(False)
        self.request(lambda journal: journal.realized(account, year, now), self._on_gains, self._explain)

    def _on_gains(self, gains: Gains) -> None:
        self.gains = gains
        mode = self._modes[gains.account]
        lines = [GainLine(place, row, mode) for place, row in enumerate(gains.rows)]
        gone = {row.key: None for row in self.table.model.rows()}
        self.table.apply({**gone, **{line.key: line for line in lines}})
        self.table.count.set_text(f"{len(lines):,}")
        self.table.view.header.name_account(account_band({mode}))
        if not lines:
            self._explain(f"No realized gain of {gains.year} is recorded.")
        else:
            self.table.frame.empty.explain(None)
        lacks = ["Not in this table:", *shortened(gains.missing, "the file")] if gains.missing else []
        self.missing.setText("\n".join([*lacks, *gains.remarks]))
        self.propose(f"gains_{mode.short}_{gains.year}.csv")
        self.save.setEnabled(True)
        self.message.setText("")
        self._show_sums()

    def _show_sums(self) -> None:
        """Fill the total row; figures in several currencies are not added up."""
        row, gains = self.table.frame.total, self.gains
        if row is None or gains is None:
            return
        if len(gains.sums) != 1:
            named = formatting.listed([each.currency for each in gains.sums])
            row.show_figures(TotalFigures(f"{named} are not added together" if gains.sums else ""))
            return
        (total,) = gains.sums
        figures = {
            "cost_basis": (formatting.rounded_cents(total.cost_basis), Tone.TEXT),
            "proceeds": (formatting.rounded_cents(total.proceeds), Tone.TEXT),
            "gain": (formatting.signed_cents(total.gain), signed_tone(total.gain, HALF_CENT, Tone.TEXT)),
        }
        if self._are_values_hidden:
            figures = dict.fromkeys(figures, (formatting.HIDDEN, Tone.TEXT))
        lacks = "incomplete, see below" if gains.missing else ""
        row.show_figures(TotalFigures(lacks, figures=figures))

    def _explain(self, why: str) -> None:
        self.table.frame.empty.explain(Emptiness(why))

    def _on_save(self) -> None:
        path, gains = self.path(), self.gains
        if path is None or gains is None:
            return
        now, notation = self._clock(), self.chosen_notation()
        self.begin_writing()
        self.request(
            lambda journal: journal.export_gains(path, [gains.account], gains.year, now, notation),
            self.ended(path, "row", "the file"),
            self.failed,
        )
