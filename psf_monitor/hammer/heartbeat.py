"""Whether HAMMER's line is alive: when the last frame came, when to ask for one, when it is dead. Pure."""

from datetime import datetime

PING_EVERY_S = 30.0
"""After so long without a frame HAMMER is asked for one."""
PONG_WAIT_S = 30.0
"""After so long without an answer the line is dead."""


class Heartbeat:
    """When the last frame came, of whatever kind: any frame is a sign of life.

    Times named ``_s`` are monotonic seconds, ``received_at`` is UTC.
    """

    def __init__(self, now: datetime, now_s: float) -> None:
        self.received_at = now
        self.received_s = now_s
        self._pinged_s = now_s

    def on_frame(self, now: datetime, now_s: float) -> None:
        """Note a frame that came ``now`` and was read at ``now_s``."""
        self.received_at, self.received_s = now, now_s

    def is_to_be_pinged(self, now_s: float) -> bool:
        """Return whether it is time to ask for a sign of life; it counts as asked."""
        if self._is_awaiting or now_s - max(self._pinged_s, self.received_s) < PING_EVERY_S:
            return False
        self._pinged_s = now_s
        return True

    def is_dead(self, now_s: float) -> bool:
        """Return whether HAMMER was asked for a sign of life and gave none."""
        return self._is_awaiting and now_s - self._pinged_s >= PONG_WAIT_S

    @property
    def _is_awaiting(self) -> bool:
        return self._pinged_s > self.received_s
