"""Hosts the local API, which is loaded and opened only if it is wanted."""

import importlib.util
from collections.abc import Callable
from functools import cached_property
from math import inf
from pathlib import Path

from psf_monitor.api import health, server
from psf_monitor.api.transport import limits
from psf_monitor.connection import deferred_asyncio
from psf_monitor.problem import Problem
from psf_monitor.runtime import logs
from psf_monitor.runtime.crash_report import Crash
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.settings import ApiSettings

EXTRA_MISSING = Problem(
    "The local API cannot start.",
    why="It needs fastapi and uvicorn, which are not installed here.",
    to_do="In a checkout: uv sync --extra api; everywhere else: pip install fastapi uvicorn.",
)


class ApiHost:
    """The local API as the rest of the product sees it: open, closed because of a ``problem``, or not wanted.

    ``report`` is called once with each problem; ``crash`` is reported by ``/health``. An API that stops
    listening is reopened; after failing for ``gives_up_after_s`` seconds ``run`` returns.
    """

    def __init__(
        self,
        monitor: Monitor,
        settings: ApiSettings,
        token_file: Path,
        *,
        report: Callable[[Problem], None],
        gives_up_after_s: float = inf,
        crash: Crash | None = None,
    ) -> None:
        self.is_wanted = settings.enabled
        self._missing: Problem | None = None
        self._gives_up_after_s = gives_up_after_s
        self._monitor = monitor
        self._settings = settings
        self._token_file = token_file
        self._report = report
        self._crash = crash
        self._api: server.LocalApi | None = None

    @cached_property
    def opened(self) -> "deferred_asyncio.Event":
        """Set when it listens, or when it is known that it will not."""
        return deferred_asyncio.Event()

    @property
    def address(self) -> str | None:
        """Where it listens, ``http://127.0.0.1:8765``; ``None`` while it does not."""
        return None if self._api is None else self._api.address

    @property
    def problem(self) -> Problem | None:
        """Why it is not open though it should be; ``None`` while it is open, or not wanted."""
        return self._missing if self._api is None else self._api.problem

    def token(self) -> str | None:
        """Return what a program has to present; ``None`` while the API is not open."""
        return None if self._api is None else self._api.token()

    async def run(self) -> None:
        """Serve until cancelled. Returns, with ``problem`` set, if it is not wanted or cannot start."""
        try:
            if self.is_wanted:
                await self._run()
            if self.problem is not None:
                self._report(self.problem)
        finally:
            self.opened.set()

    async def _run(self) -> None:
        if not has_extra():
            self._missing = EXTRA_MISSING
            return
        self._api = server.LocalApi(
            self._monitor,
            self._settings,
            self._token_file,
            hide=logs.hide,
            process_health=health.ProcessHealth(
                self._journal_problem, None if self._crash is None else str(self._crash.problem)
            ),
            limits=limits.Limits(listening=limits.ReopenTiming(gives_up_after_s=self._gives_up_after_s)),
        )
        self._api.when_opened(self.opened.set)
        await self._api.run()

    def _journal_problem(self) -> str | None:
        recorder = self._monitor.recorder
        return None if recorder is None or recorder.problem is None else str(recorder.problem)


def has_extra() -> bool:
    """Return whether the API's libraries are installed."""
    return all(importlib.util.find_spec(name) for name in ("fastapi", "uvicorn"))
