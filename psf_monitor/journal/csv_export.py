r"""Export the journal as CSV for spreadsheets: UTF-8, ``\r\n``, a title line, every number in full.

Numbers are written without thousands separators and exponents; unknown values are empty. A text that a
spreadsheet would take for a formula is preceded by an apostrophe.
"""

import io
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path

from psf_monitor.domain.fills.coverage import Coverage, day_before, gaps, unknown_outside_hours
from psf_monitor.domain.fills.fill import Fill, is_ahead
from psf_monitor.domain.fills.fill_totals import COMBINATION
from psf_monitor.domain.fills.gains import METHOD, Gains
from psf_monitor.domain.fills.journal_records import AccountRemark, RecordedFill
from psf_monitor.domain.market_hours import new_york
from psf_monitor.domain.orders.order import placing_client
from psf_monitor.files import save_csv, write_csv
from psf_monitor.formatting import DECIMAL_POINT, Notation, calculated_cell, number_cell, text_cell
from psf_monitor.journal.reader import Reader

FILL_TITLES = (
    "Trade date",
    "Date (New York)",
    "Time (New York)",
    "Time (UTC)",
    "Session",
    "Account",
    "Profile",
    "Symbol",
    "Kind",
    "Side",
    "Quantity",
    "Price",
    "Currency",
    "Multiplier",
    "Price unit",
    "Commission",
    "Commission currency",
    "Realized P&L",
    "Venue",
    "Order ID",
    "Perm ID",
    "Client ID",
    "HAMMER order ID",
    "Execution ID",
    "Source",
    "Note",
    "Liquidity",
    "Model",
)
GAIN_TITLES = (
    "Account",
    "Trade date",
    "Symbol",
    "Action",
    "Quantity",
    "Cost basis",
    "Proceeds",
    "Gain",
    "Currency",
    "Execution ID",
    "What is missing",
)
_FIGURES = frozenset(
    {
        "Quantity",
        "Price",
        "Multiplier",
        "Price unit",
        "Commission",
        "Realized P&L",
        "Cost basis",
        "Proceeds",
        "Gain",
    }
)
"""The titles over numbers."""


@dataclass(frozen=True, slots=True)
class Exported:
    """How many lines were written, and what may be missing in the requested days, account by account.

    ``remarks`` are about times that most accounts do not trade in, and that are not known.
    """

    lines: int
    missing: tuple[AccountRemark, ...]
    remarks: tuple[AccountRemark, ...] = ()


def export_fills(
    reader: Reader,
    file: Path | None,
    accounts: Collection[str],
    days: tuple[date, date],
    now: datetime,
    notation: Notation = DECIMAL_POINT,
) -> Exported:
    """Write the executions of these accounts, or of all, in the ``days`` from the first to the last, to
    ``file`` or, for ``None``, to stdout.

    Raises ``JournalError``, or the file's ``OSError``, which leaves the file as it was.
    """
    first, last = days
    undated = reader.undated(accounts)
    lines = reader.over_fills(
        accounts,
        first,
        last,
        lambda recorded: _write(file, FILL_TITLES, map(fill_line, chain(recorded, undated)), notation),
    )
    coverage = reader.coverage(accounts, day_before(first), last)
    named = _named(reader, accounts)
    missing = [*_by_account(gaps, named, coverage, days, now), *_undated(undated)]
    return Exported(
        lines, tuple(missing), tuple(_by_account(unknown_outside_hours, named, coverage, days, now))
    )


def export_gains(
    reader: Reader,
    file: Path | None,
    accounts: Collection[str],
    year: int,
    now: datetime,
    notation: Notation = DECIMAL_POINT,
) -> Exported:
    """Write the realized gains of a year, likewise; lines in the file name what is missing."""
    tables = [reader.realized(account, year, now) for account in _named(reader, accounts)]
    _write(file, GAIN_TITLES, chain.from_iterable(map(gain_lines, tables)), notation)
    missing = tuple(AccountRemark(table.account, text) for table in tables for text in table.missing)
    remarks = tuple(AccountRemark(table.account, text) for table in tables for text in table.remarks)
    return Exported(sum(len(table.rows) for table in tables), missing, remarks)


def fill_line(recorded: RecordedFill) -> tuple[str, ...]:
    """Return one execution under ``FILL_TITLES``; dates and times are empty if the broker sent none."""
    fill, instrument = recorded.fill, recorded.fill.instrument
    at, client_id = fill.at, placing_client(fill)
    return (
        "" if recorded.day is None else recorded.day.isoformat(),
        "" if at is None else f"{new_york(at):%Y-%m-%d}",
        "" if at is None else f"{new_york(at):%H:%M:%S}",
        "" if at is None else at.astimezone(UTC).isoformat(),
        fill.session or "",
        text_cell(fill.account),
        fill.mode.value,
        text_cell(instrument.symbol),
        text_cell(instrument.kind),
        text_cell(fill.side),
        number_cell(fill.quantity),
        number_cell(fill.price),
        text_cell(instrument.currency),
        number_cell(instrument.multiplier),
        number_cell(instrument.price_unit),
        number_cell(fill.commission),
        text_cell(fill.commission_currency or ""),
        number_cell(fill.realized_pnl),
        text_cell(fill.venue),
        str(fill.order_id) if fill.order_id else "",
        str(fill.perm_id) if fill.perm_id else "",
        "" if client_id is None else str(client_id),
        text_cell(fill.hammer_id),
        text_cell(fill.broker_id),
        fill.mode.broker,
        text_cell("; ".join(notes(fill, recorded.first_seen_at))),
        text_cell(fill.liquidity),
        text_cell(fill.model),
    )


def gain_lines(gains: Gains) -> list[tuple[str, ...]]:
    """Return the rows of one account under ``GAIN_TITLES``, then what is missing and how it was
    calculated.
    """
    account = text_cell(gains.account)
    lines = [
        (
            account,
            row.day.isoformat(),
            text_cell(row.symbol),
            row.action,
            number_cell(row.quantity),
            calculated_cell(row.cost_basis),
            calculated_cell(row.proceeds),
            calculated_cell(row.gain),
            text_cell(row.currency),
            text_cell(row.broker_id),
            "",
        )
        for row in gains.rows
    ]
    blank = ("",) * (len(GAIN_TITLES) - 2)
    sentences = (*gains.missing, *gains.remarks, METHOD)
    return lines + [(account, *blank, text_cell(sentence)) for sentence in sentences]


def notes(fill: Fill, seen_at: datetime) -> list[str]:
    """Return remarks on an execution that was first seen ``seen_at`` (UTC), as texts."""
    found = []
    if fill.is_liquidation:
        found.append("liquidated by IBKR")
    if fill.is_busted:
        found.append("busted: the broker took it back, it is in no sum")
    if fill.instrument.kind == COMBINATION:
        found.append("combination: its legs, where TWS reports them, have lines of their own")
    if fill.is_whole_order:
        found.append("the whole order at its average price: HAMMER reported no single executions")
    if is_ahead(fill, seen_at):
        found.append(
            f"reported ahead of its time, at {seen_at.astimezone(UTC).isoformat(timespec='seconds')}"
        )
    if fill.at is None:
        found.append(
            f"no time that can be read: {fill.reported_time}"
            if fill.reported_time
            else "no time was reported"
        )
    return found


def _named(reader: Reader, accounts: Collection[str]) -> list[str]:
    """Return these accounts, or all; if there are none, one without a number, as no day was watched."""
    return sorted(set(accounts) or {account for _, account in reader.accounts()} or {""})


def _by_account(
    look: Callable[[Collection[Coverage], date, date, datetime], list[str]],
    accounts: Iterable[str],
    coverage: Sequence[Coverage],
    days: tuple[date, date],
    now: datetime,
) -> Iterable[AccountRemark]:
    """Yield what ``look`` finds in the coverage of each account."""
    for account in accounts:
        for text in look([each for each in coverage if each.account == account], *days, now):
            yield AccountRemark(account, text)


def _undated(recorded: Sequence[RecordedFill]) -> Iterable[AccountRemark]:
    for account in sorted({each.fill.account for each in recorded}):
        count = sum(each.fill.account == account for each in recorded)
        what = "1 execution has" if count == 1 else f"{count:,} executions have"
        yield AccountRemark(
            account, f"{what} no date and may be of other days; they are at the end of the file."
        )


def _write(
    file: Path | None, titles: Sequence[str], lines: Iterable[Sequence[str]], notation: Notation
) -> int:
    """Write to a file, which is replaced as a whole, or to stdout, without a byte order mark."""
    if notation != DECIMAL_POINT:
        lines = (
            [
                notation.figure(cell) if title in _FIGURES else cell
                for title, cell in zip(titles, line, strict=True)
            ]
            for line in lines
        )
    if file is not None:
        return save_csv(file, titles, lines, notation.separator)
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
    try:
        return write_csv(out, titles, lines, notation.separator)
    finally:
        out.flush()
        # Standard output is not closed here.
        out.detach()
