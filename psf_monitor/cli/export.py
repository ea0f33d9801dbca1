"""``psf-monitor export``: the export without a window."""

import argparse
import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from psf_monitor import settings
from psf_monitor.cli.console import OutputError
from psf_monitor.cli.invocation import Invocation
from psf_monitor.cli.options import arguments
from psf_monitor.cli.options.command_parser import CommandParser
from psf_monitor.files import reason
from psf_monitor.journal.csv_export import Exported
from psf_monitor.journal.errors import JournalError
from psf_monitor.journal.journal import Journal
from psf_monitor.runtime.error_output import report_errors

WRITTEN, FAILED, WRONG_INPUT, DAYS_MISSING = 0, 1, 2, 3
"""Exit codes: complete; nothing was written; not accepted; written, but not every day is complete."""


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """The executions from ``first`` to ``last``, New York's days, or the realized gains of a year.

    ``file`` is ``None`` for stdout; ``account`` is an account id or a profile's name, empty for all.
    """

    file: Path | None
    account: str
    first: date
    last: date
    gains_year: int | None = None


DESCRIPTION = """Writes the executions of some days, or the realized gains of a year, from the journal;
it connects to nothing. Days are New York's. Exit 0: written. 3: written, and what may be missing
is said. 1: the journal or the file failed. 2: the command line is not accepted."""


def add_options(parser: CommandParser) -> None:
    """Add the command's options, and the checks among them."""
    parser.add_argument(
        "--from", dest="first", type=arguments.day, metavar="YYYY-MM-DD", help="the first day"
    )
    parser.add_argument("--to", dest="last", type=arguments.day, metavar="YYYY-MM-DD", help="the last day")
    parser.add_argument(
        "--csv",
        required=True,
        type=arguments.csv_file,
        metavar="FILE",
        help="where to; - is the standard output",
    )
    parser.add_argument("--account", default="", metavar="ID", help="an account or a profile (all)")
    parser.add_argument(
        "--gains", type=arguments.year, metavar="YEAR", help="the realized gains of this year instead"
    )
    parser.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help="log more")
    parser.checks.append(partial(_check_days, parser))


def _check_days(parser: CommandParser, options: argparse.Namespace) -> None:
    days = (("--from", options.first), ("--to", options.last))
    for flag, day in days:
        if options.gains is not None and day is not None:
            parser.error(f"{flag} does not go with --gains, which is of a whole year")
    if options.gains is not None:
        return
    missing = [flag for flag, day in days if day is None]
    if missing:
        parser.error(f"export needs {' and '.join(missing)}, or --gains")
    if options.first > options.last:
        parser.error(f"--from: {options.first} is after --to, {options.last}")


def run(invocation: Invocation) -> int:
    """Write what the options name; return the exit code."""
    options = invocation.options
    year = options.gains
    request = ExportRequest(
        file=None if options.csv == "-" else Path(options.csv),
        account=options.account,
        first=options.first or date(year, 1, 1),
        last=options.last or date(year, 12, 31),
        gains_year=year,
    )
    return asyncio.run(export(settings.user_paths().journal, request, datetime.now(UTC)))


async def export(path: Path, request: ExportRequest, now: datetime) -> int:
    """Write the requested export from the journal at ``path``; return the exit code."""
    journal = Journal(path)
    try:
        if not path.exists():  # noqa: ASYNC240 - nothing else runs in this process
            return _fail(f"there is no journal yet: {path}. The window writes it.", FAILED)
        known = await journal.accounts()
        named = sorted({account for mode, account in known if request.account in ("", mode.value, account)})
        if not named and request.account:
            there = ", ".join(sorted({account for _, account in known})) or "nothing yet"
            return _fail(
                f"--account: the journal has nothing of {request.account!r}; it has {there}.", WRONG_INPUT
            )
        found = await _export(journal, request, named, now)
    except JournalError as error:
        return _fail(str(error), FAILED)
    except OSError as error:
        if request.file is None:
            raise OutputError(error.errno, error.strerror) from error
        return _fail(f"--csv: {request.file}: {reason(error)}.", FAILED)
    finally:
        await journal.close()
    report_errors(*(remark.sentence() for remark in (*found.missing, *found.remarks)))
    return DAYS_MISSING if found.missing else WRITTEN


async def _export(journal: Journal, request: ExportRequest, named: list[str], now: datetime) -> Exported:
    if request.gains_year is not None:
        return await journal.export_gains(request.file, named, request.gains_year, now)
    return await journal.export_fills(request.file, named, request.first, request.last, now)


def _fail(sentence: str, code: int) -> int:
    report_errors(sentence)
    return code
