"""The files of the sounds."""

from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths

from psf_monitor.ui.alerts.sounds import SOUNDS, as_wave, sound_file


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _kind: str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("name", SOUNDS)
def test_that_each_sound_has_a_file_in_the_cache(cache: Path, name: str) -> None:
    assert sound_file(name) == cache / f"{name}.wav"
    assert (cache / f"{name}.wav").read_bytes() == as_wave(name)


@pytest.mark.parametrize("data", [b"", as_wave("chime")[:1000], bytes(len(as_wave("chime"))), bytes(2**20)])
def test_that_a_damaged_file_is_written_anew(cache: Path, data: bytes) -> None:
    (cache / "chime.wav").write_bytes(data)
    assert sound_file("chime") == cache / "chime.wav"
    assert (cache / "chime.wav").read_bytes() == as_wave("chime")


def test_that_an_intact_file_is_not_written_again(cache: Path) -> None:
    sound_file("chime")
    before = (cache / "chime.wav").stat()
    sound_file("chime")
    after = (cache / "chime.wav").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_that_without_a_writable_place_there_is_no_sound_file(cache: Path) -> None:
    (cache / "chime.wav").mkdir()
    assert sound_file("chime") is None
