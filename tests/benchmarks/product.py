"""The product as the benchmarks run it: the real window, over a book that is fed or over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Any

from msgspec import UNSET
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from psf_monitor.book.book import Book
from psf_monitor.connection.backoff import Backoff
from psf_monitor.connection.status import LinkState
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.position import Position
from psf_monitor.hammer.prices.l1_update import L1Update
from psf_monitor.hammer.prices.quote_cache import QuoteCache
from psf_monitor.hammer.symbols import SymbolTable
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.runtime.timing import MonitorTiming
from psf_monitor.settings import HammerProfile, IbkrProfile, Settings
from psf_monitor.ui.base.garbage import collected_by_the_window
from psf_monitor.ui.shell.main_window import MainWindow
from psf_monitor.ui.table.panel import TablePanel
from tests.benchmarks.market import CLIENT_ID, name_of, trading_clock
from tests.benchmarks.peers import COST, SHARES, Peer, Tick
from tests.support.make_window import make_window

GUN, PED, HAMMER = AccountMode.IBKR_GUN, AccountMode.IBKR_PED, AccountMode.HAMMER_PRO
PATIENCE_S = 60.0


async def _never() -> None:
    raise AssertionError("no benchmark of a table connects")


def shown_bids(panel: TablePanel[Any]) -> Iterable[tuple[str, float]]:
    """Symbol and bid of the lines on the screen."""
    model = panel.model
    places = panel.view.visible_rows
    for place in range(places.start, min(places.stop, model.shown_count)):
        row = model.line(place).row
        if row.bid is not None:
            yield row.symbol, row.bid


def sort_by_profit(window: MainWindow) -> None:
    """By the figure that every tick moves, the best first."""
    view = window.positions.view
    view.sortByColumn(window.positions.model.table.index("unrealized_pnl"), Qt.SortOrder.DescendingOrder)


class Product(Peer):
    """The real window and book, fed where the socket's turn of decoded messages comes in."""

    name = "psf_monitor"

    def __init__(self, rows: int) -> None:
        self.book = Book(trading_clock)
        links = {mode: Link(mode.value, "127.0.0.1:1", _never, trading_clock) for mode in (GUN, PED, HAMMER)}
        self.window = make_window(self.book, links, trading_clock)
        self.widget = self.window
        symbols = SymbolTable(MappingProxyType({}))
        names = [name_of(number) for number in range(rows)]
        symbols.set_wanted(names)
        self._hammer_symbols = [symbols.requested[name] for name in names]
        self._number_of = {name: number for number, name in enumerate(names)}
        self._quotes = QuoteCache(symbols, self.book)
        self.book.accounts_named(GUN, ["U1240821"])
        self.book.positions_replaced(
            GUN,
            [
                Position(GUN, "U1240821", Instrument(number + 1, name, exchange="NYSE"), SHARES, COST)
                for number, name in enumerate(names)
            ],
        )
        self.book.symbols_requested(symbols.requested)
        self._quotes.go_live()
        self.window.show_now()
        sort_by_profit(self.window)

    def prepared(self, made: Sequence[Tick]) -> list[Any]:
        names = self._hammer_symbols
        return [L1Update(names[t.number], t.bid, t.ask, 100.0, 100.0, t.last, UNSET, UNSET, "") for t in made]

    def take(self, updates: Sequence[Any]) -> None:
        self._quotes.apply_all(updates, trading_clock())

    def end_turn(self) -> None:
        self._quotes.flush()

    def shown(self) -> Iterable[tuple[int, float]]:
        return ((self._number_of[name], bid) for name, bid in shown_bids(self.window.positions))

    @property
    def viewport(self) -> QWidget:
        return self.window.positions.view.viewport()


def settings_for(ports: dict[str, int]) -> Settings:
    return Settings(
        ibkr={
            GUN: IbkrProfile(GUN, "127.0.0.1", ports["gun"], CLIENT_ID),
            PED: IbkrProfile(PED, "127.0.0.1", ports["ped"], CLIENT_ID),
        },
        hammer=HammerProfile("127.0.0.1", ports["hammer"], "demo"),
    )


async def until(condition: Callable[[], object], what: str, patience_s: float = PATIENCE_S) -> None:
    """Return as soon as it is true; ``TimeoutError`` names what did not come."""
    try:
        async with asyncio.timeout(patience_s):
            while not condition():  # noqa: ASYNC110 - conditions are of every kind
                await asyncio.sleep(0.002)
    except TimeoutError:
        raise TimeoutError(f"{what} did not come in {patience_s:g} s") from None


@asynccontextmanager
async def opened(ports: dict[str, int]) -> AsyncIterator[tuple[Monitor, MainWindow]]:
    """The whole product in its window, served and not yet connected; closed and gone at the end."""
    settings = settings_for(ports)
    monitor = Monitor(settings, trading_clock, timing=MonitorTiming(backoff=Backoff(0.01, 0.05)))
    window = make_window(monitor.book, monitor.links, trading_clock, fills=monitor.fills)
    window.show()
    serving = asyncio.create_task(monitor.run())
    try:
        # As the product is run.
        with collected_by_the_window():
            yield monitor, window
    finally:
        window.close()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        window.deleteLater()
        await asyncio.sleep(0)


async def connected(monitor: Monitor, patience_s: float = PATIENCE_S) -> None:
    """Connect all three and wait until everything is loaded."""
    monitor.connect_all()
    links = monitor.links.values()
    await until(
        lambda: all(link.status.state is LinkState.READY for link in links), "every connection", patience_s
    )
    # Otherwise an answer of this frozen market may arrive after the stream and undo it.
    book = monitor.book
    await until(lambda: all(row.bid is not None for row in book.position_rows()), "the first quotes")
