"""What is wrong with the prices of positions: the chip over the table, and its text."""

from collections.abc import Collection
from typing import NamedTuple

from psf_monitor import formatting
from psf_monitor.book import no_price
from psf_monitor.book.rows import PositionRow, QuoteState

_MOST_NAMED = 20


class QuoteWarning(NamedTuple):
    """A chip, wordings of its text, longest first, and ``every`` share that it counts, with the reason."""

    chip: str
    wordings: tuple[str, ...]
    every: str


def warning_of(rows: Collection[PositionRow], without: Collection[PositionRow]) -> QuoteWarning:
    """Return the most serious warning about ``rows``, of which those ``without`` have no mark."""
    old = [row for row in rows if row.quote_state is QuoteState.FROZEN]
    late = [row for row in rows if row.quote_late_s is not None]
    unknown = [row for row in rows if row.quantity is None]
    if unknown:
        why = "the broker does not say how much"
        return QuoteWarning(
            f"{len(unknown):,} of unknown quantity",
            (f"{min(row.symbol for row in unknown)}: {why}{_and_more(len(unknown) - 1)}",),
            _every({row.symbol: why for row in unknown}),
        )
    if without:
        first = min(without, key=lambda row: (row.quote_state is not QuoteState.MISSING, row.symbol))
        more = _and_more(len({row.symbol for row in without} - {first.symbol}))
        return QuoteWarning(
            f"{len(without):,} without quote",
            tuple(f"{first.symbol}: {why}{more}" for why in _why_none(first)),
            _every({row.symbol: _why_none(row)[0] for row in without}),
        )
    if old:
        symbols = sorted({row.symbol for row in old})
        why = "not reported again by HAMMER"
        return QuoteWarning(
            f"{len(old):,} still frozen",
            (f"{symbols[0]}{_and_more(len(symbols) - 1)} {why}",),
            _every(dict.fromkeys(symbols, why)),
        )
    if late:
        delays = {row.symbol: row.quote_late_s or 0.0 for row in late}
        return QuoteWarning(
            f"{len(late):,} late",
            (f"by {formatting.ago(max(delays.values()))} by HAMMER's own time",),
            _every({symbol: f"{formatting.ago(late_s)} late" for symbol, late_s in delays.items()}),
        )
    return QuoteWarning("", ("",), "")


def _and_more(count: int) -> str:
    return f" (and {count:,} more)" if count else ""


def _every(reasons: dict[str, str]) -> str:
    """Return a line for each symbol; those beyond a readable number are counted."""
    lines = [f"{symbol}: {reasons[symbol]}" for symbol in sorted(reasons)]
    more = len(lines) - _MOST_NAMED
    return "\n".join([*lines[:_MOST_NAMED], *([f"and {more:,} more"] if more > 0 else [])])


def _why_none(row: PositionRow) -> tuple[str, ...]:
    """Return why there is no price, longest wording first."""
    if row.quote_state is not QuoteState.MISSING:
        return ("no price from HAMMER yet",)
    if row.unpriced is not None:
        return (no_price.why_no_price(row),)
    return "HAMMER does not know this symbol", "unknown to HAMMER"
