"""What the tests of the journal write into it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.coverage import Coverage
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.domain.fills.journal_records import RecordedFill
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.market_hours import new_york
from tests.support.fill_records import fill
from tests.support.records import GUN, NOON

TODAY = new_york(NOON).date()


def recorded_fill(fill_id: str = "0001", first_seen_at: datetime = NOON, **details: Any) -> RecordedFill:
    return RecordedFill(fill(fill_id, **details), first_seen_at)


def reported(fill_id: str = "0001", realized_pnl: float | None = None, **details: Any) -> Fill:
    """An execution with its cost."""
    return fill(fill_id, commission=1.25, realized_pnl=realized_pnl, **details)


def coverage(first_at: datetime, last_at: datetime, account: str = "U1240821") -> Coverage:
    return Coverage(new_york(last_at).date(), GUN, account, first_at, last_at)


_texts = st.text(max_size=12)
_whole = st.integers(-(2**70), 2**70)
_figures = st.none() | st.floats(allow_nan=False, allow_infinity=False)
_times = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001

fills = st.builds(
    Fill,
    mode=st.sampled_from(AccountMode),
    account=_texts,
    instrument=st.builds(
        Instrument,
        con_id=_whole,
        symbol=_texts,
        kind=_texts,
        currency=_texts,
        exchange=_texts,
        multiplier=_figures,
        price_unit=_figures,
        legs=_texts,
    ),
    fill_id=_texts,
    revision=st.integers(0, 2**70),
    broker_id=_texts,
    at=st.none() | _times,
    side=_texts,
    quantity=_figures,
    price=_figures,
    venue=_texts,
    order_id=_whole,
    perm_id=_whole,
    client_id=st.none() | _whole,
    hammer_id=_texts,
    commission=_figures,
    commission_currency=st.none() | _texts,
    realized_pnl=_figures,
    reported_time=_texts,
    is_liquidation=st.booleans(),
    liquidity=_texts,
    model=_texts,
)
"""Executions, including ones that no broker would report."""

recorded_fills = st.builds(RecordedFill, fill=fills, first_seen_at=_times)

A_YEAR_AGO = NOON - timedelta(days=365)
