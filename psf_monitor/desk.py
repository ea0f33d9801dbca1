"""The composition of one running monitor: a book, two IBKR connectors and the HAMMER adapter.

The window, the snapshot and the tests stand on the same one.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from psf_monitor.domain.account import AccountMode
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.ibkr.connector import IBKRConnector
from psf_monitor.ibkr.sink import Timing
from psf_monitor.link import Backoff, Link
from psf_monitor.monitor.book import Book
from psf_monitor.settings import Settings


def system_clock() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


class Desk:
    """Builds and runs the parts. Nothing connects until a link is asked to.

    HAMMER's symbols follow the book: exactly what is held or ordered is subscribed.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], datetime] = system_clock,
        *,
        timing: Timing | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        self.clock = clock
        self.book = Book(clock, expects_paper=settings.expects_paper)
        self._hammer = HammerAdapter(settings.hammer, self.book, clock, backoff=backoff)
        self._connectors = {
            mode: IBKRConnector(profile, self.book, clock, timing=timing or Timing(), backoff=backoff)
            for mode, profile in settings.ibkr.items()
        }
        self.links: Mapping[AccountMode, Link] = {
            **{mode: connector.link for mode, connector in self._connectors.items()},
            AccountMode.HAMMER_PRO: self._hammer.link,
        }
        self.book.when_symbols_change(self._hammer.want)

    def connect_all(self) -> None:
        for link in self.links.values():
            link.connect()

    async def run(self) -> None:
        """Serve all links until cancelled; then every socket is closed before this returns."""
        async with asyncio.TaskGroup() as tasks:
            for connector in self._connectors.values():
                tasks.create_task(connector.run())
            tasks.create_task(self._hammer.run())
