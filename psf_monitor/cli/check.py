"""``psf-monitor check``: the connection test, recorded on request."""

from collections.abc import Sequence
from pathlib import Path

from psf_monitor.check import runner
from psf_monitor.check.timing import CheckTiming
from psf_monitor.cli.invocation import Invocation
from psf_monitor.cli.options import arguments, shared_options
from psf_monitor.cli.options.command_parser import CommandParser
from psf_monitor.connection import deferred_asyncio
from psf_monitor.domain.account import AccountMode
from psf_monitor.recording.recorder import WireRecorder
from psf_monitor.runtime.error_output import report_errors
from psf_monitor.runtime.recorded_settings import recorded_settings
from psf_monitor.settings import Settings
from psf_monitor.settings.symbol_file import SymbolFile, SymbolOverrides

DESCRIPTION = """Connects to what the settings name, prints how each step ended and disconnects.
With --record FILE what was said is written down. Exit 0: everything is ok. 1: something is not."""


def add_options(parser: CommandParser) -> None:
    """Add the command's options."""
    parser.add_argument(
        "--account", choices=[mode.value for mode in AccountMode], help="one connection (all)"
    )
    parser.add_argument(
        "--timeout", type=arguments.patience, default=20.0, metavar="S", help="longest wait for one step (20)"
    )
    shared_options.add_common(parser, top=False)


def run(invocation: Invocation) -> int:
    """Test the connections, recorded if ``--record`` is given; return the exit code."""
    loaded, options = invocation.load_settings(), invocation.options
    targets = invocation.named_modes(loaded) or [
        mode for mode in AccountMode if mode not in loaded.switched_off
    ]
    timing = CheckTiming(options.timeout)
    if options.record is None:
        return deferred_asyncio.run(runner.report(loaded, targets, timing))
    return _recorded(loaded, targets, timing, options.record)


def _recorded(settings: Settings, targets: Sequence[AccountMode], timing: CheckTiming, record: Path) -> int:
    names = SymbolOverrides() if settings.symbols is None else SymbolFile(settings.symbols).read()
    wires = WireRecorder()
    wires.hide(settings.hammer.password)
    wires.start(record, recorded_settings(settings, names.names))
    try:
        return deferred_asyncio.run(runner.report(settings, targets, timing, tap_of=wires.check))
    finally:
        path, problem = wires.stop()
        report_errors(f"{problem or f'recorded into {path}; the file holds your account'}")
