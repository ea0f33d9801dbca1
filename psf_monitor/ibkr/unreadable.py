"""How many messages of a TWS could not be read and are missing in what is shown."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from psf_monitor.ibkr import errors
from psf_monitor.problem import Problem

OPEN_ORDERS = ("open order",)
EXECUTIONS = ("execution", "commission")
POSITIONS = ("position",)
"""The kinds that TWS tells again with every list that is asked for."""


class UnreadableMessages:
    """Counts them by their kind and reports the problem about them, ``None`` when there is none.

    What is told again with every list is counted in the last whole list, and what came since.
    """

    def __init__(self, report: Callable[[Problem | None], None]) -> None:
        self._report = report
        self._counts: Counter[str] = Counter()
        self._in_list: dict[str, int] = {}

    def list_begins(self, kinds: Collection[str]) -> None:
        """A list of these was asked for."""
        self._in_list.update(dict.fromkeys(kinds, 0))

    def list_ends(self, kinds: Collection[str], *, is_whole: bool) -> None:
        """It has come, or it will not."""
        for kind in kinds:
            count = self._in_list.pop(kind, None)
            if is_whole and count is not None:
                self._set(kind, count)

    @contextmanager
    def list_of(self, kinds: Collection[str]) -> Iterator[None]:
        """While a list of these is awaited; an exception says that it did not come."""
        self.list_begins(kinds)
        try:
            yield
        except BaseException:
            self.list_ends(kinds, is_whole=False)
            raise
        self.list_ends(kinds, is_whole=True)

    def add(self, kind: str) -> None:
        """One message of this kind could not be read."""
        if kind in self._in_list:
            self._in_list[kind] += 1
        else:
            self._set(kind, self._counts[kind] + 1)

    def _set(self, kind: str, count: int) -> None:
        if count == self._counts[kind]:
            return
        self._counts[kind] = count
        counts = ", ".join(f"{count} {kind}" for kind, count in self._counts.items() if count)
        self._report(errors.unreadable(counts) if counts else None)
