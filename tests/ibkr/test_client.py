"""Reports of orders, message by message: the latest one counts, however often it is repeated."""

from dataclasses import dataclass, fields, replace
from typing import Any

import ib_insync
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ib_insync import Contract, ContractDetails, Execution, OrderState, Trade
from ib_insync.decoder import Decoder

from psf_monitor.domain.orders.order import DONE_STATUSES, Order
from psf_monitor.ibkr import parsing
from psf_monitor.ibkr.client import ReadOnlyIB
from psf_monitor.ibkr.orders.open_order_message import order_of
from psf_monitor.ibkr.orders.record_fields import read_fields
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.records import OrderIds, SimOrder
from psf_monitor.sim.market.scenarios import scenario
from psf_monitor.sim.tws.framing import text
from psf_monitor.sim.tws.layouts import Message
from psf_monitor.sim.tws.order_layouts import open_order, order_status
from tests.conftest import ExpectedErrors
from tests.ibkr.running_connector import ACCOUNT
from tests.support.records import GUN
from tests.support.tws_messages import greet

VERSION = 176
STATUSES = ("PreSubmitted", "Submitted", "Filled", "Cancelled")


def placed(count: int) -> list[SimOrder]:
    """Orders of hand, of another program and of our own client id, in turn."""
    market = Market(scenario("normal"), 7)
    return [
        market.place_order(ACCOUNT, "SPY", "BUY", 100, 600.0 + n, ids=OrderIds((0, 31, 1)[n % 3]))
        for n in range(count)
    ]


def read(trade: Trade) -> Order:
    """The order as the product reads it now."""
    reported = order_of(GUN, trade)
    assert reported == parsing.order(GUN, trade)
    return reported


class Received:
    """A client that receives what a TWS would send, and its result."""

    def __init__(self) -> None:
        self.ib = ReadOnlyIB()
        greet(self.ib, VERSION)
        self.emitted: list[Trade] = []
        self.unreadable: list[str] = []
        self.decoded = 0
        self.ib.openOrderEvent += self.emitted.append
        self.ib.orderStatusEvent += self.emitted.append
        self.ib.unreadableEvent += self.unreadable.append
        decode = self.ib.client.decoder.openOrder

        def count(fields: list[str]) -> None:
            self.decoded += 1
            decode(fields)  # type: ignore[no-untyped-call]

        self.ib.client.decoder.openOrder = count  # type: ignore[method-assign]

    def report(self, message: Message) -> None:
        self.ib.client.decoder.interpret([text(field) for field in message])

    def send_order(self, order: SimOrder) -> None:
        self.report(open_order(order, VERSION))

    async def listed(self, *orders: SimOrder) -> dict[int, Order]:
        """The answer to a list of these, each with its status."""
        asked = self.ib.wrapper.startReq("openOrders")
        for order in orders:
            self.send_order(order)
            self.report(order_status(order))
        self.report([53, 1])
        return {trade.order.permId: read(trade) for trade in await asked}

    def orders(self) -> dict[int, Order]:
        return {trade.order.permId: read(trade) for trade in self.ib.trades()}


async def test_that_repeated_messages_of_a_list_are_decoded_once_and_still_listed() -> None:
    received, (one, two) = Received(), placed(2)
    first = await received.listed(one, two)
    assert first.keys() == {one.perm_id, two.perm_id}
    for _ in range(3):
        assert await received.listed(one, two) == first
    assert received.decoded == 2
    known = [read(trade) for trade in received.ib.trades()]
    await received.listed(one, two)
    assert all(read(trade) is order for trade, order in zip(received.ib.trades(), known, strict=True))
    assert await received.listed(two) == {two.perm_id: first[two.perm_id]}
    assert await received.listed() == {}


async def test_that_a_list_that_did_not_end_and_comes_again_has_no_more_orders() -> None:
    received, order = Received(), replace(placed(1)[0], perm_id=0)
    received.ib.wrapper.startReq("openOrders")
    received.send_order(order)
    listed = await received.listed(order)
    assert list(listed) == [0]
    assert len(received.ib.trades()) == 1


async def test_that_every_term_of_an_order_reported_with_one_field_changed_is_taken() -> None:
    received, (order,) = Received(), placed(1)
    await received.listed(order)
    amended = replace(order, quantity=250, limit_price=601.25, tif="GTC", order_type="LMT", remaining=250)
    (now,) = (await received.listed(amended)).values()
    assert (now.quantity, now.limit_price, now.tif, now.remaining) == (250, 601.25, "GTC", 250)
    (back,) = (await received.listed(order)).values()
    assert (back.quantity, back.limit_price, back.tif) == (100, 600.0, "DAY")


async def test_that_an_amendment_reverted_between_two_lists_is_shown_as_reverted() -> None:
    received, (order,) = Received(), placed(1)
    await received.listed(order)
    received.send_order(replace(order, limit_price=605.0))
    assert received.orders()[order.perm_id].limit_price == 605.0
    assert (await received.listed(order))[order.perm_id].limit_price == 600.0
    received.report(order_status(replace(order, filled=10, remaining=90)))
    assert received.orders()[order.perm_id].limit_price == 600.0


async def test_that_an_equal_message_is_reported_again_when_it_comes_unrequested() -> None:
    received, (order,) = Received(), placed(1)
    await received.listed(order)
    received.emitted.clear()
    received.send_order(order)
    assert [trade.order.permId for trade in received.emitted] == [order.perm_id]


async def test_that_an_equal_status_message_is_still_the_latest_status() -> None:
    received, (order,) = Received(), placed(1)
    await received.listed(order)
    received.report(order_status(replace(order, status="Cancelled")))
    assert received.orders()[order.perm_id].status == "Cancelled"
    for _ in range(2):
        await received.listed(order)
    assert received.orders()[order.perm_id].status == order.status
    received.report(order_status(replace(order, status="Cancelled")))
    assert received.orders()[order.perm_id].status == "Cancelled"


async def test_that_a_status_with_nothing_new_is_reported_to_nobody() -> None:
    received, (order,) = Received(), placed(1)
    await received.listed(order)
    received.emitted.clear()
    received.report(order_status(order))
    assert received.emitted == []
    received.report(order_status(replace(order, filled=40, remaining=60)))
    assert [read(trade).filled for trade in received.emitted] == [40]


async def test_that_a_question_about_margin_is_no_order() -> None:
    received, (order,) = Received(), placed(1)
    message = open_order(order, VERSION)
    what_if = len(message) - message[::-1].index(order.status) - 2
    message[what_if] = 1
    received.report(message)
    assert (received.decoded, received.orders(), received.emitted, received.unreadable) == (1, {}, [], [])


@pytest.mark.parametrize("field", ["tif", "account"])
async def test_that_a_question_mark_is_a_missing_text(field: str) -> None:
    received, (order,) = Received(), placed(1)
    received.send_order(replace(order, **{field: "?"}))  # type: ignore[arg-type]
    assert getattr(received.orders()[order.perm_id], field) == ""


async def test_that_repeated_texts_that_cannot_be_read_are_counted_every_time(
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    received, (order,) = Received(), placed(1)
    broken = [*open_order(order, VERSION)]
    # Its contract and its account are none: the fields are not in their places.
    broken[2] = broken[20] = "many"
    for _ in range(2):
        received.report(broken)
    assert received.unreadable == ["open order", "open order"]


async def test_that_ids_of_requests_stay_above_those_of_orders() -> None:
    received, (order,) = Received(), placed(1)
    for _ in range(2):
        await received.listed(replace(order, order_id=70))
    assert received.ib.client.getReqId() == 71


@dataclass(frozen=True)
class Step:
    """What TWS sends: ``kind`` of the order ``number`` in its state then; a list holds all sent so far."""

    kind: str
    number: int
    limit: float
    status: str
    filled: float


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(["order", "status", "list", "list"]),
        st.integers(0, 2),
        st.sampled_from([600.0, 600.5]),
        st.sampled_from(STATUSES),
        st.sampled_from([0.0, 40.0]),
    ),
    max_size=25,
)


State = tuple[str, float | None]


def newer(before: State, status: str, filled: float | None) -> State:
    """Return the status and the filled quantity after a report of these, which may be older."""
    known, filled_before = before
    is_less = filled is not None and filled < (filled_before or 0.0)
    is_open_again = known in DONE_STATUSES and status not in DONE_STATUSES
    if is_open_again or (is_less and known == "Filled" != status):
        return before
    return status, filled_before if is_less or filled is None else filled


@given(STEPS)
@settings(deadline=None)
async def test_that_whatever_is_repeated_the_latest_message_of_each_order_counts(steps: list[Step]) -> None:
    """No order that has ended is open again, and none has filled less, unless two lists say so."""
    received, orders = Received(), placed(3)
    truth: dict[int, tuple[float | None, State]] = {}
    doubted: set[int] = set()
    for step in steps:
        order = orders[step.number]
        _, before = truth.get(order.perm_id, (None, ("", None)))
        if step.kind == "list":
            known = [order for order in orders if order.perm_id in truth]
            listed = await received.listed(*known)
            doubted_now = set()
            for each in known:
                reported = each.status, each.filled
                of_order = newer(truth[each.perm_id][1], each.status, None)
                of_list = newer(of_order, *reported)
                if of_list != reported:
                    doubted_now.add(each.perm_id)
                    of_list = reported if each.perm_id in doubted else of_list
                truth[each.perm_id] = each.limit_price, of_list
            doubted = doubted_now
            assert listed.keys() == truth.keys()
            assert listed == received.orders()
        elif step.kind == "order":
            order.limit_price, order.status = step.limit, step.status
            received.send_order(order)
            truth[order.perm_id] = step.limit, newer(before, step.status, None)
        elif order.perm_id in truth:
            order.status, order.filled, order.remaining = step.status, step.filled, 100 - step.filled
            received.report(order_status(order))
            truth[order.perm_id] = truth[order.perm_id][0], newer(before, step.status, step.filled)
        assert {
            key: (now.limit_price, (now.status, now.filled)) for key, now in received.orders().items()
        } == truth


RECORDS = (ib_insync.Order, Contract, OrderState, Execution, ContractDetails, ib_insync.OrderStatus)
VALUES = st.sampled_from(["", "0", "1", "7", "2147483647"]) | st.integers(-5, 10**6).map(str)

FLAGS = st.sampled_from(["", "0", "1"])


@given(st.sampled_from(RECORDS), st.data())
def test_that_the_fields_of_a_record_are_read_as_ib_insync_reads_them(kind: Any, data: st.DataObject) -> None:
    types = {field.name: type(field.default) for field in fields(kind)}
    names = [name for name, of in types.items() if of in (str, int, float, bool)]
    reported = {
        name: data.draw(FLAGS if types[name] is bool else VALUES)
        for name in data.draw(st.sets(st.sampled_from(names)))
    }
    theirs, ours = kind(**reported), kind(**reported)
    Decoder(ReadOnlyIB().wrapper, VERSION).parse(theirs)
    read_fields(ours)
    assert vars(ours) == vars(theirs)
    assert [type(each) for each in vars(ours).values()] == [type(each) for each in vars(theirs).values()]
