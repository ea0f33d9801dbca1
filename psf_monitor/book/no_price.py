"""Why a row has no price: one sentence for the window, the snapshot and the API.

Whether an existing price is old is decided in ``hammer/prices/freshness``.
"""

from psf_monitor.book.rows import OrderRow, PositionRow, QuoteState
from psf_monitor.domain.listing import Unpriced
from psf_monitor.domain.order_standing import MarketPosition
from psf_monitor.domain.valuation import is_crossed


def why_no_price(row: PositionRow | OrderRow) -> str:
    """Return why a row has no price, or no usable one; empty if it has one, live or frozen."""
    if row.unpriced is Unpriced.CURRENCY and not row.currency.strip():
        return "TWS does not say in which currency, HAMMER is not asked"
    if row.unpriced is not None:
        return _NOT_REQUESTED[row.unpriced].format(row=row)
    match row.quote_state:
        case QuoteState.OFF:
            return "HAMMER is not connected"
        case QuoteState.WAITING:
            return "no price from HAMMER yet"
        case QuoteState.MISSING:
            return f"HAMMER does not know {row.hammer_symbol or row.symbol}"
    if isinstance(row, OrderRow):
        return _NO_DISTANCE if row.market_position is MarketPosition.CROSSED else ""
    if row.mark is not None:
        return ""
    return _CROSSED if is_crossed(row.bid, row.ask) else _MISSING


_NO_DISTANCE = "bid above ask, nothing to measure a distance from"
_CROSSED = "bid above ask and no last, nothing to value it at"
_MISSING = "HAMMER has not reported all of bid, ask and last yet"
_NOT_REQUESTED = {
    Unpriced.NO_NAME: "TWS does not say what it is called, HAMMER is not asked",
    Unpriced.KIND: "no share, HAMMER is not asked",
    Unpriced.CURRENCY: "quoted in {row.currency}, HAMMER is not asked",
    Unpriced.ABROAD: "listed at {row.exchange}, not at a US market: HAMMER is not asked",
    Unpriced.IBKRS_OWN: "at {row.exchange}, IBKR's own venue for what is not traded: HAMMER is not asked",
    Unpriced.UNKNOWN: "TWS does not say where it is listed, HAMMER is not asked",
}
