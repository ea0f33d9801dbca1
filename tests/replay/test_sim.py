"""``python -m psf_monitor.sim --replay``: the servers of a recording for any client."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from psf_monitor.recording.entry import Entry, Kind
from psf_monitor.recording.messages import TwsFrames, framed
from psf_monitor.recording.writer import Writer
from tests.recording.test_file import Hands
from tests.recording.test_message_text import tws
from tests.support.waiting import PATIENCE_S, PROCESS_PATIENCE_S

ROOT = Path(__file__).parents[2]


def written(path: Path, texts: list[tuple[Kind, int, int, bytes]]) -> Path:
    hands = Hands()
    writer = Writer(path, "run", {}, clocks=hands)
    writer.write([Entry(hands.at_ns + n * 1_000_000, *each) for n, each in enumerate(texts)])
    writer.close()
    return path


async def test_that_a_plain_client_receives_what_was_recorded(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.wires",
        [
            (Kind.OPENED, 1, 1, b"{}"),
            (Kind.SENT, 1, 1, b"API\0" + framed(b"v157..176")),
            (Kind.RECEIVED, 1, 1, tws("176", "20260918 14:26:00 US/Eastern")),
            (Kind.SENT, 1, 1, tws("71", "2", "71", "")),
            (Kind.RECEIVED, 1, 1, tws("15", "1", "U1240821") + tws("9", "1", "1")),
            (Kind.SENT, 1, 1, tws("61", "1")),
            (Kind.RECEIVED, 1, 1, tws("61", "3", "U1240821") + tws("62", "1")),
            (Kind.SENT, 1, 1, tws("62", "1", "5", "All", "NetLiquidation")),
            (Kind.RECEIVED, 1, 1, tws("64", "1", "5")),
            (Kind.CLOSED, 1, 1, b'{"by": "far side"}'),
        ],
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "psf_monitor.sim", "--replay", str(path), cwd=ROOT, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(PROCESS_PATIENCE_S):
        port = json.loads(await process.stdout.readline())["tws_port"]
    reader, line = await asyncio.open_connection("127.0.0.1", port)
    # It asks in another order, with a number of its own.
    line.write(b"API\0" + framed(b"v157..176"))
    line.write(tws("71", "2", "1", "") + tws("62", "1", "77", "All", "NetLiquidation") + tws("61", "1"))
    async with asyncio.timeout(PATIENCE_S):
        frames = TwsFrames().feed(await reader.read())
    line.close()
    assert [frame.split(b"\0")[0] for frame in frames] == [b"176", b"15", b"9", b"61", b"62", b"64"]
    assert frames[-1] == b"64\0" + b"1\0" + b"77\0"
    async with asyncio.timeout(PROCESS_PATIENCE_S):
        assert await process.wait() == 0


def test_that_a_file_that_is_no_recording_is_named(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "psf_monitor.sim", "--replay", str(tmp_path / "no.wires")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PROCESS_PATIENCE_S,
    )
    assert done.returncode == 1
    assert "no.wires cannot be read" in done.stderr
