"""Why a row has no price: one sentence for the window, the snapshot and the API.

Whether an existing price is old is decided in ``hammer/prices/freshness``.
"""

from psf_monitor.book.rows import OrderRow, PositionRow, QuoteState
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.listing_exchange import Unpriced
from psf_monitor.domain.orders.order_standing import MarketPosition
from psf_monitor.domain.valuation import is_crossed, is_stub


def why_no_price(row: PositionRow | OrderRow) -> str:
    """Return why a row has no price, or no usable one; empty if it has one, live or frozen."""
    if row.unpriced is not None:
        is_unknown = row.unpriced is Unpriced.CURRENCY and not row.currency.strip()
        is_not = "it is not" if row.mode is AccountMode.HAMMER_PRO else "HAMMER is not"
        why = _NO_CURRENCY if is_unknown else _NOT_REQUESTED[row.unpriced]
        return why.format(row=row, source=row.mode.source, is_not=is_not)
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
    if is_crossed(row.bid, row.ask):
        return _CROSSED
    if row.last is None and is_stub(row.bid, row.ask, row.prev_close):
        return _LONE_STUB if None in (row.bid, row.ask) else _STUB
    return _MISSING


_NO_DISTANCE = "bid above ask, nothing to measure a distance from"
_CROSSED = "bid above ask and no last, nothing to value it at"
_STUB = "bid and ask too far apart for a price between them, and no last to value it at"
_LONE_STUB = "only a bid or ask, far from the previous close, and no last to value it at"
_MISSING = "HAMMER has not reported all of bid, ask and last yet"
_NO_CURRENCY = "{source} does not say in which currency, {is_not} asked"
_NOT_REQUESTED = {
    Unpriced.NO_NAME: "{source} does not say what it is called, {is_not} asked",
    Unpriced.NO_FULL_NAME: "{source} names the issuer, {row.symbol}, but not which of its shares: "
    "{is_not} asked",
    Unpriced.NO_KIND: "{source} does not say what kind of contract it is, {is_not} asked",
    Unpriced.KIND: "no share, HAMMER is not asked",
    Unpriced.CURRENCY: "quoted in {row.currency}, HAMMER is not asked",
    Unpriced.ABROAD: "listed at {row.exchange}, not at a US market: HAMMER is not asked",
    Unpriced.IBKRS_OWN: "at {row.exchange}, IBKR's own venue for what is not traded: HAMMER is not asked",
    Unpriced.NAMESAKE: "another contract at IBKR is called {row.symbol}, too: HAMMER's may be that one",
    Unpriced.UNKNOWN: "{source} does not say where it is listed, {is_not} asked",
}
