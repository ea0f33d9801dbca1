"""Which changes of positions ask for executions."""

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
