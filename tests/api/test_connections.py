"""Who keeps a line, for how long and how many: through real sockets, with harmless input only."""

import asyncio
import errno
import gc
import logging
import socket
import struct
import sys
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import pytest

from psf_monitor.api.transport import listener
from psf_monitor.api.transport.connection_limit import ConnectionLimit
from psf_monitor.api.transport.limits import Limits, ReopenTiming
from psf_monitor.api.transport.listener import Listener
from psf_monitor.api.transport.log_filter import LogFilter
from psf_monitor.api.transport.rate_limit import Rate
from psf_monitor.cli import serve
from psf_monitor.runtime import demo
from psf_monitor.runtime.api_host import ApiHost
from tests.api.client import ON_A_FREE_PORT, ABook, ApiClient, opened
from tests.conftest import ExpectedErrors
from tests.support.sim_servers import settings_for, standing_still
from tests.support.waiting import LONGER_AND_LONGER_S, PATIENCE_S, until

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]

WITHOUT_LIMIT = Rate(1e9, 10**9)


@asynccontextmanager
async def lines(
    api: ApiClient, count: int
) -> AsyncIterator[list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]:
    """So many connections that say nothing."""
    port = int(api.address.rpartition(":")[2])
    found = [await asyncio.open_connection("127.0.0.1", port) for _ in range(count)]
    try:
        yield found
    finally:
        for _reader, writer in found:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for _, writer in found), return_exceptions=True)


async def has_ended(reader: asyncio.StreamReader) -> bool:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await reader.read() is not None
    except ConnectionError:
        return True


async def test_that_idle_lines_without_the_token_are_closed(tmp_path: Path) -> None:
    async with opened(ABook(), tmp_path, limits=Limits(headers_within_s=0.1)) as api, lines(api, 5) as idle:
        for reader, _writer in idle:
            assert await has_ended(reader)


@pytest.mark.parametrize("beginning", [b"GET / HTTP/1.1\r\nHost: ", b"G", b"GET /health HTTP/1.1\r\n"])
async def test_that_headers_that_never_end_are_not_waited_for(tmp_path: Path, beginning: bytes) -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(beginning)
        while True:
            await asyncio.sleep(0.02)
            writer.write(b"x")

    limits = Limits(headers_within_s=0.2)
    async with opened(ABook(), tmp_path, limits=limits) as api, lines(api, 1) as ((reader, writer),):
        dripping = asyncio.create_task(drip(writer))
        assert await has_ended(reader)
        dripping.cancel()


async def test_that_the_limit_counts_for_the_second_request_of_a_line_too(tmp_path: Path) -> None:
    answer = b""
    for within_s in LONGER_AND_LONGER_S:
        limits = Limits(headers_within_s=within_s)
        async with opened(ABook(), tmp_path, limits=limits) as api, lines(api, 1) as ((reader, writer),):
            host = api.address.removeprefix("http://")
            head = f"GET /health HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {api.token}\r\n\r\n"
            writer.write(head.encode())
            async with asyncio.timeout(PATIENCE_S):
                answer = await reader.readline()
            if answer:
                writer.write(b"GET /health HTTP/1.1\r\n")
                assert await has_ended(reader)
                break
    assert answer.startswith(b"HTTP/1.1 200")


async def test_that_many_connections_without_the_token_leave_room_for_one_with_it(tmp_path: Path) -> None:
    async with opened(ABook(), tmp_path, limits=Limits(most_connections=8)) as api:
        # A line that has shown the token stays, however many come later.
        assert (await api.get("/health")).status_code == 200
        async with lines(api, 150) as idle:
            assert (await api.get("/health")).status_code == 200
            for reader, _writer in idle[:140]:
                assert await has_ended(reader)
            async with api.stranger(Authorization=f"Bearer {api.token}") as later:
                assert (await later.get("/health")).status_code == 200


async def test_that_one_connection_too_many_with_the_token_is_refused_with_that_reason(
    tmp_path: Path,
) -> None:
    async with opened(ABook(), tmp_path, limits=Limits(most_connections=1)) as api:
        assert (await api.get("/health")).status_code == 200
        async with api.stranger(Authorization=f"Bearer {api.token}") as later:
            answer = await later.get("/health")
        assert (answer.status_code, answer.json()["what"]) == (503, "There are too many connections.")
        assert (await api.get("/health")).status_code == 200


def test_that_the_oldest_stranger_gives_way_and_nobody_is_counted_twice() -> None:
    closed: list[str] = []
    limit = ConnectionLimit(2)
    for name in ("a", "b"):
        assert limit.admit(name, lambda name=name: closed.append(name))  # type: ignore[misc]
    limit.recognise("a")
    assert limit.admit("c", lambda: closed.append("c"))
    assert closed == ["b"]
    limit.leave("b")
    limit.recognise("c")
    assert not limit.admit("d", lambda: closed.append("d"))
    limit.leave("c")
    assert limit.open == 1
    assert limit.admit("d", lambda: closed.append("d"))


async def test_that_tls_handshakes_give_one_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hello = b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + bytes(160)
    async with opened(ABook(), tmp_path) as api:
        for _ in range(40):
            async with lines(api, 1) as ((reader, writer),):
                writer.write(hello)
                assert await has_ended(reader)
    assert len([r for r in caplog.records if "Invalid HTTP request" in r.getMessage()]) == 1


def test_that_repeated_log_records_are_counted_and_other_kinds_are_not_lost() -> None:
    now = [0.0]
    seldom = LogFilter(60.0, lambda: now[0])

    def passes(text: str, *values: object) -> str:
        record = logging.LogRecord("uvicorn.error", logging.WARNING, "", 0, text, values, None)
        return record.getMessage() if seldom.filter(record) else ""

    assert passes("no %s", 1) == "no 1"
    assert [passes("no %s", n) for n in range(5)] == [""] * 5
    assert passes("another") == "another"
    now[0] = 61.0
    assert passes("no %s", 7) == "no 7 (5 more like it since the last line)"
    assert passes("no %s", 8) == ""


class Failing:
    """Stands before the loop's accept, before anything listens; raises what is ``left``, then accepts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left: list[OSError] = []
        loop = asyncio.get_running_loop()
        accept = loop.sock_accept

        async def sock_accept(listening: socket.socket) -> object:
            taken = await accept(listening)
            if self.left:
                taken[0].close()
                raise self.left.pop(0)
            return taken

        monkeypatch.setattr(loop, "sock_accept", sock_accept)


@pytest.mark.parametrize(
    "error",
    [
        OSError(64, "The specified network name is no longer available"),
        ConnectionAbortedError(errno.ECONNABORTED, "Software caused connection abort"),
        ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"),
        OSError(errno.EMFILE, "Too many open files"),
        OSError(errno.EBADF, "Bad file descriptor"),
        OSError(errno.EINVAL, "Invalid argument"),
    ],
    ids=lambda error: errno.errorcode.get(error.errno, str(error.errno)),
)
async def test_that_it_listens_on_whatever_accepting_meets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    failing = Failing(monkeypatch)
    async with opened(ABook(), tmp_path, limits=Limits(listening=ReopenTiming(first_s=0.01))) as api:
        address = api.address
        for _ in range(2):
            # One after the other: who waits behind one that fails goes with the listening socket.
            failing.left = [error]
            async with lines(api, 1) as ((reader, _writer),):
                assert await has_ended(reader)
                await until(lambda: not failing.left and api.api.address == address, what="listening again")
        assert (await api.get("/health")).status_code == 200
        assert api.api.problem is None


async def test_that_it_is_reported_while_it_does_not_listen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = Failing(monkeypatch)
    async with opened(
        ABook(), tmp_path, limits=Limits(listening=ReopenTiming(first_s=0.01, most_s=0.01))
    ) as api:
        address = api.address
        failing.left = [OSError(errno.EBADF, "Bad file descriptor")]
        blocked = [True]
        listen = listener.listen

        def refuses(host: str, port: int) -> socket.socket:
            if blocked[0]:
                raise OSError(errno.EADDRINUSE, "Address already in use")
            return listen(host, port)

        monkeypatch.setattr(listener, "listen", refuses)
        async with lines(api, 1) as ((reader, _writer),):
            assert await has_ended(reader)
            await until(lambda: api.api.problem)
        assert api.api.address is None
        assert "takes no new connection" in str(api.api.problem)
        assert "Address already in use" in str(api.api.problem)
        blocked[0] = False
        await until(lambda: api.api.address == address)
        assert api.api.problem is None
        assert (await api.get("/health")).status_code == 200


async def test_that_serve_that_cannot_listen_again_ends_with_1(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    expected_errors: ExpectedErrors,
) -> None:
    # What ends before TWS has answered is an error to ib_insync.
    expected_errors.allow("ib_insync.client")
    apis: list[ApiHost] = []

    class Noted(ApiHost):
        def __init__(self, *arguments: object, **more: object) -> None:
            super().__init__(*arguments, **more)  # type: ignore[arg-type]
            apis.append(self)

    monkeypatch.setattr(serve, "ApiHost", Noted)
    failing = Failing(monkeypatch)
    async with standing_still() as gateways:
        options = serve.ServeOptions(
            settings_for(gateways),
            ON_A_FREE_PORT,
            demo.Files(None, tmp_path / "api-token"),
            listen_again_for_s=0.0,
        )
        serving = asyncio.create_task(serve.serve(options))
        await until(lambda: apis and apis[0].address)
        address = apis[0].address or ""
        failing.left = [OSError(errno.EBADF, "Bad file descriptor")]
        monkeypatch.setattr(listener, "listen", refuse)
        _reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
        assert await serving == serve.FAILED
        writer.close()
    assert "cannot be opened again: Address already in use" in capsys.readouterr().err


def refuse(_host: str, _port: int) -> socket.socket:
    raise OSError(errno.EADDRINUSE, "Address already in use")


@pytest.mark.filterwarnings(
    # On Windows, asyncio forgets to close the socket that it had ready for that client.
    "ignore::pytest.PytestUnraisableExceptionWarning" if sys.platform == "win32" else "error"
)
async def test_that_a_client_that_resets_before_it_is_accepted_ends_nothing(tmp_path: Path) -> None:
    async with opened(ABook(), tmp_path) as api:
        port = int(api.address.rpartition(":")[2])
        with ExitStack() as stack:
            for _ in range(20):
                client = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                client.close()
        assert (await api.get("/health")).status_code == 200
    gc.collect()


async def test_that_no_accepted_line_waits_for_the_clients_acknowledgement() -> None:
    accepted: list[asyncio.BaseTransport] = []

    class Noting(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            accepted.append(transport)

    listening = Listener("127.0.0.1", 0, report=lambda _why: None)
    running = asyncio.create_task(listening.run(Noting))
    _reader, writer = await asyncio.open_connection("127.0.0.1", listening.port)
    await until(lambda: accepted)
    line = accepted[0].get_extra_info("socket")
    assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    accepted[0].abort()  # type: ignore[attr-defined]
    writer.close()
    running.cancel()
    await asyncio.gather(running, writer.wait_closed(), return_exceptions=True)


async def test_that_answers_on_a_kept_line_do_not_wait_40_ms(tmp_path: Path) -> None:
    limits = Limits(each_client=WITHOUT_LIMIT, all_clients=WITHOUT_LIMIT)
    at_once = 0
    async with opened(ABook(), tmp_path, limits=limits) as api, asyncio.timeout(PATIENCE_S):
        # A busy machine slows some of them, the delayed acknowledgement every one but the first.
        while at_once < 4:
            asked = time.perf_counter()
            assert (await api.get("/health")).status_code == 200
            at_once += time.perf_counter() - asked < 0.03
