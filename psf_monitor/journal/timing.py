"""How long the journal waits for what, and how often it looks."""

from dataclasses import dataclass, field

from psf_monitor.connection.supervisor import Backoff


@dataclass(frozen=True, slots=True)
class RecorderTiming:
    """Seconds.

    A disk may take ``patience_s`` for one write before what it is given is shown all the same, and
    ``closing_s`` for the last one. ``backoff`` is between two tries of a write that failed. Every
    ``look_every_s`` the clock is looked at for the open and the close; every ``watched_every_s`` it is
    written down that the broker's list was whole.
    """

    backoff: Backoff = field(default_factory=Backoff)
    patience_s: float = 5.0
    look_every_s: float = 5.0
    watched_every_s: float = 60.0
    closing_s: float = 5.0
