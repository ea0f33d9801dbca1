"""trial.py SETUP: installs, uses, updates and uninstalls psf_monitor on this Windows; one line for each step.

It runs under the Python that the checkout's dependencies are installed for, and ends at the first step that
fails.
"""

import ctypes
import json
import os
import sys
import time
import urllib.request
import winreg
from collections.abc import Callable
from ctypes import wintypes
from pathlib import Path

from programs import PATIENCE_S, run, running
from PySide6.QtGui import QImage

from psf_monitor.settings.password import store_password, stored_password

SETUP = Path(sys.argv[1])
HERE = Path(os.environ["LOCALAPPDATA"]) / "Programs" / "psf_monitor"
SETTINGS = Path(os.environ["APPDATA"]) / "psf_monitor" / "settings.toml"
SHORTCUT = Path(os.environ["APPDATA"]) / "Microsoft/Windows/Start Menu/Programs/psf_monitor.lnk"
UNINSTALL = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\psf_monitor"
CONSOLE, WINDOWED = HERE / "psf-monitor.exe", HERE / "psf-monitorw.exe"
USER = ctypes.WinDLL("user32")
USER.SendMessageTimeoutW.argtypes = (
    wintypes.HWND,
    wintypes.UINT,
    wintypes.WPARAM,
    wintypes.LPARAM,
    wintypes.UINT,
    wintypes.UINT,
    wintypes.LPDWORD,
)
WM_NULL, SMTO_ABORTIFHUNG = 0, 2
PASSWORD = "kept by the trial"
MOST_THAT_DIFFERS = 0.01
"""Of the picture: clock, latency and what a moment changes."""


def until(condition: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, f"{what} did not come in {PATIENCE_S:g} s"
        time.sleep(0.2)


def windows_of(process: int) -> list[int]:
    """Its windows that are shown."""
    found: list[int] = []

    @ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.HWND, wintypes.LPARAM)
    def look(window: int, _: int) -> bool:
        owner = wintypes.DWORD()
        USER.GetWindowThreadProcessId(window, ctypes.byref(owner))
        if owner.value == process and USER.IsWindowVisible(window):
            found.append(window)
        return True

    USER.EnumWindows(look, 0)
    return found


def answers(window: int) -> bool:
    """Whether the loop behind it takes what is sent to it."""
    return bool(USER.SendMessageTimeoutW(window, WM_NULL, 0, 0, SMTO_ABORTIFHUNG, 1000, None))


def registered() -> dict[str, object]:
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, UNINSTALL) as key:
            count = winreg.QueryInfoKey(key)[1]
            return {name: value for name, value, _ in (winreg.EnumValue(key, n) for n in range(count))}
    except OSError:
        # There is none, or it is being deleted (1018).
        return {}


def install() -> str:
    began = time.monotonic()
    done = run(SETUP, "/S")
    assert done.returncode == 0, done
    took = time.monotonic() - began
    assert all(path.is_file() for path in (CONSOLE, WINDOWED, SHORTCUT))
    assert registered()["DisplayName"] == "psf_monitor"
    identity = "psf_monitor.psf_monitor".encode("utf-16-le") in SHORTCUT.read_bytes()
    links = {
        (path.stat().st_dev, path.stat().st_ino): path.stat().st_size
        for path in HERE.rglob("*")
        if path.is_file()
    }
    size = sum(links.values())
    known = "with" if identity else "WITHOUT (Wine keeps none)"
    return f"{took:.1f} s, {size / 1e6:.1f} MB, shortcut {known} the window's identity"


def version() -> str:
    done = run(CONSOLE, "--version")
    assert done.returncode == 0, done
    assert done.stdout.split()[1] == registered()["DisplayVersion"], done
    return done.stdout.strip()


def picture_of(*command: object) -> tuple[QImage, float]:
    path = Path("trial.png").resolve()
    began = time.monotonic()
    done = run(
        *command, "--demo", "--scenario", "first-run", "--theme", "dark", "--after", "1", "--screenshot", path
    )
    took = time.monotonic() - began
    assert done.returncode == 0, done
    picture = QImage(str(path))
    path.unlink()
    return picture, took


def picture() -> str:
    pairs = [(picture_of(sys.executable, "-m", "psf_monitor"), picture_of(CONSOLE)) for _ in range(2)]
    (ours, slow_s), (theirs, quick_s) = pairs[-1]
    assert ours.size() == theirs.size()
    points = [(x, y) for x in range(0, ours.width(), 3) for y in range(0, ours.height(), 3)]
    share = sum(ours.pixel(*point) != theirs.pixel(*point) for point in points) / len(points)
    assert share < MOST_THAT_DIFFERS, share
    return f"{share:.2%} differs; {quick_s:.2f} s against the wheel's {slow_s:.2f} s, of which 1 s is waited"


def write_settings(port: int) -> None:
    SETTINGS.parent.mkdir(parents=True, exist_ok=True)
    SETTINGS.write_text(
        f"[ibkr.gun]\nport = 1\n[ibkr.ped]\nport = 2\n[hammer]\nport = {port}\n", encoding="utf-8"
    )


def credential() -> str:
    with running(sys.executable, "-m", "psf_monitor.sim") as sim:
        assert sim.stdout is not None
        ports = json.loads(sim.stdout.readline())
        write_settings(ports["hammer_port"])
        store_password("demo")
        checked = run(CONSOLE, "check")
        snapshot = run(CONSOLE, "snapshot", "--json", "--timeout", "5")
    store_password(PASSWORD)
    assert checked.returncode == 1, checked
    assert snapshot.returncode == 1, snapshot
    hammer = [line.split() for line in checked.stdout.splitlines() if line.startswith("HAMMER_PRO")]
    assert ["password", "ok"] in [words[1:3] for words in hammer], checked
    return f"check and snapshot end with 1 without a TWS; HAMMER took the password in {len(hammer)} steps"


def serve() -> str:
    with running(CONSOLE, "serve", "--demo", "--api-port", "0") as process:
        assert process.stdout is not None
        words = process.stdout.readline() + process.stdout.readline()
        address = next(word.rstrip(".,;") for word in words.split() if word.startswith("http://"))
        token = (
            next(Path(word.strip(".,;\"'")) for word in words.split() if "api-token" in word)
            .read_text()
            .strip()
        )
        asked = urllib.request.Request(f"{address}/health", headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(asked, timeout=30) as answer:
            assert answer.status == 200
    return address


def update() -> str:
    settings = SETTINGS.read_bytes()
    with running(WINDOWED) as window:
        until(lambda: any(map(answers, windows_of(window.pid))), "a window that answers")
        assert window.poll() is None, "the window ended by itself"
        (HERE / "_internal" / "left over").touch()
        told = install()
        assert window.wait(PATIENCE_S) == 0, "the window was not closed in good order"
    assert not (HERE / "_internal" / "left over").exists()
    assert SETTINGS.read_bytes() == settings
    return f"over an open window, which ended with 0; {told}"


def uninstall() -> str:
    assert run(HERE / "uninstall.exe", "/S").returncode == 0
    until(lambda: not HERE.exists() and not registered(), "the end of the uninstallation")
    assert not SHORTCUT.exists()
    assert SETTINGS.exists()
    assert stored_password() == PASSWORD
    return "settings and credential are left"


def main() -> None:
    for step in (install, version, picture, credential, serve, update, version, uninstall):
        sys.stdout.write(f"{step.__name__}: {step()}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
