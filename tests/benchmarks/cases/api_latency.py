"""How long a program waits for an answer of the local API on a line that it keeps, or for a frame."""

import asyncio
import tempfile
import time
from pathlib import Path

from psf_monitor.api.change_feed import ChangeFeed
from psf_monitor.api.server import LocalApi
from psf_monitor.api.transport.limits import Limits
from psf_monitor.api.transport.rate_limit import Rate
from psf_monitor.settings import ApiSettings
from tests.benchmarks import servers
from tests.benchmarks.cases.wire import in_qt
from tests.benchmarks.measurements import application, percentile
from tests.benchmarks.plan import Measured, Plan
from tests.benchmarks.product import connected, opened, until
from tests.benchmarks.servers import Remote

NAME = "api_latency"
OURS = "psf_monitor"
RATE = 500
PATH = "/api/psfalgo/account/ibkr/positions"
_CASE = f"one kept line, {RATE} messages/s"
_EVERY_S = 0.005
_P50_MS, _P99_MS = 3.0, 10.0
_WITHOUT_LIMIT = Rate(per_s=1e9, burst=10**9)

HOW = (
    f"Answers: a program in a process of its own asks {PATH} again and again on one line, and another reads "
    f"the stream, while {RATE} messages a second come into the window. A frame's time is from its making to "
    "its arrival. The limit of requests a second is off."
)


def measure(plan: Plan) -> Measured:
    application()
    found = Measured(notes=[HOW])
    answers_ms: list[float] = []
    frames_ms: list[float] = []

    async def story(remote: Remote, reader: Remote, folder: Path) -> None:
        async with opened(remote.ports) as (monitor, _window):
            await connected(monitor)
            made_at = _made_at()
            api = LocalApi(
                monitor,
                ApiSettings(enabled=True, port=0),
                folder / "token",
                hide=lambda _token: None,
                limits=Limits(each_client=_WITHOUT_LIMIT, all_clients=_WITHOUT_LIMIT),
            )
            serving = asyncio.create_task(api.run())
            count = round(RATE * plan.requests * 2 * _EVERY_S)
            streaming = asyncio.create_task(remote.request("stream", count=count, per_s=RATE))
            try:
                await until(lambda: api.address, "the open API")
                port = int((api.address or "").rpartition(":")[2])
                reported = await reader.request(
                    "ask", port=port, path=PATH, token=api.token(), count=plan.requests, every_s=_EVERY_S
                )
                answers_ms.extend(reported["waits_ms"])
                frames_ms.extend(
                    1000 * (at - made_at[number]) for number, at in reported["frames"] if number in made_at
                )
            finally:
                serving.cancel()
                await asyncio.gather(serving, return_exceptions=True)
                await streaming
        await reader.leave()
        await remote.leave()

    with (
        servers.started(plan.symbols, min(plan.symbols, 40), 0) as remote,
        servers.started(1, 0, 0) as reader,
        tempfile.TemporaryDirectory() as folder,
    ):
        in_qt(lambda: story(remote, reader, Path(folder)))
    for what, values in (("answer", answers_ms), ("frame", frames_ms)):
        for percent in (50, 99):
            found.add(NAME, _CASE, OURS, f"{what} p{percent} ms", values, percent)
    for what, values in (("answer", answers_ms), ("stream's frame", frames_ms)):
        for percent, most in ((50, _P50_MS), (99, _P99_MS)):
            value = percentile(values, percent)
            found.judge(f"{what} p{percent} on a kept line", f"{most:g} ms", value, "ms", most=most)
    return found


def _made_at() -> dict[int, float]:
    """When the content of each frame of any stream was found, by its number; filled from now on."""
    made_at: dict[int, float] = {}
    update = ChangeFeed.update

    def noted(feed: ChangeFeed) -> None:
        update(feed)
        made_at.setdefault(feed.number, time.perf_counter())

    setattr(ChangeFeed, "update", noted)  # noqa: B010 - mypy allows no other replacement of a method
    return made_at
