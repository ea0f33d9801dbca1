"""A proxy between the product and a server that does to what passes what faulty lines do, by a seed.

A byte that becomes another digit would be believed, as on any line without checksums: TCP's own keep those
away. So what is spoilt here is spoilt beyond reading, by bytes that stand in no number.
"""

import asyncio
import random
from collections import Counter
from enum import Enum, auto
from types import TracebackType
from typing import Self

_CHUNK = 4096
_LONGEST_DELAY_S = 0.05


class Action(Enum):
    """What can happen to a chunk of bytes."""

    NOTHING = auto()
    DELAY = auto()
    CUT = auto()
    """The line ends in the middle of it."""
    HALVE = auto()
    """It comes in two parts with a pause between them."""
    DUPLICATE = auto()
    SPOIL = auto()


class FaultyProxy:
    """Listens on ``port`` and passes everything on to ``target``; badly, while ``is_bad``.

    ``actions`` counts what it did. Only what comes from the server is touched.
    """

    def __init__(
        self, target: int, rng: random.Random, actions: Counter[Action], weights: dict[Action, float]
    ) -> None:
        self.is_bad = False
        self.port = 0
        self._target = target
        self._rng = rng
        self._actions = actions
        self._weights = weights
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for line in tuple(self._lines):
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, near_reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._lines.add(task)
        writers = [near]
        try:
            far_reader, far = await asyncio.open_connection("127.0.0.1", self._target)
            writers.append(far)
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pass(near_reader, far))
                both.create_task(self._pass_badly(far_reader, near))
        except* (OSError, EOFError):
            pass
        finally:
            self._lines.discard(task)
            for writer in writers:
                writer.transport.abort()

    @staticmethod
    async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
        raise EOFError

    async def _pass_badly(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(_CHUNK):
            action = self._choose() if self.is_bad else Action.NOTHING
            self._actions[action] += 1
            half = self._rng.randrange(len(data)) if action is not Action.NOTHING else 0
            match action:
                case Action.DELAY:
                    await asyncio.sleep(self._rng.uniform(0, _LONGEST_DELAY_S))
                case Action.CUT:
                    writer.write(data[:half])
                    await writer.drain()
                    raise EOFError
                case Action.HALVE:
                    writer.write(data[:half])
                    await asyncio.sleep(self._rng.uniform(0, _LONGEST_DELAY_S))
                    data = data[half:]
                case Action.DUPLICATE:
                    writer.write(data)
                case Action.SPOIL:
                    data = self._spoilt(data)
            writer.write(data)
            await writer.drain()
        raise EOFError

    def _choose(self) -> Action:
        return self._rng.choices(list(self._weights), list(self._weights.values()))[0]

    def _spoilt(self, data: bytes) -> bytes:
        spoilt = bytearray(data)
        for _ in range(self._rng.randint(1, 4)):
            spoilt[self._rng.randrange(len(spoilt))] |= 0x80
        return bytes(spoilt)
