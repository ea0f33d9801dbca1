"""What is recorded_fill is the user's alone, from the first moment and however it was before."""

import os
import stat
from pathlib import Path

import pytest

from psf_monitor.journal.writer import Batch, Writer
from tests.journal.records import recorded_fill

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows keeps a user's folders by itself")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "psf-monitor" / "journal.sqlite3"


@pytest.fixture(autouse=True)
def _open_to_all() -> object:
    before = os.umask(0)
    yield
    os.umask(before)


def write(path: Path) -> dict[str, int]:
    """The modes of all files of a journal that is being written."""
    writer = Writer(path)
    writer.write(Batch((recorded_fill(),)))
    modes = {each.name: mode(each) for each in path.parent.iterdir()}
    writer.close()
    return modes


def test_that_a_new_journal_its_log_and_its_folder_are_the_users_alone(path: Path) -> None:
    modes = write(path)
    assert len(modes) > 1, "SQLite keeps its log beside the file"
    assert set(modes.values()) == {0o600}
    assert mode(path.parent) == 0o700


def test_that_an_existing_journal_is_taken_from_others(path: Path) -> None:
    write(path)
    path.parent.chmod(0o755)
    path.chmod(0o644)
    aside = path.with_name(f"{path.name}.bad-20260918T160000")
    aside.write_bytes(b"damaged")
    aside.chmod(0o644)
    assert set(write(path).values()) == {0o600}
    assert (mode(path.parent), mode(path), mode(aside)) == (0o700, 0o600, 0o600)


def test_that_a_damaged_one_is_set_aside_and_both_are_the_users_alone(path: Path) -> None:
    path.parent.mkdir(mode=0o777)
    path.write_bytes(b"this is no database, and it is longer than one header of a hundred bytes " * 9)
    path.chmod(0o666)
    assert set(write(path).values()) == {0o600}
    assert any(".bad-" in each.name for each in path.parent.iterdir())
