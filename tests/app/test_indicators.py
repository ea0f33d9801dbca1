"""GRPAN and RWVAP from HAMMER's list of trades to the cells of the window, by the trader's own rules."""

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.indicators import IndicatorRules
from psf_monitor.sim.demo import Gateways
from psf_monitor.sim.market.records import SimPrint
from tests.app.running_window import Trader, with_running_window
from tests.support.records import GUN
from tests.support.waiting import until

HAMMER = AccountMode.HAMMER_PRO
NYSE = [(24.60, 37, "NYSE"), (24.60, 58, "NYSE"), (24.60, 45, "EDGX"), (24.60, 73, "NSDQ")]
FINRA = [(24.50, 100, "FNRA"), (24.50, 100, "FNRA"), (24.50, 350, "FNRA"), (24.40, 500, "FNRA")]


def have_traded(gateways: Gateways, trades: list[tuple[float, int, str]]) -> None:
    security = gateways.market.security("CIM PRB")
    security.prints.clear()
    now = gateways.market.clock()
    for number, (price, size, venue) in enumerate(trades):
        security.prints.append(SimPrint(now - timedelta(seconds=60 - number), price, size, venue))


@pytest.mark.parametrize(
    ("rules", "grpan", "rwvap"),
    [
        (IndicatorRules(), "24.60", "24.5516"),
        (IndicatorRules(exchange_weight=0.1), "24.50", "24.5516"),
        (IndicatorRules(least_size=50), "24.50", "—"),
    ],
)
def test_that_the_rows_show_what_psfalgo_computes_of_the_trades_so_far(
    qapp: QApplication, rules: IndicatorRules, grpan: str, rwvap: str
) -> None:
    async def day(trader: Trader, gateways: Gateways) -> None:
        have_traded(gateways, [*FINRA, *NYSE])
        gateways.hammer.has_rough_ticks = True
        trader.click(GUN)
        trader.click(HAMMER)
        await until(lambda: trader.position("CIM PRB").get("grpan") == grpan, what="GRPAN")
        assert trader.position("CIM PRB")["rwvap_1d"] == rwvap

    with_running_window(qapp, day, indicators=rules)
