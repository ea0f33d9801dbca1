"""The first law: whatever is tried through the product's client, nothing that changes anything leaves it."""

import asyncio
import inspect
import struct
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ib_insync import Contract, LimitOrder, Option, ScannerSubscription, Stock, TagValue, WshEventData
from ib_insync.client import Client
from ib_insync.objects import ExecutionFilter

from psf_monitor.ibkr import guard
from psf_monitor.ibkr.client import ReadOnlyIB
from psf_monitor.ibkr.guard import ALLOWED_REQUESTS, GuardedConnection, GuardError
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.scenarios import scenario
from psf_monitor.sim.tws.server import SimTws
from tests.conftest import ExpectedErrors
from tests.support.waiting import PATIENCE_S

STATE_CHANGING = {3, 4, 5, 14, 15, 19, 21, 58, 65, 66, 69, 72, 73}

ARGUMENTS: dict[str, Any] = {
    "contract": Stock("CIM PRB", "SMART", "USD"),
    "order": LimitOrder("BUY", 100, 24.5),
    "execFilter": ExecutionFilter(),
    "subscription": ScannerSubscription(),
    "data": WshEventData(),
    "account": "U1240821",
    "acctCode": "U1240821",
    **{f"{kind}Options": [TagValue("a", "b")] for kind in ("chart", "implVol", "optPrc", "fundamentalData")},
}


@pytest.fixture
async def tws() -> AsyncIterator[SimTws]:
    async with SimTws(Market(scenario("normal"), 7), "IBKR_GUN") as server:
        yield server


@pytest.fixture
async def ib(tws: SimTws) -> AsyncIterator[ReadOnlyIB]:
    guarded = ReadOnlyIB()
    guarded.wrapper.clientId = 5
    await guarded.client.connectAsync("127.0.0.1", tws.port, 5)
    yield guarded
    guarded.disconnect()  # type: ignore[no-untyped-call]


async def requests_that_arrived(ib: ReadOnlyIB, tws: SimTws, attempt: Callable[[], object]) -> list[int]:
    """What TWS got of ``attempt``; a later request that came back shows that all before it has arrived."""
    before = len(tws.received)
    attempt()
    await asyncio.wait_for(ib.reqCurrentTimeAsync(), PATIENCE_S)
    (*arrived, (_client, last)) = tws.received[before:]
    assert last == 49
    return [request for _client, request in arrived]


def client_requests() -> list[str]:
    """Every method of ib_insync's client that sends something."""
    return sorted(
        name
        for name, method in inspect.getmembers(Client, inspect.isfunction)
        if "self.send(" in inspect.getsource(method)
    )


def call(client: Client, name: str) -> None:
    method = getattr(client, name)
    method(*(ARGUMENTS.get(parameter, 1) for parameter in inspect.signature(method).parameters))


def test_that_the_list_holds_nothing_that_changes_anything() -> None:
    assert not STATE_CHANGING & set(ALLOWED_REQUESTS)
    market_data = {1, 2, 10, 11, 20, 22, 50, 51, 97, 98}
    assert not market_data & set(ALLOWED_REQUESTS)


async def test_that_details_of_a_contract_can_be_read(ib: ReadOnlyIB, tws: SimTws) -> None:
    contract = Contract(conId=263810442)
    (reported,) = await asyncio.wait_for(ib.reqContractDetailsAsync(contract), PATIENCE_S)
    assert reported.contract is not None
    assert (reported.contract.primaryExchange, reported.priceMagnifier) == ("NYSE", 1)
    assert (tws.received[-1], tws.refused) == ((5, 9), [])


def test_that_ib_insync_has_the_requests_this_test_is_about() -> None:
    assert {"placeOrder", "cancelOrder", "reqGlobalCancel", "reqMktData", "reqPositions"} <= set(
        client_requests()
    )


@pytest.mark.parametrize("name", client_requests())
async def test_that_every_request_of_ib_insync_either_only_reads_or_sends_no_byte(
    name: str, ib: ReadOnlyIB, tws: SimTws, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync")  # TWS complains of some of the arguments
    sent = ib.client.conn.numBytesSent
    refused: list[GuardError] = []

    def attempt() -> None:
        try:
            call(ib.client, name)
        except GuardError as error:
            refused.append(error)
            assert ib.client.conn.numBytesSent == sent

    arrived = await requests_that_arrived(ib, tws, attempt)
    if refused:
        assert arrived == []
    else:
        (request,) = arrived
        assert request in ALLOWED_REQUESTS
    assert tws.refused == []


@pytest.mark.parametrize(
    "change",
    [
        lambda ib: ib.placeOrder(Stock("CIM PRB", "SMART", "USD"), LimitOrder("BUY", 100, 24.5)),
        lambda ib: ib.whatIfOrderAsync(Stock("CIM PRB", "SMART", "USD"), LimitOrder("BUY", 100, 24.5)),
        lambda ib: ib.client.cancelOrder(1047),
        lambda ib: ib.reqGlobalCancel(),
        lambda ib: ib.reqAutoOpenOrders(True),
        lambda ib: ib.reqOpenOrdersAsync(),
        lambda ib: ib.reqCompletedOrdersAsync(False),
        lambda ib: ib.exerciseOptions(Option("SPY", "20270115", 500, "C", "SMART"), 1, 1, "U1240821", 1),
        lambda ib: ib.replaceFA(1, "<xml/>"),
        lambda ib: ib.client.setServerLogLevel(5),
        lambda ib: ib.reqMktData(Stock("CIM PRB", "SMART", "USD")),
        lambda ib: ib.client.send(3, 1),
        lambda ib: ib.client.send("3", 1),
        lambda ib: ib.client.send(58.0, 1),
        lambda ib: ib.client.send("\u0663", 1),
        lambda ib: ib.client.send(" 16", 1),
        lambda ib: ib.client.send("", 1),
        lambda ib: ib.client.send("API", "3"),
        lambda ib: ib.client.sendMsg("3\x001\x00"),
        lambda ib: ib.client.conn.sendMsg(b"3\x001\x00"),
        lambda ib: ib.client.conn.sendMsg(frame("3\x001\x00")),
        lambda ib: ib.client.conn.sendMsg(frame("16\x001\x00") + frame("58\x001\x00")),
        lambda ib: ib.client.conn.sendMsg(b"API\x00" + frame("v157..176")),
        lambda ib: ib.client.conn.sendMsg(b"API\x00\x00\x00\x00\x09v1..2" + frame("58\x001\x00")),
        lambda ib: ib.client.conn.sendMsg(b""),
        lambda ib: ib.client.conn.sendMsg(frame("")),
    ],
)
async def test_that_every_attempt_to_change_something_raises_and_sends_no_byte(
    change: Callable[[ReadOnlyIB], object], ib: ReadOnlyIB, tws: SimTws
) -> None:
    sent = ib.client.conn.numBytesSent

    def attempt() -> None:
        with pytest.raises(GuardError):
            change(ib)
        assert ib.client.conn.numBytesSent == sent

    assert await requests_that_arrived(ib, tws, attempt) == []
    assert tws.refused == []


class Pretending(bytes):
    """Bytes that answer every question as another request would; a socket reads the truth."""

    stands_for = b""

    def __getitem__(self, place: Any) -> Any:
        return self.stands_for[place]

    def __len__(self) -> int:
        return len(self.stands_for)

    def __bytes__(self) -> bytes:
        return self.stands_for

    def __iter__(self) -> Iterator[int]:
        return iter(self.stands_for)

    def __eq__(self, other: object) -> bool:
        return self.stands_for == other

    def __hash__(self) -> int:
        return hash(self.stands_for)

    def decode(self, *_: object, **__: object) -> str:
        return self.stands_for.decode()


def test_that_bytes_are_judged_by_what_would_be_written() -> None:
    connection, socket = GuardedConnection(), _Recorder()
    connection.transport = socket
    connection.numMsgSent = 1
    # 0 is no request of TWS: nothing anywhere would act on it.
    pretending = Pretending(frame("0\x00"))
    pretending.stands_for = frame("49\x001\x00")
    with pytest.raises(GuardError):
        connection.sendMsg(pretending)
    assert connection.transport is not None
    with pytest.raises(GuardError):
        connection.transport.write(pretending)
    assert socket.written == []


@pytest.mark.parametrize("kind", [bytearray, memoryview, Pretending])
def test_that_the_copy_that_was_checked_is_the_one_written(kind: Callable[[bytes], Any]) -> None:
    connection, socket = GuardedConnection(), _Recorder()
    connection.transport = socket
    connection.numMsgSent = 1
    asked = kind(frame("49\x001\x00"))
    if isinstance(asked, Pretending):
        asked.stands_for = frame("0\x00")
    connection.sendMsg(asked)
    assert [type(written) for written in socket.written] == [bytes]
    assert socket.written == [frame("49\x001\x00")]


@pytest.mark.parametrize("nothing", [None, "49\x001\x00", 7, ["49"]])
def test_that_only_bytes_can_be_written(nothing: Any) -> None:
    connection, socket = GuardedConnection(), _Recorder()
    connection.transport = socket
    with pytest.raises(GuardError):
        connection.sendMsg(nothing)
    assert socket.written == []


async def test_that_data_after_the_end_of_a_line_is_neither_read_nor_answered(tws: SimTws) -> None:
    guarded = ReadOnlyIB()
    connection = guarded.client.conn
    received: list[bytes] = []
    connection.hasData += received.append
    await connection.connectAsync("127.0.0.1", tws.port)
    ended = asyncio.Event()
    connection.disconnected += lambda _why: ended.set()
    for _ in range(2):
        guarded.client.disconnect()
    # Windows' loop still delivers what had arrived by then: here, the beginning of the API.
    connection.data_received(b"\0\0\0\x1a176\x0020260918 14:30:00 EST\0")
    connection.sendMsg(struct.pack(">I", 5) + b"49\x001\0")
    async with asyncio.timeout(PATIENCE_S):
        await ended.wait()
    assert received == []
    assert connection.numMsgSent == 0


def test_that_the_socket_itself_is_not_to_be_had() -> None:
    connection, socket = GuardedConnection(), _Recorder()
    connection.transport = socket
    line = connection.transport
    assert line is not None
    assert socket not in vars(line).values()
    with pytest.raises(GuardError):
        line.write(frame("0\x00"))
    line.write(b"API\0\0\0\0\x09v157..176")
    with pytest.raises(GuardError):
        # A line is greeted once.
        line.write(b"API\0\0\0\0\x09v157..176")


def test_that_the_table_of_requests_cannot_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TypeError):
        ALLOWED_REQUESTS[0] = "nothing"  # type: ignore[index]
    monkeypatch.setattr(guard, "ALLOWED_REQUESTS", {0: "nothing"})
    connection, socket = GuardedConnection(), _Recorder()
    connection.transport = socket
    with pytest.raises(GuardError):
        connection.sendMsg(frame("0\x00"))
    assert socket.written == []


@pytest.mark.parametrize("client_id", ["0", "00", "-0", "+0", " 0", "4294967296", "2147483648", "", "1e0"])
def test_that_no_writing_of_client_id_zero_starts_the_api(client_id: str) -> None:
    connection, socket = GuardedConnection(), _Recorder()
    connection.transport = socket
    connection.numMsgSent = 1
    with pytest.raises(GuardError):
        connection.sendMsg(frame(f"71\x002\x00{client_id}\x00\x00"))
    assert socket.written == []


async def test_that_a_request_slipped_into_the_throttle_queue_stops_at_the_socket(
    ib: ReadOnlyIB, tws: SimTws
) -> None:
    def attempt() -> None:
        with pytest.raises(GuardError):
            # The library's own, past the check where requests are made.
            Client.sendMsg(ib.client, "58\x001\x00")

    assert await requests_that_arrived(ib, tws, attempt) == []


async def test_that_throttled_requests_that_only_read_still_arrive(ib: ReadOnlyIB, tws: SimTws) -> None:
    ib.client.MaxRequests = 3
    ib.client.RequestsInterval = 0.1  # type: ignore[assignment]  # the library annotates it by its default
    for _ in range(4):
        ib.client.reqManagedAccts()
    await asyncio.wait_for(ib.reqCurrentTimeAsync(), PATIENCE_S)
    assert [request for _client, request in tws.received].count(17) == 4


async def test_that_client_id_zero_cannot_start_the_api(tws: SimTws, expected_errors: ExpectedErrors) -> None:
    expected_errors.allow("eventkit", "ib_insync")
    ib = ReadOnlyIB()
    with pytest.raises(TimeoutError):
        await ib.client.connectAsync("127.0.0.1", tws.port, 0, timeout=0.2)
    assert tws.received == []


def frame(payload: str) -> bytes:
    return struct.pack(">I", len(payload)) + payload.encode()


class _Recorder:
    """Stands where the socket would be."""

    def __init__(self) -> None:
        self.written: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.written.append(data)


@given(data=st.binary(max_size=60) | st.text("0123456789\0 +-v.API", max_size=20).map(frame))
def test_that_whatever_bytes_are_written_only_a_whole_request_on_the_list_passes(data: bytes) -> None:
    connection, socket = GuardedConnection(), _Recorder()
    connection.transport = socket
    connection.numMsgSent = 1
    try:
        connection.sendMsg(data)
    except GuardError:
        assert socket.written == []
        return
    assert socket.written == [data]
    assert len(data) == 4 + int.from_bytes(data[:4], "big")
    assert int(data[4:].split(b"\0")[0]) in ALLOWED_REQUESTS
