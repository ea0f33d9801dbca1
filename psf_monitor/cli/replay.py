"""``psf-monitor replay``: a recording of the wires, played in the window."""

import argparse
import re
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from psf_monitor.app import launch
from psf_monitor.app.options import ReplayOptions
from psf_monitor.cli.invocation import Invocation
from psf_monitor.cli.options import arguments
from psf_monitor.cli.options.command_parser import CommandParser
from psf_monitor.recording.errors import RecordingError
from psf_monitor.runtime.error_output import report_errors

FAILED, USAGE = 1, 2
FASTEST = 240
"""A day of eight hours in two minutes, the speed that a computer must be able to keep."""
_NEW_YORK = ZoneInfo("America/New_York")


DESCRIPTION = """Shows what was there: the recorded TWS and HAMMER are played on this computer, and nothing
else is reached or kept. Times are New York's. Exit 1: it cannot be read."""


def add_options(parser: CommandParser) -> None:
    """Add the command's options."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a recording; its other parts follow")
    parser.add_argument("--speed", type=_speed, default=1.0, metavar="N", help="times as fast (1)")
    parser.add_argument("--from", dest="begin", type=_moment, metavar="T", help="go there first: HH:MM[:SS]")
    parser.add_argument("--until", type=_moment, metavar="T", help="stop there: HH:MM[:SS], or ISO 8601")
    parser.add_argument(
        "--screenshot", dest="picture", type=arguments.picture, metavar="FILE", help="save it then and exit"
    )


def run(invocation: Invocation) -> int:
    """Play the recording that the options name; return the exit code."""
    options = invocation.options
    begin, until = options.begin, options.until
    if _is_before(until, begin):
        report_errors(f"--until: {until:%H:%M:%S} is before --from, {begin:%H:%M:%S}.")
        return USAGE
    try:
        return launch.run(
            ReplayOptions(
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
        report_errors(str(error))
        return FAILED


def _is_before(until: datetime | time | None, begin: datetime | time | None) -> bool:
    """Return whether the end precedes the beginning; times more than half a day apart are of two days."""
    if isinstance(until, datetime) and isinstance(begin, datetime):
        return until < begin
    if isinstance(until, time) and isinstance(begin, time):
        day = datetime(1970, 1, 1, tzinfo=_NEW_YORK)
        apart = datetime.combine(day, begin) - datetime.combine(day, until)
        return timedelta() < apart < timedelta(hours=12)
    return False


def _speed(text: str) -> float:
    return arguments.number(text, 0.1, FASTEST)


def _moment(text: str) -> datetime | time:
    try:
        if re.fullmatch("[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?", text, re.ASCII):
            return time.fromisoformat(text.rjust(5, "0") if len(text) < 6 else text.rjust(8, "0"))
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 14:31 or 14:31:07") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=_NEW_YORK)
