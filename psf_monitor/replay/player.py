"""Plays a recording: its servers on loopback ports, advanced by whoever keeps the time."""

import logging
from collections.abc import Callable, Iterator
from typing import Self

from psf_monitor.connection.wire_tap import LinkTap
from psf_monitor.domain.account import AccountMode
from psf_monitor.recording.entry import LINKS, Kind
from psf_monitor.recording.messages import Message
from psf_monitor.replay import hammer, tws
from psf_monitor.replay.clock import ReplayClock
from psf_monitor.replay.delivery import ClientEnd, IdleCheck, is_on_its_way
from psf_monitor.replay.hammer import HammerLine
from psf_monitor.replay.servers import MOST_WAITING_BYTES, HammerServer, TwsServer
from psf_monitor.replay.timeline import Action, Timed, Timeline
from psf_monitor.replay.tws import WAITS_S, TwsLine

_log = logging.getLogger(__name__)

_CAREFUL_S = 1.0
"""For this long after a line began or ended, or a new request, each message depends on the one before."""
_CAREFUL_STEP_S = 0.025
"""The longest step during that time, so that what the client waits for comes in its turn."""


def _is_new(key: str, known: set[str]) -> bool:
    is_new = key not in known
    known.add(key)
    return is_new


class _RecordedServer:
    """One connection's server, and the recorded line that is being played over it."""

    def __init__(self, mode: AccountMode, player: "Player") -> None:
        self.mode = mode
        self._player = player
        self._is_tws = mode is not AccountMode.HAMMER_PRO
        self.server: TwsServer | HammerServer = (TwsServer if self._is_tws else HammerServer)(
            self._on_request
        )
        self.client: ClientEnd | None = None
        self._line: TwsLine | HammerLine | None = None
        self._number = 0
        self._before: list[bytes] = []
        self._closed_s: float | None = None
        self._left_by: int | None = None
        """The client that the recording saw leave: the requests of a later one belong to the next line."""
        self._outcomes = list(player.timeline.outcomes.get(mode, ()))
        self._key_of = tws.key_of if self._is_tws else hammer.key_of
        self._recorded_keys: set[str] = set()
        self._request_keys: set[str] = set()
        self._clients = 0

    def tap(self) -> ClientEnd:
        """Return the tap that observes the client's lines."""
        self.client = ClientEnd(len if self._is_tws else lambda _text: 1)
        return self.client

    @property
    def is_talking(self) -> bool:
        """Return whether something is on its way to or from an observed client."""
        return self.client is not None and is_on_its_way(self.server.end, self.client)

    @property
    def counts(self) -> tuple[int, ...]:
        """Return how much has been sent and received so far."""
        ends = [self.server.end, *([] if self.client is None else [self.client])]
        counts = (count for end in ends for count in (end.is_open, end.sent, end.received))
        return (self.server.clients, *counts)

    def open(self, number: int) -> None:
        """Begin a recorded line."""
        self._end()
        self._forget_left_line()
        self._number, self._left_by = number, None
        self._recorded_keys.clear()
        miss = self._player.missed
        self._line = TwsLine(self.server.send, miss) if self._is_tws else HammerLine(self.server.send, miss)
        for payload in self._before:
            self._on_request(payload)
        self._before.clear()

    def close(self, number: int) -> None:
        """End a recorded line."""
        if number == self._number and self._closed_s is None:
            self._closed_s = self._player.clock.now_s

    def left(self, number: int) -> None:
        """Record that we ended a recorded line, so the current client will end it, too."""
        if number == self._number:
            self._left_by = self.server.clients

    def is_turn(self, message: Message) -> bool:
        """Return whether a recorded message is a line's beginning, its end, or a new request."""
        if message.kind != Kind.SENT:
            return message.kind in (Kind.OPENED, Kind.CLOSED)
        return _is_new(self._key_of(message.payload), self._recorded_keys)

    def receive(self, timed: Timed) -> None:
        """Receive a recorded message of this connection."""
        message = timed.message
        if self._line is None or message.line != self._number or not message.is_whole:
            return
        if message.kind == Kind.SENT:
            self._line.recorded_request(message.payload, timed.at_s)
        elif isinstance(self._line, TwsLine):
            self._line.recorded_message(message.payload, timed.at_s, message.recorded.at)
        else:
            self._line.recorded_message(message.payload, timed.at_s)

    def play(self) -> None:
        """Send what is due, and accept a client whom the recording accepted at this time."""
        now_s = self._player.clock.now_s
        while self._outcomes and self._outcomes[0][0] < now_s:
            self._outcomes.pop(0)
        self.server.let_in(not self._outcomes or self._outcomes[0][1])
        self._forget_left_line()
        if self._line is not None and self.server.is_connected:
            self._line.play(now_s)
            if isinstance(self.server, HammerServer):
                self.server.flush()
        if self._closed_s is not None and not (self.has_more and now_s - self._closed_s < WAITS_S):
            self._end()

    @property
    def has_more(self) -> bool:
        """Return whether something recorded still waits for the client's request."""
        return self.server.is_connected and self._line is not None and self._line.has_more

    def _forget_left_line(self) -> None:
        """Begin a new line for a client that came after the one that left."""
        if self._left_by is not None and self.server.clients != self._left_by:
            self._line, self._left_by = None, None

    def _end(self) -> None:
        if self._closed_s is not None:
            self._line, self._closed_s = None, None
            self._before.clear()
            self.server.close()

    def _on_request(self, payload: bytes) -> None:
        clock = self._player.clock
        self._forget_left_line()
        if self.server.clients != self._clients:
            self._clients = self.server.clients
            self._request_keys.clear()
        if _is_new(self._key_of(payload), self._request_keys):
            self._player.be_careful(clock.now_s)
        if self._line is None:
            self._before.append(payload)
        elif isinstance(self._line, TwsLine):
            self._line.on_request(payload, clock.now_s, clock())
        else:
            self._line.on_request(payload, clock.now_s)


class Player:
    """The servers, from ``async with`` to its end; ``advance`` moves them on.

    Between two steps the loop has its turns until there is ``idle_check``. ``missing`` are the requests that
    the recording does not answer.
    """

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.clock = ReplayClock(timeline.begin)
        self.missing: dict[str, int] = {}
        self._repeat: Callable[[Action], None] = lambda _action: None
        self._messages: Iterator[Timed] = timeline.messages()
        self._next: Timed | None = next(self._messages, None)
        self._actions = list(timeline.actions)
        self._careful_until_s = 0.0
        self.sides = {mode: _RecordedServer(mode, self) for mode in LINKS}
        self.idle_check = IdleCheck(self._is_talking, self._counts)
        """Whether the clients have read everything sent to them, and are answered."""

    def when_acted(self, repeat: Callable[[Action], None]) -> None:
        """Call this with each action of the trader, and with ``opened`` for every line that was opened."""
        self._repeat = repeat

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self, ports: dict[AccountMode, int] | None = None) -> None:
        """Listen on these ports, or on free ones. Raises ``OSError`` if one is taken."""
        for mode, side in self.sides.items():
            await side.server.start((ports or {}).get(mode, 0))
            side.play()

    async def stop(self) -> None:
        for side in self.sides.values():
            await side.server.stop()

    @property
    def is_over(self) -> bool:
        """Whether everything has been played and the recording's end is reached."""
        return self._next is None and self.clock.now_s >= self.timeline.lasts_s

    @property
    def has_more(self) -> bool:
        """Return whether something recorded still waits for a client's request."""
        return any(side.has_more for side in self.sides.values())

    @property
    def is_behind(self) -> bool:
        """Return whether the client still has much to read."""
        return any(side.server.waiting_bytes > MOST_WAITING_BYTES for side in self.sides.values())

    @property
    def is_careful(self) -> bool:
        """Return whether each message depends on the one before just now."""
        return self.clock.now_s < self._careful_until_s

    def be_careful(self, at_s: float) -> None:
        """Something begins at this time."""
        self._careful_until_s = max(self._careful_until_s, at_s + _CAREFUL_S)

    def tap(self, mode: AccountMode) -> LinkTap:
        """Return the tap of a client in this process, which reports when that has received everything."""
        return self.sides[mode].tap()

    def _is_talking(self) -> bool:
        return any(side.is_talking for side in self.sides.values())

    def _counts(self) -> tuple[object, ...]:
        return tuple(side.counts for side in self.sides.values())

    def advance(self, to_s: float, run_until: Callable[[float], int] | None = None) -> None:
        """Advance to this time, or as far as care allows: send what was sent until then.

        ``run_until`` calls timers on the way, and returns how many.
        """
        before = self._next, len(self._actions), self._counts()
        to_s = min(to_s, self.timeline.lasts_s)
        if self.is_careful:
            to_s = min(to_s, self.clock.now_s + _CAREFUL_STEP_S)
        while self._actions and self._actions[0].at_s <= to_s:
            to_s = self._turn(self._actions[0].at_s, to_s)
            self._repeat(self._actions.pop(0))
        while self._next is not None and self._next.at_s <= to_s:
            message = self._next.message
            if message.kind != Kind.RECEIVED:
                mode = message.mode
                if mode is not None and self.sides[mode].is_turn(message):
                    to_s = self._turn(self._next.at_s, to_s)
            self._take(self._next)
            self._next = next(self._messages, None)
        called = 0
        if run_until is None:
            self.clock.now_s = max(self.clock.now_s, to_s)
        else:
            called = run_until(to_s)
        for side in self.sides.values():
            side.play()
        after = self._next, len(self._actions), self._counts()
        self.idle_check.begin(is_eventful=bool(called) or after != before)

    def _turn(self, at_s: float, to_s: float) -> float:
        """Return how far to go when something begins at ``at_s``."""
        if not self.is_careful:
            to_s = min(to_s, max(at_s, self.clock.now_s))
        self.be_careful(at_s)
        return to_s

    def missed(self, request: str) -> None:
        """Record that the recording has no answer to this."""
        if request not in self.missing:
            _log.info("the recording does not answer %s", request)
        self.missing[request] = self.missing.get(request, 0) + 1

    def _take(self, timed: Timed) -> None:
        message = timed.message
        self.clock.set(timed.at_s, message.recorded.utc_ns)
        mode = message.mode
        if mode is None:
            return
        side = self.sides[mode]
        match message.kind:
            case Kind.OPENED:
                side.open(message.line)
                self._repeat(Action(timed.at_s, mode, "opened", {}))
            case Kind.CLOSED if message.content.get("by") == "us":
                side.left(message.line)
            case Kind.CLOSED:
                side.close(message.line)
            case Kind.RECEIVED | Kind.SENT:
                side.receive(timed)
