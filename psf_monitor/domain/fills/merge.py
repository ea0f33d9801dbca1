"""Merge the reports of one execution, for the book, the journal and its file alike. Pure."""

from dataclasses import replace

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.domain.instrument import Instrument, with_terms

_MODES = tuple(AccountMode)


def merged_fill(known: Fill | None, received: Fill) -> Fill:
    """Return the execution after another report: a correction replaces it, a cost that arrives later is
    added.

    The cost of the original is not taken over by its correction. A readable time is kept if it is reported
    again in unreadable form, and so is the conId. If two profiles report it, it belongs to the first of them
    in the order of ``AccountMode``.
    """
    if known is None:
        return received
    latest, other = (received, known) if received.revision >= known.revision else (known, received)
    if latest.at is None and other.at is not None and other.reported_time:
        latest = replace(latest, at=other.at, reported_time=other.reported_time)
    if received.revision == known.revision and known.is_reported and not received.is_reported:
        latest = replace(
            latest,
            commission=known.commission,
            commission_currency=known.commission_currency,
            realized_pnl=known.realized_pnl,
        )
    if received.revision == known.revision:
        # What cannot be read a second time is still known.
        quantity = known.quantity if received.quantity is None else received.quantity
        price = known.price if received.price is None else received.price
        latest = replace(latest, quantity=quantity, price=price)
    if _is_named_by(other.instrument, latest.instrument):
        latest = replace(latest, instrument=other.instrument)
    latest = replace(latest, instrument=with_terms(latest.instrument, other.instrument))
    if known.mode is not received.mode:
        latest = replace(latest, mode=min(known.mode, received.mode, key=_MODES.index))
    return latest


def _is_named_by(one: Instrument, other: Instrument) -> bool:
    """Return whether ``one`` has the conId that ``other`` lacks, under the same name."""
    if other.con_id or not one.con_id or one.is_combination:
        return False
    return (one.symbol, one.kind, one.currency) == (other.symbol, other.kind, other.currency)
