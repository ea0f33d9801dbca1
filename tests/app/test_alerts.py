"""Alerts in the product's own window, over real sockets to both simulated servers."""

from PySide6.QtWidgets import QApplication

from psf_monitor.domain.alerts.alert import Alert, AlertKind, Direction
from psf_monitor.sim.demo import Gateways
from tests.app.running_window import Trader, with_running_window
from tests.conftest import ExpectedErrors
from tests.support.waiting import until


def test_that_a_crossing_and_a_fill_are_reported_with_what_the_servers_sent(
    qapp: QApplication, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync.client")

    async def day(trader: Trader, gateways: Gateways) -> None:
        await trader.connect_all()
        window = trader.window
        watch = window.context.sources.alerts
        watch.add(Alert(0, AlertKind.PRICE, "CIM PRB", "last", Direction.UP, 24.57))
        gateways.market.trade("CIM PRB", 24.58, 300)
        await until(lambda: "1 alert · CIM PRB last" in window.top_bar.alert.text, what="the chip")
        assert "CIM PRB last crossed 24.57 upward, seen 24.58" in window.status.news.text
        await until(lambda: trader.position("CIM PRB")["last"] == "24.58", what="the price in the table")
        assert window.windowTitle().startswith("(1) ")
        orders = gateways.market.orders.values()
        working = next(order for order in orders if order.status == "Submitted" and order.limit_price)
        assert working.limit_price is not None
        gateways.market.fill_order(working.perm_id, working.remaining, working.limit_price)
        await until(lambda: len(watch.fired) == 2, what="the filled order")
        assert " filled: " in watch.fired[-1].text

    with_running_window(qapp, day)
