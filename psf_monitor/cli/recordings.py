"""The commands about recordings of the wires: their options, and the way to each."""

import argparse
import re
import sys
from pathlib import Path

from psf_monitor.cli import wires
from psf_monitor.recording.errors import RecordingError
from psf_monitor.recording.reader import Reader

COMMANDS = ("wires",)
FAILED = 1


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add them to the command line."""
    parser = commands.add_parser(
        "wires",
        help="print a recording of the wires, one line a message",
        description="Prints what was said over both wires, in words, with account numbers masked. "
        "Exit 0: all was read. 3: what of it is damaged is said. 1: it cannot be read.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a recording; its other parts follow")
    parser.add_argument(
        "--grep", type=_pattern, metavar="WORDS", help="only lines that have this, a regular expression"
    )


def run(options: argparse.Namespace) -> int:
    """Run the command that ``options`` name; the exit code."""
    try:
        reader = Reader(options.file)
    except RecordingError as error:
        sys.stderr.write(f"psf-monitor: {error}\n")
        return FAILED
    return wires.run(reader, options.grep)


def _pattern(text: str) -> "re.Pattern[str]":
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no regular expression: {error}") from None
