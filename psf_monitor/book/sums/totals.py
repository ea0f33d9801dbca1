"""Sums over rows; the total row and the strips read the same ones, so they cannot disagree."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from msgspec import Struct, field
from msgspec.structs import replace

from psf_monitor import formatting
from psf_monitor.book.rows import ClosedToday, PositionRow, is_old
from psf_monitor.domain.account import IBKR_MODES, AccountMode


def _nothing() -> defaultdict[str, float]:
    return defaultdict(float)


_MOST_NAMED = 5
"""With more symbols than this a sentence gives their number instead of their names."""


class Totals(Struct, frozen=True):
    """Sums, in one ``currency``, over the positions of some accounts that have a quote.

    ``currency`` is ``None`` if there is nothing to add, or if the positions are in more than one currency;
    then no sum is given, because there is no rate to convert with. A figure is ``None`` if no position had
    it, and 0 for accounts that are known to hold nothing. Positions counted in ``without_quote`` and
    ``without_quantity`` are in no sum, those in ``without_cost`` are missing in the unrealized P&L and the
    cost basis (negative for shorts), those in ``without_close`` in the day P&L. ``excluded_modes`` were asked
    for and left out: not connected, or an unexpected paper account. ``is_frozen``: something in the sums is
    old. ``day_gaps`` says for which times of today trades are unknown and why some day P&L is unknown,
    ``day_basis`` what it assumes. ``closed`` shares were sold off today and count in the day P&L only;
    ``closed_unpriced`` are missing in it.
    """

    positions: int
    without_quote: int
    without_quantity: int
    without_cost: int
    without_close: int
    excluded_modes: tuple[AccountMode, ...]
    other_currencies: tuple[str, ...]
    currency: str | None
    market_value: float | None
    long_value: float | None
    short_value: float | None
    cost_basis: float | None
    unrealized_pnl: float | None
    pnl_pct: float | None
    day_pnl: float | None
    is_frozen: bool
    day_gaps: tuple[str, ...] = ()
    day_basis: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    closed_unpriced: tuple[str, ...] = ()


def day_remark(sentence: str) -> str:
    """Return a sentence about the day P&L, worded to stand among those about other sums."""
    return f"Day P&L: {sentence}"


class Sums(Struct):
    """Running sums over the positions of one profile; kept by currency and never added across currencies."""

    positions: int = 0
    without_quote: int = 0
    without_quantity: int = 0
    without_cost: int = 0
    without_close: int = 0
    is_frozen: bool = False
    day_gaps: dict[str, set[str]] = field(default_factory=dict)
    day_basis: set[str] = field(default_factory=set)
    long_value: defaultdict[str, float] = field(default_factory=_nothing)
    short_value: defaultdict[str, float] = field(default_factory=_nothing)
    unrealized: defaultdict[str, float] = field(default_factory=_nothing)
    cost: defaultdict[str, float] = field(default_factory=_nothing)
    basis: defaultdict[str, float] = field(default_factory=_nothing)
    day: defaultdict[str, float] = field(default_factory=_nothing)
    closed: set[str] = field(default_factory=set)
    closed_unpriced: set[str] = field(default_factory=set)


def sum_rows(rows: Iterable[PositionRow], closed: Iterable[ClosedToday] = ()) -> Sums:
    """Return the sums over ``rows``; a row without a mark or a quantity is counted and left out of every
    figure.

    Shares that were ``closed`` today count in the day P&L.
    """
    sums = Sums()
    for each in closed:
        if each.basis:
            sums.day_basis.add(each.basis)
        if each.day_pnl is None:
            sums.closed_unpriced.add(each.symbol)
            sums.day_gaps.setdefault(each.why, set()).add(each.symbol)
        else:
            sums.closed.add(each.symbol)
            sums.day[each.currency] += each.day_pnl
    for row in rows:
        sums.positions += 1
        if row.day_basis:
            sums.day_basis.add(row.day_basis)
        if row.day_why:
            sums.day_gaps.setdefault(row.day_why, set()).add(row.symbol)
        elif row.day_gap:
            sums.day_gaps.setdefault(row.day_gap, set())
        value, currency = row.market_value, row.currency
        if row.quantity is None:
            sums.without_quantity += 1
            continue
        if value is None:
            sums.without_quote += 1
            continue
        sums.is_frozen |= is_old(row)
        if value < 0:
            sums.short_value[currency] += value
        else:
            sums.long_value[currency] += value
        unrealized, day = row.unrealized_pnl, row.day_pnl
        if unrealized is None:
            sums.without_cost += 1
        else:
            sums.unrealized[currency] += unrealized
            sums.cost[currency] += abs(value - unrealized)
            sums.basis[currency] += value - unrealized
        if day is None:
            sums.without_close += 1
        else:
            sums.day[currency] += day
    return sums


def add_up(parts: Iterable[Sums], excluded_modes: tuple[AccountMode, ...]) -> Totals:
    """Return the totals over several profiles; figures only if all of it is in one currency."""
    held = list(parts)
    currencies = sorted({c for part in held for c in (*part.long_value, *part.short_value, *part.day)})
    currency = currencies[0] if len(currencies) == 1 else None

    def total(name: str) -> float | None:
        amounts = [getattr(part, name)[currency] for part in held if currency in getattr(part, name)]
        return sum(amounts) if amounts else None

    long_value, short_value = total("long_value"), total("short_value")
    unrealized, cost = total("unrealized"), total("cost")
    value = None if currency is None else (long_value or 0.0) + (short_value or 0.0)
    return Totals(
        positions=sum(part.positions for part in held),
        without_quote=sum(part.without_quote for part in held),
        without_quantity=sum(part.without_quantity for part in held),
        without_cost=sum(part.without_cost for part in held),
        without_close=sum(part.without_close for part in held),
        excluded_modes=excluded_modes,
        other_currencies=tuple(currencies) if currency is None else (),
        currency=currency,
        market_value=value,
        long_value=long_value,
        short_value=short_value,
        cost_basis=total("basis"),
        unrealized_pnl=unrealized,
        pnl_pct=None if unrealized is None or not cost else 100 * unrealized / cost,
        day_pnl=total("day"),
        is_frozen=any(part.is_frozen for part in held),
        day_gaps=_gaps(held),
        day_basis=tuple(sorted({sentence for part in held for sentence in part.day_basis})),
        closed=tuple(sorted({symbol for part in held for symbol in part.closed})),
        closed_unpriced=tuple(sorted({symbol for part in held for symbol in part.closed_unpriced})),
    )


def of_nothing(totals: Totals, *, is_day_known: bool) -> Totals:
    """Return the totals of accounts that hold nothing, which is known: no value and no P&L.

    ``is_day_known``: so is what they have traded today.
    """
    is_unknown = not is_day_known or totals.closed_unpriced or totals.other_currencies
    day = totals.day_pnl if totals.day_pnl is not None or is_unknown else 0.0
    return replace(totals, market_value=0.0, cost_basis=0.0, unrealized_pnl=0.0, day_pnl=day)


def _gaps(parts: Iterable[Sums]) -> tuple[str, ...]:
    """Return sentences on why day P&L is unknown: few symbols by name, more by number."""
    symbols: defaultdict[str, set[str]] = defaultdict(set)
    for part in parts:
        for why, of_part in part.day_gaps.items():
            symbols[why] |= of_part
    found: list[str] = []
    for why, of in symbols.items():
        if len(of) > _MOST_NAMED:
            found.append(f"{len(of):,} symbols: {why}")
        else:
            found += [f"{symbol}: {why}" for symbol in of] or [why]
    return tuple(sorted(found))


def counted_modes(modes: Iterable[AccountMode]) -> tuple[AccountMode, ...]:
    """Return which of several profiles are added up: IBKR's, or HAMMER's own account alone."""
    shown = tuple(modes)
    return tuple(mode for mode in IBKR_MODES if mode in shown) or shown


def totals_of(rows: Iterable[PositionRow], modes: Collection[AccountMode]) -> Totals:
    """Return the totals over just these rows, without those of other profiles and of unexpected logins."""
    held = list(rows)
    excluded = sorted({row.mode for row in held if row.is_excluded or row.mode not in modes})
    return add_up(
        [sum_rows(row for row in held if row.mode in modes and not row.is_excluded)], tuple(excluded)
    )


def not_valued(totals: Totals) -> tuple[str, ...]:
    """Return what the sums over positions leave out or do not know."""
    sentences = []
    if totals.without_quote:
        sentences.append(f"{totals.without_quote} without quote excluded from value and P&L")
    if totals.without_quantity:
        sentences.append(f"{totals.without_quantity} of unknown quantity in no sum")
    if totals.without_cost:
        sentences.append(f"{totals.without_cost} without average price not in P&L")
    if totals.without_close:
        sentences.append(f"{totals.without_close} not in Day P&L")
    if totals.closed:
        sentences.append(f"Day P&L with {formatting.listed(list(totals.closed))}, closed today")
    if totals.closed_unpriced:
        sentences.append(f"{formatting.listed(list(totals.closed_unpriced))}, closed today, not in Day P&L")
    if totals.other_currencies:
        sentences.append(f"{formatting.listed(list(totals.other_currencies))} are not added together")
    return (*sentences, *map(day_remark, totals.day_gaps))


def remarks(totals: Totals) -> tuple[str, ...]:
    """Return remarks on the sums over positions, in sentences."""
    return (*not_valued(totals), *map(day_remark, totals.day_basis))
