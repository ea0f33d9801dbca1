"""The listening socket: reachable from this computer only, and open whatever happens while accepting.

asyncio's own servers fail in two ways. They do not set TCP_NODELAY on connections of a socket that they did
not open, so that every answer after the first on one line waits for the client's delayed acknowledgement,
some 40 ms. And on Windows a client that resets its connection before it is accepted closes the socket for
good (python/cpython#93821).
"""

import asyncio
import errno
import logging
import socket
import sys
from collections.abc import Callable
from ipaddress import ip_address

from psf_monitor.api.transport.limits import ReopenTiming
from psf_monitor.connection.errors import is_exhausted

_log = logging.getLogger(__name__)

_SEND_BYTES = 64 * 1024
"""What the kernel may hold of an answer that nobody reads."""
_BACKLOG = 128
_CALLED_OFF_WITHIN_S = 0.5
_CLIENT_LEFT = frozenset(
    {
        errno.ECONNABORTED,
        errno.ECONNRESET,
        errno.EPROTO,
        errno.ETIMEDOUT,
        errno.EPERM,  # Linux: a firewall's rule.
        # Linux reports network errors of a connection before it is accepted.
        *(
            getattr(errno, name)
            for name in ("ENETDOWN", "ENETUNREACH", "EHOSTDOWN", "EHOSTUNREACH", "ENONET", "ENOPROTOOPT")
            if hasattr(errno, name)
        ),
        # Windows: the network name is gone, or failed (Wine); the connection was aborted by either side.
        64,
        59,
        1236,
        10053,
        10054,
    }
)


class _AcceptTaskFilter(logging.Filter):
    """Drops asyncio's complaint on Windows that an exception of an accept was never retrieved.

    The same error reaches whoever waits for the connection, and is reported from there.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        return "accept_coro" not in record.getMessage()


class ListenError(Exception):
    """The port could not be opened again in time; its ``str`` is the reason."""


class Listener:
    """Accepts connections at ``host`` and ``port`` and gives each a protocol of its own.

    ``report`` is called with the reason why it is not listening just now, and ``None`` once it does again.
    ``when_exhausted`` is called if the operating system has no file descriptor left for a connection.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        report: Callable[[str | None], None],
        when_exhausted: Callable[[], None] = lambda: None,
        patience: ReopenTiming | None = None,
    ) -> None:
        """Raise ``OSError`` if the port cannot be opened, ``ValueError`` for another computer's address."""
        self._socket = listen(host, port)
        self.host, self.port = self._socket.getsockname()[:2]
        self._report = report
        self._when_exhausted = when_exhausted
        self._patience = patience or ReopenTiming()

    def close(self) -> None:
        """Close the socket; accepted connections stay open."""
        self._socket.close()

    async def run(self, protocol: Callable[[], asyncio.BaseProtocol]) -> None:
        """Accept until cancelled. Raises ``ListenError`` if listening cannot continue."""
        loop = asyncio.get_running_loop()
        noise = _AcceptTaskFilter()
        logging.getLogger("asyncio").addFilter(noise)
        try:
            while True:
                try:
                    connection, _address = await loop.sock_accept(self._socket)
                except OSError as error:
                    await self._recover(error)
                else:
                    await _attach_protocol(connection, protocol)
        finally:
            self.close()
            await _accepts_ended()
            logging.getLogger("asyncio").removeFilter(noise)

    async def _recover(self, error: OSError) -> None:
        if error.errno in _CLIENT_LEFT or getattr(error, "winerror", None) in _CLIENT_LEFT:
            _log.info("a client left before it was accepted: %s", error.strerror or error)
            await asyncio.sleep(0)
        elif is_exhausted(error):
            _log.warning("the local API takes no new connection for a moment: %s", error.strerror or error)
            self._when_exhausted()
            self._report("No file is free for a new connection. It goes on once one is.")
            await asyncio.sleep(self._patience.first_s)
            self._report(None)
        else:
            await self._listen_again(error)

    async def _listen_again(self, error: OSError) -> None:
        _log.warning("the local API stopped listening: %s; it begins again", error.strerror or error)
        self.close()
        loop = asyncio.get_running_loop()
        since_s, wait_s = loop.time(), self._patience.first_s
        while True:
            try:
                self._socket = listen(self.host, self.port)
            except OSError as failure:
                reason = failure.strerror or str(failure)
                self._report(f"Port {self.port} of {self.host} cannot be opened again: {reason}.")
                if loop.time() - since_s >= self._patience.gives_up_after_s:
                    raise ListenError(reason) from failure
                await asyncio.sleep(wait_s)
                wait_s = min(2 * wait_s, self._patience.most_s)
            else:
                _log.info("the local API listens again")
                self._report(None)
                return


async def _accepts_ended() -> None:
    """Wait for the cancelled accept: on Windows its task ends a turn of the loop later."""
    accepts = [
        task
        for task in asyncio.all_tasks()
        if getattr(task.get_coro(), "__qualname__", "").endswith("accept_coro")
    ]
    if accepts:
        # Others may be listening, too: theirs go on.
        await asyncio.wait(accepts, timeout=_CALLED_OFF_WITHIN_S, return_when=asyncio.FIRST_COMPLETED)


async def _attach_protocol(connection: socket.socket, protocol: Callable[[], asyncio.BaseProtocol]) -> None:
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.get_running_loop().connect_accepted_socket(protocol, connection)
    except OSError as error:
        _log.info("a client left as it was accepted: %s", error.strerror or error)
        connection.close()
    except asyncio.CancelledError:
        connection.close()
        raise


def listen(host: str, port: int) -> socket.socket:
    """Open a listening socket that only this computer can reach. Raises ``ValueError`` for another
    address.
    """
    address = ip_address(host)
    if not address.is_loopback:
        raise ValueError(f"{host} is not an address of this computer itself")
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":
            # There, SO_REUSEADDR would let another program take the same port.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BYTES)
        listening.bind((host, port))
        listening.listen(_BACKLOG)
        listening.setblocking(False)
    except OSError:
        listening.close()
        raise
    return listening
