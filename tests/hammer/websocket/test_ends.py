"""How a line to Hammer Pro ends, or does not open, and what is reported of it."""

import asyncio
from http import HTTPStatus

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from psf_monitor.connection.status import LinkState
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.hammer.sink import HammerSinks
from psf_monitor.settings import HammerProfile
from psf_monitor.sim.market.market import Market
from tests.hammer.running_adapter import RecordingSink, adapter_of, connected, running, settled
from tests.support.scripted_hammer import PASSWORD, ScriptedHammer
from tests.support.waiting import until

QUOTES = {"CIM-B": [24.5, 24.6, 24.55, 24.4]}
SAID = [
    (1000, "", "HAMMER closed the connection."),
    (1001, "", "HAMMER closed the connection: it is going away (1001)."),
    (1000, "see you", "HAMMER closed the connection: 'see you' (1000)."),
    (1008, "too many clients", "HAMMER closed the connection: 'too many clients' (1008)."),
    (1008, "", "HAMMER closed the connection: its policy is violated (1008)."),
    (1011, "", "HAMMER closed the connection: it has an internal error (1011)."),
    (1012, "", "HAMMER closed the connection: it is restarted (1012)."),
    (4000, "", "HAMMER closed the connection: code 4000."),
    (4001, "logged\nout", "HAMMER closed the connection: 'logged out' (4001)."),
]


@pytest.mark.parametrize(("code", "reason", "text"), SAID, ids=[f"{code} {said}" for code, said, _ in SAID])
async def test_that_what_hammer_says_when_it_closes_a_line_is_reported(
    sink: RecordingSink, market: Market, code: int, reason: str, text: str
) -> None:
    async with ScriptedHammer(QUOTES) as hammer:
        adapter = adapter_of(hammer, sink, market.clock)
        adapter.set_wanted(["CIM PRB"])
        async with connected(adapter):
            texts: list[str] = []
            adapter.link.when_changed(lambda: texts.append(str(adapter.link.status.problem or "")))
            await hammer.close_all(code, reason)
            await until(lambda: any(text in each for each in texts), what=text)


async def test_that_it_is_reported_also_before_the_line_was_ready(
    sink: RecordingSink, market: Market
) -> None:
    async with ScriptedHammer(QUOTES) as hammer:
        hammer.answers_left, hammer.closes_with = 1, (1013, "")
        adapter = adapter_of(hammer, sink, market.clock)
        async with running(adapter):
            texts: list[str] = []
            adapter.link.when_changed(lambda: texts.append(str(adapter.link.status.problem or "")))
            adapter.link.connect()
            await until(lambda: any("It says: try again later (1013)." in each for each in texts))


@pytest.mark.parametrize("status", [401, 403, 404, 503])
async def test_that_what_answers_in_http_instead_of_opening_the_line_is_quoted(
    sink: RecordingSink, market: Market, status: int
) -> None:
    def refuse(_: ServerConnection, __: Request) -> Response:
        return Response(status, HTTPStatus(status).phrase, Headers())

    async with serve(_nothing, "127.0.0.1", 0, process_request=refuse) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        adapter = HammerAdapter(HammerProfile("127.0.0.1", port, PASSWORD), HammerSinks(sink), market.clock)
        async with running(adapter):
            adapter.link.connect()
            assert await settled(adapter) is LinkState.FAILED
            problem = str(adapter.link.status.problem)
            said = f"HTTP {status} {HTTPStatus(status).phrase}"
            assert problem.startswith(f"Port {port} did not open a line to Hammer Pro: it answered {said}.")


async def test_that_a_redirect_is_not_followed_and_the_password_goes_nowhere_else(
    sink: RecordingSink, market: Market
) -> None:
    async with ScriptedHammer(QUOTES) as other:

        def redirect(_: ServerConnection, __: Request) -> Response:
            return Response(302, "Found", Headers({"Location": f"ws://127.0.0.1:{other.port}/"}))

        async with serve(_nothing, "127.0.0.1", 0, process_request=redirect) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            adapter = HammerAdapter(
                HammerProfile("127.0.0.1", port, PASSWORD), HammerSinks(sink), market.clock
            )
            async with running(adapter):
                adapter.link.connect()
                assert await settled(adapter) is LinkState.FAILED
                assert "it answered HTTP 302 Found" in str(adapter.link.status.problem)
            assert not other.received


async def _nothing(_: ServerConnection) -> None:
    await asyncio.Event().wait()
