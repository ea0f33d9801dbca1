"""The figures of an account strip: the broker's account values, and the sums over the positions."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from psf_monitor import formatting
from psf_monitor.book.sums.totals import Totals, day_remark, not_valued
from psf_monitor.domain.account import AccountSummary
from psf_monitor.formatting import masked

_FIGURES = tuple(
    name
    for name in AccountSummary.__struct_fields__
    if name not in ("mode", "account", "currency", "unrealized_pnl", "is_in_review")
)


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
    initial_margin: float | None = None
    maintenance_margin: float | None = None

    @property
    def remarks(self) -> tuple[str, ...]:
        """Remarks on the calculated sums, in sentences."""
        return (*self.not_valued, *map(day_remark, self.day_basis))


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
        initial_margin=sum_known(s.initial_margin for s in added),
        maintenance_margin=sum_known(s.maintenance_margin for s in added),
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
