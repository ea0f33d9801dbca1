"""Output that goes to a file in some code page, to a pipe, or nowhere at all."""

import errno
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from psf_monitor.app import message_box
from psf_monitor.cli import check, window
from psf_monitor.cli.console import usable_streams
from psf_monitor.cli.main import main
from psf_monitor.runtime.error_output import UnreadErrors, report_errors
from tests.cli.wine import needs_a_console
from tests.conftest import ExpectedErrors
from tests.support.waiting import LOOK_EVERY_S, PROCESS_PATIENCE_S, within_patience


def with_code_page(monkeypatch: pytest.MonkeyPatch, code_page: str) -> tuple[io.BytesIO, io.BytesIO]:
    out, err = io.BytesIO(), io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding=code_page, write_through=True))
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(err, encoding=code_page, write_through=True))
    return out, err


@pytest.fixture
def isil(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a user whose name has letters of Turkish."""
    home = tmp_path / "Işıl"
    home.mkdir()
    monkeypatch.chdir(home)
    for kind in ("CACHE", "CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home))
    for kind in ("APPDATA", "LOCAL_APPDATA", "MY_PICTURES"):
        monkeypatch.setenv(f"WIN_PD_OVERRIDE_{kind}", str(home))
    return home


@pytest.mark.parametrize("code_page", ["cp437", "cp850", "cp1252", "cp1254", "ascii", "utf-8"])
def test_that_a_letter_that_a_code_page_lacks_is_replaced(
    isil: Path, monkeypatch: pytest.MonkeyPatch, code_page: str
) -> None:
    out, err = with_code_page(monkeypatch, code_page)
    assert main(["--paths"]) == 0
    lines = out.getvalue().decode(code_page).splitlines()
    name = "Işıl".encode(code_page, "replace").decode(code_page)
    assert len(lines) == 9
    assert all(name in line or "pictures" in line for line in lines)
    (isil / "settings.toml").write_text("[hammer]\nport = 0\n")
    assert main(["check", "--settings", str(isil / "settings.toml")]) == 2
    assert name in err.getvalue().decode(code_page)


def test_that_signs_have_plain_ones_in_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    out, _err = with_code_page(monkeypatch, "ascii")
    with usable_streams():
        sys.stdout.write("−1 · 2…3 — “4” ş")
    assert out.getvalue() == b'-1 - 2...3 - "4" ?'


_WITHOUT_STREAMS = """
import json, sys
sys.stdout = sys.stderr = None
from pathlib import Path
from psf_monitor.app import message_box
from psf_monitor.cli.main import main

def run(arguments):
    sys.stdout = sys.stderr = None
    boxes = []
    message_box.show_error = boxes.append
    try:
        code = main(arguments)
    except SystemExit as end:
        code = end.code
    return code, boxes

ended = [run(arguments) for arguments in json.loads(sys.argv[1])]
Path("ended.json").write_text(json.dumps(ended), encoding="utf-8")
"""


def run_without_streams(folder: Path, *commands: list[str]) -> list[tuple[int, list[str]]]:
    """Run them as pythonw and a shortcut would, without either stream: exit codes, and the texts of boxes."""
    homes = [f"XDG_{kind}_HOME" for kind in ("CONFIG", "DATA", "STATE")]
    homes += [f"WIN_PD_OVERRIDE_{kind}" for kind in ("APPDATA", "LOCAL_APPDATA")]
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_STREAMS, json.dumps(commands)],
        cwd=folder,
        env={**os.environ, **dict.fromkeys(homes, str(folder))},
        capture_output=True,
        check=False,
        timeout=PROCESS_PATIENCE_S,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    ended = json.loads((folder / "ended.json").read_text(encoding="utf-8"))
    return [(code, boxes) for code, boxes in ended]


def test_that_without_a_console_a_command_writes_nothing_and_keeps_its_exit_code(tmp_path: Path) -> None:
    codes = {
        "--paths": 0,
        "--version": 0,
        "check --timeout 0.2 --account HAMMER_PRO --hammer-port 1": 1,
        "snapshot --json --timeout 0.2 --gun-port 1 --ped-port 1": 1,
        "export --from 2026-09-18 --to 2026-09-18 --csv -": 1,
        "check --timeout soon": 2,
        "snapshot --json --hammer-port 0": 2,
    }
    ended = run_without_streams(tmp_path, *(command.split() for command in codes))
    assert dict(zip(codes, ended, strict=True)) == {command: (code, []) for command, code in codes.items()}


def test_that_without_a_console_a_recording_that_cannot_be_played_is_reported_in_a_box(
    tmp_path: Path,
) -> None:
    ((code, boxes),) = run_without_streams(tmp_path, ["replay", "none.psfrec"])
    assert code == 1
    (box,) = boxes
    assert "none.psfrec" in box


def test_that_without_a_console_the_window_shows_in_a_box_what_is_wrong(tmp_path: Path) -> None:
    shown = {
        "--hammer-port 0": "--hammer-port: '0' is not accepted",
        "--theme mauve": "invalid choice: 'mauve'",
        "--settings none.toml": "there is no file 'none.toml'",
    }
    ended = run_without_streams(tmp_path, *(command.split() for command in shown))
    for (command, expected), (code, boxes) in zip(shown.items(), ended, strict=True):
        assert code == 2, command
        (box,) = boxes
        assert expected in box


UNFORESEEN = (
    "ended by an unforeseen error; its trace is in the log, "
    "which psf-monitor --paths names (ZeroDivisionError)."
)


def test_that_an_unexpected_end_gives_one_sentence_on_the_console(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.runtime.logs")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(check, "run", lambda _invocation: 1 // 0)
    assert main(["check"]) == 1
    assert capsys.readouterr().err == f"psf-monitor: {UNFORESEEN}\n"


@pytest.fixture(params=["", "1"])
def prints_paths(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[int], tuple[int, str]]:
    """Run ``--paths`` into a file by its descriptor; return its exit code and standard error."""
    environment = {**os.environ, "HOME": str(tmp_path), "PYTHONUNBUFFERED": request.param}

    def run(output: int) -> tuple[int, str]:
        command = [sys.executable, "-m", "psf_monitor", "--paths"]
        done = subprocess.run(
            command,
            env=environment,
            stdout=output,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=PROCESS_PATIENCE_S,
        )
        return done.returncode, done.stderr

    return run


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a disk that is always full")
def test_that_a_full_disk_behind_the_output_gives_one_sentence_and_no_crash(
    prints_paths: Callable[[int], tuple[int, str]],
) -> None:
    with Path("/dev/full").open("w") as full:
        code, errors = prints_paths(full.fileno())
    why = f"{os.strerror(errno.ENOSPC)}: make room on that disk"
    assert (code, errors) == (1, f"psf-monitor: standard output cannot be written: {why}.\n")


def test_that_a_closed_output_pipe_causes_no_error_message(
    prints_paths: Callable[[int], tuple[int, str]],
) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    code, errors = prints_paths(writes)
    os.close(writes)
    assert (code, errors) == (1, "")


def test_that_an_unexpected_end_is_also_shown_in_a_message_box(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("psf_monitor.runtime.logs")
    monkeypatch.chdir(tmp_path)
    texts: list[str] = []
    monkeypatch.setattr(message_box, "show_error", texts.append)
    monkeypatch.setattr(window, "run", lambda _invocation: 1 // 0)
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(sys, "stdout", None)
    assert main([]) == 1
    assert texts == [f"psf-monitor: {UNFORESEEN}"]
    assert (sys.stdout, sys.stderr) == (None, None)


def test_that_the_box_shows_the_sentence_as_plain_text(qapp: QApplication) -> None:
    seen: list[tuple[str, Qt.TextFormat]] = []

    def read() -> None:
        box = qapp.activeModalWidget()
        assert isinstance(box, QMessageBox)
        seen.append((box.text(), box.textFormat()))
        box.accept()

    QTimer.singleShot(0, read)
    message_box.show_error("a <b> is wrong")
    assert seen == [("a <b> is wrong", Qt.TextFormat.PlainText)]


def test_that_of_an_error_stream_that_nobody_reads_the_reported_sentences_alone_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unread = UnreadErrors()
    monkeypatch.setattr(sys, "stderr", unread)
    sys.stderr.write("psf-monitor: a line of Qt's that begins like ours\n")
    report_errors("a: wrong", "b: wrong")
    sys.stderr.write("Traceback:\n  in f\nOSError: no\n")
    assert unread.lines == ["psf-monitor: a: wrong", "psf-monitor: b: wrong"]


def test_that_without_an_error_stream_nothing_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    report_errors("wrong")


@needs_a_console
def test_that_serve_without_a_console_serves(tmp_path: Path) -> None:
    starts = (
        "import sys; sys.stdout = sys.stderr = None; "
        "from psf_monitor.cli.main import main; sys.exit(main(['serve', '--demo', '--api-port', '0']))"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path), "TEMP": str(tmp_path), "TMP": str(tmp_path)}
    flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    with subprocess.Popen(
        [sys.executable, "-c", starts], cwd=tmp_path, env=environment, creationflags=flags
    ) as process:
        try:
            for _ in within_patience("the token's file"):
                if list(tmp_path.rglob("api-token")):
                    break
                with suppress(subprocess.TimeoutExpired):
                    raise AssertionError(f"it ended with {process.wait(LOOK_EVERY_S)}")
            process.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGINT))
            assert process.wait(PROCESS_PATIENCE_S) == 0
        finally:
            process.kill()


def test_that_json_of_a_code_page_is_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    out, _err = with_code_page(monkeypatch, "cp437")
    with usable_streams():
        sys.stdout.write(json.dumps({"symbol": "ş"}))
    assert json.loads(out.getvalue().decode()) == {"symbol": "ş"}
