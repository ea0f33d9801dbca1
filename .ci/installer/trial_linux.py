"""trial_linux.py TAR: installs, uses, updates and takes away psf_monitor on this Linux; a line for each step.

It runs under the Python that the checkout's dependencies are installed for, without a screen, in a home of
its own, and ends at the first step that fails. The step of the credential store wants gnome-keyring-daemon
and the bus of a session (``dbus-run-session``); without them it says so.
"""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.request
from pathlib import Path

from programs import run, running

TAR = Path(sys.argv[1])
PASSWORD = "demo"
MOST_THAT_DIFFERS = 0.01
"""Of the picture: clock, latency and what a moment changes."""


class Trial:
    """One installation under ``home``/.local, whose user has nothing yet."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.prefix = home / ".local"
        self.take_away_with = ""
        self.program = self.prefix / "bin" / "psf-monitor"

    def install(self) -> str:
        done = self._install()
        assert done.returncode == 0, done
        self.take_away_with = done.stdout.split("To take it away: ")[1]
        files = [path for path in self.prefix.rglob("*") if path.is_file() and not path.is_symlink()]
        assert any(path.name == "psf-monitor.desktop" for path in files)
        return f"{sum(path.stat().st_size for path in files) / 1e6:.1f} MB in {len(files)} files"

    def _install(self) -> "subprocess.CompletedProcess[str]":
        unpacked = self.home / "unpacked"
        with tarfile.open(TAR) as tar:
            tar.extractall(unpacked, filter="data")
        done = run(next(unpacked.glob("*/install.sh")), self.prefix)
        shutil.rmtree(unpacked)
        return done

    def version(self) -> str:
        done = run(self.program, "--version")
        assert done.returncode == 0, done
        assert done.stdout.split()[1] in TAR.name, done
        return done.stdout.strip()

    def picture(self) -> str:
        pairs = [
            (self._picture_of(sys.executable, "-m", "psf_monitor"), self._picture_of(self.program))
            for _ in range(2)
        ]
        (ours, slow_s), (theirs, quick_s) = pairs[-1]
        compared = run(sys.executable, "-c", _COMPARE, ours, theirs)
        assert compared.returncode == 0, compared
        share = float(compared.stdout)
        assert share < MOST_THAT_DIFFERS, share
        return (
            f"{share:.2%} differs; {quick_s:.2f} s against the wheel's {slow_s:.2f} s, of which 1 s is waited"
        )

    def _picture_of(self, *command: object) -> tuple[Path, float]:
        path = self.home / f"{Path(str(command[0])).name}.png"
        asked = ("--demo", "--scenario", "first-run", "--theme", "dark", "--after", "1", "--screenshot", path)
        began = time.monotonic()
        done = run(*command, *asked)
        assert done.returncode == 0, done
        return path, time.monotonic() - began

    def credential(self) -> str:
        if "DBUS_SESSION_BUS_ADDRESS" not in os.environ or shutil.which("gnome-keyring-daemon") is None:
            return "not tried: there is no bus of a session, or no gnome-keyring-daemon"
        unlocked = run("gnome-keyring-daemon", "--unlock", "--components=secrets", input="of the trial")
        assert unlocked.returncode == 0, unlocked
        kept = run(sys.executable, "-c", _KEEP, PASSWORD)
        assert kept.returncode == 0, kept
        with running(sys.executable, "-m", "psf_monitor.sim") as sim:
            assert sim.stdout is not None
            port = json.loads(sim.stdout.readline())["hammer_port"]
            checked = run(
                self.program, "check", "--gun-port", 1, "--ped-port", 2, "--hammer-port", port, "--debug"
            )
        assert checked.returncode == 1, checked
        hammer = [line.split() for line in checked.stdout.splitlines() if line.startswith("HAMMER_PRO")]
        assert ["password", "ok"] in [words[1:3] for words in hammer], checked
        return "HAMMER took the password that the store keeps, read by the bundle"

    def serve(self) -> str:
        with running(self.program, "serve", "--demo", "--api-port", "0") as process:
            assert process.stdout is not None
            words = process.stdout.readline() + process.stdout.readline()
            address = next(word.rstrip(".,;") for word in words.split() if word.startswith("http://"))
            token = next(Path(word.strip(".,;\"'")) for word in words.split() if "api-token" in word)
            asked = urllib.request.Request(
                f"{address}/health", headers={"Authorization": f"Bearer {token.read_text().strip()}"}
            )
            with urllib.request.urlopen(asked, timeout=30) as answer:
                assert answer.status == 200
        return address

    def update(self) -> str:
        left = self.prefix / "lib" / "psf-monitor" / "left over"
        left.touch()
        with running(self.program, "serve", "--demo", "--api-port", "0"):
            refused = self._install()
        assert refused.returncode == 1, refused
        assert left.exists()
        told = self.install()
        assert not left.exists()
        return told

    def take_away(self) -> str:
        done = run("sh", "-c", self.take_away_with)
        assert done.returncode == 0, done
        left = [path.name for path in self.prefix.rglob("psf-monitor*")]
        assert not left, left
        return "nothing of the program is left"


_KEEP = """
import sys
from psf_monitor.settings.password import store_password
store_password(sys.argv[1])
"""
_COMPARE = """
import sys
from PySide6.QtGui import QImage
ours, theirs = map(QImage, sys.argv[1:])
assert ours.size() == theirs.size()
points = [(x, y) for x in range(0, ours.width(), 3) for y in range(0, ours.height(), 3)]
print(sum(ours.pixel(*point) != theirs.pixel(*point) for point in points) / len(points))
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(HOME=folder, QT_QPA_PLATFORM="offscreen")
        for name in [name for name in os.environ if name.startswith("XDG_") and name.endswith("_HOME")]:
            del os.environ[name]
        trial = Trial(Path(folder))
        steps = (
            trial.install,
            trial.version,
            trial.picture,
            trial.credential,
            trial.serve,
            trial.update,
            trial.version,
            trial.take_away,
        )
        for step in steps:
            sys.stdout.write(f"{step.__name__}: {step()}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
