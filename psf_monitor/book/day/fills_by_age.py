"""Executions sorted by age, kept sorted as they are reported."""

from bisect import bisect_left
from datetime import datetime
from operator import itemgetter

from psf_monitor.domain.fills.fill import Fill, FillKey

_Age = tuple[datetime, FillKey]
_FEW = 16
"""Up to this many are inserted one by one; more are sorted at once."""


class FillsByAge:
    """Executions, oldest first; those of the same moment are sorted by key."""

    def __init__(self) -> None:
        self._ages: list[_Age] = []
        self._fills: list[Fill] = []
        self._age_of: dict[FillKey, _Age] = {}
        self._late: dict[FillKey, Fill] = {}

    def add(self, fill: Fill, moment: datetime) -> None:
        """Add or replace an execution that happened at ``moment`` (UTC)."""
        key, age = fill.key, (moment, fill.key)
        if self._age_of.get(key) != age:
            self.drop(key)
            self._age_of[key] = age
            if not self._ages or age > self._ages[-1]:
                self._ages.append(age)
                self._fills.append(fill)
                return
            self._late[key] = fill
        elif key in self._late:
            self._late[key] = fill
        else:
            self._fills[bisect_left(self._ages, age)] = fill

    def drop(self, key: FillKey) -> None:
        """Remove an execution, if present."""
        age = self._age_of.pop(key, None)
        if age is not None and self._late.pop(key, None) is None:
            place = bisect_left(self._ages, age)
            del self._ages[place], self._fills[place]

    def listed(self) -> list[Fill]:
        """Return all of them."""
        if len(self._late) > _FEW:
            pairs = [*zip(self._ages, self._fills, strict=True)]
            pairs += ((self._age_of[key], fill) for key, fill in self._late.items())
            pairs.sort(key=itemgetter(0))
            self._ages = [age for age, _ in pairs]
            self._fills = [fill for _, fill in pairs]
        else:
            for key, fill in self._late.items():
                age = self._age_of[key]
                place = bisect_left(self._ages, age)
                self._ages.insert(place, age)
                self._fills.insert(place, fill)
        self._late.clear()
        return self._fills.copy()
