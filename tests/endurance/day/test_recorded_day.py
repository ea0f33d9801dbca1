"""The demo recorded with losses and restarts, killed, and played again: it shows what was shown live."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from psf_monitor.recording.reader import Reader
from psf_monitor.ui.shell.main_window import MainWindow
from tests.conftest import ExpectedErrors
from tests.endurance.day.recorded_day import MARK
from tests.golden_recordings.window_cells import photographed, shown
from tests.replay.recorded_and_replayed import differences, in_replay, play_past_marks
from tests.support.waiting import PROCESS_PATIENCE_S

ROOT = Path(__file__).parents[3]
SHORT_S, LONG_S = 2.0, 600.0
SHORT_PICTURES, LONG_PICTURES = 2, 10


@pytest.mark.usefixtures("qapp")
@pytest.mark.skipif(sys.platform == "win32", reason="it is ended there as it is here; the file is the same")
def test_that_a_recording_cut_off_by_a_kill_plays_to_the_same_book_and_pictures(
    tmp_path: Path, request: pytest.FixtureRequest, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync")
    path = tmp_path / "day.wires"
    is_long = request.config.getoption("--long")
    form = (LONG_S, LONG_PICTURES) if is_long else (SHORT_S, SHORT_PICTURES)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.endurance.day.recorded_day", str(path), *map(str, form)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process:
        reported = process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
        process.wait(PROCESS_PATIENCE_S)
    book = json.loads(reported)
    assert not Reader(path).problems

    def look(window: MainWindow) -> dict[str, Any]:
        return {"cells": shown(window), "photos": photographed(window)}

    async def story() -> None:
        pictures, end = await play_past_marks(path, tmp_path, MARK, look)
        for number, (again, live) in enumerate(zip(pictures, book["pictures"], strict=True)):
            assert differences(again["cells"], live["cells"]) == [], f"picture {number}"
            assert again["photos"] == live["photos"], f"picture {number}"
        positions = {f"{p['account']} {p['symbol']}": p["quantity"] for p in end["positions"]}
        assert {key: quantity for key, quantity in positions.items() if quantity} == book["positions"]
        open_orders = {str(o["perm_id"]): o["filled"] for o in end["orders"] if o["status"] != "Filled"}
        assert {key: filled for key, filled in open_orders.items() if key in book["orders"]} == book["orders"]
        assert len(end["fills"]) == book["executions"]
        assert {s["account"]: s["net_liquidation"] for s in end["summaries"]} == book["net_liquidation"]

    in_replay(story)
