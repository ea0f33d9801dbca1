"""``psf-monitor snapshot``: the window's figures, once, as one JSON object for PSFALGO's algorithms. No
Qt.
"""

import asyncio
import json
import sys
from collections.abc import Collection
from contextlib import suppress

import msgspec

from psf_monitor.api import snapshot_records
from psf_monitor.book.book import Book
from psf_monitor.book.rows import PositionRow, QuoteState
from psf_monitor.cli.invocation import Invocation
from psf_monitor.cli.options import arguments, shared_options
from psf_monitor.cli.options.command_parser import CommandParser
from psf_monitor.connection import deferred_asyncio
from psf_monitor.connection.pacing import LOOK_EVERY_S
from psf_monitor.connection.status import CONNECTED_STATES, LinkState, clock_problem
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.account import AccountMode
from psf_monitor.hammer.timing import DEFAULT, HammerTiming
from psf_monitor.runtime.error_output import report_errors
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.runtime.timing import MonitorTiming
from psf_monitor.settings import Settings

COMPLETE, FAILED, QUOTES_MISSING = 0, 1, 3
"""Exit codes: complete; a connection failed; something is missing, null or marked so."""


DESCRIPTION = """Connects to what the settings name, prints one JSON object and disconnects.
Exit 0: complete. 3: some quotes or quantities are missing and null. 1: a connection failed."""


def add_options(parser: CommandParser) -> None:
    """Add the command's options."""
    parser.add_argument("--json", action="store_true", required=True, help="the format; there is one")
    parser.add_argument(
        "--account", choices=[mode.value for mode in AccountMode], help="one profile (both of IBKR)"
    )
    parser.add_argument(
        "--timeout", type=arguments.patience, default=20.0, metavar="S", help="longest wait (20)"
    )
    shared_options.add_common(parser, top=False)


def run(invocation: Invocation) -> int:
    """Print the snapshot; return the exit code."""
    loaded = invocation.load_settings()
    modes = invocation.named_modes(loaded) or list(loaded.ibkr)
    return asyncio.run(print_snapshot(loaded, modes, invocation.options.timeout))


async def print_snapshot(
    settings: Settings,
    modes: Collection[AccountMode],
    timeout_s: float,
    *,
    hammer_timing: HammerTiming = DEFAULT,
) -> int:
    """Connect, wait for every quote or ``timeout_s``, print the snapshot, disconnect; return the exit
    code.
    """
    deferred_asyncio.set_running_loop()
    monitor = Monitor(settings, timing=MonitorTiming(hammer=hammer_timing))
    running = asyncio.create_task(monitor.run())
    try:
        return await _print_when_complete(monitor, modes, timeout_s)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def _print_when_complete(monitor: Monitor, modes: Collection[AccountMode], timeout_s: float) -> int:
    links = [monitor.links[mode] for mode in dict.fromkeys((*modes, AccountMode.HAMMER_PRO))]
    for link in links:
        link.connect()
    with suppress(TimeoutError):
        async with asyncio.timeout(timeout_s):
            while not _is_complete(monitor, modes):
                if _is_hopeless(monitor, links, modes):
                    break
                await asyncio.sleep(LOOK_EVERY_S)
    missing = _not_connected(links, timeout_s) or _not_loaded(monitor, modes, timeout_s)
    if missing:
        return _fail(*missing)
    _print_broker_messages(monitor, modes)
    monitor.book.drain()
    rows = [row for row in monitor.book.position_rows() if row.mode in modes]
    record = msgspec.to_builtins(snapshot_records.snapshot(monitor.book, monitor.links, modes))
    sys.stdout.write(json.dumps(record, indent=2) + "\n")
    is_whole = not any(monitor.links[mode].status.warning for mode in modes)
    is_known = all(_has_quote(row) and row.quantity is not None for row in rows)
    return COMPLETE if is_whole and is_known else QUOTES_MISSING


def _is_hopeless(monitor: Monitor, links: Collection[Link], modes: Collection[AccountMode]) -> bool:
    """Return whether waiting is pointless because a connection, or HAMMER's own account, has failed."""
    states = [link.status.state for link in links]
    if LinkState.FAILED in states and LinkState.CONNECTING not in states:
        return True
    mode = AccountMode.HAMMER_PRO
    return mode in modes and monitor.book.account_state(mode).problem is not None


def _not_connected(links: Collection[Link], timeout_s: float) -> list[str]:
    """Return a line for each connection that is not there, with the reason."""
    problems = {link.name: link.status.problem for link in links if link.status.problem is not None}
    away = [link.name for link in links if link.status.state not in CONNECTED_STATES]
    late = f"not connected after {timeout_s:g} s."
    return [f"{name}: {problems.get(name, late)}" for name in dict.fromkeys((*problems, *away))]


def _not_loaded(monitor: Monitor, modes: Collection[AccountMode], timeout_s: float) -> list[str]:
    """Return a line on the first part of an account that is missing; empty if nothing is."""
    for mode in modes:
        state = monitor.book.account_state(mode)
        if mode is AccountMode.HAMMER_PRO:
            if state.problem or not _is_loaded(monitor.book, mode):
                return [f"{mode}: {state.problem or f'its account did not come in {timeout_s:g} s.'}"]
            continue
        if not state.is_loaded:
            unlisted = f"{mode}: TWS did not list the positions in {timeout_s:g} s."
            return [str(state.positions_problem or unlisted)]
        if state.orders_problem or state.orders_checked_at is None:
            unlisted = f"{mode}: TWS did not list the orders in {timeout_s:g} s."
            return [str(state.orders_problem or unlisted)]
        if state.problem:
            return [str(state.problem)]
        if not monitor.book.summaries(mode):
            return [f"{mode}: TWS did not send the account values in {timeout_s:g} s."]
    return []


def _print_broker_messages(monitor: Monitor, modes: Collection[AccountMode]) -> None:
    for mode in modes:
        for message in monitor.book.account_state(mode).messages:
            report_errors(f"{mode}: TWS says{message.of_what}: {message.text}{message.code_text}")
        state = monitor.book.account_state(mode)
        if other := state.duplicate_of:
            shared = "the same TWS login, and its rows" if state.is_same_login else "some accounts, which"
            report_errors(f"{mode}: {other} reaches {shared} are given once.")
        status = monitor.links[mode].status
        for problem in (clock_problem(status.clock_error_s), status.warning):
            if problem is not None:
                report_errors(f"{mode}: {problem}")


def _fail(*sentences: str) -> int:
    report_errors(*sentences)
    return FAILED


def _has_quote(row: PositionRow) -> bool:
    return row.quote_state is QuoteState.LIVE and row.mark is not None


def _is_complete(monitor: Monitor, modes: Collection[AccountMode]) -> bool:
    """Return whether waiting is pointless: everything has loaded, and each position has a quote or was
    refused one.
    """
    book = monitor.book
    book.drain()
    if not all(_is_loaded(book, mode) and _has_executions(monitor, mode) for mode in modes):
        return False
    if monitor.links[AccountMode.HAMMER_PRO].status.state is not LinkState.READY:
        return False
    rows = [row for row in book.position_rows() if row.mode in modes]
    return all(_has_quote(row) or row.quote_state is QuoteState.MISSING for row in rows)


def _has_executions(monitor: Monitor, mode: AccountMode) -> bool:
    """Return whether today's executions, on which the day P&L depends, were listed or will not be."""
    state = monitor.fills.state(mode)
    return mode is AccountMode.HAMMER_PRO or state.as_of is not None or state.problem is not None


def _is_loaded(book: Book, mode: AccountMode) -> bool:
    state = book.account_state(mode)
    if state.problem or not book.summaries(mode):
        return False
    return state.is_loaded and state.orders_checked_at is not None
