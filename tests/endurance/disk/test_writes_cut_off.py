"""The process is killed in the middle of a write, or two write at once: the next start finds a whole file."""

import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from psf_monitor import files, settings
from psf_monitor.settings import symbol_file
from psf_monitor.ui.shell.layout.store import LayoutStore, WindowLayout
from tests.support.waiting import PROCESS_PATIENCE_S, line_of

ROOT = Path(__file__).parents[3]
SHORT_KILLS, LONG_KILLS = 4, 300
SHORT_READS_S, LONG_READS_S = 0.5, 60.0


def started(folder: Path) -> subprocess.Popen[str]:
    """A process that writes every kind of file; back once it has written each."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.endurance.disk.writer", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert line_of(process) == "ready\n"
    return process


def ended(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait(PROCESS_PATIENCE_S)
    assert process.stdout is not None
    process.stdout.close()


def read_layout(path: Path) -> None:
    layout, problem = LayoutStore(path).load()
    assert problem == ""
    assert layout.place is not None


def read_settings(path: Path) -> None:
    loaded = settings.load(path=path, environment={}, dotenv=path.with_name("none"), password=lambda: "")
    assert loaded.hammer.port >= 16000


def read_symbols(path: Path) -> None:
    found = symbol_file.parse(path.read_bytes())
    assert found.names
    assert found.problems == ()


READERS: dict[str, Callable[[Path], None]] = {
    "ui.json": read_layout,
    "settings.toml": read_settings,
    "symbols.csv": read_symbols,
}


def test_that_a_killed_write_leaves_the_old_file_or_the_new_one(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    rng = random.Random(0)
    for _ in range(LONG_KILLS if request.config.getoption("--long") else SHORT_KILLS):
        process = started(tmp_path)
        # The moment of the kill is meant to be any: nothing is waited for here.
        until = time.perf_counter() + rng.uniform(0, 0.02)
        while time.perf_counter() < until:
            pass
        ended(process)
        for kind, read in READERS.items():
            read(tmp_path / kind)


def test_that_two_that_write_at_once_never_leave_half_a_file(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    both = [started(tmp_path), started(tmp_path)]
    copy = tmp_path / "copy"
    try:
        read = 0
        until = time.perf_counter() + (LONG_READS_S if request.config.getoption("--long") else SHORT_READS_S)
        while time.perf_counter() < until:
            for kind, of_kind in READERS.items():
                data = files.read(tmp_path / kind)
                assert data, f"{kind} is empty after {read} reads"
                if kind == "ui.json":
                    assert msgspec.json.decode(data, type=WindowLayout).place is not None
                else:
                    copy.write_bytes(data)
                    of_kind(copy)
            read += 1
    finally:
        codes = [process.poll() for process in both]
        for process in both:
            ended(process)
    assert codes == [None, None], "a writer gave up"
