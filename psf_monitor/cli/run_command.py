"""Run the command that the command line names. Qt, asyncio and ib_insync are loaded when it needs them."""

import gc
import logging
import sys
from collections.abc import Sequence

from psf_monitor import __version__, settings
from psf_monitor.cli import window
from psf_monitor.cli.command_table import COMMANDS
from psf_monitor.cli.console import FAILED, WRONG_INPUT, output_given_up, reporting
from psf_monitor.cli.invocation import Invocation
from psf_monitor.cli.options.parser import parse
from psf_monitor.runtime import crash_report, logs
from psf_monitor.runtime.error_output import report_errors
from psf_monitor.settings import SettingsError

_log = logging.getLogger(__name__)

INTERRUPTED = 130
"""Exit code after Ctrl+C in a command without a window."""


def run(arguments: Sequence[str] | None, *, collects: bool) -> int:
    """Run the command for ``main``; return the exit code.

    ``collects``: a command without a window collects garbage here; one with a window does so itself.
    """
    given = set(sys.argv[1:] if arguments is None else arguments)
    is_windowless = any(name in given and not command.opens_window for name, command in COMMANDS.items())
    return reporting(lambda: _run(arguments, collects=collects), has_window=not is_windowless)


def _run(arguments: Sequence[str] | None, *, collects: bool) -> int:
    options = parse(arguments)
    if options.paths:
        return _print_paths()
    command = COMMANDS.get(options.command)
    if collects and command is not None and not command.opens_window:
        gc.enable()
    console, unprinted = (logging.WARNING, ()) if command is None else (command.console, command.own_loggers)
    folder = settings.user_paths().logs
    with logs.logging_to(folder, debug=options.debug, console=console, unprinted=unprinted) as log:
        what = "demo" if options.demo else options.command or "window"
        with crash_report.watched(folder, what) as crash:
            _log.info("psf_monitor %s starts: %s, on %s", __version__, what, sys.platform)
            try:
                begin = window.run if command is None else command.file.run
                return begin(Invocation(options, log, crash))
            except SettingsError as error:
                report_errors(*str(error).splitlines())
                return WRONG_INPUT
            except KeyboardInterrupt:
                return INTERRUPTED
            except Exception as error:
                if output_given_up(error):
                    return FAILED
                raise


def _print_paths() -> int:
    paths = settings.user_paths()
    log = paths.logs / logs.FILE_NAME
    sys.stdout.write(
        f"settings  {paths.settings}\nsymbols   {paths.symbols}\n"
        f"layout    {paths.layout}\nalerts    {paths.alerts}\n"
        f"log       {log}\npictures  {paths.pictures}\njournal   {paths.journal}\n"
        f"api token {paths.api_token}\nrecorded  {paths.recordings}\n"
    )
    return 0
