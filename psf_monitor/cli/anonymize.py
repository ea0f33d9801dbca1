"""``psf-monitor anonymize``: make a recording of the wires that can be handed over."""

import sys
from pathlib import Path

from psf_monitor.cli.invocation import Invocation
from psf_monitor.cli.options import arguments
from psf_monitor.cli.options.command_parser import CommandParser
from psf_monitor.files import reason
from psf_monitor.recording.anonymous.anonymize import anonymize
from psf_monitor.recording.errors import RecordingError
from psf_monitor.runtime.error_output import report_errors

WRITTEN, FAILED, DAMAGED = 0, 1, 3
"""Exit codes: written; not written; written, with damage of the original reported."""


DESCRIPTION = """Writes FILE into OUT with other account numbers, names, order references, hosts and paths,
the same for the same everywhere, and says what was replaced. Look through OUT with the command
wires before it leaves your hands. Exit 0: written. 3: FILE is damaged, and it is said. 1: not
written."""


def add_options(parser: CommandParser) -> None:
    """Add the command's options."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a recording; its other parts follow")
    parser.add_argument("out", type=arguments.new_file, metavar="OUT", help="a new file")
    parser.add_argument(
        "--amounts",
        action="store_true",
        help="multiply quantities and amounts, too, by a factor for each account: P&L %% and sums stay right",
    )


def run(invocation: Invocation) -> int:
    """Make the recording that the options name anonymous; return the exit code."""
    options = invocation.options
    try:
        if options.out.exists():
            report_errors(f"{options.out} is there already; nothing is overwritten.")
            return FAILED
        report = anonymize(options.file, options.out, scales=options.amounts)
    except RecordingError as error:
        report_errors(str(error))
        return FAILED
    except OSError as error:
        report_errors(f"{options.out} cannot be written: {reason(error)}.")
        return FAILED
    sys.stdout.write(f"{options.out}: {report}\n")
    report_errors(*report.problems)
    return DAMAGED if report.problems else WRITTEN
