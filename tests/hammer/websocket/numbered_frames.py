"""HAMMER's socket reads numbered frames on a loop that is held up: is every one there, once and in order?

``python -m tests.hammer.websocket.numbered_frames COUNT [A_SECOND [plain]]`` says so of the loop of the
window, or of asyncio's own.
"""

import asyncio
import base64
import hashlib
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from typing import Any

from PySide6.QtWidgets import QApplication

from psf_monitor.app.event_loop import WindowEventLoop
from psf_monitor.hammer.timing import DEFAULT, HammerTiming
from psf_monitor.hammer.websocket import LineEvents, open_socket
from tests.support.waiting import PATIENCE_S, PROCESS_PATIENCE_S, joined

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
DIGITS = 8
PADDING = ["x" * length for length in range(118)]
LATEST_S = 0.004
HELD_UP_S = 0.02
PAUSES_S = (0.001, 0.004, 0.02)
MOST_AT_ONCE = 5_000
SHOWN = 5


@dataclass
class Tally:
    """What came; ``wrong`` are the first places at which another number was due: (due, came)."""

    count: int
    came: int = 0
    due: int = 0
    turns: int = 0
    processor_s: float = 0.0
    took_s: float = 0.0
    wrong: list[tuple[int, int]] = field(default_factory=list)

    def read(self, frames: list[bytes]) -> None:
        self.turns += 1
        self.came += len(frames)
        for frame in frames:
            number = int(frame[:DIGITS])
            if number != self.due and len(self.wrong) < SHOWN:
                self.wrong.append((self.due, number))
            self.due = number + 1


def plain_loop() -> asyncio.AbstractEventLoop:
    """asyncio's own for this system."""
    if sys.platform == "win32":
        return _late(asyncio.ProactorEventLoop)
    return _late(asyncio.SelectorEventLoop)


def window_loop() -> asyncio.AbstractEventLoop:
    """The one of the window; a ``QApplication`` must be there."""
    return _late(WindowEventLoop)


def _late(base: Any) -> asyncio.AbstractEventLoop:
    rng = random.Random(3)

    class Late(base):  # type: ignore[misc]
        """What is to be called soon is now and then called late: the thread was taken off the processor."""

        def call_soon(self, *args: Any, **options: Any) -> asyncio.Handle:
            _hold_up(rng.random() * LATEST_S)
            handle: asyncio.Handle = super().call_soon(*args, **options)
            return handle

    loop: asyncio.AbstractEventLoop = Late()
    return loop


def _hold_up(seconds: float) -> None:
    until_s = time.perf_counter() + seconds
    while time.perf_counter() < until_s:
        pass


def read_numbered(
    loop: asyncio.AbstractEventLoop, count: int, per_s: float | None = None, timing: HammerTiming = DEFAULT
) -> Tally:
    """Read ``count`` frames on ``loop``, ``per_s`` a second or as they are taken, and close the loop."""
    asyncio.set_event_loop(loop)
    try:
        with _server(count, per_s) as port:
            return loop.run_until_complete(_read(port, count, timing))
    finally:
        loop.close()
        asyncio.set_event_loop(None)


async def _read(port: int, count: int, timing: HammerTiming) -> Tally:
    tally, over = Tally(count), asyncio.Event()

    def read(frames: list[bytes]) -> None:
        tally.read(frames)
        if tally.due >= count:
            over.set()

    socket = await open_socket("127.0.0.1", port, LineEvents(read, lambda _fault: over.set()), timing=timing)
    processor_s, began_s = time.thread_time(), time.perf_counter()
    disturbing = [asyncio.create_task(_disturb()), asyncio.create_task(_ask(socket.send))]
    async with asyncio.timeout(PROCESS_PATIENCE_S):
        await over.wait()
    tally.processor_s, tally.took_s = time.thread_time() - processor_s, time.perf_counter() - began_s
    for task in disturbing:
        task.cancel()
    socket.close()
    await socket.wait_closed()
    return tally


async def _disturb() -> None:
    """Paintings and sorting, which keep the loop from everything else."""
    rng = random.Random(5)
    while True:
        await asyncio.sleep(rng.random() * 0.1)
        _hold_up(rng.random() * HELD_UP_S)


async def _ask(send: Callable[[str, str, dict[str, Any]], None]) -> None:
    """Send a request now and then, after which reading continues at once."""
    for number in range(sys.maxsize):
        await asyncio.sleep(0.02)
        send("getSymbolSnapshot", str(number), {"sym": "CIM-B"})


@contextmanager
def _server(count: int, per_s: float | None) -> Iterator[int]:
    """The port at which a thread of its own, on asyncio's own loop, sends the frames."""
    port: Future[int] = Future()
    ends: list[Callable[[], object]] = []

    async def serve() -> None:
        over = asyncio.Event()
        ends.append(partial(asyncio.get_running_loop().call_soon_threadsafe, over.set))
        serving = asyncio.start_server(partial(_send, count, per_s), "127.0.0.1", 0)
        async with await serving as server:
            port.set_result(server.sockets[0].getsockname()[1])
            await over.wait()

    thread = threading.Thread(daemon=True, target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        yield port.result(PATIENCE_S)
    finally:
        for end in ends:
            end()
        joined(thread)


async def _send(
    count: int, per_s: float | None, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    request = await reader.readuntil(b"\r\n\r\n")
    key = next(h.split()[1] for h in request.splitlines() if h.lower().startswith(b"sec-websocket-key"))
    accept = base64.b64encode(hashlib.sha1(key + MAGIC).digest())
    head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    writer.write(head + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
    with suppress(ConnectionError):
        await _send_frames(count, per_s, writer)
        while await reader.read(65536):
            pass
    writer.close()


async def _send_frames(count: int, per_s: float | None, writer: asyncio.StreamWriter) -> None:
    loop = asyncio.get_running_loop()
    began_s, sent = loop.time(), 0
    for pause_s in cycle(PAUSES_S):
        due = count if per_s is None else int((loop.time() - began_s) * per_s)
        end = min(count, due, sent + MOST_AT_ONCE)
        writer.write(b"".join(map(_frame, range(sent, end))))
        sent = end
        if sent == count:
            return
        await writer.drain()
        await asyncio.sleep(0 if per_s is None else pause_s)


def _frame(number: int) -> bytes:
    """A short text frame as a server sends it (RFC 6455, 5.2)."""
    payload = f"{number:0{DIGITS}}{PADDING[number % len(PADDING)]}".encode()
    return b"\x81" + bytes((len(payload),)) + payload


def main() -> None:
    count = int(sys.argv[1])
    per_s = float(sys.argv[2]) if len(sys.argv) > 2 else None
    if sys.argv[3:] == ["plain"]:
        loop = plain_loop()
    else:
        application = QApplication.instance() or QApplication(sys.argv[:1])
        assert application is not None
        loop = window_loop()
    tally = read_numbered(loop, count, per_s)
    sys.stdout.write(
        f"{tally.came} frames in {tally.took_s:.1f} s, {count - tally.came} lost, wrong: {tally.wrong}, "
        f"{tally.turns} turns, processor {tally.processor_s / tally.took_s:.1%}\n"
    )


if __name__ == "__main__":
    main()
