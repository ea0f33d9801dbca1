"""Ctrl+C and a request to terminate, at whatever moment, close every line and leave no trace of a fault."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.waiting import PROCESS_PATIENCE_S, killed_when_late

SENT = (("Connected", signal.SIGTERM), ("Logged on", signal.SIGINT))
"""The log texts after which each signal is sent: while lines are opened, while accounts are read."""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl+C to everything on a console")
@pytest.mark.parametrize(("moment", "number"), SENT)
def test_that_a_signal_closes_the_window_and_all_lines(
    tmp_path: Path, number: signal.Signals, moment: str
) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "psf_monitor", "--demo", "--debug"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    ) as demo:
        assert demo.stderr is not None
        with killed_when_late(demo):
            for line in demo.stderr:
                if moment in line:
                    break
            demo.send_signal(number)
            # A second one, of an impatient hand, changes nothing.
            demo.send_signal(number)
            rest = demo.stderr.read()
        assert demo.wait(PROCESS_PATIENCE_S) == 0, rest
        assert "Traceback" not in rest
        assert "unforeseen" not in rest
