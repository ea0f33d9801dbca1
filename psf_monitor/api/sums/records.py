"""Sums over positions, as other programs read them."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from psf_monitor import formatting
from psf_monitor.book.book import Book
from psf_monitor.book.sums.exposure import Exposure
from psf_monitor.book.sums.groups import Group, GroupBy, grouped
from psf_monitor.book.sums.totals import Totals, counted_modes, remarks
from psf_monitor.domain.account import AccountMode


@dataclass(frozen=True, slots=True)
class SumRecord:
    """Sums over positions that have a quote, in ``currency``; null if nothing is known, value and P&L 0 of
    accounts that hold nothing.

    Money is in units of ``currency``, null over several currencies; ``pnl_pct`` is in percent of the cost.
    ``cost_basis`` is that of the positions in ``unrealized_pnl``, negative for shorts.
    ``left_out`` are sentences about what the figures leave out or assume, ``stale`` says that something in
    them is old. ``excluded`` names the profiles that are not counted: not connected, or paper where live is
    expected.
    """

    positions: int
    currency: str | None
    market_value: float | None
    long_value: float | None
    short_value: float | None
    cost_basis: float | None
    unrealized_pnl: float | None
    pnl_pct: float | None
    day_pnl: float | None
    stale: bool
    left_out: tuple[str, ...]
    excluded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupRecord:
    """A group: ``keys`` are the keys of its positions, ``uncounted`` how many of them no sum counts."""

    name: str
    shares: int
    keys: tuple[str, ...]
    uncounted: int
    sums: SumRecord


@dataclass(frozen=True, slots=True)
class GroupsAnswer:
    """The positions of both IBKR logins, or of HAMMER's own account, in groups that add up to ``total``."""

    success: bool
    by: str
    timestamp: str
    groups: list[GroupRecord]
    total: SumRecord


@dataclass(frozen=True, slots=True)
class IssuerRecord:
    """The shares of one issuer: long less short, and their net; percents of the net liquidation value."""

    issuer: str
    gross_value: float
    net_value: float
    gross_pct: float | None


@dataclass(frozen=True, slots=True)
class ExposureRecord:
    """The exposure. ``short_value`` is negative, ``gross_value`` long less short; percents are of
    ``net_liquidation``, null if that is not known for the same logins in the same currency. ``excluded``
    names the profiles that are not counted, ``left_out`` what is in no figure.
    """

    currency: str | None
    long_value: float | None
    short_value: float | None
    gross_value: float | None
    net_value: float | None
    net_liquidation: float | None
    long_pct: float | None
    short_pct: float | None
    gross_pct: float | None
    net_pct: float | None
    largest_issuers: tuple[IssuerRecord, ...]
    stale: bool
    left_out: tuple[str, ...]
    excluded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExposureAnswer:
    """The exposure of all IBKR logins at ``timestamp``."""

    success: bool
    timestamp: str
    exposure: ExposureRecord


def total(book: Book, modes: Collection[AccountMode]) -> SumRecord:
    """Return the book's totals of these profiles, and the accounts counted under another one."""
    found = sums(book.totals(modes))
    states = {mode: book.account_state(mode) for mode in modes}
    elsewhere = tuple(
        f"{formatting.listed(list(state.shared))} of {mode} counted with {state.duplicate_of}"
        for mode, state in states.items()
        if state.duplicate_of is not None and state.duplicate_of not in modes
    )
    return replace(found, left_out=(*found.left_out, *elsewhere))


def sums(totals: Totals) -> SumRecord:
    return SumRecord(
        positions=totals.positions,
        currency=totals.currency,
        market_value=totals.market_value,
        long_value=totals.long_value,
        short_value=totals.short_value,
        cost_basis=totals.cost_basis,
        unrealized_pnl=totals.unrealized_pnl,
        pnl_pct=totals.pnl_pct,
        day_pnl=totals.day_pnl,
        stale=totals.is_frozen,
        left_out=remarks(totals),
        excluded=tuple(mode.value for mode in totals.excluded_modes),
    )


def group(found: Group) -> GroupRecord:
    keys = tuple(f"{row.account}/{row.key.con_id or row.key.symbol}" for row in found.rows)
    return GroupRecord(found.name, found.shares, keys, found.uncounted, sums(found.totals))


def groups(book: Book, by: GroupBy, modes: Collection[AccountMode]) -> list[GroupRecord]:
    """Return the positions of these profiles in groups, sorted by the groups' names."""
    rows = [row for row in book.position_rows() if row.mode in modes]
    return [group(each) for each in grouped(rows, by, counted_modes(modes))]


def exposure(found: Exposure) -> ExposureRecord:
    return ExposureRecord(
        currency=found.currency,
        long_value=found.long_value,
        short_value=found.short_value,
        gross_value=found.gross_value,
        net_value=found.net_value,
        net_liquidation=found.net_liquidation,
        long_pct=found.percent(found.long_value),
        short_pct=found.percent(found.short_value),
        gross_pct=found.percent(found.gross_value),
        net_pct=found.percent(found.net_value),
        largest_issuers=tuple(
            IssuerRecord(each.name, each.gross_value, each.net_value, found.percent(each.gross_value))
            for each in found.largest
        ),
        stale=found.is_old,
        left_out=found.left_out,
        excluded=tuple(mode.value for mode in found.excluded_modes),
    )
