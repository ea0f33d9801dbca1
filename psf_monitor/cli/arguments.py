"""The values of the command line: read, or refused in one sentence."""

import argparse
import re
from datetime import date


def seconds(text: str) -> float:
    """Read a number of seconds from 0 to a day."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86400:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0 to 86400")
    return seconds


def day(text: str) -> date:
    """Read a day as ISO 8601 writes it."""
    try:
        # From Python 3.11 on fromisoformat takes more than the one form that is promised.
        if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2026-09-18")


def year(text: str) -> int:
    """Read a year of this century."""
    if not re.fullmatch("20[0-9]{2}", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is not a year such as 2026")
    return int(text)


def patience(text: str) -> float:
    """Read a number of seconds that is long enough to try something."""
    waited = seconds(text)
    if waited == 0:
        raise argparse.ArgumentTypeError("0 seconds are too short to try anything")
    return waited


def scale(text: str) -> float:
    """Read a factor from 1 to 4."""
    try:
        factor = float(text)
    except ValueError:
        factor = 0.0
    if not 1 <= factor <= 4:
        raise argparse.ArgumentTypeError(f"{text!r} is not a factor from 1 to 4")
    return factor


def size(text: str) -> tuple[int, int]:
    """Read width and height in pixels."""
    match = re.fullmatch(r"([0-9]{3,4})x([0-9]{3,4})", text, re.ASCII)
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is not WIDTHxHEIGHT in pixels, such as 1280x720")
    return int(match[1]), int(match[2])
