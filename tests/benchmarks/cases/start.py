"""From the start of the process to the first painted window, next to a bare window of PySide6."""

import ast
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.measurements import percentile
from tests.benchmarks.plan import Figure, Measured, Plan

NAME = "start"
OURS, PEER = "psf_monitor", "bare PySide6 window"
_CASE = "to the first painting"

HOW = (
    "Start: a new process each, files warm, timed from before the process is made until the event loop comes "
    "back from the first painting of the window and all in it. The bare window is a QMainWindow with one "
    "empty QTableWidget. CPU s is the least processor time that any of them took: other programs make it "
    "longer, too, but less so. Only the window is watched: a large one costs no more to watch than a small "
    "one."
)

_WATCH = """
import sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Watch(QObject):
    def eventFilter(self, window, event):
        if event.type() is QEvent.Type.Paint:
            window.removeEventFilter(self)
            # What is in the window is painted in the same turn.
            QTimer.singleShot(0, self.report)
        return False
    def report(self):
        sys.stdout.write(repr((time.perf_counter(), time.process_time())) + chr(10))
        sys.stdout.flush()
        for window in QApplication.topLevelWidgets():
            window.close()
watch = Watch()
def show(window, show=QMainWindow.show):
    window.installEventFilter(watch)
    show(window)
QMainWindow.show = show
"""
_BARE = f"""
{_WATCH}
from PySide6.QtWidgets import QTableWidget
application = QApplication([])
window = QMainWindow()
window.setCentralWidget(QTableWidget(0, 12))
window.resize(1280, 720)
window.show()
application.exec()
"""
_OURS = f"""
from psf_monitor.app import startup
from psf_monitor.cli import main as cli
# As the product does, before anything else of Qt is loaded.
startup.load_qt()
{_WATCH}
cli.main(["--theme", "dark"])
"""


def _timed(script: str, folder: str) -> tuple[float, float]:
    """Return the seconds from before the process is made to its report, and its processor time."""
    began = time.perf_counter()
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(str(Path(path).resolve()) for path in sys.path),
        # Compiled once and then read, as in an installation.
        "PYTHONPYCACHEPREFIX": sys.pycache_prefix or folder,
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=folder,
        env=environment,
    )
    at, used = ast.literal_eval(done.stdout.splitlines()[0])
    return at - began, used


def measure(plan: Plan) -> Measured:
    found = Measured(notes=[HOW])
    times: dict[str, list[tuple[float, float]]] = {OURS: [], PEER: []}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(plan.starts + (plan.starts > 1)):
            for name, script in ((OURS, _OURS), (PEER, _BARE)):
                took = _timed(script, folder)
                if number or plan.starts == 1:
                    times[name].append(took)
    for name, reported in times.items():
        seconds = percentile((took for took, _ in reported), 50)
        found.figures.append(Figure(NAME, _CASE, name, "seconds", seconds, "s"))
        found.figures.append(Figure(NAME, _CASE, name, "CPU s", min(used for _, used in reported), "s"))
    ratio = found.value(_CASE, OURS, "CPU s") / found.value(_CASE, PEER, "CPU s")
    found.judge("start to first painting, next to a bare window", "1.7 times", ratio, "times", most=1.7)
    return found
