"""A wire on which everything takes its time: relays between the servers of a replay and the monitor."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from msgspec.structs import replace

from psf_monitor.settings import Settings

HOST = "127.0.0.1"
TAKES_TURNS = 200
"""Of the loop."""


async def _on_the_way() -> None:
    for _ in range(TAKES_TURNS):
        await asyncio.sleep(0)


async def _carry(one: asyncio.StreamReader, other: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await one.read(65_536):
            await _on_the_way()
            other.write(data)
    await _on_the_way()
    other.close()


async def _relay(port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    far_reader, far_writer = await asyncio.open_connection(HOST, port)
    try:
        await asyncio.gather(_carry(reader, far_writer), _carry(far_reader, writer))
    finally:
        for each in (writer, far_writer):
            each.close()
        await asyncio.gather(writer.wait_closed(), far_writer.wait_closed(), return_exceptions=True)


@asynccontextmanager
async def _relay_to(port: int) -> AsyncIterator[int]:
    """The port at which that one is reached, slowly."""
    relaying: list[asyncio.Task[None]] = []

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        relaying.append(asyncio.create_task(_relay(port, reader, writer)))

    server = await asyncio.start_server(begin, HOST, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in relaying:
            task.cancel()
        await asyncio.gather(*relaying, return_exceptions=True)


@asynccontextmanager
async def slow_wire(settings: Settings) -> AsyncIterator[Settings]:
    """The same settings at the near ends of slow wires."""
    async with AsyncExitStack() as relays:
        near = {}
        for mode, profile in settings.ibkr.items():
            near[mode] = replace(profile, port=await relays.enter_async_context(_relay_to(profile.port)))
        hammer_port = await relays.enter_async_context(_relay_to(settings.hammer.port))
        yield replace(settings, ibkr=near, hammer=replace(settings.hammer, port=hammer_port))
