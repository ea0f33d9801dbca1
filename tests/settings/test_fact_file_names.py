"""How the trader's fact files are named, in the file and in the environment."""

import os
from pathlib import Path
from typing import Any


def test_that_a_files_name_may_begin_with_a_tilde(load: Any, tmp_path: Path) -> None:
    loaded = load("[facts]\nfiles = ['~$mine.csv', '~/mine.csv']\n")
    assert loaded.facts.files == (tmp_path / "~$mine.csv", Path.home() / "mine.csv")


def test_that_one_name_in_the_file_is_a_name_whatever_is_in_it(load: Any, tmp_path: Path) -> None:
    name = os.pathsep.join(["mine", "today.csv"])
    assert load(f"[facts]\nfiles = '{name}'\n").facts.files == (tmp_path / name,)
    assert load(f"[facts]\nfiles = ['{name}', 'b.csv']\n").facts.files == (
        tmp_path / name,
        tmp_path / "b.csv",
    )


def test_that_the_environment_names_files_as_it_names_folders(load: Any, tmp_path: Path) -> None:
    names = os.pathsep.join(["a.csv", "b.csv"])
    loaded = load("[facts]\nfiles = ['c.csv']\n", environment={"PSF_MONITOR_FACTS_FILES": names})
    assert loaded.facts.files == (tmp_path / "a.csv", tmp_path / "b.csv")
