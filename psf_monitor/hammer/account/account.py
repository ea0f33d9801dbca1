"""Hammer Pro's own account: found, started, followed, and reported in the same records as other accounts.

It knows HAMMER's account messages but no socket. It never requests anything that changes the account.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from psf_monitor.connection.fill_sink import FillSink
from psf_monitor.connection.link_log import link_log
from psf_monitor.domain.account import AccountMode, AccountSection
from psf_monitor.domain.fills.fill import Fill, FillKey
from psf_monitor.domain.orders.order import OrderKey
from psf_monitor.domain.position import Position
from psf_monitor.hammer.account import errors, messages, records
from psf_monitor.hammer.account.account_list import AccountList, AnswerOutcome, BalancesList
from psf_monitor.hammer.account.contract_terms import unread_terms
from psf_monitor.hammer.account.errors import UnavailableError
from psf_monitor.hammer.account.messages import MODE, TradingAccount
from psf_monitor.hammer.account.order_list import ListedOrder, OrderList
from psf_monitor.hammer.account.transactions import whole_fill_of
from psf_monitor.hammer.messages import ProtocolError, Reply
from psf_monitor.hammer.pending_requests import SendCommand
from psf_monitor.hammer.sink import HammerAccountSink
from psf_monitor.hammer.symbols import SymbolTable
from psf_monitor.hammer.timing import DEFAULT, HammerTiming
from psf_monitor.problem import Problem, joined

_log = link_log(__name__, AccountMode.HAMMER_PRO.link_name)

SOON_AT_MOST = 30
"""How often a request that HAMMER refuses, or cannot answer yet, is repeated soon; after that, less often."""

_START, _STATE = "start", "state"
_SECTIONS = {"positions": AccountSection.POSITIONS, "balances": AccountSection.VALUES}
_NAMELESS = "a share without a name"
_PATIENCE = 0.9
"""Timers may fire early."""


class HammerAccount:
    """The positions, orders and values of Hammer Pro's own account.

    Each part is requested, followed and reported separately; nothing is reported before its first full list.
    It outlives a session, at the start of which everything is reported again.
    """

    _account: TradingAccount | None
    _is_current: bool

    def __init__(
        self,
        sink: HammerAccountSink | None,
        symbols: SymbolTable,
        fills: FillSink | None = None,
        *,
        clock: Callable[[], datetime],
        timing: HammerTiming = DEFAULT,
    ) -> None:
        self._clock = clock
        self._sink = sink
        self._fills = fills
        self._symbols = symbols
        self._timing = timing
        self._open: dict[str, frozenset[OrderKey]] = {}
        self._begin()

    async def serve(self, send: SendCommand, key_wanted: str) -> None:
        """Follow the account until cancelled; without a sink nothing is requested.

        ``key_wanted`` is the account chosen by the trader, empty if there is only one.
        """
        if self._sink is None:
            return
        self._begin()
        account = await self._found(send, key_wanted)
        self._account = account
        self._sink.accounts_named(MODE, [self._name])
        is_started = await self._start(send, account)
        tasks = [
            asyncio.create_task(
                self._load_repeatedly(part, send, account), name=f"HAMMER account {part.name}"
            )
            for part in self._parts.values()
        ]
        if not is_started:
            tasks.append(asyncio.create_task(self._start_again(send, account), name="HAMMER account start"))
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def refresh(self) -> None:
        """Request everything again."""
        for stirred in self._stirred.values():
            stirred.set()

    def apply(self, command: str, result: msgspec.Raw) -> None:
        """Apply an update that HAMMER sent by itself. Raises ``ProtocolError`` if it cannot be read."""
        if command == "tradingAccountStateUpdate":
            if self._account is None or messages.is_account(
                messages.account_key_of(result), self._account.key
            ):
                self._problem(_STATE, errors.of_state(messages.state_of(result)))
                self.refresh()
            return
        if self._account is None:
            return
        part = self._parts[command.removesuffix("Update")]
        is_all = part.apply_update(result, self._account.key)
        if part.is_loaded:
            self._report(part, is_all=is_all)
        if part is self._orders:
            # A fill changes the positions and their value.
            self.refresh()
        self._stirred[part.name].set()

    def renamed(self) -> None:
        """Read the trader's symbols again, which may have changed."""
        if self._positions.is_loaded:
            self._report_positions()
        if self._orders.is_loaded:
            self._report_orders()

    def mark_stale(self, since: datetime) -> None:
        """Mark everything as old as of ``since``, until it is reported again."""
        if self._is_current and self._sink is not None:
            self._is_current = False
            self._sink.account_lost(MODE, since)
            self._fills_unavailable(errors.NOT_CONNECTED)

    def drop(self) -> None:
        """Forget everything: the trader disconnected HAMMER."""
        if self._orders.is_loaded:
            self._fills_unavailable(errors.NOT_CONNECTED)
        self._open.clear()
        self._begin()
        if self._sink is not None:
            self._sink.account_dropped(MODE)

    # -- requests -------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._account = None
        self._positions = AccountList("positions", "getPositions", messages.symbol_of, has_lots=True)
        self._orders = OrderList("transactions", "getTransactions")
        self._balances = BalancesList("balances", "getBalances")
        self._parts: dict[str, AccountList] = {
            part.name: part for part in (self._positions, self._orders, self._balances)
        }
        self._stirred = {name: asyncio.Event() for name in (_START, *self._parts)}
        self._reported_fills: dict[FillKey, Fill] = {}
        self._problems: dict[str, Problem] = {}
        self._refused_start: Problem | None = None
        self._is_current = False

    async def _found(self, send: SendCommand, key_wanted: str) -> TradingAccount:
        """Return the account to follow, waiting until there is one and reporting why there is none."""
        tries = 0
        while True:
            self._stirred[_START].clear()
            try:
                reply = await self._answer(send, "enumTradingAccounts", "list its accounts")
                accounts = messages.accounts_of(reply.result)
                account = messages.chosen_account(accounts, key_wanted)
            except ProtocolError:
                self._problem(_START, errors.UNREADABLE_ACCOUNTS)
            except UnavailableError as unavailable:
                self._problem(_START, unavailable.problem)
            else:
                self._problem(_START, None)
                for part in self._parts.values():
                    part.other_accounts = messages.names_of_others(accounts, account)
                return account
            tries += 1
            await self._pause(_START, self._again_after_s(tries))

    async def _start(self, send: SendCommand, account: TradingAccount) -> bool:
        """Start the account. One that is already up may be refused, and reports nevertheless."""
        try:
            await self._answer(send, "startTradingAccount", "start its account", accountKey=account.key)
        except UnavailableError as unavailable:
            self._refused_start = unavailable.problem
            return False
        self._refused_start = None
        return True

    async def _start_again(self, send: SendCommand, account: TradingAccount) -> None:
        tries, is_started = 1, False
        while not is_started:
            self._stirred[_START].clear()
            await self._pause(_START, self._again_after_s(tries))
            is_started = self._is_up or await self._start(send, account)
            tries += 1
        self.refresh()

    @property
    def _is_up(self) -> bool:
        """Return whether the account reports anything, whatever the answer to the start was."""
        return any(part.is_loaded for part in self._parts.values())

    async def _load_repeatedly(self, part: AccountList, send: SendCommand, account: TradingAccount) -> None:
        """Request a part: after news about it, soon after a failure, and otherwise now and then."""
        loop = asyncio.get_running_loop()
        is_subscribed, subscribe_at = False, loop.time()
        failing_since: float | None = None
        tries = 0
        while True:
            if not is_subscribed and loop.time() >= subscribe_at:
                is_subscribed = await self._subscribe(part, send, account)
                subscribe_at = loop.time() + self._timing.account_retry_s
            requested_at = loop.time()
            why = await self._load(part, send, account)
            if why is None:
                failing_since, tries = None, 0
                wait_s = self._timing.account_refresh_s if is_subscribed else self._timing.account_poll_s
            else:
                tries += 1
                wait_s = self._again_after_s(tries)
                failing_since = requested_at if failing_since is None else failing_since
                if loop.time() - failing_since >= _PATIENCE * self._timing.account_answer_s:
                    self._fail(part, self._refused_start or why)
            await self._pause(part.name, wait_s)

    def _again_after_s(self, tries: int) -> float:
        """Return the wait in seconds after this many failed attempts."""
        return self._timing.account_again_s if tries <= SOON_AT_MOST else self._timing.account_retry_s

    async def _pause(self, name: str, seconds: float) -> None:
        """Wait this long, or until there is news, after which more may arrive at once."""
        try:
            async with asyncio.timeout(seconds):
                await self._stirred[name].wait()
        except TimeoutError:
            return
        await asyncio.sleep(self._timing.account_soonest_s)

    async def _subscribe(self, part: AccountList, send: SendCommand, account: TradingAccount) -> bool:
        what = f"follow the {part.name}"
        try:
            await self._answer(send, "subscribe", what, accountKey=account.key, sub=part.name, changes=True)
        except UnavailableError as unavailable:
            every_s = self._timing.account_poll_s
            _log.warning("%s They are asked for every %g s instead.", unavailable, every_s)
            return False
        return True

    async def _load(self, part: AccountList, send: SendCommand, account: TradingAccount) -> Problem | None:
        """Request a whole part and report it; return why it is not available, else ``None``."""
        fields: dict[str, Any] = {"accountKey": account.key}
        if part is not self._balances:
            # If forced, HAMMER asks the broker and answers without the list.
            fields["forceRefresh"] = False
        if part is self._orders:
            fields["changesOnly"] = False
        self._stirred[part.name].clear()
        part.on_request()
        try:
            reply = await self._answer(send, part.command, f"report the {part.name}", **fields)
        except UnavailableError as unavailable:
            return unavailable.problem
        outcome = part.apply_answer(reply.result, account.key)
        if outcome is AnswerOutcome.UNREADABLE:
            return errors.unreadable_part(part.name)
        if outcome is AnswerOutcome.NOT_YET:
            return errors.not_yet(part.name)
        self._report(part, is_all=True)
        return None

    async def _answer(self, send: SendCommand, command: str, what: str, **fields: Any) -> Reply:
        wait_s = self._timing.account_answer_s
        reply = await send(command, wait_s, **fields)
        if reply is None:
            raise UnavailableError(errors.no_answer(what, wait_s))
        if not reply.is_ok:
            raise UnavailableError(errors.refused(what, reply.text))
        return reply

    # -- reports ------------------------------------------------------------------------------------------

    @property
    def _name(self) -> str:
        assert self._account is not None, "no account has no name"
        return self._account.number or self._account.key

    def _report(self, part: AccountList, *, is_all: bool = False) -> None:
        """Report what is known of a part; ``is_all``: the complete list has just arrived."""
        self._is_current, part.reported_at = True, self._clock()
        problem = None
        if part is self._positions:
            problem = self._report_positions()
        elif part is self._orders:
            problem = self._report_orders(is_all=is_all)
            if is_all and self._fills is not None:
                listed, known = self._orders.orders(), self._reported_fills.values()
                reach = records.reach_of(listed, known, self._name, self._symbols)
                self._fills.fills_listed(MODE, [self._name], reach)
        else:
            problem = self._report_balances()
        if part.unreadable:
            problem = joined(errors.unreadable_entries(part.unreadable, part.name), problem)
        self._problem(part.name, problem)

    def _report_positions(self) -> Problem | None:
        """Report the positions, including unknown quantities; return what could not be read."""
        held = records.held_of(self._positions.entries, self._symbols)
        positions: list[Position] = []
        unreadable: list[str] = []
        unpriced: list[str] = []
        for instrument, (symbol, *_), lots in held:
            quantity, average = records.added_up(lots)
            if quantity is None and symbol:
                unreadable.append(symbol)
            if any(map(messages.has_unreadable_price, lots)):
                unpriced.append(symbol or _NAMELESS)
            cost = records.cost_of(average, instrument)
            positions.append(Position(MODE, self._name, instrument, quantity, cost))
        assert self._sink is not None, "nothing is requested without a sink"
        self._sink.positions_replaced(MODE, positions)
        unread = {
            symbol or _NAMELESS: terms
            for _, (symbol, *_), lots in held
            if (terms := sorted({term for lot in lots for term in unread_terms(lot)}))
        }
        repeated = sorted(name or _NAMELESS for name in self._positions.repeated)
        nameless = sum(len(lots) for _, (symbol, *_), lots in held if not symbol)
        several = {each.instrument.symbol: each.names for each in held if len(each.names) > 1}
        return joined(
            errors.unreadable_quantities(unreadable) if unreadable else None,
            errors.nameless_positions(nameless) if nameless else None,
            errors.unreadable_prices(unpriced) if unpriced else None,
            errors.unreadable_contracts(unread) if unread else None,
            errors.repeated_positions(repeated) if repeated else None,
            errors.several_names(several) if several else None,
        )

    def _report_orders(self, *, is_all: bool = False) -> Problem | None:
        assert self._sink is not None, "nothing is requested without a sink"
        listed = self._orders.orders()
        read = [(each, records.order_of(each, self._name, self._symbols)) for each in listed]
        orders = {order.key: order for _, order in read}
        is_open = frozenset(order.key for each, order in read if each.read.is_open)
        # An order that was open when last listed, before a lost line or after it, ends with its final status.
        for key in sorted(self._open.get(self._name, frozenset()) & (orders.keys() - is_open)):
            self._sink.order_changed(MODE, orders[key])
        self._open = {self._name: is_open}
        self._sink.orders_replaced(MODE, [orders[key] for key in orders if key in is_open])
        self._report_fills(listed, is_all=is_all)
        return records.doubtful_orders([order for _, order in read], is_open)

    def _report_fills(self, orders: Sequence[ListedOrder], *, is_all: bool) -> None:
        """Report new executions: HAMMER repeats all executions of an order with each of its changes.

        If the complete list reports a filled quantity without executions, that is reported as one execution;
        an update may omit them.
        """
        listed = records.distinct(
            records.fill_of(order, execution, self._name, self._symbols)
            for order in orders
            for execution in order.read.fills or (whole_fill_of(order.entry, order.read) if is_all else ())
        )
        news = [fill for fill in listed if self._reported_fills.get(fill.key) != fill]
        if news and self._fills is not None:
            self._reported_fills.update((fill.key, fill) for fill in news)
            self._fills.fills_reported(MODE, news)

    def _fills_unavailable(self, why: Problem) -> None:
        if self._fills is not None:
            self._fills.fills_unavailable(MODE, why)

    def _report_balances(self) -> Problem | None:
        assert self._sink is not None, "nothing is requested without a sink"
        balances = self._balances.balances
        self._sink.summaries_replaced(MODE, [messages.summary_of(balances, self._name)])
        unreadable = messages.unreadable_balances(balances)
        return errors.unreadable_balances(unreadable) if unreadable else None

    def _fail(self, part: AccountList, why: Problem) -> None:
        is_known, section = self._problems.get(part.name) == why, _SECTIONS.get(part.name)
        self._problem(part.name, why)
        if section is None and self._sink is not None:
            self._sink.orders_unavailable(MODE, why)
            self._fills_unavailable(why)
        elif part.reported_at is not None and self._sink is not None and not is_known:
            self._sink.account_lost(MODE, part.reported_at, section)

    def _problem(self, part: str, why: Problem | None) -> None:
        before = dict(self._problems)
        if why is None:
            self._problems.pop(part, None)
        else:
            self._problems[part] = why
        if self._sink is not None and self._problems != before:
            self._sink.account_problem(MODE, joined(*self._problems.values()))
