"""The snapshot as PSFALGO's programs read it: its field names, and some additional ones.

Pure, over the book and the links. Prices and P&L are in contract currency, account values in the account's
base currency, quantities in shares or contracts (negative for short), times ISO 8601 in UTC, unknown is
``None``.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from psf_monitor.api.records.fill import FillRecord as FillRecord
from psf_monitor.api.records.fill import fill as fill
from psf_monitor.api.records.link import LinkRecord as LinkRecord
from psf_monitor.api.records.link import link as link
from psf_monitor.api.records.link import switched_off as switched_off
from psf_monitor.api.records.order import OrderRecord as OrderRecord
from psf_monitor.api.records.order import order as order
from psf_monitor.api.records.order import order_key as order_key
from psf_monitor.api.records.position import PositionRecord as PositionRecord
from psf_monitor.api.records.position import position as position
from psf_monitor.api.records.summary import SummaryRecord as SummaryRecord
from psf_monitor.api.records.summary import summary as summary
from psf_monitor.api.sums import records as sum_records
from psf_monitor.book.book import Book
from psf_monitor.book.rows import OrderRow, PositionRow
from psf_monitor.book.sums.groups import GroupBy
from psf_monitor.book.sums.totals import counted_modes
from psf_monitor.connection.status import CONNECTED_STATES, LinkStatus
from psf_monitor.domain.account import IBKR_MODES, AccountMode, AccountSummary


class HasStatus(Protocol):
    """A link, as far as it is read here."""

    @property
    def status(self) -> LinkStatus:
        """Its current status."""


Links = Mapping[AccountMode, HasStatus]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything about some profiles at one moment; ``groups`` by what their rows have in common."""

    positions: list[PositionRecord]
    orders: list[OrderRecord]
    summaries: list[SummaryRecord]
    totals: sum_records.SumRecord
    groups: dict[str, list[sum_records.GroupRecord]]
    exposure: sum_records.ExposureRecord


def snapshot(book: Book, links: Links, modes: Collection[AccountMode] = IBKR_MODES) -> Snapshot:
    """Return the profiles' current positions, orders and account values, each once."""
    return Snapshot(
        [position(row) for row in position_rows(book, modes)],
        [order(row) for row in order_rows(book, modes)],
        [record for mode in modes for record in summaries(book, links, mode)],
        sum_records.total(book, counted_modes(modes)),
        {by.value: sum_records.groups(book, by, modes) for by in GroupBy if by is not GroupBy.NONE},
        sum_records.exposure(book.exposure(*modes) if len(modes) == 1 else book.exposure()),
    )


def position_rows(book: Book, modes: Collection[AccountMode]) -> list[PositionRow]:
    """Return the positions of these profiles, sorted; one that two logins reach belongs to the first of
    them.
    """
    accounts = _accounts(book, modes)
    return sorted((r for r in book.position_rows() if r.mode in modes or r.account in accounts), key=_place)


def order_rows(book: Book, modes: Collection[AccountMode]) -> list[OrderRow]:
    """Return the working orders of these profiles, sorted, as ``position_rows``."""
    accounts = _accounts(book, modes)
    return sorted((r for r in book.order_rows() if r.mode in modes or r.account in accounts), key=_place)


def summaries(book: Book, links: Links, mode: AccountMode) -> list[SummaryRecord]:
    """Return one record for each account that the broker named, with or without values."""
    known = book.summaries(mode)
    is_connected = links[mode].status.state in CONNECTED_STATES
    named = (AccountSummary(mode, account) for account in book.account_state(mode).accounts)
    stale_since = book.strip(mode).as_of
    return [summary(each, is_connected, stale_since) for each in known or named]


def _accounts(book: Book, modes: Iterable[AccountMode]) -> set[str]:
    """Return the IBKR accounts of these profiles, whose rows may be listed under another profile."""
    return {a for mode in modes if mode in IBKR_MODES for a in book.account_state(mode).accounts}


def _place(row: PositionRow | OrderRow) -> tuple[object, ...]:
    return (row.mode, row.symbol, row.key)
