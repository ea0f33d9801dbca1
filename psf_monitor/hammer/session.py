"""One conversation with HAMMER, from opening the line to losing it. It knows no reconnecting, no window."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from psf_monitor.connection.progress import Progress
from psf_monitor.connection.status import ConnectStep, LinkError, LinkState
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain import market_hours
from psf_monitor.domain.market_hours import clock_text
from psf_monitor.hammer import errors
from psf_monitor.hammer.depth import l2_update_of
from psf_monitor.hammer.messages import (
    AccountUpdate,
    Closing,
    DepthFrame,
    L1Update,
    Message,
    ProtocolError,
    Reply,
    Streamer,
    StreamerState,
    chosen_streamer,
    decode,
    snapshot_of,
    streamers_of,
    subscribed_of,
)
from psf_monitor.hammer.pacing import Throttle
from psf_monitor.hammer.received import Received
from psf_monitor.hammer.subscriptions import L1, PAUSE_S, SNAPSHOT, SUBSCRIBE, TICKS, Request, Subscriptions
from psf_monitor.hammer.symbols import SymbolTable
from psf_monitor.hammer.trade_cache import ticks_of
from psf_monitor.hammer.websocket import HammerSocket, open_socket
from psf_monitor.problem import Problem
from psf_monitor.settings import HammerProfile

_log = logging.getLogger(__name__)

GREETING_WAIT_S = 1.0
ANSWER_WAIT_S = 10.0
STREAMERS_WAIT_S = 3.0
STARTING_WAIT_S = 30.0
SETTLE_WAIT_S = 5.0
SUBSCRIBE_AGAIN_AFTER_S = 90.0
SUBSCRIBE_AGAIN_PAUSE_S = 120.0


class Session:
    """Log in, start the data source, keep the wanted symbols subscribed, watch that HAMMER goes on talking.

    One at a time, over one socket, which is closed when ``run`` returns. Silence is measured on ``clock``,
    waiting for answers on the event loop's own.
    """

    def __init__(
        self,
        profile: HammerProfile,
        symbols: SymbolTable,
        received: Received,
        link: Link,
        clock: Callable[[], datetime],
        rubbish: Counter[str],
        check_every_s: float,
    ) -> None:
        self._profile = profile
        self._symbols = symbols
        self._quotes = quotes = received.quotes
        self._prints = prints = received.prints
        self._depth = received.depth
        self._account = received.account
        self._link = link
        self._clock = clock
        self._rubbish = rubbish
        self._check_every_s = check_every_s
        self._socket: HammerSocket | None = None
        self._subscriptions = Subscriptions(with_ticks=prints.is_wanted)
        self._asked = 0
        self._answers: dict[str, asyncio.Future[Reply]] = {}
        self._unanswered: dict[str, Request] = {}
        self._loss: tuple[Problem, datetime] | None = None
        self._is_over = False
        self._greeted = asyncio.Event()
        self._stirred = asyncio.Event()
        self._ready_streamers: set[str] = set()
        self._streamer_changed = asyncio.Event()
        self._streamer = ""
        self._is_silent = False
        self._heard_at = self._updated_at = clock()
        self._subscribed_again_at: datetime | None = None
        self._throttle = Throttle(quotes.flush, prints.flush, self._depth.flush)
        self._phase = market_hours.trading_phase(self._heard_at)

    async def run(self) -> None:
        """Serve until the line is lost; never returns without ``LinkError``, cancellation aside."""
        host, port = self._profile.host, self._profile.port
        self._link.report(LinkState.CONNECTING, Progress("waiting for Hammer Pro"))
        self._quotes.begin()
        self._depth.begin()
        socket = await open_socket(host, port, self._on_read, self._on_closed)
        self._socket = socket
        self._link.pass_step(ConnectStep.LINE)
        try:
            await self._sign_in()
            await self._start_streamer()
            following = asyncio.create_task(
                self._account.serve(self._ask, self._profile.account_key), name="HAMMER account"
            )
            following.add_done_callback(lambda _: self._stirred.set())
            try:
                await self._serve(following)
            finally:
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)
        finally:
            self._is_over = True
            self._throttle.stop()
            self._depth.end(self._clock())
            if not _is_cancelled():
                # However it ended unasked, from here on nothing is current.
                self._freeze(self._clock())
            socket.close()
            await socket.wait_closed()

    def wanted_changed(self) -> None:
        """The symbol table wants other symbols now."""
        # At once: a symbol given up and wanted again before the next dose has to be asked for anew.
        self._subscriptions.want(self._symbols.hammer_symbols, self._depth.hammer_symbols)
        self._stirred.set()

    # -- the steps ------------------------------------------------------------------------------------

    async def _sign_in(self) -> None:
        self._link.report(LinkState.CONNECTING, Progress("signing in"))
        try:
            async with asyncio.timeout(GREETING_WAIT_S):
                await self._greeted.wait()
        except TimeoutError:
            _log.debug("no greeting, signing in without it")
        reply = await self._ask("connect", ANSWER_WAIT_S, pwd=self._profile.password)
        if reply is None:
            raise LinkError(errors.no_answer(ANSWER_WAIT_S))
        if not reply.is_ok:
            is_given = bool(self._profile.password)
            raise LinkError(errors.wrong_password() if is_given else errors.no_password(), retry=False)
        self._link.pass_step(ConnectStep.SIGN_IN)

    async def _start_streamer(self) -> None:
        self._streamer = self._profile.streamer or chosen_streamer(await self._offered_streamers())
        self._link.report(LinkState.LOADING, Progress(f"starting {self._streamer}"))
        reply = await self._ask("startDataStreamer", ANSWER_WAIT_S, streamerID=self._streamer)
        if reply is None:
            raise LinkError(errors.no_answer(ANSWER_WAIT_S))
        if not reply.is_ok:
            raise LinkError(errors.streamer_failed(self._streamer, reply.text))
        if "starting" in reply.text.lower():
            try:
                async with asyncio.timeout(STARTING_WAIT_S):
                    while self._streamer not in self._ready_streamers:
                        self._raise_if_lost()
                        self._streamer_changed.clear()
                        await self._streamer_changed.wait()
            except TimeoutError:
                late = f"still starting after {STARTING_WAIT_S:.0f} s"
                raise LinkError(errors.streamer_failed(self._streamer, late)) from None
        self._link.pass_step(ConnectStep.DATA_SOURCE, self._streamer)

    async def _offered_streamers(self) -> tuple[Streamer, ...]:
        reply = await self._ask("enumDataStreamers", STREAMERS_WAIT_S)
        if reply is None or not reply.is_ok:
            return ()
        try:
            return streamers_of(reply)
        except ProtocolError as error:
            self._complain(error)
            return ()

    async def _serve(self, following: asyncio.Task[None]) -> None:
        loop = asyncio.get_running_loop()
        is_settled = False
        settled_by = loop.time() + SETTLE_WAIT_S
        while True:
            self._raise_if_lost()
            if following.done():
                # It ends by itself only where nobody wants it; else its fault is ours.
                following.result()
            self._stirred.clear()
            self._subscriptions.want(self._symbols.hammer_symbols, self._depth.hammer_symbols)
            self._watch(self._clock())
            batch = self._subscriptions.next_batch()
            for request in batch:
                self._send(request)
            if any(request.is_about_prices for request in batch):
                settled_by = loop.time() + SETTLE_WAIT_S
            elif not (is_settled or self._subscriptions.has_prices_to_ask) and (
                not self._awaits_prices or loop.time() >= settled_by
            ):
                is_settled = True
                self._quotes.go_live()
            self._report(is_settled=is_settled)
            if self._subscriptions:
                await asyncio.sleep(PAUSE_S)
                continue
            try:
                async with asyncio.timeout(self._check_every_s):
                    await self._stirred.wait()
            except TimeoutError:
                continue

    # -- asking and sending ---------------------------------------------------------------------------

    async def _ask(self, command: str, wait_s: float, **fields: Any) -> Reply | None:
        """Send a command and wait for its answer; ``None`` when none comes in time."""
        self._raise_if_lost()
        request_id = self._say(Request(command, ()), fields)
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._answers[request_id] = answer
        try:
            async with asyncio.timeout(wait_s):
                return await answer
        except TimeoutError:
            return None
        finally:
            del self._answers[request_id]
            self._unanswered.pop(request_id, None)

    def _send(self, request: Request) -> None:
        self._depth.asked(request, self._clock())
        self._say(request, request.fields(self._streamer))

    def _say(self, request: Request, fields: dict[str, Any]) -> str:
        assert self._socket is not None, "nothing is said before the line is open"
        self._asked += 1
        request_id = str(self._asked)
        self._unanswered[request_id] = request
        self._socket.send(request.command, request_id, fields)
        return request_id

    @property
    def _awaits_prices(self) -> bool:
        """Whether an answer without which the quotes are not complete is still to come."""
        return any(asked.is_about_prices for asked in self._unanswered.values())

    # -- watching -------------------------------------------------------------------------------------

    def _watch(self, now: datetime) -> None:
        self._watch_the_day(now)
        self._depth.watch(now)
        opened = market_hours.opened_at(now)
        if opened is None or not self._quotes.is_live:
            return
        if (now - max(self._heard_at, opened)).total_seconds() >= self._profile.silent_after_s:
            self._is_silent = True
            _log.warning("HAMMER is silent, last heard at %s New York", clock_text(self._heard_at))
            self._freeze(self._heard_at)
            self._link.report(LinkState.SILENT, Progress(last_at=self._heard_at), since=self._heard_at)
        quiet_s = (now - max(self._updated_at, opened)).total_seconds()
        again = self._subscribed_again_at
        if quiet_s >= SUBSCRIBE_AGAIN_AFTER_S and (
            again is None or (now - again).total_seconds() >= SUBSCRIBE_AGAIN_PAUSE_S
        ):
            self._subscribed_again_at = now
            self._subscriptions.subscribe_again()

    def _watch_the_day(self, now: datetime) -> None:
        phase = market_hours.trading_phase(now)
        if phase == self._phase:
            return
        if phase[0] != self._phase[0]:
            self._quotes.begin_day()
            self._quotes.flush()
        self._phase = phase
        self._subscriptions.ask_snapshots()

    def _report(self, *, is_settled: bool) -> None:
        if self._is_silent or self._loss is not None:
            return
        is_closed = is_settled and market_hours.opened_at(self._clock()) is None
        progress = Progress(
            quoted=self._quotes.quoted, symbols=len(self._symbols.asked), is_market_closed=is_closed
        )
        self._link.report(LinkState.READY if is_settled else LinkState.LOADING, progress)

    # -- what the socket brings -----------------------------------------------------------------------

    def _on_read(self, frames: list[bytes]) -> None:
        if self._is_over:
            return
        now = self._clock()
        self._heard_at = now
        self._greeted.set()
        for frame in frames:
            try:
                message = decode(frame)
                if type(message) is L1Update:
                    self._updated_at = now
                    self._quotes.take(message, now)
                    if message.size:
                        self._prints.take(message, now)
                else:
                    self._on_message(message, now)
            except ProtocolError as error:
                self._complain(error)
        if self._is_silent and self._loss is None:
            self._end_silence()
        self._throttle.ask(len(frames))

    def _end_silence(self) -> None:
        self._is_silent = False
        _log.info("HAMMER talks again")
        self._quotes.go_live()
        # A quiet share may not be spoken of for long: the answer says that its price still holds.
        self._subscriptions.ask_snapshots()
        self._subscriptions.ask_depth_again()
        self._stirred.set()
        self._account.refresh()
        self._report(is_settled=True)

    def _on_message(self, message: Message, now: datetime) -> None:
        if isinstance(message, Reply):
            self._on_reply(message, now)
        elif isinstance(message, StreamerState):
            if message.is_ready:
                self._ready_streamers.add(message.streamer)
            else:
                self._ready_streamers.discard(message.streamer)
            self._streamer_changed.set()
        elif isinstance(message, AccountUpdate):
            self._account.take(message.command, message.result)
        elif isinstance(message, DepthFrame):
            self._depth.take(l2_update_of(message.frame), now)
        elif isinstance(message, Closing):
            self._lose(errors.closing(now), now)

    def _on_reply(self, reply: Reply, now: datetime) -> None:
        request = self._unanswered.pop(reply.request_id, None)
        if request is None:
            return
        if (answer := self._answers.get(reply.request_id)) is not None and not answer.done():
            answer.set_result(reply)
        if not self._awaits_prices:
            self._stirred.set()
        if request.sub != L1:
            self._depth.answer(request, reply, now)
        elif request.command == SUBSCRIBE and request.symbols:
            self._on_subscribed(request, reply)
        elif request.command == SNAPSHOT and reply.is_ok:
            if request.symbols[0] not in self._subscriptions.refused:
                self._quotes.take_snapshot(snapshot_of(reply), now)
        elif request.command == TICKS and reply.is_ok:
            self._prints.take_history(request.symbols[0], ticks_of(reply), now)

    def _on_subscribed(self, request: Request, reply: Reply) -> None:
        accepted = subscribed_of(reply) if reply.is_ok else frozenset()
        # A second subscription may be answered with what it added, which is nothing.
        refused = frozenset() if request.again else frozenset(request.symbols) - accepted
        self._subscriptions.answer(accepted, refused)
        if refused:
            _log.warning("HAMMER refuses %s", ", ".join(sorted(refused)))
        self._quotes.answer(accepted, refused)
        self._prints.subscribed(accepted | set(request.symbols))

    def _on_closed(self) -> None:
        at = self._clock()
        self._lose(errors.lost(at) if self._quotes.is_live else errors.closed_before_ready(), at)

    def _lose(self, problem: Problem, at: datetime) -> None:
        if self._is_over or self._loss is not None:
            return
        self._loss = problem, at
        self._throttle.hand_over()
        self._freeze(at)
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(LinkError(problem, at=at))
        self._streamer_changed.set()
        self._stirred.set()

    def _freeze(self, since: datetime) -> None:
        self._quotes.freeze(since)
        self._depth.freeze(since)
        self._account.lose(since)

    def _raise_if_lost(self) -> None:
        if self._loss is not None:
            raise LinkError(self._loss[0], at=self._loss[1])

    def _complain(self, error: ProtocolError) -> None:
        self._rubbish[error.kind] += 1
        if self._rubbish[error.kind] == 1:
            _log.warning("skipped a frame from HAMMER (told once): %s", error)


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
