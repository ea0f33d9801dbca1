"""On top, under a real window manager: the window stays where it is, now and at every later start."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waiting import PROCESS_PATIENCE_S

pytestmark = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("openbox") and shutil.which("xprop")),
    reason="needs Xvfb, openbox and xprop",
)

START = """
import subprocess, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from psf_monitor.ui.shell.layout.store import LayoutStore
from tests.ui.window import WindowUnderTest

application = QApplication([])
window = WindowUnderTest(store=LayoutStore(Path(sys.argv[1]))).window
window.show()
rests = []

def end():
    state = subprocess.run(
        ["xprop", "-id", str(int(window.winId())), "_NET_WM_STATE"], capture_output=True, text=True
    ).stdout
    print(*window.geometry().getRect(), "_NET_WM_STATE_ABOVE" in state, window.isActiveWindow())
    window.close()
    application.quit()

def look():
    rests.append((window.geometry(), window.frameGeometry(), window.isActiveWindow()))
    if len(rests) < 4 or not window.isActiveWindow() or rests[-1] != rests[-4]:
        return
    rests.clear()
    if sys.argv[2] == "click" and not window.menus.on_top.isChecked():
        window.row.on_top.click()
    else:
        timer.stop()
        end()

timer = QTimer(interval=100)
timer.timeout.connect(look)
timer.start()
application.exec()
"""


@pytest.fixture
def display() -> Iterator[str]:
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as told:
        name = f":{told.readline().strip()}"
    manager = subprocess.Popen(
        ["openbox"], env=os.environ | {"DISPLAY": name}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield name
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait(timeout=PROCESS_PATIENCE_S)


def started(display: str, layout: Path, deed: str = "") -> str:
    ended = subprocess.run(
        [sys.executable, "-c", START, str(layout), deed],
        env=os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=PROCESS_PATIENCE_S,
        check=False,
    )
    if "could not load the Qt platform plugin" in ended.stderr.lower():
        pytest.skip("Qt's xcb libraries are not there")
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def test_that_a_window_on_top_stays_in_its_place_at_every_start(display: str, tmp_path: Path) -> None:
    layout = tmp_path / "ui.json"
    before = started(display, layout)
    place, above, active = before.rsplit(" ", 2)
    assert (above, active) == ("False", "True")
    assert started(display, layout, "click") == f"{place} True True"
    assert started(display, layout) == f"{place} True True"
