"""Whether every position that changed has an execution that explains it. Pure.

An execution that arrives with a change or later explains it. All changes of a position are explained if they
come to what was executed since the first list of executions. A list that explains nothing may be incomplete.
Transfers and corporate actions also change positions, without any execution.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from math import nan
from typing import Any

from psf_monitor.domain.day_pnl import signed_quantity
from psf_monitor.domain.fills.fill import Fill, FillKey
from psf_monitor.domain.position import Position, PositionKey

_LISTS = 2
"""An execution may be listed a moment after its position changed, so one list without it proves nothing."""

_NOTHING = 5e-9

_BESIDE = timedelta(seconds=60)
"""How long after its execution a position may change. A later one is of before the clock was set back."""


class UnexplainedChanges:
    """The position changes of one connection, each matched with executions."""

    def __init__(self) -> None:
        self._quantities: dict[PositionKey, float | None] | None = None
        self._symbols: dict[PositionKey, str] = {}
        self._spare: defaultdict[PositionKey, list[datetime]] = defaultdict(list)
        self._lists: dict[PositionKey, list[int]] = {}
        self._moved_at: dict[PositionKey, datetime] = {}
        # By position: the quantity first listed, and what was executed since the first list of executions.
        self._first: dict[PositionKey, float | None] = {}
        self._net: defaultdict[PositionKey, float] = defaultdict(float)
        # The latest revision of each execution, and its quantity; ``None`` if that is unknown.
        self._latest: dict[tuple[PositionKey, FillKey], tuple[int, float | None]] = {}
        self._has_listed = False
        # The accounts, besides those of the first list, for which no complete list has arrived yet.
        self._coming: set[str] = set()

    @property
    def is_known(self) -> bool:
        """Whether a list of positions has arrived, so that changes can be seen."""
        return self._quantities is not None

    def positions_listed(self, positions: Iterable[Position], now: datetime) -> bool:
        """Receive the complete list; return whether any position differs from the previous one."""
        listed = {position.key: position for position in positions}
        self._symbols |= {key: position.instrument.symbol for key, position in listed.items()}
        before, self._quantities = self._quantities, self._quantities or {}
        has_changed = False
        if before is None:
            self._net.clear()
        for key, position in listed.items():
            if before is None:
                self._quantities[key] = self._first[key] = position.quantity
            else:
                has_changed |= self.position_changed(position, now)
        for key in (before or {}).keys() - listed.keys():
            has_changed |= self._move(key, 0.0, now)
        self._coming.clear()
        return has_changed

    def accounts_changed(self, before: Collection[str], accounts: Collection[str]) -> None:
        """Receive the accounts named now: a position that comes or goes with its account has not changed."""
        self._coming = {*self._coming, *accounts} - {*before}
        kept: list[dict[PositionKey, Any]] = [
            self._quantities or {},
            self._lists,
            self._spare,
            self._first,
            self._net,
        ]
        for of_key in kept:
            for key in [key for key in of_key if key.account not in accounts]:
                del of_key[key]

    def position_changed(self, position: Position, now: datetime) -> bool:
        """Receive one position; return whether it has changed."""
        self._symbols[position.key] = position.instrument.symbol
        return self._move(position.key, position.quantity, now)

    def executed(self, fill: Fill, now: datetime, *, is_corrected_now: bool = False) -> None:
        """Receive a new execution, or a new correction of one.

        A correction keeps the time of the execution it corrects; the position changes when the correction
        does.
        """
        key = PositionKey(fill.account, *fill.instrument.identity)
        self._add_up(key, fill)
        waiting = self._lists.get(key)
        if waiting:
            waiting.pop()
            if not waiting:
                del self._lists[key]
        else:
            # Of an execution in the first list the position may have changed long ago.
            is_of_now = is_corrected_now or self._has_listed
            self._spare[key].append(now if is_of_now else fill.at or now)

    def _add_up(self, key: PositionKey, fill: Fill) -> None:
        revision, before = self._latest.get((key, fill.key), (-1, 0.0))
        if fill.revision <= revision:
            return
        quantity = signed_quantity(fill)
        self._latest[key, fill.key] = fill.revision, quantity
        if quantity is None or before is None:
            self._net[key] = nan
        elif self._has_listed:
            self._net[key] += quantity - before

    def waiting(self) -> dict[PositionKey, int]:
        """Return how many changes of each position lack their execution, to be passed to ``list_ended``."""
        return {key: len(lists) for key, lists in self._lists.items()}

    def list_ended(self, waiting: dict[PositionKey, int], begin: datetime | None) -> None:
        """Record the end of a list of executions that was requested when these changes lacked theirs.

        ``begin`` is since when it is complete, where that is known: what moved earlier is no doubt about it.
        """
        self._has_listed = True
        for key in [key for key in self._lists if begin is not None and self._moved_at[key] < begin]:
            del self._lists[key]
            self._first[key] = (self._quantities or {}).get(key, 0.0)
            self._net.pop(key, None)
        for key, count in waiting.items():
            lists = self._lists.get(key, [])
            for place in range(min(count, len(lists))):
                lists[place] += 1

    @property
    def may_be_explained(self) -> bool:
        """Whether the next list may contain what the last one lacked."""
        return any(
            count < _LISTS for key, lists in self._lists.items() if not self._adds_up(key) for count in lists
        )

    def unexplained(self) -> list[str]:
        """Return the symbols of the positions that changed without an execution in any list since."""
        return sorted({self._symbols.get(key, key.symbol) for key in self.unexplained_keys()})

    def unexplained_keys(self) -> frozenset[PositionKey]:
        """Return the same positions."""
        return frozenset(
            key
            for key, counts in self._lists.items()
            if any(count >= _LISTS for count in counts) and not self._adds_up(key)
        )

    def _adds_up(self, key: PositionKey) -> bool:
        """Return whether a position has changed by what was executed."""
        quantity, first = (self._quantities or {}).get(key), self._first.get(key, 0.0)
        if quantity is None or first is None:
            return False
        return abs(quantity - first - self._net.get(key, 0.0)) < _NOTHING

    def _move(self, key: PositionKey, quantity: float | None, now: datetime) -> bool:
        if self._quantities is None or self._quantities.get(key, 0.0) == quantity:
            return False
        is_first = key not in self._quantities and key.account in self._coming
        before, self._quantities[key] = self._quantities.get(key, 0.0), quantity
        if is_first:
            self._first[key] = quantity
            return False
        if before is None or quantity is None:
            # It is unknown by how much it changed, if at all.
            return True
        spare = self._spare[key] = [at for at in self._spare[key] if abs(now - at) <= _BESIDE]
        if spare:
            spare.pop(0)
        else:
            self._lists.setdefault(key, []).append(0)
            self._moved_at[key] = now
        return True
