"""A program that records without end, for a test that kills it. It prints how much must be in the file."""

import itertools
import sys
from pathlib import Path

from psf_monitor.recording.errors import RecordingError
from psf_monitor.recording.reader import Reader
from psf_monitor.recording.recorder import Batching, WireRecorder
from psf_monitor.recording.writer import FileLimits
from tests.support.records import GUN


def main(path: Path) -> None:
    wires = WireRecorder(limits=FileLimits(block_bytes=5_000), batching=Batching(0.001))
    wires.start(path, {})
    line = wires.link(GUN).opened("a:1")
    for number in itertools.count():
        line.received(b"%d" % number)
        if number == 3_000:
            found = 0
            while found < 2_000:
                try:
                    found = sum(1 for _ in Reader(path)) - 1
                except RecordingError:
                    continue
            sys.stdout.write(f"{found}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
