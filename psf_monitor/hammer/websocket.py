"""The WebSocket to Hammer Pro: opened, read in frames, closed. Frames are not interpreted here.

Quotes are read in turns: after a turn comes a rest in which quotes collect, then all that arrived is handed
over. A quote that arrives while nothing was going on is taken at once, and so is the answer to a request. A
few quotes are not worth a turn; the more quotes arrive, the shorter the rest. Most turns are followed by a
repaint, so turns shorter than a repaint pay off only in a flood, before the buffer is full. While nobody is
looking, turns with few quotes are rarer still. After a rest in which nothing came but answers that nobody
waited for, no other is worth its wake-up.

On a selector loop the kernel collects, while the transport does not read; at the end of a rest everything
there is taken, once more if reading let the server send what it had held back. A proactor's transport must
never be paused: pausing between the two callbacks of its ``resume_reading`` drops the bytes of one read
(asyncio; under qasync other events come between the two). There reading continues, which costs one completion
per buffer and no notifier, and the frames collect here.
"""

import asyncio
import contextlib
import selectors
import socket as sockets
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from picows import (
    WSCloseCode,
    WSError,
    WSFrame,
    WSInvalidStatusError,
    WSInvalidURL,
    WSListener,
    WSMsgType,
    WSTransport,
    ws_connect,
)

from psf_monitor.connection.errors import EXHAUSTED, is_exhausted, is_refused, name_unanswered, unreachable
from psf_monitor.connection.name_lookup import look_up
from psf_monitor.connection.status import LinkError
from psf_monitor.connection.visibility import Visibility
from psf_monitor.connection.wire_tap import BY_FAR_SIDE, BY_US, NO_LINE_TAP, NO_TAP, LineTap, LinkTap
from psf_monitor.hammer import errors
from psf_monitor.hammer.messages import encode
from psf_monitor.hammer.timing import DEFAULT, HammerTiming
from psf_monitor.problem import one_line

_RECEIVE_BYTES = 256 * 1024
"""What the kernel may hold for us; it counts a small message in its own packet as many times its size."""
_FLOOD_BYTES = 64 * 1024
_FLOOD_FRAMES = 256
"""A turn with this many frames came from a kernel buffer that was nearly full."""
_LARGEST_FRAME = 256 * 1024 * 1024
"""An account's list of transactions is one frame, with some 500 bytes for each."""
_CONNECTING = 1.1
"""How many times as long as its handshake opening the line may take: one that is given up before picows
ends it is logged as an error then, from Python 3.14 on.
"""
_DATA = (WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.CONTINUATION)
_FAULTS = (WSCloseCode.PROTOCOL_ERROR, WSCloseCode.INVALID_TEXT, WSCloseCode.MESSAGE_TOO_BIG)
"""With these picows closes a line on which no WebSocket message came."""
_OBJECT = b"{"
"""No control frame begins with this: picows answers pings itself, a pong repeats our empty ping, and a close
begins with its code. Asking for a frame's kind would take half of the time spent here on a frame. An
unsolicited pong that holds an object would be read as a message.
"""


class LineEnd(NamedTuple):
    """How a line ended.

    ``fault`` is what of the far side's bytes is no WebSocket message, for which the line was closed here;
    empty if it ended otherwise. ``said`` is why the far side closed it, empty if it gave no reason.
    """

    fault: str = ""
    said: str = ""


class LineEvents(NamedTuple):
    """What a line calls: with the frames of a turn, once it has closed, and at every control frame."""

    read: Callable[[list[bytes]], None]
    closed: Callable[[LineEnd], None]
    on_control: Callable[[], object] = lambda: None


class HammerSocket(WSListener):
    """One open WebSocket. ``read`` gets the text frames of each turn, ``closed`` is called once, at the end,
    ``on_control`` for every other frame, since a pong shows that the line is alive, too.

    Nothing is delivered after ``close``. ``tap`` makes the listener of the line once it is open.
    """

    def __init__(
        self,
        events: LineEvents,
        tap: Callable[[], LineTap] = lambda: NO_LINE_TAP,
        *,
        timing: HammerTiming = DEFAULT,
    ) -> None:
        self._visibility = Visibility()
        self._tap = tap
        self._line_tap = NO_LINE_TAP
        self._read, self._closed, self._on_control = events
        self._timing = timing
        self._loop = asyncio.get_running_loop()
        self._transport: WSTransport | None = None
        self._is_closed = False
        self._close_frame = b""
        self._frames: list[bytes] = []
        self._fragments: list[bytes] = []
        self._inbox = selectors.DefaultSelector()
        self._is_pausable = False
        self._is_paused = False
        self._has_many = False
        """Whether the last turn had so many frames that the rest after it was short."""
        self._ending: asyncio.Handle | None = None
        self._resting: asyncio.TimerHandle | None = None
        self._answers_due = 0
        """How many answers that nobody waits for may be in the next turn."""

    def set_visibility(self, visibility: Visibility) -> None:
        """Read in longer turns while the data is not visible, and at once when it is again."""
        self._visibility = visibility
        visibility.when_shown(self._rest_no_more)

    def send(
        self, command: str, request_id: str, fields: dict[str, Any], *, is_low_priority: bool = False
    ) -> None:
        """Send a command; there is no other way to send. Raises ``CommandRefusedError`` for one that is not
        allowed.

        ``is_low_priority``: nobody waits for the answer, which is read with whatever arrives within a rest.
        """
        frame = encode(command, request_id, fields)
        if self._transport is not None:
            self._transport.send(WSMsgType.TEXT, frame)
            self._line_tap.sent(frame)
        if is_low_priority:
            self._answers_due += 1
            self._rest()
        else:
            self._rest_no_more()

    def _rest(self) -> None:
        if self._resting is None and self._ending is None and not self._is_closed:
            if self._is_pausable:
                self._pause()
            self._resting = self._loop.call_later(self._timing.quiet_rest_s, self._resume)

    def ping(self) -> None:
        """Send a ping."""
        if self._transport is not None and not self._is_closed:
            self._transport.send_ping()
            self._line_tap.control_sent(int(WSMsgType.PING.value), b"")

    def close(self) -> None:
        """Close at once; what was read and not yet delivered is dropped."""
        self._is_closed = True
        self._frames.clear()
        self._wait_no_more()
        if self._transport is not None:
            self._transport.send_close(WSCloseCode.OK)
            self._transport.disconnect(graceful=False)
        self._line_tap.closed(BY_US, "")

    async def wait_closed(self) -> None:
        if self._transport is not None:
            # `closed` reports why it ended; here it only has to be over.
            with contextlib.suppress(WSError):
                await self._transport.wait_disconnected()

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        self._line_tap = self._tap()
        if self._is_closed:
            transport.disconnect(graceful=False)
            return
        raw = transport.underlying_transport.get_extra_info("socket")
        raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, _RECEIVE_BYTES)
        self._is_pausable = isinstance(self._loop, asyncio.SelectorEventLoop)
        if self._is_pausable:
            self._inbox.register(raw, selectors.EVENT_READ)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        payload = frame.get_payload_as_bytes()
        if payload[:1] != _OBJECT and frame.msg_type not in _DATA:
            self._on_control()
            self._line_tap.control_received(frame.msg_type.value, payload)
            if frame.msg_type == WSMsgType.CLOSE:
                self._close_frame = payload
                transport.send_close(WSCloseCode.OK)
                transport.disconnect()
            return
        if self._is_closed:
            return
        if self._fragments or not frame.fin:
            self._fragments.append(payload)
            if not frame.fin:
                return
            payload = b"".join(self._fragments)
            self._fragments.clear()
        if self._line_tap.is_listening:
            self._line_tap.received(payload)
        self._frames.append(payload)
        if self._is_pausable:
            if self._ending is None or not self._is_paused:
                # After this callback: the frames that came with this one have yet to be handed over.
                self._end_turn(self._loop.call_soon(self._on_read))
                self._pause()
        elif self._ending is None and self._resting is None:
            self._end_turn(self._loop.call_soon(self._deliver))

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._inbox.close()
        fault = _fault_of(transport)
        self._line_tap.closed(BY_US if self._is_closed or fault else BY_FAR_SIDE, fault)
        if not self._is_closed:
            self._deliver()
            self._wait_no_more()
            self._is_closed = True
            self._closed(LineEnd(fault, _said_in(self._close_frame)))

    def _on_read(self) -> None:
        # Only if the transport pauses: a proactor's read has already taken what the kernel had.
        if self._resting is None and not _is_flood(self._frames) and self._inbox.select(0):
            self._end_turn(self._loop.call_later(self._timing.half_frame_s, self._deliver))
            self._go_on()
        else:
            self._deliver()

    def _deliver(self) -> None:
        self._end_turn(None)
        if self._frames and not self._is_closed:
            frames, self._frames = self._frames, []
            has_news, self._answers_due = len(frames) > self._answers_due, 0
            if self._resting is None and not has_news:
                self._resume()
            else:
                if self._is_pausable:
                    self._pause()
                if self._resting is None:
                    self._resting = self._loop.call_later(self._rest_s(frames), self._resume)
            self._read(frames)

    def _end_turn(self, ending: asyncio.Handle | None) -> None:
        if self._ending is not None:
            self._ending.cancel()
        self._ending = ending

    def _pause(self) -> None:
        self._is_paused = True
        if self._transport is not None:
            self._transport.underlying_transport.pause_reading()

    def _rest_no_more(self) -> None:
        if self._resting is not None:
            self._resting.cancel()
            self._resume()

    def _resume(self) -> None:
        self._resting = None
        if self._is_pausable:
            self._go_on()
        elif self._frames:
            self._deliver()

    def _go_on(self) -> None:
        self._is_paused = False
        if self._transport is not None and not self._is_closed:
            self._transport.underlying_transport.resume_reading()

    def _rest_s(self, frames: Sequence[bytes]) -> float:
        """Return how long the kernel may collect after a turn with these frames."""
        timing = self._timing
        if len(frames) < timing.unseen_frames and not self._visibility.is_visible():
            return timing.unseen_rest_s
        many = timing.still_many_frames if self._has_many else timing.quiet_frames
        self._has_many = len(frames) >= many
        if not self._has_many:
            return timing.quiet_rest_s
        return timing.flood_rest_s if _is_flood(frames) else timing.rest_s

    def _wait_no_more(self) -> None:
        self._end_turn(None)
        if self._resting is not None:
            self._resting.cancel()
            self._resting = None


def _fault_of(transport: WSTransport) -> str:
    """Return for which fault of the far side picows closed the line; empty if it did not."""
    shaken = transport.close_handshake
    if shaken is None or shaken.sent is None or shaken.recv_then_sent or shaken.sent.code not in _FAULTS:
        return ""
    return shaken.sent.reason or f"close code {shaken.sent.code.value}"


def _said_in(close_frame: bytes) -> str:
    """Return the code and the reason in a close frame as text; empty if both are missing."""
    code = int.from_bytes(close_frame[:2]) if len(close_frame) >= 2 else None
    return errors.close_text(code, one_line(close_frame[2:].decode(errors="replace")))


def _is_flood(frames: Sequence[bytes]) -> bool:
    return len(frames) >= _FLOOD_FRAMES or sum(map(len, frames)) >= _FLOOD_BYTES


async def open_socket(
    host: str,
    port: int,
    events: LineEvents,
    tap: LinkTap = NO_TAP,
    *,
    timing: HammerTiming = DEFAULT,
) -> HammerSocket:
    """Open the line to Hammer Pro. Raises ``LinkError`` if nobody, or something else, answers."""
    socket = HammerSocket(events, lambda: tap.opened(f"{host}:{port}"), timing=timing)
    url = f"ws://[{host}]:{port}/" if ":" in host else f"ws://{host}:{port}/"
    try:
        await look_up(host, timing.open_s)
    except TimeoutError:
        raise LinkError(name_unanswered(host, timing.open_s)) from None
    except (sockets.gaierror, UnicodeError) as error:
        raise LinkError(errors.unknown_host(host)) from error
    try:
        async with asyncio.timeout(timing.open_s * _CONNECTING):
            _, listener = await ws_connect(
                lambda: socket,
                url,
                # Plain transports of whatever loop is running, including the window's.
                use_aiofastnet=False,
                websocket_handshake_timeout=timing.open_s,
                # Its own pings would cut a line that delivers quotes but no pongs.
                enable_auto_ping=False,
                max_frame_size=_LARGEST_FRAME,
                # The password must reach no other program than the one at the trader's own address.
                max_redirects=0,
            )
    except asyncio.CancelledError:
        # The handshake may still succeed after we gave up; then nobody may be left holding the line.
        socket.close()
        raise
    except (sockets.gaierror, UnicodeError, WSInvalidURL) as error:
        raise LinkError(errors.unknown_host(host)) from error
    except TimeoutError as error:
        socket.close()
        raise LinkError(errors.not_opened(f"{host}:{port}", timing.open_s)) from error
    except OSError as error:
        if is_exhausted(error):
            raise LinkError(EXHAUSTED, passes=True) from error
        if is_refused(error) or isinstance(error, ConnectionError):
            raise LinkError(errors.refused(f"{host}:{port}")) from error
        raise LinkError(unreachable(host, port, error)) from error
    except WSInvalidStatusError as error:
        status = error.response.status if error.response is not None else None
        raise LinkError(errors.not_opened_but(port, status) if status else errors.not_hammer(port)) from error
    except WSError as error:
        raise LinkError(errors.not_hammer(port)) from error
    if listener is None:
        # The server hung up in the middle of the handshake.
        raise LinkError(errors.not_hammer(port))
    return socket
