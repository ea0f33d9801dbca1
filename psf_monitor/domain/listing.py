"""Where something is listed and in which unit its price is, as far as TWS's words tell. Pure.

Source: TWS API, the names of exchanges in contracts, and IBKR's list of products by exchange.
"""

_US_MARKETS = frozenset(
    {
        *("NYSE", "NASDAQ", "ARCA", "AMEX", "BATS", "IEX", "LTSE", "MEMX", "PEARL", "TXSE"),
        *("ISLAND", "BYX", "EDGEA", "DRCTEDGE", "BEX", "PSX", "PHLX", "CHX", "NYSENAT", "NYSEFLOOR", "CBSX"),
        *("PINK", "OTC", "OTCBB", "OTCQX", "OTCQB", "OTCLNKECN", "OTCLINK", "GREY", "OVERNIGHT", "IBEOS"),
    }
)
"""Where US shares are listed or traded: the markets that HAMMER quotes."""

_ANY_MARKET = frozenset({"", "SMART", "BEST", "IBKRATS", "IBALGO", "IBDARK", "JEFFALGO", "CSFBALGO"})
"""Ways to a market: they do not say where something is listed."""

_PRICED_IN_CURRENCY = frozenset({"STK", "OPT", "CASH", "CRYPTO", "FUND", "BAG"})


def is_us_market(exchange: str) -> bool | None:
    """Whether TWS's word is one of a US market; ``None`` when it does not say which market is meant.

    The tiers of a market stand behind a period, ``NASDAQ.NMS``.
    """
    name = exchange.strip().upper()
    if name in _ANY_MARKET:
        return None
    return name in _US_MARKETS or name.partition(".")[0] in _US_MARKETS


def is_priced_in_currency(kind: str, currency: str) -> bool:
    """Whether one unit of the price is one of the currency, without asking what the contract is.

    London's shares are in pence, grains in cents, bonds in per cent of par, so that only US dollars count.
    """
    return kind in _PRICED_IN_CURRENCY and currency == "USD"
