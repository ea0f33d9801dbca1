"""The timeline of a recording, found in one pass: its times, its attempts, the trader's actions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from psf_monitor.domain.account import AccountMode
from psf_monitor.recording import errors
from psf_monitor.recording.entry import CHECK_MODES, MODES, Kind
from psf_monitor.recording.errors import RecordingError
from psf_monitor.recording.messages import Message, json_object, messages_of
from psf_monitor.recording.reader import Reader, Recorded, utc

AFTERWARDS_S = 1.0
"""How long a replay continues after the last entry, which has to be read, too."""
_NS = 1e9
_BYTES = (Kind.RECEIVED, Kind.SENT)


class Timed(NamedTuple):
    """A message and its replay time, in seconds from the beginning, without the gaps."""

    at_s: float
    message: Message


class Action(NamedTuple):
    """An action of the trader or the reconnect loop."""

    at_s: float
    mode: AccountMode | None
    act: str
    facts: Mapping[str, Any]


@dataclass(slots=True)
class Timeline:
    """``lasts_s`` seconds from ``begin`` to ``end`` (UTC), by the recording's own clock.

    ``outcomes`` are, by connection, the attempts: when, and whether one opened a line. ``waits`` are the
    seconds between them, in order.
    """

    reader: Reader
    begin: datetime
    end: datetime
    lasts_s: float
    actions: Sequence[Action] = ()
    outcomes: dict[AccountMode, list[tuple[float, bool]]] = field(default_factory=dict)
    waits: dict[AccountMode, list[float]] = field(default_factory=dict)

    @property
    def settings(self) -> Mapping[str, Any]:
        """The settings in use when the recording was made, without secrets."""
        found: Mapping[str, Any] = self.reader.header.facts.get("settings", {})
        return found

    def messages(self) -> Iterator[Timed]:
        """Everything, in order and with the time at which it is played."""
        timing = _Timing()
        return (Timed(timing.place(m.recorded), m) for m in messages_of(self.reader))

    def at(self, moment: datetime) -> float:
        """Return the replay time of a moment in seconds, within the recording."""
        before = 0.0
        timing = _Timing()
        for recorded in self.reader:
            at_s = timing.place(recorded)
            if recorded.at >= moment:
                return before
            before = at_s
        return before


class _Timing:
    """Removes the time between the beginning of lines that were already open and that of the recording."""

    def __init__(self) -> None:
        self._first_ns: int | None = None
        self._before_ns = 0

    def pass_by(self, at_ns: int) -> None:
        """Pass an entry after which no time is removed."""
        self._before_ns = at_ns

    def place(self, recorded: Recorded) -> float:
        at_ns = recorded.entry.at_ns
        if self._first_ns is None:
            self._first_ns = self._before_ns = at_ns
        if recorded.entry.kind == Kind.GAP:
            self._first_ns += max(at_ns - self._before_ns, 0)
        self._before_ns = at_ns
        return max(at_ns - self._first_ns, 0) / _NS


def read_timeline(reader: Reader) -> Timeline:
    """Read the recording once. Raises ``RecordingError`` if it holds nothing."""
    timing, first, last, at_s = _Timing(), None, None, 0.0
    actions: list[Action] = []
    timeline = Timeline(reader, utc(0), utc(0), 0.0, actions)
    is_open: dict[AccountMode, bool] = {}
    for recorded in reader:
        last, entry = recorded, recorded.entry
        if first is not None and entry.kind in _BYTES:
            timing.pass_by(entry.at_ns)
            continue
        at_s = timing.place(recorded)
        first = first or recorded
        mode = MODES.get(entry.link)
        if entry.kind == Kind.ACT and entry.link not in CHECK_MODES:
            _note(timeline, actions, Action(at_s, mode, *_action_of(entry.data)))
        elif mode is not None and entry.kind == Kind.OPENED:
            timeline.outcomes.setdefault(mode, []).append((at_s, True))
            is_open[mode] = True
        elif mode is not None and entry.kind == Kind.FAILED and not is_open.pop(mode, False):
            timeline.outcomes.setdefault(mode, []).append((at_s, False))
    if first is None or last is None:
        raise RecordingError(errors.empty(reader.path, reader.problems))
    timeline.begin, timeline.end = first.at, last.at
    timeline.lasts_s = timing.place(last) + AFTERWARDS_S
    return timeline


def _action_of(data: bytes) -> tuple[str, dict[str, Any]]:
    fields = json_object(data)
    return str(fields.pop("act", "")), fields


def _note(timeline: Timeline, actions: list[Action], act: Action) -> None:
    if act.act == "wait" and act.mode is not None:
        seconds = act.facts.get("seconds")
        if isinstance(seconds, int | float):
            timeline.waits.setdefault(act.mode, []).append(float(seconds))
    else:
        actions.append(act)
