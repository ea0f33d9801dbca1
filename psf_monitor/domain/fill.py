"""What was traded: executions as the broker tells them, corrects them and prices their cost."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.instrument import Instrument

_MODES = tuple(AccountMode)


class FillKey(NamedTuple):
    """One execution, however often it is told or corrected, and whichever profile reached its login."""

    account: str
    fill_id: str


@dataclass(frozen=True, slots=True)
class Fill:
    """One execution: of TWS (messages 11 and 59) or of a transaction of HAMMER.

    ``fill_id`` is what its corrections share, ``revision`` counts them, ``broker_id`` is the id as the broker
    wrote it. ``at`` is UTC. ``quantity`` is above 0, in shares or contracts; ``price`` in contract currency;
    ``side`` keeps the broker's word when it is neither BUY nor SELL. ``commission`` is what it cost, in
    ``commission_currency``, a rebate below 0; ``realized_pnl`` is the broker's own figure, in the same
    currency, commissions included, and is told of closing trades only. ``None`` is what was not told.
    """

    mode: AccountMode
    account: str
    instrument: Instrument
    fill_id: str
    revision: int
    broker_id: str
    at: datetime | None
    side: str
    quantity: float | None
    price: float | None
    venue: str = ""
    order_id: int = 0
    perm_id: int = 0
    client_id: int = 0
    hammer_id: str = ""
    commission: float | None = None
    commission_currency: str | None = None
    realized_pnl: float | None = None

    @property
    def key(self) -> FillKey:
        return FillKey(self.account, self.fill_id)

    @property
    def is_reported(self) -> bool:
        """Whether the broker has told its cost; without a realized P&L it then opened or added."""
        return self.commission is not None


def joined(known: Fill | None, told: Fill) -> Fill:
    """The execution after it is told once more: a correction replaces, a cost that came later joins.

    The cost of an execution that was corrected is not taken for that of its correction. Told by two profiles,
    it is the first one's, as in ``AccountMode``.
    """
    if known is None:
        return told
    latest = told if told.revision >= known.revision else known
    if told.revision == known.revision and known.is_reported and not told.is_reported:
        latest = replace(
            told,
            commission=known.commission,
            commission_currency=known.commission_currency,
            realized_pnl=known.realized_pnl,
        )
    if known.mode is not told.mode:
        latest = replace(latest, mode=min(known.mode, told.mode, key=_MODES.index))
    return latest
