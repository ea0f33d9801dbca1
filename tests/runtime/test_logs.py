"""The log: what is kept, what is shown, what is never written, and what happens when it cannot be."""

import json
import logging
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.formatting import mask_accounts
from psf_monitor.runtime import logs
from tests.conftest import ExpectedErrors

OURS = logging.getLogger("psf_monitor.somewhere")
LIBRARY = logging.getLogger("some_library")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Does not exist yet: the first line makes it."""
    return tmp_path / "of the user" / "logs"


def kept_in(folder: Path) -> str:
    return (folder / logs.FILE_NAME).read_text(encoding="utf-8")


def files_of(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_that_the_file_keeps_what_happens_and_the_console_what_is_wrong(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with logs.logging_to(folder, debug=False):
        OURS.debug("a detail")
        OURS.info("connected")
        OURS.warning("lost")
        LIBRARY.info("chatter")
        LIBRARY.warning("a library's worry")
    lines = kept_in(folder).splitlines()
    assert [line.partition(") ")[2] for line in lines] == [
        "INFO psf_monitor.somewhere: connected",
        "WARNING psf_monitor.somewhere: lost",
        "WARNING some_library: a library's worry",
    ]
    assert capsys.readouterr().err.splitlines() == lines[1:]


def test_that_debug_keeps_and_shows_what_the_libraries_log(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with logs.logging_to(folder, debug=True):
        LIBRARY.debug("chatter")
        logging.getLogger("ib_insync.client").debug("<<< 15,1,U1240821")
        logging.getLogger("qasync._QEventLoop").debug("every turn of the loop")
    assert "chatter" in kept_in(folder)
    assert "<<< 15,1,U••••821" in kept_in(folder)
    assert "every turn" not in kept_in(folder)
    assert capsys.readouterr().err == kept_in(folder)


def test_that_of_ib_insync_only_what_it_cannot_decode_is_kept(
    folder: Path, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync")
    with logs.logging_to(folder, debug=False):
        logging.getLogger("ib_insync.wrapper").error("Error 326, reqId -1")
        logging.getLogger("ib_insync.client").error("API connection failed")
        logging.getLogger("ib_insync.Decoder").error("Error handling fields")
    (line,) = kept_in(folder).splitlines()
    assert line.endswith("ERROR ib_insync.Decoder: Error handling fields")


def test_that_a_line_has_the_local_time_with_its_offset_and_utc(folder: Path) -> None:
    with logs.logging_to(folder, debug=False):
        OURS.info("now")
    local, utc = re.match(r"(\S+ \S+) \((\S+ \S+)\) ", kept_in(folder)).groups()  # type: ignore[union-attr]
    written = datetime.fromisoformat(local)
    assert written.utcoffset() is not None
    assert written.replace(microsecond=0) == datetime.fromisoformat(utc)


def test_that_nothing_is_made_before_there_is_something_to_log(folder: Path) -> None:
    with logs.logging_to(folder, debug=False):
        pass
    assert not folder.exists()


def test_that_afterwards_logging_is_as_it_was(folder: Path) -> None:
    loggers = [logging.getLogger(name) for name in ("", "psf_monitor", "ib_insync", "qasync")]
    before = [(logger.level, list(logger.handlers)) for logger in loggers]
    for debug in (False, True):
        with logs.logging_to(folder, debug=debug):
            assert [(logger.level, list(logger.handlers)) for logger in loggers] != before
        assert [(logger.level, list(logger.handlers)) for logger in loggers] == before


# -- secrets -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("U1240821", "U••••821"),
        ("DU123456 and F7654321", "DU••••456 and F••••321"),
        ("['U12408210', 'DF1240821']", "['U•••••210', 'DF••••821']"),
        (r"b'\x00U1240821\x00'", r"b'\x00U••••821\x00'"),
        (r"'first\nU1240821'", r"'first\nU••••821'"),
        ("DUM123456", "DUM••••456"),
        ("order 1240821, permId 1913445670", "order 1240821, permId 1913445670"),
        ("U12345, u1240821", "U••••345, •••••821"),
        ("U1234 is too short", "U1234 is too short"),
    ],
)
def test_that_account_ids_are_masked_everywhere(text: str, shown: str) -> None:
    assert mask_accounts(text) == shown


@given(
    before=st.text(max_size=5),
    letters=st.sampled_from(["U", "F", "I", "DU", "DF", "DI"]),
    digits=st.from_regex(r"[0-9]{5,8}", fullmatch=True),
    after=st.text(max_size=5),
)
def test_that_no_account_id_comes_through_whatever_surrounds_it(
    before: str, letters: str, digits: str, after: str
) -> None:
    assert letters + digits not in mask_accounts(before + letters + digits + after)


def test_that_a_traceback_is_masked_in_the_file_and_on_the_console(
    folder: Path, capsys: pytest.CaptureFixture[str], expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("psf_monitor.somewhere")
    empty: dict[tuple[str, str], str] = {}
    with logs.logging_to(folder, debug=False) as log:
        log.hide("swordfish")
        try:
            _ = empty["U1240821", "swordfish"]
        except KeyError:
            OURS.exception("U1240821 is gone: %s", "swordfish")
    for written in (kept_in(folder), capsys.readouterr().err):
        assert "ERROR psf_monitor.somewhere: U••••821 is gone: •••\nTraceback" in written
        assert written.endswith("KeyError: ('U••••821', '•••')\n")


@pytest.mark.parametrize(
    "secret", ["swordfish", "sw.rd(fi[sh", 'say "fish"', "back\\slash", "kılıç", "•", 'it\'s "so"']
)
def test_that_the_password_is_hidden_however_it_is_quoted(folder: Path, secret: str) -> None:
    with logs.logging_to(folder, debug=False) as log:
        log.hide(secret)
        OURS.info("%s|%r|%s", secret, secret, json.dumps({"pwd": secret}))
    assert re.search(r": •••\|['\"]•••['\"]\|\{\"pwd\": \"•••\"\}$", kept_in(folder))


def test_that_a_short_password_leaves_no_gaps_that_betray_it(folder: Path) -> None:
    with logs.logging_to(folder, debug=False) as log:
        log.hide("no")
        log.hide("")
        OURS.info("nothing known of the kimono, pwd=no")
    assert kept_in(folder).endswith(": nothing known of the kimono, pwd=•••\n")


def test_that_an_exception_that_ends_the_product_is_kept_and_still_raised(
    folder: Path, expected_errors: ExpectedErrors, capsys: pytest.CaptureFixture[str]
) -> None:
    expected_errors.allow("psf_monitor.runtime.logs")
    with pytest.raises(ZeroDivisionError), logs.logging_to(folder, debug=False):
        _ = 1 / 0
    assert "ended by an unforeseen error\nTraceback" in kept_in(folder)
    assert "Traceback" not in capsys.readouterr().err


# -- the files ---------------------------------------------------------------------------------------------


MOST_BYTES = 1000


class Collecting(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


def test_that_a_window_is_given_the_warnings_from_before_it_once(folder: Path) -> None:
    window = Collecting()
    with logs.logging_to(folder, debug=False):
        logging.getLogger("psf_monitor").info("starts")
        logging.getLogger("psf_monitor").warning("the last one crashed")
        logs.catch_up(window)
        logging.getLogger("psf_monitor").warning("later")
        logs.catch_up(window)
    assert window.texts == ["the last one crashed"]


@pytest.mark.parametrize("has_console", [True, False])
def test_that_a_window_reads_that_the_log_cannot_be_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, expected_errors: ExpectedErrors, *, has_console: bool
) -> None:
    expected_errors.allow(logs.__name__)
    if not has_console:
        monkeypatch.setattr("sys.stderr", None)
    folder.parent.mkdir()
    folder.write_text("a file where the folder should be")
    window = Collecting()
    with logs.logging_to(folder, debug=False):
        OURS.info("one")
        logs.catch_up(window)
    (text,) = window.texts
    assert text.startswith(f"The log file {folder / logs.FILE_NAME} cannot be written: ")


def write_files(folder: Path, count: int) -> None:
    """So many numbered lines, no two of which fit into one file."""
    with logs.logging_to(folder, debug=False, most_bytes=MOST_BYTES):
        for number in range(count):
            OURS.info("%d%s", number, "x" * (MOST_BYTES // 2))


def numbers_in(folder: Path) -> dict[str, str]:
    """The number in front of each file's only line, by the file's ending."""
    found = {}
    for path in folder.iterdir():
        (line,) = path.read_text(encoding="utf-8").splitlines()
        found[path.name.removeprefix(logs.FILE_NAME)] = line.partition("somewhere: ")[2].rstrip("x")
    return found


def test_that_a_full_file_is_turned_over_and_the_oldest_goes(folder: Path) -> None:
    write_files(folder, 7)
    assert numbers_in(folder) == {"": "6", ".1": "5", ".2": "4", ".3": "3", ".4": "2"}


def test_that_a_file_that_another_window_holds_is_written_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_files(folder, 3)
    replace = Path.replace

    def held(path: Path, target: Path) -> Path:
        if path.name == logs.FILE_NAME:
            raise PermissionError(13, "The process cannot access the file", str(path))
        return replace(path, target)

    with monkeypatch.context() as windows:
        windows.setattr(Path, "replace", held)
        write_files(folder, 2)
    assert files_of(folder) == [logs.FILE_NAME, f"{logs.FILE_NAME}.1", f"{logs.FILE_NAME}.2"]
    assert len(kept_in(folder).splitlines()) == 3
    assert capsys.readouterr().err == ""
    write_files(folder, 1)
    assert len(kept_in(folder).splitlines()) == 1


def test_that_a_problem_with_the_file_is_reported_once_and_clears_itself(
    folder: Path, capsys: pytest.CaptureFixture[str], expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow(logs.__name__)
    folder.parent.mkdir()
    folder.write_text("a file where the folder should be")
    with logs.logging_to(folder, debug=False):
        OURS.info("one")
        OURS.info("two")
        err = capsys.readouterr().err
        assert f": The log file {folder / logs.FILE_NAME} cannot" in err
        assert err.endswith("Everything else goes on.\n")
        assert err.count("\n") == 1
        folder.unlink()
        OURS.info("three")
    assert kept_in(folder).endswith(": three\n")
    assert kept_in(folder).count("\n") == 1


def test_that_a_product_without_a_console_keeps_its_log(
    folder: Path, monkeypatch: pytest.MonkeyPatch, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow(logs.__name__)
    monkeypatch.setattr("sys.stderr", None)
    folder.parent.mkdir()
    folder.write_text("a file where the folder should be")
    with logs.logging_to(folder, debug=False):
        OURS.warning("one")
        folder.unlink()
        OURS.warning("two")
    assert kept_in(folder).endswith(": two\n")


def test_that_a_line_cannot_feign_another_or_move_the_cursor(folder: Path) -> None:
    with logs.logging_to(folder, debug=False):
        OURS.warning(
            "TWS says: %s", "first\n2026-01-01 ERROR psf_monitor: feigned\r\x1b[2Jred\u2028\u202eend"
        )
    (line,) = kept_in(folder).splitlines()
    assert r"first\x0a2026-01-01 ERROR psf_monitor: feigned\x0d\x1b[2Jred\u2028\u202eend" in line


# -- in the window -----------------------------------------------------------------------------------------


def test_that_a_line_in_the_window_has_the_windows_time_and_the_text_alone() -> None:
    formatter = logs.WindowFormatter(lambda: datetime(2026, 9, 18, 18, 26, 5, tzinfo=UTC))
    formatter.hide("open sesame")
    reported = [
        logging.LogRecord("psf_monitor.hammer", level, __file__, 1, text, (), None)
        for level, text in ((logging.INFO, "pwd open sesame"), (logging.WARNING, "U1240821\nis gone"))
    ]
    assert [formatter.head(record) + formatter.format(record) for record in reported] == [
        "14:26:05  pwd •••",
        "14:26:05  WARNING  U••••821\\x0ais gone",
    ]
