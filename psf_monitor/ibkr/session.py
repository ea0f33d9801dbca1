"""One connection to TWS, from the handshake to its loss. A new one is made for every attempt."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

import ib_insync.objects as tws
from ib_insync.contract import Contract
from ib_insync.order import Trade

from psf_monitor.connection.deferred_asyncio import set_within
from psf_monitor.connection.link_log import link_log
from psf_monitor.connection.pacing import until_next
from psf_monitor.connection.progress import Progress
from psf_monitor.connection.status import LinkError, LinkState
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.position import Position, PositionKey
from psf_monitor.formatting import masked
from psf_monitor.ibkr import errors, parsing
from psf_monitor.ibkr.accounts.account_requests import (
    MOST_ACCOUNTS,
    AccountRequests,
    LoginRequests,
    SingleAccountRequests,
)
from psf_monitor.ibkr.accounts.account_values import AccountValues
from psf_monitor.ibkr.accounts.position_request import PositionRequest, PositionsUnavailableError
from psf_monitor.ibkr.client import ReadOnlyIB
from psf_monitor.ibkr.codes.message_codes import CodeAction
from psf_monitor.ibkr.codes.tws_messages import NO_REQUEST, TwsMessages
from psf_monitor.ibkr.connectivity import ConnectivityLoss
from psf_monitor.ibkr.contracts.contract_enrichment import EnrichedSinks
from psf_monitor.ibkr.contracts.contract_requests import ContractRequests
from psf_monitor.ibkr.executions.executions import Executions
from psf_monitor.ibkr.handshake import TwsConnection, first_of
from psf_monitor.ibkr.heartbeat import Heartbeat
from psf_monitor.ibkr.list_completion import ORDER_LIST, POSITION_LIST
from psf_monitor.ibkr.orders.open_order_message import order_of
from psf_monitor.ibkr.orders.order_changes import OrderChanges
from psf_monitor.ibkr.timing import IbkrTiming
from psf_monitor.ibkr.unreadable import OPEN_ORDERS, POSITIONS, UnreadableMessages
from psf_monitor.problem import Problem
from psf_monitor.settings import IbkrProfile

_KINDS = "positions", "orders", "account values", "executions"
"""In the order in which they are named. Without the first three a connection is still loading."""


class IbkrSession:
    """Connects, loads, listens, and ends in ``LinkError``; if cancelled, it closes the socket properly.

    Each kind of data (positions, orders, account values) is requested separately: one that does not arrive is
    requested again and holds up nothing else.
    """

    def __init__(
        self,
        profile: IbkrProfile,
        sinks: EnrichedSinks,
        link: Link,
        clock: Callable[[], datetime],
        timing: IbkrTiming,
        set_clock: Callable[[datetime], float],
    ) -> None:
        self._profile = profile
        self._mode = profile.mode
        self._sink = sinks.book
        self._link = link
        self._log = link_log(__name__, link.name)
        self._clock = clock
        self._timing = timing
        self._ib = ReadOnlyIB(link.tap, timing.answer_s, sinks.book.is_open, sinks.book.is_held, link.name)
        self._ib.RaiseRequestErrors = True
        self._line = TwsConnection(self._ib, profile, link, clock, timing.handshake_s)
        self._heartbeat = Heartbeat(self._ib, self._line, link, clock, timing, set_clock)
        self._orders_refusal = ""
        self._orders_refused, self._orders_moved, self._positions_lost = (asyncio.Event() for _ in range(3))
        self._cut_off = ConnectivityLoss(clock, timing, self._reload)
        self._accounts: tuple[str, ...] = ()
        self._named: tuple[str, ...] = ()
        self._answered: dict[str, int | None] = {}
        self._unreadable = unreadable = UnreadableMessages(link.warn)
        self._values = AccountValues(
            self._mode,
            sinks.book,
            timing,
            lambda: self._accounts,
            partial(self._answer, "account values"),
            self._keep_old,
        )
        self._position_request = PositionRequest(self._ib, self._mode, timing, sinks.book)
        self._positions_pending = True
        self._positions_received: dict[PositionKey, Position] = {}
        self._requests: AccountRequests = LoginRequests(self._ib, lambda: self._accounts, timing.readiness_s)
        self._executions = Executions(
            self._ib, self._mode, sinks.fills, self._is_ours, clock, timing, unreadable
        )
        self._contracts = ContractRequests(self._ib, sinks.contracts, timing, link.name)
        self._order_changes = OrderChanges(self._on_order, self._ib.lists, timing.orders_quiet_s)

    async def run(self) -> None:
        """Serve until the connection is lost. Raises ``LinkError``."""
        self._listen()
        try:
            await self._open()
            try:
                await self._load()
            finally:
                self._executions.end()
        finally:
            await self._close()

    def refresh(self) -> None:
        """Request everything again; until a part has arrived, what is known of it is old."""
        self._request_again(self._clock())

    def _request_again(self, old_since: datetime) -> None:
        self._sink.account_lost(self._mode, old_since)
        self._values.request_again()
        self._positions_lost.set()
        self._orders_moved.set()
        self._executions.request_soon()

    async def _load(self) -> None:
        """Run every part at once until one fails. Raises ``LinkError``.

        No task group: if cancelled at the moment the line is lost, it would report only the loss.
        """
        loading = [
            asyncio.create_task(part)
            for part in (
                self._load_positions(),
                self._load_orders(),
                self._values.load(self._requests),
                self._load_executions(),
                self._contracts.serve(),
                self._heartbeat.watch(),
                self._heartbeat.watch_sleep(self._on_slept),
                self._watch_close(),
            )
        ]
        try:
            await asyncio.wait(loading, return_when=asyncio.FIRST_EXCEPTION)
        finally:
            for task in loading:
                task.cancel()
            outcomes = await asyncio.gather(*loading, return_exceptions=True)
        raise self._line.loss_among([outcome for outcome in outcomes if isinstance(outcome, Exception)])

    # Opening and closing.

    def _listen(self) -> None:
        ib = self._ib
        messages = TwsMessages(
            self._profile,
            self._clock,
            {
                CodeAction.CUT_OFF: self._on_cut_off,
                CodeAction.RESTORED: lambda *_: self._reload(),
                CodeAction.FARM_BACK: lambda *_: self._cut_off.farm_came_back(),
                CodeAction.FARM_LOST: lambda *_: self._cut_off.farm_went(),
                CodeAction.CLIENT_ID_IN_USE: self._on_client_id_in_use,
                CodeAction.PORT_CHANGED: self._on_port_changed,
                CodeAction.REQUEST_REFUSED: self._on_request_refused,
            },
            self._line.note_reason,
            self._sink,
        )
        ib.errorEvent += lambda request, code, text, _contract: messages.dispatch(request, code, text)
        ib.accountsEvent += self._on_accounts
        ib.positionEvent += self._on_position
        ib.openOrderEvent += self._order_changes.on_order
        ib.orderStatusEvent += self._order_changes.on_order
        # An order that arrives by itself may be newer than a list that is on its way.
        ib.openOrderEvent += lambda _trade: self._orders_moved.set()
        ib.accountSummaryEvent += lambda _value: self._values.request_soon()
        ib.accountValueEvent += lambda _value: self._values.request_soon()
        ib.strayStatusEvent += self._orders_moved.set
        ib.executionEvent += self._on_execution
        ib.unreadableEvent += self._unreadable.add

    async def _open(self) -> None:
        profile = self._profile
        named = await self._line.open()
        # More of them may have been sent while the line opened.
        named = self._named or named
        self._accounts = (profile.account_id,) if profile.account_id else named
        if profile.account_id and profile.account_id not in named:
            raise LinkError(
                errors.no_account(masked(profile.account_id), ", ".join(map(masked, named))), retry=False
            )
        if len(named) > MOST_ACCOUNTS:
            if not profile.account_id:
                raise LinkError(errors.too_many_accounts(len(named), MOST_ACCOUNTS), retry=False)
            self._requests = SingleAccountRequests(self._ib, profile.account_id)
        self._sink.accounts_named(self._mode, self._accounts)
        if self._cut_off.at is None:
            kinds = Progress(loaded=(("positions", None), ("orders", None), ("account values", None)))
            self._link.report(LinkState.LOADING, kinds, accounts=self._accounts)
        else:
            # TWS accepted us after it had reported that it lost IBKR.
            self._link.report(LinkState.CUT_OFF, accounts=self._accounts, problem=self._link.status.problem)

    async def _close(self) -> None:
        self._cut_off.end()
        if self._ib.client.isReady():
            self._requests.cancel_values()
            self._requests.cancel_positions()
        await self._line.close()

    # Loading: one task per kind of data, each of which asks again until it is answered.

    async def _load_positions(self) -> None:
        while True:
            self._positions_pending = True
            if not self._ib.lists.is_open(POSITION_LIST):
                self._positions_received.clear()
            try:
                with self._unreadable.list_of(POSITIONS):
                    await self._position_request.until_listed(self._requests)
            except PositionsUnavailableError:
                self._answer("positions", None)
                await asyncio.sleep(self._timing.ask_again_s)
                continue
            self._positions_pending = False
            received, self._positions_received = self._positions_received.values(), {}
            listed = [each for each in received if not each.account or each.account in self._accounts]
            self._sink.positions_listed(self._mode, listed, is_whole=self._cut_off.at is None)
            self._executions.positions_listed(listed)
            self._keep_old()
            self._answer("positions", sum(1 for p in listed if p.is_held))
            await self._positions_lost.wait()
            self._positions_lost.clear()

    async def _load_orders(self) -> None:
        is_news = True
        while True:
            await self._request_orders(0.0 if is_news else self._timing.orders_rest_s)
            wait_s = self._timing.orders_override_s or until_next(self._profile.orders_every_s)
            is_news = await set_within(self._orders_moved, wait_s, self._timing.orders_soonest_s)

    async def _request_orders(self, rest_s: float = 0.0) -> None:
        self._orders_refused.clear()
        self._orders_moved.clear()
        self._unreadable.list_begins(OPEN_ORDERS)
        listing = asyncio.ensure_future(self._ib.request_orders(rest_s))
        try:
            await self._ib.lists.until_there(ORDER_LIST, first_of(listing, self._orders_refused))
        except TimeoutError:
            self._heartbeat.look_now()
            self._report_orders_unavailable(errors.orders_unanswered(self._mode, self._timing.answer_s))
        else:
            if listing.done():
                await self._order_changes.read_ahead(listing.result(), self._sink.expect)
                self._replace_orders(listing.result())
            else:
                self._ib.lists.ended(ORDER_LIST)
                self._report_orders_unavailable(errors.orders_refused(self._mode, self._orders_refusal))
        finally:
            self._unreadable.list_ends(OPEN_ORDERS, is_whole=False)
            listing.cancel()
            await asyncio.gather(listing, return_exceptions=True)

    def _replace_orders(self, trades: list[Trade]) -> None:
        listed = [order_of(self._mode, t) for t in trades if self._is_ours(t.order.account)]
        latest = {order.key: order for order in listed}
        self._unreadable.list_ends(OPEN_ORDERS, is_whole=True)
        self._sink.orders_listed(self._mode, list(latest.values()), is_whole=self._cut_off.at is None)
        self._order_changes.on_list(trades)
        self._executions.orders_listed({key: order.filled for key, order in latest.items()})
        self._keep_old()
        self._answer("orders", len(latest))

    def _report_orders_unavailable(self, why: Problem) -> None:
        self._order_changes.on_no_list()
        self._sink.orders_unavailable(self._mode, why)
        self._answer("orders", None)

    async def _load_executions(self) -> None:
        # What keeps the window waiting comes first.
        await self._order_changes.until_answered()
        await self._executions.load(self._accounts, self._on_executions_listed)

    def _on_executions_listed(self, count: int | None) -> None:
        self._answer("executions", count)
        if count is not None and self._cut_off.at is None:
            self._sink.executions_listed(self._mode)

    async def _watch_close(self) -> None:
        await self._line.closed.wait()
        raise self._line.loss()

    def _answer(self, kind: str, count: int | None) -> None:
        """Record an answer (``None``: none); report once every kind is answered or given up."""
        if kind in self._answered and self._answered[kind] is not None and count is not None:
            return
        if count is None and self._answered.get(kind, 0) is not None:
            self._log.warning("%s: TWS did not answer for %s", self._mode, kind)
        self._answered[kind] = count
        if self._cut_off.at is not None:
            return
        if not self._answered.keys() >= {*_KINDS[:3]}:
            loaded = [(kind, count) for kind in _KINDS if (count := self._answered.get(kind)) is not None]
            self._link.report(LinkState.LOADING, Progress(loaded=tuple(loaded)))
            return
        missing = tuple(kind for kind in _KINDS if self._answered.get(kind, 0) is None)
        self._link.report(LinkState.READY, Progress(unanswered=missing))

    def _keep_old(self) -> None:
        """Mark answers of a TWS that is cut off from IBKR as old: they are what TWS knew before the cut."""
        if self._cut_off.at is not None:
            self._sink.account_lost(self._mode, self._cut_off.at)

    def _is_ours(self, account: str) -> bool:
        """Return whether the trader wants this account: TWS reports those of the whole login.

        An advisor's order for a group names no account.
        """
        return not account or self._profile.account_id in ("", account)

    # What TWS sends by itself.

    def _on_cut_off(self, _request: int, code: int, sentence: str) -> None:
        self._cut_off.begin()
        self._keep_old()
        self._executions.cut_off()
        self._link.report(LinkState.CUT_OFF, problem=errors.cut_off(sentence, code))

    def _on_client_id_in_use(self, *_: object) -> None:
        self._line.refuse(LinkError(errors.client_id_in_use(self._profile.client_id)))

    def _on_port_changed(self, _request: int, _code: int, sentence: str) -> None:
        self._line.refuse(LinkError(errors.port_changed(self._profile.port, sentence)))

    def _on_request_refused(self, request: int, _code: int, sentence: str) -> None:
        # Only the list of orders has no request id, and is refused if the API is read-only.
        if request in NO_REQUEST and not errors.is_another_refusal(sentence):
            self._orders_refusal = sentence
            self._orders_refused.set()

    def _on_accounts(self, named: tuple[str, ...]) -> None:
        """Set the login's accounts: TWS sends them again when one was added or has left."""
        gone = set(self._named) - set(named or self._named)
        self._named = named or self._named
        if self._accounts and not self._profile.account_id and (gone or set(named) - set(self._accounts)):
            kept = tuple(account for account in self._accounts if account not in gone)
            self._set_accounts((*kept, *(account for account in named if account not in kept)))
            self._positions_lost.set()

    def _on_account(self, account: str) -> None:
        """Add an account that TWS may not have named, and request what TWS does not send for it."""
        if account and self._accounts and account not in self._accounts:
            self._set_accounts((*self._accounts, account))

    def _set_accounts(self, accounts: tuple[str, ...]) -> None:
        self._log.warning("%s: the accounts of the login are %s now", self._mode, ", ".join(accounts))
        self._accounts = accounts
        self._sink.accounts_named(self._mode, self._accounts)
        status = self._link.status
        self._link.report(status.state, status.progress, accounts=self._accounts, problem=status.problem)
        self._values.request_again()
        self._orders_moved.set()
        self._executions.accounts_changed(accounts)

    def _on_slept(self) -> None:
        """Mark everything as old as of TWS's last message until it arrives again: the computer slept."""
        self._request_again(self._line.received_at or self._clock())

    def _reload(self) -> None:
        """Request everything again; what is known stays marked as old until it has arrived."""
        self._cut_off.end()
        self._answered.clear()
        self._link.report(LinkState.RESTORED)
        self._executions.restored()
        self.refresh()

    def _on_position(self, reported: tws.Position) -> None:
        if self._is_ours(reported.account):
            models = self._ib.models_of(reported.account, reported.contract)
            position = parsing.position(self._mode, reported, models)
            if position.is_held:
                self._on_account(reported.account)
            # One that moved while the list was on its way arrived twice: the later one counts.
            self._positions_received[position.key] = position
            if not self._positions_pending:
                self._sink.position_changed(self._mode, position)
                self._executions.position_changed(position)
        # It was moved by a fill, of an order that TWS may not report to us.
        self._orders_moved.set()

    def _on_order(self, trade: Trade) -> None:
        if self._is_ours(trade.order.account):
            self._sink.order_changed(self._mode, order_of(self._mode, trade))
            self._keep_old()

    def _on_execution(self, contract: Contract, execution: tws.Execution) -> None:
        received = parsing.execution_of_order(contract, execution)
        if received is not None and self._is_ours(execution.acctNumber):
            self._sink.order_executed(self._mode, received)
