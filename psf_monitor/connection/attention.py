"""Whether anybody is looking at the data of a line; if nobody is, it is read in longer turns."""

from collections.abc import Callable


class Attention:
    """Set by whoever shows the data, read by whoever reads the line.

    Without a window, somebody is always assumed to be looking.
    """

    def __init__(self) -> None:
        self.is_paid: Callable[[], bool] = lambda: True
        """Whether anybody is looking now."""
        self._on_return: Callable[[], None] = lambda: None

    def when_regained(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` when somebody looks again; there is one listener, the line being read."""
        self._on_return = listener

    def regain(self) -> None:
        """Record that somebody looks again, and deliver what has collected."""
        self._on_return()
