"""Alerts over a real book and links that stand where a test puts them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from psf_monitor.alerts.store import AlertStore
from psf_monitor.alerts.watch import AlertWatch
from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.alerts.alert import Alert, AlertKind, Direction, Fired
from psf_monitor.domain.orders.order import Order
from psf_monitor.problem import Problem
from tests.support.records import GUN, Clock, position
from tests.ui.window import PosedLink, quote

CIM = "CIM PRB"


PRICE = Alert(0, AlertKind.PRICE, CIM, "last", Direction.UP, 24.5)


NOTHING = Problem("Gone.", "It was closed.", "", "Lost", "")


async def _never() -> None:
    raise AssertionError("no test lets a link run")


class WatchedBook:
    """A book, its links, and the alerts over them; nothing is on but what a test sets."""

    def __init__(self, path: Path | None = None, *, is_empty: bool = True) -> None:
        self.clock = Clock()
        self.links = {mode: PosedLink(mode.value, "127.0.0.1:1", _never, self.clock) for mode in AccountMode}
        self.path = path
        self.fired: list[Fired] = []
        self.start()
        for alert in self.alerts.alerts if is_empty else ():
            self.alerts.remove(alert.alert_id)

    def start(self, orders: Sequence[Order] = ()) -> None:
        """A new process over the same file, which finds the account as it is."""
        self.book = Book(self.clock)
        self.fills = Fills(self.clock)
        store = AlertStore(self.path)
        self.alerts = AlertWatch(self.book, self.fills, self.links, self.clock, store)
        self.alerts.when_fired(self.fired.append)
        self.book.accounts_named(GUN, ["U1240821"])
        self.book.positions_replaced(GUN, [position(CIM, 3000, 23.0)])
        self.book.orders_replaced(GUN, orders)
        self.book.quotes_live()

    def price(self, last: float | None, symbol: str = CIM, **more: Any) -> None:
        self.book.quotes_changed({symbol: quote(self.clock, more.pop("bid", 24.4), 24.7, last, **more)})

    @property
    def texts(self) -> list[str]:
        return [fired.text for fired in self.fired]
