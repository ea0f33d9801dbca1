"""A book that earns by the executions of one login."""

from collections.abc import Collection
from datetime import datetime, timedelta

from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from psf_monitor.domain.account import AccountMode, AccountSummary
from psf_monitor.domain.fills.fill import Fill, ListReach
from psf_monitor.domain.fills.journal_records import HeldPosition, Snapshot, SnapshotKind
from psf_monitor.domain.position import PositionKey
from psf_monitor.domain.quote import Quote
from tests.support.records import GUN, NOON, Clock, instrument, position

OPEN = NOON - timedelta(hours=2, minutes=30)
CIM = "CIM PRB"
ACCOUNT = "U1240821"
CLOSE, MARK = 24.0, 25.0
KEY = PositionKey(ACCOUNT, instrument(CIM).con_id)


class TradedBook:
    """A book that earns by the executions of one login, quoted."""

    def __init__(
        self, held: float = 1000, at: datetime = NOON, *, absent: Collection[AccountMode] = ()
    ) -> None:
        self.clock = Clock(at)
        self.book, self.fills = Book(self.clock, absent=absent), Fills(self.clock)
        self.book.attach_fills(self.fills)
        self.book.accounts_named(GUN, [ACCOUNT])
        self.load(held)
        self.quote()

    def hold(self, quantity: float) -> None:
        self.book.position_changed(GUN, position(CIM, quantity))

    def load(self, held: float) -> None:
        self.book.positions_replaced(GUN, [position(CIM, held)] if held else [])

    def quote(self, price: float = MARK) -> None:
        self.book.quotes_live()
        known = Quote(bid=price, ask=price, last=price, prev_close=CLOSE, received_at=self.clock())
        self.book.quotes_changed({CIM: known})

    def list_whole(self, *fills: Fill, reach: ListReach | None = None) -> None:
        self.fills.fills_reported(GUN, fills)
        self.fills.fills_listed(GUN, [ACCOUNT], reach or ListReach())

    @property
    def pnl(self) -> float | None:
        rows = self.book.position_rows()
        return rows[0].day_pnl if rows else None

    @property
    def why(self) -> str:
        return self.book.position_rows()[0].day_why


def snapshot(held: float | None, at: datetime = OPEN, *, is_current: bool = True) -> Snapshot:
    kept = HeldPosition(ACCOUNT, KEY.con_id, CIM, "USD", 1.0, held, 23.5, CLOSE, "LIVE", None, None, None)
    values = (AccountSummary(GUN, ACCOUNT, "USD", 1.0),)
    return Snapshot(at, SnapshotKind.OPEN, GUN, is_current, (kept,) if held != 0 else (), values)
