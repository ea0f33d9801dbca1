"""Sums over rows; the total row and the strips read the same ones, so they cannot disagree."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from msgspec import Struct, field

from psf_monitor import formatting
from psf_monitor.book.rows import ClosedToday, PositionRow, is_old
from psf_monitor.domain.account import IBKR_MODES, AccountMode, AccountSummary
from psf_monitor.formatting import masked

_FIGURES = tuple(
    name
    for name in AccountSummary.__struct_fields__
    if name not in ("mode", "account", "currency", "unrealized_pnl", "is_in_review")
)


def _nothing() -> defaultdict[str, float]:
    return defaultdict(float)


_MOST_NAMED = 5
"""With more symbols than this a sentence gives their number instead of their names."""


class Totals(Struct, frozen=True):
    """Sums, in one ``currency``, over the positions of some accounts that have a quote.

    ``currency`` is ``None`` if there is nothing to add, or if the positions are in more than one currency;
    then no sum is given, because there is no rate to convert with. A figure is ``None`` if no position had
    it. Positions counted in ``without_quote`` and ``without_quantity`` are in no sum, those in
    ``without_cost`` are missing in the unrealized P&L, those in ``without_close`` in the day P&L.
    ``excluded_modes`` were asked for and left out: not connected, or an unexpected paper account.
    ``is_frozen``: something in the sums is old. ``day_gaps`` says for which times of today trades are unknown
    and why some day P&L is unknown, ``day_basis`` what it assumes. ``closed`` shares were sold off today and
    count in the day P&L only; ``closed_unpriced`` are missing in it.
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


class Strip(Struct, frozen=True):
    """The figures that an account strip can show: the broker's account values, and the calculated value and
    P&L.

    ``as_of`` is set if the values are old; ``currency`` is the account's base currency. ``realized_pnl`` is
    the broker's own figure, ``commission`` the cost of today's executions. ``not_added`` says which account
    values could not be added, ``not_valued`` what the calculated sums leave out, ``day_basis`` what the day
    P&L assumes. ``partial`` are the calculated figures that something is missing in. ``in_review`` says of
    which accounts IBKR is reviewing the net liquidation. ``cushion`` is the lowest of the accounts', in
    percent: each has margin of its own.
    """

    net_liquidation: float | None
    excess_liquidity: float | None
    available_funds: float | None
    buying_power: float | None
    total_cash: float | None
    gross_position_value: float | None
    realized_pnl: float | None
    currency: str | None
    market_value: float | None
    day_pnl: float | None
    unrealized_pnl: float | None
    commission: float | None
    is_frozen: bool
    as_of: datetime | None
    is_partial: bool
    not_added: tuple[str, ...] = ()
    not_valued: tuple[str, ...] = ()
    day_basis: tuple[str, ...] = ()
    partial: frozenset[str] = frozenset()
    in_review: tuple[str, ...] = ()
    cushion: float | None = None

    @property
    def remarks(self) -> tuple[str, ...]:
        """Remarks on the calculated sums, in sentences."""
        return (*self.not_valued, *map(day_remark, self.day_basis))


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
        unrealized_pnl=unrealized,
        pnl_pct=None if unrealized is None or not cost else 100 * unrealized / cost,
        day_pnl=total("day"),
        is_frozen=any(part.is_frozen for part in held),
        day_gaps=_gaps(held),
        day_basis=tuple(sorted({sentence for part in held for sentence in part.day_basis})),
        closed=tuple(sorted({symbol for part in held for symbol in part.closed})),
        closed_unpriced=tuple(sorted({symbol for part in held for symbol in part.closed_unpriced})),
    )


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


def strip_of(
    summaries: Sequence[AccountSummary],
    totals: Totals,
    *,
    as_of: datetime | None,
    is_partial: bool,
    commission: float | None = None,
) -> Strip:
    """Return the strip over these accounts; their values are added only if they are in one currency.

    A single account's values are shown even if its broker does not name the currency.
    """
    # A value that is not reported has no currency: it makes the sum unknown, but not the others' currency.
    currencies = {s.currency for s in summaries if s.currency or s.net_liquidation is not None} or {None}
    can_add = len(currencies) == 1 and (len(summaries) == 1 or None not in currencies)
    added = summaries if can_add else ()
    return Strip(
        net_liquidation=sum_known(s.net_liquidation for s in added),
        excess_liquidity=sum_known(s.excess_liquidity for s in added),
        available_funds=sum_known(s.available_funds for s in added),
        buying_power=sum_known(s.buying_power for s in added),
        total_cash=sum_known(s.total_cash for s in added),
        gross_position_value=sum_known(s.gross_position_value for s in added),
        realized_pnl=sum_known(s.realized_pnl for s in added),
        currency=currencies.pop() if can_add else None,
        market_value=totals.market_value,
        day_pnl=totals.day_pnl,
        unrealized_pnl=totals.unrealized_pnl,
        commission=commission,
        is_frozen=totals.is_frozen,
        as_of=as_of,
        is_partial=is_partial,
        not_added=not_added(summaries),
        not_valued=not_valued(totals),
        day_basis=totals.day_basis,
        partial=_partial(totals),
        in_review=tuple(
            f"IBKR is reviewing the net liquidation and the margin of {_named([each])}"
            for each in summaries
            if each.is_in_review
        ),
        cushion=_lowest([each.cushion for each in summaries]),
    )


def _lowest(figures: Sequence[float | None]) -> float | None:
    known = [each for each in figures if each is not None]
    return min(known) if known and len(known) == len(figures) else None


def _partial(totals: Totals) -> frozenset[str]:
    """Return which of the sums over positions do not count all of them, or not the whole day."""
    unvalued = totals.without_quote + totals.without_quantity
    lacking = {
        "market_value": unvalued,
        "unrealized_pnl": unvalued + totals.without_cost,
        "day_pnl": unvalued + totals.without_close + len(totals.day_gaps) + len(totals.closed_unpriced),
    }
    return frozenset(name for name, count in lacking.items() if count and getattr(totals, name) is not None)


def sum_known(amounts: Iterable[float | None]) -> float | None:
    """Return the sum, or ``None`` as soon as one amount is unknown."""
    known = list(amounts)
    if not known or any(amount is None for amount in known):
        return None
    return sum(amount for amount in known if amount is not None)


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


def not_added(summaries: Sequence[AccountSummary]) -> tuple[str, ...]:
    """Return why a sum of account values is unknown or partial; nothing for a single account."""
    if len(summaries) < 2:
        return ()
    sentences = []
    silent = [each for each in summaries if all(getattr(each, name) is None for name in _FIGURES)]
    listed = [each for each in summaries if each not in silent]
    if silent:
        sentences.append(f"No account values of {_named(silent)}, so the sums are not known")
    currencies = sorted({each.currency for each in listed if each.currency is not None})
    if len(currencies) > 1:
        named = ", ".join(
            f"{_named(each for each in listed if each.currency == currency)} in {currency}"
            for currency in currencies
        )
        sentences.append(f"Account values of different base currencies are not added: {named}")
    nameless = [each for each in listed if each.currency is None]
    if nameless:
        sentences.append(
            f"The base currency of {_named(nameless)} is not reported, so its values are not added"
        )
    for name in _FIGURES:
        lacking = [each for each in listed if getattr(each, name) is None]
        if lacking and len(lacking) < len(listed):
            sentences.append(
                f"{_named(lacking)}: no {name.replace('_', ' ').replace('pnl', 'P&L')}, not summed"
            )
    return tuple(sentences)


def _named(summaries: Iterable[AccountSummary]) -> str:
    return formatting.listed([f"{each.mode.short} {masked(each.account)}" for each in summaries])
