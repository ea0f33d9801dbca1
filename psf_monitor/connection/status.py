"""The status of a connection to a server, how it fails, and the problem of a wrong clock that it finds."""

from datetime import datetime
from enum import Enum, auto

from msgspec import Struct

from psf_monitor.connection.progress import NO_PROGRESS, Progress
from psf_monitor.domain.clock import TOLERANCE_S
from psf_monitor.problem import Problem


class LinkState(Enum):
    """The states of a connection; the window makes their text."""

    IDLE = auto()
    CONNECTING = auto()
    LOADING = auto()
    READY = auto()
    CUT_OFF = auto()
    RESTORED = auto()
    SILENT = auto()
    RECONNECTING = auto()
    FAILED = auto()


CONNECTED_STATES = frozenset(
    {LinkState.LOADING, LinkState.READY, LinkState.CUT_OFF, LinkState.RESTORED, LinkState.SILENT}
)


class ConnectStep(Enum):
    """The steps of an attempt before it can load anything, in this order."""

    LINE = auto()
    """TCP is open, and for HAMMER the WebSocket over it."""
    SIGN_IN = auto()
    """TWS has finished its handshake, or HAMMER has accepted the password."""
    DATA_SOURCE = auto()
    """HAMMER's data source runs; TWS has no such step."""


class LinkError(Exception):
    """An attempt failed or a connection was lost; ``retry`` is False if trying again cannot help.

    ``passes``: it ends without a change of settings, so even a first attempt is repeated. ``at`` is the time
    of the server's last message (UTC), if it was recorded before the attempt was over.
    """

    def __init__(
        self, problem: Problem, *, retry: bool = True, passes: bool = False, at: datetime | None = None
    ) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.retry = retry
        self.passes = passes
        self.at = at


class LinkStatus(Struct, frozen=True):
    """One moment of a link.

    ``since`` is when this state began, ``up_since`` when the connection became ready, ``lost_at`` when the
    server last sent something before an unplanned loss, ``retry_at`` when the next attempt starts; all UTC.
    ``clock_error_s`` is how far the computer's clock is ahead of the server's. ``progress`` is how far the
    state has come. ``accounts`` are the account ids named by the server. ``latency_ms`` is the last round
    trip, ``warning`` what is wrong while the connection is up. ``passed`` are the steps that the attempt has
    passed, or had when it failed, each with a short result. ``next_endpoint`` is where the next attempt goes,
    if that is another place. ``is_simulated``: the server says that it is simulated; ``was_simulated``: the
    previous one did, and its data stays during further attempts. ``last_problem`` is how the previous attempt
    ended, during further attempts.
    """

    state: LinkState
    since: datetime
    endpoint: str
    client_id: int | None = None
    accounts: tuple[str, ...] = ()
    progress: Progress = NO_PROGRESS
    problem: Problem | None = None
    attempt: int = 0
    latency_ms: float | None = None
    clock_error_s: float = 0.0
    warning: Problem | None = None
    up_since: datetime | None = None
    lost_at: datetime | None = None
    retry_at: datetime | None = None
    passed: tuple[tuple[ConnectStep, str], ...] = ()
    next_endpoint: str = ""
    is_simulated: bool = False
    was_simulated: bool = False
    last_problem: Problem | None = None

    @property
    def shows_simulated(self) -> bool:
        """Whether the data shown comes from a simulated server, possibly one that was lost."""
        return self.is_simulated or (self.was_simulated and self.state not in CONNECTED_STATES)

    @property
    def is_retrying(self) -> bool:
        """Whether it waits to reconnect, or reconnects, after an unplanned loss."""
        is_again = self.state is LinkState.CONNECTING and self.attempt > 0
        return is_again or self.state is LinkState.RECONNECTING


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
