"""A log filter: what any client can trigger is logged once per kind and minute, with a count."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

EVERY_S = 60.0


_OF_UPGRADES = ("Unsupported upgrade request", "No supported WebSocket library")
"""uvicorn's warnings about upgrade requests, which are answered in HTTP/1.1 as RFC 9110 demands."""


class LogFilter(logging.Filter):
    """Passes the first record of a kind and, once a minute, the next one with the number suppressed.

    A kind is the logger, the level, the text before its values are filled in, and the exception's type.
    Warnings about upgrade requests are dropped.
    """

    def __init__(self, every_s: float = EVERY_S, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._every_s = every_s
        self._clock = clock
        self._kinds: dict[tuple[object, ...], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if str(record.msg).startswith(_OF_UPGRADES):
            return False
        error = record.exc_info[0] if record.exc_info else None
        kind = (record.name, record.levelno, str(record.msg)[:200], error)
        now = self._clock()
        since, left_out = self._kinds.get(kind, (now - self._every_s, 0))
        if now - since < self._every_s:
            self._kinds[kind] = (since, left_out + 1)
            return False
        self._kinds[kind] = (now, 0)
        if left_out:
            record.msg = f"{record.getMessage()} ({left_out} more like it since the last line)"
            record.args = ()
        return True

    @contextmanager
    def on(self, loggers: Iterable[str]) -> Iterator[None]:
        """Filter the records of these loggers until the block ends."""
        named = [logging.getLogger(name) for name in loggers]
        for logger in named:
            logger.addFilter(self)
        try:
            yield
        finally:
            for logger in named:
                logger.removeFilter(self)
