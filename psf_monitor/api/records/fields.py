"""Fields that several records have."""

from datetime import date, datetime

from psf_monitor.domain.facts import Fact, ShareFacts


def facts_of(facts: ShareFacts | None) -> dict[str, float | str] | None:
    """By title; percents as numbers, dates as ISO 8601, what is not read as it stands."""
    if facts is None:
        return None
    return {fact.title: _fact(fact) for fact in facts.cells.values()}


def _fact(fact: Fact) -> float | str:
    if fact.value is None:
        return fact.text
    return fact.value.isoformat() if isinstance(fact.value, date) else fact.value


def time_text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
