"""The executions that sums include, by contract and account, updated with each change."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from psf_monitor.domain.fills.fill import Fill, FillKey
from psf_monitor.domain.fills.fill_totals import OrderName, counted, order_of
from psf_monitor.domain.position import PositionKey

Change = tuple[Fill | None, Fill | None]
"""An execution before and after; ``None`` where it was not, or is not, of today."""


class CountedFills:
    """``by_key`` holds the executions of each contract in an account; both are sorted oldest first.

    ``age`` gives the time of an execution, and the order of those at the same moment.
    """

    def __init__(self, age: Callable[[Fill], tuple[datetime, FillKey]]) -> None:
        self.by_key: dict[PositionKey, list[Fill]] = {}
        self._age = age
        self._of_order: dict[OrderName, list[Fill]] = {}

    def replace_all(self, fills: Sequence[Fill]) -> set[PositionKey]:
        """Replace all executions, given oldest first; return the contracts whose counted executions may
        differ.
        """
        before = {*self.by_key}
        self._of_order, self.by_key = {}, {}
        for fill in fills:
            self._of_order.setdefault(order_of(fill), []).append(fill)
        for fill in counted(fills):
            self.by_key.setdefault(position_of(fill), []).append(fill)
        return before.union(self.by_key)

    def change(self, changes: Iterable[Change]) -> set[PositionKey]:
        """Apply changes, each execution at most once; return the contracts whose counted executions may
        differ.
        """
        listed = list(changes)
        names = {order_of(fill) for change in listed for fill in change if fill is not None}
        # Which executions of an order are counted depends on that order's executions alone.
        gone = self._counted_of(names)
        was = {id(before) for before, _ in listed}
        for name in names:
            self._of_order[name] = [each for each in self._of_order.get(name, ()) if id(each) not in was]
        for _, fill in listed:
            if fill is not None:
                self._of_order[order_of(fill)].append(fill)
        come = self._counted_of(names)
        for name in names:
            if not self._of_order[name]:
                del self._of_order[name]
        for same in gone.keys() & come.keys():
            del gone[same], come[same]
        added: dict[PositionKey, list[Fill]] = {position_of(fill): [] for fill in gone.values()}
        for fill in come.values():
            added.setdefault(position_of(fill), []).append(fill)
        is_other_order = False
        for key, new in added.items():
            before = self.by_key.get(key, ())
            fills = sorted([*(fill for fill in before if id(fill) not in gone), *new], key=self._age)
            if fills:
                self.by_key[key] = fills
                is_other_order = is_other_order or not before or before[0] is not fills[0]
            else:
                self.by_key.pop(key, None)
        if is_other_order:
            self.by_key = dict(sorted(self.by_key.items(), key=lambda item: self._age(item[1][0])))
        return {*added}

    def _counted_of(self, names: Iterable[OrderName]) -> dict[int, Fill]:
        """Return the counted executions of these orders, by object identity."""
        return {id(fill): fill for name in names for fill in counted(self._of_order.get(name, ()))}


def position_of(fill: Fill) -> PositionKey:
    """Return the key of the position that an execution adds to or takes from."""
    return PositionKey(fill.account, *fill.instrument.identity)
