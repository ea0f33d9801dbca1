"""When the window may have its next frame. Pure: milliseconds of one clock go in, milliseconds come out."""

from psf_monitor.connection.pacing import FRAME_MS, LOOK_MS


class FramePace:
    """Frames in which something is drawn come ``FRAME_MS`` apart on the whole.

    One that came out of turn, for news of a link or the rows of a second, holds up none that is due: what the
    pace had left may be taken once, ``LOOK_MS`` after it.
    """

    def __init__(self) -> None:
        self._next_ms = self._look_ms = 0

    def wait_ms(self, now_ms: int) -> int:
        """Return how long until the next one may begin."""
        return max(self._next_ms - now_ms, self._look_ms - now_ms, 0)

    def on_frame(self, began_ms: int, *, draws: bool) -> None:
        """Note that one has begun then, and whether it has anything to draw."""
        self._look_ms = began_ms + LOOK_MS
        if draws:
            self._next_ms = min(max(self._next_ms + FRAME_MS, began_ms), began_ms + FRAME_MS)
