"""Cycles are collected on the window's thread, whatever other threads allocate meanwhile."""

import gc
import threading
import weakref

from pytestqt.qtbot import QtBot

from psf_monitor.ui.base.garbage import collected_by_the_window
from tests.support.waiting import PATIENCE_MS, joined


class Knot:
    """Refers to itself, so that only the collector can let it go."""

    def __init__(self) -> None:
        self.itself = self


def allocate() -> None:
    """Allocate more than enough to trigger a collection, if one is allowed."""
    kept = [[] for _ in range(100_000)]  # type: ignore[var-annotated]
    del kept


def test_that_another_thread_collects_nothing_and_the_window_does(qtbot: QtBot) -> None:
    collecting: set[int] = set()

    def note(_phase: str, _info: dict[str, int]) -> None:
        collecting.add(threading.get_ident())

    gc.callbacks.append(note)
    try:
        with collected_by_the_window(every_ms=5):
            knot = weakref.ref(Knot())
            thread = threading.Thread(target=allocate)
            thread.start()
            joined(thread)
            assert not collecting
            qtbot.waitUntil(lambda: knot() is None)
    finally:
        gc.callbacks.remove(note)
    assert collecting == {threading.get_ident()}


def test_that_long_lived_objects_are_collected_once_they_are_garbage(qtbot: QtBot) -> None:
    kept = Knot()
    knot = weakref.ref(kept)
    before = gc.get_freeze_count()
    with collected_by_the_window(every_ms=1, all_every=20):
        qtbot.waitUntil(lambda: gc.get_freeze_count() > before, timeout=PATIENCE_MS)
        del kept
        gc.collect()
        assert knot() is not None
        qtbot.waitUntil(lambda: knot() is None, timeout=PATIENCE_MS)


def test_that_python_collects_as_before_when_the_window_is_gone(qtbot: QtBot) -> None:  # noqa: ARG001
    gc.enable()
    with collected_by_the_window():
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.disable()
