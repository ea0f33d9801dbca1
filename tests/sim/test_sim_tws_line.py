"""The line of a simulated TWS: ends at each stage, segments of any size, notices, and how it hangs up."""

import asyncio

import pytest

from psf_monitor.sim.market.market import Market
from psf_monitor.sim.tws.faults import Cut, HangUp
from psf_monitor.sim.tws.framing import GREETING, frame, message
from psf_monitor.sim.tws.segments import Segments
from psf_monitor.sim.tws.server import SimTws
from tests.sim.test_sim_tws_faults import Client, started, until


async def asked(client: Client, *requests: bytes) -> list[list[str]]:
    """All that comes up to the answer to a request for the time."""
    client.send(b"".join(requests) + message(49, 1))
    return await client.receive_until("49")


@pytest.mark.parametrize(
    ("here", "received_ids"),
    [
        (HangUp.ON_ACCEPT, []),
        (HangUp.AFTER_GREETING, []),
        (HangUp.AFTER_VERSION, ["176"]),
        (HangUp.AFTER_START, ["176"]),
        (HangUp.BEFORE_NEXT_ID, ["176", "15"]),
    ],
)
async def test_that_the_handshake_can_end_at_each_stage(
    here: HangUp, received_ids: list[str], market: Market
) -> None:
    async with SimTws(market, "IBKR_GUN") as tws:
        tws.faults.hangs_up = here
        reader, writer = await asyncio.open_connection("127.0.0.1", tws.port)
        client = Client(reader, writer)
        received: list[str] = []
        try:
            if here is not HangUp.ON_ACCEPT:
                client.send(GREETING + frame(b"v157..176"))
            if here in (HangUp.AFTER_START, HangUp.BEFORE_NEXT_ID):
                received.append((await client.receive())[0])
                client.send(message(71, 2, 5, ""))
            while fields := await client.receive():
                received.append(fields[0])
        finally:
            await client.close()
        assert received == received_ids


@pytest.mark.parametrize("cut", list(Cut))
async def test_that_the_stream_is_the_same_however_it_is_cut(
    cut: Cut, tws: SimTws, client: Client, market: Market
) -> None:
    whole = await started(client, 5)
    whole += await asked(client, message(61, 1), message(16, 1))
    tws.faults.cut = cut
    reader, writer = await asyncio.open_connection("127.0.0.1", tws.port)
    other = Client(reader, writer)
    pieces = await started(other, 6)
    pieces += await asked(other, message(61, 1), message(16, 1))
    await other.close()
    assert [fields for fields in pieces if fields[0] != "9"] == [f for f in whole if f[0] != "9"]
    assert len(pieces) > len(market.orders)


class Line(asyncio.Transport):
    """Remembers what was written, piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.pieces.append(bytes(data))

    def is_closing(self) -> bool:
        return False


@pytest.mark.parametrize(
    ("cut", "least", "most", "pieces"),
    [
        (Cut.MESSAGES, 200, 200, 5),
        (Cut.BYTES, 1, 1, 1000),
        (Cut.CHUNKS, 1, 300, None),
        (Cut.GLUED, 1000, 1000, 1),
    ],
)
async def test_that_segments_have_the_size_that_was_asked_for(
    cut: Cut, least: int, most: int, pieces: int | None
) -> None:
    line = Line()
    segments = Segments(line)
    sent = [bytes([n]) * 200 for n in range(5)]
    for data in sent:
        segments.write(data, cut)
    await until(lambda: sum(map(len, line.pieces)) == 1000)
    assert b"".join(line.pieces) == b"".join(sent)
    assert all(least <= len(piece) <= most for piece in line.pieces)
    assert pieces in (None, len(line.pieces))


async def test_that_close_sends_what_is_still_waiting_to_be_cut(tws: SimTws, client: Client) -> None:
    await started(client)
    tws.faults.cut = Cut.BYTES
    tws.notify(1300, "TWS socket port has been reset and this connection is being dropped.")
    tws.close_all()
    received = await client.receive_until("")
    assert received[-2][3] == "1300"


# TWS's messages about itself and the login.


async def test_that_notices_can_come_with_the_greeting_and_the_farms_be_left_out(
    tws: SimTws, client: Client
) -> None:
    tws.faults.greetings.append((2110, "Connectivity between TWS and server is broken."))
    tws.faults.farms_ok = False
    await started(client)
    received = await asked(client)
    assert [fields[3] for fields in received if fields[0] == "4"] == ["2110"]


async def test_that_tws_can_give_a_reason_why_it_hangs_up(tws: SimTws, client: Client) -> None:
    tws.faults.hangs_up, tws.faults.parting = HangUp.AFTER_START, (10141, "Accept the disclaimer.")
    client.send(GREETING + frame(b"v157..176"))
    await client.receive()
    client.send(message(71, 2, 5, ""))
    assert (await client.receive())[:5] == ["4", "2", "-1", "10141", "Accept the disclaimer."]
    assert await client.receive() == []


async def test_that_read_only_api_comes_in_any_language(tws: SimTws, client: Client) -> None:
    tws.faults.read_only, tws.faults.read_only_text = True, "salt okunur: \u00fc"
    tws.faults.read_only_refuses.add(16)
    await started(client)
    received = await asked(client, message(16, 1))
    assert ["4", "2", "-1", "321", r"salt okunur: \u00fc"] in [fields[:5] for fields in received]


async def test_that_its_clock_can_be_wrong(tws: SimTws, client: Client, market: Market) -> None:
    tws.faults.clock_ahead_s = 73
    await started(client)
    reported = (await asked(client))[-1]
    assert abs(int(reported[2]) - market.clock().timestamp() - 73) <= 1
