"""What was reported before a restart is not reported again after it."""

from pathlib import Path

import pytest

from psf_monitor.domain.alerts.alert import Alert, AlertKind
from tests.alerts.watched_book import CIM, WatchedBook
from tests.support.fill_records import fill
from tests.support.records import GUN, order


@pytest.mark.parametrize("is_listed", [False, True])
def test_that_a_fill_is_not_reported_again_after_a_restart(tmp_path: Path, is_listed: bool) -> None:
    watched = WatchedBook(tmp_path / "alerts.json")
    watched.alerts.add(Alert(0, AlertKind.ORDER, what="filled", is_again=True))
    watched.book.orders_replaced(GUN, [order(CIM, perm_id=77)] if is_listed else [])
    watched.alerts.check()
    executed = fill("1.1", perm_id=77)
    watched.fills.fills_reported(GUN, [executed])
    if is_listed:
        watched.book.order_changed(GUN, order(CIM, perm_id=77, filled=500, status="Filled"))
    for seconds in (6, 30):
        watched.alerts.check()
        watched.clock.advance(seconds)
    assert len(watched.fired) == 1
    watched.start()
    watched.alerts.check()
    watched.fills.fills_reported(GUN, [executed, fill("1.2", perm_id=78)])
    for _ in range(2):
        watched.alerts.check()
        watched.clock.advance(6)
    assert len(watched.fired) == 2
