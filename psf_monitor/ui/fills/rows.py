"""The rows of the fills tab: an execution, and the total of one share's executions in one account."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from psf_monitor import formatting
from psf_monitor.domain.account import AccountMode, is_paper
from psf_monitor.domain.fills.fill import Fill, FillKey, is_of_later_day
from psf_monitor.domain.fills.fill_totals import FillTotal, FillTotals
from psf_monitor.ui.table.columns import OfThePast

FIRST_REVISION = 1
"""TWS numbers the revisions of an execution from here; 0 means not numbered."""


class FillRow(Struct, OfThePast, frozen=True):
    """One execution. Being in the past, nothing of it is ever frozen or stale.

    ``is_excluded``: its login is of an unexpected kind. ``is_later``: its day has not begun, and it is in no
    sum.
    """

    fill: Fill
    is_excluded: bool = False
    is_later: bool = False

    @classmethod
    def of(cls, fill: Fill, expects_paper: Mapping[AccountMode, bool], now: datetime) -> "FillRow":
        """Return the row of an execution as of ``now``; ``expects_paper`` is by login."""
        expected = expects_paper.get(fill.mode)
        is_excluded = expected is not None and is_paper(fill.account) is not expected
        return cls(fill, is_excluded, is_of_later_day(fill, now))

    @property
    def key(self) -> FillKey:
        return self.fill.key

    @property
    def mode(self) -> AccountMode:
        return self.fill.mode

    @property
    def account(self) -> str:
        return self.fill.account

    @property
    def symbol(self) -> str:
        return self.fill.instrument.symbol

    @property
    def con_id(self) -> int:
        return self.fill.instrument.con_id

    def plainly(self, amount: float | None) -> float | str | None:
        """Return an amount for a spreadsheet, with its currency's name if that is not the share's own."""
        return _plainly(amount, self.fill.commission_currency, self.fill.instrument.currency)

    @property
    def is_corrected(self) -> bool:
        """Whether the broker has sent this execution again with other content."""
        return self.fill.revision > FIRST_REVISION


class FillTotalRow(Struct, OfThePast, frozen=True):
    """What one account, of profile ``mode``, traded in one share on one day."""

    total: FillTotal
    mode: AccountMode
    is_excluded: bool = False

    @property
    def key(self) -> tuple[str, tuple[int, str]]:
        return self.total.account, self.total.instrument.identity

    @property
    def account(self) -> str:
        return self.total.account

    @property
    def symbol(self) -> str:
        return self.total.symbol

    @property
    def con_id(self) -> int:
        return self.total.instrument.con_id

    def plainly(self, amount: float | None) -> float | str | None:
        """Do the same as for an execution."""
        return _plainly(amount, self.total.currency, self.total.instrument.currency)


def _plainly(amount: float | None, currency: str | None, own: str) -> float | str | None:
    if amount is None or not currency or currency == own:
        return amount
    return f"{formatting.calculated_cell(amount)} {currency}"


class TotalRows:
    """Adds up executions in batches."""

    def __init__(self) -> None:
        self._totals = FillTotals()
        self._last: dict[str, FillRow] = {}

    def add(self, rows: Sequence[FillRow]) -> None:
        """Add these rows, except those of a day that has not begun."""
        self._totals.add(row.fill for row in rows if not row.is_later)
        for row in rows:
            last = self._last.get(row.account)
            if last is None or row.key >= last.key:
                self._last[row.account] = row

    def result(self) -> list[FillTotalRow]:
        """Return the totals; an account belongs to the profile that reported it last."""
        return [
            FillTotalRow(each, self._last[each.account].mode, self._last[each.account].is_excluded)
            for each in self._totals.result()
        ]
