"""The demo keeps its days to itself."""

import os
import subprocess
import sys
from pathlib import Path

from psf_monitor import settings


def test_that_the_demo_leaves_the_users_journal_alone_and_no_file_behind(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "psf_monitor", "--demo", "--screenshot", "shot.png", "--after", "2"],
        cwd=tmp_path,
        env={**os.environ, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "journal" not in done.stderr
    assert not settings.user_paths().journal.exists()
    assert list(scratch.iterdir()) == []
