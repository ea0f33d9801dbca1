"""Fields that several records share."""

from datetime import date, datetime

from psf_monitor.domain.facts import Fact, ShareFacts
from psf_monitor.domain.orders.order import HasOrderIds


def facts_of(facts: ShareFacts | None) -> dict[str, float | str] | None:
    """Return the facts by title: percents as numbers, dates as ISO 8601, unreadable ones as written."""
    if facts is None:
        return None
    return {fact.title: _fact(fact) for fact in facts.cells.values()}


def _fact(fact: Fact) -> float | str:
    if fact.value is None:
        return fact.text
    return fact.value.isoformat() if isinstance(fact.value, date) else fact.value


def order_id_of(known: HasOrderIds) -> int | str:
    """Return HAMMER's id of an order, or TWS's order id, which is 0 or below for an order of TWS itself."""
    return known.hammer_id or known.order_id


def time_text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
