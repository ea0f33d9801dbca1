"""Reads the trader's fact files beside the event loop, and passes on their content."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from psf_monitor.domain.facts import Facts
from psf_monitor.facts.files import FactFiles
from psf_monitor.runtime.background import in_background
from psf_monitor.settings import FactsSettings

_log = logging.getLogger(__name__)

FIRST_READING_S = 2.0
"""The longest time the connections wait for the files: a network drive may not respond at all."""


class FactFileWatcher:
    """Checks the files whenever ``refresh`` is called; ``show`` receives their content when it changes."""

    def __init__(
        self, settings: FactsSettings, show: Callable[[Facts], None], clock: Callable[[], datetime]
    ) -> None:
        self._files = FactFiles(settings.files, clock, usual_par=settings.par)
        self._show = show
        self._looking: asyncio.Task[bool] | None = None
        self._reported: tuple[str, ...] = ()

    async def begin(self, most_s: float = FIRST_READING_S) -> None:
        """Read the files for the first time, waiting at most ``most_s`` seconds."""
        looking = self._read_again()
        await asyncio.wait({looking}, timeout=most_s)
        self.refresh()

    def refresh(self) -> None:
        """Apply the result of the last check, and begin another."""
        if self._looking is not None:
            if not self._looking.done():
                return
            if (error := self._looking.exception()) is not None:
                _log.error("the files of facts failed in an unforeseen way", exc_info=error)
            elif self._looking.result():
                self._report(self._files.facts)
        self._read_again()

    def _report(self, facts: Facts) -> None:
        for problem in facts.problems:
            if problem not in self._reported:
                _log.warning("%s", problem)
        self._reported = facts.problems
        self._show(facts)

    def _read_again(self) -> asyncio.Task[bool]:
        self._looking = asyncio.get_running_loop().create_task(in_background(self._files.read_again))
        return self._looking

    async def stop(self) -> None:
        """Abandon a pending check."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait({self._looking})
