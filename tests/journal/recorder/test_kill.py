"""The process is killed at any moment while executions stream: what was shown is in the file, once."""

import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from psf_monitor.domain.fills.fill import FillKey
from psf_monitor.journal import rows
from psf_monitor.journal.writer import Writer
from tests.support.waiting import PROCESS_PATIENCE_S, killed_when_late

ROOT = Path(__file__).parents[3]
SHORT_KILLS, LONG_KILLS = 5, 200


def killed(path: Path, seed: int, rng: random.Random, *, while_at_work: bool) -> list[str]:
    """Start the process, kill it at some moment, and return every complete line that it printed.

    With ``while_at_work`` it is killed soon after it has shown the first execution.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.journal.stream", str(path), str(seed)],
        stdout=subprocess.PIPE,
        bufsize=0,
        cwd=ROOT,
    )
    assert process.stdout is not None
    text = b""
    lives_s = rng.uniform(0, 0.4)
    if while_at_work:
        with killed_when_late(process):
            for line in process.stdout:
                text += line
                if line.strip() != b"ready":
                    break
        lives_s = rng.uniform(0, 0.15)
    try:
        more, _ = process.communicate(timeout=lives_s)
        raise AssertionError(f"it ended by itself: {(text + more).decode()}")
    except subprocess.TimeoutExpired:
        process.kill()
    more, _ = process.communicate(timeout=PROCESS_PATIENCE_S)
    lines = (text + more).replace(b"\r\n", b"\n").decode().split("\n")
    # A line that the kill has cut off was not shown whole.
    return [line for line in lines[:-1] if line != "ready"]


def in_file(path: Path) -> dict[FillKey, tuple[int, float | None]]:
    """Revision and commission of everything in the file, which is whole and has each execution once."""
    found: dict[FillKey, tuple[int, float | None]] = {}
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for row in connection.execute(f"SELECT {rows.FILL_COLUMNS} FROM fills"):
            fill = rows.fill_of(row).fill
            assert fill.key not in found
            found[fill.key] = (fill.revision, fill.commission)
    return found


def test_that_every_execution_that_was_shown_is_in_the_file_once(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = tmp_path / "journal.sqlite3"
    seed = random.randrange(10**9)
    rng = random.Random(seed)
    shown: dict[FillKey, tuple[int, float | None]] = {}
    kills = LONG_KILLS if request.config.getoption("--long") else SHORT_KILLS
    lives = 0
    for number in range(kills):
        lines = killed(path, number, rng, while_at_work=number % 5 > 0)
        lives += bool(lines)
        for line in lines:
            account, fill_id, revision, commission = line.split(" ")
            cost = None if commission == "None" else float(commission)
            before = shown.get(FillKey(account, fill_id), (0, None))
            # A revision that was shown with its cost had it from then on.
            shown[FillKey(account, fill_id)] = max(
                before, (int(revision), cost), key=lambda known: (known[0], known[1] is not None)
            )
        if not path.exists():
            assert not shown
            continue
        known = in_file(path) if shown else {}
        for key, (revision_shown, cost_shown) in shown.items():
            assert key in known, f"seed {seed}, kill {number}: {key} was shown and is lost"
            revision_kept, cost_kept = known[key]
            assert revision_kept >= revision_shown, f"seed {seed}, kill {number}: {key} is older than shown"
            if revision_kept == revision_shown and cost_shown is not None:
                assert cost_kept == cost_shown, f"seed {seed}, kill {number}: {key} lost its cost"
    print(f"seed {seed}: {kills} kills, {len(shown)} executions shown")  # noqa: T201
    assert lives >= kills - kills // 5, "it was hardly ever killed while it worked"
    store = Writer(path)
    assert store.open() is None
    store.close()
