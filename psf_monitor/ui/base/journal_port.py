"""The journal's interface for the window; nothing here waits for an answer."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from psf_monitor.domain.account import AccountMode
from psf_monitor.formatting import DECIMAL_POINT, Notation
from psf_monitor.problem import Problem

if TYPE_CHECKING:
    from psf_monitor.domain.fills.gains import Gains
    from psf_monitor.domain.fills.journal_records import AccountRemark, DayCount, DayPage
    from psf_monitor.domain.fills.position_history import RecordedShare

Found = TypeVar("Found")
Stop = Callable[[], None]
"""Cancels a query: its answer is dropped."""


class Exported(Protocol):
    """How many lines were written to a file, and what may be missing, account by account."""

    @property
    def lines(self) -> int: ...
    @property
    def missing(self) -> "Sequence[AccountRemark]": ...
    @property
    def remarks(self) -> "Sequence[AccountRemark]": ...


class JournalReader(Protocol):
    """The queries. A day is New York's; no accounts means all of them."""

    def days(self) -> "Awaitable[Sequence[DayCount]]": ...
    def fills_in_pages(self, day: date) -> "AsyncGenerator[DayPage, None]": ...
    def share(self, con_id: int, symbol: str) -> "Awaitable[RecordedShare]": ...
    def accounts(self) -> Awaitable[Sequence[tuple[AccountMode, str]]]: ...
    def realized(self, account: str, year: int, now: datetime) -> "Awaitable[Gains]": ...
    def export_fills(
        self,
        file: Path | None,
        accounts: Collection[str],
        first: date,
        last: date,
        now: datetime,
        notation: Notation = DECIMAL_POINT,
    ) -> Awaitable[Exported]: ...
    def export_gains(
        self,
        file: Path | None,
        accounts: Collection[str],
        year: int,
        now: datetime,
        notation: Notation = DECIMAL_POINT,
    ) -> Awaitable[Exported]: ...


class JournalPort(Protocol):
    """The journal: its queries, and the state of its recording."""

    @property
    def is_recording(self) -> bool:
        """Whether days are recorded at all."""

    @property
    def problem(self) -> Problem | None:
        """Why something that is shown is not in the file; ``None`` if everything is."""

    def request(
        self,
        query: Callable[[JournalReader], Awaitable[Found]],
        on_found: Callable[[Found], None],
        on_failure: Callable[[str], None],
    ) -> Stop:
        """Begin a query; ``on_found`` receives its result, or ``on_failure`` sentences that say why there is
        none.
        """

    def take_snapshot(self) -> Sequence[AccountMode]:
        """Take a snapshot now; return the profiles of which something is known."""


class NoJournal:
    """The journal is off: it answers nothing and writes nothing."""

    is_recording = False
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
