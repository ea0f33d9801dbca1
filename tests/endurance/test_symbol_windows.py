"""The window of a share, opened and closed all day: nothing of it is left. ``--long`` does it 1,000 times."""

import gc

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from psf_monitor.domain.depth import Depth, DepthLevel, DepthReport, DepthState
from psf_monitor.ui.symbol.window import DEPTH, HISTORY, INDICATORS, SymbolWindow
from tests.benchmarks.measurements import resident_mb
from tests.support.records import NOON
from tests.ui.window import WindowUnderTest, fill

CIM = "CIM PRB"
MOST_MB = 12.0
"""What an allocator may keep; a window that stayed would be a hundred times as much over 1,000 of them."""


def deep(best: float = 24.52) -> DepthReport:
    bids = tuple(DepthLevel(round(best - n / 100, 2), 100.0 * (n + 1), "NYSE") for n in range(40))
    asks = tuple(DepthLevel(round(best + 0.08 + n / 100, 2), 100.0 * (n + 1), "ARCA") for n in range(40))
    return DepthReport(DepthState.LIVE, Depth(bids, asks), NOON, NOON)


def visit(ui: WindowUnderTest) -> None:
    """Open it, look at every page, close it."""
    assert ui.window.symbol_windows.open_named(CIM)
    (window,) = ui.window.symbol_windows.windows
    ui.book.depths.depth_changed({CIM: deep()})
    for name in (DEPTH, HISTORY, INDICATORS):
        window.choose_tab(name)
        window.grab()
    window.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_that_nothing_is_left_of_windows_that_were_closed(
    request: pytest.FixtureRequest, qapp: QApplication
) -> None:
    is_long = request.config.getoption("--long")
    ui = WindowUnderTest()
    fill(ui)
    listeners = ui.book.depths.symbols
    for _ in range(30 if is_long else 5):
        visit(ui)
    gc.collect()
    widgets, before_mb = len(qapp.allWidgets()), resident_mb()
    for number in range(1000 if is_long else 10):
        visit(ui)
        if not number % 20:
            # As the window does every second; nobody opens twenty in that.
            gc.collect()
    gc.collect()
    assert len(qapp.allWidgets()) == widgets
    assert not [each for each in gc.get_objects() if type(each) is SymbolWindow]
    assert ui.book.depths.symbols == listeners == frozenset()
    after_mb = resident_mb()
    if before_mb is not None and after_mb is not None:
        assert after_mb - before_mb < MOST_MB
    ui.window.close()
    ui.window.deleteLater()
