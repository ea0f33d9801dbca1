"""Which changes of positions ask for executions."""

from datetime import timedelta

from psf_monitor.ibkr.accounts.unexplained_changes import UnexplainedChanges
from tests.support.fill_records import fill
from tests.support.records import NOON as AT
from tests.support.records import position


def test_that_a_listed_position_that_differs_asks_for_its_execution_although_another_may_explain_it() -> None:
    changes = UnexplainedChanges()
    assert not changes.positions_listed([position(quantity=400)], AT)
    changes.list_ended({}, None)
    changes.executed(fill(quantity=10), AT)
    assert not changes.positions_listed([position(quantity=400)], AT)
    assert changes.positions_listed([position(quantity=410)], AT)
    assert changes.positions_listed([], AT)


def test_that_no_execution_of_before_the_clock_was_set_back_explains_what_moves_much_later() -> None:
    changes = UnexplainedChanges()
    changes.positions_listed([held := position(quantity=400)], AT)
    changes.executed(fill(quantity=10), AT)
    changes.list_ended({}, None)
    half_an_hour_later = AT - timedelta(hours=2) + timedelta(minutes=30)
    changes.positions_listed([position(quantity=500)], half_an_hour_later)
    for _ in range(2):
        assert changes.may_be_explained
        changes.list_ended(changes.waiting(), None)
    assert changes.unexplained_keys() == {held.key}
