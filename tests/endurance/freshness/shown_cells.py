"""What a window shows as current and its servers did not say: read from its own cells, and from the API.

Every function answers with complaints, whole sentences; none means that all is well.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from psf_monitor import formatting
from psf_monitor.api import snapshot_records
from psf_monitor.book.book import Book
from psf_monitor.book.rows import PositionRow
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain import market_hours
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.clock import TOLERANCE_S
from psf_monitor.formatting import DASH
from psf_monitor.hammer.prices.freshness import trading_day
from psf_monitor.sim.hammer.faults import SentPrice
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market, SimOrder
from psf_monitor.sim.tws.server import SimTws
from psf_monitor.ui.shell.main_window import MainWindow
from psf_monitor.ui.table.panel import TablePanel
from psf_monitor.ui.table.sorted_lines import Cell
from tests.support.records import GUN

Cells = dict[str, Cell]
Links = Mapping[AccountMode, Link]

SILENT_AFTER_S = 15.0
CONFIRMED_WITHIN_S = SILENT_AFTER_S + 5.0 + 25.0
"""During the session a live price was sent, or confirmed, this recently: silence, answer, some steps."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
CLOCK_SLACK = timedelta(seconds=TOLERANCE_S + 1)


@dataclass(frozen=True)
class Servers:
    """The truth: what both last sent. ``orders`` are permIds by symbol, ``clock`` is the product's own."""

    market: Market
    hammer: SimHammer
    tws: SimTws
    account: str
    orders: Mapping[str, int]
    clock: Callable[[], datetime]

    def reported(self, symbol: str) -> dict[str, SentPrice]:
        """Of each price what HAMMER sent last."""
        return self.hammer.sent_prices.get(self.market.security(symbol).hammer_symbol or "", {})

    def price(self, symbol: str, name: str) -> float | None:
        answer = self.reported(symbol).get(name)
        return None if answer is None else answer.price

    def reported_at(self, symbol: str) -> datetime:
        """Return when it last sent any price of it."""
        return max((each.at for each in self.reported(symbol).values()), default=_LONG_AGO)

    def mark(self, symbol: str) -> float:
        """Return last limited to bid and ask; 0 while one of them was not sent."""
        bid, ask, last = (self.price(symbol, name) or 0.0 for name in ("bid", "ask", "last"))
        return min(max(last, bid), ask)

    def held(self) -> dict[str, float]:
        return {h.security.local_symbol: h.quantity for h in self.market.holdings_of(self.account)}

    def order(self, symbol: str) -> SimOrder:
        return self.market.orders[self.orders[symbol]]


def lies(window: MainWindow, book: Book, links: Links, far: Servers) -> Iterator[str]:
    """Return everything that the window and the API show at this moment and that nobody sent."""
    window.show_now()
    positions = {cells["symbol"].text: cells for cells in _cells(window.positions)}
    rows = {row.symbol: row for row in book.position_rows()}
    yield from _hidden(positions, book, far)
    for symbol, cells in positions.items():
        yield from (f"{symbol}: {each}" for each in _position(symbol, cells, far))
        yield from (f"{symbol}: {each}" for each in _age(rows[symbol], cells, far))
    for cells in _cells(window.orders):
        yield from (f"order on {cells['symbol'].text}: {each}" for each in _order(cells, far))
    yield from _sums(window, positions, book)
    yield from _connections(window, positions, far)
    yield from _answered_to_programs(snapshot_records.snapshot(book, links, (GUN,)), far)


def _cells(panel: TablePanel[Any]) -> list[Cells]:
    model = panel.model
    return [
        {column.key: model.cell(model.line(place), n) for n, column in enumerate(model.table.columns)}
        for place in range(model.shown_count)
    ]


def _differs(cell: Cell, truth: str) -> bool:
    """Return whether a cell shows something untrue as current; a dash claims nothing."""
    return not cell.is_old and cell.text not in (DASH, truth)


def _hidden(positions: Mapping[str, Cells], book: Book, far: Servers) -> Iterator[str]:
    state = book.account_state(GUN)
    if state.is_loaded and state.stale_since is None:
        for symbol in far.held().keys() - positions.keys():
            yield f"{symbol} is held and not shown"


def _position(symbol: str, cells: Cells, far: Servers) -> Iterator[str]:
    held = far.held().get(symbol)
    if _differs(cells["quantity"], formatting.quantity(held)):
        yield f"quantity {cells['quantity'].text} is shown, {held} are held"
    for name in ("bid", "ask", "last"):
        price = far.price(symbol, name)
        if _differs(cells[name], formatting.price(price)):
            yield f"{name} {cells[name].text} is shown, {price} was reported"
    close = far.reported(symbol).get("prev_close")
    if _differs(cells["prev_close"], formatting.price(close and close.price)):
        yield f"previous close {cells['prev_close'].text} is shown, {close} was reported"
    is_reported = not cells["prev_close"].is_old and cells["prev_close"].text != DASH
    if close and is_reported and trading_day(close.at) != trading_day(far.market.clock()):
        yield f"the previous close of {close.at} is shown as today's"
    if held is None or cells["market_value"].is_old or cells["market_value"].text == DASH:
        return
    mark = far.mark(symbol)
    if cells["market_value"].text != formatting.money(held * mark):
        yield f"value {cells['market_value'].text} is shown, it is {held} x {mark}"
    if cells["prev_close"].text == DASH and not cells["day_pnl"].is_old and cells["day_pnl"].text != DASH:
        yield f"Day P&L {cells['day_pnl'].text} is shown without a previous close"


def _age(row: PositionRow, cells: Cells, far: Servers) -> Iterator[str]:
    """During the session an unconfirmed price is old, at the latest as of HAMMER's last message."""
    reported_at, now = far.reported_at(row.symbol), far.market.clock()
    opened = market_hours.opened_at(now)
    if opened is not None and not cells["last"].is_old and cells["last"].text != DASH:
        quiet_s = (now - max(reported_at, opened)).total_seconds()
        if quiet_s > CONFIRMED_WITHIN_S:
            yield f"shown as live though HAMMER said nothing of it for {quiet_s:.0f} s"
    if row.quote_as_of is not None and row.quote_as_of > reported_at + CLOCK_SLACK:
        yield f"as of {row.quote_as_of}, but HAMMER reported the last price of it at {reported_at}"


def _order(cells: Cells, far: Servers) -> Iterator[str]:
    symbol = cells["symbol"].text
    order = far.order(symbol)
    figures = {
        "quantity": formatting.quantity(order.quantity),
        "limit_price": formatting.price(order.limit_price),
        "filled": formatting.quantity(order.filled),
        "remaining": formatting.quantity(order.remaining),
        "bid": formatting.price(far.price(symbol, "bid")),
        "ask": formatting.price(far.price(symbol, "ask")),
    }
    for key, truth in figures.items():
        if _differs(cells[key], truth):
            yield f"{key} {cells[key].text} is shown, it is {truth}"
    ask, limit = far.price(symbol, "ask"), order.limit_price
    if ask is not None and limit is not None and _differs(cells["to_fill"], formatting.price(ask - limit)):
        yield f"{cells['to_fill'].text} to fill is shown, it is {ask} - {limit}"
    is_old = cells["bid"].is_old or cells["quantity"].is_old
    if is_old and cells["to_fill"].text != DASH and not cells["to_fill"].is_old:
        yield "what is to fill is shown as of now though a part of it is old"


def _sums(window: MainWindow, positions: Mapping[str, Cells], book: Book) -> Iterator[str]:
    """The total row and the strips: old in one is old in all, and otherwise they are the sums of the rows."""
    total = window.positions.frame.total
    assert total is not None
    is_old = any(c["market_value"].is_old and c["market_value"].text != DASH for c in positions.values())
    if is_old and not total.figures.is_old:
        yield "the total row is not marked though a row in it is old"
    value = sum(row.market_value or 0.0 for row in book.position_rows())
    text = total.figures.figures["market_value"][0]
    if text not in (DASH, formatting.money(value)):
        yield f"Mkt value {text} in the total row is not the sum of the rows, {value}"
    for name, strip in (("GUN", window.links_panel.strips[GUN]), ("Total", window.links_panel.strips[_ALL])):
        for money in strip.content.money if strip.content else ():
            if money.caption in _CALCULATED and money.text != DASH and is_old and not money.is_old:
                yield f"{money.caption} of the strip {name} is not marked though a row in it is old"
            text = total.figures.figures[_CALCULATED.get(money.caption, "day_pnl")][0]
            if money.caption in _CALCULATED and money.text not in (DASH, text):
                yield f"{money.caption} of the strip {name} is {money.text}, in the total row {text}"


_ALL = AccountMode.HAMMER_PRO
_CALCULATED = {"Mkt value": "market_value", "Day P&L": "day_pnl"}


def _connections(window: MainWindow, positions: Mapping[str, Cells], far: Servers) -> Iterator[str]:
    """No card is green if none of its rows is current; account values are TWS's latest, or marked as
    old.
    """
    text = window.links_panel.cards[AccountMode.HAMMER_PRO].face.content
    priced = [cells["last"] for cells in positions.values() if cells["last"].text != DASH]
    now = far.market.clock()
    is_open = market_hours.opened_at(now) is not None
    silent_s = min(((now - far.reported_at(symbol)).total_seconds() for symbol in positions), default=0.0)
    all_old = bool(priced) and all(cell.is_old and cell.is_struck for cell in priced)
    if text is not None and text.state == "Connected" and is_open and all_old:
        banners = [banner.title.text for banner in window.banners.banners]
        if silent_s > CONFIRMED_WITHIN_S and not banners and not window.positions.chip.text:
            yield "HAMMER's card is green, nothing is current and nothing is said"
    strip = window.links_panel.strips[GUN].content
    if strip is None or strip.as_of:
        return
    worth = next(v.value for v in far.market.account_values(far.account) if v.tag == "NetLiquidation")
    shown = next(money for money in strip.money if money.caption == "Net liq")
    if not shown.is_old and shown.text not in (DASH, formatting.money(float(worth))):
        yield f"Net liq {shown.text} is shown, TWS says {worth}"


def _answered_to_programs(reported: snapshot_records.Snapshot, far: Servers) -> Iterator[str]:
    """In the API and the snapshot an old price is null, with the time it is from."""
    for each in reported.positions:
        symbol = each.symbol
        if each.stale_since is None and each.qty != far.held().get(symbol):
            yield f"the API reports {each.qty} {symbol}"
        if each.quote_state != "LIVE":
            if any(figure is not None for figure in (each.current_price, each.bid, each.market_value)):
                yield f"the API reports a price of {symbol} that is {each.quote_state}"
            if each.quote_state == "FROZEN" and each.quote_as_of is None:
                yield f"the API does not report of when the price of {symbol} is"
        for name, figure in (("bid", each.bid), ("ask", each.ask), ("prev_close", each.prev_close)):
            if figure is not None and figure != far.price(symbol, name):
                yield f"the API reports {name} {figure} of {symbol}, not {far.price(symbol, name)}"
        if each.current_price not in (None, far.mark(symbol)):
            yield f"the API reports a price {each.current_price} of {symbol}, it is {far.mark(symbol)}"
    for order in reported.orders:
        truth = far.order(order.symbol)
        if order.stale_since is None and (order.limit_price, order.remaining) != (
            truth.limit_price,
            truth.remaining,
        ):
            yield f"the API reports {order.remaining} at {order.limit_price} of the order on {order.symbol}"
