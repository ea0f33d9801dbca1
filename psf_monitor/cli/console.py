"""Standard output and error as they are: a console, a file in some code page, or nothing at all."""

import codecs
import errno
import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, TextIO, cast

from psf_monitor import files
from psf_monitor.app import message_box
from psf_monitor.runtime.error_output import UnreadErrors, report_errors

_PLAIN = str.maketrans(
    {
        "−": "-",
        "–": "-",
        "—": "-",
        "…": "...",
        "·": "-",
        "•": "*",
        "×": "x",
        "→": "->",
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "\N{NO-BREAK SPACE}": " ",
    }
)
"""Punctuation in a form that every code page has. A letter that a code page lacks becomes a question mark."""
_HANDLER = "psf_monitor.plain"

_UNFORESEEN = "ended by an unforeseen error; its trace is in the log, which psf-monitor --paths names"

FAILED = 1
"""The exit code of an unforeseen end."""

WRONG_INPUT = 2
"""The exit code for a command line or setting that is not accepted; nothing was started."""


def plainly(error: UnicodeError) -> tuple[str, int]:
    """Replace what the code page lacks; an error handler for ``codecs``."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    plain = "".join(replaced if (replaced := sign.translate(_PLAIN)).isascii() else "?" for sign in missing)
    return plain, error.end


codecs.register_error(_HANDLER, plainly)


_READER_HAS_GONE = (errno.EPIPE, errno.EINVAL) if sys.platform == "win32" else (errno.EPIPE,)
"""The errors of a pipe without a reader: Windows also calls it an invalid argument."""


class OutputError(OSError):
    """Standard output takes no more: its disk is full, or its reader has gone."""


class _Output:
    """Standard output, with its errors distinguished from those of files that a command reads and writes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        with _refused_as_output():
            return self._stream.write(text)

    def flush(self) -> None:
        with _refused_as_output():
            self._stream.flush()


@contextmanager
def _refused_as_output() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(error.errno, error.strerror) from error


@contextmanager
def usable_streams() -> Iterator[UnreadErrors | None]:
    """Make both streams accept any text until the block ends; yield the one that nobody reads, if any.

    Without a console (pythonw, a shortcut, a scheduled task) both are ``None``: nothing is written then.
    """
    with ExitStack() as ends:
        unread = UnreadErrors() if sys.stderr is None else None
        if unread is not None:
            ends.callback(setattr, sys, "stderr", None)
            sys.stderr = unread
        if sys.stdout is None:
            ends.callback(setattr, sys, "stdout", None)
            sys.stdout = ends.enter_context(open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors=_HANDLER)
        ends.callback(setattr, sys, "stdout", sys.stdout)
        sys.stdout = cast("TextIO", _Output(sys.stdout))
        yield unread


def reporting(run: Callable[[], int], *, has_window: bool) -> int:
    """Run a command with usable streams; return its exit code. Only ``SystemExit`` propagates.

    If nobody reads errors, a window that was not opened says why in a box, and a command says nothing.
    """
    with usable_streams() as unread:
        end_on_break()
        code = FAILED
        try:
            code = run()
            sys.stdout.flush()
        except Exception as error:  # noqa: BLE001
            code = FAILED
            if not output_given_up(error):
                report_errors(f"{_UNFORESEEN} ({type(error).__name__}).")
        finally:
            if unread is not None and has_window and code and unread.lines:
                message_box.show_error("\n".join(unread.lines))
        return code


def _refusal_in(error: BaseException) -> OutputError | None:
    if isinstance(error, BaseExceptionGroup):
        return next(filter(None, map(_refusal_in, error.exceptions)), None)
    return error if isinstance(error, OutputError) else None


def output_given_up(error: Exception) -> bool:
    """Return whether the error is one of standard output; report it, and discard all further output.

    A pipe whose reader has all that it wanted is not reported.
    """
    refused = _refusal_in(error)
    if refused is None:
        return False
    if refused.errno not in _READER_HAS_GONE:
        report_errors(f"standard output cannot be written: {files.reason(refused)}.")
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    return True


def end_on_break() -> None:
    """Make Ctrl+Break end a command like Ctrl+C; only Windows has it."""
    if sys.platform == "win32":
        signal.signal(signal.SIGBREAK, signal.default_int_handler)
