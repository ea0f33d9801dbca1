"""Collect reference cycles on the window's own thread only, never on one that reads or writes a file.

Python collects on whichever thread happens to allocate. A Qt object destroyed on a thread that is not its own
can crash the process.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt, QTimer

from psf_monitor.connection.pacing import until_next

EVERY_MS = 1000
_OLDER_EVERY = 10
_ALL_EVERY = 600
_ANEW_EVERY = 6
"""How often surviving objects are examined again: for a large book each time takes a fifth of a second."""
_MANY = 20_000
"""A number of objects that takes some milliseconds to examine."""


@contextmanager
def collected_by_the_window(every_ms: int = EVERY_MS, all_every: int = _ALL_EVERY) -> Iterator[None]:
    """Collect once a second from the event loop of the calling thread, until the block ends.

    Young objects are collected once there are as many as Python itself would wait for, older ones every ten
    seconds, everything since the last hour every ten minutes, and the rest once an hour.
    """
    seconds = 0

    def collect() -> None:
        nonlocal seconds
        seconds += 1
        if seconds % all_every == 0:
            if seconds % (all_every * _ANEW_EVERY) == 0:
                gc.unfreeze()
            gc.collect()
            gc.freeze()
        elif seconds % _OLDER_EVERY == 0:
            gc.collect(1)
        elif gc.get_count()[0] > gc.get_threshold()[0]:
            gc.collect(0)
        begin_wait()

    def begin_wait() -> None:
        timer.start(round(1000 * until_next(every_ms / 1000)))

    timer = QTimer(singleShot=True, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(collect)
    was_enabled = gc.isenabled()
    gc.disable()
    begin_wait()
    try:
        yield
    finally:
        timer.stop()
        if was_enabled:
            gc.enable()


def collect_if_many() -> None:
    """Collect garbage before there is so much of it that collecting delays the window."""
    if gc.get_count()[0] > _MANY:
        gc.collect(1)


def settle() -> None:
    """Collect after long-lived objects were made, so that they leave the young generations now."""
    gc.collect(1)
