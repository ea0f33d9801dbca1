"""Log-off, shut-down, a request to terminate: what a close by hand saves is saved, no trace is left."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Coroutine, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from psf_monitor.sim.demo import Gateways
from tests.support.waiting import PATIENCE_S, PROCESS_PATIENCE_S, joined, line_of

_RUN = """
import os, sys
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

how = sys.argv.pop(1)
from psf_monitor.app import main as running
from psf_monitor.cli.main import main
from psf_monitor.domain.account import IBKR_MODES

def is_up(opened):
    # Connected, and every login's executions were listed: from then on the day is watched.
    cards, fills = opened.window.links_panel.cards.values(), opened.monitor.fills
    is_listed = all(fills.state(mode).as_of for mode in IBKR_MODES)
    return is_listed and all("Disconnect" in card.button.text() for card in cards)

run = running.run

def watched(application, options, opened):
    # Its servers are simulated, and say so; what is asked here is whether a journal ends whole.
    opened.monitor.records_simulated = True
    for card in opened.window.links_panel.cards.values():
        QTimer.singleShot(0, card.button.click)

    def look():
        if is_up(opened):
            looking.stop()
            QTimer.singleShot(0, end)

    def end():
        print("up", flush=True)
        if how == "quit":
            application.quit()
        elif how == "quit event":
            QCoreApplication.postEvent(application, QEvent(QEvent.Type.Quit))
        elif how == "Windows":
            # As at WM_ENDSESSION: the signal, and the process ends.
            application.aboutToQuit.emit()
            os._exit(0)

    looking = QTimer()
    looking.timeout.connect(look)
    looking.start(20)
    return run(application, options, opened)

running.run = watched
sys.exit(main())
"""


@contextmanager
def sim_servers() -> Iterator[Gateways]:
    """Both TWS and HAMMER on a loop and a thread of their own: the window runs in another process."""
    gateways = Gateways("normal", seed=7)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(what: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(what, loop).result(PATIENCE_S)

    try:
        run(gateways.start())
        yield gateways
        run(gateways.stop())
    finally:
        loop.call_soon_threadsafe(loop.stop)
        joined(thread)
        loop.close()


def environment(gateways: Gateways, home: Path) -> dict[str, str]:
    """Of a user whose files all lie in ``home``."""
    names = ["HOME", "USERPROFILE"]
    names += [f"XDG_{kind}_HOME" for kind in ("CACHE", "CONFIG", "DATA", "STATE")]
    names += [f"WIN_PD_OVERRIDE_{kind}" for kind in ("APPDATA", "LOCAL_APPDATA", "MY_PICTURES")]
    return {
        **os.environ,
        **dict.fromkeys(names, str(home)),
        "IBKR_GUN_PORT": str(gateways.gun.port),
        "IBKR_PED_PORT": str(gateways.ped.port),
        "HAMMER_PORT": str(gateways.hammer.port),
        "HAMMER_PASSWORD": gateways.hammer.password,
    }


WAYS = ["quit", "quit event", "Windows", "SIGTERM", "SIGHUP"]


@pytest.mark.parametrize("how", WAYS)
def test_that_whatever_ends_the_session_everything_is_saved_within_seconds(how: str, tmp_path: Path) -> None:
    if how.startswith("SIG") and sys.platform == "win32":
        pytest.skip("Windows has no signal that asks a process to end")
    if how == "SIGHUP" and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        # Under nohup it is ignored, and child processes would ignore it, too.
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    with sim_servers() as gateways:
        with subprocess.Popen(
            [sys.executable, "-c", _RUN, how],
            cwd=tmp_path,
            env=environment(gateways, tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as window:
            line = line_of(window)
            if how.startswith("SIG"):
                window.send_signal(getattr(signal, how))
            try:
                _out, err = window.communicate(timeout=PROCESS_PATIENCE_S)
            finally:
                window.kill()
        assert (line, window.returncode) == ("up\n", 0), err
        assert "Traceback" not in err
        for tws in (gateways.gun, gateways.ped):
            # The line was closed properly: its subscriptions were cancelled before.
            assert {request for _client, request in tws.received} >= {63, 64}
    files = {path.name: path for path in tmp_path.rglob("*") if path.is_file()}
    assert "ui.json" in files
    assert "Traceback" not in files["psf_monitor.log"].read_text(encoding="utf-8")
    # The journal was closed, or its log would lie beside it; and what was watched is in it to the end.
    assert "journal.sqlite3-wal" not in files
    with closing(sqlite3.connect(files["journal.sqlite3"])) as journal:
        (watched,) = journal.execute("SELECT count(*) FROM watched").fetchone()
    assert watched >= 2
