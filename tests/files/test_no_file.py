"""What is no file stands where one is looked for: it is refused in a sentence, and never read."""

import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from psf_monitor import files, settings
from psf_monitor.alerts.store import AlertStore
from psf_monitor.api.transport.token_file import load_token
from psf_monitor.facts.files import FactFiles
from psf_monitor.journal.errors import JournalError
from psf_monitor.journal.reader import Reader as JournalReader
from psf_monitor.journal.writer import Writer as JournalWriter
from psf_monitor.recording.errors import RecordingError
from psf_monitor.recording.reader import read_header
from psf_monitor.runtime import crash_report, logs
from psf_monitor.settings import SettingsError
from psf_monitor.settings.symbol_file import SymbolFile
from psf_monitor.ui.shell.layout.store import LayoutStore
from tests.conftest import ExpectedErrors
from tests.support.records import Clock
from tests.support.waiting import PATIENCE_S, PROCESS_PATIENCE_S

_POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has folders alone in the place of a file")
KINDS = [
    pytest.param("folder", "it is a folder, not a file", id="folder"),
    pytest.param("pipe", "it is a pipe, not a file", id="pipe", marks=_POSIX),
    pytest.param("socket", "it is a socket, not a file", id="socket", marks=_POSIX),
    pytest.param("endless", "it is a device, not a file", id="endless", marks=_POSIX),
]
Make = Callable[[str, str], Path]


@pytest.fixture
def stands(tmp_path: Path) -> Iterator[Make]:
    """Puts something other than a file where a file is expected: ``stands(kind, name)``."""
    pipes: list[Path] = []
    with ExitStack() as kept:

        def made(kind: str, name: str) -> Path:
            path = tmp_path / name
            if kind == "folder":
                path.mkdir()
            elif kind == "pipe":
                os.mkfifo(path)
                pipes.append(path)
            elif kind == "socket":
                kept.enter_context(socket.socket(socket.AF_UNIX)).bind(str(path))
            else:
                path.symlink_to("/dev/zero")
            return path

        def let_go() -> None:
            """Whoever waits in a pipe after all comes out, and the test fails instead of waiting."""
            for path in pipes:
                os.close(os.open(path, os.O_RDWR | os.O_NONBLOCK))

        watch = threading.Timer(PATIENCE_S, let_go)
        watch.daemon = True
        watch.start()
        yield made
        watch.cancel()


@pytest.mark.parametrize(("kind", "why"), KINDS)
def test_that_no_settings_are_read_from_it(stands: Make, tmp_path: Path, kind: str, why: str) -> None:
    none, there = tmp_path / "none", stands(kind, "settings.toml")
    with pytest.raises(SettingsError) as found:
        settings.load(path=there, dotenv=none, environment={}, password=str)
    assert str(found.value) == f"{there}: the file cannot be read: {why}."
    with pytest.raises(SettingsError) as found:
        settings.load(path=none, dotenv=there, environment={}, password=str)
    assert str(found.value) == f"{there}: the file cannot be read: {why}."


@pytest.mark.parametrize(("kind", "why"), KINDS)
def test_that_the_command_line_ends_in_one_sentence(
    stands: Make, tmp_path: Path, kind: str, why: str
) -> None:
    there = stands(kind, "mine.toml")
    done = subprocess.run(
        [sys.executable, "-m", "psf_monitor", "check", "--settings", str(there)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=PROCESS_PATIENCE_S,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"psf-monitor: {there}: the file cannot be read: {why}.\n"


@pytest.mark.parametrize(("kind", "why"), KINDS)
def test_that_the_table_of_symbols_reports_it_and_is_not_written_over(
    stands: Make, kind: str, why: str
) -> None:
    file = SymbolFile(stands(kind, "symbols.csv"))
    assert file.read().problems == (f"the file cannot be read: {why}.",)
    with pytest.raises(SettingsError, match=f"cannot be read: {why}"):
        file.set_override("SPY", "X")
    assert not file.path.is_file()


@pytest.mark.parametrize(("kind", "why"), KINDS)
def test_that_the_traders_facts_report_it(stands: Make, kind: str, why: str) -> None:
    facts = FactFiles([stands(kind, "mine.csv")], Clock())
    assert facts.read_again()
    assert facts.facts.problems == (f"mine.csv: it cannot be read: {why}.",)
    assert not facts.read_again()


@pytest.mark.parametrize(("kind", "why"), KINDS)
def test_that_layout_and_alerts_report_it_and_leave_it_there(stands: Make, kind: str, why: str) -> None:
    layout, alerts = LayoutStore(stands(kind, "ui.json")), AlertStore(stands(kind, "alerts.json"))
    assert layout.load()[1].startswith(f"Saved layout (ui.json) cannot be read: {why}.")
    assert alerts.load()[1].startswith(f"The alerts (alerts.json) cannot be read: {why}.")
    assert layout.is_unread


@pytest.mark.parametrize(("kind", "why"), KINDS)
def test_that_no_token_is_taken_from_it(stands: Make, kind: str, why: str) -> None:
    with pytest.raises(OSError, match=why):
        load_token(stands(kind, "api-token"))


@pytest.mark.parametrize(("kind", "why"), KINDS)
def test_that_it_is_no_journal(stands: Make, kind: str, why: str) -> None:
    there = stands(kind, "journal.sqlite3")
    with pytest.raises(JournalError) as written:
        JournalWriter(there).open()
    with pytest.raises(JournalError) as read:
        JournalReader(there).days()
    assert (written.value.problem.cause, read.value.problem.cause) == (why, why)


@pytest.mark.parametrize(("kind", "why"), KINDS)
def test_that_it_is_no_recording(stands: Make, kind: str, why: str) -> None:
    with pytest.raises(RecordingError, match=why):
        read_header(stands(kind, "day.wires"))


@pytest.mark.parametrize(("kind", "why"), KINDS)
def test_that_it_is_no_log_and_everything_else_goes_on(
    stands: Make,
    tmp_path: Path,
    kind: str,
    why: str,
    expected_errors: ExpectedErrors,
    caplog: pytest.LogCaptureFixture,
) -> None:
    expected_errors.allow(logs.__name__)
    there = stands(kind, logs.FILE_NAME)
    with logs.logging_to(tmp_path, debug=False):
        logging.getLogger("psf_monitor").info("a line")
    assert f"The log file {there} cannot be written: {why}. Everything else goes on." in caplog.messages


@pytest.mark.parametrize(("kind", "why"), KINDS)
def test_that_it_reports_no_crash(stands: Make, tmp_path: Path, kind: str, why: str) -> None:
    there = stands(kind, "running-window-1.txt")
    with crash_report.watched(tmp_path, "window") as crash:
        assert crash is None, why
    assert there.exists()


@pytest.mark.parametrize(("kind", "why"), KINDS)
def test_that_nothing_is_written_in_its_place(stands: Make, kind: str, why: str) -> None:
    there = stands(kind, "fills.csv")
    before = there.stat()
    with pytest.raises(OSError, match=why):
        files.save_csv(there, ["Symbol"], [["SPY"]])
    after = there.stat()
    assert (before.st_mode, before.st_ino) == (after.st_mode, after.st_ino)
    assert list(there.parent.iterdir()) == [there]


def test_that_a_file_larger_than_any_of_its_kind_is_not_read(tmp_path: Path) -> None:
    large, none = tmp_path / "large", tmp_path / "none"
    with large.open("wb") as file:
        file.truncate(129 * 2**20)
    with pytest.raises(SettingsError) as found:
        settings.load(path=none, dotenv=large, environment={}, password=str)
    assert str(found.value) == (
        f"{large}: the file cannot be read: it is larger than 1 MB, which no such file is."
    )
    facts = FactFiles([large], Clock())
    facts.read_again()
    assert facts.facts.problems == (
        "large: it cannot be read: it is larger than 128 MB, which no such file is.",
    )
    assert SymbolFile(large).read().problems == (
        "the file cannot be read: it is larger than 16 MB, which no such file is.",
    )


def test_that_a_file_is_read_up_to_what_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    assert files.read(path, most=5) == b"12345"
    with pytest.raises(OSError, match="larger than"):
        files.read(path, most=4)
