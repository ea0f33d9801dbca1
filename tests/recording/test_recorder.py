"""The recorder between the taps and the disk: nothing is lost, and failures are reported."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from psf_monitor.connection.wire_tap import NO_LINE_TAP, BothTaps, NoLineTap
from psf_monitor.recording.entry import Entry, Kind
from psf_monitor.recording.reader import Reader, tail_path
from psf_monitor.recording.recorder import MOST_HEAD_BYTES, Batching, WireRecorder
from tests.endurance.disk.test_bad_disks import disk, needs_mount
from tests.endurance.disk.test_bad_disks import fill as fill_up
from tests.support.records import GUN
from tests.support.waiting import line_of, until

ROOT = Path(__file__).parents[2]


@contextmanager
def recorder(**limits: int) -> Iterator[WireRecorder]:
    """One whose thread has ended after the block."""
    made = WireRecorder(batching=Batching(0.001, 0.01, **limits))
    try:
        yield made
    finally:
        made.stop()


def _has_taken(wires: WireRecorder, number: int) -> bool:
    return wires.taken_count > number


def entries(path: Path, *kinds: Kind) -> list[Entry]:
    return [r.entry for r in Reader(path) if not kinds or r.entry.kind in kinds]


def written(path: Path) -> list[Entry]:
    """What there is of a recording that is still being written: nothing before its header is."""
    return entries(path) if path.exists() and path.stat().st_size else []


async def test_that_both_directions_and_the_ends_of_a_line_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.wires"
    with recorder() as wires:
        wires.start(path, {"ibkr": {"port": 7497}})
        link = wires.link(GUN)
        link.acted("connect")
        line = link.opened("127.0.0.1:7497", 71)
        line.sent(b"API\0")
        line.received(b"\0\0\0\x04176\0")
        line.closed("far side", "")
        line.closed("us", "said twice")
        link.failed("refused")
        wires.stop()
    reported = [(Kind(e.kind).name, e.link, e.line, e.data) for e in entries(path)]
    assert reported == [
        ("ACT", 1, 0, b'{"act": "connect"}'),
        ("OPENED", 1, 1, b'{"endpoint": "127.0.0.1:7497", "client_id": 71}'),
        ("SENT", 1, 1, b"API\0"),
        ("RECEIVED", 1, 1, b"\0\0\0\x04176\0"),
        ("CLOSED", 1, 1, b'{"by": "far side", "why": ""}'),
        ("FAILED", 1, 0, b'{"why": "refused"}'),
        ("END", 0, 0, b""),
    ]
    assert Reader(path).header.facts == {"settings": {"ibkr": {"port": 7497}}}


async def test_that_a_recording_that_starts_later_has_the_begin_of_every_open_line(tmp_path: Path) -> None:
    path = tmp_path / "a.wires"
    with recorder() as wires:
        line, gone = wires.link(GUN).opened("a:1"), wires.link(GUN).opened("b:2")
        line.received(b"first")
        gone.closed("far side", "")
        wires.start(path, {})
        line.received(b"second")
        wires.stop()
    reported = [(Kind(e.kind).name, e.line, e.data) for e in entries(path)]
    assert [name for name, *_ in reported] == ["OPENED", "RECEIVED", "GAP", "RECEIVED", "END"]
    assert reported[1][1:] == (1, b"first")
    assert reported[3][1:] == (1, b"second")


_ACTS = st.sampled_from(("start", "stop", "word", "much"))


@given(st.lists(_ACTS, max_size=10))
@example(["word", "much", "word", "start", "word", "stop", "word", "start", "word"])
def test_that_a_connection_that_reports_only_to_a_listening_tap_is_recorded_completely(
    story: list[str],
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        patch("psf_monitor.recording.recorder.MOST_HEAD_BYTES", 50),
        recorder() as wires,
    ):
        asked, reported = wires.link(GUN).opened("a:1"), wires.link(GUN).opened("a:1")
        paths: list[Path] = []
        for number, text in enumerate(story):
            data = f"{number} {text}".encode().ljust(100 if text == "much" else 0)
            if text == "start":
                if not wires.is_on:
                    paths.append(Path(folder) / f"{number}.wires")
                wires.start(Path(folder) / f"{number}.wires", {})
            elif text == "stop":
                wires.stop()
            else:
                if asked.is_listening:
                    asked.received(data)
                reported.received(data)
        wires.stop()
        for path in paths:
            received = entries(path, Kind.OPENED, Kind.RECEIVED)
            assert [e.data for e in received if e.line == 1] == [e.data for e in received if e.line == 2]


async def test_that_a_tap_that_keeps_nothing_does_not_listen(tmp_path: Path) -> None:
    with recorder() as wires:
        line = wires.link(GUN).opened("a:1")
        assert line.is_listening
        line.received(bytes(MOST_HEAD_BYTES + 1))
        assert not line.is_listening
        assert BothTaps(line, NoLineTap()).is_listening
        assert not BothTaps(line, NO_LINE_TAP).is_listening
        wires.start(tmp_path / "a.wires", {})
        assert line.is_listening
        wires.stop()
        assert not line.is_listening


@pytest.mark.parametrize("password", ["s3cret word", 'qu"ote', "öffne dich", "abc", "pass"])
async def test_that_no_password_is_in_the_files(tmp_path: Path, password: str) -> None:
    path = tmp_path / "a.wires"
    text = json.dumps({"cmd": "connect", "pwd": password}).encode()
    with recorder() as wires:
        wires.hide(password)
        wires.start(path, {})
        line = wires.link(GUN).opened("a:1")
        line.sent(text)
        line.sent(json.dumps({"echo": password}, ensure_ascii=False).encode())
        line.sent(b'{"cmd": "connect", "PWD" : "never \\" told before"}')
        await until(lambda: tail_path(path).exists() and len(written(path)) == 4)
        tail = tail_path(path).read_bytes()
        wires.stop()
    raw = b"".join(e.data for e in entries(path)) + tail
    for form in (password.encode(), json.dumps(password)[1:-1].encode(), b"told before"):
        assert b'"' + form + b'"' not in raw
        assert b'"cmd": "connect"' in raw
    assert raw.count("•".encode()) + raw.count(b"\\u2022") >= 6


async def test_that_a_name_that_cannot_be_used_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("dear", encoding="utf-8")
    with recorder() as wires:
        wires.start(path, {})
        wires.acted("something")
        await until(lambda: wires.problem)
        assert wires.problem is not None
        assert "is there already and is no recording" in str(wires.problem)
    assert path.read_text(encoding="utf-8") == "dear"


async def test_that_a_folder_that_cannot_be_written_is_reported_and_written_when_it_can_be(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "folder"
    folder.write_text("in the way", encoding="utf-8")
    path = folder / "a.wires"
    with recorder() as wires:
        wires.start(path, {})
        wires.acted("first")
        await until(lambda: wires.problem)
        assert wires.problem is not None
        assert str(path) in wires.problem.what
        folder.unlink()
        await until(lambda: wires.problem is None)
        wires.acted("second")
        wires.stop()
    assert [json.loads(e.data)["act"] for e in entries(path, Kind.ACT)] == ["first", "second"]


@needs_mount
async def test_that_a_full_disk_is_reported_and_loses_nothing(tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "size=1m") as folder:
        path = folder / "a.wires"
        with recorder() as wires:
            wires.start(path, {})
            for number in range(50):
                wires.acted("before", number=number)
            await until(lambda: len(written(path)) == 50)
            fill_up(folder)
            for number in range(50):
                wires.acted("full", number=number, words="x" * 200)
            await until(lambda: wires.problem)
            assert "No space left" in str(wires.problem)
            (folder / "ballast").unlink()
            await until(lambda: wires.problem is None)
            wires.stop()
        texts = [json.loads(e.data) for e in entries(path, Kind.ACT)]
        assert [s["number"] for s in texts] == [*range(50), *range(50)]


async def test_that_an_end_that_the_disk_did_not_take_is_reported(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.write_text("in the way", encoding="utf-8")
    with recorder() as wires:
        wires.start(folder / "a.wires", {})
        wires.acted("first")
        await until(lambda: wires.problem)
        ended = wires.stop()
    assert ended.problem is not None
    assert "The end of the recording" in ended.problem.what


async def test_that_a_recording_names_the_file_that_it_is_written_to(tmp_path: Path) -> None:
    path = tmp_path / "a.wires"
    with recorder() as wires:
        for expected in (path, tmp_path / "a-2.wires"):
            wires.start(path, {})
            wires.acted("something")
            ended = wires.stop()
            assert ended == (expected, None)
            assert len(entries(expected)) == 2


async def test_that_entries_dropped_from_memory_are_counted(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.write_text("in the way", encoding="utf-8")
    path = folder / "a.wires"
    with recorder(most_waiting_bytes=100) as wires:
        wires.start(path, {})
        for number in range(9):
            wires.acted("more", words="x" * 60)
            await until(partial(_has_taken, wires, number), what="the thread to take it")
        assert wires.problem is not None
        folder.unlink()
        await until(lambda: wires.problem is None)
        wires.acted("last")
        wires.stop()
    gaps = [json.loads(e.data) for e in entries(path, Kind.GAP)]
    kept = len(entries(path, Kind.ACT))
    assert sum(gap["entries"] for gap in gaps) + kept == 10


def test_that_a_program_that_is_killed_leaves_all_but_the_last_moment(tmp_path: Path) -> None:
    path = tmp_path / "a.wires"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.recording.endless_recording", str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        reported = int(line_of(process))
        os.kill(process.pid, 9) if os.name == "posix" else process.kill()
    numbers = [int(e.data) for e in entries(path, Kind.RECEIVED)]
    assert numbers == list(range(len(numbers)))
    assert len(numbers) >= reported
