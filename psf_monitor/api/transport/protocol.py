"""HTTP/1.1 on one connection: uvicorn's protocol with limits on time and numbers."""

import asyncio
from http import HTTPStatus

import h11
import msgspec
from uvicorn.protocols.http.h11_impl import H11Protocol

from psf_monitor.api.errors import ProblemAnswer, ProblemBody
from psf_monitor.api.transport.connection_limit import ConnectionLimit
from psf_monitor.api.transport.limits import Limits
from psf_monitor.problem import Problem


def limited_protocol(limits: Limits, connections: ConnectionLimit) -> type[asyncio.Protocol]:
    """Return the protocol class, as uvicorn expects it, bound to these limits."""

    class LimitedProtocol(H11Protocol):
        """Closes a connection that sends too slowly, and aborts one that does not read."""

        _headers_due: asyncio.TimerHandle | None = None
        _reading_due: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            if self.client is None or not connections.admit(self.client, transport.abort):
                transport.write(_NO_ROOM)
                transport.close()
                return
            self._watch_headers()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._watch_headers()

        def pause_writing(self) -> None:
            super().pause_writing()
            self._reading_due = self.loop.call_later(limits.stuck_after_s, self.transport.abort)

        def resume_writing(self) -> None:
            super().resume_writing()
            self._reading_due = _stopped(self._reading_due)

        def connection_lost(self, exc: Exception | None) -> None:
            connections.leave(self.client)
            self._headers_due = _stopped(self._headers_due)
            self._reading_due = _stopped(self._reading_due)
            super().connection_lost(exc)

        def send_400_response(self, msg: str) -> None:  # noqa: ARG002
            """Answer that what arrived is not HTTP, unless another answer is already being sent."""
            if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
                self.transport.write(_NO_HTTP)
            self.transport.close()

        def _watch_headers(self) -> None:
            """Limit the time from a request's first byte, or the connection's opening, to the end of its
            headers.
            """
            if self.conn.their_state is not h11.IDLE:
                self._headers_due = _stopped(self._headers_due)
            elif self._headers_due is None:
                self._headers_due = self.loop.call_later(limits.headers_within_s, self._give_up_headers)

        def _give_up_headers(self) -> None:
            """Answer a client that has begun a request; one that has sent nothing gets no answer."""
            if not self.conn.trailing_data[0]:
                self.transport.abort()
                return
            self.transport.write(_TOO_SLOW)
            self.transport.close()

    return LimitedProtocol


def _stopped(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    if timer is not None:
        timer.cancel()
    return None


def _answer(status: HTTPStatus, problem: Problem) -> bytes:
    body = msgspec.json.encode(ProblemBody.of(status, problem))
    head = f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: {ProblemAnswer.media_type}\r\n"
    head += "cache-control: no-store\r\nx-content-type-options: nosniff\r\n"
    return f"{head}content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body


_NO_HTTP = _answer(
    HTTPStatus.BAD_REQUEST,
    Problem(
        "This is no HTTP/1.1 request.",
        "Its first line, its headers or the pieces of its body are not written as HTTP/1.1 wants them.",
        "Ask by plain http://, with a space in a name as %20.",
    ),
)
_TOO_SLOW = _answer(
    HTTPStatus.REQUEST_TIMEOUT,
    Problem(
        "The request did not come to its end.",
        "Its first line and its headers were not complete in time.",
        "Send it again, with an empty line after the headers.",
    ),
)
_NO_ROOM = _answer(
    HTTPStatus.SERVICE_UNAVAILABLE,
    Problem(
        "There are too many connections.",
        "So many programs that have the token are connected already.",
        "End one of them, or keep one connection for several requests.",
    ),
)
