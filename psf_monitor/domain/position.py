"""Positions and their identity."""

from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import force_setattr

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.instrument import Instrument


class PositionKey(NamedTuple):
    """The identity of a position. It is not the symbol, which two instruments may share at IBKR.

    HAMMER sends no conId: ``con_id`` is then 0 and ``symbol`` is HAMMER's own name, which is unique there.
    """

    account: str
    con_id: int
    symbol: str = ""


class Position(Struct, frozen=True):
    """A position of one account.

    ``quantity`` is in shares or contracts, negative for short; 0 means that the position is closed, ``None``
    that the broker named the position without its quantity. ``average_cost`` is in contract currency per
    share, or per contract including the multiplier, including commission, and positive for shorts too (TWS
    API, message 61); ``None`` if the broker did not send it. ``models`` are the model portfolios that hold
    it, with their quantities, if TWS sends them (message 71); they may add up to 0.
    """

    mode: AccountMode
    account: str
    instrument: Instrument
    quantity: float | None
    average_cost: float | None
    models: tuple[tuple[str, float | None], ...] = ()
    key: PositionKey = PositionKey("", 0)

    def __post_init__(self) -> None:
        # Computed once: a book is searched by it at every message.
        force_setattr(self, "key", PositionKey(self.account, *self.instrument.identity))

    @property
    def is_held(self) -> bool:
        """Whether there is any quantity, in at least one model."""
        return self.quantity != 0 or any(quantity != 0 for _model, quantity in self.models)

    @property
    def average_price(self) -> float | None:
        """Average cost as a price that is comparable with a quote: without the multiplier, in the price's
        unit.
        """
        if self.average_cost is None or not self.instrument.point_value:
            return None
        return self.average_cost / self.instrument.point_value
