"""What a connection to a server is at one moment, and how it fails."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from psf_monitor.connection.progress import NO_PROGRESS, Progress
from psf_monitor.problem import Problem


class LinkState(Enum):
    """The states that a card shows; their texts are made in the window."""

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
    """What an attempt has to get through before it can load anything, in this order."""

    LINE = auto()
    """TCP is open, and for HAMMER the WebSocket over it."""
    SIGN_IN = auto()
    """TWS has finished its handshake, or HAMMER has taken the password."""
    DATA_SOURCE = auto()
    """HAMMER's data source runs; TWS has no such step."""


class LinkError(Exception):
    """An attempt failed or a connection was lost; ``retry`` is False where trying again cannot help.

    ``passes``: it ends without anybody changing a setting, so that a first attempt is tried again, too.
    ``at`` is the last message of the server (UTC), where that was noted before the attempt was over.
    """

    def __init__(
        self, problem: Problem, *, retry: bool = True, passes: bool = False, at: datetime | None = None
    ) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.retry = retry
        self.passes = passes
        self.at = at


@dataclass(frozen=True)
class LinkStatus:
    """One moment of a link.

    ``since`` is when this state began, ``up_since`` when the connection became ready, ``lost_at`` when the
    server last sent something before the last one ended unasked, ``retry_at`` when the next attempt starts;
    all UTC. ``clock_error_s`` is how far the computer's clock is ahead of the time that the server tells.
    ``progress`` is how far a state has come. ``accounts`` are the account ids that the server named.
    ``latency_ms`` is the last round trip, ``warning`` what is wrong while the connection is up. ``passed``
    are the steps that the attempt is through, or was when it failed, each with what was learnt there in a few
    words. ``next_endpoint`` is where the next attempt goes, when that is another place. ``is_simulated``: the
    server said that nothing of it is real; ``was_simulated``: the one before said so, whose data stays
    while the attempts go on. ``last_problem`` is how the attempt before this one ended, while the attempts go
    on.
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
        """Whether what is shown of it comes from a simulated server, be it of one that was lost."""
        return self.is_simulated or (self.was_simulated and self.state not in CONNECTED_STATES)

    @property
    def is_retrying(self) -> bool:
        """Whether a connection that ended unasked is waited for, or tried again at this moment."""
        is_again = self.state is LinkState.CONNECTING and self.attempt > 0
        return is_again or self.state is LinkState.RECONNECTING
