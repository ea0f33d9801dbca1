"""``psf-monitor serve``: the monitor, its journal and the local API without a window, until stopped.

Qt is not loaded, and FastAPI only when needed.
"""

import asyncio
import logging
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from psf_monitor.cli.invocation import Invocation
from psf_monitor.cli.options import shared_options
from psf_monitor.cli.options.command_parser import CommandParser
from psf_monitor.connection.deferred_asyncio import set_running_loop
from psf_monitor.connection.status import LinkState
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.account import AccountMode
from psf_monitor.runtime.api_host import ApiHost
from psf_monitor.runtime.crash_report import Crash
from psf_monitor.runtime.demo import Files, open_files, servers_for
from psf_monitor.runtime.error_output import report_errors
from psf_monitor.runtime.monitor import Monitor, Storage
from psf_monitor.runtime.termination import on_termination
from psf_monitor.runtime.wire_recording import WireRecording
from psf_monitor.settings import ApiSettings, Settings, user_paths

_log = logging.getLogger(__name__)

STOPPED, FAILED = 0, 1
"""Exit codes: stopped on request; could not listen, or no longer."""


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What is served; without ``settings`` it is the demo of ``scenario`` with ``seed``, with files of its
    own.

    If nothing answers at HAMMER's port, it is retried after ``hammer_again_s``; a port that the system closed
    is retried for ``listen_again_for_s`` before ``serve`` ends.
    """

    settings: Settings | None
    api: ApiSettings
    files: Files | None
    scenario: str = "normal"
    seed: int = 7
    record: Path | None = None
    crash: Crash | None = None
    hammer_again_s: float = 60.0
    listen_again_for_s: float = 30.0


DESCRIPTION = """Connects to what the settings name, keeps the journal and answers other programs of
this computer. Prints the address and where the token is. Exit 0: stopped. 1: could not listen."""


def add_options(parser: CommandParser) -> None:
    """Add the command's options."""
    shared_options.add_demo(parser, top=False)
    shared_options.add_common(parser, top=False)


def run(invocation: Invocation) -> int:
    """Serve what the options and the settings name; return the exit code."""
    invocation.require_api()
    options = invocation.options
    loaded = None if options.demo else invocation.load_settings()
    paths = user_paths()
    journal = paths.journal if loaded is not None and loaded.records_journal else None
    return serve_until_stopped(
        ServeOptions(
            settings=loaded,
            api=invocation.forced_api_settings(loaded),
            files=None if loaded is None else Files(journal, paths.api_token),
            scenario=options.scenario or "normal",
            seed=7 if options.seed is None else options.seed,
            record=options.record,
            crash=invocation.crash,
        )
    )


def serve_until_stopped(options: ServeOptions) -> int:
    """Serve until a signal; return the exit code."""
    return asyncio.run(serve(options))


async def serve(options: ServeOptions) -> int:
    """Connect everything, print where to read it and where the token is, and clean up at the end."""
    set_running_loop()
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    with (
        on_termination(lambda: loop.call_soon_threadsafe(stop.set)),
        open_files(options.files) as files,
        ExitStack() as ends,
    ):
        async with servers_for(options.settings, options.scenario, options.seed) as (settings, clock):
            storage = Storage(files.journal, records_simulated=options.settings is None)
            monitor = Monitor(settings, clock, storage=storage)
            api_host = ApiHost(
                monitor,
                options.api,
                files.api_token,
                report=lambda problem: report_errors(str(problem)),
                gives_up_after_s=options.listen_again_for_s,
                crash=options.crash,
            )
            wires = WireRecording(monitor, user_paths().recordings)
            ends.callback(wires.stop)
            wires.start_if_wanted(options.record)
            async with asyncio.TaskGroup() as tasks:
                watching = tasks.create_task(monitor.run())
                listening = tasks.create_task(api_host.run())
                hammer = monitor.links[AccountMode.HAMMER_PRO]
                retrying = tasks.create_task(_retry_hammer(hammer, options.hammer_again_s))
                await api_host.opened.wait()
                if api_host.address is not None:
                    sys.stdout.write(f"serving {api_host.address} until Ctrl+C\ntoken in {files.api_token}\n")
                    sys.stdout.flush()
                    monitor.connect_all()
                    stopping = tasks.create_task(stop.wait())
                    await asyncio.wait({stopping, listening}, return_when=asyncio.FIRST_COMPLETED)
                    stopping.cancel()
                listening.cancel()
                await asyncio.wait({listening})
                retrying.cancel()
                watching.cancel()
    return STOPPED if stop.is_set() else FAILED


async def _retry_hammer(link: Link, every_s: float) -> None:
    """Retry for ever while nothing answers at HAMMER's port, since nobody can click here."""
    while True:
        await asyncio.sleep(every_s)
        if link.status.state is LinkState.FAILED and not link.status.passed:
            link.connect()
