"""A monitor that dies, and the one that is started after it."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from psf_monitor.problem import Problem
from tests.support.waiting import PATIENCE_S, PROCESS_PATIENCE_S, line_of
from tests.ui.window import WindowUnderTest

SERVE = [
    *(sys.executable, "-m", "psf_monitor", "serve", "--api-port", "0"),
    *("--gun-port", "1", "--ped-port", "2", "--hammer-port", "3"),
]


def serving(home: Path) -> tuple["subprocess.Popen[str]", str, Path]:
    """``psf-monitor serve`` of a user of its own, whose TWS and HAMMER are not there."""
    places = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME")
    environment = {**os.environ, **dict.fromkeys(places, str(home))}
    environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    process = subprocess.Popen(
        SERVE, cwd=home, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    address = line_of(process).split()[1]
    return process, address, Path(line_of(process).split(None, 2)[2].strip())


@pytest.mark.skipif(sys.platform == "win32", reason="the user's folders cannot be named there")
def test_that_serve_reports_on_the_console_and_in_health_how_the_last_one_ended(tmp_path: Path) -> None:
    process, _, _ = serving(tmp_path)
    process.send_signal(signal.SIGABRT)
    process.communicate(timeout=PROCESS_PATIENCE_S)
    process, address, token = serving(tmp_path)
    try:
        bearer = {"Authorization": f"Bearer {token.read_text(encoding='utf-8').strip()}"}
        asked = urllib.request.Request(f"{address}/health", headers=bearer)
        with urllib.request.urlopen(asked, timeout=PATIENCE_S) as answer:
            reported = json.load(answer)["last_crash"]
    finally:
        process.send_signal(signal.SIGTERM)
        _, text = process.communicate(timeout=PROCESS_PATIENCE_S)
    assert reported.startswith("The last psf_monitor crashed at ")
    trace = Path(reported.partition("Where it died is in ")[2].partition(", what came before")[0])
    assert trace.read_text(encoding="utf-8").startswith("Fatal Python error: Aborted")
    assert reported in text


def test_that_the_window_reports_how_the_last_one_ended_until_the_banner_is_hidden(
    qapp: QApplication,
) -> None:
    crash = Problem("The last psf_monitor crashed at 14:03:22.", "It died inside.", "The trace is in a file.")
    under_test = WindowUnderTest(crash=crash)
    window = under_test.window
    window.show()
    under_test.wait()
    (banner,) = window.banners.banners
    assert banner.title.text == crash.what
    assert banner.detail.text.startswith(crash.rest)
    next(button for button in banner.buttons if button.text() == "Hide").click()
    under_test.wait()
    assert not window.banners.banners
    assert not window.banners.isVisible()
    window.close()
    qapp.processEvents()
