"""The trader's switch for the recording of the wires: where it is written, and which old ones are removed."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from psf_monitor.problem import Problem
from psf_monitor.recording.folder import name_for, remove_old
from psf_monitor.recording.recorder import Ended
from psf_monitor.runtime.monitor import Monitor


def _now() -> datetime:
    return datetime.now(UTC).astimezone()


class WireRecording:
    """Switches the monitor's recorder; unnamed recordings go into ``folder``."""

    def __init__(self, monitor: Monitor, folder: Path, now: Callable[[], datetime] = _now) -> None:
        self._monitor = monitor
        self._folder = folder
        self._now = now

    @property
    def is_on(self) -> bool:
        return self._monitor.wires.is_on

    @property
    def path(self) -> Path | None:
        return self._monitor.wires.path

    @property
    def problem(self) -> Problem | None:
        return self._monitor.wires.problem

    def start(self, path: Path | None = None) -> None:
        """Record into ``path``, or into the folder, where recordings older than the settings allow are
        removed.
        """
        remove_old(self._folder, self._monitor.settings.record.days)
        self._monitor.record_wires(path or name_for(self._folder, self._now()))

    def start_if_wanted(self, path: Path | None) -> None:
        """Record if the command line names a file, or if the settings say so."""
        if path is not None or self._monitor.settings.record.enabled:
            self.start(path)

    def stop(self) -> Ended:
        return self._monitor.wires.stop()
