"""Days of a journal, and the fills of one."""

from datetime import UTC, date, datetime, timedelta

from psf_monitor.domain.fills.coverage import Coverage
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.domain.fills.journal_records import RecordedDay
from tests.support.fill_records import fill
from tests.support.records import GUN, PED
from tests.ui.window import ACCOUNTS

TODAY = date(2026, 9, 18)


YESTERDAY = date(2026, 9, 17)


MONDAY = date(2026, 9, 14)


CLOSE = datetime(2026, 9, 17, 20, 0, 5, tzinfo=UTC)


def watched(mode_account: str, until: datetime = CLOSE) -> Coverage:
    mode = PED if mode_account == ACCOUNTS[PED] else GUN
    return Coverage(until.date(), mode, mode_account, until - timedelta(hours=6), until)


BOUGHT = fill("y.1", "MS PRK", "BUY", 300, 24.9, at=CLOSE - timedelta(hours=3), commission=1.0)


SOLD = fill(
    "y.2", "GS PRA", "SELL", 200, 22.0, at=CLOSE - timedelta(hours=2), commission=1.25, realized_pnl=83.5
)


COVERED = fill(
    "y.3", "T PRC", "BUY", 100, 19.0, at=CLOSE - timedelta(hours=1), commission=0.5, realized_pnl=-20.0
)


OF_PED = fill("y.4", "CIM PRB", at=CLOSE - timedelta(hours=1), account=ACCOUNTS[PED], mode=PED)


def recorded_day(day: date, *fills: Fill, seen: tuple[Coverage, ...] = ()) -> RecordedDay:
    return RecordedDay(day, fills, seen, ())
