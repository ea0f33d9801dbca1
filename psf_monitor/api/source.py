"""The interface of the running monitor, as far as the API uses it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from psf_monitor.alerts.watch import AlertWatch
from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.account import AccountMode
from psf_monitor.settings import Settings


class Source(Protocol):
    """The book, its links and its executions. Nothing in it can touch an order."""

    clock: Callable[[], datetime]
    book: Book
    fills: Fills
    alerts: AlertWatch

    @property
    def links(self) -> Mapping[AccountMode, Link]:
        """The three connections."""

    @property
    def settings(self) -> Settings:
        """The settings in use."""

    def reconfigure(self, settings: Settings) -> None:
        """Use other settings; each open connection keeps its own until its next attempt."""
