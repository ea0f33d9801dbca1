"""What the next start knows of an end that was no good one."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from psf_monitor.runtime.crash_report import MOST_TRACES, watched
from tests.support.waiting import PROCESS_PATIENCE_S, line_of

WATCHED = """
import sys
from pathlib import Path
from psf_monitor.runtime.crash_report import watched
with watched(Path(sys.argv[1]), sys.argv[2]):
    {}
"""
DIES = "import os; os.abort()"
WAITS = "print('here', flush=True); sys.stdin.read()"


def run(folder: Path, what: str, does: str) -> int:
    return subprocess.run(
        [sys.executable, "-c", WATCHED.format(does), str(folder), what],
        check=False,
        capture_output=True,
        timeout=PROCESS_PATIENCE_S,
    ).returncode


def waiting(folder: Path, what: str) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", WATCHED.format(WAITS), str(folder), what],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert line_of(process) == "here\n"
    return process


def kill(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.communicate(timeout=PROCESS_PATIENCE_S)


@pytest.mark.parametrize("what", ["window", "serve", "snapshot", "demo"])
def test_that_a_crash_is_reported_once_with_its_time_and_its_trace(tmp_path: Path, what: str) -> None:
    began = datetime.now(UTC) - timedelta(seconds=1)
    assert run(tmp_path, what, DIES) != 0
    with watched(tmp_path, "window") as crash:
        assert crash is not None
        assert began <= crash.at <= datetime.now(UTC)
        assert crash.trace is not None
        trace = crash.trace.read_text(encoding="utf-8")
        assert trace.startswith("Fatal Python error: Aborted")
        assert '"<string>", line ' in trace
        assert crash.problem.what.startswith("The last psf_monitor crashed at ")
        assert str(crash.trace) in crash.problem.to_do
    with watched(tmp_path, "window") as again:
        assert again is None


@pytest.mark.parametrize("what", ["window", "serve"])
def test_that_one_that_was_killed_is_reported_with_the_time_of_its_last_entry(
    tmp_path: Path, what: str
) -> None:
    process = waiting(tmp_path, what)
    log = tmp_path / "psf_monitor.log"
    log.write_text("the last line", encoding="utf-8")
    kill(process)
    last = datetime.fromtimestamp(log.stat().st_mtime, UTC)
    with watched(tmp_path, "serve") as crash:
        assert crash is not None
        assert (crash.at, crash.trace) == (last, None)
        assert crash.problem.what.startswith(
            "The last psf_monitor did not end by itself; its last word is of "
        )


@pytest.mark.parametrize("what", ["snapshot", "check", "demo"])
def test_that_a_command_that_was_killed_is_not_reported(tmp_path: Path, what: str) -> None:
    kill(waiting(tmp_path, what))
    with watched(tmp_path, "demo") as crash:
        assert crash is None
    assert list(tmp_path.iterdir()) == []


def test_that_a_good_end_leaves_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, "window", "pass") == 0
    assert list(tmp_path.iterdir()) == []


def test_that_one_that_still_runs_has_not_crashed(tmp_path: Path) -> None:
    process = waiting(tmp_path, "window")
    with watched(tmp_path, "window") as crash:
        assert crash is None
    kill(process)
    with watched(tmp_path, "window") as crash:
        assert crash is not None


def test_that_a_command_leaves_the_crash_report_to_the_window(tmp_path: Path) -> None:
    run(tmp_path, "window", DIES)
    with watched(tmp_path, "snapshot") as crash:
        assert crash is None
    with watched(tmp_path, "window") as crash:
        assert crash is not None


def test_that_only_the_newest_traces_are_kept(tmp_path: Path) -> None:
    for day in range(1, MOST_TRACES + 4):
        (tmp_path / f"crash-202609{day:02}-120000-1.txt").write_text("a trace", encoding="utf-8")
    with watched(tmp_path, "window"):
        kept = sorted(path.name for path in tmp_path.glob("crash-*"))
    assert kept[0] == "crash-20260904-120000-1.txt"
    assert len(kept) == MOST_TRACES


def test_that_a_folder_that_cannot_be_made_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file where the folder should be", encoding="utf-8")
    with watched(tmp_path / "log", "window") as crash:
        assert crash is None


@pytest.mark.skipif(sys.platform == "win32", reason="a signal that cannot be sent there")
def test_that_a_segmentation_fault_has_a_trace_too(tmp_path: Path) -> None:
    process = waiting(tmp_path, "window")
    os.kill(process.pid, signal.SIGSEGV)
    process.communicate(timeout=PROCESS_PATIENCE_S)
    with watched(tmp_path, "window") as crash:
        assert crash is not None
        assert crash.trace is not None
        assert "Segmentation fault" in crash.trace.read_text(encoding="utf-8")
