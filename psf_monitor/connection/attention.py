"""Whether anybody looks at what comes over a line: if nobody does, it is read in larger turns."""

from collections.abc import Callable


class Attention:
    """Set by whoever shows what comes, read by whoever reads the line.

    Without a window, somebody always looks.
    """

    def __init__(self) -> None:
        self.is_paid: Callable[[], bool] = lambda: True
        """Whether anybody looks now."""
        self._on_return: Callable[[], None] = lambda: None

    def when_it_returns(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` when somebody looks again; one listener, the line that is read now."""
        self._on_return = listener

    def returns(self) -> None:
        """Note that somebody looks again, and hand over what there is."""
        self._on_return()
