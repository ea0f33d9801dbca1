"""The commands about recordings of the wires: their options, and the way to each."""

import argparse
import re
import sys
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from psf_monitor import app
from psf_monitor.cli import wires
from psf_monitor.files import reason
from psf_monitor.recording.anonymize import anonymize
from psf_monitor.recording.errors import RecordingError
from psf_monitor.recording.reader import Reader

COMMANDS = ("wires", "anonymize")
REPLAY = "replay"
FAILED = 1
_NEW_YORK = ZoneInfo("America/New_York")


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add them to the command line."""
    _add_anonymize(commands)
    _add_replay(commands)
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


def _add_anonymize(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "anonymize",
        help="make a recording that can be handed over",
        description="Writes FILE into OUT with other account numbers, names and order references, the same "
        "for the same everywhere, and says what was replaced. Look through OUT with the command wires "
        "before it leaves your hands. Exit 0: written. 3: FILE is damaged, and it is said. 1: not written.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a recording; its other parts follow")
    parser.add_argument("out", type=Path, metavar="OUT", help="a new file")
    parser.add_argument(
        "--amounts",
        action="store_true",
        help="multiply quantities and amounts, too, by a factor for each account: P&L %% and sums stay right",
    )


def _anonymize(options: argparse.Namespace) -> int:
    if options.out.exists():
        sys.stderr.write(f"psf-monitor: {options.out} is there already; nothing is overwritten.\n")
        return FAILED
    try:
        report = anonymize(options.file, options.out, scales=options.amounts)
    except OSError as error:
        sys.stderr.write(f"psf-monitor: {options.out} cannot be written: {reason(error)}.\n")
        return FAILED
    sys.stdout.write(f"{options.out}: {report}\n")
    for sentence in report.problems:
        sys.stderr.write(f"psf-monitor: {sentence}\n")
    return wires.DAMAGED if report.problems else 0


def _add_replay(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        REPLAY,
        help="play a recording of the wires in the window",
        description="Shows what was there: the recorded TWS and HAMMER are played on this computer, and "
        "nothing else is reached or kept. Times are New York's. Exit 1: it cannot be read.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a recording; its other parts follow")
    parser.add_argument("--speed", type=_speed, default=1.0, metavar="N", help="times as fast (1)")
    parser.add_argument("--from", dest="begin", type=_moment, metavar="T", help="go there first: HH:MM[:SS]")
    parser.add_argument("--until", type=_moment, metavar="T", help="stop there: HH:MM[:SS], or ISO 8601")
    parser.add_argument(
        "--screenshot", dest="picture", type=Path, metavar="FILE", help="save it then and exit"
    )


def replay(options: argparse.Namespace) -> int:
    """Play the recording that ``options`` name; the exit code."""
    try:
        return app.run(
            app.ReplayOptions(
                options.file,
                options.speed,
                options.begin,
                options.until,
                options.picture,
                options.theme,
                options.size,
                options.scale or 1.0,
            )
        )
    except RecordingError as error:
        sys.stderr.write(f"psf-monitor: {error}\n")
        return FAILED


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0.1 <= speed <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0.1 to 1000")
    return speed


def _moment(text: str) -> datetime | time:
    try:
        if re.fullmatch("[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?", text, re.ASCII):
            return time.fromisoformat(text.rjust(5, "0") if len(text) < 6 else text.rjust(8, "0"))
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 14:31 or 14:31:07") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=_NEW_YORK)


def run(options: argparse.Namespace) -> int:
    """Run the command that ``options`` name; the exit code."""
    try:
        if options.command == "anonymize":
            return _anonymize(options)
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
