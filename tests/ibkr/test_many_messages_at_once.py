"""What TWS sends at once is taken in portions, and none of it is lost or comes out of order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from psf_monitor.connection.pacing import TWS_PORTION_BYTES
from psf_monitor.ibkr.guard import GuardedConnection
from tests.support.waiting import until

_SENT = bytes(range(256)) * (5 * TWS_PORTION_BYTES // 256) + b"the end"


class _Received:
    def __init__(self, connection: GuardedConnection) -> None:
        self.portions: list[bytes] = []
        self.lost: list[str] = []
        connection.hasData += self.portions.append
        connection.disconnected += self.lost.append


@contextlib.asynccontextmanager
async def _server(reported: bytes, *, closes: bool) -> AsyncIterator[int]:
    async def report(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(reported)
        await writer.drain()
        if not closes:
            await reader.read()
        writer.close()

    server = await asyncio.start_server(report, "127.0.0.1")
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@pytest.mark.parametrize("closes", [False, True])
async def test_that_a_long_list_comes_whole_and_in_order_and_before_the_end_of_the_line(closes: bool) -> None:
    async with _server(_SENT, closes=closes) as port:
        connection = GuardedConnection()
        received = _Received(connection)
        asyncio.set_event_loop(asyncio.get_running_loop())
        await connection.connectAsync("127.0.0.1", port)
        await until(lambda: sum(map(len, received.portions)) == len(_SENT) and (received.lost or not closes))
        assert b"".join(received.portions) == _SENT
        assert max(map(len, received.portions)) <= TWS_PORTION_BYTES
        connection.disconnect()
        await until(lambda: received.lost)


async def test_that_the_loop_does_other_work_between_two_portions() -> None:
    connection = GuardedConnection()
    received = _Received(connection)
    at_each_turn: list[int] = []
    connection.data_received(_SENT)
    while len(received.portions) < 6:
        at_each_turn.append(len(received.portions))
        await asyncio.sleep(0)
    assert at_each_turn == [1, 2, 3, 4, 5]
    assert b"".join(received.portions) == _SENT


async def test_that_messages_sent_before_the_line_broke_are_read_before_the_loss() -> None:
    connection = GuardedConnection()
    received = _Received(connection)
    connection.data_received(_SENT)
    connection.connection_lost(None)
    assert b"".join(received.portions) == _SENT
    assert received.lost == [""]


async def test_that_a_new_line_begins_with_nothing_of_the_former() -> None:
    connection = GuardedConnection()
    received = _Received(connection)
    connection.data_received(_SENT)
    connection.reset()
    received.portions.clear()
    connection.data_received(b"new")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert received.portions == [b"new"]


async def test_that_what_comes_during_a_rest_is_read_in_one_go_when_the_next_request_is_sent() -> None:
    async with _server(b"", closes=False) as port:
        connection = GuardedConnection()
        received = _Received(connection)
        asyncio.set_event_loop(asyncio.get_running_loop())
        await connection.connectAsync("127.0.0.1", port)
        connection.rest(3600.0)
        # What a transport that cannot be paused delivers meanwhile.
        connection.data_received(b"one, ")
        connection.data_received(b"two")
        for _ in range(100):
            await asyncio.sleep(0)
        assert received.portions == []
        connection.sendMsg(b"API\0\0\0\0\x09v100..176")
        assert received.portions == [b"one, two"]
        connection.disconnect()
        await until(lambda: received.lost)


async def test_that_a_rest_ends_by_itself_and_with_the_line() -> None:
    for rest_s, portions in ((0.001, [b"the list"]), (3600.0, [])):
        async with _server(b"the list", closes=False) as port:
            connection = GuardedConnection()
            received = _Received(connection)
            asyncio.set_event_loop(asyncio.get_running_loop())
            await connection.connectAsync("127.0.0.1", port)
            connection.rest(rest_s)
            await until(lambda: received.portions == portions)  # noqa: B023
            connection.disconnect()
            await until(lambda: received.lost)  # noqa: B023
            assert received.portions == portions
