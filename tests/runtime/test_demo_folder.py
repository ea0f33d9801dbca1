"""A demo's token and journal: gone with it, and not there for long when it was killed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from psf_monitor.runtime.demo_folder import demo_folder, remove_left_over
from tests.support.waiting import PROCESS_PATIENCE_S, line_of

_HOLDS = """
import sys, tempfile
tempfile.tempdir = sys.argv[1]
from psf_monitor.runtime.demo_folder import demo_folder
with demo_folder() as folder:
    (folder / "api-token").write_text("a token")
    print(folder, flush=True)
    sys.stdin.read()
"""


def test_that_it_is_gone_at_the_end() -> None:
    with demo_folder() as folder:
        (folder / "api-token").write_text("a token")
    assert not folder.exists()


def test_that_the_folder_of_a_killed_demo_is_removed_and_one_in_use_is_not(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDS, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as demo:
        folder = Path(line_of(demo).strip())
        remove_left_over(tmp_path)
        assert (folder / "api-token").exists(), "it runs"
        demo.kill()
        demo.wait(PROCESS_PATIENCE_S)
        assert (folder / "api-token").exists(), "nobody could remove it yet"
        remove_left_over(tmp_path)
        assert list(tmp_path.iterdir()) == []


def test_that_nothing_else_is_removed(tmp_path: Path) -> None:
    (tmp_path / "psf_monitor-demo-new").mkdir()
    (tmp_path / "mine").mkdir()
    (tmp_path / "psf_monitor-demo-file").write_text("")
    kept = {"psf_monitor-demo-new", "mine", "psf_monitor-demo-file"}
    if sys.platform != "win32":
        (tmp_path / "psf_monitor-demo-link").symlink_to(tmp_path / "mine")
        kept.add("psf_monitor-demo-link")
    old = tmp_path / "psf_monitor-demo-old"
    old.mkdir()
    os.utime(old, (0, 0))
    remove_left_over(tmp_path)
    assert {each.name for each in tmp_path.iterdir()} == kept


@pytest.mark.parametrize("what", ["none", "file"])
def test_that_a_folder_for_temporary_files_that_cannot_be_read_stops_nothing(
    tmp_path: Path, what: str
) -> None:
    (tmp_path / "file").write_text("")
    remove_left_over(tmp_path / what)
