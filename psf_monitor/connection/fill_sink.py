"""Who a connection's executions are for, whatever its far side."""

from collections.abc import Sequence
from typing import Protocol

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.fill import WHOLE_DAY, Fill, ListReach
from psf_monitor.problem import Problem


class FillSink(Protocol):
    """What takes in one profile's executions, any of them as often as a source likes."""

    def fills_reported(self, mode: AccountMode, fills: Sequence[Fill]) -> None:
        """Some executions, heard live or from the list."""

    def fills_listed(self, mode: AccountMode, accounts: Sequence[str], reach: ListReach = WHOLE_DAY) -> None:
        """The broker's list has been told in full, for these accounts, as far as it reaches."""

    def fills_unavailable(self, mode: AccountMode, why: Problem) -> None:
        """From here on there may be executions that are not told, until the next list in full."""
