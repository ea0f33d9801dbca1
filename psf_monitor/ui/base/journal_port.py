"""What the window asks of the journal. Whoever keeps one fits by shape; nothing here waits for an answer."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from psf_monitor.domain.account import AccountMode
from psf_monitor.problem import Problem

if TYPE_CHECKING:
    from psf_monitor.domain.fills.gains import Gains
    from psf_monitor.domain.fills.journal_records import DayCount, DayPage
    from psf_monitor.domain.fills.life import RecordedShare

Found = TypeVar("Found")
Stop = Callable[[], None]
"""Cancels a query: its answer is not handed over any more."""


class Exported(Protocol):
    """How much was written to a file, and in sentences what may be missing of it."""

    @property
    def lines(self) -> int: ...
    @property
    def missing(self) -> Sequence[str]: ...
    @property
    def remarks(self) -> Sequence[str]: ...


class JournalReader(Protocol):
    """The questions. A day is New York's; no accounts means all of them."""

    def days(self) -> "Awaitable[Sequence[DayCount]]": ...
    def fills_in_pages(self, day: date) -> "AsyncGenerator[DayPage, None]": ...
    def share(self, con_id: int, symbol: str) -> "Awaitable[RecordedShare]": ...
    def accounts(self) -> Awaitable[Sequence[tuple[AccountMode, str]]]: ...
    def realized(self, account: str, year: int, now: datetime) -> "Awaitable[Gains]": ...
    def export_fills(
        self, file: Path | None, accounts: Collection[str], first: date, last: date, now: datetime
    ) -> Awaitable[Exported]: ...
    def export_gains(
        self, file: Path | None, accounts: Collection[str], year: int, now: datetime
    ) -> Awaitable[Exported]: ...


class JournalPort(Protocol):
    """What happened, day by day, and the one who writes it down."""

    @property
    def is_kept(self) -> bool:
        """Whether the days are written down at all."""

    @property
    def problem(self) -> Problem | None:
        """Why something that is shown is not in the file; ``None`` when all of it is."""

    def request(
        self,
        query: Callable[[JournalReader], Awaitable[Found]],
        on_found: Callable[[Found], None],
        on_failure: Callable[[str], None],
    ) -> Stop:
        """Begin a query; ``on_found`` gets its result, or ``on_failure`` in sentences why there is none."""

    def take_snapshot(self) -> Sequence[AccountMode]:
        """Write down what is held now; the profiles of which something is known."""


class NoJournal:
    """The days are not kept: nothing can be asked, and nothing is written."""

    is_kept = False
    problem: Problem | None = None

    def request(
        self,
        query: Callable[[JournalReader], Awaitable[Found]],  # noqa: ARG002
        on_found: Callable[[Found], None],  # noqa: ARG002
        on_failure: Callable[[str], None],
    ) -> Stop:
        on_failure("no journal is kept")
        return lambda: None

    def take_snapshot(self) -> Sequence[AccountMode]:
        return ()
