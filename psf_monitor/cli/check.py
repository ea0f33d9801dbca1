"""``psf-monitor check``: the connection test, and on wish what was said in it, recorded."""

import sys
from collections.abc import Sequence
from pathlib import Path

from psf_monitor.check import runner
from psf_monitor.connection import tasks
from psf_monitor.domain.account import AccountMode
from psf_monitor.recording.recorder import WireRecorder
from psf_monitor.runtime.recorded_facts import recorded_facts
from psf_monitor.settings import Settings
from psf_monitor.settings.symbol_file import SymbolFile, SymbolOverrides


def run(settings: Settings, targets: Sequence[AccountMode], timeout_s: float, record: Path | None) -> int:
    """Test these connections, recorded into ``record`` if there is one; the exit code."""
    if record is None:
        return tasks.run(runner.report(settings, targets, timeout_s))
    names = SymbolOverrides() if settings.symbols is None else SymbolFile(settings.symbols).read()
    wires = WireRecorder()
    wires.hide(settings.hammer.password)
    wires.start(record, recorded_facts(settings, names.names))
    try:
        return tasks.run(runner.report(settings, targets, timeout_s, tap_of=wires.check))
    finally:
        path, problem = wires.stop()
        sys.stderr.write(f"psf-monitor: {problem or f'recorded into {path}; the file holds your account'}\n")
