"""The executions of a login: listed when asked for, heard live, each told once for every change of it.

TWS sends unasked only what its own client's orders filled, or everything to the client that it is set up to
treat as its master. What hands and other programs did is in the list alone, so the list is asked for again
after anything moved.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping

from ib_insync import Contract, Execution, ExecutionFilter, RequestError

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fill import Fill
from psf_monitor.domain.order import OrderKey
from psf_monitor.ibkr import errors, parsing
from psf_monitor.ibkr.client import ReadOnlyIB
from psf_monitor.ibkr.parsing import Cost
from psf_monitor.ibkr.sink import FillSink, Timing

_log = logging.getLogger(__name__)

_PAUSE_PER_ANSWER = 9.0
"""The list of a busy day is long: taking it in may fill a tenth of the time, not more."""


class Executions:
    """Follows the executions of one connection; without anybody to tell, nothing is asked for.

    Told are executions with the cost known so far, in batches of what one read of the socket brought, and
    the list as whole when its end has come. While TWS is cut off from IBKR its list is not taken for whole.
    """

    def __init__(
        self,
        ib: ReadOnlyIB,
        mode: AccountMode,
        sink: FillSink | None,
        may_be_ours: Callable[[str], bool],
        timing: Timing,
    ) -> None:
        self._ib = ib
        self._mode = mode
        self._sink = sink
        self._may_be_ours = may_be_ours
        self._timing = timing
        self._request_id: int | None = None
        self._known: dict[str, Fill] = {}
        self._costs: dict[str, Cost] = {}
        self._news: dict[str, Fill] = {}
        self._without_cost: set[str] = set()
        self._filled: Mapping[OrderKey, float | None] | None = None
        self._moved = asyncio.Event()
        self._cut_off = False
        if sink is not None:
            ib.executionEvent += self._on_execution
            ib.commissionEvent += self._on_commission
            ib.updateEvent += self._tell

    @property
    def request_id(self) -> int | None:
        """The id of the list that was asked for last."""
        return self._request_id

    async def follow(self, accounts: tuple[str, ...], answered: Callable[[int | None], None]) -> None:
        """Ask for the list now and whenever it may have grown, until cancelled.

        ``answered`` hears how many executions are known after each list, ``None`` when it did not come.
        """
        if self._sink is None:
            return
        clock = asyncio.get_running_loop().time
        while True:
            self._moved.clear()
            self._without_cost.clear()
            asked_at, is_whole = clock(), not self._cut_off
            try:
                async with asyncio.timeout(self._timing.answer_s):
                    await self._list()
            except (TimeoutError, RequestError):
                self._tell()
                self._sink.fills_unavailable(
                    self._mode, errors.executions_unanswered(self._mode, self._timing.answer_s)
                )
                answered(None)
                await asyncio.sleep(self._timing.ask_again_s)
                continue
            self._tell()
            if is_whole and not self._cut_off:
                self._sink.fills_listed(self._mode, accounts)
            answered(len(self._known))
            if self._without_cost - self._costs.keys():
                # The cost of an execution comes a moment after it, and of other clients' in a list only.
                self._moved.set()
            pause_s = _PAUSE_PER_ANSWER * (clock() - asked_at)
            await asyncio.sleep(max(pause_s, self._timing.executions_soonest_s))
            await self._until_due()

    def stir(self) -> None:
        """Something moved: there may be executions that TWS does not tell by itself."""
        self._moved.set()

    def orders_listed(self, filled: Mapping[OrderKey, float | None]) -> None:
        """How much of each open order is filled; an order that left the list may have been filled."""
        before, self._filled = self._filled, filled
        if before is None:
            return
        gone_or_changed = any(filled.get(key) != count for key, count in before.items())
        if gone_or_changed or any(filled[key] for key in filled.keys() - before.keys()):
            self._moved.set()

    def cut_off(self) -> None:
        """TWS lost IBKR: what it lists is as old as that."""
        if not self._cut_off:
            self._cut_off = True
            self._fail(errors.executions_cut_off(self._mode))

    def restored(self) -> None:
        """TWS has IBKR again; what happened in between is in the next list."""
        self._cut_off = False
        self._moved.set()

    def end(self) -> None:
        """The connection is over."""
        self._fail(errors.executions_not_connected(self._mode))

    def _fail(self, why: str) -> None:
        if self._sink is not None:
            self._tell()
            self._sink.fills_unavailable(self._mode, why)

    async def _list(self) -> None:
        self._request_id = self._ib.client.getReqId()
        asked: asyncio.Future[object] = self._ib.wrapper.startReq(self._request_id)
        self._ib.client.reqExecutions(self._request_id, ExecutionFilter())
        await asked

    async def _until_due(self) -> None:
        """Until something moved; while orders are working, not longer than a while."""
        while True:
            try:
                async with asyncio.timeout(self._timing.executions_every_s):
                    await self._moved.wait()
            except TimeoutError:
                # Where no list of orders came, nobody knows that none is working.
                if self._filled is None or self._filled:
                    return
            else:
                return

    def _on_execution(self, contract: Contract, execution: Execution) -> None:
        if self._may_be_ours(execution.acctNumber):
            cost = self._costs.get(execution.execId)
            if cost is None and execution.execId not in self._known:
                self._without_cost.add(execution.execId)
            self._note(parsing.fill(self._mode, contract, execution, cost))

    def _on_commission(self, exec_id: str, commission: str, currency: str, realized_pnl: str) -> None:
        # One may come before its execution, and for an account that is not ours.
        cost = self._costs[exec_id] = parsing.cost(commission, currency, realized_pnl)
        if exec_id in self._known:
            self._note(parsing.with_cost(self._known[exec_id], cost))

    def _note(self, fill: Fill) -> None:
        if self._known.get(fill.broker_id) != fill:
            self._known[fill.broker_id] = self._news[fill.broker_id] = fill

    def _tell(self) -> None:
        if self._news and self._sink is not None:
            news, self._news = list(self._news.values()), {}
            self._sink.fills_told(self._mode, news)
