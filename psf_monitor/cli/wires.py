"""``psf-monitor wires``: a recording as text, one line per message."""

import argparse
import re
import sys
from pathlib import Path

from psf_monitor.cli.invocation import Invocation
from psf_monitor.cli.options.command_parser import CommandParser
from psf_monitor.recording import errors
from psf_monitor.recording.errors import RecordingError
from psf_monitor.recording.message_text import lines_of
from psf_monitor.recording.reader import Reader
from psf_monitor.runtime.error_output import report_errors

READ, FAILED, DAMAGED = 0, 1, 3
"""Exit codes: all was read; nothing could be; read, with damage reported."""


DESCRIPTION = """Prints what was said over both wires, in words, with account numbers masked. Exit 0: all was
read. 3: what of it is damaged is said. 1: it cannot be read."""


def add_options(parser: CommandParser) -> None:
    """Add the command's options."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a recording; its other parts follow")
    parser.add_argument(
        "--grep", type=_pattern, metavar="WORDS", help="only lines that have this, a regular expression"
    )


def run(invocation: Invocation) -> int:
    """Print the lines; return the exit code. A reader that stops early is not an error."""
    try:
        reader = Reader(invocation.options.file)
        _print(reader, invocation.options.grep)
    except RecordingError as error:
        report_errors(str(error))
        return FAILED
    except BrokenPipeError:
        return READ
    report_errors(*reader.problems)
    return DAMAGED if reader.problems else READ


def _print(reader: Reader, pattern: "re.Pattern[str] | None") -> None:
    for line in lines_of(reader, pattern):
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
    if not reader.count:
        raise RecordingError(errors.empty(reader.path, reader.problems))


def _pattern(text: str) -> "re.Pattern[str]":
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no regular expression: {error}") from None
