"""Records as the tests need them, with everything that does not matter filled in."""

from datetime import UTC, datetime, timedelta
from typing import Any

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.orders.order import Order
from psf_monitor.domain.position import Position

GUN, PED = AccountMode.IBKR_GUN, AccountMode.IBKR_PED
NOON = datetime(2026, 9, 18, 16, 0, tzinfo=UTC)


class Clock:
    """A clock that advances only on request."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def instrument(symbol: str = "CIM PRB", con_id: int | None = None, **details: Any) -> Instrument:
    details.setdefault("exchange", "NYSE")
    return Instrument(con_id=sum(map(ord, symbol)) if con_id is None else con_id, symbol=symbol, **details)


def position(
    symbol: str = "CIM PRB",
    quantity: float = 1000,
    average_cost: float | None = 23.5,
    *,
    account: str = "U1240821",
    mode: AccountMode = GUN,
    **details: Any,
) -> Position:
    return Position(mode, account, instrument(symbol, **details), quantity, average_cost)


def order(
    symbol: str = "CIM PRB",
    side: str = "BUY",
    quantity: float = 500,
    limit_price: float | None = 24.5,
    *,
    account: str = "U1240821",
    mode: AccountMode = GUN,
    perm_id: int = 9001,
    order_id: int = 11,
    client_id: int = 3,
    order_type: str = "LMT",
    status: str = "Submitted",
    filled: float = 0,
    **details: Any,
) -> Order:
    return Order(
        mode=mode,
        account=account,
        instrument=instrument(symbol),
        order_id=order_id,
        perm_id=perm_id,
        client_id=client_id,
        side=side,
        quantity=quantity,
        order_type=order_type,
        limit_price=limit_price,
        status=status,
        filled=filled,
        remaining=quantity - filled,
        **details,
    )
