"""Where reference cycles are collected: on the window's own thread, never on one that reads or writes a file.

Python collects on whichever thread happens to allocate. An object of Qt that is destroyed that way, on a
thread that is not its own, can take the process with it.
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
"""What stood one look through all is left out of so many: of a firm's book each takes a fifth of a second."""
_MANY = 20_000
"""Objects that it takes some milliseconds to look through."""


@contextmanager
def collected_by_the_window(every_ms: int = EVERY_MS, all_every: int = _ALL_EVERY) -> Iterator[None]:
    """Until the block ends, collect once a second from the event loop of the thread that enters it.

    The young objects as soon as there are so many as Python itself would wait for, older ones every ten
    seconds, all that has come since the last hour every ten minutes, and what is older once an hour.
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
    """Collect garbage before so much of it is there that collecting holds up the window."""
    if gc.get_count()[0] > _MANY:
        gc.collect(1)


def keep() -> None:
    """Much has been made that stays: look through it now, while it is little, and not once it is a heap."""
    gc.collect(1)
