"""The interface that receives a connection's executions, whatever its server."""

from collections.abc import Sequence
from typing import Protocol

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.fill import WHOLE_DAY, Fill, ListReach
from psf_monitor.problem import Problem


class FillSink(Protocol):
    """Receives one profile's executions; each may be reported any number of times."""

    def fills_reported(self, mode: AccountMode, fills: Sequence[Fill]) -> None:
        """Receive executions, received live or from the list."""

    def fills_listed(self, mode: AccountMode, accounts: Sequence[str], reach: ListReach = WHOLE_DAY) -> None:
        """Record that the broker has sent its complete list for these accounts, as far as it reaches."""

    def fills_unavailable(self, mode: AccountMode, why: Problem) -> None:
        """Record that executions may be missing from here on, until the next complete list."""
