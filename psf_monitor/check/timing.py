"""How long the connection test waits for what, in one record."""

from msgspec import Struct

HELD_SYMBOL_WAIT_S = 3.0


class CheckTiming(Struct, frozen=True):
    """Seconds: ``step_s``, above 0, for any one step; ``held_symbol_s`` for a login to list what is held.

    HAMMER's quote waits for the second, to be of a share that is held.
    """

    step_s: float
    held_symbol_s: float = HELD_SYMBOL_WAIT_S
