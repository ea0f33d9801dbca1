"""Where an instrument is listed, and in which unit its price is, as far as TWS's exchange names show. Pure.

Source: TWS API, exchange names in contracts, and IBKR's list of products by exchange.
"""

from enum import Enum, auto
from functools import lru_cache

from psf_monitor.domain.instrument import Instrument

NO_MARKET = " "
"""Blank, for a contract of which TWS sends neither market nor id: with none at all it would pass for a share
of HAMMER's own account.
"""

_OVER_THE_COUNTER = frozenset({"PINK", "OTC", "OTCBB", "OTCQX", "OTCQB", "OTCLNKECN", "OTCLINK", "GREY"})
_US_MARKETS = frozenset(
    {
        *_OVER_THE_COUNTER,
        *("NYSE", "NASDAQ", "ARCA", "AMEX", "BATS", "IEX", "LTSE", "MEMX", "PEARL", "TXSE"),
        *("ISLAND", "BYX", "EDGEA", "DRCTEDGE", "BEX", "PSX", "PHLX", "CHX", "NYSENAT", "NYSEFLOOR", "CBSX"),
        *("EDGX", "T24X", "CBOE", "ISE"),
        *("OVERNIGHT", "IBEOS"),
    }
)
"""Where US shares are listed or traded; HAMMER quotes these markets."""

_ANY_MARKET = frozenset(
    {
        *("", "SMART", "BEST", "IBKRATS", "IBALGO", "IBDARK", "JEFFALGO", "CSFBALGO", "FOXRIVER"),
        *("TPLUS0", "TPLUS1", "TPLUS2"),
    }
)
"""Routes to a market; they do not name where something is listed."""

_IBKRS_OWN = frozenset({"VALUE", "CORPACT", "ESCROW", "IBCORPACT"})
"""Where IBKR keeps instruments that no longer trade, or do not trade yet."""

HAS_MULTIPLIER = frozenset({"OPT", "FUT", "FOP", "WAR", "IOPT"})
"""Security types with a multiplier: if it is not reported, it cannot be assumed to be 1."""

_PRICED_IN_CURRENCY = frozenset({"STK", "OPT", "CASH", "CRYPTO", "FUND"})


def is_us_market(exchange: str) -> bool | None:
    """Return whether TWS's exchange name is a US market; ``None`` if it does not name a market.

    The tier of a market follows a period, as in ``NASDAQ.NMS``.
    """
    name = exchange.strip().upper()
    if name in _ANY_MARKET:
        return None
    return name in _US_MARKETS or name.partition(".")[0] in _US_MARKETS


def is_over_the_counter(exchange: str) -> bool:
    """Return whether TWS's exchange name is a market of shares that no US exchange lists."""
    return exchange.strip().upper().partition(".")[0] in _OVER_THE_COUNTER


class Unpriced(Enum):
    """Why HAMMER is not asked for a price."""

    NO_NAME = auto()
    NO_FULL_NAME = auto()
    NO_KIND = auto()
    KIND = auto()
    CURRENCY = auto()
    ABROAD = auto()
    IBKRS_OWN = auto()
    UNKNOWN = auto()
    NAMESAKE = auto()


@lru_cache(maxsize=16_384)
def unpriced(instrument: Instrument) -> Unpriced | None:
    """Return why HAMMER's symbol may mean something else; ``None`` for a share listed at a US market.

    HAMMER knows options, futures and foreign shares by other names or not at all, and the same letters may be
    another company's symbol there. The trader's own table may override this for a share in US dollars.
    Instruments that HAMMER itself holds carry HAMMER's own name.
    """
    if instrument.is_nameless:
        return Unpriced.NO_NAME
    if not instrument.kind:
        return Unpriced.NO_KIND
    if instrument.kind != "STK":
        return Unpriced.KIND
    if instrument.currency != "USD":
        return Unpriced.CURRENCY
    is_of_hammer = not instrument.con_id and not instrument.exchange
    if is_of_hammer or instrument.is_named_by_trader:
        return None
    if not instrument.is_full_name:
        return Unpriced.NO_FULL_NAME
    if instrument.has_namesake:
        return Unpriced.NAMESAKE
    match is_us_market(instrument.exchange):
        case True:
            return None
        case None:
            return Unpriced.UNKNOWN
    return Unpriced.IBKRS_OWN if instrument.exchange.strip().upper() in _IBKRS_OWN else Unpriced.ABROAD


def is_priced_in_currency(kind: str, currency: str) -> bool:
    """Return whether a price of 1 is one unit of the currency, without knowing the contract's details.

    London's shares are quoted in pence, grains in cents and bonds in percent of par, so only US dollars
    qualify.
    """
    return kind in _PRICED_IN_CURRENCY and currency == "USD"
