"""On top, under a real window manager: the window stays where it is, now and at every later start."""

from pathlib import Path

from tests.ui.x11 import needs, run_on

pytestmark = needs("Xvfb", "openbox", "xprop")

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
        window.top_bar.on_top.click()
    else:
        timer.stop()
        end()

timer = QTimer(interval=100)
timer.timeout.connect(look)
timer.start()
application.exec()
"""


def started(display: str, layout: Path, action: str = "") -> str:
    return run_on(display, START, str(layout), action)


def test_that_a_window_on_top_stays_in_its_place_at_every_start(display: str, tmp_path: Path) -> None:
    layout = tmp_path / "ui.json"
    before = started(display, layout)
    place, above, active = before.rsplit(" ", 2)
    assert (above, active) == ("False", "True")
    assert started(display, layout, "click") == f"{place} True True"
    assert started(display, layout) == f"{place} True True"
