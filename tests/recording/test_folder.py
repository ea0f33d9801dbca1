"""The folder of recordings: what of it is old goes, and nothing else."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

from psf_monitor.recording.folder import name_for, remove_old

DAY_S = 86_400.0


def made(path: Path, days_old: float) -> Path:
    path.write_bytes(b"psf_monitor wires\n")
    at_s = time.time() - days_old * DAY_S
    os.utime(path, (at_s, at_s))
    return path


def test_that_recordings_older_than_so_many_days_go_with_their_parts_and_tails(tmp_path: Path) -> None:
    first = name_for(tmp_path, datetime(2026, 9, 18, 9, 30, tzinfo=UTC))
    for name in (first.name, f"{first.stem}-2.wires", f"{first.stem}-2.wires.tail"):
        made(tmp_path / name, 14.1)
    young = made(name_for(tmp_path, datetime(2026, 9, 19, 9, 30, tzinfo=UTC)), 13.9)
    remove_old(tmp_path, 14)
    assert list(tmp_path.iterdir()) == [young]


def test_that_files_of_other_names_stay_however_old_they_are(tmp_path: Path) -> None:
    names = ("morning.wires", "psf_monitor-notes.txt", "psf_monitor-20260918-093000.wires.bak", "report.json")
    for name in names:
        made(tmp_path / name, 400)
    remove_old(tmp_path, 1)
    assert {path.name for path in tmp_path.iterdir()} == set(names)


def test_that_one_that_cannot_be_removed_keeps_no_other(tmp_path: Path) -> None:
    for number in range(3):
        made(name_for(tmp_path, datetime(2026, 9, 18, 9, number, tzinfo=UTC)), 30)
    held = name_for(tmp_path, datetime(2026, 9, 18, 10, tzinfo=UTC))
    held.mkdir()
    os.utime(held, (0, 0))
    remove_old(tmp_path, 14)
    assert list(tmp_path.iterdir()) == [held]


def test_that_a_folder_that_is_not_there_is_no_fault(tmp_path: Path) -> None:
    remove_old(tmp_path / "none", 14)
    assert not (tmp_path / "none").exists()
