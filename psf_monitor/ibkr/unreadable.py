"""How many messages of a TWS could not be read and are missing in what is shown."""

from collections import Counter
from collections.abc import Callable

from psf_monitor.problem import Problem

OPEN_ORDER = "open order"


SEEN_AGAIN = "Record the wires (View) and it can be seen again."


class UnreadableMessages:
    """Counts them by their kind and reports the problem about them, ``None`` when there is none.

    An open order is told again with every list: of those the last list's count is what is missing.
    """

    def __init__(self, report: Callable[[Problem | None], None]) -> None:
        self._report = report
        self._counts: Counter[str] = Counter()
        self._in_list: int | None = None

    def list_begins(self) -> None:
        """A list of open orders was asked for."""
        self._in_list = 0

    def list_ends(self, *, is_whole: bool) -> None:
        """It has come, or it will not."""
        count, self._in_list = self._in_list, None
        if is_whole and count is not None:
            self._set(OPEN_ORDER, count)

    def add(self, kind: str) -> None:
        """One message of this kind could not be read."""
        if kind == OPEN_ORDER and self._in_list is not None:
            self._in_list += 1
        else:
            self._set(kind, self._counts[kind] + 1)

    def _set(self, kind: str, count: int) -> None:
        if count == self._counts[kind]:
            return
        self._counts[kind] = count
        counts = ", ".join(f"{count} {kind}" for kind, count in self._counts.items() if count)
        missing = f"Messages of TWS that could not be read are missing here: {counts}."
        self._report(Problem(missing, to_do="See the log. " + SEEN_AGAIN) if counts else None)
