"""Realized gains of one account and year, as the broker calculated them. No tax lots are chosen here.

The gain of an execution is IBKR's own realized P&L (TWS API, message 59), including commissions. It is
reported for executions that close something and left unset for those that open or add. A gain of exactly 0
may be either, so such an execution is listed by name and makes no row. Cost basis and proceeds are derived
from the gain, the price and the commission.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from math import fsum

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.coverage import Coverage, gaps, unknown_outside_hours
from psf_monitor.domain.fills.fill import Fill, is_of_later_day
from psf_monitor.domain.fills.fill_totals import counted
from psf_monitor.domain.fills.journal_records import RecordedFill
from psf_monitor.domain.orders.order import Side

SELL, COVER = "Sell", "Cover"

METHOD = (
    "Gain is IBKR's own realized P&L of each execution, commissions included; proceeds and cost basis follow "
    "from it, the price and the commission. An execution that closed one position and opened the opposite "
    "one stands here with its whole quantity. What was not traded, such as a redemption or a transfer, "
    "is not in it."
)


@dataclass(frozen=True, slots=True)
class GainRow:
    """One closing execution; ``action`` is Sell for a long position, Cover for a short one.

    ``quantity`` is in shares or contracts, money in the ``currency`` of the contract, and ``gain`` =
    ``proceeds`` less ``cost_basis``. ``day`` is IBKR's trade date.
    """

    account: str
    day: date
    symbol: str
    action: str
    quantity: float
    cost_basis: float
    proceeds: float
    gain: float
    currency: str
    broker_id: str


@dataclass(frozen=True, slots=True)
class GainSum:
    """The total of all rows in one currency; amounts in different currencies are never added."""

    currency: str
    rows: int
    cost_basis: float
    proceeds: float
    gain: float


@dataclass(frozen=True, slots=True)
class Gains:
    """The rows of one account and year, oldest first, and sentences about what is missing.

    ``remarks`` are about times that most accounts do not trade in, and that are not known.
    """

    account: str
    year: int
    rows: tuple[GainRow, ...]
    sums: tuple[GainSum, ...]
    missing: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def realized(
    account: str, year: int, recorded: Iterable[RecordedFill], coverage: Iterable[Coverage], now: datetime
) -> Gains:
    """Return the gains of ``account`` in ``year`` (New York) from the recorded fills and their coverage."""
    of_account = [each for each in recorded if each.fill.account == account]
    undated = [each for each in of_account if each.day is None and not _opened(each.fill)]
    mine = [each for each in of_account if each.day is not None and each.day.year == year]
    known = {each.fill.key: each for each in mine}
    rows: list[GainRow] = []
    left_out: dict[str, list[RecordedFill]] = {}
    for fill in counted(each.fill for each in mine):
        if _opened(fill):
            continue
        row = _LATER if is_of_later_day(fill, now) else _row(known[fill.key])
        if isinstance(row, GainRow):
            rows.append(row)
        else:
            left_out.setdefault(row, []).append(known[fill.key])
    rows.sort(key=lambda row: (row.day, row.symbol, row.broker_id))
    if undated:
        left_out[_UNDATED] = undated
    missing = [sentence(left_out[why]) for why, sentence in _SENTENCES.items() if why in left_out]
    its_own = [each for each in coverage if each.account == account]
    days = date(year, 1, 1), date(year, 12, 31)
    missing += gaps(its_own, *days, now)
    remarks = unknown_outside_hours(its_own, *days, now)
    return Gains(account, year, tuple(rows), tuple(_sums(rows)), tuple(missing), tuple(remarks))


def _opened(fill: Fill) -> bool:
    """Return whether IBKR has sent the cost but no realized P&L: the execution closed nothing."""
    return fill.mode is not AccountMode.HAMMER_PRO and fill.is_reported and fill.realized_pnl is None


_HAMMER, _UNREPORTED, _ZERO, _CURRENCY, _INCOMPLETE = "hammer", "unreported", "zero", "currency", "incomplete"
_UNDATED, _UNIT, _COMBINATION, _LATER = "undated", "unit", "combination", "later"


def _row(recorded: RecordedFill) -> GainRow | str:
    """Return the row of an execution that may have closed something, or the reason why there is none."""
    fill, day = recorded.fill, recorded.day
    quantity, price, multiplier = fill.quantity, fill.price, fill.instrument.multiplier
    price_unit = fill.instrument.price_unit
    commission, gain = fill.commission, fill.realized_pnl
    if fill.mode is AccountMode.HAMMER_PRO:
        return _HAMMER
    if commission is None or gain is None:
        return _UNREPORTED
    if gain == 0:
        return _ZERO
    if fill.instrument.is_combination:
        return _COMBINATION
    if fill.commission_currency != fill.instrument.currency:
        return _CURRENCY
    if quantity is None or price is None or multiplier is None or fill.side not in (Side.BUY, Side.SELL):
        return _INCOMPLETE
    if price_unit is None:
        return _UNIT
    if day is None:
        return _UNDATED
    value = quantity * price * multiplier * price_unit
    if fill.side == Side.SELL:
        action, proceeds = SELL, value - commission
        cost_basis = proceeds - gain
    else:
        action, cost_basis = COVER, value + commission
        proceeds = cost_basis + gain
    return GainRow(
        account=fill.account,
        day=day,
        symbol=fill.instrument.symbol,
        action=action,
        quantity=quantity,
        cost_basis=cost_basis,
        proceeds=proceeds,
        gain=gain,
        currency=fill.instrument.currency,
        broker_id=fill.broker_id,
    )


def _sums(rows: Sequence[GainRow]) -> Iterable[GainSum]:
    for currency in sorted({row.currency for row in rows}):
        of_it = [row for row in rows if row.currency == currency]
        yield GainSum(
            currency=currency,
            rows=len(of_it),
            cost_basis=fsum(row.cost_basis for row in of_it),
            proceeds=fsum(row.proceeds for row in of_it),
            gain=fsum(row.gain for row in of_it),
        )


def _of_unit(recorded: Sequence[RecordedFill]) -> str:
    return f"TWS has not reported in which unit the price is, cents or per cent of par: {_named(recorded)}."


def _of_combination(recorded: Sequence[RecordedFill]) -> str:
    names = _named(recorded)
    return f"TWS reported no legs of a combination, and what its price is worth its legs say: {names}."


def _of_undated(recorded: Sequence[RecordedFill]) -> str:
    names = _named(recorded)
    return f"The broker reported no date of {_executions(recorded)}, which may be of this year: {names}."


def _of_later(recorded: Sequence[RecordedFill]) -> str:
    return f"The broker dates {_executions(recorded)} on a day that has not begun: {_named(recorded)}."


def _of_hammer(recorded: Sequence[RecordedFill]) -> str:
    return f"HAMMER reports no realized P&L: {_executions(recorded)} of its account left out."


def _of_unreported(recorded: Sequence[RecordedFill]) -> str:
    return f"IBKR has not reported the cost of {_executions(recorded)}: {_named(recorded)}."


def _of_zero(recorded: Sequence[RecordedFill]) -> str:
    names = _named(recorded)
    return f"IBKR reported a realized P&L of exactly 0, which may mean that nothing was closed: {names}."


def _of_currency(recorded: Sequence[RecordedFill]) -> str:
    return f"The cost and the P&L are not in the currency of the contract: {_named(recorded)}."


def _of_incomplete(recorded: Sequence[RecordedFill]) -> str:
    return f"IBKR reported a realized P&L but not the whole trade: {_named(recorded)}."


_SENTENCES: dict[str, Callable[[Sequence[RecordedFill]], str]] = {
    _UNREPORTED: _of_unreported,
    _ZERO: _of_zero,
    _CURRENCY: _of_currency,
    _INCOMPLETE: _of_incomplete,
    _UNDATED: _of_undated,
    _LATER: _of_later,
    _UNIT: _of_unit,
    _COMBINATION: _of_combination,
    _HAMMER: _of_hammer,
}


def _executions(recorded: Sequence[RecordedFill]) -> str:
    return "1 execution" if len(recorded) == 1 else f"{len(recorded):,} executions"


def _named(recorded: Sequence[RecordedFill]) -> str:
    """Return names such as ``CIM PRB on 2026-09-18 (3), NLY PRF on 2026-09-21``."""
    ordered = sorted((str(each.day or ""), each.fill.instrument.name) for each in recorded)
    parts = []
    for (day, symbol), same in groupby(ordered):
        count = len(list(same))
        when = f" on {day}" if day else ""
        parts.append(f"{symbol}{when}" + (f" ({count})" if count > 1 else ""))
    return ", ".join(parts)
