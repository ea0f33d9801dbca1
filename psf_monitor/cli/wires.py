"""``psf-monitor wires``: a recording in words, one line a message."""

import re
import sys

from psf_monitor.recording.errors import RecordingError
from psf_monitor.recording.reader import Reader
from psf_monitor.recording.words import lines_of

READ, FAILED, DAMAGED = 0, 1, 3
"""Exit codes: all was read; nothing could be; read, and what of it is damaged is said."""


def run(reader: Reader, pattern: "re.Pattern[str] | None") -> int:
    """Print the lines; the exit code. Somebody who reads only the first ones is no error."""
    try:
        for line in lines_of(reader, pattern):
            sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except RecordingError as error:
        sys.stderr.write(f"psf-monitor: {error}\n")
        return FAILED
    except BrokenPipeError:
        return READ
    for sentence in reader.problems:
        sys.stderr.write(f"psf-monitor: {sentence}\n")
    return DAMAGED if reader.problems else READ
