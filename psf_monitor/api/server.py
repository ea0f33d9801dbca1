"""The listening side: one loopback socket, and uvicorn on the loop that runs already."""

import asyncio
import contextlib
import logging
import socket
import sys
import time
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from psf_monitor.api.access import AccessControl
from psf_monitor.api.application import application
from psf_monitor.api.connections import Connections
from psf_monitor.api.feed import Feed
from psf_monitor.api.paths import Paths
from psf_monitor.api.source import Source
from psf_monitor.api.token_file import kept_token
from psf_monitor.settings import ApiSettings

_log = logging.getLogger(__name__)

STUCK_AFTER_S = 30.0
"""A client that takes nothing of what is sent to it for so long is cut off."""
_SEND_BYTES = 64 * 1024
"""What the kernel may hold of an answer that nobody reads."""
_CLOSE_TIMEOUT_S = 3


class LocalApi:
    """The door, from ``run`` to its cancellation; ``address`` is set while it is open.

    ``trouble`` says why it is not open though it should be: what, why and what to do. ``hide`` is told the
    token before anything else can see it. ``when_opened`` is called once it listens. ``clock``
    counts the seconds of the rate limit.
    """

    def __init__(
        self,
        source: Source,
        settings: ApiSettings,
        token_file: Path,
        *,
        hide: Callable[[str], None],
        journal_trouble: Callable[[], str | None] = lambda: None,
        when_opened: Callable[[], None] = lambda: None,
        stuck_after_s: float = STUCK_AFTER_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.address: str | None = None
        self.trouble: str | None = None
        self._source = source
        self._settings = settings
        self._token_file = token_file
        self._token: str | None = None
        self._feed: Feed | None = None
        self._hide = hide
        self._journal_trouble = journal_trouble
        self._stuck_after_s = stuck_after_s
        self._clock = clock
        self._when_opened = when_opened

    def token(self) -> str | None:
        """The secret that a program has to show; ``None`` while it is not open."""
        return self._token

    @property
    def readers(self) -> int:
        """How many programs read the stream."""
        return 0 if self._feed is None else self._feed.clients

    async def run(self) -> None:
        """Listen until cancelled. Returns at once, with its trouble, when it cannot."""
        listening = self._open()
        if listening is None:
            return
        assert self._token is not None
        host, port = listening.getsockname()[:2]
        self._feed = feed = Feed(self._source)
        paths = Paths(self._source, Connections(self._source), feed, self._journal_trouble)
        server = _Server(
            uvicorn.Config(
                AccessControl(application(paths), self._token, host, port, clock=self._clock),
                http=_protocol(self._stuck_after_s),
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=_CLOSE_TIMEOUT_S,
            )
        )
        _log.info("the local API listens at %s", self.address)
        self._when_opened()
        looking = asyncio.create_task(feed.run(), name="API feed")
        serving = asyncio.create_task(server.serve([listening]), name="API server")
        try:
            await asyncio.wait({looking, serving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.address = None
            looking.cancel()
            feed.close()
            server.finish()
            outcomes = await asyncio.gather(looking, serving, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                raise outcome

    def _open(self) -> socket.socket | None:
        try:
            self._token = kept_token(self._token_file)
        except OSError as error:
            self._fail(f"Its token cannot be kept in {self._token_file}: {error.strerror or error}.")
            return None
        self._hide(self._token)
        host, port = self._settings.host, self._settings.port
        try:
            listening = listen(host, port)
        except OSError as error:
            self._fail(
                f"Port {port} of {host} cannot be opened: {error.strerror or error}. "
                "Another program, or another psf_monitor, may have it: end that one, or choose another port."
            )
            self._token = None
            return None
        host, port = listening.getsockname()[:2]
        self.address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        return listening

    def _fail(self, why: str) -> None:
        self.trouble = f"The local API did not start. {why}"


def listen(host: str, port: int) -> socket.socket:
    """A listening socket that only this computer can reach. ``ValueError`` for any other address."""
    address = ip_address(host)
    if not address.is_loopback:
        raise ValueError(f"{host} is not an address of this computer itself")
    listening = socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET)
    try:
        if sys.platform == "win32":
            # There, SO_REUSEADDR would let another program take the same port.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BYTES)
        listening.bind((host, port))
        listening.listen()
        listening.setblocking(False)
    except OSError:
        listening.close()
        raise
    return listening


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers and its clock: the owner ends it, and idle costs nothing."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ending = asyncio.Event()

    def finish(self) -> None:
        self._ending.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def main_loop(self) -> None:
        await self._ending.wait()


def _protocol(stuck_after_s: float) -> type[asyncio.Protocol]:
    class Impatient(H11Protocol):
        """Cuts a client off that takes nothing of what waits for it."""

        _patience: asyncio.TimerHandle | None = None

        def pause_writing(self) -> None:
            super().pause_writing()
            self._patience = self.loop.call_later(stuck_after_s, self.transport.abort)

        def resume_writing(self) -> None:
            super().resume_writing()
            self._no_more()

        def connection_lost(self, exc: Exception | None) -> None:
            self._no_more()
            super().connection_lost(exc)

        def _no_more(self) -> None:
            if self._patience is not None:
                self._patience.cancel()
                self._patience = None

    return Impatient
