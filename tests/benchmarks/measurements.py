"""Measurements of time, processor, memory and the screen, of whatever program."""

import ctypes
import gc
import sys
import time
from collections.abc import Callable, Hashable, Iterable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

if sys.platform == "win32":
    resource = None
else:
    import resource

STALL_EVERY_MS = 5
"""A loop that does nothing else is woken after this; whatever is more is a stall."""

_STATM = Path("/proc/self/statm")
_PAGE_BYTES = 4096


def application() -> QApplication:
    """The one there is, or a new one, which outlives its windows."""
    found = QApplication.instance()
    made = found if isinstance(found, QApplication) else QApplication([])
    made.setQuitOnLastWindowClosed(False)
    return made


def percentile(values: Iterable[float], percent: float) -> float:
    """The value that ``percent`` of them do not exceed; nan when there are none."""
    ordered = sorted(values)
    if not ordered:
        return float("nan")
    return ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)]


def resident_mb() -> float | None:
    """The memory that this process holds, in MB; ``None`` where the system does not say."""
    gc.collect()
    if _STATM.exists():
        return int(_STATM.read_text().split()[1]) * _PAGE_BYTES / 1e6
    return _working_set_mb() if sys.platform == "win32" else None


def _working_set_mb() -> float:
    class Counters(ctypes.Structure):
        _fields_ = (
            ("cb", ctypes.c_ulong),
            ("faults", ctypes.c_ulong),
            ("sizes", ctypes.c_size_t * 8),
        )

    counters = Counters()
    counters.cb = ctypes.sizeof(counters)
    libraries = ctypes.windll  # type: ignore[attr-defined,unused-ignore]
    process = ctypes.c_void_p(libraries.kernel32.GetCurrentProcess())
    libraries.psapi.GetProcessMemoryInfo(process, ctypes.byref(counters), counters.cb)
    return float(counters.sizes[1]) / 1e6


def wake_ups() -> float:
    """How often this process has gone to sleep, and so been woken; nan where the system does not say."""
    return float("nan") if resource is None else resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw


class Cpu:
    """The processor time that this process takes, in percent of one core."""

    def __init__(self) -> None:
        self._at, self._used = time.perf_counter(), time.process_time()

    def seconds(self) -> float:
        """Of the processor, since it was made."""
        return time.process_time() - self._used

    def percent(self) -> float:
        """Since it was made."""
        return 100 * (time.process_time() - self._used) / (time.perf_counter() - self._at)


class Stalls:
    """How long the event loop of Qt was away, between two calls of a timer; in ms."""

    def __init__(self) -> None:
        self.gaps_ms: list[float] = []
        self._last = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timeout)

    def start(self) -> None:
        self.gaps_ms.clear()
        self._last = time.perf_counter()
        self._timer.start(STALL_EVERY_MS)

    def stop(self) -> list[float]:
        self._timer.stop()
        # One that is not over yet counts for what it is.
        self.gaps_ms.append(1000 * (time.perf_counter() - self._last))
        return self.gaps_ms

    def _on_timeout(self) -> None:
        now = time.perf_counter()
        self.gaps_ms.append(1000 * (now - self._last))
        self._last = now


class Turns(Stalls):
    """The same in the processor time that the thread of the loop took meanwhile; in ms.

    What other programs of a busy computer take of a turn is in none of it.
    """

    def start(self) -> None:
        super().start()
        self._last = time.thread_time()

    def stop(self) -> list[float]:
        self._on_timeout()
        self._timer.stop()
        return self.gaps_ms

    def _on_timeout(self) -> None:
        now = time.thread_time()
        self.gaps_ms.append(1000 * (now - self._last))
        self._last = now


class PaintWatch(QObject):
    """Notes when what is on the screen was painted.

    ``shown`` names what the view holds now, line by line; what differs from the last painting gets the time
    at which it had been painted. A line that was not on the screen before, and came
    there because rows were sorted, is ``seen`` and not ``painted``: its figure may be as old as it likes.
    """

    def __init__(self, viewport: QWidget, shown: Callable[[], Iterable[tuple[Hashable, float]]]) -> None:
        super().__init__(viewport)
        self.painted: list[tuple[Hashable, float, float]] = []
        """Who, what, and when by ``time.perf_counter``."""
        self.seen: dict[Hashable, float] = {}
        """What was painted last of the window on the screen."""
        self._shown = shown
        self._is_painting = False
        viewport.installEventFilter(self)

    def clear(self) -> None:
        self.painted.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is not QEvent.Type.Paint or self._is_painting:
            return False
        before, self.seen = self.seen, dict(self._shown())
        self._is_painting = True
        # Sent on from here, so that it is known when it is done.
        QCoreApplication.sendEvent(watched, event)
        self._is_painting = False
        now = time.perf_counter()
        self.painted += [(who, what, now) for who, what in self.seen.items() if before.get(who, what) != what]
        return True
