"""The shares that were closed today: they have no row but belong to the day's sums."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from psf_monitor.book.day.day_book import DayBook
from psf_monitor.book.quotes import Quotes
from psf_monitor.book.row_figures import CLOSE_IN_DOUBT
from psf_monitor.book.rows import ClosedToday, QuoteState
from psf_monitor.domain import day_pnl, valuation
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.rules import Rules


class ClosedShares(NamedTuple):
    """The sources: the day book, prices, and the listing that prices a contract."""

    day: DayBook
    prices: Quotes
    listing: Callable[[Instrument, str], Instrument]


def closed_today(shares: ClosedShares, rules: Rules) -> Iterator[ClosedToday]:
    """Yield every contract that was traded today, or left without an execution, and that is not held."""
    for mode, key, instrument, known in shares.day.closed():
        quote, state = shares.prices.of(shares.listing(instrument, key.account))
        close = quote.prev_close if quote else None
        marked = valuation.mark(quote, rules.mark) if quote and state is QuoteState.LIVE else None
        found = None
        is_doubtful = quote is not None and quote.is_close_doubtful
        if known.opening is not None and not (is_doubtful and known.opening.quantity):
            price = marked[0] if marked else None
            point = instrument.point_value
            found = day_pnl.day_pnl(known.opening.quantity, known.traded, point, price, close)
        why = known.why
        if found is None and not why and not known.traded.fills:
            # Whether it left without an execution is not decided yet.
            continue
        if found is None and not why:
            why = "HAMMER has not reported its previous close" if close is None else "it has no price"
            why = CLOSE_IN_DOUBT if is_doubtful else why
        yield ClosedToday(
            key=key,
            mode=mode,
            account=key.account,
            symbol=instrument.symbol,
            currency=instrument.currency,
            opening=known.opening,
            traded=known.traded,
            prev_close=close,
            day_pnl=None if found is None else found.pnl,
            why=why,
            basis=shares.day.basis(mode, instrument),
            quote_state=state,
        )
