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
from tests.endurance.disk.writer import WRITERS

ROOT = Path(__file__).parents[3]
SHORT_KILLS, LONG_KILLS = 2, 100
SHORT_READS_S, LONG_READS_S = 0.3, 20.0


def started(kind: str, path: Path) -> subprocess.Popen[str]:
    """A process that writes; back once it has written."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.endurance.disk.writer", kind, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def ended(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
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


@pytest.mark.parametrize("kind", WRITERS)
def test_that_a_killed_write_leaves_the_old_file_or_the_new_one(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = tmp_path / kind
    rng = random.Random(kind)
    for _ in range(LONG_KILLS if request.config.getoption("--long") else SHORT_KILLS):
        process = started(kind, path)
        # The moment of the kill is meant to be any: nothing is waited for here.
        until = time.perf_counter() + rng.uniform(0, 0.02)
        while time.perf_counter() < until:
            pass
        ended(process)
        READERS[kind](path)


@pytest.mark.parametrize("kind", WRITERS)
def test_that_two_that_write_at_once_never_leave_half_a_file(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = tmp_path / kind
    both = [started(kind, path), started(kind, path)]
    try:
        read = 0
        until = time.perf_counter() + (LONG_READS_S if request.config.getoption("--long") else SHORT_READS_S)
        while time.perf_counter() < until:
            data = files.read(path)
            assert data, f"{kind} is empty after {read} reads"
            if kind == "ui.json":
                assert msgspec.json.decode(data, type=WindowLayout).place is not None
            else:
                copy = path.with_name("copy")
                copy.write_bytes(data)
                READERS[kind](copy)
            read += 1
    finally:
        codes = [process.poll() for process in both]
        for process in both:
            ended(process)
    assert codes == [None, None], "a writer gave up"
