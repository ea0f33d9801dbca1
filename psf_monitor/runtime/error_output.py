"""Errors in sentences, a line each behind the program's name on standard error."""

import io
import sys


class UnreadErrors(io.TextIOBase):
    """Replaces an error stream that nobody reads: discards what is written and keeps what is reported."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        """What ``report_errors`` would have printed."""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        return len(text)


def report_errors(*sentences: str) -> None:
    """Print each sentence on a line of standard error; without a console it is kept for a message box."""
    lines = [f"psf-monitor: {sentence}" for sentence in sentences]
    stream = sys.stderr
    if isinstance(stream, UnreadErrors):
        stream.lines += lines
    elif stream is not None:
        stream.write("".join(f"{line}\n" for line in lines))
