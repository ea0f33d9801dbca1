"""In whatever order events arrive, an order is shown as last reported, or marked as old."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from psf_monitor.book.book import Book
from psf_monitor.book.orders.account_orders import DONE_STAYS_S
from psf_monitor.domain.orders.order import Order, OrderExecution
from tests.support.records import GUN, Clock, order, position

QUANTITY = 500.0
IDS = st.integers(1, 3)
FILLED = st.integers(0, 5).map(lambda hundreds: 100.0 * hundreds)


def an_order(perm_id: int, filled: float = 0.0, status: str = "Submitted") -> Order:
    """All of one client and with one order id, as TWS has had them."""
    return order(side="SELL", quantity=QUANTITY, perm_id=perm_id, filled=filled, status=status)


STEPS = st.one_of(
    st.tuples(st.just("list"), st.sets(IDS)),
    st.tuples(st.just("status"), st.tuples(IDS, st.sampled_from(["Submitted", "Cancelled", "Filled"]))),
    st.tuples(st.just("execution"), st.tuples(IDS, FILLED.filter(bool))),
    st.tuples(st.just("lost"), st.none()),
    st.tuples(st.just("time"), st.sampled_from([1.0, DONE_STAYS_S])),
)


@settings(max_examples=3 * settings().max_examples)
@given(st.lists(STEPS, max_size=20))
@example([("execution", (3, 500.0)), ("execution", (3, 100.0)), ("list", {3}), ("list", set())])
def test_that_every_order_is_as_last_reported_or_marked_gone(
    story: list[tuple[str, object]],
) -> None:
    clock = Clock()
    book = Book(clock)
    book.accounts_named(GUN, ["U1240821"])
    book.positions_replaced(GUN, [position(quantity=5000)])
    working: set[int] = set()
    executed: dict[int, float] = {}
    shown: set[int] = set()
    for kind, reported in story:
        match kind, reported:
            case "list", set(perm_ids):
                left = working - perm_ids
                book.orders_replaced(GUN, [an_order(perm_id) for perm_id in perm_ids])
                working = set(perm_ids)
                rows = {row.perm_id: row for row in book.order_rows()}
                for perm_id in left:
                    is_whole = executed.get(perm_id) == QUANTITY
                    assert rows[perm_id].status == ("Filled" if is_whole else "Gone")
            case "status", (int(perm_id), str(status)):
                filled = QUANTITY if status == "Filled" else 0.0
                book.order_changed(GUN, an_order(perm_id, filled, status))
                (working.add if status == "Submitted" else working.discard)(perm_id)
            case "execution", (int(perm_id), float(filled)):
                executed[perm_id] = max(filled, executed.get(perm_id, 0.0))
                book.order_executed(GUN, OrderExecution(perm_id, False, filled, 24.5))
            case "lost", _:
                book.account_lost(GUN, clock())
            case "time", float(seconds):
                shown = {row.perm_id for row in book.order_rows()}
                clock.advance(seconds)
                # With an order that leaves the window, its executions are forgotten.
                for perm_id in shown - {row.perm_id for row in book.order_rows()}:
                    executed.pop(perm_id, None)
        rows = {row.perm_id: row for row in book.order_rows()}
        for perm_id in shown - rows.keys():
            # Out of sight with what became of it: TWS lists a finished order no more.
            executed.pop(perm_id, None)
        shown = set(rows)
        assert {perm_id for perm_id, row in rows.items() if row.status == "Submitted"} == working
        assert all(row.to_fill is None for row in rows.values() if row.status != "Submitted")
        (held,) = book.position_rows()
        assert held.working.sell == QUANTITY * len(working)
