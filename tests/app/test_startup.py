"""The order in which the product comes up: the window first, then what takes long, then the links."""

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from psf_monitor.app import startup
from psf_monitor.app.options import WindowOptions
from psf_monitor.domain.account import AccountMode
from psf_monitor.ui.shell.main_window import MainWindow
from tests.app.running_window import Trader, in_qt, opened
from tests.conftest import ExpectedErrors
from tests.support.sim_servers import settings_for, standing_still
from tests.support.waiting import PROCESS_PATIENCE_S, until

HAMMER = AccountMode.HAMMER_PRO


def test_that_the_password_is_looked_up_once_the_window_is_there_and_before_hammer_is_signed_in_to(
    qapp: QApplication, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync.client")

    def window() -> MainWindow | None:
        found = (w for w in qapp.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible())
        return next(found, None)

    async def story() -> None:
        async with standing_still() as gateways:
            settings = settings_for(gateways)
            seen: list[bool] = []

            def look_up() -> str:
                shown = window()
                seen.append(
                    shown is not None and not shown.links_panel.cards[HAMMER].visibleRegion().isEmpty()
                )
                return gateways.hammer.password

            without = replace(settings, hammer=replace(settings.hammer, password=""))
            options = WindowOptions(without, "normal", 7, "dark", (1280, 720), None, 0, password=look_up)
            async with opened(qapp, options) as shown:
                trader = Trader(shown)
                # Before the password is there: the click waits for it.
                trader.click(HAMMER)
                await until(partial(trader.is_connected, HAMMER), what="HAMMER connected")
            assert seen == [True]

    in_qt(qapp, story)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a screen")
def test_that_a_window_without_a_screen_gives_one_sentence(tmp_path: Path) -> None:
    without = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    done = subprocess.run(
        [sys.executable, "-m", "psf_monitor", "--demo"],
        env={name: value for name, value in os.environ.items() if name not in without},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=PROCESS_PATIENCE_S,
    )
    assert (done.returncode, done.stdout) == (1, "")
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith("psf-monitor: there is no screen: neither DISPLAY nor WAYLAND_DISPLAY is set.")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere Qt shows a box first")
def test_that_a_screen_that_qt_cannot_use_gives_one_sentence_and_no_crash(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "psf_monitor"],
        env={**os.environ, "QT_QPA_PLATFORM": "nonsense", "HOME": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=PROCESS_PATIENCE_S,
    )
    assert (done.returncode, done.stdout) == (1, "")
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith("psf-monitor: no window can be shown. Qt says: ")
    assert "nonsense" in sentence
    assert [path.name for path in tmp_path.rglob("*.txt")] == []


def _reported(script: str, folder: Path) -> list[str]:
    """The lines that a process of its own writes."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(str(Path(path).resolve()) for path in sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=PROCESS_PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


_LOADED_MODULES = """
import sys
from types import ModuleType

def loaded_modules():
    # A deferred module stands in sys.modules before its code has been run, which gives it Python's own names.
    return {
        name
        for name, module in list(sys.modules.items())
        if type(module) is ModuleType
        and ("__getattr__" not in vars(module) or "__builtins__" in vars(module))
    }
"""
_WATCHED = (
    _LOADED_MODULES
    + """
import builtins
from psf_monitor.app.startup import load_qt
import json
from psf_monitor.cli import main as cli
load_qt()
from PySide6 import QtWidgets
from PySide6.QtCore import QEvent, QObject, QRect, QTimer
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

def picture(window):
    # The clock goes on, and how many alerts there are is read from their file.
    image = window.grab().toImage()
    painter = QPainter(image)
    for part in (window.top_bar.clock, window.section.alerts_count):
        painter.fillRect(QRect(part.mapTo(window, part.rect().topLeft()), part.size()), QColor("black"))
    painter.end()
    return image

def seen(window):
    return [
        [type(part).__name__, *part.mapTo(window, part.rect().topLeft()).toTuple(), *part.size().toTuple()]
        for part in window.findChildren(QWidget) if part.isVisible() and part.window() is window
    ]

class Watch(QObject):
    def eventFilter(self, window, event):
        if event.type() is QEvent.Type.Paint:
            window.removeEventFilter(self)
            self.window = window
            QTimer.singleShot(0, self.painted)
        return False
    def painted(self):
        self.loaded = sorted(loaded_modules() | vars(QtWidgets).keys())
        self.first, self.first_picture = seen(self.window), picture(self.window)
        self.later = QTimer(self)
        self.later.timeout.connect(self.look)
        self.later.start(20)
    def look(self):
        if "psf_monitor.ibkr.session" in loaded_modules():
            self.later.stop()
            is_same = picture(self.window) == self.first_picture
            found = [builtins.__import__.__name__, self.loaded, self.first, seen(self.window), is_same]
            print(json.dumps([*found, sorted(loaded_modules())]))
            self.window.close()

watch = Watch()
def show(window, show=QMainWindow.show):
    window.installEventFilter(watch)
    show(window)
QMainWindow.show = show
sys.exit(cli.main(["--theme", "dark"]))
"""
)

NOT_BEFORE_THE_WINDOW = {
    *startup.QT_HELP,
    *startup.DEFERRED_LIBRARIES,
    "asyncio",
    "fastapi",
    "ib_insync",
    "keyring",
    "picows",
    "qasync",
    "sqlite3",
    "ssl",
    "typing_extensions",
    "psf_monitor.alerts.watch",
    "psf_monitor.book.book",
    "psf_monitor.check.runner",
    "psf_monitor.connection.supervisor",
    "psf_monitor.domain.fills.fill",
    "psf_monitor.domain.orders.order",
    "psf_monitor.domain.position",
    "psf_monitor.domain.quote",
    "psf_monitor.hammer.adapter",
    "psf_monitor.hammer.session",
    "psf_monitor.ibkr.connector",
    "psf_monitor.ibkr.session",
    "psf_monitor.journal.journal",
    "psf_monitor.journal.recorder",
    "psf_monitor.recording.recorder",
    "psf_monitor.runtime.monitor",
    "psf_monitor.cli.serve",
    "psf_monitor.ui.alerts.panel",
    "psf_monitor.ui.fills.panel",
    "psf_monitor.ui.shell.about",
    "psf_monitor.ui.shell.controllers",
    "psf_monitor.ui.connections.api_dialog",
    "psf_monitor.ui.connections.check_dialog",
    "psf_monitor.ui.journal.export_dialog",
    "psf_monitor.ui.journal.gains_dialog",
    "psf_monitor.ui.journal.recorded_days_dialog",
    "psf_monitor.ui.symbol.ladder",
    "psf_monitor.ui.symbol.indicators_view",
    "psf_monitor.ui.symbol.window",
    "psf_monitor.ui.connections.edit_form",
    "psf_monitor.ui.symbol.row_details",
    "psf_monitor.ui.shell.shortcut_list",
    # PySide6 makes classes when they are asked for, and all that there are to name what Qt has made.
    "QColorDialog",
    "QStyle",
    "QWizard",
}

NOT_BEFORE_ITS_USE = {
    "python_socks.async_.asyncio",
    "typing_extensions",
    "psf_monitor.ui.fills.panel",
}
"""Nor with what runs the window."""

if sys.platform == "win32":
    # The taskbar's identity is set before there is a window, and Ctrl+C is handled from then on.
    NOT_BEFORE_THE_WINDOW -= {"ctypes", "signal"}

MOST_OWN_MODULES = 143
"""Each takes its time to be found and read, on Windows several times that of Linux."""


def test_that_the_window_is_painted_whole_before_what_runs_it_is_loaded(tmp_path: Path) -> None:
    (reported,) = _reported(_WATCHED, tmp_path)
    imports, loaded, first, later, is_same, loaded_later = json.loads(reported)
    assert imports == "__import__"
    assert not NOT_BEFORE_THE_WINDOW & set(loaded)
    assert sum(name.startswith("psf_monitor") for name in loaded) <= MOST_OWN_MODULES
    names = [name for name, *_ in first]
    assert names.count("TableView") == 2
    assert names.count("ConnectionCard") == 3
    assert later == first
    assert is_same
    assert not NOT_BEFORE_ITS_USE & set(loaded_later)


_BROKEN = """
import json, sys
from psf_monitor.app.startup import load_qt
from psf_monitor.cli import main as cli
load_qt()
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QMainWindow

# Half an installation: a module of what stands behind the window cannot be loaded.
sys.modules["psf_monitor.alerts.watch"] = None

class Trader(QObject):
    def __init__(self, window):
        super().__init__()
        self.window = window
        self.looking = QTimer(self)
        self.looking.timeout.connect(self.look)
        self.looking.start(20)
    def look(self):
        if "failed" in self.window.status.news.text:
            self.looking.stop()
            cards = self.window.links_panel.cards.values()
            print(json.dumps([self.window.isVisible(), any(card.button.isEnabled() for card in cards)]))
            self.window.close()

traders = []
def show(window, show=QMainWindow.show):
    traders.append(Trader(window))
    show(window)
QMainWindow.show = show
print(cli.main(["--theme", "dark"]))
"""


def test_that_a_window_that_nothing_could_be_put_behind_reports_it_until_it_is_closed(tmp_path: Path) -> None:
    reported, code = _reported(_BROKEN, tmp_path)
    assert json.loads(reported) == [True, False]
    assert code == "1"


_WRONG_CALL = """
from psf_monitor.app import startup
LOAD_QT
from PySide6.QtCore import QMimeDatabase
print(sorted(startup.QT_HELP & loaded_modules()))
try:
    QMimeDatabase().mimeTypeForName(())
except TypeError as error:
    print(error)
"""


def test_that_a_wrong_call_of_qt_is_reported_as_by_pyside(tmp_path: Path) -> None:
    call = _LOADED_MODULES + _WRONG_CALL
    loaded, *error = _reported(call.replace("LOAD_QT", "startup.load_qt()"), tmp_path)
    _, *as_ever = _reported(call.replace("LOAD_QT", ""), tmp_path)
    assert loaded == "[]"
    assert error == as_ever
    assert "Supported signatures:" in error


_BY_TWO_THREADS = (
    _LOADED_MODULES
    + """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from psf_monitor.app import startup
import csv
import csv as again
both = Barrier(2)
def quotes():
    both.wait()
    return csv.QUOTE_ALL
print("csv" in loaded_modules())
with ThreadPoolExecutor(2) as threads:
    print([used.result() for used in [threads.submit(quotes) for _ in range(2)]])
print("csv" in loaded_modules(), hasattr(csv, "nothing"))
"""
)


def test_that_a_deferred_library_may_be_used_first_by_two_threads(tmp_path: Path) -> None:
    assert _reported(_BY_TWO_THREADS, tmp_path) == ["False", "[1, 1]", "True False"]


_WITHOUT_TLS = """
import psf_monitor
import asyncio, hashlib, picows, ssl, sys
from ssl import SSLContext

async def talk():
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        print(await reader.read(), hashlib.sha1(b"abc").hexdigest())
        writer.close()

asyncio.run(talk())
print(sorted({"_ssl", "_hashlib", "aiofastnet"} & set(sys.modules)), isinstance(sys, SSLContext))
context = ssl.create_default_context()
print("_ssl" in sys.modules, isinstance(context, SSLContext), isinstance(sys, SSLContext))
"""


def test_that_openssl_is_loaded_when_tls_is_spoken_and_not_before(tmp_path: Path) -> None:
    first, before, after = _reported(_WITHOUT_TLS, tmp_path)
    # FIPS 180's example of SHA-1.
    assert first == "b'' a9993e364706816aba3e25717850c26c9cd0d89d"
    assert before == "[] False"
    assert after == "True True False"


_LINE_TO_TWS = """
import sys
from psf_monitor.ibkr import session
session.IbkrSession
print("ib_insync.client" in sys.modules, "ib_insync.flexreport" in sys.modules)
from ib_insync import IB, FlexReport
print(IB.__name__, FlexReport.__name__)
"""


def test_that_of_the_client_library_only_what_connects_to_tws_is_loaded(tmp_path: Path) -> None:
    assert _reported(_LINE_TO_TWS, tmp_path) == ["True False", "IB FlexReport"]


_WITHOUT_NUMPY = """
import sys
sys.path.insert(0, ".")
import psf_monitor
import numpy as np
print("numpy is imported")
import ib_insync.client
np.nan
"""


def test_that_numpy_is_loaded_when_it_is_used_and_not_with_eventkit(tmp_path: Path) -> None:
    (tmp_path / "numpy.py").write_text("nan = float('nan')\nprint('numpy is loaded')\n", encoding="utf-8")
    assert _reported(_WITHOUT_NUMPY, tmp_path) == ["numpy is imported", "numpy is loaded"]
