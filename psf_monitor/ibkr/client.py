"""ib_insync as used here: guarded, without requests of its own, and reporting what it could not read."""

from collections.abc import Awaitable, Callable

from eventkit import Event
from ib_insync.ib import IB
from ib_insync.order import Trade

from psf_monitor.connection.wire_tap import NO_TAP, LinkTap
from psf_monitor.ibkr import parsing, unreadable
from psf_monitor.ibkr.codes.notice_message import notice_reader
from psf_monitor.ibkr.executions.tws_time import UNKNOWN_CLOCK
from psf_monitor.ibkr.guard import GuardedClient
from psf_monitor.ibkr.orders.record_fields import read_fields
from psf_monitor.ibkr.wrapper import RefreshingWrapper

_ORDER_STATUS, _NOTICE, _OPEN_ORDER, _ACCOUNTS, _CURRENT_TIME, _COMMISSION = 3, 4, 5, 15, 49, 59
_POSITION, _POSITION_OF_MODEL = 61, 71


class ReadOnlyIB(IB):
    """An ``IB`` whose client is guarded; made for one connection and then discarded.

    It sends nothing by itself: ib_insync's new subscription of the account summary after each restored link
    (error 1102) is removed. ``unreadableEvent`` names each kind of message that was lost. ``executionEvent``
    (contract, execution) and ``commissionEvent`` (execution id, and in TWS's own text commission, currency
    and realized P&L) report every message 11 and 59, requested or not. ``accountsEvent`` reports the accounts
    of the login (message 15), each time they are sent. ``strayStatusEvent``: a status arrived that only
    the next list explains, as for an order that was never reported. ``lists`` waits for the lists of
    positions and orders, until nothing of one arrives for ``silence_s``. ``tws_clock`` is that of the
    handshake, set by its reader; ``clockEvent``: its zone has become known later. ``was_known`` knows the
    permIds of orders of earlier connections, ``was_held`` the accounts and conIds of their positions.
    """

    client: GuardedClient

    def __init__(
        self,
        tap: LinkTap = NO_TAP,
        silence_s: float = 10.0,
        was_known: Callable[[int], bool] = lambda _perm_id: False,
        was_held: Callable[[str, int], bool] = lambda _account, _con_id: False,
        link_name: str = "",
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.errorEvent -= self._onError
        self.executionEvent = Event("executionEvent")
        self.commissionEvent = Event("commissionEvent")
        self.tws_clock = UNKNOWN_CLOCK
        self.was_known, self.was_held = was_known, was_held
        self.wrapper = wrapper = RefreshingWrapper(self, silence_s)
        self.models_of = wrapper.models_of
        self.lists = wrapper.lists
        self.client = GuardedClient(self.wrapper, tap)
        self.client.conn.hasData -= self.client._onSocketHasData
        self.client.conn.hasData += wrapper.repetition.receive
        self.client.apiEnd += self.disconnectedEvent
        self.unreadableEvent = Event("unreadableEvent")
        self.strayStatusEvent = Event("strayStatusEvent")
        handlers = self.client.decoder.handlers
        self.client.decoder.logger = unreadable.UnreadableLog(  # type: ignore[assignment]
            frozenset(handlers), self.unreadableEvent.emit, link_name
        )
        interpret = unreadable.unescaping(self.client.decoder.interpret)
        self.client.decoder.interpret = interpret  # type: ignore[method-assign]
        self.accountsEvent = Event("accountsEvent")
        self.clockEvent = Event("clockEvent")
        read_accounts = handlers[_ACCOUNTS]

        def read_accounts_again(fields: list[str]) -> None:
            read_accounts(fields)
            self.accountsEvent.emit(parsing.account_names(self.wrapper.accounts))

        handlers[_ACCOUNTS] = read_accounts_again
        handlers[_ORDER_STATUS] = self.wrapper.read_status
        handlers[_NOTICE] = notice_reader(handlers[_NOTICE])
        report = self.unreadableEvent.emit
        handlers[_CURRENT_TIME] = unreadable.time_reader(handlers[_CURRENT_TIME], report)
        self.client.decoder.parse = read_fields  # type: ignore[method-assign]
        self.client.decoder.handlers[_OPEN_ORDER] = self.wrapper.read_order
        self.client.decoder.handlers[_POSITION] = self.wrapper.read_position
        self.client.decoder.handlers[_POSITION_OF_MODEL] = self.wrapper.read_position_of_model
        self.client.decoder.handlers[_COMMISSION] = self.wrapper.read_commission

    def request_orders(self, rest_s: float = 0.0) -> Awaitable[list[Trade]]:
        """Request the open orders; the list is read after ``rest_s``, in few pieces, if nobody waits for it.

        If another answer is awaited as well, or something else is requested, everything is read at once.
        """
        listing = self.reqAllOpenOrdersAsync()
        awaited = (answer for answer in self.wrapper._futures.values() if not answer.done())
        if rest_s and all(answer is listing for answer in awaited):
            self.client.conn.rest(rest_s)
        return listing
