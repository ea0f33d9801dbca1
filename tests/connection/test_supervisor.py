"""The one reconnect loop: what a click, a loss and a wait mean."""

import asyncio
import errno
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.connection.backoff import Backoff
from psf_monitor.connection.errors import EXHAUSTED, UNFORESEEN
from psf_monitor.connection.progress import Progress
from psf_monitor.connection.status import LinkError, LinkState
from psf_monitor.connection.supervisor import Link
from psf_monitor.problem import Problem
from tests.conftest import ExpectedErrors
from tests.support.records import Clock
from tests.support.waiting import until

GONE = Problem("It is gone.", "Somebody closed it.", "Wait.", cause="Gone", remedy="Wait")


class Server:
    """An attempt that the test ends as it likes; counts how many run at once."""

    def __init__(self) -> None:
        self.attempts = 0
        self.running = 0
        self.most_at_once = 0
        self.link: Link | None = None
        self.accepts = True
        self.refusal: Exception = LinkError(GONE)
        self._end: asyncio.Future[None] | None = None

    async def __call__(self) -> None:
        self.attempts += 1
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        self._end = asyncio.get_running_loop().create_future()
        try:
            if not self.accepts:
                raise self.refusal
            assert self.link is not None
            self.link.report(LinkState.LOADING, Progress("rows"))
            self.link.report(LinkState.READY)
            await self._end
        finally:
            self.running -= 1

    def end(self, error: Exception) -> None:
        assert self._end is not None
        self._end.set_exception(error)


BRISK, NEVER = Backoff(0.005, 0.01), Backoff(3600, 3600)


@asynccontextmanager
async def linked(
    server: Server,
    clock: Clock,
    on_idle: Callable[[], None] = lambda: None,
    *,
    reconnect: bool = True,
    backoff: Backoff = BRISK,
) -> AsyncIterator[Link]:
    link = server.link = Link("server", "127.0.0.1:1", server, clock, backoff=backoff)
    link.reconnects = reconnect
    link.when_idle(on_idle)
    task = asyncio.create_task(link.run())
    try:
        yield link
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert server.running == 0


async def reach(link: Link, state: LinkState) -> None:
    await until(lambda: link.status.state is state, what=str(state))


async def test_that_nothing_is_tried_before_a_click() -> None:
    server = Server()
    async with linked(server, Clock()) as link:
        await asyncio.sleep(0)
        assert (server.attempts, link.status.state) == (0, LinkState.IDLE)


async def test_that_a_click_connects_and_a_second_click_changes_nothing() -> None:
    server = Server()
    async with linked(server, Clock()) as link:
        link.connect()
        await reach(link, LinkState.READY)
        link.connect()
        await asyncio.sleep(0)
        assert server.attempts == 1


async def test_that_a_first_attempt_that_fails_is_not_repeated() -> None:
    server = Server()
    server.accepts = False
    async with linked(server, Clock()) as link:
        link.connect()
        await reach(link, LinkState.FAILED)
        assert (link.status.problem, server.attempts, link.is_wanted) == (GONE, 1, False)
        server.accepts = True
        link.connect()
        await reach(link, LinkState.READY)
        assert link.status.problem is None


async def test_that_a_loss_is_tried_again_until_it_is_back_and_never_twice_at_once() -> None:
    server, clock = Server(), Clock()
    async with linked(server, clock) as link:
        link.connect()
        await reach(link, LinkState.READY)
        server.accepts = False
        clock.advance(60)
        lost_at = clock()
        server.end(LinkError(GONE))
        await until(lambda: link.status.attempt >= 3)
        assert link.status.lost_at == lost_at
        server.accepts = True
        await reach(link, LinkState.READY)
        assert server.most_at_once == 1


async def test_that_the_moment_that_a_loss_names_is_the_links_too() -> None:
    server, clock = Server(), Clock()
    async with linked(server, clock) as link:
        link.connect()
        await reach(link, LinkState.READY)
        noted_at = clock()
        clock.advance(1)
        server.accepts = False
        server.end(LinkError(GONE, at=noted_at))
        await reach(link, LinkState.RECONNECTING)
        assert link.status.lost_at == noted_at


async def test_that_a_loss_without_hope_or_without_reconnect_ends() -> None:
    for reconnect, error in ((True, LinkError(GONE, retry=False)), (False, LinkError(GONE))):
        server = Server()
        async with linked(server, Clock(), reconnect=reconnect) as link:
            link.connect()
            await reach(link, LinkState.READY)
            server.end(error)
            await reach(link, LinkState.FAILED)


@pytest.mark.parametrize("state", [LinkState.READY, LinkState.RECONNECTING])
async def test_that_disconnect_is_final_in_every_state(state: LinkState) -> None:
    server = Server()
    idle: list[None] = []
    async with linked(server, Clock(), lambda: idle.append(None), backoff=NEVER) as link:
        link.connect()
        await reach(link, LinkState.READY)
        if state is LinkState.RECONNECTING:
            server.end(LinkError(GONE))
            await reach(link, state)
        link.disconnect()
        await reach(link, LinkState.IDLE)
        assert (len(idle), server.attempts) == (1, 1)
        assert link.status.problem is None


async def test_that_connect_right_after_disconnect_connects_anew() -> None:
    server = Server()
    async with linked(server, Clock()) as link:
        link.connect()
        await reach(link, LinkState.READY)
        link.disconnect()
        link.connect()
        await until(lambda: server.attempts == 2)
        await reach(link, LinkState.READY)
        assert server.most_at_once == 1


async def test_that_requests_made_before_the_link_runs_take_effect_when_it_does() -> None:
    server = Server()
    server.link = link = Link("server", "127.0.0.1:1", server, Clock())
    link.connect()
    link.disconnect()
    link.connect()
    assert link.is_wanted
    task = asyncio.create_task(link.run())
    await reach(link, LinkState.READY)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert server.attempts == 1


async def test_that_to_retry_while_an_attempt_still_runs_spares_the_wait_after_it() -> None:
    server = Server()
    async with linked(server, Clock(), backoff=NEVER) as link:
        link.connect()
        await reach(link, LinkState.READY)
        link.retry_now()
        server.end(LinkError(GONE))
        await until(lambda: server.attempts == 2)
        await reach(link, LinkState.READY)


async def test_that_retry_now_cuts_the_wait_short() -> None:
    server = Server()
    async with linked(server, Clock(), backoff=NEVER) as link:
        link.connect()
        await reach(link, LinkState.READY)
        server.end(LinkError(GONE))
        await reach(link, LinkState.RECONNECTING)
        link.retry_now()
        await reach(link, LinkState.READY)


async def test_that_an_internal_error_is_logged_and_reported_and_the_first_attempt_is_not_repeated(
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.connection.supervisor")
    server = Server()
    server.accepts = False
    async with linked(server, Clock()) as link:
        server.refusal = ZeroDivisionError("a bug")
        link.connect()
        await reach(link, LinkState.FAILED)
        assert link.status.problem is not None
        assert "log" in link.status.problem.to_do
        server.accepts = True
        link.connect()
        await reach(link, LinkState.READY)


async def test_that_an_attempt_refused_for_lack_of_resources_is_repeated_from_the_start() -> None:
    server = Server()
    server.accepts, server.refusal = False, OSError(errno.EMFILE, "Too many open files")
    async with linked(server, Clock()) as link:
        link.connect()
        await until(lambda: server.attempts >= 2, what="another attempt")
        assert link.status.last_problem == EXHAUSTED
        server.accepts = True
        await reach(link, LinkState.READY)


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        (ZeroDivisionError("a bug"), UNFORESEEN.what),
        (OSError(errno.EMFILE, "Too many open files"), EXHAUSTED.what),
        (OSError(errno.ENOBUFS, "No buffer space available"), EXHAUSTED.what),
    ],
)
async def test_that_no_fault_gives_up_a_connection_that_was_good(
    fault: Exception, what: str, expected_errors: ExpectedErrors
) -> None:
    if what == UNFORESEEN.what:
        expected_errors.allow("psf_monitor.connection.supervisor")
    server = Server()
    async with linked(server, Clock()) as link:
        reported: list[str] = []
        link.when_changed(lambda: reported.append(link.status.problem.what if link.status.problem else ""))
        link.connect()
        await reach(link, LinkState.READY)
        server.refusal, server.accepts = fault, False
        server.end(fault)
        await until(lambda: server.attempts >= 4, what="more attempts")
        assert link.is_wanted
        server.accepts = True
        await reach(link, LinkState.READY)
    assert what in reported


@given(attempt=st.integers(1, 10_000), seed=st.integers())
def test_that_the_wait_stays_within_its_bounds(attempt: int, seed: int) -> None:
    delay_s = Backoff(1.0, 60.0, 0.2, random.Random(seed)).delay_s(attempt)
    assert 0.8 <= delay_s <= 72.0


async def test_that_a_failure_keeps_its_own_server_until_the_next_attempt() -> None:
    server = Server()
    server.accepts = False
    async with linked(server, Clock()) as link:
        link.connect()
        await reach(link, LinkState.FAILED)
        endpoint = link.status.endpoint
        link.retarget("127.0.0.1:2", 7)
        assert (link.status.endpoint, link.status.next_endpoint) == (endpoint, "127.0.0.1:2 · client 7")
        link.retarget(endpoint, link.status.client_id)
        assert link.status.next_endpoint == ""


async def test_that_another_server_counts_from_the_next_attempt_on() -> None:
    server = Server()
    async with linked(server, Clock()) as link:
        link.retarget("127.0.0.1:2", 7)
        assert (link.status.endpoint, link.status.client_id) == ("127.0.0.1:2", 7)
        link.connect()
        await reach(link, LinkState.READY)
        link.retarget("127.0.0.1:3", 8)
        assert link.status.endpoint == "127.0.0.1:2"
        assert link.status.next_endpoint == "127.0.0.1:3 · client 8"
        link.disconnect()
        await reach(link, LinkState.IDLE)
        assert link.status.next_endpoint == ""
        assert (link.status.endpoint, link.status.client_id) == ("127.0.0.1:3", 8)
