"""Where something is listed and in which unit its price is, as far as TWS's names of exchanges say. Pure.

Source: TWS API, the names of exchanges in contracts, and IBKR's list of products by exchange.
"""

from enum import Enum, auto
from functools import lru_cache

from psf_monitor.domain.instrument import Instrument

_US_MARKETS = frozenset(
    {
        *("NYSE", "NASDAQ", "ARCA", "AMEX", "BATS", "IEX", "LTSE", "MEMX", "PEARL", "TXSE"),
        *("ISLAND", "BYX", "EDGEA", "DRCTEDGE", "BEX", "PSX", "PHLX", "CHX", "NYSENAT", "NYSEFLOOR", "CBSX"),
        *("EDGX", "T24X", "CBOE", "ISE"),
        *("PINK", "OTC", "OTCBB", "OTCQX", "OTCQB", "OTCLNKECN", "OTCLINK", "GREY", "OVERNIGHT", "IBEOS"),
    }
)
"""Where US shares are listed or traded: the markets that HAMMER quotes."""

_ANY_MARKET = frozenset(
    {
        *("", "SMART", "BEST", "IBKRATS", "IBALGO", "IBDARK", "JEFFALGO", "CSFBALGO", "FOXRIVER"),
        *("TPLUS0", "TPLUS1", "TPLUS2"),
    }
)
"""Ways to a market: they do not say where something is listed."""

_IBKRS_OWN = frozenset({"VALUE", "CORPACT", "ESCROW", "IBCORPACT"})
"""Where IBKR keeps what is not traded any more, or not yet."""

HAS_MULTIPLIER = frozenset({"OPT", "FUT", "FOP", "WAR", "IOPT"})
"""Kinds whose contracts are of more than one unit: where the multiplier is not reported, it is not 1."""

_PRICED_IN_CURRENCY = frozenset({"STK", "OPT", "CASH", "CRYPTO", "FUND"})


def is_us_market(exchange: str) -> bool | None:
    """Return whether TWS's name is one of a US market; ``None`` when it does not say which market is meant.

    The tiers of a market stand behind a period, ``NASDAQ.NMS``.
    """
    name = exchange.strip().upper()
    if name in _ANY_MARKET:
        return None
    return name in _US_MARKETS or name.partition(".")[0] in _US_MARKETS


class Unpriced(Enum):
    """Why HAMMER is not asked for a price."""

    NO_NAME = auto()
    KIND = auto()
    CURRENCY = auto()
    ABROAD = auto()
    IBKRS_OWN = auto()
    UNKNOWN = auto()


@lru_cache(maxsize=16_384)
def unpriced(instrument: Instrument) -> Unpriced | None:
    """Return why HAMMER's symbol may mean something else; ``None`` for a share that is listed at a US market.

    HAMMER knows an option, a future or a foreign share by other names or not at all, and the same letters
    there may be another company's. The trader's own table may say otherwise of a share in US dollars; what
    HAMMER itself holds, it names itself.
    """
    if instrument.is_nameless:
        return Unpriced.NO_NAME
    if instrument.kind != "STK":
        return Unpriced.KIND
    if instrument.currency != "USD":
        return Unpriced.CURRENCY
    is_of_hammer = not instrument.con_id and not instrument.exchange
    if is_of_hammer or instrument.is_named_by_trader:
        return None
    match is_us_market(instrument.exchange):
        case True:
            return None
        case None:
            return Unpriced.UNKNOWN
    return Unpriced.IBKRS_OWN if instrument.exchange.strip().upper() in _IBKRS_OWN else Unpriced.ABROAD


def is_priced_in_currency(kind: str, currency: str) -> bool:
    """Return whether one unit of the price is one of the currency, without asking what the contract is.

    London's shares are in pence, grains in cents, bonds in per cent of par, so that only US dollars count.
    """
    return kind in _PRICED_IN_CURRENCY and currency == "USD"
