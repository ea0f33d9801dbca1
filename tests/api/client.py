"""The real API on a free port: over the real monitor, or over a book that the test fills itself."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from msgspec.structs import replace

from psf_monitor.alerts.store import AlertStore
from psf_monitor.alerts.watch import AlertWatch
from psf_monitor.api.server import LocalApi
from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.ibkr.timing import IbkrTiming
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.runtime.timing import MonitorTiming
from psf_monitor.settings import ApiSettings, HammerProfile, IbkrProfile, Settings
from psf_monitor.sim.demo import Gateways
from tests.hammer.running_adapter import QUICK
from tests.support.records import Clock
from tests.support.sim_servers import settings_for
from tests.support.waiting import PATIENCE_S, until, within_patience

ON_A_FREE_PORT = ApiSettings(enabled=True, port=0)

SOON = IbkrTiming(executions_soonest_s=0.05)
"""Executions are asked for sooner after something moved than of a trader's TWS."""


class ABook:
    """A book without connections, as the API sees it."""

    def __init__(self) -> None:
        self.clock: Callable[..., Any] = Clock()
        self.book = Book(self.clock)
        self.fills = Fills(self.clock)
        self.alerts = AlertWatch(self.book, self.fills, {}, self.clock, AlertStore(None))
        self.settings = Settings(
            {mode: IbkrProfile(mode, "127.0.0.1", 1, 1) for mode in IBKR_MODES}, HammerProfile("127.0.0.1", 1)
        )
        self.links: Mapping[AccountMode, Link] = {
            mode: Link(mode, "127.0.0.1:1", asyncio.Event().wait, self.clock)  # type: ignore[arg-type]
            for mode in AccountMode
        }

    def reconfigure(self, settings: Settings) -> None:
        self.settings = settings


@dataclass
class ApiClient:
    """An open API and a client that has the token."""

    api: LocalApi
    client: httpx.AsyncClient
    token: str
    source: Any
    hidden: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        assert self.api.address is not None
        return self.api.address

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self.client.get(path if path.startswith("/") else f"/api/psfalgo/{path}", **more)

    async def post(self, path: str, **more: Any) -> httpx.Response:
        return await self.client.post(f"/api/psfalgo/{path}", **more)

    def stranger(self, **headers: str) -> httpx.AsyncClient:
        """A client without the token."""
        return client_at(self.address, **headers)


def client_at(address: str, **headers: str) -> httpx.AsyncClient:
    """A client of plain HTTP: reading the certificates of all authorities takes longer than most tests."""
    return httpx.AsyncClient(base_url=address, headers=headers, timeout=PATIENCE_S, verify=False)


@asynccontextmanager
async def opened(source: Any, folder: Path, **more: Any) -> AsyncIterator[ApiClient]:
    hidden: list[str] = []
    api = LocalApi(source, ON_A_FREE_PORT, folder / "api-token", hide=hidden.append, **more)
    serving = asyncio.create_task(api.run())
    try:
        await until(lambda: api.address or api.problem, what="the open API")
        assert api.address is not None, api.problem
        token = api.token() or ""
        async with client_at(api.address, Authorization=f"Bearer {token}") as client:
            yield ApiClient(api, client, token, source, hidden)
    finally:
        serving.cancel()
        outcome = (await asyncio.gather(serving, return_exceptions=True))[0]
    assert isinstance(outcome, asyncio.CancelledError), outcome


@asynccontextmanager
async def over_servers(gateways: Gateways, folder: Path, **more: Any) -> AsyncIterator[ApiClient]:
    """The whole monitor, connected and fully priced, with the API in front of it."""
    monitor = Monitor(
        replace(settings_for(gateways), api=ON_A_FREE_PORT),
        gateways.market.clock,
        timing=MonitorTiming(SOON, QUICK),
    )
    running = asyncio.create_task(monitor.run())
    try:
        monitor.connect_all()
        await until(lambda: _is_loaded(monitor), what="both logins and every price")
        async with opened(monitor, folder, **more) as api:
            yield api
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def _is_loaded(monitor: Monitor) -> bool:
    rows = [row for row in monitor.book.position_rows() if row.mode in IBKR_MODES]
    return (
        all(monitor.book.summaries(mode) for mode in IBKR_MODES)
        and all(monitor.book.account_state(mode).orders_checked_at for mode in IBKR_MODES)
        and len(rows) == 20
        and sum(row.mark is not None for row in rows) == 19
        # HAMMER sends the close of the day before apart from the price.
        and sum(row.day_pnl is not None for row in rows) == 19
    )


class Events:
    """The stream as its reader sees it: each event, and the state that they add up to."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines
        self.seen: list[tuple[int, str, dict[str, Any]]] = []
        self.comments = 0
        self.state: dict[str, dict[str, Any]] = {}

    async def next(self) -> dict[str, Any]:
        """The next event; fails when none comes in time or the stream ends."""
        event: dict[str, str] = {}
        async with asyncio.timeout(PATIENCE_S):
            async for line in self._lines:
                name, _, value = line.partition(": ")
                if line.startswith(":"):
                    self.comments += 1
                elif line:
                    event[name] = value
                elif event:
                    return self.take(event)
        raise AssertionError("the stream has ended")

    async def until(self, condition: Callable[[], object]) -> None:
        for _ in within_patience("the condition"):
            if condition():
                break
            await self.next()

    def position(self, symbol: str, account: str = "U1240821") -> dict[str, Any]:
        found = [
            p for p in self.state["positions"].values() if (p["symbol"], p["account"]) == (symbol, account)
        ]
        return found[0] if found else {}

    def take(self, event: dict[str, str]) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(event["data"])
        if event["event"] == "snapshot":
            self.state = {kind: {} for kind in body}
        for kind in ("positions", "orders", "summaries", "alerts"):
            self.state[kind].update((record["key"], record) for record in body[kind])
            for key in body.get("gone", {}).get(kind, ()):
                self.state[kind].pop(key, None)
        self.state["links"].update(body["links"])
        self.seen.append((int(event["id"]), event["event"], body))
        return body


@asynccontextmanager
async def reading(api: ApiClient) -> AsyncIterator[Events]:
    async with api.client.stream("GET", "/api/psfalgo/stream") as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        yield Events(response.aiter_lines())
