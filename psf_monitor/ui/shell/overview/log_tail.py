"""The last lines of the log. Whoever feeds it decides what a line may contain."""

import logging
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from psf_monitor.formatting import counted

MOST_LINES = 500


class LogLine(NamedTuple):
    """When, and how bad, before the text; ``link`` is the connection that it is about, empty for none."""

    level: int
    head: str
    text: str
    link: str


class LogTail(logging.Handler):
    """Keeps the last ``MOST_LINES`` records; any thread may log.

    ``formatter`` makes the text of a record, ``head`` what precedes it. ``count`` counts all records so far,
    ``warnings`` those of level warning or above.
    """

    def __init__(
        self, formatter: logging.Formatter, head: Callable[[logging.LogRecord], str] = lambda _record: ""
    ) -> None:
        super().__init__()
        self.setFormatter(formatter)
        self._head = head
        self.lines: deque[LogLine] = deque(maxlen=MOST_LINES)
        self.count = 0
        self.warnings = 0

    def emit(self, record: logging.LogRecord) -> None:
        link = getattr(record, "link", "")
        self.lines.append(LogLine(record.levelno, self._head(record), self.format(record), link))
        self.count += 1
        self.warnings += record.levelno >= logging.WARNING

    @property
    def text(self) -> str:
        """For the status line: ``Log 2 warnings``."""
        return f"Log  {counted(self.warnings, 'warning')}  (Ctrl+L)"
