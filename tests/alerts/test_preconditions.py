"""What alerts of each kind wait for: a connection, a list, a quote, the session."""

from typing import Any

import pytest

from psf_monitor.book.day.open_quantities import SETTLES_AFTER
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.alerts.alert import Alert, AlertKind, Direction
from tests.alerts.watched_book import CIM, WatchedBook
from tests.support.fill_records import fill
from tests.support.records import GUN, PED, position


def test_that_an_alert_that_nothing_can_set_off_says_what_it_waits_for(watched: WatchedBook) -> None:
    def waits(kind: AlertKind, what: str = "", **more: Any) -> str:
        return watched.alerts.state(watched.alerts.add(Alert(0, kind, what=what, **more))).waits_for

    assert waits(AlertKind.ORDER, "filled") == ""
    assert waits(AlertKind.NEAR_FILL, "begins") == ""
    assert waits(AlertKind.ORDER, "filled", mode=PED) == "no current list of orders"
    assert waits(AlertKind.LINK) == "not connected"
    watched.links[GUN].be(LinkState.READY)
    assert waits(AlertKind.LINK) == ""
    watched.price(24.4)
    assert waits(AlertKind.QUIET, symbol=CIM, figure=15) == ""
    watched.book.quotes_frozen(watched.clock())
    assert waits(AlertKind.QUIET, symbol=CIM, figure=15) == "quotes frozen"
    assert waits(AlertKind.NEAR_FILL, "begins") == "quotes frozen"
    watched.book.quotes_live()
    watched.price(24.4)
    watched.clock.advance(12 * 3600)
    assert waits(AlertKind.QUIET, symbol=CIM, figure=15) in ("market closed", "quotes come late")
    watched.book.account_lost(GUN, watched.clock())
    assert waits(AlertKind.ORDER, "filled") == "no current list of orders"
    assert waits(AlertKind.NEAR_FILL, "begins") == "no current list of orders"


def test_that_no_day_pnl_is_compared_before_the_execution_of_a_share_that_left(watched: WatchedBook) -> None:
    down = Alert(0, AlertKind.PNL, what="day", direction=Direction.DOWN, figure=600, mode=GUN)
    alert = watched.alerts.add(down)
    watched.book.attach_fills(watched.fills)
    watched.book.positions_replaced(GUN, [position(CIM, 1000, 23.0), position("MS PRK", 1000, 23.0)])
    watched.fills.fills_listed(GUN, ["U1240821"])
    for symbol in (CIM, "MS PRK"):
        watched.price(24.5, symbol, prev_close=24.0)
    watched.alerts.check()
    assert watched.alerts.state(alert).now == pytest.approx(1000)
    watched.clock.advance(SETTLES_AFTER.total_seconds())
    watched.book.position_changed(GUN, position("MS PRK", 0))
    watched.alerts.check()
    assert watched.alerts.state(alert).now == pytest.approx(1000), "its execution may be on its way"
    watched.clock.advance(SETTLES_AFTER.total_seconds())
    watched.fills.fills_listed(GUN, ["U1240821"])
    watched.alerts.check()
    assert watched.alerts.state(alert).waits_for == "a part of it is not known"
    watched.fills.fills_reported(GUN, [fill("1", "MS PRK", "SELL", 1000, 24.5)])
    watched.alerts.check()
    assert watched.alerts.state(alert).now == pytest.approx(1000)
    assert watched.fired == []
    watched.book.position_changed(GUN, position(CIM, 0))
    watched.fills.fills_reported(GUN, [fill("2", CIM, "SELL", 1000, 24.05)])
    watched.alerts.check()
    assert watched.texts == ["GUN day P&L crossed +600 downward, seen +550"]
