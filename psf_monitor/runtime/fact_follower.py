"""Follows the trader's files of facts: reads them beside the event loop and hands on what they say."""

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
"""So long the connections wait for the files at most: a drive of the network may not answer at all."""


class FactFollower:
    """Looks at the files whenever it is asked to; ``show`` is given what they say when that differs."""

    def __init__(
        self, settings: FactsSettings, show: Callable[[Facts], None], clock: Callable[[], datetime]
    ) -> None:
        self._files = FactFiles(settings.files, clock, usual_par=settings.par)
        self._show = show
        self._looking: asyncio.Task[bool] | None = None
        self._reported: tuple[str, ...] = ()

    async def begin(self, most_s: float = FIRST_READING_S) -> None:
        """Read the files for the first time; what takes longer than ``most_s`` is not waited for."""
        looking = self._read_again()
        await asyncio.wait({looking}, timeout=most_s)
        self.refresh()

    def refresh(self) -> None:
        """Take what the last look found, and look again."""
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
        """Let go of a look that is not done."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait({self._looking})
