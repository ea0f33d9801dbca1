"""install.sh of the tar for Linux, over a program that stands in for the bundle."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from psf_monitor import files
from tests.support.waiting import PROCESS_PATIENCE_S

CI = Path(files.__file__).parents[1] / ".ci" / "installer"
PREFIXES = ("apps", "my apps", "R&D | 100% it's $HOME \\ `x`")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="there it is a setup")


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """The tar's folder, whose program is a shell."""
    folder = tmp_path / "unpacked"
    (folder / "psf-monitor").mkdir(parents=True)
    shutil.copy("/bin/sh", folder / "psf-monitor" / "psf-monitor")
    (folder / "share" / "applications").mkdir(parents=True)
    shutil.copy(CI / "psf-monitor.desktop", folder / "share" / "applications")
    shutil.copy(CI / "install.sh", folder)
    return folder


def install(unpacked: Path, prefix: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [unpacked / "install.sh", prefix],
        cwd=unpacked.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=PROCESS_PATIENCE_S,
    )


def read_twice(entry: str) -> str:
    """Read the value of a menu entry's Exec as its standard says: a string, then one quoted argument."""
    (value,) = [line[5:] for line in entry.splitlines() if line.startswith("Exec=")]
    text = value.replace("\\\\", "\0").replace("\0", "\\")
    assert (text[0], text[-1]) == ('"', '"')
    for escaped in '"`$\\':
        text = text.replace(f"\\{escaped}", escaped if escaped != "\\" else "\0")
    return text[1:-1].replace("\0", "\\").replace("%%", "%")


@pytest.mark.parametrize("prefix", PREFIXES)
def test_that_it_starts_from_every_folder_and_is_uninstalled_as_described(
    unpacked: Path, prefix: str
) -> None:
    theirs = unpacked.parent / prefix / "share" / "applications" / "other.desktop"
    theirs.parent.mkdir(parents=True)
    theirs.touch()
    done = install(unpacked, prefix)
    assert (done.returncode, done.stderr) == (0, "")
    program = unpacked.parent / prefix / "bin" / "psf-monitor"
    assert subprocess.run([program, "-c", "exit 0"], check=False, timeout=PROCESS_PATIENCE_S).returncode == 0
    assert read_twice((theirs.parent / "psf-monitor.desktop").read_text()) == str(program)
    (command,) = [line.split(": ", 1)[1] for line in done.stdout.splitlines() if "rm -r" in line]
    assert subprocess.run(["sh", "-c", command], check=False, timeout=PROCESS_PATIENCE_S).returncode == 0
    assert [path for path in (unpacked.parent / prefix).rglob("*") if not path.is_dir()] == [theirs]


def test_that_an_open_program_is_not_changed(unpacked: Path) -> None:
    prefix = unpacked.parent / "apps"
    assert install(unpacked, prefix).returncode == 0
    (unpacked / "psf-monitor" / "newer").touch()
    program = prefix / "bin" / "psf-monitor"
    with subprocess.Popen([program, "-c", "read line"], stdin=subprocess.PIPE) as process:
        refused = install(unpacked, prefix)
    assert refused.returncode == 1
    assert f"process {process.pid}" in refused.stderr
    assert not (prefix / "lib" / "psf-monitor" / "newer").exists()
    assert install(unpacked, prefix).returncode == 0
    assert (prefix / "lib" / "psf-monitor" / "newer").exists()
