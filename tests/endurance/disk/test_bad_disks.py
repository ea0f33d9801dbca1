"""A home that cannot be written, a disk that is full, two windows over one home: it opens, and says so."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from psf_monitor.ui.shell.layout.store import LayoutStore, WindowLayout, WindowPlace
from tests.support.waiting import PROCESS_PATIENCE_S

ROOT = Path(__file__).parents[3]
NAMES = ("HOME", "USERPROFILE", *(f"XDG_{kind}_HOME" for kind in ("CACHE", "CONFIG", "DATA", "STATE")))
NAMES += tuple(f"WIN_PD_OVERRIDE_{kind}" for kind in ("APPDATA", "LOCAL_APPDATA", "MY_PICTURES"))
KEPT = WindowLayout(place=WindowPlace(3, 4, 1000, 600), account="All")


def visiting(home: Path, *options: str, stays_ms: int = 0) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.endurance.disk.open_window", str(stays_ms), *options],
        cwd=ROOT,
        env={**os.environ, **dict.fromkeys(NAMES, str(home))},
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> str:
    """Return its console output; it must have ended with success."""
    _, text = process.communicate(timeout=PROCESS_PATIENCE_S)
    assert process.returncode == 0, text
    assert "Traceback" not in text
    return text


@contextmanager
def disk(at: Path, options: str) -> Iterator[Path]:
    """A small disk of its own; skips where this user may not mount one."""
    at.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(at)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root may mount a disk")
    try:
        yield at
    finally:
        subprocess.run(["umount", str(at)], check=True)


needs_mount = pytest.mark.skipif(sys.platform != "linux", reason="mounting a small disk is Linux's")


def fill(folder: Path) -> None:
    """Leave not one byte."""
    with (folder / "ballast").open("wb", buffering=0) as file:
        for size in (4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue


@needs_mount
def test_that_a_full_disk_keeps_the_old_layout_and_the_window(tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "size=128k") as home:
        store = LayoutStore(home / "psf_monitor" / "ui.json")
        store.save(KEPT)
        fill(home)
        text = ended(visiting(home))
        assert "cannot be written" in text
        assert LayoutStore(store.path).load() == (KEPT, "")


@needs_mount
def test_that_a_read_only_home_keeps_the_old_layout_and_the_window(tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "size=128k") as home:
        store = LayoutStore(home / "psf_monitor" / "ui.json")
        store.save(KEPT)
        subprocess.run(["mount", "-o", "remount,ro", str(home)], check=True)
        text = ended(visiting(home))
        assert "cannot be written" in text
        assert LayoutStore(store.path).load() == (KEPT, "")


def test_that_two_windows_over_one_home_disturb_nobody(tmp_path: Path) -> None:
    both = [visiting(tmp_path, "--new", stays_ms=300) for _ in range(2)]
    for process in both:
        ended(process)
    [kept] = tmp_path.rglob("ui.json")
    _, problem = LayoutStore(kept).load()
    assert problem == ""
    [log] = tmp_path.rglob("psf_monitor.log")
    assert log.read_text(encoding="utf-8").count("starts: window") == 2
