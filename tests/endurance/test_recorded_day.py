"""The demo recorded with losses and restarts, killed, and played again: the end is the market's own book."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from psf_monitor.recording.reader import Reader
from tests.conftest import ExpectedErrors
from tests.replay.stage import in_replay, play
from tests.waiting import PATIENCE_S

ROOT = Path(__file__).parents[2]
SHORT_S, LONG_S = 2.0, 600.0


@pytest.mark.skipif(sys.platform == "win32", reason="it is ended there as it is here; the file is the same")
def test_that_what_was_recorded_until_the_kill_plays_to_the_markets_own_book(
    tmp_path: Path, request: pytest.FixtureRequest, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync")
    path = tmp_path / "day.wires"
    lives_s = LONG_S if request.config.getoption("--long") else SHORT_S
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.endurance.recorded_day", str(path), str(lives_s)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process:
        book = json.loads(process.stdout.readline())
        os.kill(process.pid, signal.SIGKILL)
        process.wait(PATIENCE_S)
    assert not Reader(path).problems

    async def story() -> None:
        shown = await play(path, tmp_path)
        positions = {f"{p['account']} {p['symbol']}": p["quantity"] for p in shown["positions"]}
        assert {key: quantity for key, quantity in positions.items() if quantity} == book["positions"]
        open_orders = {str(o["perm_id"]): o["filled"] for o in shown["orders"] if o["status"] != "Filled"}
        assert {key: filled for key, filled in open_orders.items() if key in book["orders"]} == book["orders"]
        assert len(shown["fills"]) == book["executions"]

    in_replay(story)
