"""What happens on a trading day in front of the real window, beat by beat, and what has to be shown of it."""

import asyncio
import logging
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from psf_monitor.book.rows import QuoteState
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.market_hours import NEW_YORK
from psf_monitor.hammer.timing import HammerTiming
from psf_monitor.ibkr.timing import IbkrTiming
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.sim.demo import Gateways
from psf_monitor.sim.market.market import Security
from psf_monitor.sim.market.records import OrderIds
from psf_monitor.ui.shell.main_window import MainWindow
from tests.support.records import GUN, PED
from tests.support.waiting import until

BEAT_S = 6.5
"""The virtual time of one beat: shorter than the silence after which HAMMER is called silent."""

OPENING = datetime(2026, 9, 21, 9, 30, tzinfo=NEW_YORK)

EXPECTED = re.compile(
    r"lost|cut off|Lost|lost its link|Connectivity|closed|restored|is silent|did not answer|reset by peer"
    r"|Nothing answers|does not answer|frozen|broken|handshake|refuses|sends no prices|slept"
    # The day's clock is turned on faster than TWS sends the time.
    r"|clock of this computer|computer's clock",
)
"""Warnings that a day with these problems has to have."""

BRISK_HAMMER = HammerTiming(greeting_s=0.5, streamers_s=0.5, settle_s=0.5, quiet_rest_s=0.01, rest_s=0.01)
BRISK = IbkrTiming(
    handshake_s=2.0,
    answer_s=2.0,
    ask_again_s=0.05,
    orders_override_s=0.2,
    orders_soonest_s=0.02,
    heartbeat_every_s=0.5,
    heartbeat_misses=3,
    settle_s=0.01,
)


@dataclass(frozen=True, slots=True)
class Form:
    """How much happens on the day; ``looks_every`` beats the window is compared with the market."""

    beats: int
    fills: int
    amendments: int
    reconnects: int
    looks_every: int
    burst: int


SHORT = Form(beats=24, fills=40, amendments=4, reconnects=3, looks_every=24, burst=20)
LONG = Form(beats=3500, fills=2000, amendments=50, reconnects=300, looks_every=60, burst=60)


def differences(window: MainWindow, monitor: Monitor, gateways: Gateways) -> Iterator[str]:
    """What the window's tables say that the market does not, and the other way round."""
    market = gateways.market
    rows = {(row.account, row.key.con_id): row for row in window.positions.model.rows()}
    held = {(h.account, h.security.con_id): h for h in market.holdings.values()}
    if rows.keys() != held.keys():
        yield f"positions {rows.keys() ^ held.keys()}"
    for key, row in rows.items():
        if key not in held:
            continue
        security = held[key].security
        if row.stale_since is not None or row.quantity != held[key].quantity:
            yield f"{row.symbol}: {row.quantity}, stale since {row.stale_since}"
        if security.hammer_symbol and (row.bid, row.ask, row.last) != (
            security.bid,
            security.ask,
            security.last,
        ):
            yield f"{row.symbol}: {row.bid} {row.ask} {row.last} is shown"
        if security.hammer_symbol and row.quote_state is not QuoteState.LIVE:
            yield f"{row.symbol} is {row.quote_state}"
    shown = {
        row.perm_id: (row.filled, row.remaining, row.limit_price)
        for row in window.orders.model.rows()
        if row.status not in ("Filled", "Cancelled", "Gone")
    }
    fields = {o.perm_id: (o.filled, o.remaining, o.limit_price) for o in market.orders.values()}
    if shown != fields:
        yield f"orders {shown} are not {fields}"
    for link in monitor.links.values():
        if link.status.state is not LinkState.READY:
            yield f"{link.name} is {link.status.state}"


async def until_none(complaints: Callable[[], Iterator[str]], *, what: str) -> None:
    """Return when there is no complaint; the first of them are in the error."""
    found: list[str] = []

    def is_right() -> bool:
        found[:] = complaints()
        return not found

    try:
        await until(is_right, what=what)
    except AssertionError as error:
        raise AssertionError(f"{error}: {found[:5]}") from None


class Day:
    """What happens, beat by beat; the same by the same seed."""

    def __init__(self, form: Form, gateways: Gateways, monitor: Monitor, window: MainWindow) -> None:
        self.form = form
        self.gateways = gateways
        self.monitor = monitor
        self.window = window
        self.rng = random.Random(11)
        self.quoted = [s for s in gateways.market.securities.values() if s.hammer_symbol]

    async def right(self) -> None:
        """Wait until the window is."""

        def complaints() -> Iterator[str]:
            self.gateways.hammer.send_raw('{"cmd":"heartbeat"}')
            self.window.show_now()
            return differences(self.window, self.monitor, self.gateways)

        await until_none(complaints, what="a right window")

    async def beat(self, number: int) -> None:
        form, market = self.form, self.gateways.market
        part = number / form.beats
        for _ in range(form.burst if part < 0.1 or part > 0.9 else 1):
            self.move(self.rng.choice(self.quoted))
        self.gateways.hammer.send_raw('{"cmd":"heartbeat"}')
        for _ in range(_due(form.fills, number, form.beats)):
            self.fill()
        for _ in range(_due(form.amendments, number, form.beats)):
            order = self.rng.choice(sorted(market.orders.values(), key=lambda o: o.perm_id))
            market.amend_order(order.perm_id, limit_price=round((order.limit_price or 20.0) - 0.01, 2))
        market.clock.advance(BEAT_S)
        await asyncio.sleep(0.01)
        for _ in range(_due(form.reconnects, number, form.beats)):
            await self.lose_a_line()
        if number % form.looks_every == form.looks_every - 1:
            await self.right()

    def move(self, security: Security) -> None:
        bid = security.on_tick(security.bid + self.rng.choice((-1, 1)) * security.tick)
        ask = security.on_tick(bid + 2 * security.tick)
        self.gateways.market.set_quote(security.local_symbol, bid=bid, ask=ask)
        if self.rng.random() < 0.3:
            self.gateways.market.trade(security.local_symbol, bid, 100)

    def fill(self) -> None:
        """A program buys and sells in turn, so that the book is about the same in the end."""
        market = self.gateways.market
        account, symbol = self.rng.choice((("U1240821", "CIM PRB"), ("U1770037", "SPY")))
        holding = next(
            h for h in market.holdings.values() if (h.account, h.security.local_symbol) == (account, symbol)
        )
        action = "SELL" if holding.quantity > 1000 else "BUY"
        order = market.place_order(account, symbol, action, 10, holding.security.bid, ids=OrderIds(45))
        market.fill_order(order.perm_id, 10, holding.security.bid)

    async def lose_a_line(self) -> None:
        gateways = self.gateways
        control, link = self.rng.choice(
            (
                (gateways.gun.close_all, self.monitor.links[GUN]),
                (gateways.ped.reset_all, self.monitor.links[PED]),
                (
                    gateways.hammer.close_all,
                    next(x for x in self.monitor.links.values() if x.name == "HAMMER"),
                ),
            )
        )
        before = link.status.up_since
        # The line may have come up in this very moment.
        gateways.market.clock.advance(0.001)
        control()

        def is_up_again() -> bool:
            return link.status.up_since not in (None, before)

        try:
            await until(is_up_again, what=f"{link.name} again")
        except AssertionError as error:
            raise AssertionError(f"{error}: up since {before} before, now {link.status}") from None

    def _is_frozen_a_moment_later(self) -> bool:
        if self.monitor.book.prices.state is not QuoteState.FROZEN:
            self.gateways.market.clock.advance(0.2)
        return self.monitor.book.prices.state is QuoteState.FROZEN

    async def problems(self) -> None:
        """What happens once or twice a day, each until all is well again."""
        gateways = self.gateways
        for code in (1101, 1102):
            gateways.gun.notify(1100, "Connectivity between IBKR and TWS has been lost.")
            await until(lambda: self.monitor.links[GUN].status.state is LinkState.CUT_OFF)
            gateways.gun.notify(code, "Connectivity between IBKR and TWS has been restored.")
            await self.right()
        for _ in range(2):
            gateways.hammer.stall()
            # Data in transit still counts as received, however late the clock is by then.
            await until(self._is_frozen_a_moment_later, what="frozen quotes")
            gateways.hammer.resume()
            await until(lambda: self.monitor.book.prices.state is QuoteState.LIVE, what="quotes again")
            # After a silence a price counts again once it has been received again.
            for security in self.quoted:
                self.move(security)
            await self.right()
        gateways.hammer.restart("OTHERQ")
        await self.right()
        for tws in (gateways.gun, gateways.ped):
            port = tws.port
            await tws.stop()
            await tws.start(port)
        await self.right()


def _due(total: int, beat: int, beats: int) -> int:
    """How many of ``total``, spread over the day, fall on this beat."""
    return (beat + 1) * total // beats - beat * total // beats


class UnexpectedWarnings(logging.Handler):
    """Every warning of ours that no problem of the day explains."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.unexpected: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith("psf_monitor") and not EXPECTED.search(record.getMessage()):
            self.unexpected.append(f"{record.name}: {record.getMessage()}")
