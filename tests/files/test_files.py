"""Files that another program holds for a moment: read and replaced as soon as it lets go, never lost."""

import errno
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from psf_monitor import files
from psf_monitor.files import AT_ONCE, is_held, read, reason, swapped_in, write_atomic


def held(number: int = 32, path: Path | None = None) -> PermissionError:
    """Windows' error for a file that is open elsewhere."""
    error = PermissionError(13, "Permission denied", str(path))
    error.winerror = number  # type: ignore[attr-defined, unused-ignore]
    return error


class Holder:
    """Fail a file operation this many times, then let it through."""

    def __init__(self, act: Callable[..., Any], times: int, number: int = 32) -> None:
        self.act, self.left, self.number, self.calls = act, times, number, 0

    def __call__(self, *arguments: Any, **more: Any) -> Any:
        self.calls += 1
        if self.left:
            self.left -= 1
            raise held(self.number)
        return self.act(*arguments, **more)

    def before(self, monkeypatch: pytest.MonkeyPatch, name: str) -> "Holder":
        holder = self

        def stands_before(path: Path, *arguments: Any, **more: Any) -> Any:
            return holder(path, *arguments, **more)

        monkeypatch.setattr(Path, name, stands_before)
        return self


@pytest.mark.parametrize("number", [5, 32, 33])
def test_that_a_file_that_is_held_for_a_moment_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x")
    holder = Holder(Path.read_bytes, 3, number).before(monkeypatch, "read_bytes")
    assert read(path) == b"x"
    assert holder.calls == 4


def test_that_a_file_that_is_held_for_long_is_reported_and_nobody_waits_for_it_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x")
    holder = Holder(Path.read_bytes, 99).before(monkeypatch, "read_bytes")
    with pytest.raises(PermissionError) as found:
        read(path, AT_ONCE)
    assert holder.calls == 1
    assert reason(found.value) == "another program has it open: close it there"


def test_that_an_error_that_waiting_cannot_cure_is_reported_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as found:
        read(tmp_path / "none")
    assert not is_held(found.value)
    assert reason(found.value) == os.strerror(2)


@pytest.mark.parametrize("number", [5, 32])
def test_that_a_file_is_replaced_as_soon_as_it_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    path = tmp_path / "folder" / "a"
    write_atomic(path, b"old", lambda _written: None)
    Holder(Path.replace, 2, number).before(monkeypatch, "replace")
    assert write_atomic(path, b"new", lambda written: written.read_bytes()) == b"new"
    assert path.read_bytes() == b"new"
    assert [each.name for each in path.parent.iterdir()] == ["a"]


def test_that_a_file_that_stays_held_is_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    Holder(Path.replace, 99).before(monkeypatch, "replace")
    with pytest.raises(PermissionError):
        write_atomic(path, b"new", lambda _written: None)
    with pytest.raises(PermissionError), swapped_in(path) as (file, _written):
        file.write(b"new")
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


def test_that_a_new_file_that_a_scanner_holds_is_no_error_of_the_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Holder(Path.unlink, 1).before(monkeypatch, "unlink")
    write_atomic(tmp_path / "a", b"new", lambda _written: None)
    assert (tmp_path / "a").read_bytes() == b"new"


def test_that_only_the_remains_of_an_interrupted_run_are_removed(tmp_path: Path) -> None:
    kept = ["a.old.new", "b12345678.new", "a123.new"]
    for name in ["a1234_abz.new", *kept]:
        (tmp_path / name).write_text("")
        os.utime(tmp_path / name, (0, 0))
    (tmp_path / "afreshone.new").write_text("")
    os.utime(tmp_path / "afreshone.new", (time.time(), time.time()))
    write_atomic(tmp_path / "a", b"", lambda _written: None)
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(["a", "afreshone.new", *kept])


@pytest.mark.skipif(sys.platform == "win32", reason="who makes a link there needs a right of its own")
@pytest.mark.parametrize("is_there", [True, False])
def test_that_a_link_stays_one_and_what_it_leads_to_is_written(tmp_path: Path, is_there: bool) -> None:
    real, link = tmp_path / "dotfiles" / "psf.toml", tmp_path / "settings.toml"
    real.parent.mkdir()
    if is_there:
        real.write_bytes(b"old")
    left_over = real.with_name("psf.tomlabcdefgh.new")
    left_over.write_bytes(b"of a run that was cut off")
    os.utime(left_over, (0, 0))
    link.symlink_to(Path("dotfiles") / "psf.toml")
    write_atomic(link, b"new", lambda _written: None)
    assert link.readlink() == Path("dotfiles") / "psf.toml"
    assert real.read_bytes() == b"new"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["dotfiles", "psf.toml", "settings.toml"]


@pytest.mark.skipif(sys.platform == "win32", reason="who makes a link there needs a right of its own")
@pytest.mark.parametrize(
    ("leads_to", "number"), [("settings.toml", errno.ELOOP), ("nowhere/psf.toml", errno.ENOENT)]
)
def test_that_a_link_that_leads_nowhere_is_reported_by_its_own_name(
    tmp_path: Path, leads_to: str, number: int
) -> None:
    link = tmp_path / "settings.toml"
    link.symlink_to(leads_to)
    with pytest.raises(OSError) as error:  # noqa: PT011
        write_atomic(link, b"new", lambda _written: None)
    assert (error.value.errno, error.value.filename) == (number, str(link))
    assert link.is_symlink()
    assert [path.name for path in tmp_path.iterdir()] == ["settings.toml"]


def test_that_an_error_names_the_file_that_is_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileNotFoundError) as missing, swapped_in(tmp_path / "none" / "a"):
        pass
    assert missing.value.filename == str(tmp_path / "none" / "a")
    Holder(Path.replace, 99).before(monkeypatch, "replace")
    with pytest.raises(PermissionError) as held_one, swapped_in(tmp_path / "a"):
        pass
    assert held_one.value.filename == str(tmp_path / "a")


def test_that_an_error_of_c_on_a_file_in_use_is_recognized_only_on_windows() -> None:
    error = PermissionError(13, "Permission denied", "a")
    assert is_held(error, "win32")
    assert reason(error, "win32").startswith("another program has it open: close it there")
    assert not is_held(error, "linux")
    assert reason(error, "linux") == "Permission denied: allow your user to use it"
    assert not is_held(OSError(28, "No space left on device"), "win32")


@pytest.mark.parametrize(
    ("number", "cure"),
    [
        (errno.ENOSPC, "make room on that disk"),
        (errno.EROFS, "make that disk writable"),
        (errno.EACCES, "allow your user to use it"),
    ],
)
def test_that_an_error_of_a_disk_names_a_remedy_and_shows_no_path(number: int, cure: str) -> None:
    error = OSError(number, os.strerror(number), "C:\\Users\\x")
    assert files.cause(error, "linux") == os.strerror(number)
    assert files.reason(error, "linux") == f"{os.strerror(number)}: {cure}"
