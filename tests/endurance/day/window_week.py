"""A trading week in front of the real window: sessions, nights with their restarts, and the weekend between.

New York's times. TWS restarts in the night of each session and stays away over the weekend, its link to IBKR
is reset after midnight, HAMMER rolls its closes before the session and is closed from Friday to Monday.
"""

import asyncio
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from psf_monitor.api import snapshot_records
from psf_monitor.book.rows import OLD_STATES, QuoteState
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import IBKR_MODES
from psf_monitor.domain.market_hours import NEW_YORK, new_york, opened_at, session_of
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.sim.demo import Gateways
from psf_monitor.ui.shell.main_window import MainWindow
from tests.endurance.day.window_day import BEAT_S, SHORT, Day, differences, until_none
from tests.support.records import GUN, PED
from tests.support.waiting import until

NIGHT_REST_S = 0.005
SESSION_REST_S = 0.01
FIRST, LAST = date(2026, 9, 21), date(2026, 9, 28)
"""From the morning of one Monday to the session of the next."""
FILLS, AMENDMENTS, RECONNECTS = 2000, 50, 60
"""Of each session."""
BURST, BURST_PART = 200, 0.03
"""The moves of a beat in the first and the last 12 minutes of a session, and what part of it those are."""
LOOKS_EVERY = 60
"""Beats of a session between two looks at the tables; every hour all is looked at."""


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment on New York's clocks."""
    return datetime.combine(day, time(hour, minute), NEW_YORK)


class Week(Day):
    """Runs from one moment to the next; ``hour_passed`` is called at every full hour.

    ``executions`` are the ids of the executions reported by the brokers, by New York's day.
    """

    def __init__(
        self,
        gateways: Gateways,
        monitor: Monitor,
        window: MainWindow,
        hour_passed: Callable[[datetime], None],
    ) -> None:
        super().__init__(SHORT, gateways, monitor, window)
        self.executions: dict[date, set[str]] = {}
        self._hour_passed = hour_passed
        self._beats = 0
        self._ports: list[int] = []
        self._has_tws = self._has_hammer = True

    @property
    def now(self) -> datetime:
        return new_york(self.gateways.market.clock())

    # What is looked at.

    async def right(self) -> None:
        """Wait until the tables are; while a line is away, until nothing of it is shown as current."""
        await until_none(self._complaints, what=f"a right window on {self.now:%A at %H:%M:%S}")

    async def all_right(self) -> None:
        """The same for today's executions and for the API."""
        await self.right()
        if self._has_tws:
            await until_none(self._further_complaints, what=f"all right on {self.now:%A at %H:%M:%S}")

    def _complaints(self) -> Iterator[str]:
        self.gateways.hammer.send_raw('{"cmd":"heartbeat"}')
        self.window.show_now()
        if self._has_tws and self._has_hammer:
            is_open = opened_at(self.now) is not None
            for text in differences(self.window, self.monitor, self.gateways):
                # Out of hours the last prices may be marked old.
                if is_open or not text.endswith(tuple(map(str, OLD_STATES))):
                    yield text
            if is_open:
                yield from self._closes()
            return
        for row in self.window.positions.model.rows():
            if not self._has_tws and row.stale_since is None:
                yield f"{row.symbol} is not marked old"
            if not self._has_hammer and row.quote_state is QuoteState.LIVE:
                yield f"the price of {row.symbol} is not marked old"

    def _closes(self) -> Iterator[str]:
        """The previous close that is shown has to be today's."""
        closes = {s.con_id: s.prev_close for s in self.gateways.market.securities.values() if s.hammer_symbol}
        for row in self.window.positions.model.rows():
            close = closes.get(row.key.con_id)
            if close is not None and row.prev_close != close:
                yield f"{row.symbol}: previous close {row.prev_close} is not {close}"

    def _further_complaints(self) -> Iterator[str]:
        self.window.show_now()
        self.window.controllers.fills.apply_changes()
        reported = self._executions_of(self.now.date())
        shown = {fill.broker_id for fill in self.monitor.fills.fills()}
        if shown != reported:
            yield f"{len(shown)} executions are known of {len(reported)}"
        in_table = self.window.fills.model.row_count
        if in_table != len(reported):
            yield f"{in_table} executions are shown of {len(reported)}"
        market = self.gateways.market
        record = snapshot_records.snapshot(self.monitor.book, self.monitor.links)
        held = {(h.account, h.security.local_symbol): h.quantity for h in market.holdings.values()}
        if {(p.account, p.symbol): p.qty for p in record.positions} != held:
            yield "the API reports other positions"

    def _executions_of(self, day: date) -> set[str]:
        return {e.exec_id for e in self.gateways.market.executions if new_york(e.time).date() == day}

    # What happens.

    async def live_until(self, moment: datetime) -> None:
        """Beat after beat, as long as it takes."""
        while (left_s := (moment - self.now).total_seconds()) > 0:
            await self._live(min(BEAT_S, left_s))

    async def _live(self, seconds: float) -> None:
        before = self.now
        is_open = opened_at(before) is not None
        if is_open:
            await self._trade(before, seconds)
        self.gateways.hammer.send_raw('{"cmd":"heartbeat"}')
        self.gateways.market.clock.advance(seconds)
        await asyncio.sleep(SESSION_REST_S if is_open else NIGHT_REST_S)
        self._beats += 1
        if is_open and opened_at(self.now) and self._beats % LOOKS_EVERY == 0:
            await self.right()
        if self.now.hour != before.hour:
            await self.all_right()
            self._hour_passed(self.now)
            self._forget_what_was_received()

    async def _trade(self, now: datetime, seconds: float) -> None:
        session = session_of(now.date())
        assert session is not None
        length_s = (session[1] - session[0]).total_seconds()
        part = (now - session[0]).total_seconds() / length_s
        then = min(part + seconds / length_s, 1.0)
        market = self.gateways.market
        for _ in range(BURST if min(part, 1 - part) < BURST_PART else 1):
            self.move(self.rng.choice(self.quoted))
        for _ in range(int(FILLS * then) - int(FILLS * part)):
            self.fill()
        for _ in range(int(AMENDMENTS * then) - int(AMENDMENTS * part)):
            order = self.rng.choice(sorted(market.orders.values(), key=lambda o: o.perm_id))
            market.amend_order(order.perm_id, limit_price=round((order.limit_price or 20.0) - 0.01, 2))
        for _ in range(int(RECONNECTS * then) - int(RECONNECTS * part)):
            await self.lose_a_line()

    def _forget_what_was_received(self) -> None:
        """The servers run in this process, and their objects must not be counted as the window's."""
        far = self.gateways
        assert [far.gun.refused, far.ped.refused, far.hammer.refused] == [[], [], []]
        for received in (far.gun.received, far.ped.received, far.hammer.received):
            received.clear()

    async def morning(self, day: date) -> None:
        """HAMMER rolls its closes, and trading begins."""
        await self.live_until(at(day, 4))
        for security in self.quoted:
            last = security.last
            self.gateways.market.set_quote(
                security.local_symbol, prev_close=last, open=last, high=last, low=last, volume=0
            )
        await self.live_until(at(day, 9, 30))

    async def session(self, day: date) -> None:
        """From the open to the close; in the middle all kinds of faults."""
        await self.live_until(at(day, 12, 30))
        await self.problems()
        await self.live_until(at(day, 16))
        await self.all_right()
        self.executions[day] = self._executions_of(day)

    async def night(self, day: date) -> None:
        """TWS restarts, a day ends, and TWS's link to IBKR is reset."""
        await self.live_until(at(day, 23, 45))
        await self._stop_tws()
        await self.live_until(at(day, 23, 47))
        await self._start_tws()
        await self.live_until(at(day + timedelta(days=1), 0, 15))
        self._forget_the_day()
        for tws in (self.gateways.gun, self.gateways.ped):
            tws.notify(1100, "Connectivity between IBKR and Trader Workstation has been lost.")
        links = [self.monitor.links[mode] for mode in (GUN, PED)]
        await until(lambda: all(link.status.state is LinkState.CUT_OFF for link in links), what="cut off")
        for tws in (self.gateways.gun, self.gateways.ped):
            tws.notify(1102, "Connectivity between IBKR and Trader Workstation has been restored.")
        await self.all_right()

    async def weekend(self, friday: date) -> None:
        """Both are closed, and come back one after the other."""
        await self.live_until(at(friday, 22))
        gateways, hammer_port = self.gateways, self.gateways.hammer.port
        gateways.hammer.announce_closing()
        self._has_hammer = False
        await gateways.hammer.stop()
        await self.right()
        await self.live_until(at(friday, 23, 45))
        await self._stop_tws()
        await self.live_until(at(friday + timedelta(days=2), 18))
        self._forget_the_day()
        await self._start_tws()
        await self.live_until(at(friday + timedelta(days=3), 3))
        await gateways.hammer.start(hammer_port)
        self._has_hammer = True
        await self.right()

    async def _stop_tws(self) -> None:
        self._ports = [self.gateways.gun.port, self.gateways.ped.port]
        self._has_tws = False
        for tws in (self.gateways.gun, self.gateways.ped):
            await tws.stop()
        await self.right()

    async def _start_tws(self) -> None:
        for tws, port in zip((self.gateways.gun, self.gateways.ped), self._ports, strict=True):
            await tws.start(port)
        self._has_tws = True
        await until(
            lambda: all(self.monitor.links[mode].status.state is LinkState.READY for mode in IBKR_MODES),
            what="both TWS again",
        )
        await self.all_right()

    def _forget_the_day(self) -> None:
        """A restarted TWS knows nothing of earlier days."""
        market, today = self.gateways.market, self.now.date()
        market.executions[:] = [e for e in market.executions if new_york(e.time).date() == today]
        market.completed.clear()
