"""Find a computer by its name, without holding up whoever no longer waits for it."""

import asyncio
import contextlib
import ipaddress
import socket
import threading


async def look_up(host: str, seconds: float) -> list[str]:
    """Return the addresses of ``host``.

    asyncio's own look-up keeps a thread that a program waits for at its end, however long the network does
    not answer. Raises ``TimeoutError`` after ``seconds``, and ``socket.gaierror`` or ``UnicodeError`` for a
    name that is unknown or none.
    """
    with contextlib.suppress(ValueError):
        return [str(ipaddress.ip_address(host))]
    loop = asyncio.get_running_loop()
    found: asyncio.Future[list[str]] = loop.create_future()

    def end(answer: list[str] | Exception) -> None:
        if found.done():
            return
        if isinstance(answer, Exception):
            found.set_exception(answer)
        else:
            found.set_result(answer)

    def look_up() -> None:
        answer: list[str] | Exception
        try:
            entries = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)
            answer = list(dict.fromkeys(str(entry[4][0]) for entry in entries))
        except (OSError, UnicodeError) as error:
            answer = error
        # The loop may have ended meanwhile.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(end, answer)

    threading.Thread(target=look_up, name="name look-up", daemon=True).start()
    async with asyncio.timeout(seconds):
        return await found
