"""What alerts of each kind wait for: a connection, a list, a quote, the session."""

from typing import Any

from psf_monitor.connection.status import LinkState
from psf_monitor.domain.alerts.alert import Alert, AlertKind
from tests.alerts.watched_book import CIM, WatchedBook
from tests.support.records import GUN, PED


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
