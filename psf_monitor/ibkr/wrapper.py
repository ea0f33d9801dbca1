"""What TWS sent, as ib_insync keeps it for one connection: every message read, nothing made up."""

import logging
from dataclasses import replace
from typing import Any, NamedTuple

from ib_insync.contract import Contract
from ib_insync.ib import IB
from ib_insync.objects import Position
from ib_insync.order import Order, OrderStatus
from ib_insync.util import UNSET_DOUBLE, UNSET_INTEGER
from ib_insync.wrapper import Wrapper

from psf_monitor.ibkr import integer_fields, parsing, unreadable
from psf_monitor.ibkr.accounts.held_contracts import ContractIds
from psf_monitor.ibkr.accounts.model_positions import HeldInModel, ModelPositions
from psf_monitor.ibkr.list_completion import ORDER_LIST, POSITION_LIST, ListCompletion
from psf_monitor.ibkr.orders.known_orders import KnownOrders
from psf_monitor.ibkr.orders.list_repetition import ListRepetition
from psf_monitor.ibkr.orders.open_order_message import (
    CONTRACT_FIELDS,
    check_places,
    client_named,
    completed,
    contract_of,
    without_terms,
)
from psf_monitor.ibkr.orders.open_order_parts import readable
from psf_monitor.ibkr.orders.order_status_message import (
    is_whole,
    read_order_status,
    revives,
    unknown_status,
    unless_older,
)

_log = logging.getLogger(__name__)

_ORDER_FIGURES, _STRIKE = (14, 16, 17), {6: "strike"}
"""The fields of quantity, limit and stop, and of the strike in message 5."""
_ORDER_ID, _ORDER_PERM_ID, _POSITION_ACCOUNT, _MODEL_ACCOUNT = 1, 25, 2, 3
_ORDER_CLIENT, _DISPLAY_SIZE = 24, 49
_ORDER_IDS = {
    _ORDER_ID: integer_fields.ORDER_ID,
    2: integer_fields.CONTRACT_ID,
    _ORDER_CLIENT: integer_fields.CLIENT_ID,
    _ORDER_PERM_ID: integer_fields.PERM_ID,
}


class _Read(NamedTuple):
    """The content of one message 5; ``status`` and ``warning`` are those of its order state, ``unread`` its
    ids that are none and the terms behind a count that is none.
    """

    contract: Contract
    order: Order
    status: str
    warning: str = ""
    unread: tuple[str, ...] = ()


class RefreshingWrapper(Wrapper):
    """Takes every detail of an order from TWS's latest message, and reads equal messages once.

    ib_insync refreshes six fields of a known order and keeps the others as first received, and it formats
    every order for its log, whether that is kept or not. While nothing happens, a list of orders repeats the
    previous one byte for byte: the earlier result is then reused.

    An order's status comes from messages 3 and 5 alone, whereas ib_insync takes any error with its id for a
    cancel. A figure that TWS leaves empty is unset and not 0.
    """

    def __init__(self, ib: IB, silence_s: float) -> None:
        super().__init__(ib)  # type: ignore[no-untyped-call]
        self._raw = ""
        # The terms that the message which is being read has behind a count that is none, and its ids that are
        # none.
        self._unread: tuple[str, ...] = ()
        self._no_ids: tuple[str, ...] = ()
        self._named: set[str] = set()
        # By the text of the message: of the last list, and of the one that is arriving.
        self._listed: dict[str, _Read] = {}
        self._received: dict[str, _Read] = {}
        self._statuses_listed: dict[str, OrderStatus] = {}
        self._statuses_received: dict[str, OrderStatus] = {}
        self._known = KnownOrders(lambda: self.trades)
        # The fields of the message 5 before this message, if it ended before its permId.
        self._cut_off: list[str] = []
        # The orders of which the last list, and the one that is arriving, reported less than was known.
        self._doubted: set[int] = set()
        self._doubted_now: set[int] = set()
        # By their ids: the orders whose latest message could not be read.
        self._without_terms: dict[tuple[str, ...], tuple[str, Any, Any, bool]] = {}
        self._models = ModelPositions()
        self._contract_ids = ContractIds()
        self.lists = ListCompletion(silence_s)
        self.repetition = ListRepetition(
            unreadable.message_reader(ib),
            self._repeat_list,
            lambda count: self.lists.received.update({ORDER_LIST: count}),
            lambda: self._is_awaited(ORDER_LIST),
        )

    def connectionClosed(self) -> None:
        # ib_insync keeps the error for good, and with its trace everyone who awaited an answer.
        for answer in self._futures.values():
            if not answer.done():
                answer.set_exception(ConnectionError("TWS closed the line"))
        self.reset()  # type: ignore[no-untyped-call]

    def startReq(self, key: Any, contract: Any = None, container: Any = None) -> Any:
        if key == ORDER_LIST:
            self.repetition.on_request(is_only=not self.lists.is_open(key))
            self._known.list_begins()
        if key in (ORDER_LIST, POSITION_LIST):
            if self.lists.is_open(key):
                container = self._results.get(key, container)
            self.lists.requested(key)
        return super().startReq(key, contract, container)  # type: ignore[no-untyped-call]

    def _end_list(self, key: str) -> None:
        self._endReq(key)  # type: ignore[no-untyped-call]
        self.lists.ended(key)
        if self.lists.is_open(key):
            # From here on messages belong to the list that was requested next.
            self._results[key] = []

    def _is_awaited(self, key: str) -> bool:
        answer = self._futures.get(key)
        return answer is not None and not answer.done()

    def orderKey(self, clientId: int, orderId: int, permId: int) -> Any:
        return permId or (clientId, orderId)

    def error(self, reqId: int, errorCode: int, errorString: str, advancedOrderRejectJson: str) -> None:
        own = (self.clientId, reqId)
        order = self.trades.pop(own, None)
        try:
            super().error(reqId, errorCode, errorString, advancedOrderRejectJson)
        finally:
            if order is not None:
                self.trades[own] = order

    def read_order(self, fields: list[str]) -> None:
        """Read message 5 as sent by TWS."""
        self._raw, self._cut_off = "\0".join(fields), []
        read = self._listed.get(self._raw)
        if read is None:
            try:
                unreadable.mark_unread(fields, *_ORDER_FIGURES)
                unreadable.make_readable(fields, _STRIKE)
                decoder = self.ib.client.decoder
                whole, self._unread = readable(fields, decoder.serverVersion)
                if parsing.is_unset(whole[_DISPLAY_SIZE]):
                    # Empty, too, means unset here rather than 0.
                    whole[_DISPLAY_SIZE] = str(UNSET_INTEGER)
                no_ids = integer_fields.normalize_integers(whole, _ORDER_IDS)
                self._no_ids = tuple(name.replace(" ", "_") for name in no_ids)
                if self._unread or no_ids:
                    check_places(whole, self.accounts)
                decoder.openOrder(whole)
            except Exception:
                self._known.last_listed = None
                if len(fields) > _ORDER_PERM_ID:
                    self._keep_order(fields)
                else:
                    self._cut_off = fields
                raise
        else:
            self._add(read)

    def _keep_cut_off(self, status: OrderStatus) -> None:
        """Keep an order whose message ends before its permId, with the ids of the status after it."""
        fields, self._cut_off = self._cut_off, []
        listing = self._results.get(ORDER_LIST, ())
        is_another = any(trade.order.permId == status.permId for trade in listing)
        if is_another or fields[_ORDER_ID : _ORDER_ID + 1] not in ([], [str(status.orderId)]):
            return
        whole = [*fields, *[""] * (_ORDER_PERM_ID + 1 - len(fields))]
        ids = {_ORDER_ID: status.orderId, _ORDER_CLIENT: status.clientId, _ORDER_PERM_ID: status.permId}
        for place, number in ids.items():
            whole[place] = str(number)
        self._keep_order(whole, len(fields))

    def _keep_order(self, fields: list[str], length: int = _ORDER_PERM_ID + 1) -> None:
        """Keep an order whose message cannot be read, or that has ``length`` of its first fields: a known
        one, or one that says whose it is.
        """
        ids = fields[_ORDER_PERM_ID], fields[_ORDER_CLIENT], fields[_ORDER_ID]
        raw, contract, order, is_certain = self._without_terms.get(ids, ("", None, None, False))
        if raw != self._raw:
            contract, order, is_certain = without_terms(fields, self.accounts)
            self._without_terms[ids] = self._raw, contract, order, is_certain
        trade = self._known.named(order)
        if trade is not None:
            contract, order = completed(contract, order, trade, length)
        is_known = self.ib.was_known(order.permId) if trade is None else trade.order.account == order.account
        if is_known or is_certain:
            self._add(_Read(contract, order, "" if trade is None else trade.orderStatus.status))
            # It is counted anew with each list.
            del self._received[self._raw]

    def openOrder(self, orderId: int, contract: Any, order: Any, orderState: Any) -> None:
        if order.whatIf:
            # A what-if order is no order.
            return
        order.permId = parsing.known_id(order.permId) or 0
        order.clientId = client_named(order.clientId)
        for name, value in vars(order).items():
            if value == "?":
                setattr(order, name, getattr(Order, name))
        status, unread = orderState.status, self._unread
        if unread and not status:
            known = self._known.named(order)
            status = "" if known is None else known.orderStatus.status
        self._add(_Read(contract, order, status, orderState.warningText, (*self._no_ids, *unread)))
        if unread:
            # It is counted anew with each list.
            del self._received[self._raw]
            named = f"{unread[0].replace('_', ' ')} of order {order.permId or order.orderId}"
            if named not in self._named:
                self._named.add(named)
                _log.warning("message 5 cannot be read from here on: %s", named)
            self._report(unreadable.ORDER_PART, [named])

    def openOrderEnd(self) -> None:
        listing = self._results.get(ORDER_LIST, ())
        read = len(self._received) + len(self._statuses_received)
        parts = [part for t in listing for part in (t, t.contract, t.order, t.orderStatus)]
        self.repetition.on_end(parts, None if self._doubted_now else read)
        self._listed, self._received = self._received, {}
        self._statuses_listed, self._statuses_received = self._statuses_received, {}
        self._doubted, self._doubted_now = self._doubted_now, set()
        self._known.list_ends()
        self._end_list(ORDER_LIST)

    def _repeat_list(self, parts: list[Any]) -> None:
        """End a list without reading it: it has the orders of the last one, with the same parts."""
        self._results[ORDER_LIST] += parts[::4]
        self._known.list_ends()
        self._end_list(ORDER_LIST)

    def positionEnd(self) -> None:
        self._end_list(POSITION_LIST)

    def _add(self, read: _Read) -> None:
        self._received[self._raw] = read
        order = read.order
        self.lists.received[ORDER_LIST] += 1
        listing = self._results.get(ORDER_LIST)
        trade = self._known.of_message(
            (read.contract, order, self._raw),
            self.ib.tws_clock,
            is_listed=listing is not None,
            is_ours=order.clientId == self.clientId,
        )
        trade.contract, trade.order, status, trade.warning, trade.unread = read
        is_older = revives(trade.orderStatus.status, status) and not self._is_repeated(trade)
        if trade.orderStatus.status != status and not is_older:
            trade.orderStatus = replace(trade.orderStatus, status=status)
        # Request ids and order ids share one counter.
        self.ib.client.updateReqId(order.orderId + 1)
        if listing is not None:
            listing.append(trade)
        if not self._is_awaited(ORDER_LIST):
            self.ib.openOrderEvent.emit(trade)

    def read_status(self, fields: list[str]) -> None:
        """Read message 3 as sent by TWS."""
        raw, no_numbers, last = "\0".join(fields), list[str](), self._known.last_listed
        received = self._statuses_listed.get(raw)
        if received is None:
            try:
                received, no_numbers = read_order_status(fields, None if last is None else last.order)
            except Exception:
                if last is not None:
                    last.orderStatus = unknown_status(last.orderStatus.orderId, last.orderStatus.status)
                self.ib.strayStatusEvent.emit()
                raise
            self._report(unreadable.STATUS_FIGURE, no_numbers)
        if not no_numbers and is_whole(fields):
            # It is counted anew with each list.
            self._statuses_received[raw] = received
        if self._cut_off:
            self._keep_cut_off(received)
        trade, before = self._known.of_status(received)
        listing = self._results.get(ORDER_LIST)
        if listing and before is not None and listing[-1].order is before:
            listing[-1] = trade
        if trade is not None and before is not None:
            # The next list may repeat the message without a permId.
            for messages in (self._listed, self._received):
                messages.update(
                    {w: r._replace(order=trade.order) for w, r in messages.items() if r.order is before}
                )
        if trade is None:
            _log.debug("the status %s of an order that is not known", received.status)
            if not self._is_awaited(ORDER_LIST):
                self.ib.strayStatusEvent.emit()
            return
        if received is not trade.orderStatus and received != trade.orderStatus:
            received = replace(received, status=received.status or trade.orderStatus.status)
            newer = unless_older(trade.orderStatus, received)
            if newer is not received and not self._is_repeated(trade):
                received = newer
        if received is not trade.orderStatus and received != trade.orderStatus:
            trade.orderStatus = received
            self.ib.orderStatusEvent.emit(trade)

    def _is_repeated(self, trade: Any) -> bool:
        """Return whether the previous list, too, reported less of an order than is known; ask for the next.

        A message that is older may arrive while a list does.
        """
        if self._results.get(ORDER_LIST) is not None:
            self._doubted_now.add(id(trade))
        self.ib.strayStatusEvent.emit()
        return id(trade) in self._doubted and id(trade) in self._doubted_now

    def position(self, account: str, contract: Any, posSize: float, avgCost: float) -> None:
        # ib_insync copies each, and formats it for its log, whether that is kept or not.
        self.lists.received[POSITION_LIST] += 1
        received = Position(account, contract, posSize, avgCost)
        if posSize:
            self.positions[account][contract.conId] = received
        else:
            self.positions[account].pop(contract.conId, None)
        self.ib.positionEvent.emit(received)

    def read_position(self, fields: list[str]) -> None:
        """Read message 61 as sent by TWS."""
        try:
            self._report(unreadable.POSITION_FIGURE, unreadable.position_figures(fields, _POSITION_ACCOUNT))
            self._contract_ids.complete(fields, _POSITION_ACCOUNT)
            self.ib.client.decoder.position(fields)
        except Exception:
            self._keep_position(fields, _POSITION_ACCOUNT)
            raise

    def read_position_of_model(self, fields: list[str]) -> None:
        """Read message 71 as sent by TWS."""
        try:
            self._report(unreadable.POSITION_FIGURE, unreadable.position_figures(fields, _MODEL_ACCOUNT))
            self._contract_ids.complete(fields, _MODEL_ACCOUNT)
            self.ib.client.decoder.positionMulti(fields)
        except Exception:
            self._keep_position(fields, _MODEL_ACCOUNT)
            raise

    def _report(self, kind: str, names: list[str]) -> bool:
        """Report figures that are no numbers; return whether there are any."""
        if names:
            self.ib.unreadableEvent.emit(kind, *names)
        return bool(names)

    def _keep_position(self, fields: list[str], place: int) -> None:
        """Keep a position whose quantity is unreadable; its account is the field at ``place``."""
        quantity = place + 1 + CONTRACT_FIELDS
        fields += [""] * (quantity + 1 - len(fields))
        account, contract = fields[place], contract_of(fields, place + 1)
        known = self.positions[account].get(contract.conId)
        was_held = known is not None or self.ib.was_held(account, contract.conId)
        is_named = account in self.accounts and contract.conId > 0 and bool(contract.localSymbol)
        if was_held or (is_named and parsing.number(fields[quantity]) != 0):
            of = contract if known is None or contract.localSymbol else known.contract
            self.position(account, of, UNSET_DOUBLE, 0.0)

    def positionMulti(
        self,
        reqId: int,
        account: str,
        modelCode: str,
        contract: Any,
        pos: float,
        avgCost: float,
    ) -> None:
        # ib_insync drops these; the answer to a request for one account is a position like any other.
        received = HeldInModel(parsing.number(pos), parsing.price(contract, avgCost) or None)
        held = self._models.update(reqId, parsing.position_key(account, contract), modelCode, received)
        quantity = UNSET_DOUBLE if held.quantity is None else held.quantity
        self.position(account, contract, quantity, held.average_cost or 0.0)

    def models_of(self, account: str, contract: Contract) -> tuple[tuple[str, float | None], ...]:
        """Return the model portfolios that hold a contract, with quantities; empty if TWS sends no models."""
        return self._models.parts(parsing.position_key(account, contract))

    def positionMultiEnd(self, reqId: int) -> None:
        self.positionEnd()

    def execDetails(self, reqId: int, contract: Any, execution: Any) -> None:
        # ib_insync reports a live one only for an order that it knows, and keeps them all.
        self.ib.executionEvent.emit(contract, execution)

    def read_commission(self, fields: list[str]) -> None:
        """Read message 59 as sent by TWS: ib_insync turns an unset figure into 0."""
        self._report(unreadable.COMMISSION_FIGURE, unreadable.commission_figures(fields))
        _, _, exec_id, commission, currency, realized_pnl, *_ = fields
        self.ib.commissionEvent.emit(exec_id, commission, currency, realized_pnl)
