"""Exposure: long, short, gross and net, relative to the net liquidation value, and by issuer."""

from collections.abc import Collection, Iterable
from heapq import nlargest

from msgspec import Struct

from psf_monitor.book.rows import PositionRow
from psf_monitor.book.sums.account_strip import Strip
from psf_monitor.book.sums.totals import Sums, Totals, add_up, not_valued
from psf_monitor.domain.account import AccountMode

LARGEST = 5
"""The number of issuers that are named."""


class IssuerExposure(Struct, frozen=True):
    """The positions in the shares of one issuer: gross value, and net value."""

    name: str
    gross_value: float
    net_value: float


class Exposure(Struct, frozen=True):
    """Values in ``currency``; ``short_value`` is negative, ``gross_value`` is long less short.

    ``None`` figures are unknown: nothing is valued, or there is more than one currency. ``net_liquidation``
    is the broker's, for the same logins; ``None`` if it is not reported, or only for some of them, or in
    another currency: then there are no percents. ``largest`` are the issuers with the largest gross value, at
    most ``LARGEST``. ``left_out`` says what is in no figure, ``is_old`` that something in them is no longer
    current.
    """

    currency: str | None
    long_value: float | None
    short_value: float | None
    gross_value: float | None
    net_value: float | None
    net_liquidation: float | None
    largest: tuple[IssuerExposure, ...]
    left_out: tuple[str, ...]
    excluded_modes: tuple[AccountMode, ...]
    is_old: bool

    def percent(self, value: float | None) -> float | None:
        """Return a value in percent of the net liquidation value."""
        if value is None or not self.net_liquidation or self.net_liquidation < 0:
            return None
        return 100 * value / self.net_liquidation


class ValuedHoldings(Struct, frozen=True):
    """Positions added up, and the issuers with the largest gross value."""

    totals: Totals
    largest: tuple[IssuerExposure, ...]


def valued_holdings(
    rows: Iterable[PositionRow], modes: Collection[AccountMode], parts: Iterable[Sums]
) -> ValuedHoldings:
    """Add up ``parts``, the sums of ``modes``, and find the largest issuers in their ``rows``."""
    totals = add_up(parts, ())
    held = (row for row in rows if row.mode in modes)
    return ValuedHoldings(totals, () if totals.currency is None else _largest(held))


def exposure_of(holdings: ValuedHoldings, strip: Strip, excluded_modes: tuple[AccountMode, ...]) -> Exposure:
    """Combine the holdings with the account values of the same logins in ``strip``."""
    totals = holdings.totals
    left_out = list(not_valued(totals))
    is_known = totals.currency is not None
    long_value = (totals.long_value or 0.0) if is_known else None
    short_value = (totals.short_value or 0.0) if is_known else None
    net_liquidation = strip.net_liquidation
    if net_liquidation is not None and is_known and strip.currency not in (None, totals.currency):
        left_out.append(f"the net liquidation is in {strip.currency}, so there are no percents")
        net_liquidation = None
    return Exposure(
        currency=totals.currency,
        long_value=long_value,
        short_value=short_value,
        gross_value=None if long_value is None or short_value is None else long_value - short_value,
        net_value=totals.market_value,
        net_liquidation=net_liquidation,
        largest=holdings.largest,
        left_out=tuple(left_out),
        excluded_modes=excluded_modes,
        is_old=totals.is_frozen or strip.as_of is not None,
    )


def _largest(rows: Iterable[PositionRow]) -> tuple[IssuerExposure, ...]:
    """Return the largest issuers of rows in one currency; one without any valued row is left out."""
    gross: dict[str, float] = {}
    net: dict[str, float] = {}
    for row in rows:
        value = row.market_value
        if value is not None and row.quantity is not None:
            name = row.issuer
            if name in net:
                gross[name] += abs(value)
                net[name] += value
            else:
                gross[name], net[name] = abs(value), value
    least = min(nlargest(LARGEST, gross.values()), default=0.0)
    named = sorted((-value, name) for name, value in gross.items() if value >= least)
    return tuple(IssuerExposure(name, gross[name], net[name]) for _, name in named[:LARGEST])
