"""The connection test: every step of both TWS logins and HAMMER, its outcome, and what to do about it.

It runs the same connections as the window, so it fails where the window would fail, and for the same reason.
``run`` yields records to a callback; ``report`` prints them. No Qt here.
"""

import asyncio
import importlib
import logging
import sys
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from psf_monitor.check.hammer import HammerCheck
from psf_monitor.check.held_symbol import HeldSymbol
from psf_monitor.check.profiles import Profiles
from psf_monitor.check.steps import STEPS, Outcome, Report, Step, Steps, lines_of
from psf_monitor.check.timing import CheckTiming
from psf_monitor.check.tws import TwsCheck
from psf_monitor.connection import deferred_asyncio
from psf_monitor.connection.wire_tap import NO_TAP, LinkTap
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.domain.clock import system_clock
from psf_monitor.formatting import mask_accounts
from psf_monitor.settings import Settings
from psf_monitor.settings.symbol_file import SymbolFile, SymbolOverrides

_log = logging.getLogger(__name__)

ALL_OK, FAILED = 0, 1
"""Exit codes: every step is ok; at least one is not."""

TapOf = Callable[[AccountMode], LinkTap]


def no_tap(_mode: AccountMode) -> LinkTap:
    """Return a tap that ignores everything."""
    return NO_TAP


async def run(
    settings: Settings,
    targets: Collection[AccountMode],
    report: Report,
    *,
    timing: CheckTiming,
    clock: Callable[[], datetime] = system_clock,
    tap_of: TapOf = no_tap,
) -> None:
    """Try every target at the same time and ``report`` each of ``STEPS`` once, as it ends.

    ``tap_of`` returns the tap of each connection, which also receives the outcome of each step. When this
    returns or is cancelled, every line is closed and no task is left. The event loop must be the policy's,
    for ib_insync.
    """
    logins = [settings.ibkr[mode] for mode in IBKR_MODES if mode in targets]
    if logins:
        # Importing ib_insync takes longer than a step, and would be counted as one.
        importlib.import_module("psf_monitor.ibkr.session")
    held = HeldSymbol(len(logins), timing.held_symbol_s)
    profiles = Profiles({profile.mode: profile for profile in logins})
    ended: asyncio.Queue[Step] = asyncio.Queue()
    async with _named_in_the_log(targets), asyncio.TaskGroup() as tasks:
        tasks.create_task(_pass_on(ended, sum(len(STEPS[target]) for target in set(targets)), report))
        for profile in logins:
            tap = tap_of(profile.mode)
            steps = Steps(profile.mode, _with_tap(ended.put_nowait, tap), timing.stopwatch)
            tasks.create_task(TwsCheck(profile, steps, held, profiles, tap).run(clock, timing.step_s))
        if AccountMode.HAMMER_PRO in targets:
            tap = tap_of(AccountMode.HAMMER_PRO)
            steps = Steps(AccountMode.HAMMER_PRO, _with_tap(ended.put_nowait, tap), timing.stopwatch)
            table = SymbolOverrides() if settings.symbols is None else SymbolFile(settings.symbols).read()
            tasks.create_task(HammerCheck(settings.hammer, table, steps, held, tap).run(clock, timing.step_s))


@asynccontextmanager
async def _named_in_the_log(targets: Collection[AccountMode]) -> AsyncIterator[None]:
    """Mark the test's own log lines, which differ so from the window's."""
    for target in targets:
        _log.info("%s: its connection test begins", target.link_name)
    try:
        yield
    finally:
        for target in targets:
            _log.info("%s: its connection test has ended", target.link_name)


def _with_tap(report: Report, tap: LinkTap) -> Report:
    """Return a report that also goes to the tap."""

    def report_to_tap(step: Step) -> None:
        details = {"result": step.result, "explanation": step.explanation}
        took = {} if step.took_ms is None else {"took_ms": round(step.took_ms)}
        tap.acted("check", step=step.name, outcome=step.outcome.value, **took, **details)
        report(step)

    return report_to_tap


async def _pass_on(ended: asyncio.Queue[Step], count: int, report: Report) -> None:
    """Report from outside the connections, so that a failing listener does not look like a failing
    connection.
    """
    for _ in range(count):
        report(await ended.get())


async def report(
    settings: Settings,
    targets: Collection[AccountMode],
    timing: CheckTiming,
    tap_of: TapOf = no_tap,
) -> int:
    """Run the check and print one line for each step as it ends; return the exit code."""
    deferred_asyncio.set_running_loop()
    steps: list[Step] = []

    def report(step: Step) -> None:
        steps.append(step)
        _print(lines_of(step))

    await run(settings, targets, report, timing=timing, tap_of=tap_of)
    failed = [mode for mode in targets if any(_is_bad(step) for step in steps if step.target is mode)]
    verdicts = [f"{mode} {Outcome.FAILED if mode in failed else Outcome.OK}" for mode in targets]
    _print([f"Result: {', '.join(verdicts)}."])
    return FAILED if failed else ALL_OK


def _is_bad(step: Step) -> bool:
    return step.outcome is not Outcome.OK


def _print(lines: Sequence[str]) -> None:
    printed = mask_accounts("".join(f"{line}\n" for line in lines))
    # Characters that a console or pipe lacks become question marks instead of an error.
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(printed.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()
