"""The demo keeps its days to itself."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.waiting import PROCESS_PATIENCE_S


def test_that_the_demo_leaves_the_users_journal_alone_and_no_file_behind(tmp_path: Path) -> None:
    home, scratch = tmp_path / "home", tmp_path / "scratch"
    home.mkdir()
    scratch.mkdir()
    # Every variable that names the home of all tests, in which other windows have kept a journal.
    own = {name: str(home) for name, value in os.environ.items() if value == os.environ["HOME"]}
    done = subprocess.run(
        [sys.executable, "-m", "psf_monitor", "--demo", "--screenshot", "shot.png", "--after", "0.5"],
        cwd=tmp_path,
        env={**os.environ, **own, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))},
        capture_output=True,
        text=True,
        check=False,
        timeout=PROCESS_PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr
    assert "journal" not in done.stderr
    assert (tmp_path / "shot.png").is_file()
    assert not list(home.rglob("*journal*"))
    assert list(scratch.iterdir()) == []
