"""Sinks that add what is known of contracts to everything a connection reports.

Once more is known of a contract, everything reported about it is reported again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from ib_insync.order import Trade
from msgspec import structs

from psf_monitor.connection.fill_sink import FillSink
from psf_monitor.domain.account import AccountMode, AccountSummary
from psf_monitor.domain.broker_message import BrokerMessage
from psf_monitor.domain.fills.fill import WHOLE_DAY, Fill, FillKey, ListReach
from psf_monitor.domain.fills.merge import merged_fill
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.listing_exchange import is_us_market
from psf_monitor.domain.orders.order import ClientOrder, Order, OrderExecution, OrderKey
from psf_monitor.domain.position import Position, PositionKey
from psf_monitor.ibkr.accounts.held_contracts import HeldContracts
from psf_monitor.ibkr.contracts.contract_catalog import ContractCatalog
from psf_monitor.ibkr.orders.open_order_message import order_of
from psf_monitor.ibkr.sink import IbkrSink, IbkrSinks
from psf_monitor.problem import Problem


class EnrichedBook(IbkrSink):
    """Adds the terms of their contracts to positions and orders."""

    def __init__(self, sink: IbkrSink, catalog: ContractCatalog, mode: AccountMode) -> None:
        self._sink = sink
        self._catalog = catalog
        self._mode = mode
        self._positions: dict[PositionKey, Position] = {}
        self._orders: dict[OrderKey, Order] = {}
        # By client and order id: the order that last left the list.
        self._left: dict[ClientOrder, str] = {}
        self._held: dict[int, Instrument] = {}
        self._names = HeldContracts()
        # By what was reported: the results of the last list, valid while nothing more is known of contracts.
        self._described: dict[int, tuple[Order, Order]] = {}
        self._are_positions_known = False
        catalog.when_learned(self._on_learned)

    def is_open(self, perm_id: int) -> bool:
        """Return whether an order with this permId was open at TWS's last report, over any connection."""
        orders = self._orders.items()
        return bool(perm_id) and any(key.perm_id == perm_id and not o.is_done for key, o in orders)

    def is_held(self, account: str, con_id: int) -> bool:
        """Return whether this was held at TWS's last report, over any connection."""
        held = (key for key, position in self._positions.items() if position.is_held)
        return any(con_id and (key.account, key.con_id) == (account, con_id) for key in held)

    def accounts_named(self, mode: AccountMode, accounts: Sequence[str]) -> None:
        self._sink.accounts_named(mode, accounts)

    def positions_replaced(self, mode: AccountMode, positions: Sequence[Position]) -> None:
        described = [self._position(position) for position in positions]
        self._positions = {position.key: position for position in described}
        self._names.note_list(described)
        self._sink.positions_replaced(mode, described)
        self._are_positions_known = True
        self._described.clear()
        self._describe_again(lambda _order: True)

    def position_changed(self, mode: AccountMode, position: Position) -> None:
        is_new = position.key not in self._positions
        described = self._positions[position.key] = self._position(position)
        self._described.clear()
        self._names.note(described)
        self._sink.position_changed(mode, described)
        if is_new:
            # It may reveal the contract of an order that names none.
            self._describe_again(lambda order: not order.instrument.con_id)

    def expect(self, trade: Trade) -> None:
        """Read an order that is about to be reported, and look up its contract now."""
        order = order_of(self._mode, trade)
        self._described[id(order)] = order, self._describe(order)

    def orders_replaced(self, mode: AccountMode, orders: Sequence[Order]) -> None:
        described = [self._order(order) for order in orders]
        self._described = {
            id(received): (received, known) for received, known in zip(orders, described, strict=True)
        }
        before, self._orders = self._orders, {order.key: order for order in described}
        if left := {_ids(order) for key, order in before.items() if key not in self._orders}:
            known = defaultdict[ClientOrder, list[Order]](list)
            for order in before.values():
                known[_ids(order)].append(order)
            self._left |= {ids: _names(known[ids]) for ids in left}
        self._sink.orders_replaced(mode, described)

    def positions_listed(self, mode: AccountMode, positions: Sequence[Position], *, is_whole: bool) -> None:
        """Receive a list; while TWS is cut off from IBKR it may lack positions that are still held."""
        listed = {position.key for position in positions}
        others = [p for key, p in self._positions.items() if key not in listed and p.is_held]
        self.positions_replaced(mode, positions if is_whole else [*positions, *others])

    def orders_listed(self, mode: AccountMode, orders: Sequence[Order], *, is_whole: bool) -> None:
        """Receive a list; while TWS is cut off from IBKR it may lack orders that are still open."""
        listed = {order.key for order in orders}
        others = [o for key, o in self._orders.items() if key not in listed and not o.is_done]
        self.orders_replaced(mode, orders if is_whole else [*orders, *others])

    def order_changed(self, mode: AccountMode, order: Order) -> None:
        described = self._orders[order.key] = self._order(order)
        self._sink.order_changed(mode, described)

    def order_executed(self, mode: AccountMode, execution: OrderExecution) -> None:
        self._sink.order_executed(mode, execution)

    def executions_listed(self, mode: AccountMode) -> None:
        self._sink.executions_listed(mode)

    def positions_unavailable(self, mode: AccountMode, why: Problem) -> None:
        self._sink.positions_unavailable(mode, why)

    def orders_unavailable(self, mode: AccountMode, why: Problem) -> None:
        self._sink.orders_unavailable(mode, why)

    def summaries_replaced(self, mode: AccountMode, summaries: Sequence[AccountSummary]) -> None:
        self._sink.summaries_replaced(mode, summaries)

    def account_problem(self, mode: AccountMode, why: Problem | None) -> None:
        self._sink.account_problem(mode, why)

    def account_message(self, mode: AccountMode, message: BrokerMessage) -> None:
        self._sink.account_message(mode, self._named(message))

    def order_message(self, mode: AccountMode, message: BrokerMessage) -> None:
        self._sink.order_message(mode, self._named(message))

    def _named(self, message: BrokerMessage) -> BrokerMessage:
        """Return the message with the order that it is about, even if that has just left the list."""
        if message.order is None:
            return message
        about = _names(order for order in self._orders.values() if _ids(order) == message.order)
        return message._replace(about=about or self._left.get(message.order, ""))

    def account_lost(self, mode: AccountMode, since: datetime) -> None:
        self._sink.account_lost(mode, since)

    def account_dropped(self, mode: AccountMode) -> None:
        self._positions.clear()
        self._orders.clear()
        self._left.clear()
        self._held.clear()
        self._names.clear()
        self._described.clear()
        self._are_positions_known = False
        self._sink.account_dropped(mode)

    def _position(self, received: Position) -> Position:
        described = self._catalog.named(self._catalog.described(received.instrument))
        self._held[received.instrument.con_id] = described
        return (
            received if described == received.instrument else structs.replace(received, instrument=described)
        )

    def _order(self, received: Order) -> Order:
        _, described = self._described.get(id(received), (received, None))
        return described or self._describe(received)

    def _describe(self, received: Order) -> Order:
        if not self._are_positions_known:
            # A position says where it is listed; nothing is requested that will be reported in a moment.
            return _with(received, self._catalog.named(received.instrument))
        instrument = received.instrument
        if not instrument.con_id and (same := self._names.find(received.account, instrument)) is not None:
            return _with(received, same)
        held = self._held.get(instrument.con_id) if instrument.con_id else None
        if held is not None and is_us_market(held.exchange) is not None:
            # An order names the route to a market, its position the market.
            instrument = structs.replace(instrument, exchange=held.exchange)
        return _with(received, self._catalog.named(self._catalog.described(instrument)))

    def _on_learned(self, con_id: int | None) -> None:
        self._described.clear()
        for position in [p for p in self._positions.values() if con_id in (None, p.instrument.con_id)]:
            if self._position(position) != position:
                self.position_changed(self._mode, position)
        self._describe_again(lambda order: con_id in (None, order.instrument.con_id))

    def _describe_again(self, may_differ: Callable[[Order], bool]) -> None:
        for order in [o for o in self._orders.values() if may_differ(o) and self._order(o) != o]:
            self.order_changed(self._mode, order)


def _ids(order: Order) -> ClientOrder:
    return order.client_id, order.order_id


def _names(orders: Iterable[Order]) -> str:
    return " or ".join(sorted({f"order {order.display_id} {order.instrument.name}" for order in orders}))


def _with(received: Order, instrument: Instrument) -> Order:
    return received if instrument == received.instrument else structs.replace(received, instrument=instrument)


class EnrichedFills(FillSink):
    """Adds the terms of their contracts to executions."""

    def __init__(self, sink: FillSink, catalog: ContractCatalog, mode: AccountMode) -> None:
        self._sink = sink
        self._catalog = catalog
        self._mode = mode
        self._undescribed: dict[FillKey, Fill] = {}
        catalog.when_learned(self._on_learned)

    def fills_reported(self, mode: AccountMode, fills: Sequence[Fill]) -> None:
        self._sink.fills_reported(mode, [self._described(fill) for fill in fills])

    def fills_listed(self, mode: AccountMode, accounts: Sequence[str], reach: ListReach = WHOLE_DAY) -> None:
        self._sink.fills_listed(mode, accounts, reach)

    def fills_unavailable(self, mode: AccountMode, why: Problem) -> None:
        self._sink.fills_unavailable(mode, why)

    def _described(self, received: Fill) -> Fill:
        described = replace(received, instrument=self._catalog.described(received.instrument))
        if not (described.instrument.has_all_terms and described.instrument.is_full_name):
            self._undescribed[received.key] = merged_fill(self._undescribed.get(received.key), received)
        else:
            self._undescribed.pop(received.key, None)
        return described

    def _on_learned(self, con_id: int | None) -> None:
        known = [fill for fill in self._undescribed.values() if fill.instrument.con_id == con_id]
        if known:
            self.fills_reported(self._mode, known)


class EnrichedSinks:
    """Both sinks of a login, and what is known of their contracts, kept across sessions."""

    def __init__(self, mode: AccountMode, sinks: IbkrSinks) -> None:
        self.contracts = ContractCatalog()
        self.book = EnrichedBook(sinks.book, self.contracts, mode)
        self.fills = None if sinks.fills is None else EnrichedFills(sinks.fills, self.contracts, mode)
