"""How long the connection test waits for what, in one record."""

import time
from collections.abc import Callable

from msgspec import Struct

HELD_SYMBOL_WAIT_S = 3.0


class CheckTiming(Struct, frozen=True):
    """Time limits in seconds: ``step_s``, above 0, for each step, ``held_symbol_s`` for a login's positions.

    The step that reads a HAMMER quote waits ``held_symbol_s``, so that it can ask for a share that is held.
    ``stopwatch`` gives the seconds that the duration of each step is measured with.
    """

    step_s: float
    held_symbol_s: float = HELD_SYMBOL_WAIT_S
    stopwatch: Callable[[], float] = time.perf_counter
