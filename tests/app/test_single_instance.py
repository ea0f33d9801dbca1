"""A second start raises the open window; leftovers of a dead one do not matter."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from multiprocessing.connection import Client
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from psf_monitor.app.single_instance import SingleInstance, StartTiming, claim
from psf_monitor.settings import SettingsError, user_paths
from tests.conftest import ExpectedErrors
from tests.support.waiting import PROCESS_PATIENCE_S, joined, line_of

IMPATIENT = StartTiming(start_s=0.2, answer_s=0.2, look_every_s=0.01)


@pytest.fixture
def held(qtbot: QtBot, tmp_path: Path) -> Iterator[SingleInstance]:  # noqa: ARG001
    """A process that has the folder and answers."""
    instance = claim(tmp_path, tmp_path)
    assert instance is not None
    instance.listen()
    yield instance
    instance.close()


def claimed_elsewhere(folder: Path, qtbot: QtBot) -> list[SingleInstance | SettingsError | None]:
    """Return what a second process gets while this one keeps running."""
    reported: list[SingleInstance | SettingsError | None] = []

    def start() -> None:
        try:
            reported.append(claim(folder, folder))
        except SettingsError as error:
            reported.append(error)

    second = threading.Thread(daemon=True, target=start)
    second.start()
    qtbot.waitUntil(lambda: bool(reported))
    joined(second)
    return reported


def test_that_a_second_start_raises_the_first_window_and_opens_none(
    held: SingleInstance, tmp_path: Path, qtbot: QtBot
) -> None:
    raised: list[bool] = []
    held.raise_requested.connect(lambda: raised.append(True))
    for number in (1, 2, 3):
        assert claimed_elsewhere(tmp_path, qtbot) == [None]
        assert len(raised) == number


def test_that_another_settings_folder_opens_its_own_window(
    held: SingleInstance,  # noqa: ARG001
    tmp_path: Path,
) -> None:
    other = claim(tmp_path / "other", tmp_path)
    assert other is not None
    other.close()


@pytest.mark.skipif(sys.platform == "win32", reason="a folder has one name there")
def test_that_one_folder_is_one_folder_by_whatever_name(
    held: SingleInstance,  # noqa: ARG001
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    reported: list[SingleInstance | None] = []
    second = threading.Thread(daemon=True, target=lambda: reported.append(claim(link, tmp_path)))
    second.start()
    qtbot.waitUntil(lambda: reported == [None])
    joined(second)


def test_that_a_closed_window_lets_the_next_one_open(tmp_path: Path) -> None:
    for _ in range(2):
        instance = claim(tmp_path, tmp_path)
        assert instance is not None
        instance.listen()
        instance.close()


def test_that_a_process_that_does_not_answer_is_reported_and_how_to_go_on(
    qtbot: QtBot,  # noqa: ARG001
    tmp_path: Path,
) -> None:
    hung = claim(tmp_path, tmp_path)
    assert hung is not None
    with ExitStack() as ends:
        ends.callback(hung.close)
        with pytest.raises(SettingsError, match=r"does not answer.*--new"):
            claim(tmp_path, tmp_path, IMPATIENT)


def test_that_a_killed_process_blocks_no_start(qtbot: QtBot, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from psf_monitor.app.single_instance import claim\n"
        "i = claim(Path(sys.argv[1]), Path(sys.argv[1])); i.listen(); print('held', flush=True)\n"
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as first:
        assert line_of(first) == "held\n"
        first.kill()
    instance = claim(tmp_path, tmp_path, IMPATIENT)
    assert instance is not None
    instance.listen()
    assert claimed_elsewhere(tmp_path, qtbot) == [None]
    instance.close()


def test_that_a_caller_with_another_message_raises_no_window(
    held: SingleInstance, tmp_path: Path, qtbot: QtBot
) -> None:
    raised: list[bool] = []
    held.raise_requested.connect(lambda: raised.append(True))
    address = held.address
    with Client(address) as stranger:
        stranger.send_bytes(b"hello")
    with Client(address):
        pass
    assert claimed_elsewhere(tmp_path, qtbot) == [None]
    assert raised == [True]


def test_that_a_folder_that_takes_no_lock_still_opens_a_window(
    qtbot: QtBot,  # noqa: ARG001
    tmp_path: Path,
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.app.single_instance")
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    instance = claim(tmp_path, blocked)
    assert instance is not None
    instance.close()


def test_that_a_long_path_still_gets_a_socket(qtbot: QtBot, tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    instance = claim(tmp_path, deep)
    assert instance is not None
    instance.listen()
    reported: list[SingleInstance | None] = []
    second = threading.Thread(daemon=True, target=lambda: reported.append(claim(tmp_path, deep)))
    second.start()
    qtbot.waitUntil(lambda: reported == [None])
    joined(second)
    instance.close()


def test_that_a_folder_may_begin_with_the_tilde_of_nobody(tmp_path: Path) -> None:
    instance = claim(Path("~nobody of that name"), tmp_path)
    assert instance is not None
    instance.close()


def test_that_the_command_raises_the_window_that_is_open_and_ends(qtbot: QtBot, tmp_path: Path) -> None:
    config = tmp_path / "here"
    config.mkdir()
    file = config / "settings.toml"
    file.write_text("")
    instance = claim(config, user_paths().api_token.parent)
    assert instance is not None
    instance.listen()
    ended: list[subprocess.CompletedProcess[str]] = []
    command = [sys.executable, "-m", "psf_monitor", "--settings", str(file)]
    second = threading.Thread(
        target=lambda: ended.append(
            subprocess.run(command, capture_output=True, text=True, check=False, timeout=PROCESS_PATIENCE_S)
        )
    )
    with qtbot.waitSignal(instance.raise_requested):
        second.start()
    qtbot.waitUntil(lambda: bool(ended))
    instance.close()
    assert (ended[0].returncode, ended[0].stderr) == (0, "")
    assert "--new opens another" in ended[0].stdout
