"""Positions by share, issuer or login, with subtotals that add up to the total."""

from collections.abc import Collection, Hashable, Iterable
from enum import StrEnum

from msgspec import Struct

from psf_monitor.book.rows import PositionRow
from psf_monitor.book.sums.totals import Totals, totals_of
from psf_monitor.domain.account import AccountMode

NO_GROUP = "no group"


class GroupBy(StrEnum):
    """What the rows of a group have in common."""

    NONE = "none"
    SHARE = "share"
    ISSUER = "issuer"
    LOGIN = "login"
    GROUP = "group"
    """The group that the trader's own file gives for a share."""


class Group(Struct, frozen=True):
    """Some positions and their sums; ``shares`` is the number of different shares.

    ``totals`` counts what the overall total counts: neither HAMMER's own account beside IBKR's logins, nor a
    login of an unexpected kind; ``uncounted`` is how many rows that leaves out.
    """

    key: Hashable
    name: str
    rows: tuple[PositionRow, ...]
    shares: int
    totals: Totals
    uncounted: int


def group_key(row: PositionRow, by: GroupBy) -> Hashable:
    """Return what rows of one group have in common; for a share, its symbol at a US market, else its
    contract.
    """
    match by:
        case GroupBy.ISSUER:
            return row.issuer
        case GroupBy.LOGIN:
            return row.mode
        case GroupBy.GROUP:
            return row.group
        case _:
            return _share(row)


def group_name(row: PositionRow, by: GroupBy) -> str:
    """Return the name of the group that ``row`` is in."""
    match by:
        case GroupBy.ISSUER:
            return row.issuer
        case GroupBy.LOGIN:
            return row.mode.value
        case GroupBy.GROUP:
            return row.group or NO_GROUP
        case _:
            return row.priced_as


def group_of(rows: Iterable[PositionRow], by: GroupBy, modes: Collection[AccountMode]) -> Group:
    """Return the group that these rows make, at least one; ``modes`` are the profiles that are added up."""
    held = tuple(rows)
    totals = totals_of(held, modes)
    return Group(
        key=group_key(held[0], by),
        name=group_name(held[0], by),
        rows=held,
        shares=len({_share(row) for row in held}),
        totals=totals,
        uncounted=len(held) - totals.positions,
    )


def grouped(rows: Iterable[PositionRow], by: GroupBy, modes: Collection[AccountMode]) -> list[Group]:
    """Return all rows in groups, sorted by name; no groups without a criterion."""
    if by is GroupBy.NONE:
        return []
    found: dict[Hashable, list[PositionRow]] = {}
    for row in sorted(rows, key=lambda row: (row.priced_as, row.mode.value, row.account, row.key.con_id)):
        found.setdefault(group_key(row, by), []).append(row)
    return sorted((group_of(held, by, modes) for held in found.values()), key=lambda group: group.name)


def _share(row: PositionRow) -> Hashable:
    # A share that is priced under its symbol equals HAMMER's of that name; others are identified by IBKR's
    # id.
    con_id = 0 if row.unpriced is None else row.key.con_id
    return row.priced_as, row.currency, row.multiplier, con_id
