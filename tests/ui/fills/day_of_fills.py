"""The fills of a day, and what is done with their tab."""

from datetime import datetime, timedelta

from psf_monitor.domain.fills.fill import Fill
from tests.support.fill_records import fill
from tests.support.records import NOON, PED
from tests.ui.fills_tab import report
from tests.ui.window import ACCOUNTS, WindowUnderTest


def at(minutes: float) -> datetime:
    """So many minutes before noon in New York."""
    return NOON - timedelta(minutes=minutes)


BOUGHT = fill("1.1", at=at(30), commission=1.0, venue="NYSE", order_id=11, perm_id=9001, client_id=3)


SOLD = fill(
    "1.2",
    "GS PRA",
    "SELL",
    200,
    22.05,
    at=at(20),
    commission=1.25,
    realized_pnl=83.456,
    order_id=0,
    perm_id=9002,
)


UNREPORTED = fill("1.3", "CIM PRB", "SELL", 40, 24.6, at=at(10))


OF_PED = fill("2.1", "CIM PRB", "BUY", 1700, 24.41, at=at(5), account=ACCOUNTS[PED], mode=PED)


DAY = (BOUGHT, SOLD, UNREPORTED, OF_PED)


# Notifications.


def arrive(ui: WindowUnderTest, *fills: Fill) -> None:
    """They happen while we watch."""
    for mode in {each.mode for each in fills}:
        ui.fills.fills_listed(mode, [ACCOUNTS[mode]])
    report(ui, *fills)
