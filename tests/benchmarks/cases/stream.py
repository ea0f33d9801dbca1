"""Whether the window stays responsive while other programs read everything through the local API."""

import asyncio
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from psf_monitor.runtime.api_host import ApiHost
from psf_monitor.settings import ApiSettings
from tests.benchmarks import servers
from tests.benchmarks.cases.wire import Watched, in_qt
from tests.benchmarks.measurements import application
from tests.benchmarks.plan import Figure, Measured, Plan, Verdict
from tests.benchmarks.product import connected, opened, sort_by_profit
from tests.benchmarks.servers import Remote

NAME = "stream"
OURS, ALONE = "psf_monitor", "without clients"
CLIENTS = 20
RATE = 5000
_CASE = f"{CLIENTS} stream clients, {RATE}/s"
_SHOWN = ("CPU %", "stall p50 ms", "stall p99 ms", "stall max ms", "late p99 ms")

HOW = (
    f"Stream: {RATE:,} messages a second into the window, and {CLIENTS} programs, in a process of their own, "
    "that read all of it as server-sent events through the local API; next to the same window without them."
)


def measure(plan: Plan) -> Measured:
    application()
    found = Measured(notes=[HOW])
    runs: dict[str, dict[str, float]] = {}
    reported: list[float] = []

    async def story(remote: Remote, readers: Remote, folder: Path) -> None:
        async with opened(remote.ports) as (monitor, window):
            sort_by_profit(window)
            await connected(monitor)
            watched = Watched(remote, monitor, window)
            api_host = ApiHost(
                monitor, ApiSettings(enabled=True, port=0), folder / "token", report=lambda _problem: None
            )
            serving = asyncio.create_task(api_host.run())
            try:
                await api_host.opened.wait()
                assert api_host.address is not None, api_host.problem
                runs[ALONE] = await watched.steady(RATE, plan.stream_s, plan.symbols)
                await readers.request(
                    "follow",
                    port=urlsplit(api_host.address).port,
                    path="/api/psfalgo/stream",
                    token=api_host.token(),
                    count=CLIENTS,
                )
                runs[OURS] = await watched.steady(RATE, plan.stream_s, plan.symbols)
                reported.append((await readers.request("unfollow"))["bytes"])
            finally:
                serving.cancel()
                await asyncio.gather(serving, return_exceptions=True)
        await readers.leave()
        await remote.leave()

    with (
        servers.started(plan.symbols, plan.symbols, 0) as remote,
        servers.started(1, 0, 0) as readers,
        tempfile.TemporaryDirectory() as folder,
    ):
        in_qt(lambda: story(remote, readers, Path(folder)))
    for name in (ALONE, OURS):
        for what in _SHOWN:
            found.add(NAME, _CASE, name, what, [runs[name][what]])
    found.figures.append(Figure(NAME, _CASE, OURS, "reported MB", reported[0] / 1e6, "MB"))
    stall = runs[OURS]["stall p99 ms"]
    found.verdicts.append(
        Verdict(f"stall p99 with {CLIENTS} stream clients", "under 16 ms", f"{stall:.3g} ms", stall <= 16.0)
    )
    return found
