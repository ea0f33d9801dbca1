"""A simulated market with two logins' accounts, and the controls that change it. Nothing happens by itself.

It knows no protocol: a simulated TWS and a simulated HAMMER report it, each in its own messages.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from psf_monitor.sim.market import scenario_records
from psf_monitor.sim.market.ledger import Ledger, Profit
from psf_monitor.sim.market.records import (
    ACTIONS,
    DONE,
    LIMIT_DAY,
    MANUAL,
    SESSION_START,
    AccountValue,
    Event,
    Executed,
    Listener,
    NewListing,
    OrderChanged,
    OrderIds,
    OrderRejected,
    PositionChanged,
    QuoteMoved,
    Security,
    SimExecution,
    SimHolding,
    SimOrder,
    SimPrint,
    Ticket,
    VirtualClock,
)
from psf_monitor.sim.market.scenarios import Scenario

QUOTE_FIELDS = frozenset(
    ("bid", "ask", "bid_size", "ask_size", "last", "last_size", "volume", "prev_close", "open", "high", "low")
)
_FIRST_PERM_ID = 1_950_000_001


class ControlledMarket:
    """One market and what two logins hold and order in it.

    Every change is sent to every subscriber at once, in the order it happened. ``orders`` are the open ones
    and ``completed`` the done ones of the day, both by perm id; ``holdings`` are by (account, con id) and
    never 0, ``closed`` are those that became 0; ``securities`` are by local symbol. ``logins`` names the
    accounts of each login.
    """

    def __init__(self, scenario: Scenario, start: datetime = SESSION_START) -> None:
        """``start`` is its first moment; earlier events are of the same day, after midnight."""
        self.scenario = scenario
        self.clock = VirtualClock(start)
        now = self.clock()
        self.securities: dict[str, Security] = scenario_records.securities(scenario, now)
        self.holdings: dict[tuple[str, int], SimHolding] = scenario_records.holdings(
            scenario, self.securities
        )
        self.closed: dict[tuple[str, int], SimHolding] = {}
        self.orders: dict[int, SimOrder] = {}
        self.completed: dict[int, SimOrder] = {}
        for order in scenario_records.orders(scenario, self.securities, now):
            (self.completed if order.status in DONE else self.orders)[order.perm_id] = order
        placed = (*self.completed.values(), *self.orders.values())
        self.executions = scenario_records.executions(placed, self.holdings, now)
        self.logins: dict[str, tuple[str, ...]] = {}
        self._ledgers: dict[str, Ledger] = {}
        for row in scenario.accounts:
            self.logins[row.login] = (*self.logins.get(row.login, ()), row.account)
            realized = sum(e.realized_pnl or 0.0 for e in self.executions if e.account == row.account)
            self._ledgers[row.account] = Ledger(row, self.holdings_of(row.account), realized)
        self._overrides: dict[str, dict[tuple[str, str], AccountValue]] = {}
        self._next_perm_id = _FIRST_PERM_ID
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with every change from now on, until the returned function is called."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def security(self, local_symbol: str) -> Security:
        """Return the security of that name. Raises ``KeyError`` if there is none."""
        return self.securities[local_symbol]

    def holdings_of(self, account: str) -> list[SimHolding]:
        return [holding for holding in self.holdings.values() if holding.account == account]

    def account_values(self, account: str) -> tuple[AccountValue, ...]:
        """Return what TWS reports of the account now. Raises ``KeyError`` for an unknown account."""
        overrides = self._overrides.get(account, {})
        rows = self._ledgers[account].values(self.holdings_of(account))
        kept = tuple(row for row in rows if (row.tag, row.currency) not in overrides)
        return kept + tuple(overrides.values())

    def profit(self, account: str) -> Profit:
        """Return the broker's own P&L of the account. Raises ``KeyError`` as above."""
        return self._ledgers[account].profit(self.holdings_of(account))

    def realized(self, account: str, con_id: int) -> float:
        """Return the P&L that today's fills of one security realized in the account, in USD."""
        return sum(
            execution.realized_pnl or 0.0
            for execution in self.executions
            if execution.account == account and execution.security.con_id == con_id
        )

    def cash(self, account: str) -> float:
        """Return the cash in USD, negative if borrowed."""
        return self._ledgers[account].cash

    def set_quote(self, symbol: str, **fields: float) -> None:
        """Set any of ``QUOTE_FIELDS``. Raises ``ValueError`` for others, or a bid that is not below the
        ask.
        """
        security = self.security(symbol)
        if unknown := fields.keys() - QUOTE_FIELDS:
            raise ValueError(f"a quote has no {', '.join(sorted(unknown))}")
        bid, ask = fields.get("bid", security.bid), fields.get("ask", security.ask)
        if not 0 < bid < ask:
            raise ValueError(f"{symbol}: bid {bid} is not below ask {ask}")
        changed = tuple(name for name, value in fields.items() if getattr(security, name) != value)
        for name in changed:
            setattr(security, name, fields[name])
        if changed:
            security.changed_at = self.clock()
            self._notify(QuoteMoved(security, changed))

    def trade(self, symbol: str, price: float, size: int, venue: str = "NYSE") -> None:
        """Report a print, which updates last, volume, high and low. No order takes part in it."""
        security = self.security(symbol)
        if price <= 0 or size <= 0:
            raise ValueError(f"{symbol}: no trade of {size} at {price}")
        price = security.on_tick(price)
        before = {name: getattr(security, name) for name in ("last", "last_size", "high", "low")}
        security.last, security.last_size = price, size
        security.high, security.low = max(security.high, price), min(security.low, price)
        security.volume += size
        security.changed_at = self.clock()
        printed = SimPrint(self.clock(), price, size, venue, security.bid, security.ask)
        security.prints.append(printed)
        changed = [name for name, value in before.items() if getattr(security, name) != value]
        self._notify(QuoteMoved(security, (*changed, "volume"), printed))

    def list_security(self, listing: NewListing) -> Security:
        """Add a security. Raises ``ValueError`` for a name or con id that is taken."""
        name, con_id = listing.local_symbol, listing.con_id
        if any(name == s.local_symbol or con_id == s.con_id for s in self.securities.values()):
            raise ValueError(f"{name} or con id {con_id} is taken")
        security = self.securities[name] = scenario_records.newly_listed(listing, self.clock())
        return security

    def place_order(
        self,
        account: str,
        symbol: str,
        action: str,
        quantity: float,
        limit_price: float | None = None,
        *,
        ids: OrderIds = MANUAL,
        ticket: Ticket = LIMIT_DAY,
    ) -> SimOrder:
        """Place an order, as a manual one in TWS unless ``ids`` name a client.

        An order id may be taken: TWS, too, has had two orders of one client with one id. An order by cash has
        a quantity of 0.
        """
        perm_id, order_id, client_id = ids.perm_id, ids.order_id, ids.client_id
        if perm_id is None:
            perm_id, self._next_perm_id = self._next_perm_id, self._next_perm_id + 1
        if perm_id in self.orders or perm_id in self.completed:
            raise ValueError(f"perm id {perm_id} is taken")
        if account not in self._ledgers:
            raise ValueError(f"no account {account!r}")
        if action not in ACTIONS or quantity < 0 or not (quantity or ticket.terms.cash):
            raise ValueError(f"no order to {action} {quantity}")
        if order_id is None:
            order_id = 0 if client_id == 0 else self._next_order_id(client_id)
        order = SimOrder(
            account=account,
            security=self.security(symbol),
            perm_id=perm_id,
            order_id=order_id,
            client_id=client_id,
            action=action,
            quantity=quantity,
            order_type=ticket.order_type,
            limit_price=limit_price,
            aux_price=ticket.aux_price,
            tif=ticket.tif,
            status=ticket.status,
            filled=0,
            remaining=quantity,
            avg_fill_price=0.0,
            last_fill_price=0.0,
            placed_at=self.clock(),
            trail_stop_price=ticket.trail_stop_price,
            terms=ticket.terms,
        )
        self.orders[order.perm_id] = order
        self._notify(OrderChanged(order))
        return order

    def amend_order(
        self,
        perm_id: int,
        *,
        quantity: float | None = None,
        limit_price: float | None = None,
        aux_price: float | None = None,
        trail_stop_price: float | None = None,
        tif: str | None = None,
    ) -> None:
        """Change the given terms of an open order. Raises ``ValueError`` for a quantity that is already
        filled.
        """
        order = self.orders[perm_id]
        if quantity is not None:
            if quantity <= order.filled:
                raise ValueError(f"{order.filled} are filled, {quantity} is not more")
            order.quantity, order.remaining = quantity, quantity - order.filled
        if limit_price is not None:
            order.limit_price = limit_price
        if aux_price is not None:
            order.aux_price = aux_price
        if trail_stop_price is not None:
            order.trail_stop_price = trail_stop_price
        if tif is not None:
            order.tif = tif
        self._settle(order)

    def set_status(self, perm_id: int, status: str) -> None:
        """Set the status of an open order, as the TWS API words it."""
        order = self.orders[perm_id]
        order.status = status
        self._settle(order)

    def bind_order(self, perm_id: int, order_id: int, client_id: int = 0) -> None:
        """Give a manual order an id of the API, as happens when client 0 asks for its orders.

        TWS counts such ids down from -1. Raises ``ValueError`` for an order that has an id.
        """
        order = self.orders[perm_id]
        if order.order_id:
            raise ValueError(f"the order has the id {order.order_id}")
        order.order_id, order.client_id = order_id, client_id
        self._notify(OrderChanged(order))

    def vanish_order(self, perm_id: int) -> None:
        """Remove an order without a message, like one that ended while TWS was cut off."""
        del self.orders[perm_id]

    def cancel_order(self, perm_id: int) -> None:
        """Cancel an order; what was filled of it stays filled."""
        self.set_status(perm_id, "Cancelled")

    def reject_order(self, perm_id: int, reason: str) -> None:
        """Refuse an open order, such as for its margin.

        TWS sends the client that placed it code 201 with the reason, calls the order ``Inactive`` and keeps
        it in its list (TWS API, Order Status Messages; the messages' order as in ib_insync's issue 554).
        """
        self._notify(OrderRejected(self.orders[perm_id], reason))
        self.set_status(perm_id, "Inactive")

    def fill_order(self, perm_id: int, quantity: float, price: float) -> SimExecution:
        """Fill part or all of an open order, and update the print, the order, the position and the
        executions.
        """
        order = self.orders[perm_id]
        if not 0 < quantity <= order.remaining:
            raise ValueError(f"{order.remaining} remain, {quantity} cannot be filled")
        security = order.security
        self.trade(security.local_symbol, price, math.ceil(quantity), security.exchange)
        held = self._held(order.account, security)
        commission, realized = self._ledgers[order.account].book(held, order.sign * quantity, price)
        order.avg_fill_price = round(
            (order.avg_fill_price * order.filled + price * quantity) / (order.filled + quantity), 8
        )
        order.filled += quantity
        order.remaining -= quantity
        order.last_fill_price = price
        if not order.remaining:
            order.status = "Filled"
        self._settle(order)
        self._settle_holding(held)
        number = len(self.executions) + 1
        fill = scenario_records.SimFill(quantity, price, self.clock(), commission, realized)
        execution = scenario_records.execution(order, fill, number)
        self.executions.append(execution)
        self._notify(Executed(execution))
        return execution

    def correct_execution(
        self, exec_id: str, *, shares: float | None = None, price: float | None = None
    ) -> SimExecution:
        """Correct the broker's report of a fill under an id of its own; no cash and no share moves."""
        index = next(n for n, known in enumerate(self.executions) if known.exec_id == exec_id)
        known = self.executions[index]
        shared, _, last = exec_id.rpartition(".")
        corrected = replace(
            known,
            exec_id=f"{shared}.{int(last) + 1:02}",
            shares=known.shares if shares is None else shares,
            price=known.price if price is None else price,
        )
        self.executions[index] = corrected
        self._notify(Executed(corrected))
        return corrected

    def set_account_value(self, account: str, tag: str, value: str, currency: str) -> None:
        """Report exactly this text under the tag from now on, whether or not it is true."""
        self._overrides.setdefault(account, {})[tag, currency] = AccountValue(tag, value, currency)

    def set_position(self, account: str, symbol: str, quantity: float, average_cost: float) -> None:
        """Set the position, as after a transfer: no cash moves."""
        held = self._held(account, self.security(symbol))
        held.quantity, held.average_cost = quantity, average_cost
        self._settle_holding(held)

    def _settle(self, order: SimOrder) -> None:
        if order.status in DONE:
            order.done_at = self.clock()
            self.completed[order.perm_id] = self.orders.pop(order.perm_id)
        self._notify(OrderChanged(order))

    def _held(self, account: str, security: Security) -> SimHolding:
        held = self.holdings.get((account, security.con_id))
        return held or SimHolding(account, security, 0, 0.0)

    def _settle_holding(self, held: SimHolding) -> None:
        key = (held.account, held.security.con_id)
        if held.quantity:
            self.holdings[key] = held
            self.closed.pop(key, None)
        else:
            held.average_cost = 0.0
            self.holdings.pop(key, None)
            self.closed[key] = held
        self._notify(PositionChanged(held))

    def _next_order_id(self, client_id: int) -> int:
        everyone = (*self.orders.values(), *self.completed.values())
        return 1 + max((order.order_id for order in everyone if order.client_id == client_id), default=0)

    def _notify(self, event: Event) -> None:
        for listener in tuple(self._listeners):
            listener(event)
