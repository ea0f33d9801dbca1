"""A supervised connection to a server: its states, its problems, and the only reconnect loop.

Both sources use it. It knows neither protocol: an attempt is any coroutine that connects, reports its
progress through the link and raises ``LinkError`` when it failed or was lost.
"""

import contextlib
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from msgspec.structs import replace

from psf_monitor.connection import deferred_asyncio
from psf_monitor.connection.backoff import Backoff
from psf_monitor.connection.errors import EXHAUSTED, UNFORESEEN, is_exhausted
from psf_monitor.connection.link_log import link_log
from psf_monitor.connection.progress import NO_PROGRESS, Progress
from psf_monitor.connection.status import ConnectStep, LinkError, LinkState, LinkStatus
from psf_monitor.connection.visibility import Visibility
from psf_monitor.connection.wire_tap import NO_TAP, LinkTap
from psf_monitor.problem import Problem

STABLE_AFTER_S = 30.0
"""A connection that held this long counts as good: after its loss the back-off starts anew."""


_seconds = time.monotonic


class Link:
    """A supervised connection: idle until requested, then with at most one attempt at a time.

    If the first attempt after a click fails, the state is FAILED, unless the problem passes by itself. A
    connection that was up and is lost is retried until it is back or the trader stops it. ``disconnect`` is
    final whatever is under way. ``reconnects`` may be changed at any time. A request made before ``run`` is
    served by it.
    """

    def __init__(
        self,
        name: str,
        endpoint: str,
        attempt: Callable[[], Awaitable[None]],
        clock: Callable[[], datetime],
        *,
        backoff: Backoff | None = None,
        tap: LinkTap = NO_TAP,
    ) -> None:
        self.name = name
        self._log = link_log(__name__, name)
        self.tap = tap
        self.visibility = Visibility()
        """Whether anybody is looking at the data."""
        self.status = LinkStatus(LinkState.IDLE, clock(), endpoint)
        self._attempt = attempt
        self._clock = clock
        self._backoff = backoff or Backoff()
        self.reconnects = True
        self._on_idle: Callable[[], None] = lambda: None
        self._target: tuple[str, int | None] = (endpoint, None)
        self._is_wanted = False
        self._is_wait_cut_short = False
        self._on_requested: Callable[[], None] = lambda: None
        self._end_wait: Callable[[], None] = lambda: None
        self._cycle: deferred_asyncio.Task[None] | None = None
        self._wake: Callable[[], None] = lambda: None
        self._on_news: Callable[[], None] = lambda: None
        self._up_since_s = 0.0

    def when_changed(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` whenever the status changes; there is one listener, the window or the headless
        command.
        """
        self._wake = wake

    def when_news(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` as well whenever the status changes; there is one listener, the alerts."""
        self._on_news = listener

    def when_idle(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` when a requested disconnect is done; there is one listener, the owner."""
        self._on_idle = listener

    def retarget(self, endpoint: str, client_id: int | None = None) -> None:
        """Name another server; a current connection, attempt or failure keeps its own."""
        self._target = (endpoint, client_id)
        if self._cycle is None and self.status.state is not LinkState.FAILED:
            self._set(replace(self.status, endpoint=endpoint, client_id=client_id, next_endpoint=""))
            return
        client = "" if client_id is None else f" · client {client_id}"
        is_other = self._target != (self.status.endpoint, self.status.client_id)
        self._set(replace(self.status, next_endpoint=f"{endpoint}{client}" if is_other else ""))

    @property
    def is_wanted(self) -> bool:
        """Whether the trader requested this connection, up or not."""
        return self._is_wanted

    def connect(self) -> None:
        """Request the connection; do nothing if it is requested already."""
        if not self._is_wanted:
            self.tap.acted("connect")
        self._is_wanted = True
        self._on_requested()

    def disconnect(self) -> None:
        """End the connection, the attempt or the wait, for good."""
        if self._is_wanted:
            self.tap.acted("disconnect")
        self._is_wanted = False
        if self._cycle is not None:
            self._cycle.cancel()

    def retry_now(self) -> None:
        """End the wait before the next attempt."""
        self.tap.acted("retry now")
        self._is_wait_cut_short = True
        self._end_wait()

    def report(
        self,
        state: LinkState,
        progress: Progress = NO_PROGRESS,
        *,
        accounts: tuple[str, ...] | None = None,
        since: datetime | None = None,
        problem: Problem | None = None,
    ) -> None:
        """Set the state of the running attempt and its progress, and ``since`` when if not from now on.

        ``problem`` is what is wrong with a connection that is up all the same.
        """
        before = self.status
        changed = state is not before.state
        if not changed and (progress, accounts, problem) == (before.progress, None, before.problem):
            return
        now = self._clock()
        is_up = state in (LinkState.READY, LinkState.CUT_OFF)
        if is_up and before.up_since is None:
            self._up_since_s = _seconds()
        self._set(
            replace(
                before,
                state=state,
                since=(since or now) if changed else before.since,
                progress=progress,
                accounts=before.accounts if accounts is None else accounts,
                problem=problem,
                retry_at=None,
                up_since=before.up_since or (now if is_up else None),
            )
        )

    def measured(self, latency_ms: float, clock_error_s: float = 0.0) -> None:
        """Set the server's response time (ms), and how far our clock is ahead (s)."""
        self._set(replace(self.status, latency_ms=latency_ms, clock_error_s=clock_error_s))

    def warn(self, warning: Problem | None) -> None:
        """Set what is wrong although the connection is up; ``None`` once it is resolved."""
        self._set(replace(self.status, warning=warning))

    def found_simulated(self) -> None:
        """Record that the server of the running attempt is a simulated one."""
        self._log.info("%s: %s is simulated; nothing of it is real", self.name, self.status.endpoint)
        self._set(replace(self.status, is_simulated=True))

    def pass_step(self, step: ConnectStep, learnt: str = "") -> None:
        """Record that the running attempt has passed this step, with a short result."""
        self._set(replace(self.status, passed=(*self.status.passed, (step, learnt))))

    async def run(self) -> None:
        """Connect, reconnect and disconnect as requested, until cancelled; the owner runs it as one task."""
        requested = deferred_asyncio.Event()
        self._on_requested = requested.set
        while True:
            if not self._is_wanted:
                requested.clear()
                await requested.wait()
                continue
            self._cycle = deferred_asyncio.create_task(self._keep_connected(), name=f"{self.name} link")
            try:
                await deferred_asyncio.wait({self._cycle})
            finally:
                # Cancelled from outside: the attempt has to clean up before the owner continues.
                self._cycle.cancel()
                outcome = (await deferred_asyncio.gather(self._cycle, return_exceptions=True))[0]
                self._cycle = None
            if isinstance(outcome, Exception):
                self._log.error("%s: the connection failed in an unforeseen way", self.name, exc_info=outcome)
                self._fail(UNFORESEEN)
            elif self.status.state is not LinkState.FAILED:
                self._on_idle()
                self._set(LinkStatus(LinkState.IDLE, self._clock(), *self._target))

    async def _keep_connected(self) -> None:
        was_ready = False
        attempt = 0
        while True:
            self._begin_attempt(attempt)
            error = await self._outcome()
            if error is None:
                continue
            self.tap.failed(error.problem.what)
            if self.status.up_since is not None:
                was_ready = True
                if _seconds() - self._up_since_s >= STABLE_AFTER_S:
                    attempt = 0
            if not ((was_ready or error.passes) and error.retry and self.reconnects):
                self._fail(error.problem)
                return
            attempt += 1
            problem, lost_at = error.problem, error.at
            # It holds the frames of the attempt, and with them every object of it.
            del error
            await self._wait_before(attempt, problem, lost_at)

    async def _outcome(self) -> LinkError | None:
        """Make one attempt; return why it ended. An unforeseen error does not give up a good connection."""
        try:
            await self._attempt()
        except LinkError as error:
            return error
        except Exception as fault:  # noqa: BLE001 - logged below, with its trace
            if is_exhausted(fault):
                return LinkError(EXHAUSTED, passes=True)
            self._log.exception("%s: the connection failed in an unforeseen way", self.name)
            return LinkError(UNFORESEEN)
        return None

    def _begin_attempt(self, attempt: int) -> None:
        self.tap.acted("attempt", number=attempt)
        self._is_wait_cut_short = False
        endpoint, client_id = self._target
        self._set(
            replace(
                self.status,
                state=LinkState.CONNECTING,
                endpoint=endpoint,
                client_id=client_id,
                since=self._clock(),
                progress=NO_PROGRESS,
                accounts=(),
                problem=None,
                last_problem=self.status.last_problem if attempt else None,
                attempt=attempt,
                latency_ms=None,
                clock_error_s=0.0,
                warning=None,
                up_since=None,
                retry_at=None,
                passed=(),
                next_endpoint="",
                is_simulated=False,
                was_simulated=attempt > 0 and self.status.shows_simulated,
            )
        )

    def _fail(self, problem: Problem) -> None:
        self._is_wanted = False
        self._log.warning("%s: %s", self.name, problem)
        self._set(
            replace(
                self.status,
                state=LinkState.FAILED,
                since=self._clock(),
                progress=NO_PROGRESS,
                problem=problem,
                latency_ms=None,
                clock_error_s=0.0,
                warning=None,
                up_since=None,
                retry_at=None,
            )
        )

    async def _wait_before(self, attempt: int, problem: Problem, at: datetime | None) -> None:
        now = self._clock()
        was_lost = self.status.up_since is not None
        delay_s = self._backoff.delay_s(attempt)
        self.tap.acted("wait", attempt=attempt, seconds=round(delay_s, 3))
        if attempt == 1:
            self._log.warning("%s: %s", self.name, problem)
        self._set(
            replace(
                self.status,
                state=LinkState.RECONNECTING,
                since=now,
                progress=NO_PROGRESS,
                problem=problem,
                last_problem=problem,
                attempt=attempt,
                latency_ms=None,
                clock_error_s=0.0,
                warning=None,
                lost_at=(at or now) if was_lost else self.status.lost_at,
                was_simulated=self.status.was_simulated and not was_lost,
                up_since=None,
                retry_at=now + timedelta(seconds=delay_s),
            )
        )
        if self._is_wait_cut_short:
            return
        hastened = deferred_asyncio.Event()
        self._end_wait = hastened.set
        with contextlib.suppress(TimeoutError):
            async with deferred_asyncio.timeout(delay_s):
                await hastened.wait()

    def _set(self, status: LinkStatus) -> None:
        if status != self.status:
            if status.state is not self.status.state:
                self._log.info("%s: %s", self.name, status.state.name.lower().replace("_", " "))
            self.status = status
            self._wake()
            self._on_news()
