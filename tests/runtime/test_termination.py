"""What makes a process end: keys, signals, the closing of the terminal."""

import signal
import sys

import pytest

from psf_monitor.runtime.termination import on_termination

SIGNALS = [
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP" if sys.platform != "win32" else "SIGBREAK")
]


@pytest.mark.parametrize("number", SIGNALS)
def test_that_each_signal_is_handled_and_the_former_handler_restored(number: signal.Signals) -> None:
    # What runs the tests may ignore it, as nohup does.
    kept = signal.signal(number, signal.default_int_handler)
    before = signal.getsignal(number)
    asked: list[None] = []
    with on_termination(lambda: asked.append(None)):
        signal.raise_signal(number)
        signal.raise_signal(number)
    assert signal.getsignal(number) is before
    signal.signal(number, kept)
    assert len(asked) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGHUP")
def test_that_nohup_is_heeded() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    asked: list[None] = []
    try:
        with on_termination(lambda: asked.append(None)):
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert asked == []
