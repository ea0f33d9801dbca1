import asyncio
import base64
import contextlib
import hashlib
import sys
from collections.abc import AsyncIterator

import pytest
from picows import ws_connect
from websockets.asyncio.server import ServerConnection, serve

from psf_monitor.connection.visibility import Visibility
from psf_monitor.connection.wire_tap import NO_LINE_TAP, LineTap, NoLineTap, NoLinkTap
from psf_monitor.hammer.messages import COMMANDS, CommandRefusedError
from psf_monitor.hammer.timing import DEFAULT, HammerTiming
from psf_monitor.hammer.websocket import HammerSocket, LineEnd, LineEvents, open_socket
from tests.support.waiting import PATIENCE_S, until

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Line:
    """Both ends of one WebSocket, and what came out at ours."""

    def __init__(self) -> None:
        self.turns: list[list[bytes]] = []
        self.is_closed = False
        self.fault = ""
        self.sent: list[str | bytes] = []
        self._far: asyncio.Future[ServerConnection] = asyncio.get_running_loop().create_future()

    def read(self, frames: list[bytes]) -> None:
        self.turns.append(frames)

    def closed(self, end: LineEnd) -> None:
        self.is_closed, self.fault = True, end.fault

    async def serve(self, connection: ServerConnection) -> None:
        self._far.set_result(connection)
        async for message in connection:
            self.sent.append(message)

    async def far(self) -> ServerConnection:
        return await self._far

    @property
    def frames(self) -> list[bytes]:
        return [frame for turn in self.turns for frame in turn]


@contextlib.asynccontextmanager
async def opened(
    timing: HammerTiming = DEFAULT, visibility: Visibility | None = None, tap: LineTap = NO_LINE_TAP
) -> AsyncIterator[tuple[Line, HammerSocket]]:
    line = Line()
    async with serve(line.serve, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        link_tap = NoLinkTap()
        link_tap.opened = lambda *_: tap  # type: ignore[method-assign]
        socket = await open_socket(
            "127.0.0.1", port, LineEvents(line.read, line.closed), tap=link_tap, timing=timing
        )
        socket.set_visibility(visibility or Visibility())
        try:
            yield line, socket
        finally:
            socket.close()
            await socket.wait_closed()


async def test_that_frames_that_came_together_are_read_in_one_turn() -> None:
    async with opened() as (line, _):
        far = await line.far()
        for number in range(50):
            await far.send(f"{number}")
        await until(lambda: len(line.frames) == 50)
        assert line.frames == [f"{number}".encode() for number in range(50)]
        assert len(line.turns) < 25


class _Ear(NoLineTap):
    """Records what it receives."""

    def __init__(self) -> None:
        self.is_listening = True
        self.payloads: list[bytes] = []

    def received(self, data: bytes) -> None:
        self.payloads.append(data)


async def test_that_a_tap_hears_every_frame_while_it_listens() -> None:
    ear = _Ear()
    async with opened(tap=ear) as (line, _):
        far = await line.far()
        for number in range(6):
            ear.is_listening = number % 3 != 2
            await far.send(f"{number}")
            await until(lambda: len(line.frames) == number + 1)  # noqa: B023
    assert ear.payloads == [b"0", b"1", b"3", b"4"]


async def test_that_reading_goes_on_after_a_turn() -> None:
    async with opened() as (line, _):
        far = await line.far()
        for number in range(5):
            await far.send(f"{number}")
            await until(lambda: len(line.frames) == number + 1)  # noqa: B023
        assert len(line.turns) == 5


async def test_that_a_flood_is_read_without_long_rests() -> None:
    async with opened(HammerTiming(quiet_frames=1, still_many_frames=1, rest_s=3600.0)) as (line, _):
        far = await line.far()
        for number in range(3):
            await far.send("x" * 65536)
            await until(lambda: len(line.frames) == number + 1)  # noqa: B023


async def test_that_the_pause_is_shorter_with_many_quotes_than_with_few() -> None:
    async with opened(HammerTiming(quiet_frames=1, still_many_frames=1, quiet_rest_s=3600.0)) as (line, _):
        far = await line.far()
        for number in range(3):
            await far.send("quote")
            await until(lambda: len(line.frames) == number + 1)  # noqa: B023


async def test_that_behind_a_short_rest_fewer_quotes_are_many() -> None:
    timing = HammerTiming(quiet_frames=3, still_many_frames=2, rest_s=0.0, quiet_rest_s=3600.0)
    async with opened(timing) as (line, _):
        far = await line.far()
        for expected, count in ((3, 3), (5, 2), (7, 2), (8, 1)):
            far.transport.write(packed(b"q" * 126) * count)
            await until(lambda: len(line.frames) == expected)  # noqa: B023


async def test_that_while_nobody_looks_few_quotes_come_in_rarer_turns_until_somebody_does() -> None:
    visibility = Visibility()
    visibility.is_visible = lambda: False
    async with opened(HammerTiming(quiet_rest_s=0.0, unseen_rest_s=3600.0), visibility) as (line, _):
        far = await line.far()
        await far.send("seen by nobody")
        await until(lambda: len(line.turns) == 1)
        await far.send("waits")
        for _ in range(100):
            # Whoever did not rest would read it meanwhile.
            await asyncio.sleep(0)
        await far.send("waits, too")
        assert line.frames == [b"seen by nobody"]
        visibility.is_visible = lambda: True
        visibility.shown()
        await until(lambda: line.frames == [b"seen by nobody", b"waits", b"waits, too"])
        await far.send("shown")
        await until(lambda: line.frames[3:] == [b"shown"])


async def test_that_many_quotes_are_read_as_usual_while_nobody_looks() -> None:
    visibility = Visibility()
    visibility.is_visible = lambda: False
    timing = HammerTiming(
        unseen_frames=2, quiet_frames=2, still_many_frames=2, rest_s=0.0, unseen_rest_s=3600.0
    )
    async with opened(timing, visibility) as (line, _):
        far = await line.far()
        for number in range(3):
            far.transport.write(packed(b"q" * 126) * 2)
            await until(lambda: len(line.frames) == 2 * (number + 1))  # noqa: B023


def packed(payload: bytes) -> bytes:
    """A text frame of the WebSocket protocol as a server sends it (RFC 6455, 5.2)."""
    assert 126 <= len(payload) < 65536
    return b"\x81\x7e" + len(payload).to_bytes(2, "big") + payload


RESTING_FOR_EVER = HammerTiming(quiet_rest_s=3600.0, rest_s=3600.0, flood_rest_s=3600.0)


async def test_that_a_turn_takes_what_one_read_did_not() -> None:
    payloads = [b"%04d" % number * 50 for number in range(120)]
    async with opened(RESTING_FOR_EVER) as (line, _):
        far = await line.far()
        # More than is read at once, and written at once.
        far.transport.write(b"".join(map(packed, payloads)))
        await until(lambda: len(line.frames) == len(payloads))
        assert line.turns == [payloads]


async def test_that_half_a_frame_does_not_hold_back_whole_ones() -> None:
    async with opened(RESTING_FOR_EVER) as (line, _):
        far = await line.far()
        far.transport.write(packed(b"a" * 16000) + packed(b"b" * 1000)[:600])
        await until(lambda: line.frames == [b"a" * 16000])


@pytest.mark.skipif(sys.platform == "win32", reason="on a proactor reading is never paused")
async def test_that_data_that_a_paused_transport_still_delivers_is_read() -> None:
    line = Line()
    socket = HammerSocket(LineEvents(line.read, line.closed), timing=RESTING_FOR_EVER)
    async with serve(line.serve, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        transport, _ = await ws_connect(lambda: socket, f"ws://127.0.0.1:{port}/", use_aiofastnet=False)
        far = await line.far()
        await far.send("one")
        await until(lambda: line.frames == [b"one"])
        # Whoever else resumes it must not lose what comes.
        transport.underlying_transport.resume_reading()
        await far.send("two")
        await until(lambda: line.frames == [b"one", b"two"])
        socket.close()
        await socket.wait_closed()


async def test_that_an_answer_is_read_at_once() -> None:
    async with opened(RESTING_FOR_EVER) as (line, socket):
        far = await line.far()
        await far.send("hello")
        await until(lambda: line.frames == [b"hello"])
        socket.send("getSymbolSnapshot", "1", {"sym": "CIM-B"})
        await until(lambda: line.sent)
        await far.send("quotes")
        await until(lambda: line.frames == [b"hello", b"quotes"])


async def test_that_answers_that_nobody_waits_for_come_in_one_turn_with_the_next_that_somebody_does() -> None:
    async with opened(RESTING_FOR_EVER) as (line, socket):
        far = await line.far()
        for number in range(5):
            socket.send("getSymbolSnapshot", f"{number}", {"sym": "CIM-B"}, is_low_priority=True)
            await until(lambda: len(line.sent) == number + 1)  # noqa: B023
            await far.send(f"{number}")
        for _ in range(100):
            # Whoever did not rest would read them meanwhile.
            await asyncio.sleep(0)
        assert not line.turns
        socket.send("getSymbolSnapshot", "5", {"sym": "CIM-B"})
        await until(lambda: line.turns == [[b"0", b"1", b"2", b"3", b"4"]])


async def test_that_the_rest_of_a_question_at_leisure_ends_by_itself() -> None:
    async with opened(HammerTiming(quiet_rest_s=0.001)) as (line, socket):
        far = await line.far()
        socket.send("getSymbolSnapshot", "1", {"sym": "CIM-B"}, is_low_priority=True)
        await far.send("quote")
        await until(lambda: line.frames == [b"quote"])


async def test_that_no_rest_follows_one_in_which_only_answers_came() -> None:
    async with opened(RESTING_FOR_EVER) as (line, socket):
        far = await line.far()
        socket.send("getSymbolSnapshot", "1", {"sym": "CIM-B"}, is_low_priority=True)
        await until(lambda: line.sent)
        await far.send("answer")
        socket.send("getTicks", "2", {"sym": "CIM-B"})
        await until(lambda: line.turns == [[b"answer"]])
        await far.send("quote")
        await until(lambda: line.turns == [[b"answer"], [b"quote"]])


async def test_that_many_small_messages_are_a_flood_too() -> None:
    async with opened(HammerTiming(rest_s=3600.0)) as (line, _):
        far = await line.far()
        for number in range(3):
            far.transport.write(packed(b"q" * 126) * 300)
            await until(lambda: len(line.frames) == 300 * (number + 1))  # noqa: B023


async def test_that_a_fragmented_message_is_read_as_one_frame() -> None:
    async with opened() as (line, _):
        far = await line.far()
        await far.send(["one ", "mess", "age"])
        await far.send("next")
        await until(lambda: len(line.frames) == 2)
        assert line.frames == [b"one message", b"next"]


async def test_that_pings_in_the_same_read_do_not_hold_a_frame_back() -> None:
    async with opened() as (line, _):
        far = await line.far()
        pong = await far.ping()
        await far.send("quote")
        await far.ping()
        await pong
        await until(lambda: line.frames == [b"quote"])


async def test_that_data_before_the_end_of_a_line_is_read_before_the_end() -> None:
    async with opened() as (line, _):
        far = await line.far()
        await far.send("last words")
        await far.close()
        await until(lambda: line.is_closed)
        assert line.frames == [b"last words"]


async def test_that_nothing_is_reported_after_our_own_close() -> None:
    async with opened() as (line, socket):
        far = await line.far()
        await far.send("too late")
        socket.close()
        await socket.wait_closed()
        await far.wait_closed()
        assert line.frames == []
        assert not line.is_closed


async def test_that_nothing_off_the_list_can_be_sent() -> None:
    async with opened() as (line, socket):
        far = await line.far()
        for command in ("tradeCommandNew", "addAlert", "", "Connect", "getOrders"):
            with pytest.raises(CommandRefusedError):
                socket.send(command, "1", {})
        for what in ("L3", "orders", "", None, ["L2"]):
            for command in ("subscribe", "unsubscribe"):
                with pytest.raises(CommandRefusedError):
                    socket.send(command, "1", {} if what is None else {"sub": what})
        for command in sorted(COMMANDS):
            socket.send(command, "1", {"sub": "L2"} if "subscribe" in command else {})
        await until(lambda: len(line.sent) == len(COMMANDS))
        await far.close()
        assert not [sent for sent in line.sent if "tradeCommand" in str(sent)]


async def test_that_an_attempt_given_up_in_the_handshake_leaves_no_line() -> None:
    asked, given_up, hung_up = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def answer_late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        key = next(h.split()[1] for h in request.splitlines() if h.lower().startswith(b"sec-websocket-key"))
        asked.set()
        await given_up.wait()
        accept = base64.b64encode(hashlib.sha1(key + MAGIC).digest())
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        with contextlib.suppress(ConnectionError):
            await reader.read()
        hung_up.set()
        writer.close()

    line = Line()
    async with await asyncio.start_server(answer_late, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        attempt = asyncio.create_task(open_socket("127.0.0.1", port, LineEvents(line.read, line.closed)))
        await until(asked.is_set, what="the handshake")
        attempt.cancel()
        with pytest.raises(asyncio.CancelledError):
            await attempt
        given_up.set()
        async with asyncio.timeout(PATIENCE_S):
            await hung_up.wait()
    assert not line.is_closed
