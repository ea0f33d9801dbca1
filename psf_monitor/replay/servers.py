"""The servers of a replay on loopback ports: only sockets, without any protocol."""

import asyncio
import struct
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from psf_monitor.recording.messages import TwsFrames
from psf_monitor.replay.delivery import End

HOST = "127.0.0.1"
MOST_WAITING_BYTES = 1_000_000
"""With more than this unread by the client, the replay's time waits for it."""


class _Server(ABC):
    """A port that accepts a client while ``is_up``; ``on_request`` gets its requests."""

    def __init__(self, on_request: Callable[[bytes], None]) -> None:
        self.port = 0
        self.end = End()
        self.clients = 0
        """How many clients have connected so far."""
        self._on_request = on_request
        self._server: asyncio.Server | Server | None = None
        self._is_up = False

    @property
    def is_connected(self) -> bool:
        return self.end.is_open

    def let_in(self, is_up: bool) -> None:
        """Set whether somebody answers at the port."""
        self._is_up = is_up

    async def stop(self) -> None:
        self.close()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    @abstractmethod
    def close(self) -> None:
        """Close the connection properly."""


class TwsServer(_Server):
    """Listens while ``is_up``; the newest connection is the client. ``on_request`` gets its requests."""

    def __init__(self, on_request: Callable[[bytes], None]) -> None:
        super().__init__(on_request)
        self._client: asyncio.Transport | None = None

    async def start(self, port: int = 0) -> None:
        """Bind a port and keep it."""
        self._server = await asyncio.get_running_loop().create_server(
            self._protocol, HOST, port, start_serving=True
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def send(self, data: bytes) -> None:
        if self._client is not None and not self._client.is_closing():
            self._client.write(data)
            self.end.sent += len(data)

    def close(self) -> None:
        """Close the connection properly."""
        if self._client is not None:
            self._client.close()
            self._client = None
        self.end.close()

    @property
    def waiting_bytes(self) -> int:
        return 0 if self._client is None else self._client.get_write_buffer_size()

    def _protocol(self) -> "_TwsProtocol":
        return _TwsProtocol(self)

    def made(self, transport: asyncio.Transport) -> None:
        if not self._is_up:
            transport.abort()
            return
        self._client = transport
        self.clients += 1
        self.end.open()

    def lost(self, transport: asyncio.Transport | None) -> None:
        if transport is self._client:
            self._client = None
            self.end.close()

    def receive(self, transport: asyncio.Transport | None, data: bytes, payloads: Iterable[bytes]) -> None:
        """Receive bytes, and the requests that end in them."""
        for payload in payloads:
            if transport is self._client:
                self._on_request(payload)
        if transport is self._client:
            self.end.received += len(data)


class _TwsProtocol(asyncio.Protocol):
    def __init__(self, server: TwsServer) -> None:
        self._server = server
        self._frames = TwsFrames()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._server.made(transport)

    def data_received(self, data: bytes) -> None:
        self._server.receive(self._transport, data, self._frames.feed(data))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._server.lost(self._transport)


class HammerServer(_Server):
    """The same for HAMMER, in WebSocket texts."""

    def __init__(self, on_request: Callable[[bytes], None]) -> None:
        super().__init__(on_request)
        self._client: ServerConnection | None = None
        self._out: list[bytes] = []

    async def start(self, port: int = 0) -> None:
        """Bind a port and keep it."""
        self._server = await serve(
            self._serve, HOST, port, ping_interval=None, close_timeout=1.0, process_request=self._greet
        )
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    def send(self, text: bytes) -> None:
        self._out.append(_frame_of(text))

    def flush(self) -> None:
        """Send at once what was written since the last time."""
        if self._out:
            texts, self._out = self._out, []
            transport = None if self._client is None else self._client.transport
            if transport is not None and not transport.is_closing():
                transport.write(b"".join(texts))
                self.end.sent += len(texts)

    def close(self) -> None:
        """Close the connection properly."""
        self.flush()
        if self._client is not None:
            transport: Any = self._client.transport
            transport.close()
            self._client = None
        self.end.close()

    @property
    def waiting_bytes(self) -> int:
        if self._client is None:
            return 0
        size: int = self._client.transport.get_write_buffer_size()
        return size

    def _greet(self, connection: ServerConnection, _request: Any) -> None:
        if not self._is_up:
            connection.transport.abort()

    async def _serve(self, connection: ServerConnection) -> None:
        self._client = connection
        self.clients += 1
        self.end.open()
        try:
            async for text in connection:
                if connection is self._client:
                    self._on_request(text if isinstance(text, bytes) else text.encode())
                    self.flush()
                    self.end.received += 1
        except ConnectionClosed:
            return
        finally:
            if connection is self._client:
                self._client = None
                self.end.close()


def _frame_of(text: bytes) -> bytes:
    """Return a text as a server sends it (RFC 6455): whole, unmasked."""
    size = len(text)
    if size < 126:
        return bytes((0x81, size)) + text
    if size < 65_536:
        return b"\x81\x7e" + struct.pack(">H", size) + text
    return b"\x81\x7f" + struct.pack(">Q", size) + text
