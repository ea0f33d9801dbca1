"""How long the journal waits, and how often it checks."""

from dataclasses import dataclass, field

from psf_monitor.connection.backoff import Backoff


@dataclass(frozen=True, slots=True)
class RecorderTiming:
    """Seconds.

    A disk may take ``patience_s`` for one write before the executions are shown all the same, and
    ``closing_s`` for the last one. ``backoff`` is between two attempts at a failed write. Every
    ``look_every_s`` it is checked whether the open or the close has come; every ``coverage_every_s`` the
    coverage of the broker's list is written.
    """

    backoff: Backoff = field(default_factory=Backoff)
    patience_s: float = 5.0
    look_every_s: float = 5.0
    coverage_every_s: float = 60.0
    closing_s: float = 5.0
