"""How the simulated TWS misbehaves on request, and that it leaves nothing behind."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable

import pytest

from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.scenarios import scenario
from psf_monitor.sim.tws.framing import GREETING, FrameReader, fields_of, frame, message
from psf_monitor.sim.tws.server import SimTws
from tests.support.waiting import PATIENCE_S, running_tasks


class Client:
    """Just enough of a client to see every frame that arrives."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer
        self._frames = FrameReader()
        self._waiting: list[list[str]] = []

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def receive(self) -> list[str]:
        """The next frame's fields; empty when the line has ended."""
        async with asyncio.timeout(PATIENCE_S):
            while not self._waiting:
                data = await self._reader.read(65536)
                if not data:
                    return []
                self._waiting += map(fields_of, self._frames.feed(data))
        return self._waiting.pop(0)

    async def receive_until(self, message_id: str) -> list[list[str]]:
        received = [await self.receive()]
        while received[-1] and received[-1][0] != message_id:
            received.append(await self.receive())
        return received

    async def close(self) -> None:
        self.writer.close()
        try:
            await self.writer.wait_closed()
        except ConnectionError:
            return


@pytest.fixture
async def tws() -> AsyncIterator[SimTws]:
    async with SimTws(Market(scenario("normal")), "IBKR_GUN", refused_client_ids={66}) as server:
        yield server


@pytest.fixture
async def client(tws: SimTws) -> AsyncIterator[Client]:
    reader, writer = await asyncio.open_connection("127.0.0.1", tws.port)
    client = Client(reader, writer)
    yield client
    await client.close()


async def started(client: Client, client_id: int = 5, greeting: bytes = b"v157..176") -> list[list[str]]:
    client.send(GREETING + frame(greeting))
    version = await client.receive()
    client.send(message(71, 2, client_id, ""))
    return [version, *(await client.receive_until("9"))]


async def until(holds: Callable[[], bool]) -> None:
    """Let the server, which runs in the same loop, continue until the condition holds."""
    async with asyncio.timeout(PATIENCE_S):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0)


async def test_that_the_handshake_is_version_accounts_next_id_notices(tws: SimTws, client: Client) -> None:
    version, accounts, next_id = await started(client, 31)
    assert version == ["176", "20260918 14:26:00 America/New_York"]
    assert accounts == ["15", "1", "U1240821"]
    assert next_id == ["9", "1", "1051"], "one more than the newest order of that client"
    notices = [await client.receive() for _ in range(3)]
    assert [notice[3] for notice in notices] == ["2104", "2106", "2158"]
    assert {len(notice) for notice in notices} == {6}
    assert tws.received == [(31, 71)]


@pytest.mark.parametrize(
    ("greeting", "version"), [(b"v100..157", "157"), (b"v157..165", "165"), (b"v157..999", "176")]
)
async def test_that_the_lower_of_the_two_newest_versions_is_spoken(
    client: Client, greeting: bytes, version: str
) -> None:
    text = await started(client, greeting=greeting)
    assert text[0][0] == version
    assert len(await client.receive()) == (6 if int(version) >= 166 else 5)


@pytest.mark.parametrize("greeting", [b"v100..156", b"v177..180", b"hello"])
async def test_that_a_client_without_a_version_in_common_is_shown_out(
    client: Client, greeting: bytes
) -> None:
    client.send(GREETING + frame(greeting))
    assert await client.receive() == []


async def test_that_something_else_than_a_client_is_shown_out(client: Client) -> None:
    client.send(b"GET / HTTP/1.1\r\n\r\n")
    assert await client.receive() == []


async def test_that_broken_framing_gets_an_error_and_ends_that_connection_only(
    tws: SimTws, client: Client
) -> None:
    await started(client)
    reader, writer = await asyncio.open_connection("127.0.0.1", tws.port)
    other = Client(reader, writer)
    await started(other, 6)
    client.send(struct.pack(">I", 0))
    received = await client.receive_until("")
    assert received[-2][:4] == ["4", "2", "-1", "320"]
    assert received[-1] == []
    other.send(message(49, 1))
    assert (await other.receive_until("49"))[-1][0] == "49"
    await other.close()


@pytest.mark.parametrize("client_id", [5, 66])
async def test_that_a_client_id_in_use_gets_326_and_is_shown_out(
    tws: SimTws, client: Client, client_id: int
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", tws.port)
    first = Client(reader, writer)
    await started(first, 5)
    client.send(GREETING + frame(b"v157..176"))
    await client.receive()
    client.send(message(71, 2, client_id, ""))
    assert (await client.receive())[3] == "326"
    assert await client.receive() == []
    assert tws.client_ids == {5}
    await first.close()
    await until(lambda: tws.connections == 0)
    assert tws.client_ids == frozenset()


async def test_that_a_request_before_the_start_is_refused(client: Client) -> None:
    client.send(GREETING + frame(b"v157..176"))
    await client.receive()
    client.send(message(61, 1))
    assert (await client.receive())[3] == "321"


async def test_that_a_silent_tws_accepts_and_sends_nothing(tws: SimTws, client: Client) -> None:
    tws.faults.silent = True
    client.send(GREETING + frame(b"v157..176"))
    client.writer.write_eof()
    assert await client.receive() == [], "all that was sent is read, and nothing comes back"


async def test_that_close_all_ends_every_line_in_good_order(tws: SimTws, client: Client) -> None:
    await started(client)
    tws.close_all()
    assert (await client.receive_until(""))[-1] == []
    await until(lambda: tws.connections == 0)


async def test_that_a_muted_tws_keeps_the_line_and_sends_nothing(tws: SimTws, client: Client) -> None:
    await started(client)
    for _ in range(3):
        await client.receive()
    tws.mute()
    client.send(message(49, 1))
    await until(lambda: tws.received[-1] == (5, 49))
    tws.unmute()
    client.send(message(17, 1))
    assert await client.receive() == ["15", "1", "U1240821"], "what was not said is not said later"


async def test_that_a_withheld_end_marker_never_comes(tws: SimTws, client: Client) -> None:
    await started(client)
    tws.faults.withheld.add(62)
    tws.faults.unanswered.add(16)
    client.send(message(61, 1) + message(16, 1) + message(49, 1))
    received = {fields[0] for fields in await client.receive_until("49")}
    assert "61" in received
    assert not received & {"62", "53", "5"}


async def test_that_a_read_only_tws_answers_321_without_an_end_marker(tws: SimTws, client: Client) -> None:
    tws.faults.read_only = True
    await started(client)
    client.send(message(5, 1) + message(49, 1))
    received = await client.receive_until("49")
    assert [fields[3] for fields in received if fields[0] == "4"][-1] == "321"
    assert "53" not in {fields[0] for fields in received}


async def test_that_a_notice_reaches_every_client(tws: SimTws, client: Client) -> None:
    await started(client)
    for _ in range(3):
        await client.receive()
    tws.notify(1100, "Connectivity between IB and Trader Workstation has been lost. é")
    assert await client.receive() == [
        "4",
        "2",
        "-1",
        "1100",
        "Connectivity between IB and Trader Workstation has been lost. \\u00e9",
        "",
    ]


async def test_that_reset_all_tears_the_line_down(tws: SimTws) -> None:
    loop = asyncio.get_running_loop()
    line = socket.socket()
    line.setblocking(False)
    await loop.sock_connect(line, ("127.0.0.1", tws.port))
    await until(lambda: tws.connections == 1)
    tws.reset_all()
    with pytest.raises(ConnectionResetError):
        await asyncio.wait_for(loop.sock_recv(line, 1), PATIENCE_S)
    line.close()


async def test_that_stop_leaves_no_connection_no_task_and_no_port() -> None:
    market = Market(scenario("normal"))
    before = running_tasks()
    tws = SimTws(market, "IBKR_PED", refresh_s=0.0)
    await tws.start()
    port = tws.port
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    client = Client(reader, writer)
    await started(client)
    client.send(message(62, 1, 9, "All", "NetLiquidation"))
    await client.receive_until("64")
    market.trade("SPY", 661.00, 100)
    await tws.stop()
    assert tws.connections == 0
    assert (await client.receive_until(""))[-1] == []
    await client.close()
    assert running_tasks() == before
    with pytest.raises(OSError, match=r".*"):
        await asyncio.open_connection("127.0.0.1", port)
    market.trade("SPY", 662.00, 100)
    await tws.stop()


async def test_that_a_login_or_version_that_is_not_there_is_an_error() -> None:
    market = Market(scenario("normal"))
    with pytest.raises(ValueError, match="IBKR_GUN, IBKR_PED"):
        SimTws(market, "IBKR_ALI")
    with pytest.raises(ValueError, match="157 to 178"):
        SimTws(market, "IBKR_GUN", max_version=179)
