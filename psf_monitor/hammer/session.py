"""One connection to HAMMER, from opening the line to losing it, without any reconnecting."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from msgspec.structs import replace

from psf_monitor.connection import deferred_asyncio
from psf_monitor.connection.link_log import link_log
from psf_monitor.connection.pacing import until_next
from psf_monitor.connection.progress import Progress
from psf_monitor.connection.status import ConnectStep, LinkError, LinkState
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain import market_hours
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.market_hours import clock_text
from psf_monitor.hammer import errors
from psf_monitor.hammer.caches import Caches
from psf_monitor.hammer.handshake import DataStreamer, runs_now, sign_in
from psf_monitor.hammer.heartbeat import Heartbeat
from psf_monitor.hammer.messages import (
    AccountUpdate,
    Closing,
    DepthFrame,
    Message,
    ProtocolError,
    Reply,
    StreamerState,
    UnreadableQuoteError,
    decode_odd,
    parts_of,
)
from psf_monitor.hammer.pending_requests import Requests, Sent, is_cancelled
from psf_monitor.hammer.prices.freshness import PriceWatch
from psf_monitor.hammer.prices.l1_update import L1Update, plain_updates
from psf_monitor.hammer.prices.l2_update import UnreadableDepthError
from psf_monitor.hammer.prices.replies import QuoteSnapshot, snapshot_of, subscribed_of
from psf_monitor.hammer.prices.subscriptions import (
    L1,
    SNAPSHOT,
    START,
    SUBSCRIBE,
    TICKS,
    Request,
    Subscriptions,
)
from psf_monitor.hammer.prices.trade_cache import ticks_of
from psf_monitor.hammer.session_warnings import SessionWarnings
from psf_monitor.hammer.throttle import Throttle
from psf_monitor.hammer.timing import HammerTiming
from psf_monitor.hammer.websocket import HammerSocket, LineEnd, LineEvents, open_socket
from psf_monitor.problem import Problem
from psf_monitor.settings import HammerProfile

_log = link_log(__name__, AccountMode.HAMMER_PRO.link_name)


class HammerSession:
    """Sign in, start the data source, keep the wanted symbols subscribed, and check that prices keep coming.

    One session runs at a time, over one socket, which is closed when ``run`` returns. ``elapsed_s`` measures
    silence in seconds that do not depend on the clock's setting; ``clock`` only gives the time.
    """

    def __init__(
        self,
        profile: HammerProfile,
        caches: Caches,
        link: Link,
        clock: Callable[[], datetime],
        elapsed_s: Callable[[], float],
        unreadable_frames: Counter[str],
        timing: HammerTiming,
    ) -> None:
        self._profile, self._caches, self._symbols = profile, caches, caches.symbols
        self._quotes, self._prints = quotes, prints = caches.quotes, caches.prints
        self._depth, self._account = caches.depth, caches.account
        self._link, self._clock, self._elapsed_s = link, clock, elapsed_s
        self._timing = timing
        self._socket: HammerSocket | None = None
        self._subscriptions = Subscriptions(with_ticks=prints.is_wanted)
        self._requests = Requests(elapsed_s, timing.subscribe_pause_s)
        self._streamer = DataStreamer(profile.streamer, timing)
        self._loss: Callable[[], LinkError] | None = None
        self._is_over = self._is_settled = self._has_price = self._has_price_now = False
        self._greeted, self._stirred = asyncio.Event(), asyncio.Event()
        self._warnings = SessionWarnings(link, unreadable_frames)
        self._line = Heartbeat(clock(), elapsed_s())
        self._throttle = Throttle(quotes.flush, prints.flush, self._depth.flush_soon)
        self._watch = PriceWatch(
            quotes, self._subscriptions, profile.silent_after_s, timing, self._line, self._warnings
        )

    async def run(self) -> None:
        """Serve until the line is lost. Raises ``LinkError``; returns only when cancelled."""
        self._link.report(LinkState.CONNECTING, Progress("waiting for Hammer Pro"))
        self._caches.begin()
        place, events = self._profile, LineEvents(self._on_read, self._on_closed, self._on_frame)
        socket = self._socket = await open_socket(
            place.host, place.port, events, self._link.tap, timing=self._timing
        )
        socket.set_visibility(self._link.visibility)
        self._requests.open(socket)
        self._link.pass_step(ConnectStep.LINE)
        try:
            self._link.report(LinkState.CONNECTING, Progress("signing in"))
            await sign_in(self._send_command, self._greeted, self._profile.password, self._link, self._timing)
            self._link.pass_step(ConnectStep.SIGN_IN)
            self._quotes.await_first()
            await self._streamer.open(self._send_command, self._raise_if_lost, self._link, self._warnings)
            following = asyncio.create_task(
                self._account.serve(self._send_command, self._profile.account_key), name="HAMMER account"
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
            self._depth.end(self._line.received_at)
            if not is_cancelled():
                # However the line was lost, nothing is current from here on.
                self._caches.freeze(self._line.received_at)
            socket.close()
            await socket.wait_closed()

    def renew_subscriptions(self) -> None:
        """Subscribe what the symbol table wants now."""
        # At once: a symbol dropped and wanted again before the next batch has to be requested again.
        self._subscriptions.set_wanted(self._symbols.hammer_symbols, self._depth.hammer_symbols)
        self._stirred.set()

    async def _serve(self, following: asyncio.Task[None]) -> None:
        loop = asyncio.get_running_loop()
        settled_by = loop.time() + self._timing.settle_s
        while True:
            self._raise_if_lost()
            if following.done():
                # It ends by itself only if it is not wanted; otherwise the fault is ours.
                following.result()
            self._stirred.clear()
            self._subscriptions.set_wanted(self._symbols.hammer_symbols, self._depth.hammer_symbols)
            self._check_line(now_s := self._elapsed_s())
            batch = self._subscriptions.next_batch(now_s, is_busy=self._requests.is_taking_in(now_s))
            for request in batch:
                self._send(request)
            if any(request.is_about_prices for request in batch):
                settled_by = loop.time() + self._timing.settle_s
            elif not (self._is_settled or self._subscriptions.has_prices_to_request) and (
                not self._requests.awaits_prices or loop.time() >= settled_by
            ):
                self._settle()
            self._report()
            if self._subscriptions:
                await asyncio.sleep(self._timing.subscribe_pause_s)
                continue
            await deferred_asyncio.set_within(self._stirred, until_next(self._timing.check_every_s))

    def _settle(self) -> None:
        """Treat what has arrived as current: everything was requested."""
        if self._streamer.failure and self._subscriptions.followed and not self._has_price:
            raise LinkError(self._streamer.not_started())
        self._is_settled = True
        self._watch.resume(self._clock(), self._elapsed_s())
        self._quotes.go_live()

    async def _send_command(self, command: str, wait_s: float, **fields: Any) -> Reply | None:
        """Send a command and wait for its answer; ``None`` if none arrives in time."""
        self._raise_if_lost()
        return await self._requests.send_and_wait(command, wait_s, fields)

    def _send(self, request: Request) -> None:
        if request.command == SNAPSHOT:
            self._watch.on_request(request.symbols[0], self._elapsed_s())
        self._depth.on_request(request, self._clock())
        at_leisure = self._is_settled and self._watch.only_confirms(request)
        self._requests.send(request, self._streamer.name, self._quotes.sequence, is_low_priority=at_leisure)

    def _check_line(self, now_s: float) -> None:
        line = self._line
        if line.is_dead(now_s):
            self._lose(errors.unresponsive(line.received_at, now_s - line.received_s), line.received_at)
            self._raise_if_lost()
        if line.is_to_be_pinged(now_s) and self._socket is not None:
            self._socket.ping()
        for request in self._requests.overdue(now_s, self._timing.answer_s):
            if request.command == SUBSCRIBE and request.sub == L1:
                self._not_taken(request, f"no answer in {self._timing.answer_s:.0f} s")
        self._warnings.set_rejected(self._subscriptions.not_taken, self._subscriptions.why_not_taken)
        if self._is_settled and self._streamer.is_to_be_started(now_s):
            self._send(Request(START, ()))
        self.request_again(now_s)
        if self._depth.watch(self._clock()):
            self._subscriptions.request_depth_again()
        if self._is_settled and self._watch.tick(self._clock(), now_s):
            self._begin_silence()

    def request_again(self, now_s: float, *, is_wanted: bool = False) -> None:
        """Request every price and the account again: after a sleep, if all is old, or if ``is_wanted``."""
        has_slept = self._watch.has_slept(now_s)
        if has_slept or (is_wanted and self._is_settled):
            self._watch.request_all(now_s, has_gap=has_slept)
            self._account.refresh()
        if has_slept:
            self._depth.on_slept(self._line.received_at)

    def _begin_silence(self, why: str = "") -> None:
        self._watch.is_silent = True
        since = self._quotes.last_price_at or self._line.received_at
        _log.warning("HAMMER sends no prices%s since %s New York", why and f": {why}", clock_text(since))
        self._caches.freeze_prices(since)
        if self._elapsed_s() - self._line.received_s >= self._profile.silent_after_s:
            self._account.mark_stale(self._line.received_at)
        self._link.report(LinkState.SILENT, Progress(why, last_at=None if why else since), since=since)

    def _end_silence(self) -> None:
        self._watch.is_silent = False
        _log.info("HAMMER sends prices again")
        self._watch.resume(self._clock(), now_s := self._elapsed_s())
        self._quotes.go_live()
        self._watch.request_all(now_s, has_gap=False)
        self._stirred.set()
        self._account.refresh()
        self._report()

    def _report(self) -> None:
        if self._watch.is_silent or self._loss is not None:
            return
        is_closed = self._is_settled and market_hours.opened_at(self._clock()) is None
        progress = Progress(
            quoted=self._quotes.quoted, symbols=len(self._symbols.requested), is_market_closed=is_closed
        )
        self._link.report(LinkState.READY if self._is_settled else LinkState.LOADING, progress)

    # Called by the socket.

    def _on_frame(self) -> float:
        now_s = self._elapsed_s()
        self.request_again(now_s)
        # Frames that waited in the kernel while the computer slept were sent before that.
        sent_at = self._line.received_at if self._watch.is_catching_up(now_s) else self._clock()
        self._line.on_frame(sent_at, now_s)
        return now_s

    def _on_read(self, frames: list[bytes]) -> None:
        if self._is_over:
            return
        now_s = self._on_frame()
        self._greeted.set()
        self._has_price_now = False
        waiting, is_more = iter(frames), True
        while is_more:
            updates, other = plain_updates(waiting, self._symbols)
            if updates:
                self._on_updates(updates, now_s)
            if is_more := other is not None:
                self._on_odd_frame(other, now_s)
        if self._watch.is_catching_up(now_s):
            self._quotes.begin_gap(self._subscriptions.followed)
            self._depth.on_slept(self._line.received_at)
            self._has_price_now = False
        self._warnings.report_unreadable()
        is_over = self._has_price_now and self._streamer.stopped is None
        if self._watch.is_silent and is_over and self._loss is None:
            self._end_silence()
        self._throttle.request(len(frames))

    def _on_updates(self, updates: Sequence[L1Update], now_s: float) -> None:
        if self._watch.on_updates(updates, now_s):
            self._has_price = self._has_price_now = True
        self._warnings.note_stamp(updates[-1])
        for symbol in self._quotes.apply_all(updates, self._line.received_at, now_s, self._prints.apply):
            self._watch.on_older(symbol, now_s)
            self._stirred.set()

    def _on_odd_frame(self, frame: bytes, now_s: float) -> None:
        try:
            self._on_message(decode_odd(frame), self._line.received_at, now_s)
        except ProtocolError as error:
            if (parts := parts_of(frame)) != [frame]:
                for part in parts:
                    self._on_odd_frame(part, now_s)
                return
            self._warnings.complain(error)
            if isinstance(error, UnreadableQuoteError):
                self._watch.on_unreadable(error.symbol, now_s)
            elif isinstance(error, UnreadableDepthError):
                self._depth.on_unreadable(error.symbol, self._line.received_at)

    def _on_message(self, message: Message, now: datetime, now_s: float) -> None:
        if isinstance(message, L1Update):
            symbol = self._symbols.as_requested(message.symbol)
            if not message.is_empty:
                self._on_updates((replace(message, symbol=symbol),), now_s)
            if self._warnings.note_unread(message):
                self._watch.on_unreadable(symbol, now_s)
        elif isinstance(message, Reply):
            self._on_reply(message, now, now_s)
        elif isinstance(message, StreamerState):
            self._on_streamer_state(message, now_s)
        elif isinstance(message, AccountUpdate):
            self._account.apply(message.command, message.result)
        elif isinstance(message, DepthFrame):
            self._depth.apply(message.frame, now)
        elif isinstance(message, Closing):
            self._lose(errors.closing(self._quotes.last_price_at), now)

    def _on_streamer_state(self, incoming: StreamerState, now_s: float) -> None:
        if not (self._streamer.on_state(incoming) and self._is_settled):
            return
        if self._streamer.stopped is None:
            self._on_started_again(now_s)
            return
        self._stirred.set()
        self._warnings.set("streamer", errors.streamer_stopped(incoming.streamer, incoming.state))
        self._begin_silence(f"{incoming.streamer} says {incoming.state}")

    def _on_started_again(self, now_s: float) -> None:
        self._streamer.stopped = None
        self._warnings.set("streamer", None)
        self._watch.resume(self._clock(), now_s)
        self._subscriptions.subscribe_again()
        self._stirred.set()

    def _on_reply(self, reply: Reply, now: datetime, now_s: float) -> None:
        sent = self._requests.answered(reply)
        if sent is None:
            return
        if self._watch.has_caught_up(sent.at_s):
            self._line.on_frame(now := self._clock(), now_s)
        request = sent.request
        if not (self._is_settled or self._requests.awaits_prices):
            self._stirred.set()
        if request.sub != L1:
            self._depth.answer(request, reply, now)
        elif request.command == SUBSCRIBE and request.symbols:
            self._on_subscribed(request, reply)
        elif request.command == SNAPSHOT and reply.is_ok:
            if request.symbols[0] not in self._subscriptions.refused:
                self._on_snapshot(snapshot_of(reply), sent, now, now_s)
        elif request.command == TICKS and reply.is_ok:
            self._prints.apply_history(ticks_of(reply), now)
        elif request.command == START and not sent.is_awaited and runs_now(reply):
            self._on_started_again(now_s)

    def _on_snapshot(self, incoming: QuoteSnapshot, sent: Sent, now: datetime, now_s: float) -> None:
        snapshot = replace(incoming, symbol=self._symbols.as_requested(incoming.symbol))
        self._watch.on_answer(snapshot, now, now_s, sequence=sent.sequence, requested_s=sent.at_s)
        if snapshot.has_price:
            self._has_price = self._has_price_now = True

    def _on_subscribed(self, request: Request, reply: Reply) -> None:
        if not reply.is_ok:
            self._not_taken(request, reply.text)
            return
        wanted = frozenset(request.symbols)
        try:
            incoming = frozenset(map(self._symbols.as_requested, subscribed_of(reply)))
        except ProtocolError as error:
            self._warnings.complain(error)
            incoming = wanted
        # A second subscription may be answered with what it added, which is nothing.
        refused = frozenset() if request.again else wanted - incoming
        self._subscriptions.answer(incoming | (wanted - refused), refused, self._elapsed_s())
        self._quotes.answer(wanted - refused, refused)
        self._prints.subscribed(incoming | wanted)
        self._streamer.on_subscribed(self._link, self._warnings)

    def _not_taken(self, request: Request, why: str) -> None:
        if self._streamer.failure and not self._has_price and "again" not in why:
            self._lose(self._streamer.not_started(), self._line.received_at, passes=False)
            return
        self._subscriptions.try_later(request, self._elapsed_s(), why)

    def _on_closed(self, end: LineEnd) -> None:
        received_at, quiet_s = self._line.received_at, self._elapsed_s() - self._line.received_s
        is_quiet = quiet_s >= self._profile.silent_after_s
        since = (self._quotes.last_price_at or received_at) if self._is_settled else None
        self._lose(errors.line_ended(since, received_at, *end, is_quiet=is_quiet), received_at)

    def _lose(self, problem: Problem, at: datetime, *, passes: bool = True) -> None:
        if self._is_over or self._loss is not None:
            return
        self._loss = partial(LinkError, problem, passes=passes, at=at)
        self._throttle.flush_now()
        self._caches.freeze(at)
        self._requests.fail(self._loss())
        self._streamer.wake()
        self._stirred.set()

    def _raise_if_lost(self) -> None:
        if self._loss is not None:
            raise self._loss()
