"""The state of each connection in numbers: states, latency, counts and ages."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from psf_monitor.api import snapshot_records
from psf_monitor.api.response_models import LinkHealth
from psf_monitor.api.source import Source
from psf_monitor.book.rows import PositionRow, QuoteState
from psf_monitor.domain.account import AccountMode


@dataclass(frozen=True, slots=True)
class ProcessHealth:
    """What ``/health`` reports about psf_monitor itself: why executions are not being written, if so, and how
    the previous run ended, if it ended badly.
    """

    journal_problem: Callable[[], str | None] = lambda: None
    last_crash: str | None = None


def of_links(source: Source) -> dict[str, LinkHealth]:
    """Return the current state of every connection."""
    now = source.clock()
    rows = source.book.position_rows()
    return {mode.value: _of_link(source, mode, rows, now) for mode in source.links}


def _of_link(source: Source, mode: AccountMode, rows: list[PositionRow], now: datetime) -> LinkHealth:
    book, status = source.book, source.links[mode].status
    record = snapshot_records.link(book, mode, status)
    is_hammer = mode is AccountMode.HAMMER_PRO
    changed_at = max((row.quote_changed_at for row in rows if row.quote_changed_at), default=None)
    live = {row.priced_as for row in rows if row.quote_state is QuoteState.LIVE}
    return LinkHealth(
        state=record.state,
        connected=record.connected,
        error=record.error,
        latency_ms=record.latency_ms,
        attempt=status.attempt,
        state_s=_age_s(status.since, now) or 0.0,
        up_s=_age_s(status.up_since, now),
        accounts=len(book.account_state(mode).accounts),
        positions=len(snapshot_records.position_rows(book, (mode,))),
        orders=len(snapshot_records.order_rows(book, (mode,))),
        orders_list_s=_age_s(book.account_state(mode).orders_checked_at, now),
        symbols_wanted=len(book.wanted_symbols) if is_hammer else None,
        quotes_live=len(live) if is_hammer else None,
        newest_quote_s=_age_s(changed_at, now) if is_hammer else None,
        simulated=status.shows_simulated,
    )


def _age_s(at: datetime | None, now: datetime) -> float | None:
    return None if at is None else round((now - at).total_seconds(), 3)
