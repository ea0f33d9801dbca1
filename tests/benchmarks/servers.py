"""Both TWS and HAMMER in a process of their own, as on a trader's computer, and the line that controls
them: ``python -m tests.benchmarks.servers SYMBOLS POSITIONS ORDERS AHEAD``.

AHEAD is by how many seconds the clock of the market is ahead of that of the computer. Orders are a JSON
object on a line, and so are the answers. It ends when the line does.
"""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.records import OrderIds
from psf_monitor.sim.market.scenarios import GUN, PED
from psf_monitor.sim.tws.server import SimTws
from tests.benchmarks.market import (
    ACCOUNTS,
    FIRST_BID,
    ask_and_last,
    benchmark_scenario,
    bid_of,
    name_of,
    trading_clock,
    update_of,
)

_CLOCK_EVERY_S = 0.5
_SEND_BUFFER_BYTES = 64 * 1024
_LINE_LIMIT = 1 << 26
_BLAST_VARIETY = 40
_DEPTH_VARIETY = 20
_VENUES = ("NYSE", "ARCA", "NSDQ")


class _Hammer(SimHammer):
    """SimHammer that can also send faster than it could pack each frame by itself."""

    async def stream(
        self, frames: list[str], per_s: float, before: Callable[[int], None] = lambda _: None
    ) -> list[float]:
        """Send at a steady rate; when each was sent, by ``time.perf_counter``.

        ``before`` is called with the number of each frame right before it is sent.
        """
        sent = []
        began = time.perf_counter()
        for number, frame in enumerate(frames):
            ahead = began + number / per_s - time.perf_counter()
            if ahead > 0:
                await asyncio.sleep(ahead)
            before(number)
            sent.append(time.perf_counter())
            for connection in tuple(self._clients):
                await connection.send(frame)
        return sent

    async def blast(self, chunks: Iterator[bytes]) -> None:
        """Send whole packed frames as fast as they are taken."""
        transports = [connection.transport for connection in self._clients]
        for transport in transports:
            # So that the end of sending is nearly the end of what is on its way.
            raw = transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
        for chunk in chunks:
            for transport in transports:
                transport.write(chunk)
            await _until_sent(transports, _SEND_BUFFER_BYTES)
        await _until_sent(transports, 0)


async def _until_sent(transports: Sequence[asyncio.Transport], left_bytes: int) -> None:
    while any(t.get_write_buffer_size() > left_bytes for t in transports):  # noqa: ASYNC110 - no event reports it
        await asyncio.sleep(0.0002)


def packed(text: str) -> bytes:
    """An unmasked text frame of the WebSocket protocol (RFC 6455, 5.2)."""
    payload = text.encode()
    size = len(payload)
    return (bytes((0x81, size)) if size < 126 else b"\x81\x7e" + size.to_bytes(2, "big")) + payload


class Server:
    """The three gateways over one market, and the commands they are sent.

    The market's clock is ``ahead_s`` ahead of the computer's.
    """

    def __init__(self, symbols: int, positions: int, orders: int, ahead_s: float) -> None:
        self._ahead = timedelta(seconds=ahead_s)
        self.market = Market(benchmark_scenario(symbols, positions, orders), start=self._time())
        self.gun = SimTws(self.market, GUN)
        self.ped = SimTws(self.market, PED)
        self.hammer = _Hammer(self.market)
        self._symbols = symbols
        self._listed = [self.market.security(name_of(number)) for number in range(symbols)]
        self._sent = 0
        self._gone = asyncio.Event()
        self._followers: list[asyncio.Task[None]] = []
        self._followed_bytes = 0

    async def serve(self) -> None:
        async with self.gun, self.ped, self.hammer:
            control = await asyncio.start_server(self._obey, "127.0.0.1", 0, limit=_LINE_LIMIT)
            ports = {
                "gun": self.gun.port,
                "ped": self.ped.port,
                "hammer": self.hammer.port,
                "control": control.sockets[0].getsockname()[1],
            }
            sys.stdout.write(json.dumps(ports) + "\n")
            sys.stdout.flush()
            while not self._gone.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._gone.wait(), _CLOCK_EVERY_S)
                self.market.clock.advance(max((self._time() - self.market.clock()).total_seconds(), 0.0))
            control.close()

    def _time(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    async def _obey(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                order = json.loads(line)
                answer = await getattr(self, f"do_{order.pop('do')}")(**order)
                writer.write(json.dumps(answer).encode() + b"\n")
                await writer.drain()
        finally:
            writer.close()
            self._gone.set()

    @staticmethod
    def _frame(symbol: int, bid: float) -> str:
        ask, last = ask_and_last(bid)
        result = {"sym": f"S{symbol:04d}-A", "bid": bid, "ask": ask, "last": last}
        return json.dumps({"cmd": "L1Update", "result": result})

    def _move(self, symbol: int, bid: float) -> None:
        """Move the market to what the stream sends: who asks is answered the same."""
        security = self._listed[symbol]
        security.bid = bid
        security.ask, security.last = ask_and_last(bid)
        security.high, security.low = max(security.high, security.last), min(security.low, security.last)

    async def do_stream(
        self,
        count: int,
        per_s: float,
        shares: int = 0,
        levels: int = 0,
        depth_per_s: float = 0.0,
        *,
        is_scattered: bool = False,
    ) -> dict[str, Any]:
        """Steadily; ``first`` is the number of the first update, over all that were ever sent.

        Each is that of ``update_of``. Meanwhile the depth of the first ``shares`` is sent, ``levels`` prices
        a side, at a rate of its own.
        """
        first = self._sent
        self._sent += count
        updates = [
            update_of(number, self._symbols, is_scattered=is_scattered) for number in range(first, self._sent)
        ]
        prepared = [self._frame(symbol, bid) for symbol, bid in updates]
        quotes = self.hammer.stream(prepared, per_s, lambda number: self._move(*updates[number]))
        if not shares:
            return {"first": first, "sent": await quotes}
        frames = [self._depth_frame(n % shares, n // shares, levels) for n in range(shares * _DEPTH_VARIETY)]
        depth = [frames[n % len(frames)] for n in range(round(count / per_s * depth_per_s))]
        sent, _depth_sent = await asyncio.gather(quotes, self.hammer.stream(depth, depth_per_s))
        return {"first": first, "sent": sent}

    @staticmethod
    def _depth_frame(symbol: int, k: int, levels: int) -> str:
        """Both sides of a share's depth around the bid of its first update, with other sizes each time."""
        bid, ask = FIRST_BID, round(FIRST_BID + 0.02, 2)
        sides = {
            name: [
                {
                    "MMID": _VENUES[n % 3],
                    "price": round(best + sign * n / 100, 2),
                    "size": 100 * (n + k % 7 + 1),
                }
                for n in range(levels)
            ]
            for name, best, sign in (("bids", bid, -1), ("asks", ask, 1))
        }
        return json.dumps({"cmd": "L2Update", "result": {"sym": f"S{symbol:04d}-A", **sides}})

    async def do_blast(self, seconds: float = 0.0, count: int = 0) -> dict[str, Any]:
        """Flat out for so many seconds or updates; then one update of each symbol with the bid ``last``."""
        rounds = [
            b"".join(packed(self._frame(n, bid_of(k))) for n in range(self._symbols))
            for k in range(_BLAST_VARIETY)
        ]
        last = {n: round(50 + n * 0.01, 2) for n in range(self._symbols)}
        began = time.perf_counter()
        sent = 0

        def chunks() -> Iterator[bytes]:
            nonlocal sent
            while (seconds and time.perf_counter() - began < seconds) or sent < count:
                yield rounds[sent // self._symbols % _BLAST_VARIETY]
                sent += self._symbols
            for symbol, bid in last.items():
                self._move(symbol, bid)
            yield b"".join(packed(self._frame(n, bid)) for n, bid in last.items())
            sent += self._symbols

        await self.hammer.blast(chunks())
        return {"began": began, "ended": time.perf_counter(), "sent": sent, "last": list(last.values())}

    async def do_await_subscriptions(self) -> dict[str, Any]:
        """Answer once every symbol is subscribed to."""
        while len(self.hammer.subscribed) < self._symbols:  # noqa: ASYNC110 - no event reports it
            await asyncio.sleep(0.02)
        return {}

    async def do_drop(self) -> dict[str, Any]:
        """Every line breaks."""
        self.hammer.close_all()
        self.gun.reset_all()
        self.ped.reset_all()
        return {}

    async def do_fills(self, count: int, per_s: float) -> dict[str, Any]:
        """Orders of another program that are placed and filled at once, at a rate."""
        for number in range(count):
            login = (GUN, PED)[number % 2]
            side = ("BUY", "SELL")[number // 2 % 2]
            name = name_of(number % self._symbols)
            order = self.market.place_order(ACCOUNTS[login], name, side, 10, 19.5, ids=OrderIds(45))
            await asyncio.sleep(0.5 / per_s)
            self.market.fill_order(order.perm_id, 10, 19.5)
            await asyncio.sleep(0.5 / per_s)
        return {"open": len(self.market.orders), "held": len(self.market.holdings)}

    async def do_ask(self, port: int, path: str, token: str, count: int, every_s: float) -> dict[str, Any]:
        """One client asks so often on one line while another reads the stream: what each answer took."""
        credentials = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n\r\n"
        frames: list[tuple[int, float]] = []

        async def follow() -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=_LINE_LIMIT)
            writer.write(f"GET /api/psfalgo/stream HTTP/1.1\r\n{credentials}".encode())
            while line := await reader.readline():
                if line.startswith(b"id: "):
                    number = int(line[4:])
                elif line.startswith(b"data: "):
                    frames.append((number, time.perf_counter()))

        following = asyncio.create_task(follow())
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=_LINE_LIMIT)
        waits_ms = []
        for _ in range(count):
            asked = time.perf_counter()
            writer.write(f"GET {path} HTTP/1.1\r\n{credentials}".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]
            await reader.readexactly(int(length))
            waits_ms.append(1000 * (time.perf_counter() - asked))
            await asyncio.sleep(every_s)
        writer.close()
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        return {"waits_ms": waits_ms, "frames": frames}

    async def do_follow(self, port: int, path: str, token: str, count: int) -> dict[str, Any]:
        """So many clients of the local API that read its stream and do nothing with it."""
        for _ in range(count):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n\r\n"
            writer.write(head.encode())
            answer = await reader.readuntil(b"\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 200"), answer
            self._followers.append(asyncio.create_task(self._follow(reader, writer)))
        return {}

    async def _follow(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while read := await reader.read(1 << 20):
                self._followed_bytes += len(read)
        finally:
            writer.close()

    async def do_unfollow(self) -> dict[str, Any]:
        """Every client leaves; how much all of them have read."""
        for follower in self._followers:
            follower.cancel()
        await asyncio.gather(*self._followers, return_exceptions=True)
        return {"bytes": self._followed_bytes}


class Remote:
    """The server as the benchmark's own process sees it."""

    def __init__(self, ports: dict[str, int]) -> None:
        self.ports = ports
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def request(self, what: str, **details: Any) -> dict[str, Any]:
        """Have it do something; its answer once that is done."""
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(
                "127.0.0.1", self.ports["control"], limit=_LINE_LIMIT
            )
        self._writer.write(json.dumps({"do": what, **details}).encode() + b"\n")
        answer: dict[str, Any] = json.loads(await self._reader.readline())
        return answer

    async def leave(self) -> None:
        """This event loop is done with it."""
        if self._writer is not None:
            self._writer.close()
            await self._writer.wait_closed()
            self._reader = self._writer = None


@contextmanager
def started(symbols: int, positions: int, orders: int) -> Iterator[Remote]:
    """A server of its own, until the block ends; its time is that of ``trading_clock``."""
    ahead_s = (trading_clock() - datetime.now(UTC)).total_seconds()
    arguments = [str(number) for number in (symbols, positions, orders, ahead_s)]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.servers", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path or "." for path in sys.path)},
    ) as process:
        assert process.stdout is not None
        try:
            yield Remote(json.loads(process.stdout.readline()))
        finally:
            process.kill()


@contextmanager
def started_apart(symbols: int, positions: int, orders: int) -> Iterator[Remote]:
    """TWS and HAMMER in a process each, so that neither waits for the other; commands go to HAMMER."""
    with started(symbols, positions, orders) as tws, started(symbols, 0, 0) as hammer:
        yield Remote({**tws.ports, "hammer": hammer.ports["hammer"], "control": hammer.ports["control"]})


if __name__ == "__main__":
    symbols, positions, orders = (int(number) for number in sys.argv[1:4])
    asyncio.run(Server(symbols, positions, orders, float(sys.argv[4])).serve())
