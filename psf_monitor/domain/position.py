"""What an account holds."""

from dataclasses import dataclass
from typing import NamedTuple

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.instrument import Instrument


class PositionKey(NamedTuple):
    """The identity of a position: not the symbol, which two instruments may share at IBKR.

    HAMMER gives no conId: there ``con_id`` is 0 and ``symbol`` its own name of the share, unique with it.
    """

    account: str
    con_id: int
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """A holding of one account.

    ``quantity``: shares or contracts, short below 0; 0 means that the position is closed, ``None`` that the
    broker named the position and not how much of it there is.
    ``average_cost``: contract currency per share, or per contract with the multiplier included, commission
    included, positive for shorts too (TWS API, message 61); ``None`` when the broker did not say.
    ``models``: the model portfolios that hold it and how much each, where TWS sends them (message 71); theirs
    may come to 0 together.
    """

    mode: AccountMode
    account: str
    instrument: Instrument
    quantity: float | None
    average_cost: float | None
    models: tuple[tuple[str, float | None], ...] = ()

    @property
    def is_held(self) -> bool:
        """Whether there is any of it, in one model at least."""
        return self.quantity != 0 or any(quantity != 0 for _model, quantity in self.models)

    @property
    def key(self) -> PositionKey:
        return PositionKey(self.account, *self.instrument.identity)

    @property
    def average_price(self) -> float | None:
        """Average cost as a price comparable with a quote: without the multiplier, in the price's unit."""
        if self.average_cost is None or not self.instrument.point_value:
            return None
        return self.average_cost / self.instrument.point_value
