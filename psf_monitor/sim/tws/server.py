"""A simulated TWS: a server on 127.0.0.1 that speaks the TWS API over a simulated market.

It reads the market and never changes it: whatever would change state is refused, and remembered.
"""

import asyncio
from collections.abc import Callable, Collection
from types import TracebackType
from typing import Self

from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.records import Event, QuoteMoved, SimExecution
from psf_monitor.sim.tws.clock import TwsClock
from psf_monitor.sim.tws.faults import Faults
from psf_monitor.sim.tws.framing import Field
from psf_monitor.sim.tws.layouts import LEAST_VERSION, MOST_VERSION, commission
from psf_monitor.sim.tws.login import Login
from psf_monitor.sim.tws.request_handler import NO_REQUEST
from psf_monitor.sim.tws.session import Session

HOST = "127.0.0.1"
VERSIONS = range(LEAST_VERSION, MOST_VERSION + 1)


def _nothing_to_undo() -> None:
    """Do nothing: there is no subscription yet."""


class SimTws:
    """One login's TWS. From ``start`` to ``stop`` it serves any number of clients, one for each client id.

    ``max_version`` is the newest protocol it speaks, 157 to 178; a client gets the lower of its own newest
    and this. ``master_client_id`` gets every order live. Account values and profits that changed are
    repeated ``refresh_s`` after the market moved (a real TWS takes up to 3 minutes). It holds no task.
    """

    def __init__(
        self,
        market: Market,
        login: str,
        *,
        max_version: int = 176,
        master_client_id: int | None = None,
        refused_client_ids: Collection[int] = (),
        refresh_s: float = 2.0,
    ) -> None:
        if max_version not in VERSIONS:
            raise ValueError(f"version {max_version} is not within {LEAST_VERSION} to {MOST_VERSION}")
        if login not in market.logins:
            raise ValueError(f"no login {login!r}; there are {', '.join(market.logins)}")
        self.port = 0
        self._login = Login(
            market, market.logins[login], max_version, master_client_id, frozenset(refused_client_ids)
        )
        self._refresh_s = refresh_s
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: asyncio.Server | None = None
        self._sessions: set[Session] = set()
        self._all_gone = asyncio.Event()
        self._all_gone.set()
        self._refresh: asyncio.TimerHandle | None = None
        self._unsubscribe: Callable[[], None] = _nothing_to_undo

    @property
    def faults(self) -> Faults:
        """How it misbehaves; change it at any time."""
        return self._login.faults

    @property
    def clock(self) -> TwsClock:
        """The clock of its computer; change its zone, its name or its stamps at any time."""
        return self._login.clock

    @property
    def received(self) -> list[tuple[int, int]]:
        """(client id, request id) of every request, in the order of arrival."""
        return self._login.received

    @property
    def refused(self) -> list[tuple[int, int]]:
        """(client id, request id) of every request that would have changed something."""
        return self._login.refused

    @property
    def client_ids(self) -> frozenset[int]:
        """The clients that have started the API and are connected now."""
        return frozenset(self._login.client_ids)

    @property
    def connections(self) -> int:
        """The number of open lines, started or not."""
        return len(self._sessions)

    async def start(self, port: int = 0) -> None:
        """Listen; 0 means any free port, which ``port`` then returns. Raises ``OSError`` if it is taken."""
        self._loop = asyncio.get_running_loop()
        self._server = await self._loop.create_server(self._accept, HOST, port)
        self.port = self._server.sockets[0].getsockname()[1]
        self._unsubscribe = self._login.market.subscribe(self._on_event)

    async def stop(self) -> None:
        """Close the listener and every connection; nothing of it is then left in the loop."""
        self._unsubscribe()
        if self._refresh is not None:
            self._refresh.cancel()
            self._refresh = None
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for session in tuple(self._sessions):
            session.abort()
        await self._all_gone.wait()
        if server is not None:
            await server.wait_closed()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    def close_all(self) -> None:
        """Close every connection properly, as a TWS that is shut down does."""
        for session in tuple(self._sessions):
            session.close()

    def reset_all(self) -> None:
        """Reset every connection, as a TWS that is killed does."""
        for session in tuple(self._sessions):
            session.abort(reset=True)

    def mute(self) -> None:
        """Send nothing more while every line stays open, as a TWS that hangs."""
        self.faults.muted = True

    def unmute(self) -> None:
        """Send again; what was dropped is not sent later."""
        self.faults.muted = False

    def notify(self, code: int, text: str, of_id: int = NO_REQUEST) -> None:
        """Send every client a message 4, such as 1100 or 1102; ``of_id`` is a request's or an order's."""
        for session in tuple(self._sessions):
            session.send_error(code, text, of_id)

    def announce(self, account: str) -> None:
        """Add an account of the market to the login and report it to every client."""
        self._login.accounts = (*self._login.accounts, account)
        for session in tuple(self._sessions):
            session.announce()

    def log_in(self, login: str) -> None:
        """Put another login of the market behind the port, from the next connection on."""
        self._login.accounts = tuple(self._login.market.logins[login])

    def send_commission(self, execution: SimExecution) -> None:
        """Send every started client the cost of an execution now."""
        self.send(*commission(execution))

    def send(self, *fields: Field) -> None:
        """Send every started client any message, even an unreadable one."""
        for session in tuple(self._sessions):
            session.send(list(fields))

    def _accept(self) -> Session:
        return Session(self._login, self._on_made, self._on_lost)

    def _on_made(self, session: Session) -> None:
        self._sessions.add(session)
        self._all_gone.clear()
        if self._server is None:
            # It was accepted while the listener was being closed.
            session.abort()

    def _on_lost(self, session: Session) -> None:
        self._sessions.discard(session)
        if not self._sessions:
            self._all_gone.set()

    def _on_event(self, event: Event) -> None:
        if not isinstance(event, QuoteMoved):
            for session in tuple(self._sessions):
                session.on_event(event)
        if self._refresh is None and self._sessions and self._loop is not None:
            self._refresh = self._loop.call_later(self._refresh_s, self._send_what_changed)

    def _send_what_changed(self) -> None:
        self._refresh = None
        for session in tuple(self._sessions):
            session.refresh()
