"""Programs that a trial of an installation runs: what they say is kept, and none outlives its step."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_S = 120.0


def run(*command: object, **more: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*map(str, command)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        check=False,
        **more,
    )  # type: ignore[call-overload, no-any-return]


@contextmanager
def running(*command: object) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
