"""Requests sent to HAMMER over one line that have not been answered yet."""

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from psf_monitor.hammer.messages import ProtocolError, Reply
from psf_monitor.hammer.prices.subscriptions import SNAPSHOT, SUBSCRIBE, Request
from psf_monitor.hammer.websocket import HammerSocket

PRICE_WAIT_S = 120.0
TAKES_IN_FOR_S = 3.0
"""How long to wait after a subscription before sending the next: HAMMER may be busy with it."""


class SendCommand(Protocol):
    """Send a command and wait for its answer; ``None`` if none arrives in time."""

    async def __call__(self, command: str, wait_s: float, **fields: Any) -> Reply | None: ...


class Sent(NamedTuple):
    """A pending request, and whether somebody awaits its answer.

    ``at_s`` is when it was sent, in monotonic seconds, ``sequence`` the number of the stream's last turn by
    then.
    """

    request: Request
    at_s: float
    sequence: int
    is_awaited: bool = False


class Requests:
    """Sends commands and matches answers to them by a number that HAMMER repeats.

    ``pause_s`` is the time in seconds between the answer to a subscription and the next one.
    """

    def __init__(self, elapsed_s: Callable[[], float], pause_s: float) -> None:
        self._elapsed_s = elapsed_s
        self._pause_s = pause_s
        self._rests_until = 0.0
        self._socket: HammerSocket | None = None
        self._count = 0
        self._answers: dict[str, asyncio.Future[Reply]] = {}
        self._sent: dict[str, Sent] = {}

    def open(self, socket: HammerSocket) -> None:
        """Send over this line from here on."""
        self._socket = socket

    async def send_and_wait(self, command: str, wait_s: float, fields: dict[str, Any]) -> Reply | None:
        """Send a command and wait for its answer; ``None`` if none arrives within ``wait_s`` seconds."""
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        request_id = self._send(Request(command, ()), fields, 0, is_awaited=True)
        self._answers[request_id] = answer
        try:
            async with asyncio.timeout(wait_s):
                return await answer
        except TimeoutError:
            return None
        finally:
            del self._answers[request_id]
            self._sent.pop(request_id, None)

    def send(self, request: Request, streamer: str, sequence: int, *, is_low_priority: bool = False) -> None:
        """Send a command that nobody awaits; ``sequence`` is the number of the stream's last turn.

        ``is_low_priority``: nothing on the screen depends on the answer.
        """
        self._send(request, request.fields(streamer), sequence, is_low_priority=is_low_priority)

    def answered(self, reply: Reply) -> Sent | None:
        """Return the pending request that this answers; ``None`` if there is none.

        Raises ``ProtocolError`` if it repeats the number of a request and the name of another: HAMMER repeats
        both.
        """
        sent = self._sent.get(reply.request_id)
        if sent is not None and sent.request.command != reply.command:
            kind = f"an answer to {reply.command} with the number of {sent.request.command}"
            raise ProtocolError(kind, bytes(reply.result))
        self._sent.pop(reply.request_id, None)
        if sent is not None and sent.request.command == SUBSCRIBE:
            self._rests_until = asyncio.get_running_loop().time() + self._pause_s
        answer = self._answers.get(reply.request_id)
        if answer is not None and not answer.done():
            answer.set_result(reply)
        return sent

    def overdue(self, now_s: float, wait_s: float) -> list[Request]:
        """Drop and return the requests that nobody awaits and that were not answered within ``wait_s``
        seconds.

        A late price is still useful, so a snapshot is waited for longer.
        """
        waits_s = {SNAPSHOT: PRICE_WAIT_S}
        late = [
            key
            for key, sent in self._sent.items()
            if not sent.is_awaited and now_s - sent.at_s >= waits_s.get(sent.request.command, wait_s)
        ]
        return [self._sent.pop(key).request for key in late]

    @property
    def awaits_prices(self) -> bool:
        """Return whether an answer is pending without which the quotes are incomplete."""
        return any(sent.request.is_about_prices for sent in self._sent.values())

    def is_taking_in(self, now_s: float) -> bool:
        """Return whether a subscription was sent or answered just now, so that HAMMER may still be busy with
        it.
        """
        return asyncio.get_running_loop().time() < self._rests_until or any(
            sent.request.command == SUBSCRIBE and now_s - sent.at_s < TAKES_IN_FOR_S
            for sent in self._sent.values()
        )

    def fail(self, error: Exception) -> None:
        """Raise this error for everyone who awaits an answer: the line is lost."""
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(error)

    def _send(
        self,
        request: Request,
        fields: dict[str, Any],
        sequence: int,
        *,
        is_awaited: bool = False,
        is_low_priority: bool = False,
    ) -> str:
        assert self._socket is not None, "nothing is said before the line is open"
        self._count += 1
        request_id = str(self._count)
        self._sent[request_id] = Sent(request, self._elapsed_s(), sequence, is_awaited)
        self._socket.send(request.command, request_id, fields, is_low_priority=is_low_priority)
        return request_id


def is_cancelled() -> bool:
    """Return whether the running task is being cancelled."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
