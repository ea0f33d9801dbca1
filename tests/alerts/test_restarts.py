"""What was reported before a restart is not reported again after it."""

from pathlib import Path

import pytest
from msgspec.structs import replace

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


@pytest.mark.parametrize("accounts", [["U1240821", "U7654321"], ["U7654321"]])
def test_that_fills_of_orders_that_came_with_their_account_are_history(
    watched: WatchedBook, accounts: list[str]
) -> None:
    watched.alerts.add(Alert(0, AlertKind.ORDER, what="part filled", is_again=True))
    watched.book.orders_replaced(GUN, [order(CIM, perm_id=77)])
    watched.alerts.check()
    watched.book.accounts_named(GUN, accounts)
    of_another = order(CIM, perm_id=78, filled=200, account="U7654321")
    for filled in (200, 300):
        watched.book.orders_replaced(GUN, [replace(of_another, filled=filled)])
        watched.alerts.check()
    assert watched.texts == ["GUN BUY CIM PRB part filled: 300 of 500"]
