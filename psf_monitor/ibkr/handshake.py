"""The line to TWS: opened with every way to fail told apart, closed in good order."""

import asyncio
import socket
from typing import Any

from psf_monitor.connection.status import ConnectStep, LinkError
from psf_monitor.connection.supervisor import EXHAUSTED, Link, is_exhausted
from psf_monitor.ibkr import errors
from psf_monitor.ibkr.client import ReadOnlyIB
from psf_monitor.problem import Problem
from psf_monitor.settings import IbkrProfile

_GOODBYE_S = 1.0


class TwsConnection:
    """One TCP connection and its handshake. ``closed`` is set once it has ended, whoever ended it.

    ``refusal`` is what TWS said before it closed the line or instead of finishing the handshake.
    """

    def __init__(self, ib: ReadOnlyIB, profile: IbkrProfile, link: Link, handshake_s: float) -> None:
        self.closed = asyncio.Event()
        self.refusal: LinkError | None = None
        self._ib = ib
        self._profile = profile
        self._link = link
        self._handshake_s = handshake_s
        self._refused = asyncio.Event()
        self._has_answered = False
        self._is_tws = False
        ib.client.conn.opened += self._on_opened
        ib.client.conn.hasData += self._on_bytes
        ib.client.conn.disconnected += self._on_closed
        ib.client.apiError += self._on_api_error

    def refuse(self, error: LinkError) -> None:
        """Told by whoever heard TWS say why it will not have us."""
        self.refusal = error
        self._refused.set()

    async def open(self) -> tuple[str, ...]:
        """Connect and finish the handshake; the accounts that the login names. Raises ``LinkError``."""
        profile, client = self._profile, self._ib.client
        self._ib.wrapper.clientId = profile.client_id
        opening = asyncio.ensure_future(
            client.connectAsync(profile.host, profile.port, profile.client_id, self._handshake_s)
        )
        try:
            await first_of(opening, self._refused, self.closed)
            if self.refusal is not None:
                raise self.refusal
            if not opening.done():
                if self._has_answered and not self._is_tws:
                    raise LinkError(errors.not_tws(profile.port))
                raise LinkError(errors.closed_early(profile.client_id))
            opening.result()
            if self.closed.is_set():
                # It ended in the same breath as the handshake.
                raise LinkError(errors.closed_early(profile.client_id))
        except TimeoutError:
            raise LinkError(self._timeout_problem()) from None
        except ConnectionRefusedError:
            raise LinkError(errors.refused(profile.host, profile.port)) from None
        except (socket.gaierror, UnicodeError):
            raise LinkError(errors.unknown_host(profile.host)) from None
        except OSError as error:
            if is_exhausted(error):
                raise LinkError(EXHAUSTED) from error
            reason = error.strerror or str(error)
            raise LinkError(errors.unreachable(profile.host, profile.port, reason)) from error
        finally:
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)
        self._link.pass_step(ConnectStep.SIGN_IN, f"TWS API {client.serverVersion()}")
        return tuple(client.getAccounts())

    async def close(self) -> None:
        """End the line, wherever it stands; when this returns, no socket is left."""
        connection = self._ib.client.conn
        was_open = connection.isConnected()
        self._ib.client.disconnect()
        if was_open:
            try:
                async with asyncio.timeout(_GOODBYE_S):
                    await self.closed.wait()
            except TimeoutError:
                # TWS does not take our last bytes: do not wait for it.
                if connection.transport is not None:
                    connection.transport.abort()

    def _timeout_problem(self) -> Problem:
        profile, waited_s = self._profile, self._handshake_s
        if self._ib.client.conn.numMsgSent == 0:
            return errors.tcp_timeout(profile.host, profile.port, waited_s)
        if self._has_answered and not self._is_tws:
            return errors.not_tws(profile.port)
        return errors.handshake_timeout(waited_s)

    def _on_opened(self) -> None:
        self._link.pass_step(ConnectStep.LINE)

    def _on_bytes(self, _data: bytes) -> None:
        # ib_insync has read the bytes before us: by now it knows a version, if they told one.
        self._has_answered = True
        self._is_tws = self._is_tws or bool(self._ib.client.serverVersion())

    def _on_closed(self, _message: str) -> None:
        self.closed.set()

    def _on_api_error(self, message: str) -> None:
        if message.startswith("TWS/gateway version"):
            self.refuse(LinkError(errors.too_old(), retry=False))


async def first_of(future: asyncio.Future[Any], *events: asyncio.Event) -> None:
    """Wait until the future is done or one of the events is set."""
    waiting = {asyncio.ensure_future(event.wait()) for event in events}
    try:
        await asyncio.wait({future, *waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
