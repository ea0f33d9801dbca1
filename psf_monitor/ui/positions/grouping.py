"""Positions under headings: by share over the logins, by issuer, by login."""

from collections.abc import Callable, Collection, Hashable, Sequence

from psf_monitor import formatting
from psf_monitor.book.rows import PositionRow
from psf_monitor.book.sums.groups import Group, GroupBy, group_key, group_of
from psf_monitor.domain.account import AccountMode
from psf_monitor.ui.positions.total import day_tooltip, total_cells
from psf_monitor.ui.table.sorted_lines import Heading, Rank


class PositionGrouping:
    """Groups rows that have ``by`` in common; ``counted`` gives the profiles that the total adds up."""

    def __init__(self, by: GroupBy, counted: Callable[[], Collection[AccountMode]]) -> None:
        self.by = by
        self._counted = counted

    def key(self, row: PositionRow) -> Hashable:
        return group_key(row, self.by)

    def heading(self, rows: Sequence[PositionRow]) -> Heading:
        group = group_of(rows, self.by, self._counted())
        if group.uncounted == len(group.rows):
            # A group that the total does not count at all is added up separately.
            group = group_of(rows, self.by, {row.mode for row in rows})
            return _heading(group, "not in the total")
        left_out = f"{formatting.counted(group.uncounted, 'row')} not in the sums" if group.uncounted else ""
        return _heading(group, left_out)


def _heading(group: Group, left_out: str) -> Heading:
    totals = group.totals
    notes = [f"{formatting.counted(group.shares, 'share')}, {formatting.counted(len(group.rows), 'row')}"]
    amounts = ""
    if totals.long_value and totals.short_value:
        long_value, short_value = formatting.money(totals.long_value), formatting.money(totals.short_value)
        amounts = f"long {long_value}, short {short_value}"
    unknown = totals.without_quote + totals.without_quantity
    if unknown:
        notes.append(f"{unknown} not valued")
    if totals.without_close:
        notes.append(f"{totals.without_close} not in Day P&L")
    if left_out:
        notes.append(left_out)
    gross = None
    if totals.market_value is not None:
        gross = (totals.long_value or 0.0) - (totals.short_value or 0.0)
    ranks: dict[str, Rank] = {
        "symbol": group.name.upper(),
        "account": group.name.upper(),
        "cost_basis": totals.cost_basis,
        "market_value": gross,
        "unrealized_pnl": totals.unrealized_pnl,
        "pnl_pct": totals.pnl_pct,
        "day_pnl": totals.day_pnl,
    }
    return Heading(
        group.name,
        " · ".join(notes),
        amounts,
        totals.is_frozen,
        total_cells(totals),
        {"day_pnl": day_tooltip(totals)},
        ranks,
    )
