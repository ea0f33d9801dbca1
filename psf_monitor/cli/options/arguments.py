"""Parse the values of the command line, or refuse them in one sentence."""

import argparse
import math
import re
from datetime import date
from pathlib import Path

from psf_monitor import files
from psf_monitor.settings import typed_figure


def number(text: str, least: float, most: float, of: str = "number") -> float:
    """Read a number between these two."""
    advice = ""
    try:
        number = typed_figure.figure_of(text)
    except typed_figure.NoFigureError as error:
        number = math.nan
        taken = [each for each in error.meanings if least <= float(each) <= most]
        advice = typed_figure.what_to_write(taken).removesuffix(".")
    if not least <= number <= most:
        wrong = f"{text!r} is not a {of} from {least:g} to {most:g}"
        raise argparse.ArgumentTypeError(f"{wrong}. {advice}" if advice else wrong)
    return number


def seconds(text: str) -> float:
    """Read a number of seconds from 0 to a day."""
    return number(text, 0, 86400, "number of seconds")


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
    return number(text, 1, 4, "factor")


SMALLEST = (720, 410)
"""The smallest window that there is, in pixels."""


def size(text: str) -> tuple[int, int]:
    """Read width and height in pixels."""
    match = re.fullmatch(r"([0-9]{1,4})x([0-9]{1,4})", text, re.ASCII)
    if not match:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not WIDTHxHEIGHT in pixels of up to 4 digits, such as 1280x720"
        )
    width, height = int(match[1]), int(match[2])
    if width < SMALLEST[0] or height < SMALLEST[1]:
        least = f"{SMALLEST[0]}x{SMALLEST[1]}"
        raise argparse.ArgumentTypeError(f"{text!r} is too small for the window; {least} is the least")
    return width, height


def whole_number(text: str) -> int:
    """Read a whole number."""
    if not re.fullmatch("-?[0-9]{1,18}", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of up to 18 digits")
    return int(text)


def new_file(text: str) -> Path:
    """Read the name of a file to be written: in a folder that is there, and no folder itself."""
    if not text.strip():
        raise argparse.ArgumentTypeError(f"{text!r} names no file")
    path = Path(text)
    if files.is_folder(path):
        raise argparse.ArgumentTypeError(f"{text!r} is a folder; name a file in it")
    if not files.is_folder(path.parent):
        raise argparse.ArgumentTypeError(f"{text!r}: there is no folder {str(path.parent)!r}")
    return path


def picture(text: str) -> Path:
    """Read the name of a picture to be written."""
    path = new_file(text)
    if path.suffix.lower() != ".png":
        raise argparse.ArgumentTypeError(f"{text!r} does not end in .png, which is what is written")
    return path


def csv_file(text: str) -> str:
    """Read the name of a CSV file to be written; ``-`` is the standard output."""
    return text if text == "-" else str(new_file(text))
