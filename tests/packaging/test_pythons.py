"""The Python versions it runs on, and the message on others if an installer does not check."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import psf_monitor
from tests.support.waiting import PROCESS_PATIENCE_S

ROOT = Path(psf_monitor.__file__).parent.parent

FEIGNED = """
import sys
sys.version_info = ({major}, {minor}, 0, "final", 0)
import psf_monitor.cli.main
"""


@pytest.mark.parametrize(("major", "minor"), [(3, 9), (3, 10), (3, 16)])
def test_that_another_python_is_refused_with_one_sentence(major: int, minor: int) -> None:
    result = subprocess.run(
        [sys.executable, "-c", FEIGNED.format(major=major, minor=minor)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=PROCESS_PATIENCE_S,
    )
    assert result.returncode == 2
    assert result.stderr == (
        f"psf-monitor: it needs Python 3.11 to 3.15, and this is {major}.{minor}; run it with one of these, "
        "such as: uv run --python 3.15 psf-monitor\n"
    )


def test_that_an_old_python_can_read_the_refusal() -> None:
    ast.parse(Path(psf_monitor.__file__).read_text("utf-8"), feature_version=(3, 6))


def test_that_installers_name_the_same_pythons() -> None:
    first, last = psf_monitor.PYTHONS
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["requires-python"] == f">={first[0]}.{first[1]},<{last[0]}.{last[1] + 1}"
    named = [line for line in project["classifiers"] if line.startswith("Programming Language :: Python :: ")]
    assert named == [f"Programming Language :: Python :: 3.{n}" for n in range(first[1], last[1] + 1)]
