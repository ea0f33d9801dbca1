"""An adapter that asks for HAMMER's own account, and what the book shows of it."""

from dataclasses import replace

from psf_monitor.book.book import Book
from psf_monitor.book.rows import OrderRow, PositionRow
from psf_monitor.connection.backoff import Backoff
from psf_monitor.connection.fill_sink import FillSink
from psf_monitor.domain.account import AccountMode
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.hammer.sink import HammerSinks
from psf_monitor.hammer.timing import HammerTiming
from psf_monitor.settings import HammerProfile
from psf_monitor.sim.hammer.server import SimHammer
from tests.hammer.passing_time import WatchedClock
from tests.hammer.running_adapter import QUICK, follow

MODE = AccountMode.HAMMER_PRO


NUMBER = "TOPI000000A1"
HELD = {"NLY PRG": (500.0, 25.02), "GS PRA": (-200.0, 22.31)}


def adapter_of(
    hammer: SimHammer,
    book: Book,
    clock: WatchedClock,
    account_key: str = "",
    fills: FillSink | None = None,
    timing: HammerTiming = QUICK,
) -> HammerAdapter:
    adapter = HammerAdapter(
        HammerProfile("127.0.0.1", hammer.port, "demo", account_key=account_key),
        HammerSinks(book, account=book, fills=fills),
        clock,
        timing=replace(timing, backoff=Backoff(first_s=0.02, most_s=0.05)),
        elapsed_s=clock.elapsed_s,
    )
    follow(book, adapter)
    clock.watch(adapter.link, hammer)
    return adapter


def held(book: Book) -> dict[str, tuple[float | None, float | None]]:
    return {symbol: (row.quantity, row.average_price) for symbol, row in rows(book).items()}


def rows(book: Book) -> dict[str, PositionRow]:
    book.drain()
    return {row.symbol: row for row in book.position_rows() if row.mode is MODE}


def orders(book: Book) -> dict[str, OrderRow]:
    book.drain()
    found = (row for row in book.order_rows() if row.mode is MODE)
    return {row.hammer_id: row for row in sorted(found, key=lambda row: row.hammer_id)}


def is_loaded(book: Book) -> bool:
    state = book.account_state(MODE)
    return state.is_loaded and state.orders_checked_at is not None and bool(book.summaries(MODE))
