"""The history of a position from the journal: opened, added, reduced, closed, and what was not seen. Pure.

Executions say what was traded, recorded closes what was held. Where the two disagree, the difference is
reported as not watched; an execution is never made up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from math import fsum

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.day_pnl import signed_quantity
from psf_monitor.domain.fills.fill import Fill

_NOTHING = 5e-9


class HistoryEvent(StrEnum):
    """What happened to the position; the value is the text that the trader reads."""

    HELD_BEFORE = "Held before"
    OPENED = "Opened"
    ADDED = "Added"
    REDUCED = "Reduced"
    CLOSED = "Closed"
    TURNED = "Turned"
    NOT_WATCHED = "Not watched"


@dataclass(frozen=True, slots=True)
class RecordedClose:
    """What an account held of the contract at a recorded close; money in contract currency."""

    day: date
    mode: AccountMode
    account: str
    quantity: float | None
    average_price: float | None = None
    market_value: float | None = None


@dataclass(frozen=True, slots=True)
class HeldNow:
    """What an account holds of the contract now; the average price is the broker's, per share."""

    mode: AccountMode
    account: str
    quantity: float | None
    average_price: float | None = None


@dataclass(frozen=True, slots=True)
class RecordedShare:
    """Everything the journal has about one contract; ``since`` is the first day with any record."""

    fills: tuple[Fill, ...]
    closes: tuple[RecordedClose, ...]
    since: date | None


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A day's executions of an account in one direction, or a change that was not seen.

    ``quantity`` is signed, ``price`` is the average, and ``held`` is the quantity held afterwards.
    ``days_held`` counts from the day on which the position was opened. ``None`` is unknown. ``realized_pnl``
    and ``average_price`` are the broker's; the latter is the next one recorded, provided that nothing was
    traded until then.
    """

    day: date
    mode: AccountMode
    account: str
    event: HistoryEvent
    quantity: float | None
    price: float | None
    held: float | None
    average_price: float | None
    days_held: int | None
    realized_pnl: float | None
    fills: int


def position_history(recorded: RecordedShare, now: Iterable[HeldNow], today: date) -> list[HistoryRow]:
    """Return the rows of all accounts, newest first. ``now`` is what each account holds, where that is
    known.
    """
    held_now = {(each.mode, each.account): each for each in now}
    accounts = {(fill.mode, fill.account) for fill in recorded.fills} | held_now.keys()
    accounts |= {(close.mode, close.account) for close in recorded.closes}
    rows = []
    for mode, account in sorted(accounts, key=lambda each: (each[0].value, each[1])):
        walk = _Walk(mode, account, recorded, today)
        rows += walk.rows(held_now.get((mode, account)))
    order = {id(row): place for place, row in enumerate(rows)}
    return sorted(rows, key=lambda row: (row.day, order[id(row)]), reverse=True)


class _Walk:
    """One account's days, oldest first, with the quantity held after each."""

    def __init__(self, mode: AccountMode, account: str, recorded: RecordedShare, today: date) -> None:
        self._of = (mode, account)
        self._since = recorded.since
        self._today = today
        self._days: dict[date, list[Fill]] = {}
        for fill in recorded.fills:
            day = fill.trade_date
            if (fill.mode, fill.account) == self._of and day is not None:
                self._days.setdefault(day, []).append(fill)
        self._closes = {
            each.day: (each.quantity, each.average_price)
            for each in recorded.closes
            if (each.mode, each.account) == self._of and each.quantity is not None
        }
        self._held: float | None = None
        self._opened: date | None = None

    def rows(self, now: HeldNow | None) -> list[HistoryRow]:
        quantity = None if now is None else now.quantity
        days = sorted({*self._days, *self._closes})
        self._held = self._before(days, quantity)
        found: list[HistoryRow] = []
        if self._held:
            begin = self._since or (days[0] if days else self._today)
            found.append(self._row(begin, HistoryEvent.HELD_BEFORE, None, ()))
        for day in days:
            found += self._traded(day)
            if day in self._closes:
                self._compare(found, day, *self._closes[day])
        if now is not None and quantity is not None:
            self._compare(found, self._today, quantity, now.average_price)
        return found

    def _before(self, days: Sequence[date], now: float | None) -> float | None:
        """Return the quantity held before the first recorded day; ``None`` if it cannot be derived."""
        net = 0.0
        for day in days:
            for fill in self._days.get(day, ()):
                signed = signed_quantity(fill)
                if signed is None:
                    return None
                net += signed
            if day in self._closes:
                return self._closes[day][0] - net
        return None if now is None else now - net

    def _traded(self, day: date) -> list[HistoryRow]:
        directions: dict[bool, list[Fill]] = {}
        for fill in self._days.get(day, ()):
            signed = signed_quantity(fill)
            if signed:
                directions.setdefault(signed > 0, []).append(fill)
        # The direction that was traded first comes first.
        return [
            self._moved(day, fsum(signed_quantity(fill) or 0.0 for fill in fills), fills)
            for fills in directions.values()
        ]

    def _moved(self, day: date, quantity: float, fills: Sequence[Fill]) -> HistoryRow:
        before = self._held
        after = None if before is None else before + quantity
        if before is None or after is None:
            event = HistoryEvent.ADDED if quantity > 0 else HistoryEvent.REDUCED
        elif abs(before) < _NOTHING:
            event, self._opened = HistoryEvent.OPENED, day
        elif abs(after) < _NOTHING:
            event = HistoryEvent.CLOSED
        elif (after > 0) != (before > 0):
            event = HistoryEvent.TURNED
        else:
            event = HistoryEvent.ADDED if abs(after) > abs(before) else HistoryEvent.REDUCED
        self._held = 0.0 if after is not None and abs(after) < _NOTHING else after
        row = self._row(day, event, quantity, fills)
        if event is HistoryEvent.CLOSED:
            self._opened = None
        elif event is HistoryEvent.TURNED:
            self._opened = day
        return row

    def _compare(self, found: list[HistoryRow], day: date, quantity: float, average: float | None) -> None:
        """Compare a recorded close with the result of the executions; set the average price of the last
        row.
        """
        before, self._held = self._held, quantity
        if before is not None and abs(before - quantity) >= _NOTHING:
            found.append(self._row(day, HistoryEvent.NOT_WATCHED, quantity - before, ()))
            if not quantity:
                self._opened = None
        if found and found[-1].average_price is None and found[-1].held:
            found[-1] = replace(found[-1], average_price=average)

    def _row(
        self, day: date, event: HistoryEvent, quantity: float | None, fills: Sequence[Fill]
    ) -> HistoryRow:
        known = [(fill.quantity, fill.price) for fill in fills if fill.quantity and fill.price is not None]
        whole = fsum(each for each, _ in known)
        gains = [fill.realized_pnl for fill in fills if fill.realized_pnl is not None]
        mode, account = self._of
        return HistoryRow(
            day=day,
            mode=mode,
            account=account,
            event=event,
            quantity=quantity,
            price=fsum(q * p for q, p in known) / whole if whole and len(known) == len(fills) else None,
            held=self._held,
            average_price=None,
            days_held=None if self._opened is None else (day - self._opened).days,
            realized_pnl=fsum(gains) if gains else None,
            fills=len(fills),
        )
