"""The executions of a login: listed on request, received live, and reported once for every change.

Without a request TWS sends only executions of its own client's orders, or all of them to the client that is
configured as its master. Those of manual orders and other programs are only in the list, so the list is
requested again after anything moved. It begins at midnight on the clock of the computer that runs TWS.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime

from ib_insync.contract import Contract
from ib_insync.objects import Execution, ExecutionFilter
from ib_insync.wrapper import RequestError

from psf_monitor.connection.fill_sink import FillSink
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.fill import Fill, FillKey, ListReach
from psf_monitor.domain.orders.order import OrderKey
from psf_monitor.domain.position import Position
from psf_monitor.ibkr import errors, parsing
from psf_monitor.ibkr.accounts.held_contracts import HeldContracts
from psf_monitor.ibkr.accounts.unexplained_changes import UnexplainedChanges
from psf_monitor.ibkr.client import ReadOnlyIB
from psf_monitor.ibkr.codes.message_codes import code_or_none
from psf_monitor.ibkr.executions import consistency_checks as checks
from psf_monitor.ibkr.executions.tws_time import execution_time, midnight_before
from psf_monitor.ibkr.executions.unreadable_execution import name_of, readable_part
from psf_monitor.ibkr.parsing import Cost
from psf_monitor.ibkr.timing import IbkrTiming
from psf_monitor.ibkr.unreadable import EXECUTION_FIGURE, EXECUTIONS, UnreadableMessages, execution_figures
from psf_monitor.problem import Problem

_log = logging.getLogger(__name__)

_EXECUTION = 11
_TIME_FIELD, _NO_TIME = 15, "0"

_NO_COST = Cost(None, None, None)


class Executions:
    """Follows the executions of one connection; without a sink nothing is requested.

    Executions are reported with the cost known so far, in batches of what one read of the socket brought, and
    the list as complete when its end has arrived, unless TWS is cut off from IBKR.
    """

    def __init__(
        self,
        ib: ReadOnlyIB,
        mode: AccountMode,
        sink: FillSink | None,
        may_be_ours: Callable[[str], bool],
        clock: Callable[[], datetime],
        timing: IbkrTiming,
        unreadable: UnreadableMessages,
    ) -> None:
        self._ib = ib
        self._unreadable = unreadable
        self._mode = mode
        self._sink = sink
        self._may_be_ours = may_be_ours
        self._clock = clock
        self._timing = timing
        self._accounts: tuple[str, ...] = ()
        self._request_id: int | None = None
        # An advisor's execution has one id in every account to which it is allocated.
        self._known: dict[tuple[str, str], Fill] = {}
        self._accounts_of: defaultdict[str, set[str]] = defaultdict(set)
        # What an order had filled by an execution.
        self._filled_by: dict[tuple[str, str], float | None] = {}
        self._partly_read: set[tuple[str, str]] = set()
        # The account and the symbol of those in accounts that the login does not list.
        self._unlisted: set[tuple[str, str]] = set()
        self._costs: dict[str, Cost] = {}
        self._keys: set[FillKey] = set()
        # Reported again with other content under the same id, which is not a correction.
        self._contradicted: dict[tuple[str, str], str] = {}
        self._news: dict[tuple[str, str], Fill] = {}
        self._without_cost: set[str] = set()
        self._filled: Mapping[OrderKey, float | None] | None = None
        self._moves = UnexplainedChanges()
        self._names = HeldContracts()
        self._unnamed: set[tuple[str, str]] = set()
        self._moved = asyncio.Event()
        self._cut_off = False
        self._time_text = ""
        ib.clockEvent += self._moved.set
        if sink is not None:
            ib.client.decoder.handlers[_EXECUTION] = self._on_message
            ib.executionEvent += self._on_execution
            ib.commissionEvent += self._on_commission
            ib.updateEvent += self._report

    @property
    def request_id(self) -> int | None:
        """The id of the latest request for the list."""
        return self._request_id

    async def load(self, accounts: tuple[str, ...], answered: Callable[[int | None], None]) -> None:
        """Request the list now and whenever it may have grown, until cancelled.

        ``answered`` is called after each list with the number of executions known, ``None`` if none arrived.
        """
        if self._sink is None:
            return
        self._accounts = accounts
        clock = asyncio.get_running_loop().time
        while True:
            self._moved.clear()
            self._without_cost.clear()
            requested_at, is_whole, reach = clock(), not self._cut_off, self._list_begin()
            waiting = self._moves.waiting()
            try:
                with self._unreadable.list_of(EXECUTIONS):
                    async with asyncio.timeout(self._timing.answer_s):
                        await self._list()
            except (TimeoutError, RequestError) as failure:
                self._report()
                self._sink.fills_unavailable(self._mode, self._why_not_listed(failure))
                answered(None)
                await asyncio.sleep(self._timing.ask_again_s)
                continue
            self._report()
            if is_whole and not self._cut_off:
                self._moves.list_ended(waiting, reach if self._ib.tws_clock.zone else None)
                self._sink.fills_listed(
                    self._mode,
                    self._accounts,
                    ListReach(reach, self._caveats(), self._moves.unexplained_keys()),
                )
            answered(len(self._known))
            is_lacking = self._without_cost - self._costs.keys() or self._moves.may_be_explained
            if is_lacking and not self._cut_off:
                # A cost arrives a moment after its execution, and that of other clients' only with a list.
                self._moved.set()
            pause_s = self._timing.executions_pause_per_s * (clock() - requested_at)
            await asyncio.sleep(max(pause_s, self._timing.executions_soonest_s))
            await self._until_due()

    def request_soon(self) -> None:
        """Record that something moved: TWS may not send its executions by itself."""
        self._moved.set()

    def accounts_changed(self, accounts: Collection[str]) -> None:
        """Set the accounts of the login: the positions of an account that left have not moved."""
        self._moves.accounts_changed(self._accounts, accounts)
        self._accounts = tuple(accounts)
        self._moved.set()

    def positions_listed(self, positions: Collection[Position]) -> None:
        """Receive all positions; those that moved should have an execution, unless TWS is cut off."""
        was_known, has_changed = self._moves.is_known, False
        if not self._cut_off:
            has_changed = self._moves.positions_listed(positions, self._clock())
        self._names.note_list(positions)
        self._join()
        if not was_known or has_changed or self._moves.may_be_explained:
            # The list of executions may have arrived before that of positions, which is the first to compare
            # with.
            self._moved.set()

    def position_changed(self, position: Position) -> None:
        """Receive one position."""
        self._moves.position_changed(position, self._clock())
        self._names.note(position)
        self._join()
        self._moved.set()

    def orders_listed(self, filled: Mapping[OrderKey, float | None]) -> None:
        """Receive how much of each open order is filled; an order that left the list may have been filled."""
        before, self._filled = self._filled, filled
        if before is None:
            return
        gone_or_changed = any(filled.get(key) != count for key, count in before.items())
        if gone_or_changed or any(filled[key] for key in filled.keys() - before.keys()):
            self._moved.set()

    def cut_off(self) -> None:
        """Record that TWS lost IBKR: what it lists is as old as that."""
        if not self._cut_off:
            self._cut_off = True
            self._fail(errors.executions_cut_off(self._mode))

    def restored(self) -> None:
        """Record that TWS has IBKR again; what happened in between is in the next list."""
        self._cut_off = False
        self._moved.set()

    def end(self) -> None:
        """Record the end of the connection."""
        self._fail(errors.executions_not_connected(self._mode))

    def _fail(self, why: Problem) -> None:
        if self._sink is not None:
            self._report()
            self._sink.fills_unavailable(self._mode, why)

    async def _list(self) -> None:
        self._request_id = self._ib.client.getReqId()
        answer: asyncio.Future[object] = self._ib.wrapper.startReq(self._request_id)
        self._ib.client.reqExecutions(self._request_id, ExecutionFilter())
        await answer

    def _why_not_listed(self, failure: Exception) -> Problem:
        if isinstance(failure, RequestError):
            return errors.executions_refused(self._mode, code_or_none(failure.code), failure.message)
        return errors.executions_unanswered(self._mode, self._timing.answer_s)

    def _list_begin(self) -> datetime:
        """Return from when a list requested now is complete: the last midnight where TWS runs.

        If that midnight is unknown, only executions from now on are certain to be in it.
        """
        zone, now = self._ib.tws_clock.zone, self._clock()
        return now if zone is None else midnight_before(now, zone)

    def _caveats(self) -> tuple[str, ...]:
        found = [] if self._ib.tws_clock.zone else [errors.zone_unknown(self._ib.tws_clock.name)]
        fills = self._known.values()
        timeless = [fill.reported_time for fill in fills if fill.at is None]
        if timeless:
            found.append(errors.executions_without_time(timeless))
        costless = sorted(fill.instrument.symbol for fill in checks.corrections_without_cost(fills))
        if costless:
            found.append(errors.corrections_without_cost(costless))
        if self._contradicted:
            found.append(errors.executions_contradicted(sorted(set(self._contradicted.values()))))
        moved = sorted(checks.corrected_elsewhere(fills))
        if moved:
            found.append(errors.corrections_elsewhere(moved))
        if twice := sorted(checks.counted_twice(fills)):
            found.append(errors.executions_of_master(twice))
        if repeated := sorted(checks.reported_twice(fills, self._filled_by)):
            found.append(errors.executions_repeated(repeated))
        if unlisted := {each for each in self._unlisted if not self._lists(each[0])}:
            are_shown = all(self._may_be_ours(account) for account, _ in unlisted)
            found.append(errors.executions_unlisted(sorted(unlisted), are_shown=are_shown))
        found += [errors.executions_not_listed(symbol) for symbol in self._moves.unexplained()]
        return tuple(found)

    def _lists(self, account: str) -> bool:
        """Return whether the login has this account."""
        return account in self._accounts or account in parsing.account_names(self._ib.wrapper.accounts)

    async def _until_due(self) -> None:
        """Wait until something moved; while there are orders or executions, only for a while.

        A correction of somebody else's trade moves nothing, and TWS sends it only with a list.
        """
        while True:
            try:
                async with asyncio.timeout(self._timing.executions_every_s):
                    await self._moved.wait()
            except TimeoutError:
                # If no list of orders arrived, some may be working.
                if self._filled is None or self._filled or self._known:
                    return
            else:
                return

    def _on_message(self, fields: list[str]) -> None:
        # ib_insync drops an execution whose time it cannot read, and reads one without a zone in this
        # computer's zone: the time is removed first.
        self._time_text, fields[_TIME_FIELD] = fields[_TIME_FIELD], _NO_TIME
        try:
            no_numbers = execution_figures(fields)
            self._ib.client.decoder.execDetails(fields)
            self._unreadable.add_figures(EXECUTION_FIGURE, no_numbers)
        except Exception as error:
            self._keep(fields, error)
            raise

    def _keep(self, fields: list[str], error: Exception) -> None:
        """Report what can be read of an execution that is not known otherwise; ``error`` names one that is
        not shown.
        """
        read = readable_part(fields, self._accounts)
        if read is None and (name := name_of(fields)):
            error.add_note(name)
        if read is not None and (key := (read[1].acctNumber, read[1].execId)) not in self._known:
            self._partly_read.add(key)
            self._on_execution(*read)

    def _on_execution(self, contract: Contract, execution: Execution) -> None:
        if (account := execution.acctNumber) and not self._lists(account):
            symbol = contract.localSymbol or contract.symbol
            self._unlisted.add((account, symbol))
        if self._may_be_ours(execution.acctNumber):
            exec_id, account = execution.execId, execution.acctNumber
            cost = self._costs.get(exec_id)
            if cost is None and (account, exec_id) not in self._known:
                self._without_cost.add(exec_id)
            self._accounts_of[exec_id].add(account)
            if len(self._accounts_of[exec_id]) > 1:
                # The cost names no account, so it is unknown whose it is.
                self._share_no_cost(exec_id)
                cost = None
            self._filled_by[account, exec_id] = parsing.number(execution.cumQty)
            at = execution_time(self._time_text, self._ib.tws_clock)
            fill = parsing.fill(self._mode, contract, execution, cost, at, self._time_text)
            self._note(self._named(fill, self._known.get((account, exec_id))))

    def _on_commission(self, exec_id: str, commission: str, currency: str, realized_pnl: str) -> None:
        # One may arrive before its execution, or for an account that is not ours.
        cost = self._costs[exec_id] = parsing.cost(commission, currency, realized_pnl)
        accounts = self._accounts_of.get(exec_id, set())
        known = self._known.get((next(iter(accounts)), exec_id)) if len(accounts) == 1 else None
        if known is not None:
            if known.revision > 1 and not known.is_reported:
                # What was reported missing no longer is, after the next list.
                self._moved.set()
            self._note(parsing.with_cost(known, cost))

    def _share_no_cost(self, exec_id: str) -> None:
        for account in self._accounts_of[exec_id]:
            known = self._known.get((account, exec_id))
            if known is not None and known.is_reported:
                self._note(parsing.with_cost(known, _NO_COST))

    def _named(self, fill: Fill, known: Fill | None = None) -> Fill:
        """Return the execution with the contract that its account holds under its name, or that ``known``
        had.
        """
        instrument = fill.instrument
        if instrument.con_id or instrument.is_combination:
            return fill
        held = self._names.find(fill.account, instrument)
        if held is None and known is not None and known.instrument.symbol == instrument.symbol:
            held = known.instrument
        return fill if held is None else replace(fill, instrument=held)

    def _join(self) -> None:
        """Name the contracts of the executions that arrived before their positions."""
        for key in list(self._unnamed):
            fill = self._named(self._known[key])
            if fill.instrument.con_id:
                self._unnamed.discard(key)
                self._known[key] = self._news[key] = fill
                self._moves.executed(fill, self._clock())
        self._report()

    def _note(self, fill: Fill) -> None:
        key = fill.account, fill.broker_id
        known = self._known.get(key)
        if known is not None and _is_another(known, fill):
            if key not in self._partly_read:
                self._contradicted[key] = fill.instrument.symbol
                self._moved.set()
            self._partly_read.discard(key)
        if known != fill:
            self._known[key] = self._news[key] = fill
            is_unnamed = not fill.instrument.con_id and not fill.instrument.is_combination
            (self._unnamed.add if is_unnamed else self._unnamed.discard)(key)
        if known is None:
            if fill.revision > 1:
                # The list shows whether it is the only one that counts.
                self._moved.set()
            self._moves.executed(fill, self._clock(), is_corrected_now=fill.key in self._keys)
            self._keys.add(fill.key)

    def _report(self) -> None:
        if self._news and self._sink is not None:
            news, self._news = list(self._news.values()), {}
            self._sink.fills_reported(self._mode, news)


def _is_another(known: Fill, received: Fill) -> bool:
    """Return whether two executions with one id are not the same trade."""
    return (known.side, known.quantity, known.price, known.instrument.identity) != (
        received.side,
        received.quantity,
        received.price,
        received.instrument.identity,
    )
