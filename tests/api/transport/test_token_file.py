"""The token: made once, kept for its user alone."""

import os
import stat
from pathlib import Path

import pytest

from psf_monitor.api.transport.token_file import load_token


def test_that_the_token_is_made_once_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "api-token"
    token = load_token(file)
    assert len(token) == 43
    assert load_token(file) == token
    assert file.read_text().strip() == token
    assert [each.name for each in file.parent.iterdir()] == ["api-token"]


def test_that_two_installations_have_two_tokens(tmp_path: Path) -> None:
    assert load_token(tmp_path / "a") != load_token(tmp_path / "b")


@pytest.mark.parametrize("text", ["", "short", "x" * 44, "é" * 43, "\x00" * 43])
def test_that_a_file_that_holds_no_token_gets_one(tmp_path: Path, text: str) -> None:
    file = tmp_path / "api-token"
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    token = load_token(file)
    assert token != text
    assert load_token(file) == token


@pytest.mark.skipif(os.name != "posix", reason="Windows guards the user's whole folder")
def test_that_only_the_user_can_read_it_and_one_that_others_could_read_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "api-token"
    token = load_token(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    renewed = load_token(file)
    assert renewed != token
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_that_a_problem_with_the_folder_is_raised_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OSError, match="file"):
        load_token(tmp_path / "file" / "api-token")
    (tmp_path / "api-token").mkdir()
    with pytest.raises(OSError):  # noqa: PT011 - every system has another word for it
        load_token(tmp_path / "api-token")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["api-token", "file"]
