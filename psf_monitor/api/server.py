"""The server: one loopback socket, and uvicorn on the running event loop."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import uvicorn

from psf_monitor.api.application import application
from psf_monitor.api.change_feed import ChangeFeed
from psf_monitor.api.connections import Connections
from psf_monitor.api.health import ProcessHealth
from psf_monitor.api.routes import ApiRoutes
from psf_monitor.api.source import Source
from psf_monitor.api.transport.access_control import AccessControl
from psf_monitor.api.transport.connection_limit import ConnectionLimit
from psf_monitor.api.transport.limits import DEFAULT as DEFAULT_LIMITS
from psf_monitor.api.transport.limits import Limits
from psf_monitor.api.transport.listener import Listener, ListenError
from psf_monitor.api.transport.log_filter import LogFilter
from psf_monitor.api.transport.protocol import limited_protocol
from psf_monitor.api.transport.token_file import load_token
from psf_monitor.files import reason
from psf_monitor.problem import Problem
from psf_monitor.settings import ApiSettings

_log = logging.getLogger(__name__)

_CLOSE_TIMEOUT_S = 3
NOTHING_WRONG = ProcessHealth()
_NOISY = ("uvicorn.error", "psf_monitor.api.transport.listener")
"""Loggers that a client can make write line after line."""


class LocalApi:
    """The local API, from ``run`` to its cancellation; ``address`` is set while it is open.

    ``problem`` says why it is not open though it should be. ``hide`` receives the token before anything else
    can see it. ``process_health`` is what ``/health`` reports besides the links.
    """

    def __init__(
        self,
        source: Source,
        settings: ApiSettings,
        token_file: Path,
        *,
        hide: Callable[[str], None],
        process_health: ProcessHealth = NOTHING_WRONG,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self.address: str | None = None
        self.problem: Problem | None = None
        self._source = source
        self._settings = settings
        self._token_file = token_file
        self._token: str | None = None
        self._feed: ChangeFeed | None = None
        self._hide = hide
        self._process_health = process_health
        self._limits = limits
        self._when_opened: Callable[[], None] = lambda: None

    def when_opened(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` once it listens; there is one listener, the host."""
        self._when_opened = listener

    def token(self) -> str | None:
        """Return the secret that a program has to present; ``None`` while the API is not open."""
        return self._token

    @property
    def readers(self) -> int:
        """Return how many programs read the stream."""
        return 0 if self._feed is None else self._feed.clients

    async def run(self) -> None:
        """Listen until cancelled. Returns, with ``problem`` set, if it cannot listen any more."""
        connections = ConnectionLimit(self._limits.most_connections)
        listener = self._open(connections)
        if listener is None:
            return
        assert self._token is not None
        self._feed = feed = ChangeFeed(self._source, self._limits)
        routes = ApiRoutes(self._source, Connections(self._source), feed, self._process_health)
        access = AccessControl(
            application(routes),
            self._token,
            listener.host,
            listener.port,
            limits=self._limits,
            let_in=connections.recognise,
        )
        server = _Server(_configured(access, self._limits, connections), listener)
        self._on_listening(None, listener)
        _log.info("the local API listens at %s", self.address)
        self._when_opened()
        looking = asyncio.create_task(feed.run(), name="API feed")
        serving = asyncio.create_task(server.serve(), name="API server")
        with LogFilter().on(_NOISY):
            try:
                await asyncio.wait({looking, serving}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                self.address = None
                looking.cancel()
                feed.close()
                routes.close()
                server.finish()
                outcomes = await asyncio.gather(looking, serving, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, ListenError):
                self.problem = _stopped(f"Its port cannot be opened again: {outcome}.")
                self._token = None
            elif isinstance(outcome, Exception):
                raise outcome

    def _open(self, connections: ConnectionLimit) -> Listener | None:
        try:
            self._token = load_token(self._token_file)
        except OSError as error:
            self._fail(f"Its token cannot be kept in {self._token_file}: {reason(error)}.")
            return None
        self._hide(self._token)
        host, port = self._settings.host, self._settings.port
        try:
            listener = Listener(
                host,
                port,
                report=lambda why: self._on_listening(why, listener),
                when_exhausted=connections.drop_oldest_stranger,
                patience=self._limits.listening,
            )
        except OSError as error:
            self._fail(
                f"Port {port} of {host} cannot be opened: {error.strerror or error}.",
                "Another program, or another psf_monitor, may have it: end that one, or choose another port.",
            )
            self._token = None
            return None
        return listener

    def _on_listening(self, why: str | None, listener: Listener) -> None:
        """Record whether it is listening now, and why not."""
        if why is not None:
            self.address, self.problem = None, _stopped(why)
            return
        host, port = listener.host, listener.port
        self.address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        self.problem = None

    def _fail(self, why: str, to_do: str = "") -> None:
        self.problem = Problem("The local API did not start.", why, to_do)


def _configured(access: AccessControl, limits: Limits, connections: ConnectionLimit) -> uvicorn.Config:
    """Return uvicorn's configuration: HTTP within the limits, and nothing that it does by itself."""
    return uvicorn.Config(
        access,
        http=limited_protocol(limits, connections),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_CLOSE_TIMEOUT_S,
    )


def _stopped(why: str) -> Problem:
    reading = "Programs that are connected go on reading."
    return Problem("The local API takes no new connection.", f"{why} {reading}")


class _Server(uvicorn.Server):
    """uvicorn without its sockets, signal handlers and clock: the owner ends it, and idling costs nothing."""

    def __init__(self, config: uvicorn.Config, listener: Listener) -> None:
        super().__init__(config)
        self._listener = listener
        self._ending = asyncio.Event()

    def finish(self) -> None:
        self._ending.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002
        await self.lifespan.startup()
        self.servers = []
        self.started = True

    async def main_loop(self) -> None:
        accepting = asyncio.create_task(self._listener.run(self._protocol), name="API listener")
        ending = asyncio.create_task(self._ending.wait(), name="API end")
        try:
            await asyncio.wait({accepting, ending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ending.cancel()
            accepting.cancel()
            self._listening = (await asyncio.gather(accepting, ending, return_exceptions=True))[0]

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)
        if isinstance(self._listening, Exception):
            raise self._listening

    def _protocol(self) -> asyncio.Protocol:
        return self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
            _loop=asyncio.get_running_loop(),
        )
