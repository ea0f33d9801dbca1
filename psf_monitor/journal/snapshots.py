"""Snapshots of a profile's positions, with the prices at which they are shown."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from psf_monitor.book.book import Book
from psf_monitor.book.rows import PositionRow
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.journal_records import HeldPosition, Snapshot, SnapshotKind
from psf_monitor.domain.market_hours import new_york, session_of

OPEN_GRACE = timedelta(minutes=15)
"""Later than this after the open, positions are no longer those held at the open."""


def due_kinds(now: datetime) -> Iterator[SnapshotKind]:
    """Yield the kinds that are due now: the open for a while, the close until New York's midnight."""
    session = session_of(new_york(now).date())
    if session is not None:
        if session[0] <= now < session[0] + OPEN_GRACE:
            yield SnapshotKind.OPEN
        if now >= session[1]:
            yield SnapshotKind.CLOSE


def snapshot_of(
    book: Book, mode: AccountMode, kind: SnapshotKind, now: datetime, *, is_current: bool
) -> Snapshot:
    """Return the positions and account values of one profile as they are now."""
    return Snapshot(
        at=now,
        kind=kind,
        mode=mode,
        is_current=is_current,
        positions=tuple(_held(row) for row in book.position_rows() if row.mode is mode),
        values=tuple(book.summaries(mode)),
        values_as_of=book.strip(mode).as_of,
    )


def _held(row: PositionRow) -> HeldPosition:
    return HeldPosition(
        account=row.account,
        con_id=row.key.con_id,
        # Without a conId the kind, the currency and the market are part of the name.
        symbol=row.symbol if row.key.con_id else row.key.symbol,
        currency=row.currency,
        multiplier=row.multiplier,
        quantity=row.quantity,
        average_price=row.average_price,
        mark=row.mark,
        mark_state=row.quote_state.name,
        market_value=row.market_value,
        unrealized_pnl=row.unrealized_pnl,
        stale_since=row.stale_since,
    )
