"""The steps of connecting to HAMMER: the password, and the data source of its prices."""

import asyncio
from collections.abc import Callable

from psf_monitor.connection.link_log import link_log
from psf_monitor.connection.progress import Progress
from psf_monitor.connection.status import ConnectStep, LinkError, LinkState
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.account import AccountMode, is_simulated
from psf_monitor.hammer import errors
from psf_monitor.hammer.messages import ProtocolError, Reply, StreamerState
from psf_monitor.hammer.pending_requests import SendCommand
from psf_monitor.hammer.prices.replies import chosen_streamer, streamers_of
from psf_monitor.hammer.prices.subscriptions import START
from psf_monitor.hammer.session_warnings import SessionWarnings
from psf_monitor.hammer.timing import HammerTiming
from psf_monitor.problem import Problem

_log = link_log(__name__, AccountMode.HAMMER_PRO.link_name)


async def sign_in(
    send: SendCommand, greeted: asyncio.Event, password: str, link: Link, timing: HammerTiming
) -> None:
    """Wait briefly for the greeting, which some versions do not send, and sign in.

    Raises ``LinkError`` if HAMMER does not answer or refuses the password.
    """
    try:
        async with asyncio.timeout(timing.greeting_s):
            await greeted.wait()
    except TimeoutError:
        _log.debug("no greeting, signing in without it")
    reply = await send("connect", timing.connect_s, pwd=password)
    if reply is None:
        raise LinkError(errors.no_answer(timing.connect_s))
    if not reply.is_ok:
        raise errors.sign_in_refused(reply.text, password)
    if is_simulated(reply.text):
        link.found_simulated()


def runs_now(reply: Reply) -> bool:
    """Return whether the answer to a start says that the source runs, which some versions report as a
    failure.
    """
    sentence = reply.text.lower()
    return "starting" not in sentence and (reply.is_ok or "already" in sentence or "started" in sentence)


class DataStreamer:
    """One data source for one session.

    ``failure`` says why it may not be running, empty if it runs: if HAMMER's answer is not OK, prices or
    their absence decide (PSFALGO). ``stopped`` is its state, if that means that it sends no prices.
    """

    def __init__(self, wanted: str, timing: HammerTiming) -> None:
        self.name = wanted
        self._timing = timing
        self.failure = ""
        self.stopped: str | None = None
        self._start_again_s = 0.0
        self._ready: set[str] = set()
        self._changed = asyncio.Event()

    async def open(
        self, send: SendCommand, raise_if_lost: Callable[[], None], link: Link, warnings: SessionWarnings
    ) -> None:
        """Choose the data source and start it; if it may not be running, report that and continue."""
        await self.choose(send, warnings.complain)
        link.report(LinkState.LOADING, Progress(f"starting {self.name}"))
        await self.start(send, raise_if_lost)
        if self.failure:
            warnings.set("streamer", errors.streamer_unsure(self.name, self.failure))
        else:
            link.pass_step(ConnectStep.DATA_SOURCE, self.name)

    async def choose(self, send: SendCommand, complain: Callable[[ProtocolError], None]) -> None:
        """Choose the one that the trader named, else the usual one among those that HAMMER offers."""
        if self.name:
            return
        reply = await send("enumDataStreamers", self._timing.streamers_s)
        try:
            offered = streamers_of(reply) if reply is not None and reply.is_ok else ()
        except ProtocolError as error:
            complain(error)
            offered = ()
        self.name = chosen_streamer(offered)

    async def start(self, send: SendCommand, raise_if_lost: Callable[[], None]) -> None:
        """Start it and wait until it runs; a failure is kept in ``failure``."""
        reply = await send(START, self._timing.answer_s, streamerID=self.name)
        if reply is None:
            self.failure = f"no answer in {self._timing.answer_s:.0f} s"
        elif not (reply.is_ok or runs_now(reply)):
            self.failure = reply.text or errors.NO_REASON
        elif "starting" in reply.text.lower():
            try:
                async with asyncio.timeout(self._timing.starting_s):
                    while self.name.lower() not in self._ready:
                        raise_if_lost()
                        self._changed.clear()
                        await self._changed.wait()
            except TimeoutError:
                self.failure = f"still starting after {self._timing.starting_s:.0f} s"
        if self.failure:
            _log.warning("%s did not say that it started: %s", self.name, self.failure)

    def on_subscribed(self, link: Link, warnings: SessionWarnings) -> None:
        """Record that it runs, whatever it answered: HAMMER has taken a subscription of it."""
        if self.failure:
            self.failure = ""
            warnings.set("streamer", None)
            link.pass_step(ConnectStep.DATA_SOURCE, self.name)

    def not_started(self) -> Problem:
        """Return why it sends no prices."""
        return errors.streamer_failed(self.name, self.failure)

    def wake(self) -> None:
        """Wake all waiters: the line is lost."""
        self._changed.set()

    def on_state(self, received: StreamerState) -> bool:
        """Process a state change; return whether our source has just stopped or started to run."""
        (self._ready.add if received.is_ready else self._ready.discard)(received.streamer.lower())
        self._changed.set()
        before = self.stopped
        if received.streamer.lower() == self.name.lower():
            self.stopped = None if received.is_ready else received.state
        return self.stopped != before

    def is_to_be_started(self, now_s: float) -> bool:
        """Return whether a stopped source has to be started again now."""
        if self.stopped is None or now_s < self._start_again_s:
            return False
        self._start_again_s = now_s + self._timing.start_again_every_s
        return True
