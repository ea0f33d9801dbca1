"""Interfaces that listen in on a connection: every byte in both directions, and what was requested.

A tap only receives: the traffic is the same with and without one.
"""

from typing import Protocol


class LineTap(Protocol):
    """Receives the traffic of one line, from beginning to end."""

    @property
    def is_listening(self) -> bool:
        """Return whether ``received`` does anything now; a source of thousands a second may check it
        first.
        """

    def received(self, data: bytes) -> None:
        """Receive data. Of TWS: bytes as the socket delivered them. Of HAMMER: one WebSocket text."""

    def sent(self, data: bytes) -> None:
        """Receive one whole request as it is sent."""

    def control_received(self, opcode: int, data: bytes) -> None:
        """Receive a WebSocket control frame that was received (RFC 6455)."""

    def control_sent(self, opcode: int, data: bytes) -> None:
        """Receive a WebSocket control frame that was sent (RFC 6455)."""

    def closed(self, by: str, why: str) -> None:
        """Record that the line has ended, by ``us`` or the ``far side``. Only the first call counts."""


class LinkTap(Protocol):
    """Receives one connection: its lines, its failed attempts, and the trader's actions."""

    def opened(self, endpoint: str, client_id: int | None = None) -> LineTap:
        """Return the tap of a line that has just been opened."""

    def failed(self, why: str) -> None:
        """Record that an attempt, or a connection, failed; ``why`` is the text of its problem."""

    def acted(self, act: str, **facts: str | int | float) -> None:
        """Record an action of the trader or the reconnect loop."""


class NoLineTap:
    """Ignores what it receives."""

    is_listening = True

    def received(self, data: bytes) -> None: ...
    def sent(self, data: bytes) -> None: ...
    def control_received(self, opcode: int, data: bytes) -> None: ...
    def control_sent(self, opcode: int, data: bytes) -> None: ...
    def closed(self, by: str, why: str) -> None: ...


class NoLinkTap:
    """Ignores everything."""

    def opened(self, endpoint: str, client_id: int | None = None) -> LineTap:  # noqa: ARG002
        return NO_LINE_TAP

    def failed(self, why: str) -> None: ...
    def acted(self, act: str, **facts: str | int | float) -> None: ...


class BothTaps:
    """A ``LineTap`` that forwards everything to two others."""

    def __init__(self, first: LineTap, second: LineTap) -> None:
        self._taps = first, second

    @property
    def is_listening(self) -> bool:
        return any(tap.is_listening for tap in self._taps)

    def received(self, data: bytes) -> None:
        for tap in self._taps:
            tap.received(data)

    def sent(self, data: bytes) -> None:
        for tap in self._taps:
            tap.sent(data)

    def control_received(self, opcode: int, data: bytes) -> None:
        for tap in self._taps:
            tap.control_received(opcode, data)

    def control_sent(self, opcode: int, data: bytes) -> None:
        for tap in self._taps:
            tap.control_sent(opcode, data)

    def closed(self, by: str, why: str) -> None:
        for tap in self._taps:
            tap.closed(by, why)


class _IdleLineTap(NoLineTap):
    is_listening = False


NO_LINE_TAP: LineTap = _IdleLineTap()
NO_TAP: LinkTap = NoLinkTap()
BY_US, BY_FAR_SIDE = "us", "far side"
