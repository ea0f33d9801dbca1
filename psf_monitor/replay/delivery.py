"""Data on its way between a replay's server and its client, for which the replay's time waits.

However long bytes take from one end of a socket to the other (a proactor, a busy computer), the client of a
replay passes them on at the time at which they arrived, and its requests arrive at the time of asking.
"""

import time
from collections.abc import Callable

from psf_monitor.connection.wire_tap import LineTap, NoLineTap

_PING, _PONG = 9, 10
"""Opcodes of RFC 6455."""
_TURNS = 12
"""What was received is processed, and answered, within fewer turns of the loop than this."""
_PATIENCE_S, _PATIENCE_LOOKS = 5.0, 1_000
"""What has not arrived after this many seconds of the computer, and checks, is given up as lost."""


class End:
    """One end of a connection: how much it has sent and received on the open line.

    TWS's line is counted in bytes, HAMMER's in texts.
    """

    def __init__(self) -> None:
        self.is_open = False
        self.sent = 0
        self.received = 0

    def open(self) -> None:
        """Record that a line begins."""
        self.is_open, self.sent, self.received = True, 0, 0

    def close(self) -> None:
        """Record that the line has ended."""
        self.is_open = False


class ClientEnd(End):
    """The client's end, as its ``LinkTap``; ``size_of`` is the size of a text or bytes."""

    def __init__(self, size_of: Callable[[bytes], int]) -> None:
        super().__init__()
        self.size_of = size_of
        self.is_attempting = False
        self.awaits_pong = False

    def opened(self, endpoint: str, client_id: int | None = None) -> LineTap:  # noqa: ARG002
        self.is_attempting = self.awaits_pong = False
        self.open()
        return _ClientLine(self)

    def failed(self, why: str) -> None:  # noqa: ARG002
        self.is_attempting = False

    def acted(self, act: str, **facts: str | int | float) -> None:  # noqa: ARG002
        if act in ("attempt", "disconnect"):
            self.is_attempting = act == "attempt"


class _ClientLine(NoLineTap):
    """A ``LineTap``."""

    def __init__(self, end: ClientEnd) -> None:
        self._end = end
        self._is_open = True

    def received(self, data: bytes) -> None:
        self._end.received += self._end.size_of(data)

    def sent(self, data: bytes) -> None:
        self._end.sent += self._end.size_of(data)

    def control_received(self, opcode: int, data: bytes) -> None:  # noqa: ARG002
        if opcode == _PONG:
            self._end.awaits_pong = False

    def control_sent(self, opcode: int, data: bytes) -> None:  # noqa: ARG002
        if opcode == _PING:
            self._end.awaits_pong = True

    def closed(self, by: str, why: str) -> None:  # noqa: ARG002
        if self._is_open:
            self._is_open = False
            self._end.close()


def is_on_its_way(far: End, client: ClientEnd) -> bool:
    """Return whether one end has sent, begun or ended something that the other has not noticed."""
    if client.is_attempting or client.is_open != far.is_open:
        return True
    if not client.is_open:
        return False
    return client.awaits_pong or (client.sent, client.received) != (far.received, far.sent)


class IdleCheck:
    """Decides whether everything has been received and processed, so that time may advance.

    ``is_moving`` says whether something is on its way, ``mark`` how much has been sent and received so far.
    What is lost is awaited no longer than the patience, and not again before something else moves.
    """

    def __init__(
        self,
        is_moving: Callable[[], bool],
        mark: Callable[[], object],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._is_moving = is_moving
        self._mark = mark
        self._seconds = seconds
        self._lost: object = None
        self._marked: object = None
        self.begin()

    def begin(self, *, is_eventful: bool = True) -> None:
        """Record that time has advanced; if nothing happened on the way, an idle client is still idle."""
        self._looks = 0
        self._still = 0 if is_eventful else _TURNS - 1
        self._began_s = self._seconds()

    def has_arrived(self) -> bool:
        """Return whether nothing is on its way just now."""
        self._looks += 1
        if self._looks > _PATIENCE_LOOKS and self._seconds() - self._began_s > _PATIENCE_S:
            self._lost = self._mark()
        return not self._is_moving() or self._mark() == self._lost

    def look(self) -> bool:
        """Return whether nothing has moved for some turns; called once per turn of the loop."""
        before, self._marked = self._marked, self._mark()
        is_still = self.has_arrived() and self._marked == before
        self._still = self._still + 1 if is_still else 0
        return self._still >= _TURNS or self._marked == self._lost
