"""The WebSocket to Hammer Pro: opened, read in frames, closed. It knows frames, not what they say.

Quotes are read in turns: after a turn comes a rest in which quotes collect, then all that came is handed
over. A quote that comes when nothing was going on is taken at once, and so is the answer to a request. Few
quotes are not worth a turn, and one that comes with many is missed more: the more come, the shorter the rest.
Behind most turns comes a painting, so that one shorter than a painting pays is only for a flood, before what
collects them is full. While nobody looks, turns of few quotes are rarer still, until somebody looks again.

On a selector loop it is the kernel that collects, while the transport reads nothing, and at the end of a rest
all that is there is taken, once more where reading let the far side send what it held back. A proactor's
transport must never be paused: a pause between the two callbacks of its ``resume_reading`` drops the bytes of
one read (asyncio; under qasync other events come between the two). There it goes on reading, which costs one
completion a buffer and no notifier, and the frames collect here.
"""

import asyncio
import contextlib
import selectors
import socket as sockets
from collections.abc import Callable, Sequence
from typing import Any

from picows import (
    WSCloseCode,
    WSError,
    WSFrame,
    WSInvalidURL,
    WSListener,
    WSMsgType,
    WSTransport,
    ws_connect,
)

from psf_monitor.connection.attention import Attention
from psf_monitor.connection.errors import EXHAUSTED, is_exhausted, is_refused, unreachable
from psf_monitor.connection.status import LinkError
from psf_monitor.connection.tap import BY_FAR_SIDE, BY_US, NO_LINE_TAP, NO_TAP, LineTap, LinkTap
from psf_monitor.hammer import errors
from psf_monitor.hammer.messages import encode
from psf_monitor.hammer.timing import DEFAULT, HammerTiming

_RECEIVE_BYTES = 256 * 1024
"""What the kernel may hold for us. It counts a small message of its own packet as many times its bytes."""
_FLOOD_BYTES = 64 * 1024
_FLOOD_FRAMES = 256
"""A turn that brought this much came from a kernel that was nearly full."""
_DATA = (WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.CONTINUATION)
_OBJECT = b"{"
"""So begins no control frame that is told: picows answers pings itself, a pong repeats our empty ping, and a
close begins with its code. To ask for the kind of a frame takes half the time of all that is done with one
here. A pong that nobody asked for, and that holds an object, would be read as a message.
"""


class HammerSocket(WSListener):
    """One open WebSocket. ``read`` gets the text frames of each turn, ``closed`` is called once, at the end,
    ``on_control`` for every frame that holds no text: a pong is a sign of life, too.

    Nothing is delivered after ``close``. ``tap`` makes what hears the line, once it is open.
    """

    def __init__(
        self,
        read: Callable[[list[bytes]], None],
        closed: Callable[[], None],
        on_control: Callable[[], object] = lambda: None,
        tap: Callable[[], LineTap] = lambda: NO_LINE_TAP,
        *,
        timing: HammerTiming = DEFAULT,
    ) -> None:
        self._attention = Attention()
        self._tap = tap
        self._line_tap = NO_LINE_TAP
        self._read = read
        self._closed = closed
        self._on_control = on_control
        self._timing = timing
        self._loop = asyncio.get_running_loop()
        self._transport: WSTransport | None = None
        self._is_closed = False
        self._frames: list[bytes] = []
        self._fragments: list[bytes] = []
        self._inbox = selectors.DefaultSelector()
        self._is_pausable = False
        self._is_paused = False
        self._has_many = False
        """Whether the last turn brought so much that the rest behind it was short."""
        self._ending: asyncio.Handle | None = None
        self._resting: asyncio.TimerHandle | None = None

    def heed(self, attention: Attention) -> None:
        """Read what nobody looks at in rarer turns, and at once when somebody looks again."""
        self._attention = attention
        attention.when_it_returns(self._rest_no_more)

    def send(
        self, command: str, request_id: str, fields: dict[str, Any], *, is_at_leisure: bool = False
    ) -> None:
        """The only way out. ``CommandRefused`` for a command that is not on the list of those that may go.

        ``is_at_leisure``: nobody waits for the answer, which is read with all that come within a rest.
        """
        frame = encode(command, request_id, fields)
        if self._transport is not None:
            self._transport.send(WSMsgType.TEXT, frame)
            self._line_tap.sent(frame)
        if is_at_leisure:
            self._rest()
        else:
            self._rest_no_more()

    def _rest(self) -> None:
        if self._resting is None and self._ending is None and not self._is_closed:
            if self._is_pausable:
                self._pause()
            self._resting = self._loop.call_later(self._timing.quiet_rest_s, self._resume)

    def ping(self) -> None:
        """Ask for a sign of life."""
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
            # Why it ended is told by `closed`; here it only has to be over.
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
                # After this callback: the frames that came with this one are still to be handed over.
                self._end_turn(self._loop.call_soon(self._on_read))
                self._pause()
        elif self._ending is None and self._resting is None:
            self._end_turn(self._loop.call_soon(self._deliver))

    def on_ws_disconnected(self, transport: WSTransport) -> None:  # noqa: ARG002
        self._inbox.close()
        self._line_tap.closed(BY_US if self._is_closed else BY_FAR_SIDE, "")
        if not self._is_closed:
            self._deliver()
            self._wait_no_more()
            self._is_closed = True
            self._closed()

    def _on_read(self) -> None:
        # Only where the transport rests: a proactor's read has already taken what the kernel had.
        if self._resting is None and not _is_flood(self._frames) and self._inbox.select(0):
            self._end_turn(self._loop.call_later(self._timing.half_frame_s, self._deliver))
            self._go_on()
        else:
            self._deliver()

    def _deliver(self) -> None:
        self._end_turn(None)
        if self._frames and not self._is_closed:
            frames, self._frames = self._frames, []
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
        """How long the kernel may collect after a turn that brought these."""
        timing = self._timing
        if len(frames) < timing.unseen_frames and not self._attention.is_paid():
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


def _is_flood(frames: Sequence[bytes]) -> bool:
    return len(frames) >= _FLOOD_FRAMES or sum(map(len, frames)) >= _FLOOD_BYTES


async def open_socket(
    host: str,
    port: int,
    read: Callable[[list[bytes]], None],
    closed: Callable[[], None],
    on_control: Callable[[], object] = lambda: None,
    tap: LinkTap = NO_TAP,
    *,
    timing: HammerTiming = DEFAULT,
) -> HammerSocket:
    """Open the line to Hammer Pro; ``LinkError`` when nobody or somebody else answers."""
    socket = HammerSocket(read, closed, on_control, lambda: tap.opened(f"{host}:{port}"), timing=timing)
    url = f"ws://[{host}]:{port}/" if ":" in host else f"ws://{host}:{port}/"
    try:
        async with asyncio.timeout(timing.open_s):
            _, listener = await ws_connect(
                lambda: socket,
                url,
                # Plain transports of whatever loop runs, the one of the window included.
                use_aiofastnet=False,
                websocket_handshake_timeout=timing.open_s,
                # Its own pings cut a line that brings quotes and no pongs.
                enable_auto_ping=False,
            )
    except asyncio.CancelledError:
        # The handshake may still end well behind our back; then nobody may be left holding the line.
        socket.close()
        raise
    except (sockets.gaierror, UnicodeError, WSInvalidURL) as error:
        raise LinkError(errors.unknown_host(host)) from error
    except TimeoutError as error:
        socket.close()
        raise LinkError(errors.no_answer(timing.open_s)) from error
    except OSError as error:
        if is_exhausted(error):
            raise LinkError(EXHAUSTED, passes=True) from error
        if is_refused(error) or isinstance(error, ConnectionError):
            raise LinkError(errors.refused(f"{host}:{port}")) from error
        raise LinkError(unreachable(host, port, error)) from error
    except WSError as error:
        raise LinkError(errors.not_hammer(port)) from error
    if listener is None:
        # The far side hung up in the middle of the handshake.
        raise LinkError(errors.not_hammer(port))
    return socket
