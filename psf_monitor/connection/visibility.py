"""Whether the data of a connection is on a screen; if it is not, its line is read in longer turns."""

from collections.abc import Callable


class Visibility:
    """Set by whoever shows the data, read by whoever reads the line.

    Without a window, the data always counts as visible: other programs may read it.
    """

    def __init__(self) -> None:
        self.is_visible: Callable[[], bool] = lambda: True
        """Whether somebody can see the data now."""
        self._on_shown: Callable[[], None] = lambda: None

    def when_shown(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` when the data is visible again; there is one listener, the line being read."""
        self._on_shown = listener

    def shown(self) -> None:
        """Record that the data is visible again, and deliver what has collected."""
        self._on_shown()
