"""The connection to TWS: each way in which opening fails has its own problem; closing is orderly."""

import asyncio
import socket
from collections.abc import Callable
from datetime import datetime
from typing import Any

from psf_monitor.connection.errors import EXHAUSTED, is_exhausted, is_refused, name_unanswered, unreachable
from psf_monitor.connection.name_lookup import look_up
from psf_monitor.connection.status import ConnectStep, LinkError
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.account import is_simulated
from psf_monitor.domain.market_hours import clock_text
from psf_monitor.ibkr import errors, parsing
from psf_monitor.ibkr.client import ReadOnlyIB
from psf_monitor.ibkr.codes.message_codes import HOPELESS, PASSING
from psf_monitor.ibkr.executions.server_clock import ServerClock
from psf_monitor.settings import IbkrProfile

_GOODBYE_S = 1.0
_REASON_WITHIN_S = 10.0
"""Seconds before the end of the line within which a message of TWS is taken as its reason."""


class TwsConnection:
    """One TCP connection and its handshake. ``closed`` is set once it has ended, whoever ended it.

    ``received_at`` is the time of TWS's last message of any kind (UTC). ``refusal`` is what TWS said before
    it closed the line, or instead of finishing the handshake.
    """

    def __init__(
        self,
        ib: ReadOnlyIB,
        profile: IbkrProfile,
        link: Link,
        clock: Callable[[], datetime],
        handshake_s: float,
    ) -> None:
        self.closed = asyncio.Event()
        self.refusal: LinkError | None = None
        self.received_at: datetime | None = None
        self.is_asleep: Callable[[], bool] = lambda: False
        """Whether nothing ran here until now, so that data being read is from before."""
        self._messages_received = 0
        self._clock = clock
        self._reason: tuple[LinkError, float] | None = None
        self._how_it_broke = ""
        self._ib = ib
        self._profile = profile
        self._link = link
        self._handshake_s = handshake_s
        self.time_known = ServerClock(ib, clock).time_known
        self._refused = asyncio.Event()
        self._has_answered = False
        self._is_open = False
        self._is_tws = False
        ib.client.conn.opened += self._on_opened
        ib.client.conn.hasData += self._on_bytes
        ib.client.conn.disconnected += self._on_closed
        ib.client.apiError += self._on_api_error
        ib.errorEvent += self._on_message

    def _on_message(self, _request: int, _code: int, sentence: str, _contract: object) -> None:
        if is_simulated(sentence) and not self._link.status.is_simulated:
            self._link.found_simulated()

    def refuse(self, error: LinkError) -> None:
        """Record TWS's reason for refusing the connection."""
        self.refusal = error
        self._refused.set()

    def note_reason(self, code: int | None, sentence: str) -> None:
        """Record a message of TWS that may be its reason to close, or to stop in the handshake."""
        problem = errors.closed_with(code, sentence)
        error = LinkError(problem, retry=code not in HOPELESS, passes=code in PASSING)
        self._reason = error, asyncio.get_running_loop().time()
        if code in HOPELESS and not self._is_open:
            self.refuse(error)

    def loss(self) -> LinkError:
        """Return why the open line ended, as far as it was said or seen, as of the last message."""
        error = self.refusal or self._reason_before_close()
        if error is None:
            at = clock_text(self.received_at or self._clock())
            error = LinkError(errors.lost(at, self._how_it_broke), passes=True)
        error.at = error.at or self.received_at
        return error

    def loss_among(self, failures: list[Exception]) -> Exception:
        """Return the loss that ended the tasks; all requests pending on a line that closes fail with it."""
        if not all(isinstance(error, LinkError | ConnectionError) for error in failures):
            return ExceptionGroup("a part of the session failed", failures)
        named = (error for error in failures if isinstance(error, LinkError))
        return next(named, self.loss())

    def silence(self) -> LinkError:
        """Return the error for a TWS that has fallen silent on an open line."""
        at = clock_text(self.received_at or self._clock())
        return LinkError(errors.fell_silent(at), passes=True, at=self.received_at)

    def _reason_before_close(self) -> LinkError | None:
        if self._reason is None:
            return None
        error, reported_s = self._reason
        return error if asyncio.get_running_loop().time() - reported_s < _REASON_WITHIN_S else None

    async def open(self) -> tuple[str, ...]:
        """Connect and finish the handshake; return the accounts of the login. Raises ``LinkError``."""
        profile, client = self._profile, self._ib.client
        self._ib.wrapper.clientId = profile.client_id
        try:
            await look_up(profile.host, self._handshake_s)
        except TimeoutError:
            raise LinkError(name_unanswered(profile.host, self._handshake_s)) from None
        except (socket.gaierror, UnicodeError):
            raise LinkError(errors.unknown_host(profile.host)) from None
        opening = asyncio.ensure_future(
            client.connectAsync(profile.host, profile.port, profile.client_id, self._handshake_s)
        )
        try:
            await first_of(opening, self._refused, self.closed)
            if self.refusal is not None:
                raise self.refusal
            if not opening.done():
                raise self._early_end()
            opening.result()
        except TimeoutError:
            raise self._timeout() from None
        except ConnectionRefusedError:
            raise LinkError(errors.refused(profile.host, profile.port)) from None
        except (socket.gaierror, UnicodeError):
            raise LinkError(errors.unknown_host(profile.host)) from None
        except OSError as error:
            if is_exhausted(error):
                raise LinkError(EXHAUSTED, passes=True) from error
            if is_refused(error):
                raise LinkError(errors.refused(profile.host, profile.port)) from error
            raise LinkError(unreachable(profile.host, profile.port, error)) from error
        finally:
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)
        if self.closed.is_set():
            # The line ended in the turn in which the handshake finished.
            raise self._early_end()
        self._is_open = True
        self._link.pass_step(ConnectStep.SIGN_IN, f"TWS API {client.serverVersion()}")
        return parsing.account_names(client.getAccounts())

    async def close(self) -> None:
        """End the line in whatever state; when this returns, no socket is left."""
        connection = self._ib.client.conn
        was_open = connection.isConnected()
        self._ib.client.disconnect()
        if was_open:
            try:
                async with asyncio.timeout(_GOODBYE_S):
                    await self.closed.wait()
            except TimeoutError:
                # TWS does not accept our last bytes: do not wait for it.
                if connection.transport is not None:
                    connection.transport.abort()

    def _early_end(self) -> LinkError:
        reason = self._reason_before_close()
        if reason is not None:
            return reason
        if self._has_answered and not self._is_tws:
            return LinkError(errors.not_tws(self._profile.port))
        if not self._has_answered:
            return LinkError(errors.closed_without_answer(self._profile.client_id, self._profile.port))
        return LinkError(errors.closed_early(self._profile.client_id))

    def _timeout(self) -> LinkError:
        profile, waited_s = self._profile, self._handshake_s
        if self._reason is not None:
            return self._reason[0]
        if self._ib.client.conn.numMsgSent == 0:
            return LinkError(errors.tcp_timeout(profile.host, profile.port, waited_s))
        if self._has_answered and not self._is_tws:
            return LinkError(errors.not_tws(profile.port))
        return LinkError(errors.handshake_timeout(waited_s))

    def _on_opened(self) -> None:
        self._link.pass_step(ConnectStep.LINE)

    def _on_bytes(self, _data: bytes) -> None:
        # ib_insync has read the bytes first: by now it knows a version, if they held one.
        self._has_answered = True
        # Bytes that make no message, because an earlier one was broken, mean nothing.
        messages = self._ib.client._numMsgRecv
        if messages != self._messages_received:
            self._messages_received = messages
            if self.received_at is None or not self.is_asleep():
                self.received_at = self._clock()
        self._is_tws = self._is_tws or bool(self._ib.client.serverVersion())

    def _on_closed(self, message: str) -> None:
        # Empty: TWS closed it regularly. A connection reset is TWS's doing, too.
        if not any(word in message.lower() for word in ("reset", "10054", "winerror 64", "winerror 59")):
            self._how_it_broke = message
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
