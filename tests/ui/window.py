"""A window on a real book, with links that stand where a test puts them."""

from datetime import timedelta
from typing import Any

from PySide6.QtWidgets import QApplication, QWidget

from psf_monitor import formatting
from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from psf_monitor.book.sums.totals import Totals
from psf_monitor.connection.progress import Progress
from psf_monitor.connection.status import LinkState, LinkStatus
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.account import AccountMode, AccountSummary
from psf_monitor.domain.orders.order import Order
from psf_monitor.domain.position import Position
from psf_monitor.domain.quote import Quote
from psf_monitor.problem import Problem
from tests.support.make_window import make_window
from tests.support.records import GUN, PED, Clock, order, position

HAMMER = AccountMode.HAMMER_PRO
ENDPOINTS = {GUN: "127.0.0.1:7497", PED: "127.0.0.1:7496", HAMMER: "127.0.0.1:16400"}
CLIENT_IDS = {GUN: 11, PED: 12, HAMMER: None}
ACCOUNTS = {GUN: "U1240821", PED: "U7654037"}


class PosedLink(Link):
    """A real link whose status a test sets; ``cut_short`` counts the asks to retry at once."""

    cut_short = 0

    def be(self, state: LinkState, **details: Any) -> None:
        before = self.status
        self._set(
            LinkStatus(
                state, details.pop("since", before.since), before.endpoint, before.client_id, **details
            )
        )

    def retry_now(self) -> None:
        self.cut_short += 1


async def _never() -> None:
    raise AssertionError("no test lets a link run")


class WindowUnderTest:
    """What the trader sits at."""

    def __init__(
        self, *, theme: str | None = "dark", demo: bool = False, expects_paper: bool = False, **more: Any
    ) -> None:
        self.clock = Clock()
        self.book = Book(self.clock)
        self.fills = Fills(self.clock)
        self.links = {
            mode: PosedLink(mode.value, ENDPOINTS[mode], _never, self.clock) for mode in (GUN, PED, HAMMER)
        }
        for mode, link in self.links.items():
            link.retarget(ENDPOINTS[mode], CLIENT_IDS[mode])
        self.window = make_window(
            self.book,
            self.links,
            self.clock,
            fills=self.fills,
            theme=theme,
            demo=demo,
            expects_paper={GUN: expects_paper, PED: expects_paper},
            **more,
        )

    def open(
        self,
        mode: AccountMode,
        positions: list[Position] | None = None,
        orders: list[Order] | None = None,
        *,
        account: str | None = None,
        net_liquidation: float = 1_284_310.0,
    ) -> None:
        """The login is there with all that it holds."""
        account = account or ACCOUNTS[mode]
        self.book.accounts_named(mode, [account])
        self.book.positions_replaced(mode, positions or [])
        self.book.orders_replaced(mode, orders or [])
        summary = AccountSummary(mode, account, "USD", net_liquidation, 402_118.0)
        self.book.summaries_replaced(mode, [summary])
        self.links[mode].be(LinkState.READY, accounts=(account,), up_since=self.clock())

    def quote(self, **quotes: Quote) -> None:
        """HAMMER speaks: ``CIM_PRB=quote(..)``."""
        self.book.quotes_live()
        self.book.symbols_requested({name.replace("_", " "): name for name in quotes})
        self.book.quotes_changed({name.replace("_", " "): quote for name, quote in quotes.items()})
        self.links[HAMMER].be(LinkState.READY, progress=Progress(quoted=len(quotes), symbols=len(quotes)))

    def lose_hammer(self) -> None:
        """HAMMER closed the line just now."""
        now = self.clock()
        self.book.quotes_frozen(now)
        problem = Problem("Quotes frozen.", "HAMMER closed the connection.", "", "Lost", "")
        retry_at = now + timedelta(seconds=8)
        self.links[HAMMER].be(
            LinkState.RECONNECTING, since=now, lost_at=now, attempt=3, retry_at=retry_at, problem=problem
        )

    def wait(self, seconds: float = 1.0) -> None:
        """The clock moves on and the window's second comes round."""
        self.clock.advance(seconds)
        self.window.show_now()

    def cell(self, key: str, place: int = 0) -> str:
        """The text of a cell of the positions table."""
        model = self.window.positions.model
        return model.cell(model.line(place), model.table.index(key)).text

    def order_cell(self, key: str, place: int = 0) -> str:
        model = self.window.orders.model
        return model.cell(model.line(place), model.table.index(key)).text


def has_keys(window: QWidget) -> bool:
    """Return whether keys go to it: Windows calls a window active before Qt is notified."""
    return QApplication.activeWindow() is window.window()


def quote(
    clock: Clock, bid: float | None = 24.52, ask: float | None = 24.6, last: float | None = 24.55, **more: Any
) -> Quote:
    now = clock()
    details = {"prev_close": 24.47, "bid_size": 600.0, "ask_size": 400.0, "changed_at": now, **more}
    return Quote(bid=bid, ask=ask, last=last, received_at=now, **details)


PROBLEM = Problem(
    what="Nothing answers at 127.0.0.1:7497.",
    why="TWS is not running, its API is off, or it uses another port.",
    to_do="Start TWS and log in.",
    cause="Nothing answers",
    remedy="start TWS, compare the port",
    code=502,
)


def fill(ui: WindowUnderTest) -> None:
    """Both accounts with positions and orders, and HAMMER with a price for all but one."""
    ui.open(
        GUN,
        [
            position("CIM PRB", 3000, 23.4186),
            position("GS PRA", -800, 21.642),
            position("TWO PRB", 1000, 22.4),
        ],
        [order("CIM PRB", limit_price=24.52), order("GS PRA", "SELL", 100, 22.05, perm_id=9002, filled=30)],
    )
    ui.open(PED, [position("CIM PRB", 1400, 23.902, account="U7654037", mode=PED)])
    ui.quote(CIM_PRB=quote(ui.clock), GS_PRA=quote(ui.clock, 21.97, 22.02, 22.0, prev_close=21.88))
    ui.book.symbols_requested({"CIM PRB": "CIM-B", "GS PRA": "GS-A", "TWO PRB": "TWO-B"})
    ui.book.symbols_refused(frozenset({"TWO PRB"}))
    ui.window.show_now()


def symbols(ui: WindowUnderTest) -> list[str]:
    return [ui.cell("symbol", place) for place in range(ui.window.positions.model.shown_count)]


def total(ui: WindowUnderTest) -> dict[str, str]:
    row = ui.window.positions.frame.total
    assert row is not None
    return {key: text for key, (text, _tone) in row.figures.figures.items()}


def as_shown(totals: Totals) -> dict[str, str]:
    return {
        "cost_basis": formatting.money(totals.cost_basis),
        "market_value": formatting.money(totals.market_value),
        "unrealized_pnl": formatting.signed_money(totals.unrealized_pnl),
        "pnl_pct": formatting.percent(totals.pnl_pct),
        "day_pnl": formatting.signed_money(totals.day_pnl),
    }
