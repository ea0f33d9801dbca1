"""When the window may paint its next frame. Pure: times in milliseconds of one clock."""

from psf_monitor.connection.pacing import FRAME_MS, LOOK_MS


class FramePace:
    """Frames in which something is drawn are ``FRAME_MS`` apart on average.

    An extra frame, for news of a link or for the rows of a second, does not delay a due one: the remaining
    time of the interval may be skipped once, ``LOOK_MS`` after it.
    """

    def __init__(self) -> None:
        self._next_ms = self._look_ms = 0

    def wait_ms(self, now_ms: int) -> int:
        """Return how long to wait before the next frame may begin."""
        return max(self._next_ms - now_ms, self._look_ms - now_ms, 0)

    def on_frame(self, began_ms: int, *, draws: bool) -> None:
        """Record that a frame began then, and whether it has anything to draw."""
        self._look_ms = began_ms + LOOK_MS
        if draws:
            self._next_ms = min(max(self._next_ms + FRAME_MS, began_ms), began_ms + FRAME_MS)
