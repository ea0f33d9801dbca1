"""The log: one file rotated by size, warnings on the console, and no secret in either.

It recognizes account ids and the texts that it has to hide, independently of the packages that log.
"""

import json
import logging
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from psf_monitor import formatting
from psf_monitor.files import reason, require_file_or_none
from psf_monitor.formatting import mask_accounts

_log = logging.getLogger(__name__)

FILE_NAME = "psf_monitor.log"
FILES = 5
"""The number of files: the current one, and older ones named .1, .2 and so on."""
MOST_BYTES = 1_000_000
"""The size at which the file is rotated."""

_MOST_EARLY = 20

_UNPRINTABLE = {
    **{code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))},
    **{
        code: f"\\u{code:04x}"
        for code in (*range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2066, 0x206A))
    },
}
"""Line breaks, escapes and direction marks, with which a log line could fake another one."""

_LEVELS = {
    "": logging.WARNING,
    "psf_monitor": logging.INFO,
    # Errors that ib_insync logs also reach us as events; messages it cannot decode do not.
    "ib_insync": logging.CRITICAL,
    "ib_insync.Decoder": logging.ERROR,
}
_DEBUG_LEVELS = {
    "": logging.DEBUG,
    # It logs every turn of the event loop, hundreds of lines a second.
    "qasync": logging.INFO,
}


class MaskingFormatter(logging.Formatter):
    """One line per record, with the local time, its offset and UTC; tracebacks are masked, too."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._hidden: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def hide(self, secret: str) -> None:
        """Keep this text out of every line from now on, plain or as JSON or a ``repr`` writes it.

        A short one is left within longer words, since a gap in a well-known word would reveal it.
        """
        if secret:
            self._hidden |= {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1]}
            longest_first = sorted(self._hidden, key=len, reverse=True)
            self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802
        at = datetime.fromtimestamp(record.created, UTC)
        return f"{at.astimezone().isoformat(' ', 'milliseconds')} ({at:%Y-%m-%d %H:%M:%S}Z)"

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        return super().formatMessage(record).translate(_UNPRINTABLE)

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        if self._pattern is not None:
            line = self._pattern.sub(formatting.REDACTED, line)
        return mask_accounts(line)


class WindowFormatter(MaskingFormatter):
    """The lines shown to the trader; ``head`` is the time, by the window's own clock, and the level.

    ``clock`` gives UTC; in the demo it is the market's, as everywhere else in that window.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._clock = clock

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        return record.getMessage().translate(_UNPRINTABLE)

    def head(self, record: logging.LogRecord) -> str:
        """Return what precedes a line: ``14:26:05  WARNING  ``."""
        level = f"{record.levelname}  " if record.levelno > logging.INFO else ""
        return f"{formatting.clock(self._clock())}  {level}"


def hide(secret: str) -> None:
    """Keep this text out of every line of any log from now on."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, MaskingFormatter):
            handler.formatter.hide(secret)


class _EarlyWarnings(logging.Handler):
    """Keeps the first warnings for a window that is not there yet."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        if len(self.records) < _MOST_EARLY:
            self.records.append(record)


def catch_up(handler: logging.Handler) -> None:
    """Give ``handler`` the warnings of this run from before it was there, once."""
    root = logging.getLogger()
    for early in [each for each in root.handlers if isinstance(each, _EarlyWarnings)]:
        root.removeHandler(early)
        for record in early.records:
            handler.handle(record)


class _LogFile(RotatingFileHandler):
    """Created with its folder by the first line. A failure is reported once, elsewhere, and stops nothing."""

    def __init__(self, path: Path, most_bytes: int) -> None:
        super().__init__(
            path,
            maxBytes=most_bytes,
            backupCount=FILES - 1,
            encoding="utf-8",
            errors="backslashreplace",
            delay=True,
        )
        self._is_problem_reported = False

    @property
    def is_complete(self) -> bool:
        """Whether everything so far could be written."""
        return not self._is_problem_reported

    def doRollover(self) -> None:  # noqa: N802
        if self.stream is not None:
            self.stream.close()
            self.stream = None
        current = Path(self.baseFilename)
        turned = current.with_name(f"{current.name}.turned")
        try:
            current.replace(turned)
        except PermissionError:
            # On Windows another psf_monitor has it open: the file grows until that one has ended.
            return
        older = [turned, *(current.with_name(f"{current.name}.{n}") for n in range(1, FILES))]
        for number in range(FILES - 1, 0, -1):
            # A missing file, or one that somebody is reading, is left out of the rotation.
            with suppress(FileNotFoundError, PermissionError):
                older[number - 1].replace(older[number])

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            super().handleError(record)
        elif not self._is_problem_reported:
            self._is_problem_reported = True
            text = "The log file %s cannot be written: %s. Everything else goes on."
            args = (self.baseFilename, reason(error))
            problem = _log.makeRecord(_log.name, logging.ERROR, __file__, 0, text, args, None)
            # Not through the logger: Python 3.13.4 and later drop what is logged while a line is handled.
            for handler in logging.getLogger().handlers:
                if handler is not self and problem.levelno >= handler.level:
                    handler.handle(problem)

    def close(self) -> None:
        # A full disk does not take the rest either, which was reported when writing failed.
        with suppress(OSError):
            super().close()

    def _open(self) -> TextIOWrapper:
        path = Path(self.baseFilename)
        path.parent.mkdir(parents=True, exist_ok=True)
        require_file_or_none(path)
        return super()._open()


@contextmanager
def logging_to(
    folder: Path,
    *,
    debug: bool,
    console: int = logging.WARNING,
    unprinted: tuple[str, ...] = (),
    most_bytes: int = MOST_BYTES,
) -> Iterator[MaskingFormatter]:
    """Write the log into ``folder`` and level ``console`` or above to stderr, until the block ends.

    Loggers in ``unprinted`` are printed only for errors. ``debug`` writes and prints everything, including
    the libraries' lines. The yielded formatter takes the secrets to hide. ``most_bytes`` is the size at which
    the file is rotated.
    """
    formatter = MaskingFormatter()
    file = _LogFile(folder / FILE_NAME, most_bytes)
    printed = [] if sys.stderr is None else [_console(console, unprinted, debug=debug)]
    for handler in (file, *printed):
        handler.setFormatter(formatter)
    with _levels_of(_DEBUG_LEVELS if debug else _LEVELS), _handled_by(file, *printed, _EarlyWarnings()):
        try:
            yield formatter
        except Exception:
            # The caller reports it on the console in one sentence; a trace is for the file, if there is one.
            for handler in printed if file.is_complete else []:
                logging.getLogger().removeHandler(handler)
            _log.exception("psf_monitor was ended by an unforeseen error")
            raise


def _console(level: int, unprinted: tuple[str, ...], *, debug: bool) -> logging.Handler:
    handler = logging.StreamHandler()
    handler.setLevel(logging.DEBUG if debug else level)
    if not debug:
        handler.addFilter(lambda line: line.levelno > logging.WARNING or not line.name.startswith(unprinted))
    return handler


@contextmanager
def _levels_of(levels: Mapping[str, int]) -> Iterator[None]:
    """Set the levels of these loggers until the block ends."""
    before = {name: logging.getLogger(name).level for name in levels}
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


@contextmanager
def _handled_by(*handlers: logging.Handler) -> Iterator[None]:
    """Pass every record to these handlers until the block ends, which closes them."""
    root = logging.getLogger()
    for handler in handlers:
        root.addHandler(handler)
    try:
        yield
    finally:
        for handler in handlers:
            root.removeHandler(handler)
            handler.close()
