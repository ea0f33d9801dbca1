"""How much of an order has filled, whatever TWS counts from and in whatever order it reports."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from psf_monitor.book.orders.account_orders import AccountOrders
from psf_monitor.book.orders.executed_order import ExecutionsByOrder
from psf_monitor.domain.orders.order import Order, OrderExecution
from tests.support.records import NOON, order

TOTAL = 400.0
PERM_ID = 9001


def an_order(filled: float, tif: str = "GTC", average: float | None = None) -> Order:
    return replace(
        order(quantity=TOTAL, perm_id=PERM_ID, filled=filled),
        tif=tif,
        remaining=TOTAL - filled,
        average_fill_price=average,
    )


def execution(number: int, shares: float, so_far: float, price: float = 24.5) -> OrderExecution:
    return OrderExecution(PERM_ID, False, so_far, price, f"e.{number}", 1, shares, price)


def orders_of(filled: float, tif: str = "GTC", average: float | None = 24.0) -> AccountOrders:
    """The order as it is listed, all executions of today, and the order listed once more."""
    orders = AccountOrders()
    orders.replace_all([an_order(filled, tif, average)], NOON)
    orders.list_executions()
    orders.replace_all([an_order(filled, tif, average)], NOON)
    return orders


def ended(orders: AccountOrders) -> Order:
    orders.replace_all([], NOON)
    (left,) = orders.by_key.values()
    return left


@pytest.mark.parametrize("so_far", [100, 400], ids=["of the day", "of the order"])
def test_that_fills_of_earlier_days_count_however_tws_counts_them(so_far: float) -> None:
    orders = orders_of(filled=300)
    orders.apply_execution(execution(1, 100, so_far), NOON)
    left = ended(orders)
    assert (left.status, left.filled, left.remaining) == ("Filled", 400, 0)
    # TWS sends the average of the order; that of the day follows from earlier reports.
    assert left.average_fill_price == (24.5 if so_far == 400 else (300 * 24.0 + 100 * 24.5) / 400)


def test_that_an_execution_that_comes_after_the_order_has_left_completes_it() -> None:
    orders = orders_of(filled=300)
    assert ended(orders).status == "Gone"
    before, after = orders.apply_execution(execution(1, 100, 100), NOON) or (None, None)
    assert before is not None
    assert after is not None
    assert (before.status, after.status, after.filled) == ("Gone", "Filled", 400)


@pytest.mark.parametrize(("tif", "filled", "shares"), [("DAY", 300, 100), ("GTC", 200, 100), ("GTC", 300, 0)])
def test_that_an_order_that_may_have_been_cancelled_is_not_called_filled(
    tif: str, filled: float, shares: float
) -> None:
    orders = orders_of(filled, tif)
    if shares:
        orders.apply_execution(execution(1, shares, shares), NOON)
    assert ended(orders).status == "Gone"


def test_that_a_correction_counts_in_the_place_of_what_it_corrects() -> None:
    orders = orders_of(filled=300)
    orders.apply_execution(execution(1, 100, 100), NOON)
    orders.apply_execution(replace(execution(1, 60, 60), revision=2), NOON)
    left = ended(orders)
    assert (left.status, left.filled, left.remaining) == ("Gone", 360, 40)


def test_that_an_execution_of_another_contract_or_account_is_of_no_order_of_its_perm_id() -> None:
    orders = orders_of(filled=300)
    known = order(perm_id=PERM_ID)
    for differs in ({"con_id": known.instrument.con_id + 1}, {"account": "U1770037"}):
        orders.apply_execution(replace(execution(1, 100, 400), **differs), NOON)
    left = ended(orders)
    assert (left.status, left.filled) == ("Gone", 300)
    orders.apply_execution(
        replace(execution(1, 100, 100), con_id=known.instrument.con_id, account=known.account), NOON
    )
    (left,) = orders.by_key.values()
    assert (left.status, left.filled) == ("Filled", 400)


def test_that_details_that_tws_no_longer_lists_are_kept_only_for_known_orders() -> None:
    executions, known, unknown = (
        ExecutionsByOrder(),
        an_order(0.0),
        replace(an_order(0.0), perm_id=PERM_ID + 1),
    )
    for perm_id in (known.perm_id, unknown.perm_id):
        executions.add(replace(execution(1, 100, 100), perm_id=perm_id), ())
    for _ in range(2):
        # The first of these lists contains them, the second does not.
        executions.listed([known])
    assert executions.of(known) is not None
    assert executions.of(unknown) is None


@pytest.mark.parametrize("execution_id", ["", "e.1"])
def test_that_executions_reported_before_their_order_is_listed_count(
    execution_id: str,
) -> None:
    orders = AccountOrders()
    for so_far in (TOTAL, 100.0):
        reported = OrderExecution(PERM_ID, False, so_far, 24.5, execution_id)
        orders.apply_execution(reported, NOON)
    orders.replace_all([an_order(0.0)], NOON)
    assert ended(orders).status == "Filled"


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["fill", "report", "status", "executions", "orders", "night"]),
        st.sampled_from([40.0, 100.0, 160.0]),
    ),
    max_size=25,
)


@settings(max_examples=3 * settings().max_examples)
@given(STEPS, st.booleans(), st.booleans())
def test_that_only_an_order_that_filled_is_reported_filled_never_a_cancelled_one(
    story: list[tuple[str, float]], of_the_day: bool, is_completed: bool
) -> None:
    """Fills are reported late or not at all, the list starts again every night, the order ends either way."""
    orders = AccountOrders()
    today: list[OrderExecution] = []
    unreported: list[OrderExecution] = []
    filled = filled_before_today = 0.0
    number = 0

    def fill(shares: float) -> None:
        nonlocal filled, number
        filled, number = filled + shares, number + 1
        so_far = filled - filled_before_today if of_the_day else filled
        today.append(execution(number, shares, so_far))
        unreported.append(today[-1])

    def report_all() -> None:
        for each in today:
            orders.apply_execution(each, NOON)
        unreported.clear()

    orders.replace_all([an_order(0.0)], NOON)
    for step, shares in story:
        if step == "fill" and filled + shares < TOTAL:
            fill(shares)
        elif step == "report" and unreported:
            orders.apply_execution(unreported.pop(0), NOON)
        elif step == "status":
            orders.change(an_order(filled), NOON)
        elif step == "executions":
            report_all()
            orders.list_executions()
        elif step == "orders":
            orders.replace_all([an_order(filled)], NOON)
        elif step == "night":
            today.clear()
            unreported.clear()
            filled_before_today = filled
            orders.replace_all([an_order(filled)], NOON)
            orders.list_executions()
            orders.replace_all([an_order(filled)], NOON)
    if is_completed:
        fill(TOTAL - filled)
    left = ended(orders)
    report_all()
    (left,) = orders.by_key.values()
    assert left.status == ("Filled" if is_completed else "Gone")
    if is_completed:
        assert left.filled == TOTAL
    assert left.filled is not None
    assert left.filled <= TOTAL
