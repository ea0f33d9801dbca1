"""How the bytes of one connection are split into TCP segments."""

import asyncio
import random

from psf_monitor.sim.tws.faults import Cut

MOST_CHUNK_BYTES = 300


class Segments:
    """Writes to one transport, in order, in pieces of the requested kind.

    One piece leaves in each turn of the loop, so that a client in the same loop reads one or two at a time.
    The sizes of chunks repeat from run to run.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._rng = random.Random(7)
        self._waiting = bytearray()
        self._cut = Cut.MESSAGES
        self._next: asyncio.Handle | None = None

    def write(self, data: bytes, cut: Cut) -> None:
        """Send ``data`` after all that is waiting; nothing leaves once the transport is closing."""
        if self._transport.is_closing():
            return
        self._cut = cut
        if cut is Cut.MESSAGES:
            self.flush()
            self._transport.write(data)
            return
        self._waiting += data
        if self._next is None:
            self._next = self._loop.call_soon(self._send_one)

    def flush(self) -> None:
        """Send all that is waiting at once."""
        waiting = bytes(self._waiting)
        self.drop()
        if waiting and not self._transport.is_closing():
            self._transport.write(waiting)

    def drop(self) -> None:
        """Drop everything waiting, including its callbacks in the loop."""
        self._waiting.clear()
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _send_one(self) -> None:
        self._next = None
        size = {
            Cut.BYTES: 1,
            Cut.CHUNKS: self._rng.randint(1, MOST_CHUNK_BYTES),
        }.get(self._cut, len(self._waiting))
        piece = bytes(self._waiting[:size])
        del self._waiting[:size]
        if not self._transport.is_closing():
            self._transport.write(piece)
        if self._waiting:
            self._next = self._loop.call_soon(self._send_one)
