"""Executions as the tests need them, with everything that does not matter filled in."""

from datetime import datetime
from typing import Any

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.fill import Fill
from tests.support.records import GUN, NOON, instrument


def fill(
    fill_id: str = "00018037.1",
    symbol: str = "CIM PRB",
    side: str = "BUY",
    quantity: float | None = 100,
    price: float | None = 24.5,
    *,
    revision: int = 1,
    account: str = "U1240821",
    mode: AccountMode = GUN,
    at: datetime | None = NOON,
    kind: str = "STK",
    commission: float | None = None,
    **details: Any,
) -> Fill:
    return Fill(
        mode=mode,
        account=account,
        instrument=instrument(symbol, kind=kind),
        fill_id=fill_id,
        revision=revision,
        broker_id=f"{fill_id}.{revision:02}",
        at=at,
        side=side,
        quantity=quantity,
        price=price,
        commission=commission,
        commission_currency=None if commission is None else "USD",
        **details,
    )
