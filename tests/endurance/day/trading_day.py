"""A day of any shape: brokers move, TWS fails, the trader clicks; what is old is marked in the book."""

import asyncio

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from psf_monitor.connection.status import LinkStatus
from psf_monitor.sim.market.records import OrderIds, Ticket
from psf_monitor.sim.tws.faults import Cut, HangUp
from tests.endurance.day.expected_state import ACCOUNT
from tests.endurance.day.watched_day import BLOCKS, OWN_CLIENT, WatchedDay
from tests.support.waiting import until

SYMBOLS = st.sampled_from(["ABR PRF", "CIM PRB", "CIM PRD", "GS PRA", "SPY", "ESZ6", "BMW", "XYZ?"])
QUANTITIES = st.sampled_from([1, 7, 100, 2500, 0.25, 33.5])
PRICES = st.sampled_from([0.5, 24.55, 661.05, 6302.25])
PICKS = st.integers(0, 1000)
MAY_WAIT = st.booleans()
"""Whether the window has to be right before the next thing happens."""


class TradingDay(WatchedDay):
    """All that may happen on a day, in any order."""

    # Changes at the broker: reported at once, and perhaps still in transit at the next event.

    def _moved(self, waits: bool) -> None:
        self.run(self._settle() if waits else asyncio.sleep(0))

    def _an_order(self, pick: int) -> int:
        mine = sorted(o.perm_id for o in self.market.orders.values() if o.account == ACCOUNT)
        return mine[pick % len(mine)]

    def _has_orders(self) -> bool:
        return any(o.account == ACCOUNT for o in self.market.orders.values())

    @rule(
        symbol=SYMBOLS,
        action=st.sampled_from(["BUY", "SELL"]),
        quantity=QUANTITIES,
        client_id=st.sampled_from([0, OWN_CLIENT, 31]),
        kind=st.sampled_from(["LMT", "STP", "STP LMT", "TRAIL", "MKT", "PEG X"]),
        status=st.sampled_from(["Submitted", "PreSubmitted", "Inactive", "Awaiting"]),
        waits=MAY_WAIT,
    )
    def an_order_is_placed(
        self, symbol: str, action: str, quantity: float, client_id: int, kind: str, status: str, waits: bool
    ) -> None:
        self.market.place_order(
            ACCOUNT,
            symbol,
            action,
            quantity,
            limit_price=24.5 if kind in ("LMT", "STP LMT", "PEG X") else None,
            ticket=Ticket(
                order_type=kind,
                aux_price=24.0 if kind in ("STP", "STP LMT", "TRAIL") else None,
                trail_stop_price=23.0 if kind == "TRAIL" else None,
                status=status,
            ),
            ids=OrderIds(client_id),
        )
        self._moved(waits)

    @precondition(_has_orders)
    @rule(
        pick=PICKS, more=QUANTITIES, limit=PRICES, tif=st.sampled_from(["DAY", "GTC", "OPG"]), waits=MAY_WAIT
    )
    def an_order_is_amended(self, pick: int, more: float, limit: float, tif: str, waits: bool) -> None:
        order = self.market.orders[self._an_order(pick)]
        self.market.amend_order(
            order.perm_id,
            quantity=order.filled + more,
            limit_price=None if order.limit_price is None else limit,
            aux_price=None if order.aux_price is None else limit + 1,
            trail_stop_price=None if order.trail_stop_price is None else limit - 0.25,
            tif=tif,
        )
        self._moved(waits)

    @precondition(_has_orders)
    @rule(pick=PICKS, all_of_it=st.booleans(), price=PRICES, waits=MAY_WAIT)
    def an_order_is_filled(self, pick: int, all_of_it: bool, price: float, waits: bool) -> None:
        order = self.market.orders[self._an_order(pick)]
        self.market.fill_order(order.perm_id, order.remaining / (1 if all_of_it else 2), price)
        self._moved(waits)

    @precondition(_has_orders)
    @rule(pick=PICKS, waits=MAY_WAIT)
    def an_order_is_cancelled(self, pick: int, waits: bool) -> None:
        self.market.cancel_order(self._an_order(pick))
        self._moved(waits)

    @precondition(_has_orders)
    @rule(pick=PICKS, waits=MAY_WAIT)
    def an_order_vanishes(self, pick: int, waits: bool) -> None:
        self.market.vanish_order(self._an_order(pick))
        self._moved(waits)

    @precondition(_has_orders)
    @rule(pick=PICKS, waits=MAY_WAIT)
    def a_manual_order_is_bound(self, pick: int, waits: bool) -> None:
        order = self.market.orders[self._an_order(pick)]
        if not order.order_id:
            self.market.bind_order(order.perm_id, -1 - pick)
        self._moved(waits)

    @rule(symbol=SYMBOLS, quantity=QUANTITIES, sign=st.sampled_from([1, -1, 0]), waits=MAY_WAIT)
    def a_position_is_set(self, symbol: str, quantity: float, sign: int, waits: bool) -> None:
        self.market.set_position(ACCOUNT, symbol, sign * quantity, 20.25 if sign else 0.0)
        self._moved(waits)

    @rule(price=st.sampled_from([655.0, 662.5, 670.25]), value=st.integers(1, 10**7), waits=MAY_WAIT)
    def account_values_move(self, price: float, value: int, waits: bool) -> None:
        self.market.set_account_value(ACCOUNT, "NetLiquidation", f"{value}.25", "USD")
        self.market.trade("SPY", price, 100)
        self._moved(waits)

    @rule(seconds=st.sampled_from([1, 31, 3600]), waits=MAY_WAIT)
    def time_passes(self, seconds: int, waits: bool) -> None:
        self.market.clock.advance(seconds)
        self._moved(waits)

    # TWS fails, and recovers.

    def _settled(self) -> None:
        self.run(self._settle())

    def _noticed(self, before: LinkStatus) -> None:
        """The same state may be right before and after: the connection has to have left it."""
        self.run(until(lambda: self.link.status is not before, what="a change of the link"))
        self._settled()

    def _is_broken(self) -> bool:
        blocked = any(self._is_blocked(kind) for kind in BLOCKS)
        return blocked or self.faults.muted or not self.up or self.faults.hangs_up is not None

    @precondition(lambda self: self.line)
    @rule(torn=st.booleans(), notice=st.booleans())
    def the_line_is_lost(self, torn: bool, notice: bool) -> None:
        if notice:
            self.tws.notify(1300, "TWS socket port has been reset and this connection is being dropped.")
        before = self.link.status
        (self.tws.reset_all if torn else self.tws.close_all)()
        self.line = False
        self.tally.losses += 1
        self._noticed(before)

    @precondition(lambda self: self.up)
    @rule()
    def tws_stops(self) -> None:
        self.up = False
        self.tally.losses += self.line
        self.runner.run(self.tws.stop())
        self._settled()

    @precondition(lambda self: self.up and not self.faults.muted)
    @rule()
    def tws_falls_silent(self) -> None:
        self.tally.losses += self.line
        self.tws.mute()
        self._settled()

    @rule(stage=st.sampled_from(HangUp))
    def tws_will_not_finish_a_handshake(self, stage: HangUp) -> None:
        self.faults.hangs_up = stage
        self._settled()

    @rule(kind=st.sampled_from(sorted(BLOCKS)), pick=PICKS)
    def tws_reports_a_kind_no_more(self, kind: str, pick: int) -> None:
        fault, number = BLOCKS[kind][pick % len(BLOCKS[kind])]
        getattr(self.faults, fault).add(number)
        self._settled()

    @precondition(_is_broken)
    @rule()
    def tws_is_well_again(self) -> None:
        self.faults.muted = False
        self.faults.hangs_up = None
        for fault, number in (block for blocks in BLOCKS.values() for block in blocks):
            getattr(self.faults, fault).discard(number)
        if not self.up:
            self.up = True
            self.runner.run(self.tws.start(self.port))
        self._settled()

    @precondition(lambda self: self.line)
    @rule(pick=PICKS)
    def tws_restarts_while_the_broker_goes_on(self, pick: int) -> None:
        before = self.link.status
        self.runner.run(self.tws.stop())
        held = self.market.holdings_of(ACCOUNT)
        if held:
            self.market.set_position(ACCOUNT, held[pick % len(held)].security.local_symbol, 0, 0.0)
        if self._has_orders():
            self.market.vanish_order(self._an_order(pick))
        self.market.place_order(ACCOUNT, "SPY", "BUY", 1 + pick, 600.0)
        self.runner.run(self.tws.start(self.port))
        self.line = False
        self.tally.losses += 1
        self._noticed(before)

    @precondition(lambda self: self.line)
    @rule()
    def tws_loses_ibkr(self) -> None:
        self.tws.notify(1100, "Connectivity between IBKR and Trader Workstation has been lost.")
        self.is_cut_off = True
        self._settled()

    @precondition(lambda self: self.line)
    @rule(code=st.sampled_from([1101, 1102]))
    def tws_finds_ibkr_again(self, code: int) -> None:
        self.tws.notify(code, "Connectivity between IBKR and Trader Workstation has been restored.")
        self.is_cut_off = False
        self._settled()

    @rule(code=st.sampled_from([2103, 2104, 2105, 2106, 2158, 10167, 399]))
    def tws_chatters(self, code: int) -> None:
        self.tws.notify(code, "A sentence of TWS with an \u00e9 in it.")
        self._settled()

    @rule(cut=st.sampled_from([Cut.MESSAGES, Cut.CHUNKS, Cut.GLUED]))
    def the_wire_cuts_differently(self, cut: Cut) -> None:
        self.faults.cut = cut
        self._settled()

    @rule(listed=st.booleans())
    def tws_lists_what_was_closed(self, listed: bool) -> None:
        self.faults.lists_closed = listed
        self._settled()

    # The trader clicks.

    @rule()
    def everything_is_asked_for_again(self) -> None:
        self.connector.refresh()
        self._settled()

    @precondition(lambda self: not self.wanted)
    @rule()
    def connect_is_clicked(self) -> None:
        before = self.link.status
        self._wish(True)
        self._noticed(before)

    @precondition(lambda self: self.wanted)
    @rule()
    def disconnect_is_clicked(self) -> None:
        self._wish(False)
        self._settled()

    @precondition(lambda self: self.wanted)
    @rule()
    def the_line_is_renewed_by_two_clicks(self) -> None:
        before = self.link.status
        self._wish(False)
        self._wish(True)
        self._noticed(before)

    @precondition(lambda self: not self.wanted and not self.has_failed)
    @rule()
    def connect_is_clicked_and_taken_back(self) -> None:
        self._wish(True)
        self._wish(False)
        self._settled()
