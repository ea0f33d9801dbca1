"""The loop of the window: it runs, ends and runs again, and nothing that came meanwhile is lost."""

import asyncio
import pkgutil
import socket
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from psf_monitor.app.event_loop import WindowEventLoop
from tests.support.waiting import PATIENCE_S

RUNS = 30
SELECT = "qasync._windows._IocpProactor.select"


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[Any]:
    loop = WindowEventLoop(qapp)
    asyncio.set_event_loop(loop)
    with loop:
        yield loop
    asyncio.set_event_loop(None)


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        yield ours, theirs


async def _nothing() -> None:
    pass


def test_that_it_ends_at_once_while_nothing_moves(loop: Any) -> None:
    for _ in range(RUNS):
        loop.run_until_complete(_nothing())


def test_that_data_between_two_runs_is_delivered_in_the_next(
    loop: Any, ends: tuple[socket.socket, socket.socket]
) -> None:
    ours, theirs = ends

    async def read() -> bytes:
        async with asyncio.timeout(PATIENCE_S):
            return await loop.sock_recv(ours, 100)  # type: ignore[no-any-return]

    for number in range(RUNS):
        reading = loop.create_task(read())
        loop.run_until_complete(_nothing())
        theirs.sendall(b"%d" % number)
        assert loop.run_until_complete(reading) == b"%d" % number


def test_that_data_arriving_wakes_an_idle_loop(loop: Any, ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends

    async def answered() -> bytes:
        text = threading.Thread(target=theirs.sendall, args=(b"now",))
        async with asyncio.timeout(PATIENCE_S):
            reading = loop.create_task(loop.sock_recv(ours, 100))
            await asyncio.sleep(0)
            text.start()
            return await reading  # type: ignore[no-any-return]

    for _ in range(RUNS):
        assert loop.run_until_complete(answered()) == b"now"


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(await reader.readline())
    await writer.drain()
    writer.close()


async def _a_line_comes_back() -> None:
    async with await asyncio.start_server(_echo, "localhost", 0) as server:
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("localhost", port)
        # More than a socket takes at once: the loop has to report when it is writable.
        line = b"q" * 50_000 + b"\n"
        writer.write(line)
        async with asyncio.timeout(PATIENCE_S):
            assert await reader.readline() == line
        writer.close()
        await writer.wait_closed()


def test_that_the_transports_of_every_python_read_and_write_at_a_named_host(loop: Any) -> None:
    loop.run_until_complete(_a_line_comes_back())


@pytest.mark.skipif(sys.platform != "win32", reason="only there a thread asks for what has completed")
def test_that_the_thread_that_asks_waits_until_something_has_come(
    loop: Any, ends: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float | None] = []

    def select(proactor: Any, timeout: float | None = None) -> Any:
        waits.append(timeout)
        return asked(proactor, timeout)

    asked = pkgutil.resolve_name(SELECT)
    monkeypatch.setattr(SELECT, select)
    ours, theirs = ends
    reading = loop.create_task(loop.sock_recv(ours, 1))
    loop.run_until_complete(_nothing())
    theirs.sendall(b"x")
    loop.run_until_complete(reading)
    assert set(waits) == {None}
    assert len(waits) <= 4
