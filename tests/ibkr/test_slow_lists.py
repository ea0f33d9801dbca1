"""A slow TWS: a list is waited for as long as it comes, and the end of an earlier one cuts off none."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import replace

import pytest
from ib_insync import Order, Trade

from psf_monitor.connection.pacing import ORDERS_A_TURN
from psf_monitor.ibkr.list_completion import ORDER_LIST, ListCompletion
from psf_monitor.ibkr.orders.order_changes import OrderChanges
from psf_monitor.sim.market.market import Market
from tests.ibkr.running_connector import NEVER, POLLING, Login, profile, serving
from tests.support.records import GUN
from tests.support.scripted_tws import Message, ScriptedTws
from tests.support.tws_messages import listed, position
from tests.support.waiting import LIMIT_S, LOOK_EVERY_S, limits_run_out, until, within_patience

SLOW = replace(POLLING, answer_s=LIMIT_S)
ORDERS, POSITIONS, START = 16, 61, 71
END_OF_ORDERS, END_OF_POSITIONS = ("53", "1"), ("62", "1")


@pytest.fixture
async def tws(market: Market) -> AsyncIterator[ScriptedTws]:
    """Sends no orders and positions except those that a test releases."""
    async with ScriptedTws({}, market.clock) as tws:
        del tws.answers[str(ORDERS)], tws.answers[str(POSITIONS)]
        yield tws


@pytest.fixture
async def login(market: Market, tws: ScriptedTws) -> AsyncIterator[Login]:
    async with serving(Login(market, profile(tws.port), SLOW)) as login:
        login.link.connect()
        await until(lambda: tws.asked(ORDERS) and tws.asked(POSITIONS))
        yield login


def orders_problem(login: Login) -> object:
    return login.book.account_state(GUN).orders_problem


def has_orders(login: Login) -> bool:
    return login.book.account_state(GUN).orders_checked_at is not None


async def give_up(is_given_up: Callable[[], object]) -> None:
    """Let limits run out until it is."""
    for _ in within_patience("giving up"):
        if is_given_up():
            break
        limits_run_out()
        await asyncio.sleep(LOOK_EVERY_S)


async def answer(
    tws: ScriptedTws,
    request: int,
    rest: Sequence[Message],
    whole: Sequence[Message],
    is_there: Callable[[], object],
) -> int:
    """Send the rest of a list, and all of it when it is asked for again: a busy machine gives up twice, or
    takes the line for lost. Return how many requests have been answered.
    """
    answered = tws.asked(request)
    tws.send(*(rest if tws.asked(START) == 1 else whole))

    def is_answered() -> object:
        nonlocal answered
        if tws.asked(request) > answered:
            answered += 1
            tws.send(*whole)
        return is_there()

    await until(is_answered)
    return answered


async def test_that_a_long_list_of_orders_is_waited_for_as_long_as_it_comes(
    login: Login, tws: ScriptedTws
) -> None:
    # A later message that is shown proves that the order has been received.
    tws.send(END_OF_POSITIONS, *listed(1, order_id=1), position(700))
    await until(lambda: [row.quantity for row in login.positions().values()] == [700])
    limits_run_out()
    tws.send(*listed(2, order_id=2), position(800))
    await until(lambda: [row.quantity for row in login.positions().values()] == [800])
    tws.send(END_OF_ORDERS)
    await until(lambda: has_orders(login))
    assert set(login.orders()) == {1, 2}
    assert orders_problem(login) is None


async def test_that_the_end_of_an_earlier_list_of_orders_makes_no_order_leave(
    login: Login, tws: ScriptedTws
) -> None:
    tws.send(*listed(1))
    await give_up(lambda: tws.asked(ORDERS) > 1)
    assert orders_problem(login) is not None
    answered = await answer(
        tws,
        ORDERS,
        (*listed(2), END_OF_ORDERS),
        (*listed(1), *listed(2), END_OF_ORDERS),
        lambda: has_orders(login) and orders_problem(login) is None,
    )
    assert {key: row.status for key, row in login.orders().items()} == {1: "Submitted", 2: "Submitted"}
    await until(lambda: tws.asked(ORDERS) > answered)
    tws.send(*listed(1))
    tws.send(*listed(2), END_OF_ORDERS)
    await until(lambda: tws.asked(ORDERS) > answered + 1)
    assert {key: row.status for key, row in login.orders().items()} == {1: "Submitted", 2: "Submitted"}


async def test_that_the_end_of_an_earlier_list_of_positions_makes_no_position_leave(
    login: Login, tws: ScriptedTws
) -> None:
    tws.send(position(100, con_id=1, local_symbol="A PRA"))
    await give_up(lambda: tws.asked(POSITIONS) > 1)
    rest = (position(200, con_id=2, local_symbol="B PRA"), END_OF_POSITIONS)
    whole = (position(100, con_id=1, local_symbol="A PRA"), *rest)
    await answer(tws, POSITIONS, rest, whole, lambda: login.book.account_state(GUN).is_loaded)
    assert {symbol: row.quantity for symbol, row in login.positions().items()} == {"A PRA": 100, "B PRA": 200}
    tws.send(position(0, con_id=1, local_symbol="A PRA"), END_OF_POSITIONS)
    await until(lambda: set(login.positions()) == {"B PRA"})


# What TWS sends by itself of orders while its first list is coming.


class PatientOrders:
    """What is handed on, order id by order id."""

    def __init__(self, quiet_s: float) -> None:
        self.ids: list[int] = []
        self.lists = ListCompletion(NEVER)
        self.changes = OrderChanges(lambda trade: self.ids.append(trade.order.orderId), self.lists, quiet_s)
        self.trades = {number: Trade(order=Order(orderId=number)) for number in range(1, 4)}

    def receive(self, *numbers: int) -> None:
        for number in numbers:
            self.lists.received[ORDER_LIST] += 1
            self.changes.on_order(self.trades[number])


@pytest.fixture
async def patient() -> AsyncIterator[PatientOrders]:
    """One for whom the list never comes too late."""
    reported = PatientOrders(NEVER)
    waiting = asyncio.create_task(reported.changes.until_answered())
    yield reported
    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await waiting


async def test_that_orders_of_the_first_list_are_reported_by_it_alone(patient: PatientOrders) -> None:
    patient.receive(1, 2, 1)
    assert patient.ids == []
    patient.changes.on_list([patient.trades[1], patient.trades[2]])
    assert patient.changes.answered.is_set()
    assert patient.ids == []
    patient.receive(2, 3, 2)
    assert patient.ids == [2, 3, 2]


async def test_that_orders_received_after_the_first_list_are_reported_after_it(
    patient: PatientOrders,
) -> None:
    patient.receive(1, 2, 3)
    patient.changes.on_list([patient.trades[1], patient.trades[2]])
    assert patient.ids == [3]


async def test_that_a_long_first_list_is_read_in_turns_and_later_ones_are_not(patient: PatientOrders) -> None:
    listed = [Trade(order=Order(orderId=number)) for number in range(3 * ORDERS_A_TURN)]
    read: list[int] = []
    turns: list[int] = []
    reading = asyncio.create_task(patient.changes.read_ahead(listed, lambda t: read.append(t.order.orderId)))
    while not reading.done():
        turns.append(len(read))
        await asyncio.sleep(0)
    assert read == list(range(3 * ORDERS_A_TURN))
    assert {0, ORDERS_A_TURN, 2 * ORDERS_A_TURN} <= set(turns)
    patient.changes.on_list(listed)
    await patient.changes.read_ahead(listed, lambda t: read.append(t.order.orderId))
    assert len(read) == 3 * ORDERS_A_TURN


async def test_that_without_a_list_each_order_is_reported_once_as_it_is_now(patient: PatientOrders) -> None:
    patient.receive(1, 2, 1)
    patient.changes.on_no_list()
    assert patient.ids == [1, 2]
    patient.receive(1)
    assert patient.ids == [1, 2, 1]


async def test_that_a_list_that_stops_coming_hides_no_order() -> None:
    reported = PatientOrders(0.01)
    reported.receive(1, 2)
    waiting = asyncio.create_task(reported.changes.until_answered())
    await until(lambda: reported.ids == [1, 2])
    reported.receive(3)
    assert reported.ids == [1, 2, 3]
    assert not waiting.done()
    reported.changes.on_list([])
    await waiting
