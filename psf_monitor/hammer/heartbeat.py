"""Whether HAMMER's line is alive: the time of the last frame, when to ping, when to give up. Pure."""

from datetime import datetime

PING_EVERY_S = 30.0
"""Without a frame for this long, HAMMER is pinged."""
PONG_WAIT_S = 30.0
"""Without an answer for this long, the line is dead."""


class Heartbeat:
    """The time of the last frame of any kind, since every frame shows that the line is alive.

    Times named ``_s`` are monotonic seconds, ``received_at`` is UTC.
    """

    def __init__(self, now: datetime, now_s: float) -> None:
        self.received_at = now
        self.received_s = now_s
        self._pinged_s = now_s

    def on_frame(self, now: datetime, now_s: float) -> None:
        """Record a frame that arrived ``now`` and was read at ``now_s``."""
        self.received_at, self.received_s = now, now_s

    def is_to_be_pinged(self, now_s: float) -> bool:
        """Return whether it is time to ping; if so, the ping counts as sent."""
        if self._is_awaiting or now_s - max(self._pinged_s, self.received_s) < PING_EVERY_S:
            return False
        self._pinged_s = now_s
        return True

    def is_dead(self, now_s: float) -> bool:
        """Return whether HAMMER was pinged and did not answer in time."""
        return self._is_awaiting and now_s - self._pinged_s >= PONG_WAIT_S

    @property
    def _is_awaiting(self) -> bool:
        return self._pinged_s > self.received_s
