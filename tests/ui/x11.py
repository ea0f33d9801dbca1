"""A screen of X11 of its own, with a window manager, and a window's process on it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.waiting import PROCESS_PATIENCE_S, killed_when_late


def needs(*commands: str) -> pytest.MarkDecorator:
    """Skip the tests where one of these is not installed."""
    missing = [each for each in commands if shutil.which(each) is None]
    return pytest.mark.skipif(bool(missing), reason=f"needs {', '.join(commands)}")


@contextmanager
def display_of_its_own() -> Iterator[str]:
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as reported, killed_when_late(server):
        name = f":{reported.readline().strip()}"
    manager = subprocess.Popen(
        ["openbox"], env=os.environ | {"DISPLAY": name}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield name
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait(timeout=PROCESS_PATIENCE_S)


def run_on(display: str, script: str, *arguments: str) -> str:
    """Run a script of Python on a display; what it prints."""
    ended = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=PROCESS_PATIENCE_S,
        check=False,
    )
    if "could not load the Qt platform plugin" in ended.stderr.lower():
        pytest.skip("Qt's xcb libraries are not there")
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()
