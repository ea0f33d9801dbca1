"""The export without a window: what is asked, what is written, what is said and what comes back."""

import asyncio
import sys
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from psf_monitor.files import reason
from psf_monitor.journal.csv_export import Exported
from psf_monitor.journal.errors import JournalError
from psf_monitor.journal.journal import Journal

WRITTEN, FAILED, WRONG_INPUT, DAYS_MISSING = 0, 1, 2, 3
"""Exit codes: all is there; nothing was written; not accepted; written, but not every day is whole."""


@dataclass(frozen=True, slots=True)
class Request:
    """The executions from ``first`` to ``last``, New York's days, or the realized gains of a year.

    ``file`` is ``None`` for stdout; ``account`` is an account id or a profile's name, empty for all.
    """

    file: Path | None
    account: str
    first: date
    last: date
    gains_year: int | None = None


def run(path: Path, request: Request, now: datetime) -> int:
    """Run the command in an event loop of its own; the exit code."""
    return asyncio.run(export(path, request, now))


async def export(path: Path, request: Request, now: datetime) -> int:
    """Write what is asked for out of the journal at ``path``; the exit code."""
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
        return _fail(f"--csv: {request.file}: {reason(error)}.", FAILED)
    finally:
        await journal.close()
    for sentence in found.missing:
        sys.stderr.write(f"psf-monitor: {sentence}\n")
    return DAYS_MISSING if found.missing else WRITTEN


async def _export(journal: Journal, request: Request, named: list[str], now: datetime) -> Exported:
    if request.gains_year is not None:
        return await journal.export_gains(request.file, named, request.gains_year, now)
    return await journal.export_fills(request.file, named, request.first, request.last, now)


def _fail(sentence: str, code: int) -> int:
    sys.stderr.write(f"psf-monitor: {sentence}\n")
    return code
