"""The flight recorder: taps on every line, and a thread that writes what they record.

On the event loop an entry costs a clock reading and an append; compression and the disk are left to the
thread.
"""

import json
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from psf_monitor.connection.wire_tap import NO_TAP, BothTaps, LineTap, LinkTap
from psf_monitor.domain.account import AccountMode
from psf_monitor.problem import Problem
from psf_monitor.recording import errors
from psf_monitor.recording.entry import CHECKS, LINKS, TWS_LINKS, Entry, Kind
from psf_monitor.recording.errors import RecordingError
from psf_monitor.recording.format import Clocks
from psf_monitor.recording.redaction import Redaction
from psf_monitor.recording.writer import FileLimits, Writer, system_clocks

_log = logging.getLogger(__name__)

END_WAIT_S = 5.0
MOST_HEAD_BYTES = 4 * 1024 * 1024
HEAD_S = 60.0
"""How much of the beginning of each line is kept, so that a recording started later can be replayed."""

Facts = Mapping[str, Any]

_entry, _now_ns, _RECEIVED = tuple.__new__, time.monotonic_ns, int(Kind.RECEIVED)
"""The cost of a received frame on the event loop matters: 5,000 arrive each second."""


class Ended(NamedTuple):
    """A finished recording: its first file, and what of it could not be written."""

    path: Path | None
    problem: Problem | None


class Batching(NamedTuple):
    """How entries are written to the disk.

    They collect for ``batch_s``: few wake-ups, and no batch that holds the interpreter for long. A disk that
    refuses data is retried every ``try_again_s``. Up to ``most_waiting_bytes`` are held in memory; what
    arrives then is counted and dropped.
    """

    batch_s: float = 0.05
    try_again_s: float = 5.0
    most_waiting_bytes: int = 64 * 1024 * 1024


DEFAULT_BATCHING = Batching()


class WireRecorder:
    """Records while switched on, and otherwise keeps the beginning of each open line.

    ``problem`` is why nothing is written though it should be. Everything but writing happens on the event
    loop's thread.
    """

    def __init__(
        self,
        *,
        limits: FileLimits | None = None,
        clocks: Callable[[], Clocks] = system_clocks,
        batching: Batching = DEFAULT_BATCHING,
    ) -> None:
        self.problem: Problem | None = None
        self._limits = limits
        self._clocks = clocks
        self._batching = batching
        self._redaction = Redaction()
        self._links = {mode: _LinkTap(self, number) for mode, number in LINKS.items()}
        self._checks = {mode: _LinkTap(self, number) for mode, number in CHECKS.items()}
        self._lines: dict[int, _LineTap] = {}
        self._line_count = 0
        self._writing: _Writing | None = None
        self.is_on = False

    @property
    def path(self) -> Path | None:
        """The first file of the current recording, created with the first entry."""
        return None if self._writing is None else self._writing.path

    @property
    def taken_count(self) -> int:
        """How many entries the writing thread has taken so far, written or not."""
        return 0 if self._writing is None else self._writing.taken_count

    def link(self, mode: AccountMode) -> "_LinkTap":
        """Return the tap for one connection."""
        return self._links[mode]

    def listen_in(self, mode: AccountMode, tap: LinkTap) -> None:
        """Pass to ``tap`` everything that this connection's own tap receives, for lines that begin from now
        on.
        """
        self._links[mode].also = tap

    def check(self, mode: AccountMode) -> "_LinkTap":
        """Return the tap for a connection test's traffic and results."""
        return self._checks[mode]

    def hide(self, secret: str) -> None:
        """Never write this password."""
        self._redaction.add(secret)

    def start(self, path: Path, facts: Facts) -> None:
        """Record into ``path``, or into the next free name if it exists; do nothing while recording.

        ``facts`` are the settings, without secrets. A failure is reported in ``problem``.
        """
        if self.is_on:
            return
        self.problem = None
        writer = Writer(path, uuid4().hex, facts, limits=self._limits, clocks=self._clocks)
        self._writing = writing = _Writing(path, writer, self._redaction, self._batching, self._on_problem)
        heads = [entry for line in self._lines.values() for entry in line.head()]
        for entry in sorted(heads):
            writing.enqueue(entry)
        if heads:
            self._put_gap(writing, "the recording was started while these connections were up")
        self.is_on = True
        for line in self._lines.values():
            line.end_head()
        writing.start()

    def stop(self) -> Ended:
        """End the recording regularly, within ``END_WAIT_S``."""
        self.is_on = False
        for line in self._lines.values():
            line.end_recording()
        writing, self._writing = self._writing, None
        if writing is not None:
            writing.enqueue(Entry(time.monotonic_ns(), Kind.END, 0, 0, b""))
            writing.end()
        problem, self.problem = self.problem, None
        return Ended(None if writing is None else writing.path, problem)

    def acted(self, act: str, **facts: Any) -> None:
        """Record an event of no single connection: a change of settings, or of a share's name."""
        self.record_event(Kind.ACT, 0, 0, {"act": act, **facts})

    # Called by the taps.

    def record_event(self, kind: Kind, link: int, line: int, content: Mapping[str, Any]) -> None:
        """Record a JSON entry."""
        if self._writing is not None and self.is_on:
            self._writing.enqueue(_event_entry(kind, link, line, content))

    def record(self, entry: Entry) -> None:
        """Record data of a line."""
        if self._writing is not None:
            self._writing.enqueue(entry)

    def begin_line(self, link: int, content: Mapping[str, Any]) -> "_LineTap":
        """Return the tap of a line that begins now."""
        self._line_count = self._line_count % 65_535 + 1
        line = _LineTap(self, link, self._line_count, content)
        self._lines[line.number] = line
        return line

    def end_line(self, line: "_LineTap") -> None:
        self._lines.pop(line.number, None)

    def _put_gap(self, writing: "_Writing", why: str) -> None:
        writing.enqueue(_event_entry(Kind.GAP, 0, 0, {"why": why}))

    def _on_problem(self, problem: Problem | None) -> None:
        """Show the writing thread's problem."""
        if problem is not None and self.problem is None:
            _log.warning("%s", problem)
        self.problem = problem


def _event_entry(kind: Kind, link: int, line: int, content: Mapping[str, Any]) -> Entry:
    return Entry(time.monotonic_ns(), kind, link, line, json.dumps(content, ensure_ascii=True).encode())


class _LinkTap:
    """A ``LinkTap``; ``also`` receives the same."""

    def __init__(self, recorder: WireRecorder, link: int) -> None:
        self.also: LinkTap = NO_TAP
        self._recorder = recorder
        self._link = link

    def opened(self, endpoint: str, client_id: int | None = None) -> LineTap:
        content = {"endpoint": endpoint} | ({} if client_id is None else {"client_id": client_id})
        line = self._recorder.begin_line(self._link, content)
        return line if self.also is NO_TAP else BothTaps(line, self.also.opened(endpoint, client_id))

    def failed(self, why: str) -> None:
        self._recorder.record_event(Kind.FAILED, self._link, 0, {"why": why})
        self.also.failed(why)

    def acted(self, act: str, **facts: str | int | float) -> None:
        self._recorder.record_event(Kind.ACT, self._link, 0, {"act": act, **facts})
        self.also.acted(act, **facts)


class _LineTap:
    """A ``LineTap`` that keeps the beginning of the line while nothing is recorded.

    Received data is kept as times and bytes, which the garbage collector ignores: thousands arrive each
    second.
    """

    def __init__(self, recorder: WireRecorder, link: int, number: int, content: Mapping[str, Any]) -> None:
        self._recorder = recorder
        self._link = link
        self.number = number
        self._head: list[Entry] = []
        self._head_ns: list[int] = []
        self._head_received: list[bytes] = []
        self._head_bytes = 0
        self._is_head_whole = False
        self.is_listening = True
        self._is_closed = False
        opened = _event_entry(Kind.OPENED, link, number, content)
        self._head_ends_ns = opened.at_ns + int(HEAD_S * 1e9)
        self._put(opened)

    def received(self, data: bytes) -> None:
        # Evaluated for every message.
        if self._recorder.is_on:
            self._recorder.record(_entry(Entry, (_now_ns(), _RECEIVED, self._link, self.number, data)))
        elif not self._is_head_whole:
            now_ns = _now_ns()
            self._head_ns.append(now_ns)
            self._head_received.append(data)
            self._head_bytes = size = self._head_bytes + len(data)
            if size > MOST_HEAD_BYTES or now_ns > self._head_ends_ns:
                self._keep_no_more()

    def sent(self, data: bytes) -> None:
        self._put(Entry(time.monotonic_ns(), Kind.SENT, self._link, self.number, data))

    def control_received(self, opcode: int, data: bytes) -> None:
        self._put(
            Entry(time.monotonic_ns(), Kind.CONTROL_RECEIVED, self._link, self.number, bytes([opcode]) + data)
        )

    def control_sent(self, opcode: int, data: bytes) -> None:
        self._put(
            Entry(time.monotonic_ns(), Kind.CONTROL_SENT, self._link, self.number, bytes([opcode]) + data)
        )

    def closed(self, by: str, why: str) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        self._recorder.end_line(self)
        self._recorder.record_event(Kind.CLOSED, self._link, self.number, {"by": by, "why": why})

    def head(self) -> list[Entry]:
        """Return the recorded beginning of the line."""
        received = zip(self._head_ns, self._head_received, strict=True)
        return [*self._head, *(Entry(ns, _RECEIVED, self._link, self.number, data) for ns, data in received)]

    def end_head(self) -> None:
        """Forward everything that is received from here on."""
        for kept in (self._head, self._head_ns, self._head_received):
            kept.clear()
        self._is_head_whole = self.is_listening = True

    def end_recording(self) -> None:
        """Forward nothing any more."""
        self.is_listening = not self._is_head_whole

    def _put(self, entry: Entry) -> None:
        if self._recorder.is_on:
            self._recorder.record(entry)
        elif not self._is_head_whole:
            self._head.append(entry)
            self._head_bytes += len(entry.data)
            if entry.at_ns > self._head_ends_ns or self._head_bytes > MOST_HEAD_BYTES:
                self._keep_no_more()

    def _keep_no_more(self) -> None:
        self._is_head_whole, self.is_listening = True, False


class _Writing(threading.Thread):
    """Takes entries from the event loop's thread and writes them; holds what the disk refuses."""

    def __init__(
        self,
        path: Path,
        writer: Writer,
        redaction: Redaction,
        batching: Batching,
        report: Callable[[Problem | None], None],
    ) -> None:
        super().__init__(name="wire recorder", daemon=True)
        self._wanted = path
        self._writer = writer
        self._redaction = redaction
        self._batching = batching
        self._on_problem = report
        self._waiting: deque[Entry] = deque()
        self._stirred = threading.Event()
        self._is_over = threading.Event()
        self._dropped = 0
        self.taken_count = 0

    @property
    def path(self) -> Path:
        """The first part; renamed if the requested name was taken."""
        return self._writer.first or self._wanted

    def enqueue(self, entry: Entry) -> None:
        """Hand over one entry."""
        self._waiting.append(entry)
        if not self._stirred.is_set():
            self._stirred.set()

    def end(self) -> None:
        """Write the rest and end."""
        self._is_over.set()
        self._stirred.set()
        self.join(END_WAIT_S)

    def run(self) -> None:
        try:
            while not self._is_over.is_set():
                self._stirred.wait()
                self._is_over.wait(self._batching.batch_s)
                self._stirred.clear()
                if not self._write():
                    self._is_over.wait(self._batching.try_again_s)
                    self._stirred.set()
            if self._write():
                self._close()
            if self._writer.unsaved_bytes:
                self._on_problem(errors.end_is_missing(self.path))
        except RecordingError as error:
            self._on_problem(error.problem)
            self._waiting.clear()
        finally:
            # However it ends, no file stays open.
            with suppress(OSError):
                self._writer.abandon()

    def _write(self) -> bool:
        """Return whether the disk accepted it."""
        take = self._waiting.popleft
        batch = self._masked([take() for _ in range(len(self._waiting))])
        self.taken_count += len(batch)
        if self._writer.unsaved_bytes > self._batching.most_waiting_bytes:
            self._dropped += len(batch)
            batch = []
        try:
            if self._dropped and not self._writer.unsaved_bytes:
                content = {"why": "the disk did not take it", "entries": self._dropped}
                gap = _event_entry(Kind.GAP, 0, 0, content)
                batch.insert(0, gap._replace(at_ns=batch[0].at_ns) if batch else gap)
                self._dropped = 0
            self._writer.write(batch)
        except OSError as error:
            self._on_problem(errors.cannot_write(self._writer.path or self.path, error))
            return False
        self._on_problem(None)
        return True

    def _close(self) -> None:
        try:
            self._writer.close()
        except OSError as error:
            # What is not compressed stays in the tail.
            _log.warning("%s", errors.cannot_pack(self.path, error))

    def _masked(self, batch: list[Entry]) -> list[Entry]:
        if not self._redaction.may_be_in(b"\n".join(entry.data for entry in batch if not _is_of_tws(entry))):
            return batch
        return [
            entry if _is_of_tws(entry) else entry._replace(data=self._redaction.masked(entry.data))
            for entry in batch
        ]


def _is_of_tws(entry: Entry) -> bool:
    """Return whether TWS sent it: TWS never receives a password, and searching its megabytes would be
    slow.
    """
    return entry.kind == Kind.RECEIVED and entry.link in TWS_LINKS
