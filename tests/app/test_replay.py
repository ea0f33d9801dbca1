"""``psf-monitor replay``: the real window over a recording, and nothing of it kept."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from psf_monitor.app.options import ReplayOptions
from psf_monitor.app.replay import Playing, ReplayLoop
from psf_monitor.cli.main import main
from psf_monitor.recording.reader import Reader
from psf_monitor.replay.player import Player
from psf_monitor.replay.timeline import Action, read_timeline
from psf_monitor.settings import user_paths
from tests.support.waiting import PATIENCE_S, PROCESS_PATIENCE_S

ROOT = Path(__file__).parents[2]


def replaying(path: Path, picture: Path, speed: str) -> subprocess.Popen[str]:
    options = ["--theme", "dark", "replay", str(path), "--speed", speed, "--screenshot", str(picture)]
    return subprocess.Popen(
        [sys.executable, "-m", "psf_monitor", *options],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stderr=subprocess.PIPE,
        text=True,
    )


def written(file: Path) -> bytes | None:
    return file.read_bytes() if file.exists() else None


def test_that_one_recording_gives_one_picture_at_every_speed_and_is_kept_nowhere(tmp_path: Path) -> None:
    path = ROOT / "tests" / "golden_recordings" / "losses.wires"
    pictures = [tmp_path / "one.png", tmp_path / "two.png"]
    before = written(user_paths().journal)
    runs = [replaying(path, picture, speed) for picture, speed in zip(pictures, ("1", "120"), strict=True)]
    texts = [run.communicate(timeout=PROCESS_PATIENCE_S)[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], texts
    one, two = (picture.read_bytes() for picture in pictures)
    assert one == two
    assert QImage(str(pictures[0])).width() == 1280
    assert written(user_paths().journal) == before


def test_that_a_fault_ends_the_way_to_a_picture_and_is_reported(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    path = ROOT / "tests" / "golden_recordings" / "losses.wires"
    options = ReplayOptions(path, picture=tmp_path / "a.png")

    def fail(act: Action) -> None:
        raise ValueError(f"no hand for {act.act}")

    async def played() -> str:
        async with Player(read_timeline(Reader(path))) as player, asyncio.timeout(PATIENCE_S):
            player.when_acted(fail)
            playing = Playing(player, loop, options)
            playing.start()
            await playing.reached.wait()
            return playing.fault

    loop = ReplayLoop(qapp)
    asyncio.set_event_loop(loop)
    with loop, qtbot.captureExceptions() as raised:
        fault = loop.run_until_complete(played())
    asyncio.set_event_loop(None)
    assert fault.startswith("ValueError: no hand for ")
    assert [str(error) for _, error, _ in raised] == [fault.removeprefix("ValueError: ")]


def test_that_a_file_that_cannot_be_played_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.wires").write_bytes(b"no recording")
    assert main(["replay", str(tmp_path / "a.wires")]) == 1
    assert "cannot be read as a recording" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (("--speed", "0"), "is not a number from 0.1 to 240"),
        (("--speed", "1000"), "is not a number from 0.1 to 240"),
        (("--until", "noon"), "is not a time such as 14:31"),
    ],
)
def test_that_options_that_do_not_apply_are_refused(
    capsys: pytest.CaptureFixture[str], given: tuple[str, str], text: str
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["replay", "a.wires", *given])
    assert text in capsys.readouterr().err


def test_that_a_replay_does_not_stop_before_it_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", "a.wires", "--from", "14:30", "--until", "14:20"]) == 2
    assert "--until: 14:20:00 is before --from, 14:30:00." in capsys.readouterr().err
    # Over midnight it does.
    assert main(["replay", str(tmp_path / "none"), "--from", "23:50", "--until", "00:10"]) == 1
    assert "cannot be read" in capsys.readouterr().err
