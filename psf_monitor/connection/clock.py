"""The problem of a wrong computer clock, as found by a connection."""

from psf_monitor.domain.clock import TOLERANCE_S
from psf_monitor.problem import Problem


def clock_problem(error_s: float) -> Problem | None:
    """Return the problem of a computer clock that is ahead by ``error_s`` seconds; ``None`` if it is
    right.
    """
    if abs(error_s) <= TOLERANCE_S:
        return None
    size = abs(error_s)
    amount = (
        f"{size:.0f} s" if size < 120 else f"{size / 60:.0f} min" if size < 7200 else f"{size / 3600:.0f} h"
    )
    return Problem(
        what=f"The clock of this computer is {amount} {'fast' if error_s > 0 else 'slow'}.",
        why="Times, ages and market hours here follow the time that TWS reports.",
        to_do="Set the computer's clock right in its date and time settings.",
    )
